package camlab.picture;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Optional;
import java.util.function.IntFunction;
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
    return of(width, height, pixels, Integer.MAX_VALUE).orElseThrow();
  }

  /**
   * The same file, if it is short enough; where it is not, no more of it is made than shows that.
   *
   * @param most how many bytes it may have
   * @return empty if it has more
   */
  static Optional<byte[]> of(int width, int height, int[] pixels, int most) {
    int[] palette = firstColors(pixels);
    boolean indexed = palette.length <= MOST_COLORS;
    IntFunction<byte[]> rows =
        indexed ? row -> indices(width, row, pixels, palette) : new Filtered(width, pixels)::row;
    return deflated(height, rows, indexed ? INDEXED_EFFORT : TRUE_COLOR_EFFORT, most)
        .map(data -> file(header(width, height, indexed ? INDEXED : TRUE_COLOR), palette, data))
        .filter(file -> file.length <= most);
  }

  private static byte[] file(byte[] header, int[] palette, byte[] data) {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.writeBytes(SIGNATURE);
    write(file, "IHDR", header);
    if (palette.length <= MOST_COLORS) {
      write(file, "PLTE", bytes(palette));
    }
    write(file, "IDAT", data);
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
    look(colors, 0, colors.length, bytes, 0);
    return bytes;
  }

  private static void look(int[] colors, int from, int count, byte[] bytes, int at) {
    for (int i = 0; i < count; i++) {
      int color = colors[from + i];
      bytes[at + 3 * i] = (byte) (color >> 16);
      bytes[at + 3 * i + 1] = (byte) (color >> 8);
      bytes[at + 3 * i + 2] = (byte) color;
    }
  }

  /** A row of places in the palette; it begins with its filter: none. */
  private static byte[] indices(int width, int row, int[] pixels, int[] palette) {
    byte[] indices = new byte[1 + width];
    int start = row * width;
    for (int i = 0; i < width; i++) {
      int color = pixels[start + i];
      indices[1 + i] =
          i > 0 && color == pixels[start + i - 1]
              ? indices[i]
              : (byte) Arrays.binarySearch(palette, color);
    }
    return indices;
  }

  /**
   * Rows in true colour from the first to the last, each in the filter whose differences from 0 add
   * up to least, as the standard advises; of equal ones the first.
   */
  private static final class Filtered {

    private final int width;
    private final int[] pixels;

    // Before the first pixel of a row, and above the first row, all is 0.
    private byte[] above;
    private byte[] row;

    Filtered(int width, int[] pixels) {
      this.width = width;
      this.pixels = pixels;
      above = new byte[PIXEL * (1 + width)];
      row = new byte[PIXEL * (1 + width)];
    }

    /** The next row, which begins with its filter. */
    byte[] row(int number) {
      look(pixels, number * width, width, row, PIXEL);
      byte[] result = new byte[1 + PIXEL * width];
      int filter = filter();
      result[0] = (byte) filter;
      for (int i = PIXEL; i < row.length; i++) {
        int predicted =
            prediction(filter, row[i - PIXEL] & 0xFF, above[i] & 0xFF, above[i - PIXEL] & 0xFF);
        result[i - PIXEL + 1] = (byte) (row[i] - predicted);
      }
      byte[] used = above;
      above = row;
      row = used;
      return result;
    }

    /** All filters are tried in one walk along the row: each of them reads the same neighbours. */
    private int filter() {
      long none = 0;
      long fromLeft = 0;
      long fromAbove = 0;
      long fromMean = 0;
      long fromNearest = 0;
      for (int i = PIXEL; i < row.length; i++) {
        int sample = row[i];
        int left = row[i - PIXEL] & 0xFF;
        int up = above[i] & 0xFF;
        none += Math.abs(sample);
        fromLeft += Math.abs((byte) (sample - left));
        fromAbove += Math.abs((byte) (sample - up));
        fromMean += Math.abs((byte) (sample - (left + up) / 2));
        fromNearest += Math.abs((byte) (sample - paeth(left, up, above[i - PIXEL] & 0xFF)));
      }
      return least(none, fromLeft, fromAbove, fromMean, fromNearest);
    }
  }

  private static int least(long... sums) {
    int least = 0;
    for (int i = 1; i < sums.length; i++) {
      least = sums[i] < sums[least] ? i : least;
    }
    return least;
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

  /** Rows, compressed one after the other until they take more than so many bytes. */
  private static Optional<byte[]> deflated(
      int height, IntFunction<byte[]> rows, int effort, int most) {
    Deflater deflater = new Deflater(effort);
    try {
      ByteArrayOutputStream result = new ByteArrayOutputStream();
      byte[] buffer = new byte[1 << 16];
      for (int row = 0; row < height && result.size() <= most; row++) {
        deflater.setInput(rows.apply(row));
        while (!deflater.needsInput()) {
          result.write(buffer, 0, deflater.deflate(buffer));
        }
      }
      deflater.finish();
      while (!deflater.finished() && result.size() <= most) {
        result.write(buffer, 0, deflater.deflate(buffer));
      }
      return deflater.finished() ? Optional.of(result.toByteArray()) : Optional.empty();
    } finally {
      deflater.end();
    }
  }
}
