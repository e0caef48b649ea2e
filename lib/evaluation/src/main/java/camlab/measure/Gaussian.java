package camlab.measure;

import camlab.picture.Picture;
import java.util.Arrays;
import java.util.Locale;

/**
 * A Gaussian window, applied first along the rows and then along the columns.
 *
 * @param size side of the window, odd
 * @param sigma standard deviation, above 0
 */
public record Gaussian(int size, double sigma) {

  private static final int UNROLLED = 11;

  /**
   * Requires an odd side and a positive deviation.
   *
   * @param size side of the window, odd
   * @param sigma standard deviation, above 0
   */
  public Gaussian {
    if (size < 1 || size % 2 == 0 || !(sigma > 0)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "A Gaussian window has an odd side and a positive deviation, found %d and %s.",
              size,
              sigma));
    }
  }

  /** The weights along one side; they sum to 1. */
  double[] weights() {
    double[] weights = new double[size];
    double sum = 0;
    for (int i = 0; i < size; i++) {
      double x = (i - size / 2) / sigma;
      weights[i] = Math.exp(-x * x / 2);
      sum += weights[i];
    }
    for (int i = 0; i < size; i++) {
      weights[i] /= sum;
    }
    return weights;
  }

  /**
   * The weighted mean around every position; beyond the edges the outermost values go on. The
   * weights are the same on both sides, so two values are multiplied at once.
   */
  double[] blur(double[] values, int height, int width) {
    double[] weights = weights();
    // Each pass leaves what it makes of a row as a column, so that both walk along rows.
    double[] turned = new double[values.length];
    alongRows(values, height, width, weights, turned);
    double[] result = new double[values.length];
    alongRows(turned, width, height, weights, result);
    return result;
  }

  private static void alongRows(
      double[] values, int height, int width, double[] weights, double[] columns) {
    int middle = weights.length / 2;
    double[] padded = new double[width + 2 * middle];
    for (int row = 0; row < height; row++) {
      int start = row * width;
      Arrays.fill(padded, 0, middle, values[start]);
      System.arraycopy(values, start, padded, middle, width);
      Arrays.fill(padded, middle + width, padded.length, values[start + width - 1]);
      if (weights.length == UNROLLED) {
        along11(padded, weights, columns, row, height);
      } else {
        along(padded, weights, columns, row, height);
      }
    }
  }

  /** Writes to every {@code step}-th place from the first on. */
  private static void along(
      double[] padded, double[] weights, double[] result, int first, int step) {
    int middle = weights.length / 2;
    int last = weights.length - 1;
    for (int start = 0, at = first; start + last < padded.length; start++, at += step) {
      double sum = weights[middle] * padded[start + middle];
      for (int k = 0; k < middle; k++) {
        sum += weights[k] * (padded[start + k] + padded[start + last - k]);
      }
      result[at] = sum;
    }
  }

  /**
   * The same for the window of the structural similarity, which looks at thousands of maps in a
   * lesson: each value is read once, and then handed on from place to place.
   */
  private static void along11(
      double[] padded, double[] weights, double[] result, int first, int step) {
    double w0 = weights[0];
    double w1 = weights[1];
    double w2 = weights[2];
    double w3 = weights[3];
    double w4 = weights[4];
    double w5 = weights[5];
    double a = padded[0];
    double b = padded[1];
    double c = padded[2];
    double d = padded[3];
    double e = padded[4];
    double f = padded[5];
    double g = padded[6];
    double h = padded[7];
    double i = padded[8];
    double j = padded[9];
    for (int last = UNROLLED - 1, at = first; last < padded.length; last++, at += step) {
      double k = padded[last];
      result[at] =
          w5 * f + w0 * (a + k) + w1 * (b + j) + w2 * (c + i) + w3 * (d + h) + w4 * (e + g);
      a = b;
      b = c;
      c = d;
      d = e;
      e = f;
      f = g;
      g = h;
      h = i;
      i = j;
      j = k;
    }
  }

  /** A picture blurred colour by colour, rounded to 8 bits. */
  Picture blur(Picture picture) {
    int[] pixels = new int[picture.width() * picture.height()];
    for (int shift = 0; shift <= 16; shift += 8) {
      double[] values = new double[pixels.length];
      for (int i = 0; i < pixels.length; i++) {
        values[i] = picture.rgb(i / picture.width(), i % picture.width()) >> shift & 0xFF;
      }
      double[] blurred = blur(values, picture.height(), picture.width());
      for (int i = 0; i < pixels.length; i++) {
        pixels[i] |= (int) Math.round(blurred[i]) << shift;
      }
    }
    return Picture.of(picture.width(), picture.height(), pixels);
  }
}
