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

  private static final int CHUNK_BYTES = 1 << 18;

  /** So many values are in Java's memory at once, where one after the other is enough. */
  private static final int PIECE = 1 << 18;

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
    readSpan(
        spanned.length,
        new Consumer<>() {
          private int done;

          @Override
          public void accept(FloatBuffer piece) {
            int count = piece.remaining();
            piece.get(spanned, done, count);
            done += count;
          }
        });
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
    float[] values = new float[Math.min(PIECE, length)];
    byte[] bytes = new byte[Math.min(CHUNK_BYTES / type.bytes(), values.length) * type.bytes()];
    try (InputStream stream = storage.open(layout.offset() * type.bytes())) {
      for (int done = 0; done < length; done += values.length) {
        int count = Math.min(values.length, length - done);
        read(stream, bytes, values, count, done);
        piece.accept(FloatBuffer.wrap(values, 0, count));
      }
    } catch (IOException e) {
      throw file.damaged(e);
    }
  }

  /** Reads the next few values, of which {@code before} were read already. */
  private void read(InputStream stream, byte[] bytes, float[] values, int length, int before)
      throws IOException {
    for (int done = 0; done < length; ) {
      int count = Math.min(bytes.length / type.bytes(), length - done);
      int wanted = count * type.bytes();
      if (stream.readNBytes(bytes, 0, wanted) < wanted) {
        throw new EOFException(
            String.format(Locale.ROOT, "the values end after %,d elements", before + done));
      }
      type.decode(ByteBuffer.wrap(bytes, 0, wanted).order(order), values, done, count);
      done += count;
    }
  }
}
