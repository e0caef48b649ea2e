package camlab.cam;

import ai.djl.ndarray.NDArray;

/**
 * Counterfactual Grad-CAM: what speaks against the class. Grad-CAM with the sign of the gradient
 * turned round, so that regions light up whose removal would raise the score.
 *
 * <p>w<sub>k</sub> = 1/(hw) Σ<sub>ij</sub> −g<sub>kij</sub>; map = R(Σ<sub>k</sub> w<sub>k</sub>
 * A<sub>k</sub>).
 *
 * <p>One forward and one backward pass.
 *
 * <p>Source: R. R. Selvaraju et al., "Grad-CAM: Visual Explanations from Deep Networks via
 * Gradient-based Localization", ICCV 2017; section 3.3 of its longer version, International Journal
 * of Computer Vision 128, 2020.
 */
public final class CounterfactualGradCam extends GradientCam {

  @Override
  public String name() {
    return "Counterfactual Grad-CAM";
  }

  @Override
  public NDArray map(NDArray activation, NDArray gradient) {
    NDArray weights = meanOverPositions(gradient.neg());
    return relu(sumOverChannels(weights.mul(activation)));
  }
}
