package camlab.figure;

import camlab.heatmap.ChannelMaps;
import camlab.heatmap.Heatmap;
import camlab.heatmap.Position;
import camlab.picture.Picture;
import java.awt.Rectangle;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.DoubleToIntFunction;

/**
 * Hundreds of small maps as one picture: channel 0 top left, then row by row.
 *
 * <p>Say what differs from the defaults, then draw: {@code
 * ChannelGrid.of(maps).scale(Scale.PER_CHANNEL).zoom(4).draw()}. Without a picture every value is a
 * square of pixels and nothing is smoothed; {@link #over} lays each map over a small copy of a
 * picture instead.
 */
public final class ChannelGrid {

  /** How values become colours. */
  public enum Scale {
    /** One range for all channels: they can be compared, and weak ones stay dark. */
    SHARED,
    /** Each channel by its own smallest and largest value: every pattern shows, however weak. */
    PER_CHANNEL
  }

  private static final int MARGIN = 16;
  private static final int FRAME = 3;

  private final ChannelMaps maps;
  private final SortedSet<Integer> highlighted = new TreeSet<>();
  private Scale scale = Scale.SHARED;
  private Range range;
  private ColorMap colors = Overlay.DEFAULT.colors();
  private double opacity = Overlay.DEFAULT.opacity();
  private int columns;
  private int tileWidth;
  private int tileHeight;
  private int gap = 3;
  private int resolution = 1;
  private Picture picture;
  private String title = "";
  private String caption = "";

  private ChannelGrid(ChannelMaps maps) {
    this.maps = maps;
    columns = (int) Math.ceil(Math.sqrt(maps.channels()));
    int zoom = Math.max(1, 40 / Math.max(maps.width(), maps.height()));
    tileWidth = zoom * maps.width();
    tileHeight = zoom * maps.height();
  }

  /**
   * {@return a grid as square as possible (256 channels: 16×16) in plasma, on one scale for all
   * channels, with tiles of about 40 pixels}
   *
   * @param maps the maps
   */
  public static ChannelGrid of(ChannelMaps maps) {
    return new ChannelGrid(Objects.requireNonNull(maps, "maps"));
  }

  /**
   * How values become colours; {@link Scale#SHARED} unless told.
   *
   * @param newScale whether the channels share a scale
   * @return this grid
   */
  public ChannelGrid scale(Scale newScale) {
    scale = Objects.requireNonNull(newScale, "scale");
    return this;
  }

  /**
   * A shared scale from outside, so that the grids of several pictures can be compared.
   *
   * @param newRange the values that take the first and the last colour
   * @return this grid
   */
  public ChannelGrid range(Range newRange) {
    range = Objects.requireNonNull(newRange, "range");
    scale = Scale.SHARED;
    return this;
  }

  /**
   * The colours; plasma unless told, as in overlays.
   *
   * @param newColors the colours
   * @return this grid
   */
  public ChannelGrid colors(ColorMap newColors) {
    colors = Objects.requireNonNull(newColors, "colors");
    return this;
  }

  /**
   * Pixels per value, at least 1; about 40 per tile unless told.
   *
   * @param zoom the side of a value in pixels
   * @return this grid
   */
  public ChannelGrid zoom(int zoom) {
    requireAtLeast(1, zoom, "Zoom");
    int width = Canvas.length((long) zoom * maps.width());
    tileHeight = Canvas.length((long) zoom * maps.height());
    tileWidth = width;
    return this;
  }

  /**
   * Tiles per row, at least 1.
   *
   * @param newColumns how many tiles a row has
   * @return this grid
   */
  public ChannelGrid columns(int newColumns) {
    requireAtLeast(1, newColumns, "The number of columns");
    columns = newColumns;
    return this;
  }

  /**
   * White pixels between tiles, at least 0; 3 unless told.
   *
   * @param newGap the gap in pixels
   * @return this grid
   */
  public ChannelGrid gap(int newGap) {
    requireAtLeast(0, newGap, "The gap");
    gap = Canvas.length(newGap);
    return this;
  }

  /**
   * Lays every map over a small copy of a picture, with the {@linkplain Overlay overlay's} formula.
   *
   * @param newPicture the picture that the maps explain, or what the network saw of it
   * @param tile width of a tile in pixels, such as 64; its height follows the picture
   * @return this grid
   * @throws IllegalArgumentException if the picture has another size than both
   */
  public ChannelGrid over(Picture newPicture, int tile) {
    requireAtLeast(1, tile, "The tile's width");
    Objects.requireNonNull(newPicture, "picture");
    Overlay.placed(newPicture, maps.channel(0)); // which checks its size
    int height = Math.max(1, Math.round((float) tile * newPicture.height() / newPicture.width()));
    tileHeight = Canvas.length(height);
    tileWidth = Canvas.length(tile);
    picture = newPicture;
    return this;
  }

  /**
   * How strong the colours over a picture are at the peak, 0 to 1.
   *
   * @param newOpacity the opacity at the peak
   * @return this grid
   */
  public ChannelGrid opacity(double newOpacity) {
    opacity = new Overlay(colors, newOpacity).opacity(); // which checks it
    return this;
  }

