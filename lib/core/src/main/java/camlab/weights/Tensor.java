package camlab.weights;

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
}
