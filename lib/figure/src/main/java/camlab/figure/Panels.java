package camlab.figure;

import camlab.heatmap.Heatmap;
import camlab.heatmap.Provenance;
import camlab.picture.Picture;
import java.awt.Font;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * Pictures side by side in rows and columns, with headings, titles and one colour bar: the figure
 * that compares methods, classes and pictures.
 *
 * <pre>{@code
 * Panels.create()
 *     .columns("picture", "Grad-CAM, cat", "Grad-CAM, dog")
 *     .row("both", Tile.of(picture), Tile.of(cat, "cat 7.31"), Tile.of(dog, "dog 5.02"))
 *     .colorBar(ColorMap.PLASMA, "lowest", "highest")
 *     .draw()
 * }</pre>
 */
public final class Panels {

  /**
   * A picture with a title.
   *
   * @param picture the picture, none for an empty place; of a large one a copy of at most 1600
   *     pixels a side is kept, so that a gallery of photographs fits into memory
   * @param title a line or two above it, possibly empty
   */
  public record Tile(Optional<Picture> picture, String title) {

    private static final int LARGEST = 1600;

    /**
     * Requires both.
     *
     * @param picture the picture, none for an empty place
     * @param title a line or two above it, possibly empty
     */
    public Tile {
      Objects.requireNonNull(picture, "picture");
      Objects.requireNonNull(title, "title");
      picture = picture.map(large -> Shown.atMost(LARGEST, large));
    }

    /**
     * {@return a picture without a title}
     *
     * @param picture the picture
     */
    public static Tile of(Picture picture) {
      return of(picture, "");
    }

    /**
     * {@return a picture with a title}
     *
     * @param picture the picture
     * @param title what stands above it
     */
    public static Tile of(Picture picture, String title) {
      return new Tile(Optional.of(picture), title);
    }

    /**
     * {@return a map laid over a picture, {@linkplain Overlay#of scaled by its own range}; its
     * class and score above it, such as "cat 9.67"}
     *
     * @param picture the picture that the map explains, or what the network saw of it
     * @param map the map
     */
    public static Tile of(Picture picture, Heatmap map) {
      return of(Overlay.of(picture, map), title(map));
    }

    /**
     * {@return a map laid over a picture on a given scale, so that several tiles can be compared;
     * its class and score above it}
     *
     * @param picture the picture that the map explains, or what the network saw of it
     * @param map the map
     * @param range the values that take the first and the last colour
     */
    public static Tile of(Picture picture, Heatmap map, Range range) {
      return of(Overlay.DEFAULT.draw(picture, map, range), title(map));
    }

    /** A map of no class and no score says how it was made. */
    private static String title(Heatmap map) {
      Provenance from = map.provenance();
      String score =
          Double.isNaN(from.score())
              ? ""
              : Numbers.minus(String.format(Locale.ROOT, "%.2f", from.score()));
      String title = (from.target() + " " + score).strip();
      return title.isEmpty() ? from.method() : title;
    }

    /**
     * {@return a small map to be read cell by cell: every value a square with its number in it} The
     * squares are 34 pixels wide: in a gallery as wide as 34 times its columns they stay sharp.
     *
     * @param map the map
     * @param colors the colours
     * @param range the values of the first and the last colour
     */
    public static Tile numbers(Heatmap map, ColorMap colors, Range range) {
      return of(CellNumbers.of(map).picture(map, colors, range), title(map));
    }

    /**
     * {@return a grid of maps, without its own title and legend, which a gallery has for all its
     * tiles}
     *
     * @param grid the grid
     * @param title what stands above it
     */
    public static Tile of(ChannelGrid grid, String title) {
      return of(grid.tiles(), title);
    }

    /**
     * {@return this tile with another title}
     *
     * @param other the title
     */
    public Tile titled(String other) {
      return new Tile(picture, other);
    }

    /** {@return an empty place} */
    public static Tile empty() {
      return new Tile(Optional.empty(), "");
    }
  }

  private record Row(String label, List<Tile> tiles) {}

  private static final Font HEADING = Canvas.bold(13);
  private static final Font LABEL = Canvas.plain(12);
  private static final int MARGIN = 16;
  private static final int GAP = 12;
  private static final int LABEL_WIDTH = 130;

  /** A tile of a gallery without a width of its own, if there are few columns. */
  private static final int TILE_WIDTH = 200;

  /** What such a gallery takes at most: with more columns the tiles are smaller. */
  private static final int WIDTH = 940;

  private static final int SMALLEST = 16;

  private final boolean fitting;
  private int tileWidth;
  private final List<Row> rows = new ArrayList<>();
  private List<String> headings = List.of();
  private String title = "";
  private Legend legend = new Legend(Optional.empty(), "", "", "");
  private int resolution = 1;

  private Panels(int tileWidth, boolean fitting) {
    this.tileWidth = tileWidth;
    this.fitting = fitting;
  }

  /**
   * {@return an empty gallery whose pictures are 200 pixels wide, or less where that many columns
   * would not fit into 940 pixels}
   */
  public static Panels create() {
    return new Panels(TILE_WIDTH, true);
  }

