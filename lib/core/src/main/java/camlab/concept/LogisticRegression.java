package camlab.concept;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import camlab.engine.PyTorch;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * A linear classifier of two sets of examples: w and b of the smallest 1/n Σ<sub>i</sub> log(1 +
 * e<sup>−y<sub>i</sub>(w·x<sub>i</sub> + b)</sup>) + λ/2 s² |w|², y = 1 for examples and −1 for
 * others. s² is the mean squared distance of the n examples from their mean: so the direction of w
 * does not depend on the unit of the activations.
 *
 * <p>There is exactly one such w. It is a sum of the examples, w = Σ<sub>i</sub> a<sub>i</sub>
 * x<sub>i</sub>, and a is found by Newton's method, with n + 1 unknowns instead of as many as there
 * are activations.
 *
 * @param weights w
 * @param bias b
 */
record LogisticRegression(List<Double> weights, double bias) {

  private static final int MOST_STEPS = 200;
  private static final int MOST_HALVINGS = 40;
  private static final double LEAST_GAIN = 1e-13;
  private static final double LEAST_CURVATURE = 1e-12;

  LogisticRegression {
    weights = List.copyOf(weights);
  }

  /**
   * Trains it.
   *
   * @param examples the ones, all of one length; at least one
   * @param others the others; at least one
   * @param penalty λ, above 0
   */
  static LogisticRegression of(List<float[]> examples, List<float[]> others, double penalty) {
    int count = examples.size() + others.size();
    int length = examples.get(0).length;
    FloatBuffer values = FloatBuffer.allocate(Math.multiplyExact(count, length));
    examples.forEach(values::put);
    others.forEach(values::put);
    try (NDManager scope = PyTorch.newScope()) {
      NDArray rows =
          scope.create(values.flip(), new Shape(count, length)).toType(DataType.FLOAT64, false);
      NDArray mean = rows.mean(new int[] {0}, true);
      NDArray centred = rows.sub(mean);
      double[] products = centred.matMul(centred.transpose()).toDoubleArray();
      Dual dual = new Dual(products, count, examples.size(), penalty);
      dual.train();
      NDArray found =
          scope.create(dual.shares, new Shape(1, count)).matMul(centred).reshape(length);
      double bias = dual.bias - found.mul(mean.reshape(length)).sum().getDouble();
      return new LogisticRegression(Arrays.stream(found.toDoubleArray()).boxed().toList(), bias);
    }
  }

  /** {@return w·x + b, above 0 for what belongs to the examples} */
  double score(float[] values) {
    double sum = bias;
    for (int i = 0; i < values.length; i++) {
      sum += weights.get(i) * values[i];
    }
    return sum;
  }

  /** The unknowns a and b. */
  private static final class Dual {

    private final double[] products;
    private final int count;
    private final int ones;
    private final double penalty;
    private double[] shares;
    private double bias;

    Dual(double[] products, int count, int ones, double penalty) {
      this.products = products;
      this.count = count;
      this.ones = ones;
      double spread = 0;
      for (int i = 0; i < count; i++) {
        spread += products[i * count + i] / count;
      }
      this.penalty = penalty * spread;
      shares = new double[count];
    }

    void train() {
      double loss = loss(shares, bias);
      for (int step = 0; step < MOST_STEPS; step++) {
        double[] best = newton();
        double size = 1;
        double[] next = between(best, size);
        double reached = loss(next, between(bias, best[count], size));
        for (int i = 0; i < MOST_HALVINGS && !(reached <= loss); i++) {
          size /= 2;
          next = between(best, size);
          reached = loss(next, between(bias, best[count], size));
        }
        if (!(reached < loss)) {
          return;
        }
        shares = next;
        bias = between(bias, best[count], size);
        if (loss - reached <= LEAST_GAIN * loss) {
          return;
        }
        loss = reached;
      }
    }

    /** a and b where the loss, taken as a parabola here, is smallest. */
    private double[] newton() {
      double[] scores = scores(shares, bias);
      double[][] matrix = new double[count + 1][count + 1];
      double[] right = new double[count + 1];
      for (int i = 0; i < count; i++) {
        double probability = 1 / (1 + Math.exp(-scores[i]));
        double curvature = Math.max(LEAST_CURVATURE, probability * (1 - probability));
        System.arraycopy(products, i * count, matrix[i], 0, count);
        matrix[i][i] += count * penalty / curvature;
        matrix[i][count] = 1;
        matrix[count][i] = 1;
        right[i] = scores[i] + ((i < ones ? 1 : 0) - probability) / curvature;
      }
      return LinearSystem.solve(matrix, right);
    }

    private double[] between(double[] best, double size) {
      double[] result = new double[count];
      for (int i = 0; i < count; i++) {
        result[i] = between(shares[i], best[i], size);
      }
      return result;
    }

    private static double between(double from, double to, double size) {
      return from + size * (to - from);
    }

    private double[] scores(double[] a, double b) {
      double[] scores = new double[count];
      for (int i = 0; i < count; i++) {
        scores[i] = b;
        for (int j = 0; j < count; j++) {
          scores[i] += products[i * count + j] * a[j];
        }
      }
      return scores;
    }

    private double loss(double[] a, double b) {
      double[] scores = scores(a, b);
      double loss = 0;
      for (int i = 0; i < count; i++) {
        double margin = i < ones ? scores[i] : -scores[i];
        loss += Math.log1p(Math.exp(-Math.abs(margin))) + Math.max(0, -margin);
      }
      double length = 0;
      for (int i = 0; i < count; i++) {
        length += a[i] * (scores[i] - b);
      }
      return loss / count + penalty / 2 * length;
    }
  }
}
