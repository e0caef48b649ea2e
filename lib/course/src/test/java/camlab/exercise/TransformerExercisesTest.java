package camlab.exercise;

import static camlab.exercise.Checked.assertOpen;
import static camlab.exercise.Checked.assertSays;
import static camlab.exercise.Checked.stub;

import org.junit.jupiter.api.Test;

class TransformerExercisesTest {

  @Test
  void place() {
    TransformerExercises.place(TransformerExercisesTest::place);
    assertSays("token 0 is no part", () -> TransformerExercises.place((t, c, p) -> place(1, c, p)));
    assertSays(
        "The place of token 1 is not right",
        () -> TransformerExercises.place((t, c, p) -> t == 0 ? new int[0] : place(t + 1, c, p)));
    assertSays(
        "The place of token 13",
        () ->
            TransformerExercises.place(
                (t, c, p) -> t == 0 ? new int[0] : new int[] {(t - 1) % c * p, (t - 1) / c * p}));
  }

  static int[] place(int token, int columns, int patch) {
    return token == 0
        ? new int[0]
        : new int[] {(token - 1) / columns * patch, (token - 1) % columns * patch};
  }

  @Test
  void rollout() {
    TransformerExercises.rollout(shares -> rollout(shares, false, 0.5));
    assertSays("two blocks of two", () -> TransformerExercises.rollout(s -> rollout(s, true, 0.5)));
    assertSays("one block of two", () -> TransformerExercises.rollout(s -> rollout(s, false, 0)));
  }

  /** With so much of the path around the attention. */
  static double[][] rollout(double[][][] shares, boolean backwards, double around) {
    double[][] result = mixed(shares[0], around);
    for (int block = 1; block < shares.length; block++) {
      double[][] next = mixed(shares[block], around);
      result = backwards ? product(result, next) : product(next, result);
    }
    return result;
  }

  private static double[][] mixed(double[][] shares, double around) {
    double[][] mixed = new double[shares.length][shares.length];
    for (int i = 0; i < shares.length; i++) {
      for (int j = 0; j < shares.length; j++) {
        mixed[i][j] = (1 - around) * shares[i][j] + (i == j ? around : 0);
      }
    }
    return mixed;
  }

  static double[][] product(double[][] left, double[][] right) {
    double[][] product = new double[left.length][left.length];
    for (int i = 0; i < left.length; i++) {
      for (int j = 0; j < left.length; j++) {
        for (int k = 0; k < left.length; k++) {
          product[i][j] += left[i][k] * right[k][j];
        }
      }
    }
    return product;
  }

  @Test
  void distance() {
    TransformerExercises.distance((s, t, c) -> distance(s, t, c, 1));
    assertSays(
        "gives the class token 0.6",
        () -> TransformerExercises.distance((s, t, c) -> distance(s, t, c, 1) * (1 - s[0])));
    assertSays(
        "three rows down", () -> TransformerExercises.distance((s, t, c) -> distance(s, t, c, 0)));
  }

  /** Counted from another token than the first of the picture. */
  static double distance(double[] shares, int token, int columns, int first) {
    double sum = 0;
    double all = 0;
    for (int other = 1; other < shares.length; other++) {
      int down = (other - first) / columns - (token - first) / columns;
      int right = (other - first) % columns - (token - first) % columns;
      sum += shares[other] * Math.hypot(down, right);
      all += shares[other];
    }
    return sum / all;
  }

  @Test
  void theStubsAreOpenExercises() {
    assertOpen(
        () ->
            TransformerExercises.place(
                (token, columns, patch) -> {
                  throw stub();
                }));
    assertOpen(
        () ->
            TransformerExercises.rollout(
                shares -> {
                  throw stub();
                }));
    assertOpen(
        () ->
            TransformerExercises.distance(
                (shares, token, columns) -> {
                  throw stub();
                }));
  }
}
