package camlab.figure;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;

/**
 * How people see colours: with three kinds of cones, or without those for long, middle or short
 * waves.
 *
 * <p>The matrices, for linear sRGB, are those for full severity of Machado, Oliveira, Fernandes: A
 * Physiologically-based Model for Simulation of Color Vision Deficiency, IEEE Transactions on
 * Visualization and Computer Graphics 15 (2009).
 */
enum ColorVision {
  FULL(1, 0, 0, 0, 1, 0, 0, 0, 1),
  PROTANOPIA(
      0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998),
  DEUTERANOPIA(
      0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.011820, 0.042940, 0.968881),
  TRITANOPIA(
      1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.303900);

  /** From linear sRGB to CIE XYZ, each row divided by the white point's (D65). */
  private static final double[] TO_XYZ = {
    0.4124564 / 0.95047,
    0.3575761 / 0.95047,
    0.1804375 / 0.95047,
    0.2126729,
    0.7151522,
    0.0721750,
    0.0193339 / 1.08883,
    0.1191920 / 1.08883,
    0.9503041 / 1.08883
  };

  @SuppressWarnings("ImmutableEnumChecker") // private, and written by nobody
  private final double[] matrix;

  ColorVision(double... matrix) {
    this.matrix = matrix;
  }

  /** What this eye makes of a colour, as CIELAB lightness (0 to 100), a* and b*. */
  double[] lab(int rgb) {
    double[] xyz = map(times(TO_XYZ, linear(rgb)), ColorVision::root);
    return new double[] {
      116 * xyz[1] - 16, 500 * (xyz[0] - xyz[1]), 200 * (xyz[1] - xyz[2]),
    };
  }

  double lightness(int rgb) {
    return lab(rgb)[0];
  }

  /** CIE 1976 colour difference: 2 or 3 can just be told apart side by side. */
  double difference(int one, int other) {
    double[] a = lab(one);
    double[] b = lab(other);
    return Math.sqrt(
        Math.pow(a[0] - b[0], 2) + Math.pow(a[1] - b[1], 2) + Math.pow(a[2] - b[2], 2));
  }

  /** The Web Content Accessibility Guidelines' contrast, 1 to 21. */
  double contrast(int one, int other) {
    double a = times(TO_XYZ, linear(one))[1] + 0.05;
    double b = times(TO_XYZ, linear(other))[1] + 0.05;
    return Math.max(a, b) / Math.min(a, b);
  }

  /** Linear sRGB, as this eye sees it on a screen. */
  private double[] linear(int rgb) {
    double[] screen = {(rgb >> 16 & 0xFF) / 255.0, (rgb >> 8 & 0xFF) / 255.0, (rgb & 0xFF) / 255.0};
    double[] light =
        map(screen, c -> c <= 0.04045 ? c / 12.92 : Math.pow((c + 0.055) / 1.055, 2.4));
    return map(times(matrix, light), c -> Math.min(Math.max(c, 0), 1));
  }

  private static double root(double t) {
    return t > 216.0 / 24389 ? Math.cbrt(t) : (24389.0 / 27 * t + 16) / 116;
  }

  private static double[] times(double[] matrix, double[] v) {
    double[] result = new double[3];
    for (int i = 0; i < matrix.length; i++) {
      result[i / 3] += matrix[i] * v[i % 3];
    }
    return result;
  }

  private static double[] map(double[] values, DoubleUnaryOperator each) {
    return Arrays.stream(values).map(each).toArray();
  }
}
