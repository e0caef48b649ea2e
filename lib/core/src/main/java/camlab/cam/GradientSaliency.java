package camlab.cam;

import ai.djl.ndarray.NDArray;
import camlab.capture.Recording;
import camlab.capture.Target;

/**
 * Gradient saliency: how strongly the score answers to a small change of each pixel.
 *
 * <p>g = ∂y/∂x at the network's input; the map is the largest |g| of the channels.
 *
 * <p>One pass forward and one backward, beside the recording; if that is of the input, the backward
 * one alone.
 *
 * <p>Source: K. Simonyan, A. Vedaldi, A. Zisserman, "Deep Inside Convolutional Networks:
 * Visualising Image Classification Models and Saliency Maps", ICLR Workshop 2014, section 3.
 */
public final class GradientSaliency extends PixelMethod {

  @Override
  public String name() {
    return "Gradient saliency";
  }

  @Override
  NDArray attribution(NDArray input, Recording recording, String layer, Target target) {
    return gradient(input, recording, target);
  }
}
