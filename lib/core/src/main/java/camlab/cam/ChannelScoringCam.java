package camlab.cam;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import camlab.capture.Recording;
import camlab.capture.Target;
import camlab.progress.Progress;

/**
 * A method without gradients: it tries every channel of a layer by itself, and weighs it by the
 * score that the network then gives.
 */
public abstract class ChannelScoringCam extends TrialCam {

  ChannelScoringCam(int batch, Progress progress) {
    super(batch, progress);
  }

  /** {@return how many trials each channel takes; their scores are averaged} */
  int trialsPerChannel() {
    return 1;
  }

  /**
   * The channels that are tried; those left out have no weight.
   *
   * @param activation A, shape (1, K, h, w)
   * @return shape (1, n, h, w)
   */
  NDArray chosen(NDArray activation) {
    return activation;
  }

  /**
   * The trials of one picture, in the order of the channels: trial i is of channel i /
   * trialsPerChannel.
   *
   * @param recording the forward pass
   * @param layer the dotted name of the layer
   * @param picture which picture, from 0
   * @param activation its activations A, shape (1, K, h, w); also the scope of what is made
   */
  abstract Trial trial(Recording recording, String layer, int picture, NDArray activation);

  /**
   * The weights of the channels.
   *
   * @param scores of each channel
   * @param score of the picture itself
   */
  abstract double[] weights(double[] scores, double score);

  /** R(Σ<sub>k</sub> w<sub>k</sub> A<sub>k</sub>). */
  @Override
  final NDArray map(
      Recording recording, String layer, int picture, NDArray activation, Target target) {
    NDManager scope = activation.getManager();
    NDArray tried = chosen(activation);
    int channels = (int) tried.getShape().get(1);
    int each = trialsPerChannel();
    double[] all =
        scores(
            trial(recording, layer, picture, tried),
            channels * each,
            target,
            recording.network().classes(),
            scope);
    double[] scores = new double[channels];
    for (int i = 0; i < all.length; i++) {
      scores[i / each] += all[i] / each;
    }
    double[] weights = weights(scores, recording.score(target, picture));
    float[] values = new float[channels];
    for (int k = 0; k < channels; k++) {
      values[k] = (float) weights[k];
    }
    NDArray perChannel = scope.create(values, new Shape(1, channels, 1, 1));
    return relu(sumOverChannels(tried.mul(perChannel))).squeeze(0);
  }
}
