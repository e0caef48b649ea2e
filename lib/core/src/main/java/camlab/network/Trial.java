package camlab.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.nio.FloatBuffer;
import java.util.Random;

/** Finding out what a function computes by running it on noise. */
public final class Trial {

  /** So large that no constant inside a function keeps all of the noise on one side of a ReLU. */
  public static final float SCALE = 1000;

  private Trial() {}

  /**
   * {@return Gaussian noise of both signs and of deviation {@link #SCALE}}
   *
   * @param scope what it belongs to
   * @param shape its shape
   * @param random where it comes from
   */
  public static NDArray noise(NDManager scope, Shape shape, Random random) {
    FloatBuffer values = FloatBuffer.allocate(Math.toIntExact(shape.size()));
    while (values.hasRemaining()) {
      values.put(SCALE * (float) random.nextGaussian());
    }
    return scope.create(values.flip(), shape);
  }

  /**
   * {@return whether two arrays of one shape are equal but for rounding} False also where there is
   * a value that is no number, or an infinite one.
   *
   * @param found one of them
   * @param expected the other
   * @param rounding the largest difference, as a share of the largest magnitude in the two
   */
  public static boolean same(NDArray found, NDArray expected, float rounding) {
    float largest = Math.max(largest(found), largest(expected));
    return largest <= Float.MAX_VALUE && largest(found.sub(expected)) <= rounding * largest;
  }

  private static float largest(NDArray values) {
    return values.abs().max().getFloat();
  }
}
