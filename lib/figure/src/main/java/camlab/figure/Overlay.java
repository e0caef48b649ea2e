package camlab.figure;

import camlab.heatmap.Heatmap;
import camlab.picture.Picture;
import java.awt.image.BufferedImage;

/**
 * Lays a heatmap over a picture.
 *
 * <p>The map is resized to the picture bilinearly, then scaled to v in [0, 1] by its own smallest
 * and largest value (signed colours: by its largest magnitude, 0 in the middle). A pixel is
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
    if (!(opacity >= 0 && opacity <= 1)) {
      throw new IllegalArgumentException(
          "Opacity is between 0 (picture only) and 1 (colour only), found " + opacity + ".");
    }
  }

  /**
   * {@return the {@link #DEFAULT default} overlay of a map over a picture}
   *
   * @param picture the picture
   * @param map the map
   */
  public static Picture of(Picture picture, Heatmap map) {
    return DEFAULT.draw(picture, map);
  }

  /**
   * {@return a map over a picture, scaled by its own range} The result has the picture's size.
   *
   * @param picture the picture
   * @param map the map
   */
  public Picture draw(Picture picture, Heatmap map) {
    Heatmap resized = map.resized(picture.height(), picture.width());
    return blend(picture, resized, Range.of(resized, colors));
  }

  /**
   * {@return a map over a picture on a given scale, so that several overlays can be compared}
   *
   * @param picture the picture
   * @param map the map
   * @param range the values that take the first and the last colour
   */
  public Picture draw(Picture picture, Heatmap map, Range range) {
    return blend(picture, map.resized(picture.height(), picture.width()), range);
  }

  private Picture blend(Picture picture, Heatmap map, Range range) {
    int width = picture.width();
    int[] pixels = new int[width * picture.height()];
    for (int i = 0; i < pixels.length; i++) {
      int row = i / width;
      int column = i % width;
      double v = Math.min(Math.max(range.scale(map.at(row, column)), 0), 1);
      pixels[i] = Rgb.mix(picture.rgb(row, column), colors.rgb(v), opacity * strength(v, range));
    }
    return Picture.of(width, picture.height(), pixels);
  }

  /**
   * The colours alone, as an image whose alpha is opacity · strength(v): laid over a picture of its
   * size it gives what {@link #draw} gives, but for rounding.
   */
  BufferedImage layer(int width, int height, Heatmap map, Range range) {
    Heatmap resized = map.resized(height, width);
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_ARGB);
    for (int row = 0; row < height; row++) {
      for (int column = 0; column < width; column++) {
        double v = Math.min(Math.max(range.scale(resized.at(row, column)), 0), 1);
        int alpha = (int) Math.round(255 * opacity * strength(v, range));
        image.setRGB(column, row, alpha << 24 | colors.rgb(v));
      }
    }
    return image;
  }

  private double strength(double v, Range range) {
    if (range.high() == range.low()) {
      return 0;
    }
    return colors.signed() ? Math.abs(2 * v - 1) : 1 - (1 - v) * (1 - v);
  }
}
