package camlab.cam;

import ai.djl.ndarray.NDArray;
import camlab.progress.Progress;
import java.util.Locale;
import java.util.Random;

/**
 * SS-CAM, smoothed Score-CAM: every channel is weighted by the mean score of the picture seen
 * through noisy copies of it.
 *
 * <p>H<sub>k</sub> as in {@link ScoreCam}; y<sub>k</sub> = 1/n Σ<sub>s</sub> the score of the
 * network's input ⊙ (H<sub>k</sub> + ε<sub>ks</sub>) with Gaussian noise of deviation σ at each
 * pixel, the same for all colours; w = softmax over the channels of y<sub>k</sub>; map =
 * R(Σ<sub>k</sub> w<sub>k</sub> A<sub>k</sub>). The paper takes the increase over the score of a
 * blank picture, which drops out of the softmax. With σ = 0 it is Score-CAM.
 *
 * <p>No gradient is needed; n passes through the whole network per channel. The noise follows from
 * the seed alone, so that a picture has the same map alone and in a batch. With the paper's σ = 2
 * it is twice as large as the mask's whole range: n has to be large, or the weights are the
 * noise's.
 *
 * <p>Source: H. Wang et al., "SS-CAM: Smoothed Score-CAM for Sharper Visual Feature Localization",
 * 2020, the first of its two variants, which smooths the channels; σ and n are those of its
 * experiments. Programs differ in where the noise is added; this is the formula that torchcam 0.5.0
 * states: behind the scaling.
 */
public final class SsCam extends MaskScoringCam {

  private static final int USUAL_SAMPLES = 10;
  private static final double USUAL_DEVIATION = 2;

  private final int samples;
  private final double deviation;
  private final long seed;

  /** With 10 samples of deviation 2, in batches of 16 passes. */
  public SsCam() {
    this(USUAL_SAMPLES, USUAL_DEVIATION, 0, USUAL_BATCH, Progress.NONE);
  }

  /**
   * With other noise.
   *
   * @param samples n, at least 1
   * @param deviation σ, at least 0, finite; the masks lie in [0, 1]
   * @param seed of the noise
   * @param batch passes at once, at least 1
   * @param progress sees every batch
   */
  public SsCam(int samples, double deviation, long seed, int batch, Progress progress) {
    super(batch, progress);
    if (samples < 1 || !(deviation >= 0 && Double.isFinite(deviation))) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "SS-CAM needs at least 1 sample and a finite deviation of at least 0, found %d and %s.",
              samples,
              deviation));
    }
    this.samples = samples;
    this.deviation = deviation;
    this.seed = seed;
  }

  @Override
  public String name() {
    return "SS-CAM";
  }

  @Override
  int trialsPerChannel() {
    return samples;
  }

  @Override
  Masking masking() {
    Random random = new Random(seed);
    return (masks, from) -> {
      float[] noise = new float[(int) masks.size()];
      for (int i = 0; i < noise.length; i++) {
        noise[i] = (float) (deviation * random.nextGaussian());
      }
      NDArray drawn = masks.getManager().create(noise, masks.getShape());
      return masks.add(drawn);
    };
  }
}
