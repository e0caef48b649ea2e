package camlab.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Finding out what a function computes by running it on noise. */
public final class Trial {

  /** So large that no constant inside a function keeps all of the noise on one side of a ReLU. */
  public static final float SCALE = 1000;

  /** How far two ways to the same numbers may be apart in single precision. */
  private static final float SINGLE = 1e-4f;

  /** The same in another precision, in steps between its neighbouring numbers. */
  private static final float STEPS = 16;

  /** How far sums are from one in half precision. */
  private static final double HALF_ROUNDING = 2e-3;

  private Trial() {}

  /**
   * {@return Gaussian noise of both signs and of deviation {@link #SCALE}}
   *
   * @param scope what it belongs to
   * @param shape its shape
   * @param random where it comes from
   */
  public static NDArray noise(NDManager scope, Shape shape, RandomGenerator random) {
    FloatBuffer values = FloatBuffer.allocate(Math.toIntExact(shape.size()));
    while (values.hasRemaining()) {
      values.put(SCALE * (float) random.nextGaussian());
    }
    return scope.create(values.flip(), shape);
  }

  /**
   * {@return a picture of noise, as large as preprocessed pictures are: of deviation 1}
   *
   * @param scope what it belongs to
   * @param shape its shape, (N, C, H, W)
   * @param random where it comes from
   */
  public static NDArray picture(NDManager scope, Shape shape, RandomGenerator random) {
    return noise(scope, shape, random).div(SCALE);
  }

  /**
   * {@return pictures of noise, each brighter and of more contrast than the one before} What is
   * worked out of all together, as an average or a threshold, is then that of none of them; of
   * equal noise it would be nearly that of each.
   *
   * @param scope what they belong to
   * @param shape their shape, (N, C, H, W)
   * @param random where they come from
   */
  public static NDArray unlike(NDManager scope, Shape shape, RandomGenerator random) {
    NDArray step = scope.arange((float) shape.get(0)).reshape(-1, 1, 1, 1);
    return picture(scope, shape, random).mul(step.add(1)).add(step);
  }

  /**
   * {@return by how much two ways to the same numbers may differ, as a share of the largest}
   *
   * @param precision the step between two neighbouring numbers at 1 in the type they are computed
   *     in
   */
  public static float rounding(float precision) {
    return Math.max(SINGLE, STEPS * precision);
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

  /**
   * {@return the two numbers that differ most of what two runs gave, in words; empty if they are
   * equal but for rounding, or a value is no number or infinite in both}
   *
   * @param first what one run gave
   * @param second what the other gave, in the same shape
   * @param rounding the largest difference, as a share of the largest magnitude in the two
   */
  public static Optional<String> difference(NDArray first, NDArray second, float rounding) {
    if (!first.getShape().equals(second.getShape())) {
      return Optional.of("%s, then %s".formatted(first.getShape(), second.getShape()));
    }
    if (first.size() == 0) {
      return Optional.empty();
    }
    boolean areNumbers = largest(first) <= Float.MAX_VALUE || largest(second) <= Float.MAX_VALUE;
    if (!areNumbers || same(first, second, rounding)) {
      return Optional.empty();
    }
    long place = first.sub(second).abs().flatten().argMax().getLong();
    return Optional.of(
        String.format(
            Locale.ROOT,
            "number %d was %s, then %s",
            place,
            first.flatten().getFloat(place),
            second.flatten().getFloat(place)));
  }

  /**
   * {@return whether all numbers lie between 0 and 1, but for rounding in half precision}
   *
   * @param values any numbers
   */
  public static boolean areWithin(double[] values) {
    return Arrays.stream(values)
        .allMatch(value -> value >= -HALF_ROUNDING && value <= 1 + HALF_ROUNDING);
  }

  /**
   * {@return whether several numbers lie between 0 and 1 and have the sum one, but for rounding in
   * half precision: as probabilities of classes do of which exactly one is there}
   *
   * @param values any numbers
   */
  public static boolean sumToOne(double[] values) {
    return values.length > 1
        && areWithin(values)
        && Math.abs(Arrays.stream(values).sum() - 1) <= HALF_ROUNDING;
  }

  private static float largest(NDArray values) {
    return values.abs().max().getFloat();
  }
}
