package camlab.cam;

import ai.djl.ndarray.NDArray;
import camlab.capture.Recording;
import camlab.capture.Target;

/**
 * Gradient × input: each pixel's gradient times its value, what a linear network's pixel adds to
 * the score.
 *
 * <p>x ⊙ ∂y/∂x at the network's input, so x is what the preprocessing makes of the picture: the
 * zero that a pixel is measured against is the mean colour where a mean is subtracted, not black.
 * The map is the sum over the channels, signed. Of a linear network its sum is y(x) − y(0); of
 * others it need not be.
 *
 * <p>One pass forward and one backward, beside the recording.
 *
 * <p>Source: A. Shrikumar, P. Greenside, A. Shcherbina, A. Kundaje, "Not Just a Black Box: Learning
 * Important Features Through Propagating Activation Differences", 2016, which takes the product of
 * a gradient and its input for comparison.
 */
public final class GradientTimesInput extends PixelMethod {

  @Override
  public String name() {
    return "Gradient × input";
  }

  @Override
  NDArray map(NDArray attribution) {
    return attribution.sum(new int[] {1});
  }

  @Override
  NDArray attribution(NDArray input, Recording recording, String layer, Target target) {
    return input.mul(gradient(input, recording, target));
  }
}
