package camlab.cam;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import camlab.progress.Interruption;
import java.util.function.UnaryOperator;

/**
 * The direction in the space of the channels along which the positions differ most, and how far
 * each position lies along it.
 *
 * <p>M is the hw×K matrix of values, each channel centred over its positions; with M = UΣVᵀ, the
 * map is M v<sub>1</sub>. A principal component has no sign of its own: it is chosen so that the
 * map correlates positively with the mean over the channels.
 */
final class PrincipalComponent {

  /** Each squaring doubles the power: 2³⁰ tells apart values that differ by one in 10⁸. */
  private static final int SQUARINGS = 30;

  private PrincipalComponent() {}

  /**
   * The map of each picture.
   *
   * @param values shape (…, K, h, w)
   * @return shape (…, h, w)
   */
  static NDArray of(NDArray values) {
    return eachPicture(values, PrincipalComponent::firstComponent);
  }

  /**
   * The maps that follow from the centred matrices.
   *
   * @param values shape (…, K, h, w)
   * @param component takes M, shape (hw, K), in double precision; returns shape (hw), of any sign
   * @return shape (…, h, w)
   */
  static NDArray eachPicture(NDArray values, UnaryOperator<NDArray> component) {
    if (values.getShape().dimension() == 3) {
      return ofPicture(values, component);
    }
    NDList maps = new NDList();
    for (int i = 0; i < values.getShape().get(0); i++) {
      maps.add(eachPicture(values.get(i), component));
    }
    return NDArrays.stack(maps);
  }

  /** From (K, h, w) to (h, w). */
  private static NDArray ofPicture(NDArray values, UnaryOperator<NDArray> component) {
    Shape shape = values.getShape();
    NDArray byChannel = values.toType(DataType.FLOAT64, false).reshape(shape.get(0), -1);
    NDArray centred = byChannel.sub(byChannel.mean(new int[] {1}, true)).transpose();
    NDArray map = component.apply(centred);
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
   *
   * @param matrix shape (n, n)
   * @return shape (n); zeros if the matrix is zero
   * @throws java.util.concurrent.CancellationException if the thread was interrupted
   */
  static NDArray firstEigenvector(NDArray matrix) {
    NDArray power = matrix;
    for (int i = 0; i < SQUARINGS; i++) {
      Interruption.check("Interrupted when a matrix was squared " + i + " times.");
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
