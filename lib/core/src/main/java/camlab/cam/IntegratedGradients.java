package camlab.cam;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import camlab.capture.Recording;
import camlab.capture.Target;
import camlab.identity.Incidental;
import camlab.identity.Later;
import camlab.network.LayerGraph;
import camlab.picture.Preprocessing;
import camlab.progress.Progress;
import java.util.Locale;
import java.util.Objects;

/**
 * Integrated gradients: the score's rise on the way from a black picture to this one, shared out
 * among the pixels. The shares add up to it.
 *
 * <p>(x − x′) ⊙ 1/m Σ<sub>s=1…m</sub> ∂y/∂x (x′ + (s − ½)/m · (x − x′)) with x′ the black picture
 * as the network takes it: the integral by the midpoint rule. The map is the sum over the channels,
 * signed; up to the rule's error, its sum is y(x) − y(x′).
 *
 * <p>m forward and m backward passes beside the recording; m is 50 unless another is given.
 *
 * <p>Source: M. Sundararajan, A. Taly, Q. Yan, "Axiomatic Attribution for Deep Networks", ICML
 * 2017, equations 1 and 3.
 */
public final class IntegratedGradients extends PixelMethod {

  private static final int USUAL_STEPS = 50;

  private final int steps;

  @Later("8")
  private final int batch;

  @Incidental private final Progress progress;

  /** With 50 steps. */
  public IntegratedGradients() {
    this(USUAL_STEPS, Progress.NONE);
  }

  /**
   * With other steps.
   *
   * @param steps m, at least 1
   * @param progress sees every batch
   */
  public IntegratedGradients(int steps, Progress progress) {
    this(steps, GradientBatch.USUAL, progress);
  }

  /**
   * With batches of one's own size.
   *
   * @param steps m, at least 1
   * @param batch how many pictures run at once, at least 1
   * @param progress sees every batch
   */
  public IntegratedGradients(int steps, int batch, Progress progress) {
    if (steps < 1) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "At least 1 step is needed, found %d.", steps));
    }
    this.steps = steps;
    this.batch = Passes.requireBatch(batch);
    this.progress = Objects.requireNonNull(progress, "progress");
  }

  @Override
  public String name() {
    return "Integrated gradients";
  }

  @Override
  NDArray map(NDArray attribution) {
    return attribution.sum(new int[] {1});
  }

  @Override
  NDArray attribution(NDArray input, Recording recording, String layer, Target target) {
    NDArray black = black(input, recording.network().preprocessing());
    NDArray way = input.sub(black);
    NDArray sum = input.zerosLike();
    GradientBatch gradients = GradientBatch.of(recording, target, batch);
    Passes passes =
        (from, to) -> {
          try (var scope = input.getManager().newSubManager()) {
            NDList places = new NDList(to - from);
            for (int step = from; step < to; step++) {
              places.add(scope.create((step + 0.5f) / steps).mul(way).add(black));
            }
            sum.addi(gradients.gradients(places, LayerGraph.INPUT).sum(new int[] {0}));
          }
        };
    passes.runAll(progress, name(), steps, gradients.copies(input));
    return way.mul(sum).div(steps);
  }

  /** A black picture as the network takes it, shape (1, C, 1, 1). */
  private static NDArray black(NDArray input, Preprocessing preprocessing) {
    float[] black = preprocessing.black();
    return input.getManager().create(black, new Shape(1, black.length, 1, 1));
  }
}
