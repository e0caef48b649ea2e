package camlab.weights;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;

/**
 * The bytes of a pickle, counted. It ends with an exception, never with -1, and hands out no array
 * larger than what is left: a pickle that declares a string of a gigabyte costs nothing.
 */
final class PickleInput extends InputStream {

  private static final int LONGEST_LINE = 4096;

  private final InputStream input;
  private final long length;
  private long position;

  PickleInput(InputStream input, long length) {
    this.input = input;
    this.length = length;
  }

  /** Bytes consumed so far. */
  long position() {
    return position;
  }

  @Override
  public int read() throws IOException {
    int value = position < length ? input.read() : -1;
    if (value < 0) {
      throw ended();
    }
    position++;
    return value;
  }

  @Override
  public int read(byte[] target, int from, int count) throws IOException {
    int read = count <= length - position ? input.readNBytes(target, from, count) : -1;
    if (read < count) {
      throw ended();
    }
    position += read;
    return read;
  }

  /** The next bytes, as many as are declared and not more than there are. */
  byte[] take(long count) throws IOException {
    if (count < 0 || count > length - position) {
      throw new EOFException(
          String.format(
              Locale.ROOT,
              "at byte %,d it declares %s more bytes, and %,d are left",
              position,
              Long.toUnsignedString(count),
              length - position));
    }
    byte[] bytes = new byte[(int) count];
    if (read(bytes, 0, bytes.length) < bytes.length) {
      throw ended();
    }
    return bytes;
  }

  /** A little-endian number of 1 to 8 bytes, unsigned below 8. */
  long number(int bytes) throws IOException {
    long value = 0;
    for (int i = 0; i < bytes; i++) {
      value |= (long) read() << (8 * i);
    }
    return value;
  }

  /** The text up to the next line feed. */
  String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = read(); c != '\n'; c = read()) {
      // Parsing a decimal number takes time quadratic in its length.
      if (line.length() == LONGEST_LINE) {
        throw new IOException(
            String.format(Locale.ROOT, "at byte %,d a line does not end", position));
      }
      line.append((char) c);
    }
    return line.toString();
  }

  private EOFException ended() {
    return new EOFException(
        String.format(Locale.ROOT, "it stops in the middle, at byte %,d", position));
  }
}
