package camlab.weights;

import java.nio.FloatBuffer;
import java.util.function.Consumer;

/** One tensor of a {@link StateDict}, in memory or in a file. */
interface Tensor {

  /** A copy of the dimensions, outermost first. */
  long[] shape();

  /** Number of elements. */
  long count();

  /** Whether its values can only be whole, as those that are quantised are. */
  boolean isWhole();

  /** The values in row-major order, a new array at each call. */
  float[] floats();

  /**
   * Hands on the values in row-major order, some at a time where the file has them in that order.
   * The memory of what is handed on is used again.
   */
  void read(Consumer<FloatBuffer> piece);
}
