package camlab.cam;

import ai.djl.ndarray.NDArray;

/**
 * XGrad-CAM: a channel's gradient is averaged with its activations as weights, so that the map adds
 * up to the score's change as nearly as one weight per channel can.
 *
 * <p>w<sub>k</sub> = Σ<sub>ij</sub> g<sub>kij</sub> A<sub>kij</sub> / S<sub>k</sub> with
 * S<sub>k</sub> = Σ<sub>ij</sub> A<sub>kij</sub>, and 0 where S<sub>k</sub> = 0; map =
 * R(Σ<sub>k</sub> w<sub>k</sub> A<sub>k</sub>).
 *
 * <p>Made for layers behind a ReLU: before it, S can come close to zero by cancellation, and a
 * single channel's weight can drown all others.
 *
 * <p>One forward and one backward pass.
 *
 * <p>Source: R. Fu et al., "Axiom-based Grad-CAM: Towards Accurate Visualization and Explanation of
 * CNNs", BMVC 2020.
 */
public final class XGradCam extends GradientCam {

  @Override
  public String name() {
    return "XGrad-CAM";
  }

  @Override
  public NDArray map(NDArray activation, NDArray gradient) {
    return relu(sumOverChannels(weights(activation, gradient).mul(activation)));
  }

  /**
   * The weight of each channel.
   *
   * @param activation A, shape (…, K, h, w)
   * @param gradient g, the same shape
   * @return w, shape (…, K, 1, 1)
   */
  public NDArray weights(NDArray activation, NDArray gradient) {
    NDArray sum = sumOverPositions(activation);
    NDArray isZero = sum.eq(0).toType(sum.getDataType(), false);
    NDArray isDefined = isZero.neg().add(1);
    return sumOverPositions(gradient.mul(activation)).div(sum.add(isZero)).mul(isDefined);
  }
}
