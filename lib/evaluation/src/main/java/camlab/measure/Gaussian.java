package camlab.measure;

import camlab.picture.Picture;
import java.util.Locale;

/**
 * A Gaussian window, applied first along the rows and then along the columns.
 *
 * @param size side of the window, odd
 * @param sigma standard deviation, above 0
 */
record Gaussian(int size, double sigma) {

  Gaussian {
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
    int middle = size / 2;
    double[] rows = new double[values.length];
    double[] padded = new double[width + size - 1];
    for (int row = 0; row < height; row++) {
      int start = row * width;
      for (int i = 0; i < padded.length; i++) {
        padded[i] = values[start + clamp(i - middle, width)];
      }
      for (int column = 0; column < width; column++) {
        double sum = weights[middle] * padded[column + middle];
        int last = column + size - 1;
        for (int k = 0; k < middle; k++) {
          sum += weights[k] * (padded[column + k] + padded[last - k]);
        }
        rows[start + column] = sum;
      }
    }
    double[] result = new double[values.length];
    for (int row = 0; row < height; row++) {
      int start = row * width;
      for (int column = start; column < start + width; column++) {
        result[column] = weights[middle] * rows[column];
      }
      for (int k = 0; k < middle; k++) {
        double weight = weights[k];
        int above = clamp(row + k - middle, height) * width;
        int below = clamp(row + middle - k, height) * width;
        for (int column = 0; column < width; column++) {
          result[start + column] += weight * (rows[above + column] + rows[below + column]);
        }
      }
    }
    return result;
  }

  private static int clamp(int index, int length) {
    return Math.min(Math.max(index, 0), length - 1);
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