  /**
   * Frames some channels.
   *
   * @param channels the channels, from 0
   * @return this grid
   */
  public ChannelGrid highlight(int... channels) {
    for (int channel : channels) {
      if (channel < 0 || channel >= maps.channels()) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT, "Channels go from 0 to %d, found %d.", maps.channels() - 1, channel));
      }
      highlighted.add(channel);
    }
    return this;
  }

  /**
   * A title above the grid.
   *
   * @param newTitle the title
   * @return this grid
   */
  public ChannelGrid title(String newTitle) {
    title = Objects.requireNonNull(newTitle, "title");
    return this;
  }

  /**
   * What stands below the grid, instead of the layer, its shape and the scale.
   *
   * @param newCaption the caption
   * @return this grid
   */
  public ChannelGrid caption(String newCaption) {
    caption = Objects.requireNonNull(newCaption, "caption");
    return this;
  }

  /**
   * Pixels per unit of length: 2 draws all of it twice as large, for high-resolution screens.
   *
   * @param newResolution pixels per unit of length
   * @return this grid
   */
  public ChannelGrid resolution(int newResolution) {
    requireAtLeast(1, newResolution, "The resolution");
    resolution = newResolution;
    return this;
  }

  private static void requireAtLeast(int least, int found, String what) {
    if (found < least) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "%s is at least %d, found %d.", what, least, found));
    }
  }

  /**
   * {@return where a channel's tile lies in the drawn picture, in its pixels}
   *
   * @param channel k, from 0
   */
  public Rectangle tile(int channel) {
    Rectangle tile =
        place(Position.requireIndex("channel", channel, maps.channels()), MARGIN, top());
    return new Rectangle(
        tile.x * resolution,
        tile.y * resolution,
        tile.width * resolution,
        tile.height * resolution);
  }

  private Rectangle place(int channel, int left, int top) {
    return new Rectangle(
        left + channel % columns * (tileWidth + gap),
        top + channel / columns * (tileHeight + gap),
        tileWidth,
        tileHeight);
  }

  private int top() {
    return MARGIN + (title.isEmpty() ? 0 : Canvas.lineHeight(Canvas.TITLE) + 8);
  }

  /**
   * Draws the grid.
   *
   * @return the picture of the grid
   */
  public Picture draw() {
    Legend legend = legend(shared());
    int inner = innerWidth();
    int below = top() + innerHeight() + 10;
    int height = below + legend.height(inner) + MARGIN;
    try (Canvas canvas = new Canvas(inner + 2 * MARGIN, height, resolution)) {
      if (!title.isEmpty()) {
        canvas.text(
            Canvas.fit(title, Canvas.TITLE, inner), MARGIN, MARGIN, Canvas.TITLE, Canvas.INK);
      }
      drawTiles(canvas, MARGIN, top());
      legend.draw(canvas, MARGIN, below, inner);
      return canvas.finish();
    }
  }

  /** The tiles alone, without margin, title and legend. */
  Picture tiles() {
    try (Canvas canvas = new Canvas(innerWidth(), innerHeight(), resolution)) {
      drawTiles(canvas, 0, 0);
      return canvas.finish();
    }
  }

  private void drawTiles(Canvas canvas, int left, int top) {
    Range shared = shared();
    Picture small =
        picture == null ? null : picture.resized(tileWidth * resolution, tileHeight * resolution);
    for (int channel = 0; channel < maps.channels(); channel++) {
      Heatmap map = maps.channel(channel);
      Range own = scale == Scale.SHARED ? shared : Range.of(map, colors);
      Picture tile =
          small == null
              ? colors.paint(map, own, 1)
              : new Overlay(colors, opacity).draw(small, Overlay.placed(picture, map, small), own);
      Rectangle at = place(channel, left, top);
      canvas.picture(tile, at.x, at.y, at.width, at.height);
    }
    // Last: a frame lies in the gap, or over the neighbours where there is none.
    for (int channel : highlighted) {
      Rectangle at = place(channel, left, top);
      canvas.frame(at.x, at.y, at.width, at.height, FRAME, Canvas.ACCENT);
    }
  }

  private Range shared() {
    return range == null ? Range.of(maps, colors) : range;
  }

  private int innerWidth() {
    return Canvas.length((long) columns * (tileWidth + gap) - gap);
  }

  private int innerHeight() {
    int rows = (maps.channels() - 1) / columns + 1;
    return Canvas.length((long) rows * (tileHeight + gap) - gap);
  }

  private Legend legend(Range shared) {
    String what =
        caption.isEmpty()
            ? String.format(
                Locale.ROOT,
                "%s · %d channels of %d×%d · %s",
                maps.layer(),
                maps.channels(),
                maps.height(),
                maps.width(),
                scale == Scale.SHARED ? "one scale" : "each on its own scale")
            : caption;
    if (picture != null && Unseen.isIn(picture, Overlay.placed(picture, maps.channel(0)))) {
      what += " · " + Unseen.CAPTION;
    }
    Overlay overlay = new Overlay(colors, opacity);
    DoubleToIntFunction bar =
        picture == null ? colors::rgb : value -> overlay.blended(Canvas.PAPER, value);
    return scale == Scale.SHARED
        ? new Legend(
            Optional.of(bar), Numbers.brief(shared.low()), Numbers.brief(shared.high()), what)
        : new Legend(
            Optional.of(bar), colors.signed() ? "\u2212own max" : "own min", "own max", what);
  }
}
