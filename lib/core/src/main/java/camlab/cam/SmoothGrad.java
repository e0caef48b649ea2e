package camlab.cam;

import ai.djl.ndarray.NDArray;
import camlab.capture.Recording;
import camlab.capture.Target;
import camlab.identity.Incidental;
import camlab.identity.Later;
import camlab.network.LayerGraph;
import camlab.progress.Progress;
import java.util.Objects;

/**
 * SmoothGrad: the gradient, averaged over noisy copies of the picture.
 *
 * <p>1/n Σ<sub>s</sub> ∂y/∂x (x + ε<sub>s</sub>) with Gaussian noise of deviation σ = spread · (max
 * x − min x); the map is the largest magnitude of the channels. The noise follows from the seed
 * alone, so that a picture has the same map alone and in a batch.
 *
 * <p>n forward and n backward passes beside the recording; n is 25 unless another is given.
 *
 * <p>Source: D. Smilkov et al., "SmoothGrad: removing noise by adding noise", 2017.
 */
public final class SmoothGrad extends PixelMethod {

  private final int samples;
  private final double spread;
  private final long seed;

  @Later("8")
  private final int batch;

  @Incidental private final Progress progress;

  /** With 25 samples and a spread of 15 %, in the middle of what the paper recommends. */
  public SmoothGrad() {
    this(NoisyCopies.USUAL_SAMPLES, NoisyCopies.USUAL_SPREAD, 0, Progress.NONE);
  }

  /**
   * With other noise.
   *
   * @param samples n, at least 1
   * @param spread the noise's deviation as a share of the input's range, at least 0, finite
   * @param seed of the noise
   * @param progress sees every batch
   */
  public SmoothGrad(int samples, double spread, long seed, Progress progress) {
    this(samples, spread, seed, GradientBatch.USUAL, progress);
  }

  /**
   * With batches of one's own size.
   *
   * @param samples n, at least 1
   * @param spread the noise's deviation as a share of the input's range, at least 0, finite
   * @param seed of the noise
   * @param batch how many pictures run at once, at least 1
   * @param progress sees every batch
   */
  public SmoothGrad(int samples, double spread, long seed, int batch, Progress progress) {
    NoisyCopies.requireValid(name(), samples, spread);
    this.samples = samples;
    this.spread = spread;
    this.seed = seed;
    this.batch = Passes.requireBatch(batch);
    this.progress = Objects.requireNonNull(progress, "progress");
  }

  @Override
  public String name() {
    return "SmoothGrad";
  }

  @Override
  NDArray attribution(NDArray input, Recording recording, String layer, Target target) {
    NDArray sum = input.zerosLike();
    GradientBatch passes = GradientBatch.of(recording, target, batch);
    NoisyCopies.of(
            input,
            spread,
            seed,
            noisy -> sum.addi(passes.gradients(noisy, LayerGraph.INPUT).sum(new int[] {0})))
        .runAll(progress, name(), samples, passes.copies(input));
    return sum.div(samples);
  }
}
