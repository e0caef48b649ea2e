package camlab.exercise;

import static camlab.notebook.Notebook.passed;

import camlab.heatmap.ChannelMaps;
import java.util.Arrays;
import java.util.Locale;
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
    ChannelMaps gradients =
        MadeUp.maps(3, 2, 3, 1, -5, 0, 2, 0, 2, -3, 2, 0.5, 1, 3, -2, 2, 1, -1, -1.5, -3, 1);
    Answer.numbers(
        "The number of pixels for each colour, with two ties among six pixels,",
        new double[] {3, 2, 1},
        () -> {
          int[] found = answer.apply(gradients);
          return found == null ? null : Arrays.stream(found).asDoubleStream().toArray();
        });
    passed("the colours of six pixels are counted right");
  }

  /**
   * Exercise 2: integrated gradients from any start, (x − x') times the mean gradient over m equal
   * steps from x' to x, taken in the middle of each step or, as in the paper, at its end;
   * Sundararajan et al. 2017, equations 1 and 3.
   *
   * @param answer the reader's method
   * @throws camlab.notebook.CheckFailed if it gives anything else
   */
  public static void integrated(Integrated answer) {
    UnaryOperator<float[]> gradient = at -> new float[] {3 * at[0] * at[0], 3};
    integrated(answer, new float[] {3, 1}, new float[] {1, 5}, 4, gradient);
    integrated(answer, new float[] {-2, 4}, new float[] {0, 0}, 2, gradient);
    passed("the attributions of y = x₀³ + 3x₁ are right, for two starts and two numbers of steps");
  }

  /**
   * Exercise 2 for one input: the answer's attributions are those with the gradient in the middle
   * of each step, or those with it at the end of each.
   *
   * @param answer the reader's method
   * @param x where the way ends
   * @param start where it begins, as many numbers
   * @param steps m
   * @param gradient the gradient of the score, at any point
   * @throws camlab.notebook.CheckFailed if they are neither, or if {@code x} or {@code start} are
   *     other numbers afterwards
   */
  public static void integrated(
      Integrated answer, float[] x, float[] start, int steps, UnaryOperator<float[]> gradient) {
    String what =
        x.length > 2
            ? "The attribution of the picture"
            : String.format(
                Locale.ROOT,
                "The attribution of y = x₀³ + 3x₁ from %.0f, %.0f to %.0f, %.0f, in %d steps,",
                start[0],
                start[1],
                x[0],
                x[1],
                steps);
    float[] end = x.clone();
    float[] begin = start.clone();
    double[] found = Answer.value(what, () -> doubles(answer.of(end, begin, steps, gradient)));
    if (!Arrays.equals(end, x) || !Arrays.equals(begin, start)) {
      throw Answer.wrong(
          what,
          "x or the start holds other numbers when your method has run",
          "they belong to the one who calls: put what you work out into an array of its own");
    }
    double[] atEnds = sums(x, start, steps, 1, gradient);
    double slack = 1e-4 * Arrays.stream(atEnds).map(Math::abs).max().orElse(0);
    boolean same = found.length == x.length;
    for (int i = 0; same && i < found.length; i++) {
      same = Math.abs(found[i] - atEnds[i]) <= slack;
    }
    if (!same) {
      Answer.numbers(what, sums(x, start, steps, 0.5f, gradient), () -> found);
    }
  }

  /** The attributions with the gradient at this share of each step. */
  private static double[] sums(
      float[] x, float[] start, int steps, float within, UnaryOperator<float[]> gradient) {
    double[] result = new double[x.length];
    for (int s = 0; s < steps; s++) {
      float[] between = new float[x.length];
      for (int i = 0; i < x.length; i++) {
        between[i] = start[i] + (s + within) / steps * (x[i] - start[i]);
      }
      float[] slope = gradient.apply(between);
      for (int i = 0; i < x.length; i++) {
        result[i] += (x[i] - start[i]) * slope[i] / steps;
      }
    }
    return result;
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
