package camlab.cam;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import camlab.capture.Recording;
import camlab.capture.Target;
import camlab.identity.Incidental;
import camlab.network.Classes;
import camlab.progress.Progress;
import java.util.Locale;
import java.util.Objects;

/**
 * A method without gradients: it tries every channel of a layer by itself, and weighs it by the
 * score that the network then gives. One pass per channel, in batches, with progress, and to be
 * stopped by interrupting the thread.
 */
abstract class ChannelScoringCam extends LayerMethod {

  static final int USUAL_BATCH = 16;

  private final int batch;
  @Incidental private final Progress progress;

  ChannelScoringCam(int batch, Progress progress) {
    if (batch < 1) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "A batch has at least 1 pass, found %d.", batch));
    }
    this.batch = batch;
    this.progress = Objects.requireNonNull(progress, "progress");
  }

  /**
   * What the trials of one picture start from.
   *
   * @param recording the forward pass
   * @param layer the dotted name of the layer
   * @param picture which picture, from 0
   * @param activation its activations A, shape (1, K, h, w); also the scope of what is made
   */
  abstract Trial trial(Recording recording, String layer, int picture, NDArray activation);

  /** Runs the network for some of the channels. */
  @FunctionalInterface
  interface Trial {

    /**
     * The logits for the channels {@code from} (included) to {@code to} (not included).
     *
     * @param scope what is made on the way belongs to it
     * @return shape (to − from, classes)
     */
    NDArray logits(NDManager scope, int from, int to);
  }

  /**
   * The weights of the channels.
   *
   * @param scores of each channel's trial
   * @param score of the picture itself
   */
  abstract double[] weights(double[] scores, double score);

  @Override
  protected final NDArray maps(
      NDArray activation, Recording recording, String layer, Target target) {
    NDList maps = new NDList(recording.pictures());
    for (int i = 0; i < recording.pictures(); i++) {
      try (NDManager scope = activation.getManager().newSubManager()) {
        // A slice of one picture, since a view by index loses the first axis.
        NDArray own = activation.get(new NDIndex("{}:{}", i, i + 1));
        own.attach(scope);
        double[] scores =
            scores(
                trial(recording, layer, i, own),
                (int) own.getShape().get(1),
                recording.target(target, i),
                recording.network().classes(),
                scope);
        NDArray map = map(own, weights(scores, recording.score(target, i)));
        map.attach(activation.getManager());
        maps.add(map);
      }
    }
    return NDArrays.stack(maps);
  }

  /** R(Σ<sub>k</sub> w<sub>k</sub> A<sub>k</sub>) of one picture, shape (h, w). */
  private static NDArray map(NDArray activation, double[] weights) {
    float[] values = new float[weights.length];
    for (int k = 0; k < values.length; k++) {
      values[k] = (float) weights[k];
    }
    NDArray perChannel = activation.getManager().create(values, new Shape(1, values.length, 1, 1));
    return relu(sumOverChannels(activation.mul(perChannel))).squeeze(0);
  }

  private double[] scores(
      Trial trial, int channels, Target target, Classes classes, NDManager manager) {
    double[] scores = new double[channels];
    Passes passes =
        (from, to) -> {
          try (NDManager scope = manager.newSubManager()) {
            NDArray logits = trial.logits(scope, from, to);
            for (int k = from; k < to; k++) {
              scores[k] = target.value(logits.get(k - from), classes).getFloat();
            }
          }
        };
    passes.runAll(progress, name(), channels, batch);
    return scores;
  }
}
