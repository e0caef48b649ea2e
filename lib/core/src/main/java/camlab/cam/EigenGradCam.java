package camlab.cam;

import ai.djl.ndarray.NDArray;

/**
 * Eigen-Grad-CAM: Eigen-CAM of what the activations do to a score, so that it asks for a class.
 *
 * <p>M is the hw×K matrix of g ⊙ A, each channel centred over its positions; with M = UΣVᵀ, map = M
 * v<sub>1</sub>. Signed. A principal component has no sign of its own: it is chosen so that the map
 * correlates positively with Σ<sub>k</sub> g<sub>k</sub> ⊙ A<sub>k</sub>, which is HiResCAM before
 * its ReLU.
 *
 * <p>One forward and one backward pass.
 *
 * <p>Source: no paper; the method {@code EigenGradCAM} of the Python package grad-cam, after
 * Muhammad and Yeasin's {@link EigenCam}. There the sign is whichever the decomposition happens to
 * give, and what is negative is cut off.
 */
public final class EigenGradCam extends GradientCam {

  @Override
  public String name() {
    return "Eigen-Grad-CAM";
  }

  @Override
  public NDArray map(NDArray activation, NDArray gradient) {
    return PrincipalComponent.of(gradient.mul(activation));
  }
}
