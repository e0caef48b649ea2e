package camlab.cam;

import ai.djl.ndarray.types.Shape;
import camlab.progress.Progress;
import java.util.Locale;

/**
 * IS-CAM, integrated Score-CAM: every channel is weighted by the mean score of the picture seen
 * through it more and more strongly.
 *
 * <p>H<sub>k</sub> as in {@link ScoreCam}; y<sub>k</sub> = 1/n Σ<sub>i=1…n</sub> the score of the
 * network's input ⊙ c<sub>i</sub> H<sub>k</sub> with c<sub>i</sub> = Σ<sub>j=0…i−1</sub> j/n; w =
 * softmax over the channels of y<sub>k</sub>; map = R(Σ<sub>k</sub> w<sub>k</sub> A<sub>k</sub>).
 * The paper takes the increase over the score of a blank picture, which drops out of the softmax.
 *
 * <p>No gradient is needed; n passes through the whole network per channel. The steps add up, so
 * that c goes from 0 over 1 to (n − 1)/2: with the usual n = 10 the last copies are up to 4.5 times
 * as strong as the picture, which no network was trained on.
 *
 * <p>Source: R. Naidu et al., "IS-CAM: Integrated Score-CAM for axiomatic-based explanations",
 * 2020, with c as torchcam 0.5.0 states it (what that package computes is one step further on, c
 * from 1/n to (n + 1)/2).
 */
public final class IsCam extends MaskScoringCam {

  private static final int USUAL_STEPS = 10;

  private final int steps;

  /** With 10 steps, in batches of 16 passes. */
  public IsCam() {
    this(USUAL_STEPS, USUAL_BATCH, Progress.NONE);
  }

  /**
   * With other steps.
   *
   * @param steps n, at least 1
   * @param batch passes at once, at least 1
   * @param progress sees every batch
   */
  public IsCam(int steps, int batch, Progress progress) {
    super(batch, progress);
    if (steps < 1) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "At least 1 step is needed, found %d.", steps));
    }
    this.steps = steps;
  }

  @Override
  public String name() {
    return "IS-CAM";
  }

  @Override
  int trialsPerChannel() {
    return steps;
  }

  @Override
  Masking masking() {
    return (masks, from) -> {
      float[] strengths = new float[(int) masks.getShape().get(0)];
      for (int t = 0; t < strengths.length; t++) {
        int step = (from + t) % steps;
        // 0 + 1 + … + step, each over n.
        strengths[t] = step * (step + 1) / 2f / steps;
      }
      return masks.mul(masks.getManager().create(strengths, new Shape(strengths.length, 1, 1, 1)));
    };
  }
}
