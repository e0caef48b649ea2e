package camlab.cam;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import camlab.capture.Recording;
import camlab.capture.Target;
import camlab.network.Rest;
import camlab.progress.Progress;

/**
 * Recipro-CAM: each position shows the score that the network gives when the layer has put out
 * something there and nothing elsewhere.
 *
 * <p>y<sub>ij</sub> = y(A ⊙ M<sub>ij</sub>) with M<sub>ij</sub> = 1 at position (i, j) in all
 * channels and 0 at all others; map<sub>ij</sub> = y<sub>ij</sub> − min y, since what the score is
 * without anything says nothing of a position. The paper divides by the range as well. Its score is
 * the probability behind the softmax, {@code Target.of("cat").probability()}.
 *
 * <p>No gradient is needed; one pass per position, and only through the part of the network behind
 * the layer. (A TorchScript file knows no such part: there each pass is a whole one.)
 *
 * <p>Source: S.-Y. Byun, W. Lee, "ReciproCAM: Lightweight Gradient-free Class Activation Map for
 * Post-hoc Explanations", CVPR Workshops 2024, with masks of one position, as in the authors' own
 * program.
 */
public final class ReciproCam extends TrialCam {

  /** With batches of 16 passes. */
  public ReciproCam() {
    this(USUAL_BATCH, Progress.NONE);
  }

  /**
   * With batches of one's own size.
   *
   * @param batch passes at once, at least 1
   * @param progress sees every batch
   */
  public ReciproCam(int batch, Progress progress) {
    super(batch, progress);
  }

  @Override
  public String name() {
    return "Recipro-CAM";
  }

  @Override
  NDArray map(Recording recording, String layer, int picture, NDArray activation, Target target) {
    NDManager scope = activation.getManager();
    Rest rest = recording.network().rest(input(recording, picture, scope), layer);
    int height = (int) activation.getShape().get(2);
    int width = (int) activation.getShape().get(3);
    double[] scores =
        scores(
            (pass, from, to) -> rest.run(onlyAt(pass, from, to, height, width).mul(activation)),
            height * width,
            target,
            recording.network().classes(),
            scope);
    NDArray map = scope.create(scores);
    return map.sub(map.min()).toType(activation.getDataType(), false).reshape(height, width);
  }

  /** M of some positions, row by row: one at position from + i in row i; (to − from, 1, h, w). */
  private static NDArray onlyAt(NDManager scope, int from, int to, int height, int width) {
    float[] kept = new float[(to - from) * height * width];
    for (int i = 0; i < to - from; i++) {
      kept[i * height * width + from + i] = 1;
    }
    return scope.create(kept, new Shape(to - from, 1, height, width));
  }
}
