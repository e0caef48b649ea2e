package camlab.cam;

import ai.djl.ndarray.NDArray;
import camlab.capture.Recording;
import camlab.capture.Target;

/**
 * A method that needs the activations A of one layer and nothing else. It shows what the layer
 * responds to, for whatever class. Its whole content is {@link #map}:
 *
 * <pre>{@code
 * final class Brightest extends ActivationCam {
 *   public String name() {
 *     return "brightest channel";
 *   }
 *
 *   public NDArray map(NDArray A) {
 *     return A.max(new int[] {-3});
 *   }
 * }
 * }</pre>
 */
public abstract class ActivationCam extends LayerMethod {

  /** A method that holds no state. */
  protected ActivationCam() {}

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
  protected final NDArray maps(
      NDArray activation, Recording recording, String layer, Target target) {
    return map(activation);
  }
}
