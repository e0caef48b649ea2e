package camlab.cam;

import ai.djl.ndarray.NDArray;
import camlab.capture.Recording;
import camlab.capture.Target;

/**
 * A method that needs the activations A of one layer and nothing else. It shows what the layer
 * responds to, for whatever class. Its whole content is {@link #map}.
 */
abstract class ActivationCam extends LayerMethod {

  /**
   * The formula.
   *
   * @param activation A, shape (…, K, h, w)
   * @return the map, shape (…, h, w)
   */
  public abstract NDArray map(NDArray activation);

  @Override
  public final boolean explainsTarget() {
    return false;
  }

  @Override
  final NDArray maps(NDArray activation, Recording recording, String layer, Target target) {
    return map(activation);
  }
}
