package camlab.weights;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Locale;
import java.util.function.Consumer;

/** A tensor in a file, read anew each time it is asked for. */
final class StoredTensor implements Tensor {

  /** So much of a file is in Java's memory at once, where one piece after the other is enough. */
  private static final int PIECE_BYTES = 1 << 20;

  private final WeightsFile file;
  private final Storage storage;
  private final ElementType type;
  private final ByteOrder order;
  private final Layout layout;

  /**
   * A tensor whose layout lies inside its storage.
   *
   * @throws WeightsException if it has more elements than the file has bytes, or than an array can
   *     hold: only a view that repeats its elements can, and a small file must not ask for
   *     gigabytes
   */
  StoredTensor(
      WeightsFile file, Storage storage, ElementType type, ByteOrder order, Layout layout) {
    if (layout.count() > file.length()) {
      throw file.problem(
          String.format(
              Locale.ROOT,
              "a tensor has %,d elements, more than the file has bytes (%,d). If it is an expanded view, save tensor.contiguous() instead.",
              layout.count(),
              file.length()));
    }
    if (Math.max(layout.count(), layout.span()) > Integer.MAX_VALUE - 8) {
      throw file.problem(
          String.format(
              Locale.ROOT,
              "a tensor has %,d elements; at most %,d can be read.",
              Math.max(layout.count(), layout.span()),
              Integer.MAX_VALUE - 8));
    }
    this.file = file;
    this.storage = storage;
    this.type = type;
    this.order = order;
    this.layout = layout;
  }

  @Override
  public long[] shape() {
    return layout.shape();
  }

  @Override
  public long count() {
    return layout.count();
  }

  @Override
  public boolean isWhole() {
    return type.isWhole();
  }

  @Override
  public float[] floats() {
    float[] spanned = new float[(int) layout.span()];
    FloatBuffer all = FloatBuffer.wrap(spanned);
    readSpan(spanned.length, all::put);
    return layout.isContiguous() ? spanned : layout.gather(spanned);
  }

  @Override
  public void read(Consumer<FloatBuffer> piece) {
    if (layout.isContiguous()) {
      readSpan((int) layout.span(), piece);
    } else {
      piece.accept(FloatBuffer.wrap(floats()));
    }
  }

  /** All that lies between the first and the last of the values, in the file's order. */
  private void readSpan(int length, Consumer<FloatBuffer> piece) {
    if (length == 0) {
      return;
    }
    file.requireUnchanged();
    float[] values = new float[Math.min(PIECE_BYTES / type.bytes(), length)];
    byte[] bytes = new byte[values.length * type.bytes()];
    try (InputStream stream = storage.open(layout.offset() * type.bytes())) {
      for (int done = 0; done < length; done += values.length) {
        int count = Math.min(values.length, length - done);
        int wanted = count * type.bytes();
        if (stream.readNBytes(bytes, 0, wanted) < wanted) {
          throw new EOFException(
              String.format(Locale.ROOT, "the values end after %,d elements", done));
        }
        type.decode(ByteBuffer.wrap(bytes, 0, wanted).order(order), values, 0, count);
        piece.accept(FloatBuffer.wrap(values, 0, count));
      }
    } catch (IOException e) {
      throw file.damaged(e);
    }
  }
}
