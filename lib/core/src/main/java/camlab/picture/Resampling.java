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

  /**
   * A stretch of a side that was brought to another length.
   *
   * @param length the whole new length
   * @param first the first pixel of the stretch
   * @param count how many there are
   */
  record Stretch(long length, long first, int count) {

    /** All of a side. */
    static Stretch whole(int length) {
      return new Stretch(length, 0, length);
    }
  }

  /** Resizes packed RGB pixels; a side that keeps its length is not filtered. */
  static int[] resize(
      int[] pixels,
      int width,
      int height,
      int newWidth,
      int newHeight,
      Interpolation interpolation) {
    return resize(
        pixels, width, height, Stretch.whole(newWidth), Stretch.whole(newHeight), interpolation);
  }

  /**
   * Resizes packed RGB pixels, and computes a part only of what comes out: the same pixels that a
   * cut from the whole has, whose long side a thin picture could make endless.
   */
  static int[] resize(
      int[] pixels,
      int width,
      int height,
      Stretch columns,
      Stretch rows,
      Interpolation interpolation) {
    Weights[] down = weights(height, rows, interpolation);
    int top = down[0].first;
    int end = down[down.length - 1].end();
    int[] narrow =
        columns.length() == width
            ? cut(pixels, width, columns, top, end)
            : resizeRows(pixels, width, weights(width, columns, interpolation), top, end);
    return rows.length() == height ? narrow : resizeColumns(narrow, columns.count(), down, top);
  }

  private static int[] cut(int[] pixels, int width, Stretch columns, int top, int end) {
    int[] result = Pixels.room(columns.count(), end - top);
    for (int row = top; row < end; row++) {
      int from = row * width + (int) columns.first();
      System.arraycopy(pixels, from, result, (row - top) * columns.count(), columns.count());
    }
    return result;
  }

  private static int[] resizeRows(int[] pixels, int width, Weights[] weights, int top, int end) {
    int[] result = Pixels.room(weights.length, end - top);
    for (int row = top; row < end; row++) {
      for (int column = 0; column < weights.length; column++) {
        Weights taps = weights[column];
        result[(row - top) * weights.length + column] =
            taps.sum(pixels, row * width + taps.first, 1);
      }
    }
    return result;
  }

  private static int[] resizeColumns(int[] pixels, int width, Weights[] weights, int top) {
    int[] result = Pixels.room(width, weights.length);
    for (int row = 0; row < weights.length; row++) {
      Weights taps = weights[row];
      for (int column = 0; column < width; column++) {
        result[row * width + column] = taps.sum(pixels, (taps.first - top) * width + column, width);
      }
    }
    return result;
  }

  /** For every new pixel, which old pixels make it and how much of each. */
  private static Weights[] weights(int size, Stretch stretch, Interpolation interpolation) {
    Weights[] all = new Weights[stretch.count()];
    if (stretch.length() == size) {
      for (int i = 0; i < all.length; i++) {
        all[i] = Weights.one((int) stretch.first() + i);
      }
      return all;
    }
    double scale = (double) size / stretch.length();
    double reduction = Math.max(scale, 1);
    double support = interpolation.support * reduction;
    for (int i = 0; i < all.length; i++) {
      double centre = (stretch.first() + i + 0.5) * scale;
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

    /** A pixel as it is. */
    static Weights one(int pixel) {
      return new Weights(pixel, new int[] {1 << PRECISION_BITS});
    }

    /** Behind the last pixel. */
    int end() {
      return first + values.length;
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
