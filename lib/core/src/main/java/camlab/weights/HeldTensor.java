package camlab.weights;

import java.nio.FloatBuffer;
import java.util.function.Consumer;

/** A tensor in memory. */
final class HeldTensor implements Tensor {

  private final long[] shape;
  private final float[] values;

  HeldTensor(long[] shape, float[] values) {
    this.shape = shape.clone();
    this.values = values.clone();
  }

  @Override
  public long[] shape() {
    return shape.clone();
  }

  @Override
  public long count() {
    return values.length;
  }

  @Override
  public boolean isWhole() {
    return false;
  }

  @Override
  public float[] floats() {
    return values.clone();
  }

  @Override
  public void read(Consumer<FloatBuffer> piece) {
    piece.accept(FloatBuffer.wrap(values).asReadOnlyBuffer());
  }
}
