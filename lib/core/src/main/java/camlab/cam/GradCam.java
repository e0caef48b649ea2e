package camlab.cam;

import ai.djl.ndarray.NDArray;

/**
 * Grad-CAM: every channel is weighted by the mean of its gradient.
 *
 * <p>w<sub>k</sub> = 1/(hw) Σ<sub>ij</sub> g<sub>kij</sub>; map = R(Σ<sub>k</sub> w<sub>k</sub>
 * A<sub>k</sub>).
 *
 * <p>One forward and one backward pass.
 *
 * <p>Source: R. R. Selvaraju et al., "Grad-CAM: Visual Explanations from Deep Networks via
 * Gradient-based Localization", ICCV 2017, equations 1 and 2.
 */
public final class GradCam extends GradientCam {

  @Override
  public String name() {
    return "Grad-CAM";
  }

  @Override
  public NDArray map(NDArray activation, NDArray gradient) {
    NDArray weights = meanOverPositions(gradient);
    return relu(sumOverChannels(weights.mul(activation)));
  }
}
