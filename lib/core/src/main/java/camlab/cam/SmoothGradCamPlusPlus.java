package camlab.cam;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import camlab.capture.Recording;
import camlab.capture.Target;
import camlab.identity.Incidental;
import camlab.identity.Later;
import camlab.progress.Progress;
import java.util.Objects;

/**
 * Smooth Grad-CAM++: Grad-CAM++ with the gradients of noisy copies of the picture.
 *
 * <p>With ⟨·⟩ the mean over n copies with Gaussian noise of deviation σ = spread · (max x − min x):
 * α = ⟨g²⟩ / (2⟨g²⟩ + S ⟨g³⟩) with S<sub>k</sub> = Σ<sub>ij</sub> A<sub>kij</sub>, and 0 where ⟨g²⟩
 * = 0 or the denominator is 0; w<sub>k</sub> = Σ<sub>ij</sub> α R(⟨g⟩); map = R(Σ<sub>k</sub>
 * w<sub>k</sub> A<sub>k</sub>). A is the unchanged picture's. Without noise it is Grad-CAM++.
 *
 * <p>n forward and n backward passes beside the recording. The noise follows from the seed alone,
 * so that a picture has the same map alone and in a batch.
 *
 * <p>Source: D. Omeiza et al., "Smooth Grad-CAM++: An Enhanced Inference Level Visualization
 * Technique for Deep Convolutional Neural Network Models", 2019. Its numerator of α is printed as
 * the mean of the first derivative; here it is that of the second, as in Grad-CAM++, which the
 * method averages and otherwise could not give back.
 */
public final class SmoothGradCamPlusPlus extends LayerMethod {

  /** The axis along which the copies lie. */
  private static final int[] COPIES = {0};

  private final int samples;
  private final double spread;
  private final long seed;

  @Later("8")
  private final int batch;

  @Incidental private final Progress progress;

  /** With 25 samples and a spread of 15 %, as {@link SmoothGrad}. */
  public SmoothGradCamPlusPlus() {
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
  public SmoothGradCamPlusPlus(int samples, double spread, long seed, Progress progress) {
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
  public SmoothGradCamPlusPlus(
      int samples, double spread, long seed, int batch, Progress progress) {
    NoisyCopies.requireValid(name(), samples, spread);
    this.samples = samples;
    this.spread = spread;
    this.seed = seed;
    this.batch = Passes.requireBatch(batch);
    this.progress = Objects.requireNonNull(progress, "progress");
  }

  @Override
  public String name() {
    return "Smooth Grad-CAM++";
  }

  @Override
  protected NDArray maps(NDArray activation, Recording recording, String layer, Target target) {
    NDArray input = recording.input();
    input.attach(activation.getManager());
    // In double precision, since the denominator of α is a difference that can come close to zero.
    NDArray first = activation.zerosLike().toType(DataType.FLOAT64, false);
    NDArray second = first.zerosLike();
    NDArray third = first.zerosLike();
    GradientBatch passes = GradientBatch.of(recording, target, batch);
    NoisyCopies.of(
            input,
            spread,
            seed,
            noisy -> {
              NDArray gradients = passes.gradients(noisy, layer).toType(DataType.FLOAT64, false);
              first.addi(gradients.sum(COPIES));
              second.addi(gradients.pow(2).sum(COPIES));
              third.addi(gradients.pow(3).sum(COPIES));
            })
        .runAll(progress, name(), samples, passes.copies(input));
    NDArray sum = sumOverPositions(activation.toType(DataType.FLOAT64, false));
    NDArray alpha = ratio(second, second.mul(2).add(sum.mul(third)));
    NDArray weights = sumOverPositions(alpha.mul(relu(first.div(samples))));
    return relu(sumOverChannels(weights.toType(DataType.FLOAT32, false).mul(activation)));
  }

  /** The quotient, and 0 where either part is 0. The number of samples cancels in it. */
  private static NDArray ratio(NDArray numerator, NDArray denominator) {
    NDArray zero = denominator.eq(0).toType(DataType.FLOAT64, false);
    return numerator.div(denominator.add(zero)).mul(zero.neg().add(1));
  }
}
