package camlab.weights;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Locale;

/** A tensor in a file, read anew each time it is asked for. */
final class StoredTensor implements Tensor {

  private static final int CHUNK_BYTES = 1 << 18;

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
    if (layout.count() == 0) {
      return new float[0];
    }
    file.requireUnchanged();
    float[] spanned = readSpan();
    return layout.isContiguous() ? spanned : layout.gather(spanned);
  }

  private float[] readSpan() {
    float[] values = new float[(int) layout.span()];
    int chunk = CHUNK_BYTES / type.bytes();
    byte[] bytes = new byte[Math.min(chunk, values.length) * type.bytes()];
    try (InputStream stream = storage.open(layout.offset() * type.bytes())) {
      for (int done = 0; done < values.length; ) {
        int count = Math.min(chunk, values.length - done);
        int wanted = count * type.bytes();
        if (stream.readNBytes(bytes, 0, wanted) < wanted) {
          throw new EOFException(
              String.format(Locale.ROOT, "the values end after %,d elements", done));
        }
        type.decode(ByteBuffer.wrap(bytes, 0, wanted).order(order), values, done, count);
        done += count;
      }
    } catch (IOException e) {
      throw file.damaged(e);
    }
    return values;
  }
}
