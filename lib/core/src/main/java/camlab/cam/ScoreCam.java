package camlab.cam;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import camlab.capture.Recording;
import camlab.engine.PyTorch;
import camlab.progress.Progress;
import java.util.Arrays;

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
public final class ScoreCam extends ChannelScoringCam {

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

  @Override
  Trial trial(Recording recording, String layer, int picture, NDArray activation) {
    NDArray input = recording.input().get("{}:{}", picture, picture + 1);
    input.attach(activation.getManager());
    long[] size = {input.getShape().get(2), input.getShape().get(3)};
    return (scope, from, to) ->
        recording.network().run(masks(scope, activation, from, to, size).mul(input));
  }

  /** H of some channels, shape (to − from, 1, H, W). */
  private static NDArray masks(NDManager scope, NDArray activation, int from, int to, long[] size) {
    NDArray channels = activation.get(scope, 0).get("{}:{}", from, to).expandDims(1);
    NDArray resized = PyTorch.resized(channels, size[0], size[1]);
    // The engine takes one axis at a time here.
    NDArray min = resized.min(new int[] {2}, true).min(new int[] {3}, true);
    NDArray range = resized.max(new int[] {2}, true).max(new int[] {3}, true).sub(min);
    NDArray constant = range.eq(0).toType(range.getDataType(), false);
    return resized.sub(min).div(range.add(constant));
  }

  /** The softmax, with the largest score taken off first so that no power overflows. */
  @Override
  double[] weights(double[] scores, double score) {
    double largest = Arrays.stream(scores).max().orElseThrow();
    double[] powers = Arrays.stream(scores).map(y -> Math.exp(y - largest)).toArray();
    double sum = Arrays.stream(powers).sum();
    return Arrays.stream(powers).map(power -> power / sum).toArray();
  }
}
