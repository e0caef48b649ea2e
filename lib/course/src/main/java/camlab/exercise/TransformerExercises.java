package camlab.exercise;

import static camlab.notebook.Notebook.passed;

import java.util.Arrays;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** The exercises of lesson 18. Token 0 is the class token, the others lie on a grid. */
public final class TransformerExercises {

  private TransformerExercises() {}

  /**
   * Exercise 1: the upper left pixel of a token's patch, as row and column; of the class token,
   * which has no place, an empty array.
   *
   * @param answer the reader's method
   * @throws camlab.notebook.CheckFailed if it gives anything else
   */
  public static void place(Place answer) {
    String none = "token 0 is no part of the picture: return an array of no numbers";
    int[] nowhere = Answer.value("The place of the class token", () -> answer.of(0, 12, 8), none);
    if (nowhere.length > 0) {
      throw Answer.wrong("The place of the class token", "it is " + Arrays.toString(nowhere), none);
    }
    Answer.numbers("The place of token 1", new double[] {0, 0}, () -> doubles(answer.of(1, 12, 8)));
    Answer.numbers(
        "The place of token 13 of a grid with 12 columns, patches of 8 pixels",
        new double[] {8, 0},
        () -> doubles(answer.of(13, 12, 8)));
    Answer.numbers(
        "The place of token 12 of the same grid",
        new double[] {0, 88},
        () -> doubles(answer.of(12, 12, 8)));
    Answer.numbers(
        "The place of token 20 of a grid with 7 columns, patches of 16 pixels",
        new double[] {32, 80},
        () -> doubles(answer.of(20, 7, 16)));
    passed("every token is found in the picture, and the class token is not");
  }

  private static double[] doubles(int[] values) {
    return values == null ? null : Arrays.stream(values).asDoubleStream().toArray();
  }

  /**
   * Exercise 2: attention rollout, (A<sub>L</sub> + I)/2 … (A<sub>1</sub> + I)/2.
   *
   * @param answer the reader's method, from the shares of each block, the first block first,
   *     already averaged over heads, to the product
   * @throws camlab.notebook.CheckFailed if it gives anything else
   */
  public static void rollout(Function<double[][][], double[][]> answer) {
    // Each call has arrays of its own: an answer may well write into those that it is given.
    Supplier<double[][]> one = () -> new double[][] {{0.5, 0.5}, {0.25, 0.75}};
    matrix(
        "The rollout of one block of two tokens",
        new double[][] {{0.75, 0.25}, {0.125, 0.875}},
        () -> answer.apply(new double[][][] {one.get()}));
    double[][] away = {{0, 1}, {0, 1}};
    matrix(
        "The rollout of two blocks of two tokens",
        new double[][] {{0.4375, 0.5625}, {0.125, 0.875}},
        () -> answer.apply(new double[][][] {one.get(), away}));
    double[][] still = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}};
    Supplier<double[][]> turned = () -> new double[][] {{0, 1, 0}, {0, 0, 1}, {1, 0, 0}};
    matrix(
        "The rollout of three blocks of three tokens",
        new double[][] {{0.25, 0.5, 0.25}, {0.25, 0.25, 0.5}, {0.5, 0.25, 0.25}},
        () -> answer.apply(new double[][][] {turned.get(), still, turned.get()}));
    passed("the paths through all blocks are multiplied in the right order");
  }

  private static void matrix(String what, double[][] expected, Supplier<double[][]> found) {
    Answer.map(
        what,
        floats(expected),
        () -> floats(found.get()),
        "there is one share for each pair of tokens, of the end and of the beginning");
  }

  private static float[][] floats(double[][] rows) {
    if (rows == null) {
      return null;
    }
    return Arrays.stream(rows)
        .map(
            row -> {
              float[] values = new float[row == null ? 0 : row.length];
              IntStream.range(0, values.length).forEach(i -> values[i] = (float) row[i]);
              return values;
            })
        .toArray(float[][]::new);
  }

  /**
   * Exercise 3: how far a token looks, in patches: the mean distance between its place and those of
   * the tokens that it looks at, weighted by its shares; what goes to the class token is left out.
   *
   * @param answer the reader's method
   * @throws camlab.notebook.CheckFailed if it gives anything else
   */
  public static void distance(Distance answer) {
    Answer.number(
        "The distance of a token that looks at itself only",
        0,
        1e-9,
        () -> answer.of(new double[] {0, 0, 1, 0, 0}, 2, 2));
    Answer.number(
        "The distance of a token that looks at the one below it",
        1,
        1e-9,
        () -> answer.of(new double[] {0, 0, 0, 1, 0}, 1, 2));
    Answer.number(
        "The distance of a token that looks three rows down and four columns to the right",
        5,
        1e-9,
        () -> answer.of(shares(20, 1, 20), 1, 5));
    Answer.number(
        "The distance of a token of which half looks at itself and half at its neighbour",
        0.5,
        1e-9,
        () -> answer.of(new double[] {0, 0.5, 0.5, 0, 0}, 1, 2));
    Answer.number(
        "The distance of a token that gives the class token 0.6 and its neighbour 0.4",
        1,
        1e-9,
        () -> answer.of(new double[] {0.6, 0, 0.4, 0, 0}, 1, 2));
    passed("the distance is a mean over the picture's tokens, weighted by the shares");
  }

  /** All of one token, of a grid of some. */
  private static double[] shares(int tokens, double share, int at) {
    double[] shares = new double[tokens + 1];
    shares[at] = share;
    return shares;
  }

  /** Finds a token in the picture. */
  @FunctionalInterface
  public interface Place {

    /**
     * Its upper left pixel.
     *
     * @param token its number; 0 is the class token
     * @param columns how many patches lie side by side
     * @param patch a patch's side in pixels
     * @return row and column, or nothing
     */
    int[] of(int token, int columns, int patch);
  }

  /** Tells how far a token looks. */
  @FunctionalInterface
  public interface Distance {

    /**
     * The mean distance.
     *
     * @param shares a token's shares of attention, the class token's first; not all of it goes
     *     there
     * @param token the token that looks, from 1
     * @param columns how many patches lie side by side
     * @return in patches
     */
    double of(double[] shares, int token, int columns);
  }
}
