package camlab.picture;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * Pixels as a PNG file (W3C, Portable Network Graphics, 3rd edition, 2025): with a palette if there
 * are at most 256 colours, else in true colour with a filter for each row.
 *
 * <p>The JDK's own writer filters the rows of palettes, which makes them longer, and not those of
 * true colour: drawings come out up to twice as large as they need to be.
 */
final class PngFile {

  private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
  private static final int MOST_COLORS = 256;
  private static final int TRUE_COLOR = 2;
  private static final int INDEXED = 3;
  private static final int FILTERS = 5;
  private static final int NO_FILTER = 0;
  private static final int PIXEL = 3; // bytes, in true colour
  private static final int INDEXED_EFFORT = Deflater.BEST_COMPRESSION;
  private static final int TRUE_COLOR_EFFORT = 6; // 9 takes four times as long to save 2 %

  private PngFile() {}

  /**
   * The bytes of a file; equal pixels give equal bytes.
   *
   * @param pixels {@code width · height} of them, row by row, each {@code 0xRRGGBB}
   */
  static byte[] of(int width, int height, int[] pixels) {
    int[] palette = firstColors(pixels);
    boolean indexed = palette.length <= MOST_COLORS;
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.writeBytes(SIGNATURE);
    write(file, "IHDR", header(width, height, indexed ? INDEXED : TRUE_COLOR));
    if (indexed) {
      write(file, "PLTE", bytes(palette));
      write(file, "IDAT", deflated(indices(width, height, pixels, palette), INDEXED_EFFORT));
    } else {
      write(file, "IDAT", deflated(filtered(width, height, bytes(pixels)), TRUE_COLOR_EFFORT));
    }
    write(file, "IEND", new byte[0]);
    return file.toByteArray();
  }

  /** The colours there are, in ascending order; not all of them if they are too many. */
  private static int[] firstColors(int[] pixels) {
    BitSet found = new BitSet();
    int colors = 0;
    for (int i = 0; i < pixels.length && colors <= MOST_COLORS; i++) {
      if (!found.get(pixels[i])) {
        found.set(pixels[i]);
        colors++;
      }
    }
    return found.stream().toArray();
  }

  private static byte[] header(int width, int height, int colorType) {
    byte depth = 8;
    byte none = 0; // the only compression, the only set of filters, and not interlaced
    return ByteBuffer.allocate(13)
        .putInt(width)
        .putInt(height)
        .put(depth)
        .put((byte) colorType)
        .put(none)
        .put(none)
        .put(none)
        .array();
  }

  private static void write(ByteArrayOutputStream file, String type, byte[] data) {
    byte[] name = type.getBytes(StandardCharsets.US_ASCII);
    CRC32 sum = new CRC32();
    sum.update(name);
    sum.update(data);
    file.writeBytes(ByteBuffer.allocate(4).putInt(data.length).array());
    file.writeBytes(name);
    file.writeBytes(data);
    file.writeBytes(ByteBuffer.allocate(4).putInt((int) sum.getValue()).array());
  }

  /** Red, green and blue of each colour. */
  private static byte[] bytes(int[] colors) {
    byte[] bytes = new byte[3 * colors.length];
    for (int i = 0; i < colors.length; i++) {
      bytes[3 * i] = (byte) (colors[i] >> 16);
      bytes[3 * i + 1] = (byte) (colors[i] >> 8);
      bytes[3 * i + 2] = (byte) colors[i];
    }
    return bytes;
  }

  private static byte[] indices(int width, int height, int[] pixels, int[] palette) {
    byte[] rows = new byte[(width + 1) * height]; // each begins with its filter: none
    for (int i = 0; i < pixels.length; i++) {
      int row = i / width;
      rows[i + row + 1] = (byte) Arrays.binarySearch(palette, pixels[i]);
    }
    return rows;
  }

  /** Rows, each in the filter whose differences from 0 add up to least, as the standard advises. */
  private static byte[] filtered(int width, int height, byte[] samples) {
    int length = 3 * width;
    byte[] rows = new byte[(length + 1) * height];
    // Before the first pixel of a row, and above the first row, all is 0.
    byte[] above = new byte[PIXEL + length];
    byte[] row = new byte[PIXEL + length];
    byte[] tried = new byte[length];
    for (int y = 0; y < height; y++) {
      System.arraycopy(samples, y * length, row, PIXEL, length);
      long least = Long.MAX_VALUE;
      for (int filter = NO_FILTER; filter < FILTERS; filter++) {
        long sum = filter(filter, row, above, tried, least);
        if (sum < least) {
          least = sum;
          rows[y * (length + 1)] = (byte) filter;
          System.arraycopy(tried, 0, rows, y * (length + 1) + 1, length);
        }
      }
      byte[] used = above;
      above = row;
      row = used;
    }
    return rows;
  }

  /**
   * Filters a row, and adds up how far the results are from 0; no further than to the least sum
   * there was, with which it is of no use.
   */
  private static long filter(int filter, byte[] row, byte[] above, byte[] result, long least) {
    long sum = 0;
    for (int i = 0; i < result.length && sum < least; i++) {
      int left = row[i] & 0xFF;
      int aboveLeft = above[i] & 0xFF;
      int predicted = prediction(filter, left, above[i + PIXEL] & 0xFF, aboveLeft);
      result[i] = (byte) (row[i + PIXEL] - predicted);
      sum += Math.abs(result[i]);
    }
    return sum;
  }

  private static int prediction(int filter, int left, int above, int aboveLeft) {
    return switch (filter) {
      case NO_FILTER -> 0;
      case 1 -> left;
      case 2 -> above;
      case 3 -> (left + above) / 2;
      default -> paeth(left, above, aboveLeft);
    };
  }

  /** Whichever of the neighbours is nearest to the plane through them. */
  private static int paeth(int left, int above, int aboveLeft) {
    int plane = left + above - aboveLeft;
    int toLeft = Math.abs(plane - left);
    int toAbove = Math.abs(plane - above);
    int toAboveLeft = Math.abs(plane - aboveLeft);
    if (toLeft <= toAbove && toLeft <= toAboveLeft) {
      return left;
    }
    return toAbove <= toAboveLeft ? above : aboveLeft;
  }

  private static byte[] deflated(byte[] data, int effort) {
    Deflater deflater = new Deflater(effort);
    try {
      deflater.setInput(data);
      deflater.finish();
      ByteArrayOutputStream result = new ByteArrayOutputStream();
      byte[] buffer = new byte[1 << 16];
      while (!deflater.finished()) {
        result.write(buffer, 0, deflater.deflate(buffer));
      }
      return result.toByteArray();
    } finally {
      deflater.end();
    }
  }
}
