package camlab.figure;

import camlab.figure.Panels.Tile;
import camlab.heatmap.Heatmap;
import camlab.heatmap.Placed;
import camlab.picture.Picture;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * A map over a picture, with a slider for how much of the colours there is at the peak. What it
 * shows at any place of the slider is the {@link Overlay} of that opacity.
 *
 * @param title what stands above it
 * @param picture the picture that the map explains, or what the network saw of it
 * @param map the map
 * @param colors the colours
 * @param range the values of the first and the last colour
 */
public record OpacitySlider(
    String title, Picture picture, Heatmap map, ColorMap colors, Range range)
    implements Interactive {

  private static final int STEP = 5; // per cent
  private static final int TILE = 224;

  /**
   * Brings the map to the picture.
   *
   * @param title what stands above it
   * @param picture the picture that the map explains, or what the network saw of it
   * @param map the map
   * @param colors the colours
   * @param range the values of the first and the last colour
   * @throws IllegalArgumentException if the picture has neither the size of the one that the map
   *     explains nor that of the network's view
   */
  public OpacitySlider {
    Objects.requireNonNull(title, "title");
    Objects.requireNonNull(colors, "colors");
    Objects.requireNonNull(range, "range");
    Overlay.placed(picture, map);
  }

  /**
   * {@return a map over a picture in the default overlay's colours, on its own range}
   *
   * @param title what stands above it
   * @param picture the picture
   * @param map the map
   */
  public static OpacitySlider of(String title, Picture picture, Heatmap map) {
    ColorMap colors = Overlay.DEFAULT.colors();
    Range range = Range.of(Overlay.placed(picture, map).map(), colors);
    return new OpacitySlider(title, picture, map, colors, range);
  }

  private static int start() {
    return (int) Math.round(100 * Overlay.DEFAULT.opacity() / STEP);
  }

  private static List<String> readings() {
    return IntStream.rangeClosed(0, 100 / STEP).mapToObj(i -> i * STEP + " %").toList();
  }

  /** The picture, the overlay at its usual opacity, and at full opacity. */
  @Override
  public Picture still() {
    Placed placed = Overlay.placed(picture, map);
    Picture usual = new Overlay(colors, Overlay.DEFAULT.opacity()).draw(picture, placed, range);
    Picture full = new Overlay(colors, 1).draw(picture, placed, range);
    String caption = "opacity at the peak";
    return Panels.ofWidth(TILE)
        .title(title)
        .columns("0 %", readings().get(start()), "100 %")
        .row(Tile.of(Unseen.paled(picture, placed)), Tile.of(usual), Tile.of(full))
        .colorBar(colors, range)
        .caption(Unseen.isIn(picture, placed) ? caption + " · " + Unseen.CAPTION : caption)
        .draw();
  }

  @Override
  public String html() {
    Picture shown = Shown.atMost(SliderPage.LARGEST, picture);
    Placed placed = Overlay.placed(picture, map, shown);
    String below = DataUri.of(Unseen.paled(shown, placed));
    String above =
        DataUri.png(new Overlay(colors, 1).layer(shown.width(), shown.height(), placed, range));
    return SliderPage.html(
        this,
        new SliderPage.Parts(
            title, "opacity", "opacity", shown.width(), List.of(below, above), readings(), start()),
        new ColorBar(colors, range));
  }
}
