package camlab.picture;

import java.awt.image.BufferedImage;
import java.util.Arrays;

/**
 * A smaller copy of a large image, each pixel the mean of the rectangle it stands for: pixels on
 * the border between two rectangles count for both by their share.
 */
final class Reduction {

  private Reduction() {}

  /** The whole factor by which an image is reduced; 1 if it stays as it is. */
  static int factor(int width, int height, int shorterSide) {
    return Math.max(1, Math.min(width, height) / shorterSide);
  }

  /**
   * The image divided by a factor along both sides, sizes rounded. Needs only the memory of the
   * result beside the image.
   */
  static Picture of(BufferedImage image, int factor) {
    if (factor == 1) {
      return Picture.of(image);
    }
    int width = Math.max(1, Math.round((float) image.getWidth() / factor));
    int height = Math.max(1, Math.round((float) image.getHeight() / factor));
    Shares columns = new Shares(image.getWidth(), width);
    Shares rows = new Shares(image.getHeight(), height);
    // One more row and column, into which the last shares, which are zero, are added.
    double[] sums = new double[3 * (width + 1)];
    double[] next = new double[3 * (width + 1)];
    int[] pixels = Pixels.room(width, height);
    int current = 0;
    for (int y = 0; y < image.getHeight(); y++) {
      if (rows.first(y) > current) {
        write(sums, pixels, current, width);
        double[] used = sums;
        sums = next;
        next = used;
        Arrays.fill(next, 0);
        current = rows.first(y);
      }
      int[] row = Pixels.row(image, y);
      addRow(row, columns, sums, rows.share(y));
      if (rows.rest(y) > 0) {
        addRow(row, columns, next, rows.rest(y));
      }
    }
    write(sums, pixels, current, width);
    return new Picture(width, height, pixels);
  }

  private static void addRow(int[] row, Shares columns, double[] sums, double weight) {
    for (int x = 0; x < row.length; x++) {
      int at = 3 * columns.first(x);
      double share = weight * columns.share(x);
      double rest = weight * columns.rest(x);
      for (int colour = 0; colour < 3; colour++) {
        int value = row[x] >> (16 - 8 * colour) & 0xFF;
        sums[at + colour] += share * value;
        sums[at + 3 + colour] += rest * value;
      }
    }
  }

  private static void write(double[] sums, int[] pixels, int row, int width) {
    for (int column = 0; column < width; column++) {
      int red = (int) (sums[3 * column] + 0.5);
      int green = (int) (sums[3 * column + 1] + 0.5);
      int blue = (int) (sums[3 * column + 2] + 0.5);
      pixels[row * width + column] = red << 16 | green << 8 | blue;
    }
  }

  /** Which new pixel each old one belongs to, and how much of it reaches into the next one. */
  private static final class Shares {

    private final int[] first;
    private final double[] share;
    private final double[] rest;

    Shares(int size, int newSize) {
      first = new int[size];
      share = new double[size];
      rest = new double[size];
      for (int i = 0; i < size; i++) {
        long start = (long) i * newSize;
        first[i] = (int) (start / size);
        long border = (first[i] + 1L) * size;
        long end = start + newSize;
        share[i] = (double) (Math.min(end, border) - start) / size;
        rest[i] = (double) Math.max(0, end - border) / size;
      }
    }

    int first(int i) {
      return first[i];
    }

    double share(int i) {
      return share[i];
    }

    double rest(int i) {
      return rest[i];
    }
  }
}
