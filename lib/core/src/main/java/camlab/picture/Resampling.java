package camlab.picture;

/**
 * Pillow's resize, which is what torchvision applies to pictures: a filter over half-pixel centres
 * whose support grows with the factor of reduction (antialiasing), first along the rows, then along
 * the columns.
 *
 * <p>The weights are fixed-point numbers of 22 bits and every pass rounds to 8 bits, as in Pillow's
 * {@code Resample.c}, so that the results are the same to the last bit.
 */
final class Resampling {

  private static final int PRECISION_BITS = 32 - 8 - 2;

  private Resampling() {}

  /** Resizes packed RGB pixels; a side that keeps its length is not filtered. */
  static int[] resize(
      int[] pixels,
      int width,
      int height,
      int newWidth,
      int newHeight,
      Interpolation interpolation) {
    int[] result = pixels;
    if (newWidth != width) {
      result = resizeRows(result, width, height, newWidth, interpolation);
    }
    if (newHeight != height) {
      result = resizeColumns(result, newWidth, height, newHeight, interpolation);
    }
    return result;
  }

  private static int[] resizeRows(
      int[] pixels, int width, int height, int newWidth, Interpolation interpolation) {
    Weights[] weights = weights(width, newWidth, interpolation);
    int[] result = new int[newWidth * height];
    for (int row = 0; row < height; row++) {
      for (int column = 0; column < newWidth; column++) {
        Weights taps = weights[column];
        result[row * newWidth + column] = taps.sum(pixels, row * width + taps.first, 1);
      }
    }
    return result;
  }

  private static int[] resizeColumns(
      int[] pixels, int width, int height, int newHeight, Interpolation interpolation) {
    Weights[] weights = weights(height, newHeight, interpolation);
    int[] result = new int[width * newHeight];
    for (int row = 0; row < newHeight; row++) {
      Weights taps = weights[row];
      for (int column = 0; column < width; column++) {
        result[row * width + column] = taps.sum(pixels, taps.first * width + column, width);
      }
    }
    return result;
  }

  /** For every new pixel, which old pixels make it and how much of each. */
  private static Weights[] weights(int size, int newSize, Interpolation interpolation) {
    double scale = (double) size / newSize;
    double reduction = Math.max(scale, 1);
    double support = interpolation.support * reduction;
    Weights[] all = new Weights[newSize];
    for (int i = 0; i < newSize; i++) {
      double centre = (i + 0.5) * scale;
      int first = Math.max((int) (centre - support + 0.5), 0);
      int end = Math.min((int) (centre + support + 0.5), size);
      double[] shares = new double[end - first];
      double total = 0;
      for (int x = 0; x < shares.length; x++) {
        shares[x] = interpolation.weight(Math.abs(x + first - centre + 0.5) / reduction);
        total += shares[x];
      }
      int[] fixed = new int[shares.length];
      for (int x = 0; x < shares.length; x++) {
        double share = shares[x] / total * (1 << PRECISION_BITS);
        fixed[x] = (int) (share < 0 ? share - 0.5 : share + 0.5);
      }
      all[i] = new Weights(first, fixed);
    }
    return all;
  }

  /** Fixed-point weights of consecutive pixels, starting with pixel {@code first}. */
  private static final class Weights {

    private final int first;
    private final int[] values;

    Weights(int first, int[] values) {
      this.first = first;
      this.values = values;
    }

    int sum(int[] pixels, int start, int step) {
      int half = 1 << (PRECISION_BITS - 1);
      int red = half;
      int green = half;
      int blue = half;
      int at = start;
      for (int weight : values) {
        int pixel = pixels[at];
        red += (pixel >> 16 & 0xFF) * weight;
        green += (pixel >> 8 & 0xFF) * weight;
        blue += (pixel & 0xFF) * weight;
        at += step;
      }
      return clip(red) << 16 | clip(green) << 8 | clip(blue);
    }

    private static int clip(int fixed) {
      return Math.min(Math.max(fixed >> PRECISION_BITS, 0), 255);
    }
  }
}
