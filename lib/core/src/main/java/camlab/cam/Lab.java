package camlab.cam;

/** Colours as they differ to the eye: CIELAB, of sRGB with white at D65. */
final class Lab {

  private static final double[][] TO_XYZ = {
    {0.4124564, 0.3575761, 0.1804375},
    {0.2126729, 0.7151522, 0.0721750},
    {0.0193339, 0.1191920, 0.9503041}
  };

  private static final double EDGE = 6.0 / 29;

  private Lab() {}

  /** {@return L from 0 to 100, a and b, of a colour packed as {@code 0xRRGGBB}} */
  static double[] of(int rgb) {
    double[] linear = {linear(rgb >> 16 & 0xFF), linear(rgb >> 8 & 0xFF), linear(rgb & 0xFF)};
    double[] f = new double[3];
    for (int i = 0; i < 3; i++) {
      double value = 0;
      double white = 0;
      for (int j = 0; j < 3; j++) {
        value += TO_XYZ[i][j] * linear[j];
        white += TO_XYZ[i][j];
      }
      f[i] = root(value / white);
    }
    return new double[] {116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])};
  }

  private static double linear(int level) {
    double value = level / 255.0;
    return value <= 0.04045 ? value / 12.92 : Math.pow((value + 0.055) / 1.055, 2.4);
  }

  private static double root(double share) {
    return share > EDGE * EDGE * EDGE ? Math.cbrt(share) : share / (3 * EDGE * EDGE) + 4.0 / 29;
  }
}
