package camlab.cam;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;

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
 * <p>Source: M. B. Muhammad, M. Yeasin, "Eigen-CAM: Class Activation Map using Principal
 * Components", IJCNN 2020; centred as a principal component asks for.
 */
public final class EigenCam extends ActivationCam {

  /** Each squaring doubles the power: 2³⁰ tells apart values that differ by one in 10⁸. */
  private static final int SQUARINGS = 30;

  @Override
  public String name() {
    return "Eigen-CAM";
  }

  @Override
  public NDArray map(NDArray activation) {
    if (activation.getShape().dimension() == 3) {
      return ofPicture(activation);
    }
    NDList maps = new NDList();
    for (int i = 0; i < activation.getShape().get(0); i++) {
      maps.add(ofPicture(activation.get(i)));
    }
    return NDArrays.stack(maps);
  }

  /** From (K, h, w) to (h, w). */
  private static NDArray ofPicture(NDArray activation) {
    Shape shape = activation.getShape();
    NDArray byChannel = activation.toType(DataType.FLOAT64, false).reshape(shape.get(0), -1);
    NDArray centred = byChannel.sub(byChannel.mean(new int[] {1}, true)).transpose();
    NDArray map = firstComponent(centred);
    NDArray mean = byChannel.mean(new int[] {0});
    if (map.mul(mean).sum().getDouble() < 0) {
      map = map.neg();
    }
    return map.toType(DataType.FLOAT32, false).reshape(shape.get(1), shape.get(2));
  }

  /** M v₁ of a matrix M, from whichever of MMᵀ and MᵀM is smaller. */
  private static NDArray firstComponent(NDArray matrix) {
    if (matrix.getShape().get(0) <= matrix.getShape().get(1)) {
      NDArray first = firstEigenvector(matrix.matMul(matrix.transpose()));
      // M v₁ = σ₁ u₁, and σ₁ is the length of Mᵀ u₁.
      return first.mul(matrix.transpose().matMul(first).norm());
    }
    return matrix.matMul(firstEigenvector(matrix.transpose().matMul(matrix)));
  }

  /**
   * The eigenvector of the largest eigenvalue of a positive semidefinite matrix, of length 1.
   * Powers of the matrix lose all directions but this one; each squaring doubles the power.
   */
  private static NDArray firstEigenvector(NDArray matrix) {
    NDArray power = matrix;
    for (int i = 0; i < SQUARINGS; i++) {
      NDArray scale = power.abs().max();
      if (scale.getDouble() == 0) {
        // Every channel is constant: there is no direction, and the map is zero.
        return matrix.get(0);
      }
      NDArray scaled = power.div(scale);
      power = scaled.matMul(scaled);
    }
    NDArray column = power.get(power.diagonal().argMax().getLong());
    return column.div(column.norm());
  }
}
