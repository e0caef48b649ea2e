package camlab.cam;

import ai.djl.ndarray.NDArray;

/**
 * Eigen-CAM: the direction in which the positions' activations differ most, and how far each
 * position lies along it.
 *
 * <p>M is the hw×K matrix of activations, each channel centred over its positions; with M = UΣVᵀ,
 * map = M v<sub>1</sub>. Signed. A principal component has no sign of its own: it is chosen so that
 * the map correlates positively with the mean activation 1/K Σ<sub>k</sub> A<sub>k</sub>.
 *
 * <p>No class is asked for: the map shows what the layer responds to at all.
 *
 * <p>One forward pass.
 *
 * <p>Source: M. B. Muhammad, M. Yeasin, "Eigen-CAM: Class Activation Map using Principal
 * Components", IJCNN 2020; centred as a principal component asks for.
 */
public final class EigenCam extends ActivationCam {

  @Override
  public String name() {
    return "Eigen-CAM";
  }

  @Override
  public NDArray map(NDArray activation) {
    return PrincipalComponent.of(activation);
  }
}
