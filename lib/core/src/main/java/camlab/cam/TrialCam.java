package camlab.cam;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import camlab.capture.Recording;
import camlab.capture.Target;
import camlab.identity.Incidental;
import camlab.network.Classes;
import camlab.progress.Progress;
import java.util.Objects;

/**
 * A method without gradients: it runs the network many times for each picture, with something
 * changed, and looks at the score. In batches, with progress, and to be stopped by interrupting the
 * thread.
 */
public abstract class TrialCam extends LayerMethod {

  static final int USUAL_BATCH = Passes.USUAL_BATCH;

  private final int batch;
  @Incidental private final Progress progress;

  TrialCam(int batch, Progress progress) {
    this.batch = Passes.requireBatch(batch);
    this.progress = Objects.requireNonNull(progress, "progress");
  }

  /** Runs the network for some of the trials of one picture. */
  @FunctionalInterface
  interface Trial {

    /**
     * The logits for the trials {@code from} (included) to {@code to} (not included).
     *
     * @param scope what is made on the way belongs to it
     * @return shape (to − from, classes)
     */
    NDArray logits(NDManager scope, int from, int to);
  }

  /**
   * The map of one picture.
   *
   * @param recording the forward pass
   * @param layer the dotted name of the layer
   * @param picture which picture, from 0
   * @param activation its activations A, shape (1, K, h, w); also the scope of what is made
   * @param target the score of that picture
   * @return shape (h, w)
   */
  abstract NDArray map(
      Recording recording, String layer, int picture, NDArray activation, Target target);

  @Override
  protected final NDArray maps(
      NDArray activation, Recording recording, String layer, Target target) {
    NDList maps = new NDList(recording.pictures());
    for (int i = 0; i < recording.pictures(); i++) {
      try (NDManager scope = activation.getManager().newSubManager()) {
        // A slice of one picture, since a view by index loses the first axis.
        NDArray own = activation.get(new NDIndex("{}:{}", i, i + 1));
        own.attach(scope);
        NDArray map = map(recording, layer, i, own, recording.target(target, i));
        map.attach(activation.getManager());
        maps.add(map);
      }
    }
    return NDArrays.stack(maps);
  }

  /** The score of each trial. */
  final double[] scores(
      Trial trial, int trials, Target target, Classes classes, NDManager manager) {
    double[] scores = new double[trials];
    Passes passes =
        (from, to) -> {
          try (NDManager scope = manager.newSubManager()) {
            NDArray logits = trial.logits(scope, from, to);
            for (int i = from; i < to; i++) {
              scores[i] = target.value(logits.get(i - from), classes).getFloat();
            }
          }
        };
    passes.runAll(progress, name(), trials, batch);
    return scores;
  }

  /** One picture of those that went into the network, shape (1, C, H, W), in a scope. */
  static NDArray input(Recording recording, int picture, NDManager scope) {
    NDArray input = recording.input().get("{}:{}", picture, picture + 1);
    input.attach(scope);
    return input;
  }
}