  /**
   * {@return an empty gallery whose pictures have another width}
   *
   * @param tileWidth width of every picture in pixels, such as 200; heights follow the pictures
   */
  public static Panels ofWidth(int tileWidth) {
    if (tileWidth < SMALLEST) {
      throw new IllegalArgumentException(
          "Tiles are at least " + SMALLEST + " pixels wide, found " + tileWidth + ".");
    }
    return new Panels(Canvas.length(tileWidth), false);
  }

  /**
   * Headings above the columns.
   *
   * @param newHeadings the headings, from left to right
   * @return this gallery
   */
  public Panels columns(String... newHeadings) {
    headings = List.of(newHeadings);
    return this;
  }

  /**
   * Headings above the columns.
   *
   * @param newHeadings the headings, from left to right
   * @return this gallery
   */
  public Panels columns(List<String> newHeadings) {
    headings = List.copyOf(newHeadings);
    return this;
  }

  /**
   * A row of a picture and maps laid over it, each on its own scale, with its class and score above
   * it ({@link Tile#of(Picture, Heatmap)}).
   *
   * @param label the label at the left, possibly empty
   * @param picture the picture that the maps explain
   * @param maps the maps, from left to right
   * @return this gallery
   */
  public Panels row(String label, Picture picture, List<Heatmap> maps) {
    List<Tile> tiles = new ArrayList<>(List.of(Tile.of(picture)));
    maps.forEach(map -> tiles.add(Tile.of(picture, map)));
    return row(label, tiles);
  }

  /**
   * A row without a label.
   *
   * @param tiles the tiles, from left to right
   * @return this gallery
   */
  public Panels row(Tile... tiles) {
    return row("", tiles);
  }

  /**
   * A row with a label at its left.
   *
   * @param label the label
   * @param tiles the tiles, from left to right
   * @return this gallery
   */
  public Panels row(String label, Tile... tiles) {
    return row(label, List.of(tiles));
  }

  /**
   * A row with a label at its left, possibly empty.
   *
   * @param label the label
   * @param tiles the tiles, from left to right
   * @return this gallery
   */
  public Panels row(String label, List<Tile> tiles) {
    if (tiles.isEmpty()) {
      throw new IllegalArgumentException("A row has at least one tile, found none.");
    }
    rows.add(new Row(Objects.requireNonNull(label, "label"), List.copyOf(tiles)));
    return this;
  }

  /**
   * Rows without labels, each with as many tiles as there are columns, the last one with what is
   * left.
   *
   * @param columns tiles in a row, at least 1
   * @param tiles the tiles, row by row
   * @return this gallery
   */
  public Panels rows(int columns, List<Tile> tiles) {
    if (columns < 1) {
      throw new IllegalArgumentException("A row has at least one tile, found " + columns + ".");
    }
    for (int first = 0; first < tiles.size(); first += columns) {
      row("", tiles.subList(first, Math.min(first + columns, tiles.size())));
    }
    return this;
  }

  /**
   * A title above everything.
   *
   * @param newTitle the title
   * @return this gallery
   */
  public Panels title(String newTitle) {
    title = Objects.requireNonNull(newTitle, "title");
    return this;
  }

  /**
   * A colour bar below the pictures, from a low to a high end; both are text, numbers or words.
   *
   * @param colors the colours
   * @param low the lower end
   * @param high the upper end
   * @return this gallery
   */
  public Panels colorBar(ColorMap colors, String low, String high) {
    return colorBar(new ColorBar(colors, low, high));
  }

  /**
   * A colour bar for maps that lie over pictures: its colours are as strong as the overlay's, and
   * where that leaves the picture as it is, the bar leaves the paper white.
   *
   * @param overlay how the maps were laid over the pictures
   * @param low the lower end
   * @param high the upper end
   * @return this gallery
   */
  public Panels colorBar(Overlay overlay, String low, String high) {
    return colorBar(new ColorBar(overlay, low, high));
  }

  /** A colour bar below the pictures. */
  Panels colorBar(ColorBar bar) {
    legend = new Legend(Optional.of(bar.colors()), bar.low(), bar.high(), legend.caption());
    return this;
  }

  /**
   * A colour bar for maps that lie over pictures, with the numbers of a range.
   *
   * @param overlay how the maps were laid over the pictures
   * @param range the numbers at its ends
   * @return this gallery
   */
  public Panels colorBar(Overlay overlay, Range range) {
    return colorBar(overlay, Numbers.brief(range.low()), Numbers.brief(range.high()));
  }

  /**
   * A colour bar below the pictures with the numbers of a range.
   *
   * @param colors the colours
   * @param range the numbers at its ends
   * @return this gallery
   */
  public Panels colorBar(ColorMap colors, Range range) {
    return colorBar(colors, Numbers.brief(range.low()), Numbers.brief(range.high()));
  }

  /**
   * Words below the pictures.
   *
   * @param caption the caption
   * @return this gallery
   */
  public Panels caption(String caption) {
    Objects.requireNonNull(caption, "caption");
    legend = new Legend(legend.colors(), legend.low(), legend.high(), caption);
    return this;
  }

