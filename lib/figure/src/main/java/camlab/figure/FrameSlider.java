package camlab.figure;

import camlab.figure.Panels.Tile;
import camlab.picture.Picture;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * Pictures one behind the other, with a slider that goes through them: a map at layer after layer,
 * or step after step. The still picture has them side by side.
 *
 * <pre>{@code
 * new FrameSlider("Grad-CAM · cat 9.67", "layer",
 *     List.of(Tile.of(first, "features.1"), Tile.of(last, "features.11")),
 *     new ColorBar(Overlay.DEFAULT, "own min", "own max"))
 * }</pre>
 *
 * @param title what stands above it
 * @param axis what the slider goes through, such as "layer"
 * @param frames the pictures and what they are called, in order; of one size
 * @param colorBar the colours of the maps in them
 */
public record FrameSlider(String title, String axis, List<Tile> frames, ColorBar colorBar)
    implements Interactive {

  private static final int COLUMNS = 4;
  private static final int TILE = 128;

  /**
   * Checks the frames.
   *
   * @param title what stands above it
   * @param axis what the slider goes through, such as "layer"
   * @param frames the pictures and what they are called, in order
   * @param colorBar the colours of the maps in them
   * @throws IllegalArgumentException if there are less than two, one is empty, or they differ in
   *     size
   */
  public FrameSlider {
    Objects.requireNonNull(title, "title");
    Objects.requireNonNull(axis, "axis");
    Objects.requireNonNull(colorBar, "colorBar");
    frames = List.copyOf(frames);
    if (frames.size() < 2) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "A slider goes through at least 2 frames, found %d.", frames.size()));
    }
    for (Tile frame : frames) {
      requireSize(frame, pictureOf(frames.get(0)));
    }
  }

  private static Picture pictureOf(Tile frame) {
    return frame
        .picture()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "Every frame has a picture, but \"%s\" has none.".formatted(frame.title())));
  }

  private static void requireSize(Tile frame, Picture first) {
    Picture picture = pictureOf(frame);
    if (picture.width() != first.width() || picture.height() != first.height()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "The frames of a slider are of one size: the first has %d×%d pixels, \"%s\" has"
                  + " %d×%d.",
              first.width(),
              first.height(),
              frame.title(),
              picture.width(),
              picture.height()));
    }
  }

  @Override
  public Picture still() {
    Panels panels = Panels.ofWidth(TILE).title(title);
    for (int from = 0; from < frames.size(); from += COLUMNS) {
      panels.row("", frames.subList(from, Math.min(from + COLUMNS, frames.size())));
    }
    return panels.colorBar(colorBar).draw();
  }

  @Override
  public String html() {
    List<Picture> shown =
        frames.stream().map(frame -> Shown.atMost(SliderPage.LARGEST, pictureOf(frame))).toList();
    List<String> pictures = shown.stream().map(DataUri::of).toList();
    List<String> readings = frames.stream().map(Tile::title).toList();
    int width = shown.get(0).width();
    return SliderPage.html(
        this, new SliderPage.Parts(title, axis, "frames", width, pictures, readings, 0), colorBar);
  }
}
