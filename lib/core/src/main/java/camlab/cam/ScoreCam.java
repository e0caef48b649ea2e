package camlab.cam;

import camlab.progress.Progress;

/**
 * Score-CAM: every channel is weighted by the score of the picture seen through it.
 *
 * <p>H<sub>k</sub> = A<sub>k</sub>, resized bilinearly to the picture and scaled to [0, 1] by its
 * own minimum and maximum (a constant channel lets nothing through); y<sub>k</sub> = the score of
 * the network's input ⊙ H<sub>k</sub>; w = softmax over the channels of y<sub>k</sub>; map =
 * R(Σ<sub>k</sub> w<sub>k</sub> A<sub>k</sub>). The paper takes the increase over the score of a
 * blank picture, which is the same for all channels and drops out of the softmax.
 *
 * <p>No gradient is needed; one pass through the whole network per channel.
 *
 * <p>Source: H. Wang et al., "Score-CAM: Score-Weighted Visual Explanations for Convolutional
 * Neural Networks", CVPR Workshops 2020, equations 6 and 7 and algorithm 1.
 */
public final class ScoreCam extends MaskScoringCam {

  /** With batches of 16 passes. */
  public ScoreCam() {
    this(USUAL_BATCH, Progress.NONE);
  }

  /**
   * With batches of one's own size.
   *
   * @param batch passes at once, at least 1
   * @param progress sees every batch
   */
  public ScoreCam(int batch, Progress progress) {
    super(batch, progress);
  }

  @Override
  public String name() {
    return "Score-CAM";
  }
}
