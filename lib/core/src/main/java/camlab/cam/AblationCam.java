package camlab.cam;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import camlab.capture.Recording;
import camlab.network.Rest;
import camlab.progress.Progress;
import java.util.Arrays;

/**
 * Ablation-CAM: every channel is weighted by how much the score falls when the channel is switched
 * off.
 *
 * <p>w<sub>k</sub> = (y − y<sub>k</sub>) / |y| with y<sub>k</sub> the score when A<sub>k</sub> is
 * set to zero; map = R(Σ<sub>k</sub> w<sub>k</sub> A<sub>k</sub>). The paper divides by y itself
 * and means positive scores; a negative score would turn every weight's sign round. Where y = 0
 * nothing is divided: the division only scales the map.
 *
 * <p>No gradient is needed; one pass per channel, and only through the part of the network behind
 * the layer. (A TorchScript file knows no such part: there each pass is a whole one.)
 *
 * <p>Source: H. G. Ramaswamy et al., "Ablation-CAM: Visual Explanations for Deep Convolutional
 * Network via Gradient-free Localization", WACV 2020.
 */
public final class AblationCam extends ChannelScoringCam {

  /** With batches of 16 passes. */
  public AblationCam() {
    this(USUAL_BATCH, Progress.NONE);
  }

  /**
   * With batches of one's own size.
   *
   * @param batch passes at once, at least 1
   * @param progress sees every batch
   */
  public AblationCam(int batch, Progress progress) {
    super(batch, progress);
  }

  @Override
  public String name() {
    return "Ablation-CAM";
  }

  @Override
  Trial trial(Recording recording, String layer, int picture, NDArray activation) {
    NDArray input = input(recording, picture, activation.getManager());
    Rest rest = recording.network().rest(input, layer);
    int channels = (int) activation.getShape().get(1);
    return (scope, from, to) -> rest.run(without(scope, from, to, channels).mul(activation));
  }

  /** One in each channel but one: channel from + i in row i; shape (to − from, K, 1, 1). */
  private static NDArray without(NDManager scope, int from, int to, int channels) {
    float[] kept = new float[(to - from) * channels];
    Arrays.fill(kept, 1);
    for (int i = 0; i < to - from; i++) {
      kept[i * channels + from + i] = 0;
    }
    return scope.create(kept, new Shape(to - from, channels, 1, 1));
  }

  @Override
  double[] weights(double[] scores, double score) {
    double scale = score == 0 ? 1 : Math.abs(score);
    return Arrays.stream(scores).map(without -> (score - without) / scale).toArray();
  }
}