  /**
   * Pixels per unit of length: 2 draws all of it twice as large, for high-resolution screens.
   *
   * @param newResolution pixels per unit of length
   * @return this gallery
   */
  public Panels resolution(int newResolution) {
    if (newResolution < 1) {
      throw new IllegalArgumentException(
          "The resolution is at least 1, found " + newResolution + ".");
    }
    resolution = newResolution;
    return this;
  }

  /**
   * Draws the gallery.
   *
   * @return the picture of the gallery
   * @throws IllegalStateException if it has no row
   */
  public Picture draw() {
    if (rows.isEmpty()) {
      throw new IllegalStateException("A gallery needs at least one row: call row(…) first.");
    }
    int labelWidth = labelWidth();
    int columns =
        Math.max(headings.size(), rows.stream().mapToInt(r -> r.tiles.size()).max().orElse(0));
    if (fitting) {
      int room = WIDTH - 2 * MARGIN - labelWidth + GAP;
      tileWidth = Math.max(SMALLEST, Math.min(room / columns - GAP, TILE_WIDTH));
    }
    int inner = Canvas.length(labelWidth + (long) columns * (tileWidth + GAP) - GAP);
    int top = MARGIN + (title.isEmpty() ? 0 : Canvas.lineHeight(Canvas.TITLE) + 8);
    int firstRow = top + headingHeight();
    int below = firstRow;
    for (Row row : rows) {
      below += rowHeight(row) + GAP;
    }
    int height = below + legend.height(inner) + (legend.isEmpty() ? MARGIN - GAP : MARGIN);
    try (Canvas canvas = new Canvas(inner + 2 * MARGIN, height, resolution)) {
      if (!title.isEmpty()) {
        canvas.text(
            Canvas.fit(title, Canvas.TITLE, inner), MARGIN, MARGIN, Canvas.TITLE, Canvas.INK);
      }
      int left = MARGIN + labelWidth;
      for (int i = 0; i < headings.size(); i++) {
        List<String> lines = Canvas.wrap(headings.get(i), HEADING, tileWidth);
        int down = headingHeight() - 4 - lines.size() * Canvas.lineHeight(HEADING);
        int x = left + i * (tileWidth + GAP);
        canvas.centred(lines, x, top + down, tileWidth, HEADING, Canvas.INK);
      }
      int y = firstRow;
      for (Row row : rows) {
        draw(canvas, row, left, y);
        y += rowHeight(row) + GAP;
      }
      legend.draw(canvas, left, below, inner - labelWidth);
      return canvas.finish();
    }
  }

  private void draw(Canvas canvas, Row row, int left, int top) {
    int titleHeight = titleHeight(row);
    int boxHeight = pictureHeight(row);
    List<String> label = Canvas.wrap(row.label, HEADING, LABEL_WIDTH);
    int y = top + titleHeight + (boxHeight - label.size() * Canvas.lineHeight(HEADING)) / 2;
    canvas.lines(label, MARGIN, y, HEADING, Canvas.INK);
    int x = left;
    for (Tile tile : row.tiles) {
      List<String> lines = Canvas.wrap(tile.title, LABEL, tileWidth);
      int down = titleHeight - 4 - lines.size() * Canvas.lineHeight(LABEL);
      canvas.centred(lines, x, top + down, tileWidth, LABEL, Canvas.MUTED);
      if (tile.picture.isPresent()) {
        Picture picture = tile.picture.get();
        int height = height(picture);
        canvas.picture(picture, x, top + titleHeight + (boxHeight - height) / 2, tileWidth, height);
      }
      x += tileWidth + GAP;
    }
  }

  private int labelWidth() {
    int widest = 0;
    for (Row row : rows) {
      for (String line : Canvas.wrap(row.label, HEADING, LABEL_WIDTH)) {
        widest = Math.max(widest, Canvas.textWidth(line, HEADING) + GAP);
      }
    }
    return widest;
  }

  private int headingHeight() {
    int lines = 0;
    for (String heading : headings) {
      lines = Math.max(lines, Canvas.wrap(heading, HEADING, tileWidth).size());
    }
    return lines == 0 ? 0 : lines * Canvas.lineHeight(HEADING) + 4;
  }

  private int titleHeight(Row row) {
    int lines = 0;
    for (Tile tile : row.tiles) {
      lines = Math.max(lines, Canvas.wrap(tile.title, LABEL, tileWidth).size());
    }
    return lines == 0 ? 0 : lines * Canvas.lineHeight(LABEL) + 4;
  }

  private int height(Picture picture) {
    return Math.max(1, Math.round((float) tileWidth * picture.height() / picture.width()));
  }

  private int pictureHeight(Row row) {
    return row.tiles.stream()
        .flatMap(tile -> tile.picture.stream())
        .mapToInt(this::height)
        .max()
        .orElse(0);
  }

  private int rowHeight(Row row) {
    return titleHeight(row) + pictureHeight(row);
  }
}
