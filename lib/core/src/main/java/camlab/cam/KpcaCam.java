package camlab.cam;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;

/**
 * KPCA-CAM: Eigen-CAM with a kernel, so that the direction in which the positions differ most may
 * be bent.
 *
 * <p>M is the hw×K matrix of activations, each channel centred over its positions; k(p, q) =
 * tanh(M<sub>p</sub>·M<sub>q</sub> / K + 1) for positions p and q, and C that kernel centred over
 * rows and columns; map = √λ v with v the eigenvector of C's largest eigenvalue λ. Signed. It is
 * chosen so that the map correlates positively with the mean activation 1/K Σ<sub>k</sub>
 * A<sub>k</sub>.
 *
 * <p>No class is asked for: the map shows what the layer responds to at all. One forward pass; the
 * eigenvector takes (hw)³ steps, which is little at the last layers and minutes for a map of 56×56.
 *
 * <p>Source: S. Karmani et al., "KPCA-CAM: Visual Explainability of Deep Computer Vision Models
 * using Kernel PCA", 2024; kernel and scale as in the package grad-cam 1.5.7, which takes those of
 * scikit-learn. There the sign is whichever the decomposition gives, and what is negative is cut
 * off.
 */
public final class KpcaCam extends ActivationCam {

  @Override
  public String name() {
    return "KPCA-CAM";
  }

  @Override
  public NDArray map(NDArray activation) {
    return PrincipalComponent.eachPicture(activation, KpcaCam::component);
  }

  /** From M, shape (hw, K), to the map, shape (hw). */
  private static NDArray component(NDArray matrix) {
    if (matrix.abs().max().getDouble() == 0) {
      // All positions are alike. The centred kernel would be what rounding leaves of zero.
      return matrix.sum(new int[] {1});
    }
    long channels = matrix.getShape().get(1);
    NDArray kernel = matrix.matMul(matrix.transpose()).div(channels).add(1).tanh();
    NDArray rows = kernel.mean(new int[] {1}, true);
    NDArray centred = kernel.sub(rows).sub(rows.transpose()).add(kernel.mean());
    // The hyperbolic tangent's kernel has negative eigenvalues, too: none is below −‖C‖.
    int positions = (int) centred.getShape().get(0);
    NDArray unit = matrix.getManager().eye(positions, positions, 0, DataType.FLOAT64);
    NDArray shifted = centred.add(unit.mul(centred.norm()));
    NDArray first = PrincipalComponent.firstEigenvector(shifted);
    double eigenvalue = first.mul(centred.matMul(first)).sum().getDouble();
    return first.mul(Math.sqrt(Math.max(0, eigenvalue)));
  }
}
