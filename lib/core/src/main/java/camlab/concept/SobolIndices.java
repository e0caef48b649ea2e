package camlab.concept;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;

/**
 * How much of the variance of a function of several inputs, each equally likely anywhere in [0, 1],
 * goes back to one of them, alone or together with others.
 *
 * <p>The total index of input i is S<sub>i</sub> = E(Var(f | all but i)) / Var(f), estimated as Σ
 * <sub>j</sub> (f(A<sub>j</sub>) − f(C<sub>ij</sub>))² / (2 N Var(f(A))) with N rows of draws A and
 * C<sub>i</sub> equal to A but for column i, which is drawn anew. Both draws are Latin hypercubes:
 * each column has one value in each of N equal parts of [0, 1].
 *
 * <p>Source: M. J. W. Jansen, "Analysis of variance designs for model output", Computer Physics
 * Communications 1999, as in A. Saltelli et al., "Variance based sensitivity analysis of model
 * output", Computer Physics Communications 2010, table 2 (f).
 */
final class SobolIndices {

  private SobolIndices() {}

  /**
   * The total indices.
   *
   * @param inputs how many inputs the function has
   * @param rows N, at least 2
   * @param seed of the draws
   * @param function takes N · (inputs + 1) rows of inputs, gives as many values
   * @return one index for each input, at least 0; all 0 if the function does not vary
   */
  static double[] total(
      int inputs, int rows, long seed, Function<List<double[]>, double[]> function) {
    Random random = new Random(seed);
    double[][] a = hypercube(random, rows, inputs);
    double[][] b = hypercube(random, rows, inputs);
    List<double[]> all = new ArrayList<>(List.of(a));
    for (int i = 0; i < inputs; i++) {
      for (int j = 0; j < rows; j++) {
        double[] row = a[j].clone();
        row[i] = b[j][i];
        all.add(row);
      }
    }
    return jansen(function.apply(all), inputs, rows);
  }

  /** From f(A), then f(C) of the first input, and so on. */
  static double[] jansen(double[] values, int inputs, int rows) {
    double mean = 0;
    for (int j = 0; j < rows; j++) {
      mean += values[j] / rows;
    }
    double variance = 0;
    for (int j = 0; j < rows; j++) {
      variance += (values[j] - mean) * (values[j] - mean) / (rows - 1);
    }
    double[] indices = new double[inputs];
    for (int i = 0; variance > 0 && i < inputs; i++) {
      for (int j = 0; j < rows; j++) {
        double change = values[j] - values[(i + 1) * rows + j];
        indices[i] += change * change / (2 * rows * variance);
      }
    }
    return indices;
  }

  private static double[][] hypercube(Random random, int rows, int inputs) {
    double[][] cube = new double[rows][inputs];
    for (int i = 0; i < inputs; i++) {
      for (int j = 0; j < rows; j++) {
        cube[j][i] = (j + random.nextDouble()) / rows;
      }
      for (int j = rows - 1; j > 0; j--) {
        int other = (int) (random.nextDouble() * (j + 1));
        double value = cube[j][i];
        cube[j][i] = cube[other][i];
        cube[other][i] = value;
      }
    }
    return cube;
  }
}
