package camlab.exercise;

import static camlab.notebook.Notebook.passed;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import camlab.heatmap.ChannelMaps;
import java.util.Arrays;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** The exercises of lesson 11. */
public final class PixelExercises {

  private PixelExercises() {}

  /**
   * Exercise 1: for how many pixels |g| is largest in the first, the second, the third colour.
   *
   * @param answer the reader's method: gradients 3×h×w to three numbers
   * @throws camlab.notebook.CheckFailed if it gives anything else
   */
  public static void strongestColour(Function<ChannelMaps, int[]> answer) {
    ChannelMaps gradients = MadeUp.maps(3, 2, 2, 1, -5, 0, 2, -3, 2, 0.5, 1, 2, 1, -1, -4);
    Answer.numbers(
        "The number of pixels for each colour",
        new double[] {1, 1, 2},
        () -> {
          int[] found = answer.apply(gradients);
          return found == null ? null : Arrays.stream(found).asDoubleStream().toArray();
        });
    passed("the colours of four pixels are counted right");
  }

  /**
   * Exercise 3: integrated gradients from any start, (x − x') times the mean gradient at the
   * middles of m equal steps from x' to x; Sundararajan et al. 2017, equations 1 and 3.
   *
   * @param answer the reader's method
   * @throws camlab.notebook.CheckFailed if it gives anything else
   */
  public static void integrated(Integrated answer) {
    UnaryOperator<float[]> gradient = at -> new float[] {2 * at[0], 3};
    integrated(answer, "from 1, 5 to 3, 1", new float[] {3, 1}, new float[] {1, 5}, gradient);
    integrated(answer, "from 0, 0 to −2, 4", new float[] {-2, 4}, new float[] {0, 0}, gradient);
    passed("the bill of y = x₀² + 3x₁ adds up from two starts");
  }

  private static void integrated(
      Integrated answer, String way, float[] x, float[] start, UnaryOperator<float[]> gradient) {
    double[] expected = {x[0] * x[0] - start[0] * start[0], 3 * (x[1] - start[1])};
    Answer.numbers(
        "The attribution of y = x₀² + 3x₁ " + way + ", in four steps,",
        expected,
        () -> doubles(answer.of(x.clone(), start.clone(), 4, gradient)));
  }

  /**
   * Exercise 2: what the deconvolution passes on at a ReLU, the positive part of the gradient from
   * above; Zeiler and Fergus 2014.
   *
   * @param answer the reader's method: what went into the ReLU, and the gradient from above
   * @throws camlab.notebook.CheckFailed if it gives anything else
   */
  public static void thirdRule(BinaryOperator<NDArray> answer) {
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray z = manager.create(new float[] {2, 2, -1, -1});
      NDArray above = manager.create(new float[] {3, -4, 5, -6});
      Answer.numbers(
          "What is passed on for z = 2, 2, −1, −1 and 3, −4, 5, −6 from above",
          new double[] {3, 0, 5, 0},
          () -> {
            NDArray found = answer.apply(z, above);
            return found == null ? null : doubles(found.toFloatArray());
          });
    }
    passed("the third rule is right for all four cases");
  }

  private static double[] doubles(float[] values) {
    if (values == null) {
      return null;
    }
    double[] result = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      result[i] = values[i];
    }
    return result;
  }

  /** Integrated gradients. */
  @FunctionalInterface
  public interface Integrated {

    /**
     * One attribution for each number of the input.
     *
     * @param x where the way ends
     * @param start where it begins, as many numbers
     * @param steps m
     * @param gradient the gradient of the score, at any point
     */
    float[] of(float[] x, float[] start, int steps, UnaryOperator<float[]> gradient);
  }
}
