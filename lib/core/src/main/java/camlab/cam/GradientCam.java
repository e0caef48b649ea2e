package camlab.cam;

import ai.djl.ndarray.NDArray;
import camlab.capture.Recording;
import camlab.capture.Target;

/**
 * A method that needs the activations A and the gradients g = ∂y/∂A of one layer, and nothing else.
 * Its whole content is {@link #map}.
 */
abstract class GradientCam extends LayerMethod {

  /**
   * The formula.
   *
   * @param activation A, shape (…, K, h, w)
   * @param gradient g, the same shape
   * @return the map, shape (…, h, w)
   */
  public abstract NDArray map(NDArray activation, NDArray gradient);

  @Override
  final NDArray maps(NDArray activation, Recording recording, String layer, Target target) {
    NDArray gradient = recording.gradient(layer, target);
    activation.getManager().tempAttachAll(gradient);
    return map(activation, gradient);
  }
}
