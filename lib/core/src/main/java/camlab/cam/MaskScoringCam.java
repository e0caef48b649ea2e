package camlab.cam;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import camlab.capture.Recording;
import camlab.engine.PyTorch;
import camlab.progress.Progress;
import java.util.Arrays;

/**
 * Score-CAM and its relatives: every channel is a mask over the picture, and is weighted by the
 * softmax over the channels of the scores of what is seen through it.
 *
 * <p>H<sub>k</sub> = A<sub>k</sub>, resized bilinearly to the picture and scaled to [0, 1] by its
 * own minimum and maximum; a constant channel lets nothing through.
 */
public abstract class MaskScoringCam extends ChannelScoringCam {

  MaskScoringCam(int batch, Progress progress) {
    super(batch, progress);
  }

  /** What becomes of the masks of one picture before it is seen through them. */
  @FunctionalInterface
  interface Masking {

    /**
     * The masks of some trials.
     *
     * @param masks H of the trials' channels, shape (n, 1, H, W)
     * @param from the first of the trials
     * @return the same shape
     */
    NDArray apply(NDArray masks, int from);
  }

  /** {@return what becomes of the masks of one picture; it is asked in the order of the trials} */
  Masking masking() {
    return (masks, from) -> masks;
  }

  @Override
  final Trial trial(Recording recording, String layer, int picture, NDArray activation) {
    NDArray input = input(recording, picture, activation.getManager());
    long[] size = {input.getShape().get(2), input.getShape().get(3)};
    int each = trialsPerChannel();
    Masking masking = masking();
    return (scope, from, to) -> {
      int channel = from / each;
      NDArray masks = masks(scope, activation, channel, (to - 1) / each + 1, size);
      NDArray own =
          each == 1
              ? masks
              : masks.repeat(0, each).get("{}:{}", from - channel * each, to - channel * each);
      return recording.network().run(masking.apply(own, from).mul(input));
    };
  }

  /** H of some channels, shape (to − from, 1, H, W). */
  private static NDArray masks(NDManager scope, NDArray activation, int from, int to, long[] size) {
    NDArray channels = activation.get(scope, 0).get("{}:{}", from, to).expandDims(1);
    return scaled(PyTorch.resized(channels, size[0], size[1]));
  }

  /** The softmax, with the largest score taken off first so that no power overflows. */
  @Override
  final double[] weights(double[] scores, double score) {
    double largest = Arrays.stream(scores).max().orElseThrow();
    double[] powers = Arrays.stream(scores).map(y -> Math.exp(y - largest)).toArray();
    double sum = Arrays.stream(powers).sum();
    return Arrays.stream(powers).map(power -> power / sum).toArray();
  }
}
