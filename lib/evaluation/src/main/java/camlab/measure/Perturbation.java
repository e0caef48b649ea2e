package camlab.measure;

import camlab.heatmap.Heatmap;
import camlab.picture.Mask;
import camlab.picture.Picture;
import java.util.Locale;

/**
 * Pictures with something taken away. They are 8-bit pictures as any other, rounded to the nearest
 * value: what the network is asked about can be looked at.
 */
public final class Perturbation {

  private Perturbation() {}

  /**
   * {@return the picture multiplied by a map: black where the map is 0, unchanged where it is 1}
   *
   * @param view a picture
   * @param map values in [0, 1], of the picture's size
   * @throws IllegalArgumentException if the size differs or a value lies outside [0, 1]
   */
  public static Picture multiplied(Picture view, Heatmap map) {
    return blended(view, map, Baseline.black().of(view));
  }

  /**
   * {@return the picture where a map is 1, another one where it is 0, and between them a mixture}
   *
   * @param view a picture
   * @param map values in [0, 1], of the picture's size
   * @param substitute what is seen where the map is 0, such as {@link Baseline#of(Picture)}
   * @throws IllegalArgumentException if the sizes differ or a value lies outside [0, 1]
   */
  public static Picture blended(Picture view, Heatmap map, Picture substitute) {
    requireSameSize("map", map.width(), map.height(), view);
    requireSameSize("substitute", substitute.width(), substitute.height(), view);
    if (map.min() < 0 || map.max() > 1) {
      throw new IllegalArgumentException(
          "A picture is multiplied by values in [0, 1]; this map goes from %s to %s. Call normalized first."
              .formatted(map.min(), map.max()));
    }
    float[] factors = map.values();
    int[] pixels = new int[factors.length];
    for (int row = 0, i = 0; row < view.height(); row++) {
      for (int column = 0; column < view.width(); column++, i++) {
        int rgb = view.rgb(row, column);
        int other = substitute.rgb(row, column);
        float factor = factors[i];
        pixels[i] =
            blended(other, rgb, factor, 16)
                | blended(other, rgb, factor, 8)
                | blended(other, rgb, factor, 0);
      }
    }
    return Picture.of(view.width(), view.height(), pixels);
  }

  /** One colour in its place, rounded; it is not negative, and so half is added and cut. */
  private static int blended(int other, int rgb, float factor, int shift) {
    int from = other >> shift & 0xFF;
    float value = from + ((rgb >> shift & 0xFF) - from) * factor;
    return (int) (value + 0.5) << shift;
  }

  /**
   * {@return the picture with some pixels taken from another one}
   *
   * @param view a picture
   * @param removed the pixels that are replaced
   * @param substitute what they are replaced by, such as {@link Baseline#of(Picture)}
   * @throws IllegalArgumentException if the sizes differ
   */
  public static Picture replaced(Picture view, Mask removed, Picture substitute) {
    requireSameSize("mask", removed.width(), removed.height(), view);
    requireSameSize("substitute", substitute.width(), substitute.height(), view);
    return Picture.of(
        view.width(),
        view.height(),
        (row, column) -> (removed.contains(row, column) ? substitute : view).rgb(row, column));
  }

  /** Requires a part of as many rows and columns as the picture. */
  static void requireSameSize(String what, int width, int height, Picture view) {
    if (width != view.width() || height != view.height()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "The %s is %d×%d, but the picture is %d×%d. Resize it first.",
              what,
              width,
              height,
              view.width(),
              view.height()));
    }
  }
}
