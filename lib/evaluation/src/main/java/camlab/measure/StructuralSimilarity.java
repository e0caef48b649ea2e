package camlab.measure;

import camlab.heatmap.Heatmap;
import java.util.Locale;

/**
 * The structural similarity (SSIM) of two maps: 1 if they are the same, around 0 if they have no
 * structure in common, negative if light and dark are exchanged.
 *
 * <p>Under a Gaussian window of 11×11 with deviation 1.5, with means μ, variances σ² and covariance
 * σ<sub>xy</sub>: (2 μ<sub>x</sub>μ<sub>y</sub> + C<sub>1</sub>)(2 σ<sub>xy</sub> + C<sub>2</sub>)
 * / ((μ<sub>x</sub>² + μ<sub>y</sub>² + C<sub>1</sub>)(σ<sub>x</sub>² + σ<sub>y</sub>² +
 * C<sub>2</sub>)), C<sub>1</sub> = (0.01 L)², C<sub>2</sub> = (0.03 L)² with L = 1, the range of
 * the values. The result is the mean over all windows that lie wholly inside the maps.
 *
 * <p>Source: Z. Wang et al., "Image Quality Assessment: From Error Visibility to Structural
 * Similarity", IEEE Transactions on Image Processing 13(4), 2004, equation 13.
 */
public final class StructuralSimilarity {

  private static final Gaussian WINDOW = new Gaussian(11, 1.5);
  private static final double C1 = 0.01 * 0.01;
  private static final double C2 = 0.03 * 0.03;

  private StructuralSimilarity() {}

  /**
   * {@return the similarity of two maps}
   *
   * @param one values in [0, 1], at least 11×11
   * @param other values in [0, 1], of the same size
   * @throws IllegalArgumentException if the sizes differ, a map is too small, or a value lies
   *     outside [0, 1]
   */
  public static double of(Heatmap one, Heatmap other) {
    requireComparable(one, other);
    int height = one.height();
    int width = one.width();
    double[] x = doubles(one);
    double[] y = doubles(other);
    double[] meanX = WINDOW.blur(x, height, width);
    double[] meanY = WINDOW.blur(y, height, width);
    // Of the two variances only the sum is needed, and a mean of sums is the sum of the means.
    double[] meanSquares = WINDOW.blur(squares(x, y), height, width);
    double[] meanXy = WINDOW.blur(product(x, y), height, width);
    int margin = WINDOW.size() / 2;
    double sum = 0;
    for (int row = margin; row < height - margin; row++) {
      for (int column = margin; column < width - margin; column++) {
        int i = row * width + column;
        double product = meanX[i] * meanY[i];
        double squares = meanX[i] * meanX[i] + meanY[i] * meanY[i];
        double covariance = meanXy[i] - product;
        double variances = meanSquares[i] - squares;
        sum += (2 * product + C1) * (2 * covariance + C2) / ((squares + C1) * (variances + C2));
      }
    }
    return sum / ((height - 2 * margin) * (width - 2 * margin));
  }

  private static void requireComparable(Heatmap one, Heatmap other) {
    if (one.height() != other.height() || one.width() != other.width()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Only maps of one size can be compared: one is %d×%d, the other %d×%d. Call resized"
                  + " first.",
              one.height(),
              one.width(),
              other.height(),
              other.width()));
    }
    requireValues(one);
    requireValues(other);
  }

  private static void requireValues(Heatmap map) {
    if (map.height() < WINDOW.size() || map.width() < WINDOW.size()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "SSIM looks through a window of 11×11, but the maps are %d×%d. Call resized first.",
              map.height(),
              map.width()));
    }
    if (map.min() < 0 || map.max() > 1) {
      throw new IllegalArgumentException(
          "SSIM is defined here for values in [0, 1]. Call normalized first.");
    }
  }

  private static double[] doubles(Heatmap map) {
    float[] values = map.values();
    double[] result = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      result[i] = values[i];
    }
    return result;
  }

  private static double[] squares(double[] a, double[] b) {
    double[] result = new double[a.length];
    for (int i = 0; i < a.length; i++) {
      result[i] = a[i] * a[i] + b[i] * b[i];
    }
    return result;
  }

  private static double[] product(double[] a, double[] b) {
    double[] result = new double[a.length];
    for (int i = 0; i < a.length; i++) {
      result[i] = a[i] * b[i];
    }
    return result;
  }
}
