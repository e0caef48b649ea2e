package camlab.measure;

import camlab.heatmap.Heatmap;
import camlab.heatmap.Provenance;
import camlab.picture.Mask;
import camlab.picture.Picture;
import java.util.BitSet;
import java.util.Optional;

/** Small pictures, maps and confidences whose figures can be worked out by hand. */
final class Cases {

  /** Four grey pixels: 200, 100 above 50, 50. They sum to 400. */
  static final Picture GREYS = grey(2, 2, 200, 100, 50, 50);

  /** Their share of the light of {@link #GREYS}: the confidence of a network that sums greys. */
  static final Confidence LIGHT =
      views -> views.stream().mapToDouble(view -> light(view) / 400.0).toArray();

  private Cases() {}

  /** A picture of grey pixels, row by row. */
  static Picture grey(int width, int height, int... values) {
    int[] rgb = new int[values.length];
    for (int i = 0; i < values.length; i++) {
      rgb[i] = values[i] * 0x010101;
    }
    return Picture.of(width, height, rgb);
  }

  /** The sum of a picture's blue values. */
  static double light(Picture view) {
    double sum = 0;
    for (int value : blues(view)) {
      sum += value;
    }
    return sum;
  }

  /** The blue values of a picture, row by row. */
  static int[] blues(Picture view) {
    int[] values = new int[view.width() * view.height()];
    for (int i = 0; i < values.length; i++) {
      values[i] = view.rgb(i / view.width(), i % view.width()) & 0xFF;
    }
    return values;
  }

  static Heatmap map(float[]... rows) {
    return Heatmap.of(rows, new Provenance("test", "", "", Double.NaN));
  }

  /** A mask of the given pixels in reading order. */
  static Mask mask(int width, int height, int... pixels) {
    BitSet bits = new BitSet();
    for (int pixel : pixels) {
      bits.set(pixel);
    }
    return Mask.of(width, height, bits);
  }

  /** {@link #GREYS} under a map, with {@link #LIGHT}. */
  static Explanation of(float[]... rows) {
    return new Explanation(GREYS, map(rows), LIGHT, Optional.empty());
  }

  /** The reference figures' values: {@code (i · factor mod modulus) / (modulus − 1)}. */
  static double[] values(int size, int factor, int modulus) {
    double[] values = new double[size];
    for (int i = 0; i < size; i++) {
      values[i] = (double) (i * factor % modulus) / (modulus - 1);
    }
    return values;
  }
}
