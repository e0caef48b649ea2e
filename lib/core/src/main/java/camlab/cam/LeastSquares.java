package camlab.cam;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import camlab.engine.PyTorch;
import java.nio.DoubleBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Weighted least squares for what is seen of a picture, in double precision. */
final class LeastSquares {

  /** How far a matrix times its inverse may be from one. */
  private static final double TOLERANCE = 1e-6;

  private LeastSquares() {}

  /**
   * {@return w, and b behind it, of the smallest Σ<sub>i</sub> π<sub>i</sub> (y<sub>i</sub> − w ·
   * z<sub>i</sub> − b)² + λ |w|²}
   *
   * @param seen z, 1 where a region is seen
   * @param weights π
   * @param scores y
   * @param penalty λ, at least 0
   */
  static double[] ridge(List<boolean[]> seen, double[] weights, double[] scores, double penalty) {
    int regions = seen.get(0).length;
    try (NDManager scope = PyTorch.newScope()) {
      NDArray one = scope.ones(new Shape(seen.size(), 1), DataType.FLOAT64);
      NDArray z = matrix(scope, seen).concat(one, 1);
      NDArray weighted = z.mul(column(scope, weights)).transpose();
      double[] penalties = new double[regions + 1];
      Arrays.fill(penalties, 0, regions, penalty);
      NDArray a = weighted.matMul(z).add(diagonal(scope, penalties));
      NDArray b = weighted.matMul(column(scope, scores));
      return inverse(a).matMul(b).toDoubleArray();
    }
  }

  /**
   * {@return w of the smallest Σ<sub>i</sub> π<sub>i</sub> (y<sub>i</sub> − w · z<sub>i</sub>)²
   * among those that add up to a sum} By Lagrange's multiplier: with A = Σ π z zᵀ and b = Σ π y z
   * it is A⁻¹ (b − μ 1), and μ = (1ᵀ A⁻¹ b − sum) / (1ᵀ A⁻¹ 1).
   *
   * @param seen z, 1 where a region is seen
   * @param weights π
   * @param scores y
   * @param sum what w adds up to
   */
  static double[] withSum(List<boolean[]> seen, double[] weights, double[] scores, double sum) {
    try (NDManager scope = PyTorch.newScope()) {
      NDArray z = matrix(scope, seen);
      NDArray weighted = z.mul(column(scope, weights)).transpose();
      NDArray inverse = inverse(weighted.matMul(z));
      NDArray free = inverse.matMul(weighted.matMul(column(scope, scores)));
      NDArray ones = inverse.sum(new int[] {1}, true);
      NDArray excess = free.sum().sub(sum).div(ones.sum());
      return free.sub(ones.mul(excess)).toDoubleArray();
    }
  }

  private static NDArray matrix(NDManager scope, List<boolean[]> seen) {
    int regions = seen.get(0).length;
    DoubleBuffer values = DoubleBuffer.allocate(seen.size() * regions);
    for (boolean[] row : seen) {
      for (boolean each : row) {
        values.put(each ? 1 : 0);
      }
    }
    return scope.create(values.flip(), new Shape(seen.size(), regions));
  }

  private static NDArray column(NDManager scope, double[] values) {
    return scope.create(values, new Shape(values.length, 1));
  }

  private static NDArray diagonal(NDManager scope, double[] values) {
    return scope.eye(values.length).toType(DataType.FLOAT64, false).mul(column(scope, values));
  }

  private static NDArray inverse(NDArray matrix) {
    long size = matrix.getShape().get(0);
    try {
      NDArray inverse = matrix.inverse();
      NDArray one = matrix.getManager().eye((int) size).toType(DataType.FLOAT64, false);
      if (inverse.matMul(matrix).sub(one).abs().max().getDouble() < TOLERANCE) {
        return inverse;
      }
    } catch (EngineException e) {
      throw tooFew(size, e);
    }
    throw tooFew(size, null);
  }

  private static IllegalArgumentException tooFew(long size, EngineException cause) {
    return new IllegalArgumentException(
        String.format(
            Locale.ROOT,
            "The selections that were drawn do not tell the %d unknowns apart. Draw more of them, or take fewer regions.",
            size),
        cause);
  }
}
