package camlab.concept;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import camlab.engine.PyTorch;
import camlab.progress.Interruption;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * V ≈ W Hᵀ with no negative value in any of the three: V of shape (n, p), W (n, r), H (p, r).
 *
 * <p>|V − W Hᵀ|² is made smaller by coordinate descent: one value after the other is set to what is
 * best while all others stay, or to 0 if that is negative. It has many minima; which one is reached
 * follows from the start, and that from the seed: the magnitudes of normal draws, times √(mean(V) /
 * r), for W and then for H, row by row.
 *
 * <p>Source: A. Cichocki, A.-H. Phan, "Fast Local Algorithms for Large Scale Nonnegative Matrix and
 * Tensor Factorizations", IEICE Transactions 2009; start, order and end as in scikit-learn 1.9's
 * solver {@code cd}.
 */
final class NonNegativeFactorization {

  /** The descent ends when the gradient that is left has this share of the first round's. */
  static final double TOLERANCE = 1e-4;

  /** With one factor known there is one minimum, which is worth some rounds more. */
  private static final int MOST_ROUNDS = 5000;

  private static final double LEAST = 1e-8;

  private final int rank;
  private final double[] left;
  private final double[] right;

  private NonNegativeFactorization(int rank, double[] left, double[] right) {
    this.rank = rank;
    this.left = left;
    this.right = right;
  }

  /**
   * The two factors of a matrix.
   *
   * @param values V, shape (n, p), none negative
   * @param rank r, at least 1
   * @param rounds how often all values of W and H are set, at most
   * @param tolerance where to end earlier
   * @param seed of the start
   * @throws java.util.concurrent.CancellationException if the thread was interrupted
   */
  static NonNegativeFactorization of(
      NDArray values, int rank, int rounds, double tolerance, long seed) {
    int rows = Math.toIntExact(values.getShape().get(0));
    int columns = Math.toIntExact(values.getShape().get(1));
    Random random = new Random(seed);
    double scale = Math.sqrt(values.toType(DataType.FLOAT64, false).mean().getDouble() / rank);
    double[] left = drawn(random, rows * rank, scale);
    double[] right = drawn(random, columns * rank, scale);
    NonNegativeFactorization factors = new NonNegativeFactorization(rank, left, right);
    factors.descend(values, rounds, tolerance, true);
    return factors;
  }

  /**
   * W alone, for an H that is known: |V − W Hᵀ|² has one minimum then, if the columns of H are
   * independent.
   *
   * @param values V, shape (n, p)
   * @param right H, shape (p, r), row-major
   * @param rank r
   * @return W, row-major
   */
  static double[] left(NDArray values, double[] right, int rank) {
    int rows = Math.toIntExact(values.getShape().get(0));
    NonNegativeFactorization factors =
        new NonNegativeFactorization(rank, new double[rows * rank], right);
    factors.descend(values, MOST_ROUNDS, LEAST, false);
    return factors.left;
  }

  /** {@return W<sub>ik</sub>} */
  double left(int row, int k) {
    return left[row * rank + k];
  }

  /** {@return H<sub>jk</sub>} */
  double right(int column, int k) {
    return right[column * rank + k];
  }

  /** {@return H, shape (p, r), row-major} */
  double[] right() {
    return right;
  }

  /** {@return the column k of H} */
  List<Float> column(int k) {
    return IntStream.range(0, right.length / rank).mapToObj(j -> (float) right(j, k)).toList();
  }

  /**
   * {@return the part of Σ W Hᵀ that the pair k makes: Σ<sub>i</sub> W<sub>ik</sub> Σ<sub>j</sub>
   * H<sub>jk</sub>}
   */
  double sum(int k) {
    return sum(left, k) * sum(right, k);
  }

  private double sum(double[] values, int k) {
    double sum = 0;
    for (int i = k; i < values.length; i += rank) {
      sum += values[i];
    }
    return sum;
  }

  /**
   * {@return the same product in a form that does not depend on where the descent came from: the
   * largest value of each column of W is 1 (or 0), and the pairs come in the order of their {@link
   * #sum}, the largest first}
   */
  NonNegativeFactorization scaled() {
    int[] order =
        IntStream.range(0, rank)
            .boxed()
            .sorted(Comparator.comparingDouble(k -> -sum(k)))
            .mapToInt(Integer::intValue)
            .toArray();
    NonNegativeFactorization scaled =
        new NonNegativeFactorization(rank, new double[left.length], new double[right.length]);
    for (int k = 0; k < rank; k++) {
      double largest = 0;
      for (int i = order[k]; i < left.length; i += rank) {
        largest = Math.max(largest, left[i]);
      }
      double scale = largest == 0 ? 1 : largest;
      for (int row = 0; row < left.length / rank; row++) {
        scaled.left[row * rank + k] = left(row, order[k]) / scale;
      }
      for (int column = 0; column < right.length / rank; column++) {
        scaled.right[column * rank + k] = right(column, order[k]) * scale;
      }
    }
    return scaled;
  }

  private static double[] drawn(Random random, int count, double scale) {
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      values[i] = Math.abs(scale * random.nextGaussian());
    }
    return values;
  }

  private void descend(NDArray values, int rounds, double tolerance, boolean both) {
    try (NDManager scope = PyTorch.newScope()) {
      NDArray v = scope.create(values.toType(DataType.FLOAT64, false).toDoubleArray());
      v = v.reshape(values.getShape());
      NDArray transposed = v.transpose();
      double first = 0;
      for (int round = 0; round < rounds; round++) {
        Interruption.check("Interrupted in round " + round + " of a factorisation.");
        double remaining = side(v, left, right);
        if (both) {
          remaining += side(transposed, right, left);
        }
        if (round == 0) {
          first = remaining;
        }
        if (remaining <= tolerance * first) {
          return;
        }
      }
    }
  }

  /** Sets all values of one factor, and returns the sum of the gradient's magnitudes before. */
  private double side(NDArray values, double[] moved, double[] fixed) {
    double[] products;
    double[] squares;
    try (NDManager scope = values.getManager().newSubManager()) {
      NDArray other = scope.create(fixed, new Shape(fixed.length / rank, rank));
      products = values.matMul(other).toDoubleArray();
      squares = other.transpose().matMul(other).toDoubleArray();
    }
    double remaining = 0;
    for (int k = 0; k < rank; k++) {
      for (int start = 0; start < moved.length; start += rank) {
        double gradient = -products[start + k];
        for (int other = 0; other < rank; other++) {
          gradient += squares[k * rank + other] * moved[start + other];
        }
        remaining += Math.abs(moved[start + k] == 0 ? Math.min(0, gradient) : gradient);
        if (squares[k * rank + k] != 0) {
          moved[start + k] = Math.max(0, moved[start + k] - gradient / squares[k * rank + k]);
        }
      }
    }
    return remaining;
  }
}
