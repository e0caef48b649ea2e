package camlab.figure;

/** Arithmetic on packed colours. */
final class Rgb {

  private Rgb() {}

  /** {@code (1 − share) · from + share · to}, colour by colour, rounded. */
  static int mix(int from, int to, double share) {
    return channel(from, to, share, 16) | channel(from, to, share, 8) | channel(from, to, share, 0);
  }

  private static int channel(int from, int to, double share, int bits) {
    int a = from >> bits & 0xFF;
    int b = to >> bits & 0xFF;
    return (int) (a + share * (b - a) + 0.5) << bits; // not negative, and so cut is rounded
  }

  /** Perceived brightness (ITU-R BT.601 luma), 0 to 255. */
  static double luma(int rgb) {
    return 0.299 * (rgb >> 16 & 0xFF) + 0.587 * (rgb >> 8 & 0xFF) + 0.114 * (rgb & 0xFF);
  }
}
