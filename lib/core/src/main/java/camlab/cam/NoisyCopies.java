package camlab.cam;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import java.util.Locale;
import java.util.Random;
import java.util.function.Consumer;

/** Noisy copies of what goes into a network. */
final class NoisyCopies {

  /** How many, in the middle of what SmoothGrad's paper recommends. */
  static final int USUAL_SAMPLES = 25;

  /** And how noisy. */
  static final double USUAL_SPREAD = 0.15;

  private NoisyCopies() {}

  /** Requires a number of copies and a spread that there can be, in the name of a method. */
  static void requireValid(String method, int samples, double spread) {
    if (samples < 1 || !(spread >= 0 && Double.isFinite(spread))) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%s needs at least 1 sample and a finite spread of at least 0, found %d and %s.",
              method,
              samples,
              spread));
    }
  }

  /**
   * Passes, each of which gets some copies x + ε with Gaussian noise of deviation σ = spread · (max
   * x − min x). The noise follows from the seed alone: every picture of a batch gets what it would
   * get alone.
   *
   * @param input x, shape (N, C, H, W)
   * @param spread σ as a share of the input's range
   * @param seed of the noise
   * @param pass takes copies, each of shape (N, C, H, W); what is made of them is freed behind the
   *     pass
   */
  static Passes of(NDArray input, double spread, long seed, Consumer<NDList> pass) {
    NDArray flat = input.reshape(input.getShape().get(0), -1);
    NDArray range = flat.max(new int[] {1}).sub(flat.min(new int[] {1}));
    NDArray deviation = range.mul(spread).reshape(-1, 1, 1, 1);
    Random random = new Random(seed);
    float[] noise = new float[(int) input.get(0).size()];
    return (from, to) -> {
      try (var scope = input.getManager().newSubManager()) {
        NDList copies = new NDList(to - from);
        for (int copy = from; copy < to; copy++) {
          for (int i = 0; i < noise.length; i++) {
            noise[i] = (float) random.nextGaussian();
          }
          NDArray drawn = scope.create(noise, input.get(0).getShape()).expandDims(0);
          copies.add(drawn.mul(deviation).add(input));
        }
        pass.accept(copies);
      }
    };
  }
}
