package camlab.figure;

import camlab.heatmap.Heatmap;
import camlab.heatmap.Placed;
import camlab.heatmap.Region;
import camlab.picture.Picture;
import java.awt.image.BufferedImage;
import java.util.Objects;

/**
 * Lays a heatmap over a picture: over the original one, or over the network's view of it.
 *
 * <p>A network sees the middle of most pictures only, and a map says nothing of the rest. Over the
 * original picture the map lies where it belongs, and what the network did not see is shown in pale
 * grey behind a thin line. A map made by hand knows of no such part and lies over all of any
 * picture.
 *
 * <p>The map is resized to the pixels that the network saw, bilinearly, then scaled to v in [0, 1]
 * by its own smallest and largest value (signed colours: by its largest magnitude, 0 in the
 * middle). A pixel is
 *
 * <pre>  pixel = (1 − w) · picture + w · colour(v),   w = opacity · strength(v)</pre>
 *
 * with strength(v) = 1 − (1 − v)², or |2v − 1| for signed colours. So the picture is itself
 * wherever the map is at its lowest (or 0, if signed), a map without differences (if signed, of
 * zeros) changes nothing, and the map is as strong as {@code opacity} only at its peak; middle
 * values stay visible and low ones fade out without an edge. A pixel depends on nothing but the
 * picture and v there: unlike overlays that divide the sum by its maximum, this one never brightens
 * or darkens the picture as a whole.
 *
 * @param colors the colours
 * @param opacity how much of the colour there is at the peak: 0 gives the picture, 1 hides it there
 */
public record Overlay(ColorMap colors, double opacity) {

  /**
   * Plasma at 0.75: readable on dark and on bright pictures, for colour-blind readers as well, and
   * what lies below the peak can still be recognised.
   */
  public static final Overlay DEFAULT = new Overlay(ColorMap.PLASMA, 0.75);

  /**
   * Checks the opacity.
   *
   * @param colors the colours
   * @param opacity how much of the colour there is at the peak
   * @throws IllegalArgumentException if it is not in [0, 1]
   */
  public Overlay {
    Objects.requireNonNull(colors, "colors");
    if (!(opacity >= 0 && opacity <= 1)) {
      throw new IllegalArgumentException(
          "Opacity is between 0 (picture only) and 1 (colour only), found " + opacity + ".");
    }
  }

  /**
   * {@return the {@link #DEFAULT default} overlay of a map over a picture}
   *
   * @param picture the picture that the map explains, or what the network saw of it
   * @param map the map
   * @throws IllegalArgumentException if the picture has another size than both, or is too large for
   *     Java's memory
   */
  public static Picture of(Picture picture, Heatmap map) {
    return DEFAULT.draw(picture, map);
  }

  /**
   * {@return a map over a picture, scaled by its own range} The result has the picture's size.
   *
   * @param picture the picture that the map explains, or what the network saw of it
   * @param map the map
   * @throws IllegalArgumentException if the picture has another size than both, or is too large for
   *     Java's memory
   */
  public Picture draw(Picture picture, Heatmap map) {
    Placed placed = placed(picture, map);
    return draw(picture, placed, Range.of(placed.map(), colors)).described(words(map));
  }

  /**
   * {@return a map over a picture on a given scale, so that several overlays can be compared}
   *
   * @param picture the picture that the map explains, or what the network saw of it
   * @param map the map
   * @param range the values that take the first and the last colour
   * @throws IllegalArgumentException if the picture has another size than both, or is too large for
   *     Java's memory
   */
  public Picture draw(Picture picture, Heatmap map, Range range) {
    return draw(picture, placed(picture, map), range).described(words(map));
  }

  private static String words(Heatmap map) {
    return "over a picture: " + map.provenance();
  }

  static Placed placed(Picture picture, Heatmap map) {
    Picture.required(picture);
    Objects.requireNonNull(map, "Expected a map, found null.");
    return map.placed(picture.width(), picture.height());
  }

  /** A map where it belongs on a picture that has been resized. */
  static Placed placed(Picture picture, Heatmap map, Picture resized) {
    Region.Size size = new Region.Size(picture.width(), picture.height());
    Region region =
        map.region()
            .map(seen -> seen.in(size))
            .orElse(Region.whole(picture.width(), picture.height()));
    return map.placed(region.resized(new Region.Size(resized.width(), resized.height())));
  }

  /** A map over a picture that it has been brought to. */
  Picture draw(Picture picture, Placed map, Range range) {
    Objects.requireNonNull(range, "range");
    boolean constant = range.high() == range.low();
    return Picture.of(
        picture.width(),
        picture.height(),
        (row, column) -> {
          if (!map.covers(row, column)) {
            return Unseen.rgb(picture, map, row, column);
          }
          int rgb = picture.rgb(row, column);
          return constant ? rgb : blended(rgb, scaled(map.at(row, column), range));
        });
  }

  /**
   * The colours alone, as an image whose alpha is opacity · strength(v): laid over a picture of its
   * size, {@linkplain Unseen pale} where the network did not see it, it gives what {@link #draw}
   * gives, but for rounding.
   */
  BufferedImage layer(int width, int height, Placed map, Range range) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_ARGB);
    boolean constant = range.high() == range.low();
    for (int row = 0; row < map.map().height(); row++) {
      for (int column = 0; column < map.map().width(); column++) {
        double v = scaled(map.map().at(row, column), range);
        int alpha = (int) Math.round(255 * opacity * (constant ? 0 : strength(v)));
        image.setRGB(map.left() + column, map.top() + row, alpha << 24 | colors.rgb(v));
      }
    }
    return image;
  }

  /** What becomes of a pixel under a value from 0, the range's lower end, to 1, its upper end. */
  int blended(int rgb, double v) {
    return Rgb.mix(rgb, colors.rgb(v), opacity * strength(v));
  }

  private static double scaled(double value, Range range) {
    return Math.min(Math.max(range.scale(value), 0), 1);
  }

  private double strength(double v) {
    return colors.signed() ? Math.abs(2 * v - 1) : 1 - (1 - v) * (1 - v);
  }
}
