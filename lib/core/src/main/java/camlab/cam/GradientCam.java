package camlab.cam;

import ai.djl.ndarray.NDArray;
import camlab.capture.Recording;
import camlab.capture.Target;

/**
 * A method that needs the activations A and the gradients g = ∂y/∂A of one layer, and nothing else.
 * Its whole content is {@link #map}:
 *
 * <pre>{@code
 * final class SquaredGradCam extends GradientCam {
 *   public String name() {
 *     return "squared Grad-CAM";
 *   }
 *
 *   public NDArray map(NDArray A, NDArray g) {
 *     return relu(sumOverChannels(meanOverPositions(g.square()).mul(A)));
 *   }
 * }
 * }</pre>
 *
 * <p>{@link CamMethod#of} makes such a method of the formula alone.
 */
public abstract class GradientCam extends LayerMethod implements CamMethod.Formula {

  /** A method that holds no state. */
  protected GradientCam() {}

  /**
   * The formula.
   *
   * @param activation A, shape (…, K, h, w)
   * @param gradient g, the same shape
   * @return the map, shape (…, h, w)
   */
  @Override
  public abstract NDArray map(NDArray activation, NDArray gradient);

  @Override
  protected final NDArray maps(
      NDArray activation, Recording recording, String layer, Target target) {
    NDArray gradient = recording.gradient(layer, target);
    activation.getManager().tempAttachAll(gradient);
    return map(activation, gradient);
  }
}
