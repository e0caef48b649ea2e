package camlab.exercise;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import camlab.capture.Target;
import camlab.network.Classes;
import camlab.notebook.CheckFailed;
import camlab.notebook.StillOpen;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.DoubleSupplier;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Supplier;

/**
 * Holds what a reader's method returns against what it should return. A message says which kind of
 * difference there is, so that it helps, and never shows the right values, so that it does not
 * answer the exercise.
 */
final class Answer {

  /** What float arithmetic in another order may differ by, as a share of the largest value. */
  private static final double ROUNDING = 1e-4;

  private static final String WHOLE = "; mind that 3 / 4 is 0 in Java, both being whole numbers";

  private static final String NOT_A_NUMBER =
      "not a number comes from 0/0, from infinity / infinity or from the root of a negative number";

  private Answer() {}

  /**
   * Checks a map.
   *
   * @param what what the method is asked for, to begin a sentence with: "The map of two channels"
   * @param expected the right map, h×w
   * @param found calls the reader's method
   * @throws CheckFailed if it gives anything else
   */
  static void map(String what, float[][] expected, Supplier<float[][]> found) {
    map(what, expected, found, "a map has one value for each position");
  }

  /**
   * Checks rows of numbers.
   *
   * @param size what there is a value for, if the size is wrong
   */
  static void map(String what, float[][] expected, Supplier<float[][]> found, String size) {
    float[][] rows = value(what, found);
    int height = expected.length;
    int width = expected[0].length;
    for (float[] row : rows) {
      if (rows.length != height || row == null || row.length != width) {
        throw wrong(
            what,
            String.format(
                Locale.ROOT,
                "it should have %s of %s, but has %s%s",
                counted(height, "row"),
                counted(width, "value"),
                counted(rows.length, "row"),
                row == null ? "" : " of " + counted(row.length, "value")),
            rows.length == width && row != null && row.length == height
                ? "rows and columns seem to be exchanged"
                : size);
      }
    }
    if (rows.length == 0) {
      throw wrong(what, "it has no rows", size);
    }
    numbers(what, flat(expected), () -> flat(rows), "at row %d, column %d", width);
  }

  /**
   * Checks a row of numbers.
   *
   * @param what what the method is asked for, to begin a sentence with
   * @param expected the right numbers
   * @param found calls the reader's method
   * @throws CheckFailed if it gives anything else
   */
  static void numbers(String what, double[] expected, Supplier<double[]> found) {
    double[] values = value(what, found);
    if (values.length != expected.length) {
      throw wrong(
          what,
          String.format(
              Locale.ROOT,
              "there should be %d numbers, but there are %d",
              expected.length,
              values.length),
          "ask what there is one number for: a channel, a class, a region, a picture, a step");
    }
    numbers(what, expected, () -> values, "at index %2$d", expected.length);
  }

  /**
   * Checks one number.
   *
   * @param tolerance how far the two may lie apart
   * @throws CheckFailed if it gives anything else
   */
  static void number(String what, double expected, double tolerance, DoubleSupplier found) {
    double value = value(what, found::getAsDouble);
    if (Math.abs(expected - value) <= tolerance) {
      return;
    }
    throw wrong(what, "your method returns %s".formatted(value), hint(expected, value, tolerance));
  }

  private static String hint(double expected, double value, double tolerance) {
    if (Double.isNaN(value)) {
      return NOT_A_NUMBER;
    }
    if (Math.abs(expected + value) <= tolerance) {
      return "the size is right, the sign is not";
    }
    boolean share = 0 < expected && expected <= 1;
    if (share && expected < 1 && Math.abs(100 * expected - value) <= 100 * tolerance) {
      return "that is a hundred times too large: it is asked for as a fraction, not in percent";
    }
    return "that is too %s%s"
        .formatted(value > expected ? "large" : "small", share && value == 0 ? WHOLE : "");
  }

  /**
   * Checks the score that a target gives. The engine makes the product of a score with a double a
   * double, too, so it may be of any type.
   *
   * @param logits of one picture
   * @param classes their names
   * @param found calls the reader's method
   * @throws CheckFailed if it is anything else
   */
  static void score(
      String what, double expected, NDArray logits, Classes classes, Supplier<Target> found) {
    Target target = value(what, found);
    number(what, expected, 1e-5, () -> doubles(target.value(logits, classes))[0]);
  }

  /**
   * Checks anything that is either right or wrong.
   *
   * @param hint what to look at, if it is wrong
   * @throws CheckFailed if it is not equal to what is expected
   */
  static <T> void equal(String what, T expected, Supplier<T> found, String hint) {
    T value = value(what, found, hint);
    if (!expected.equals(value)) {
      throw wrong(what, "your method returns " + value, hint);
    }
  }

  /**
   * What the reader's method returns, for checks that none of the others covers.
   *
   * @throws CheckFailed if the exercise is still open, or the method returns null
   */
  static <T> T value(String what, Supplier<T> found) {
    return value(what, found, "return what you have worked out");
  }

  /**
   * The same, where null is a mistake that has a hint of its own.
   *
   * @param hint what to look at, if it is null
   * @throws CheckFailed if the exercise is still open, or the method returns null
   */
  static <T> T value(String what, Supplier<T> found, String hint) {
    T value;
    try {
      value = found.get();
    } catch (UnsupportedOperationException e) {
      throw StillOpen.STUB.equals(e.getMessage()) ? new StillOpen() : e;
    }
    if (value == null) {
      throw wrong(what, "your method returns null", hint);
    }
    return value;
  }

  private static void numbers(
      String what, double[] expected, Supplier<double[]> found, String place, int width) {
    double[] values = found.get();
    double slack = ROUNDING * Math.max(largest(expected), 1e-12);
    for (int i = 0; i < expected.length; i++) {
      if (!(Math.abs(expected[i] - values[i]) <= slack)) {
        String where = String.format(Locale.ROOT, place, i / width, i % width);
        throw wrong(
            what, "%s it is %s".formatted(where, (float) values[i]), hint(expected, values, slack));
      }
    }
  }

  /** What the difference looks like. */
  private static String hint(double[] expected, double[] found, double slack) {
    double factor = dot(expected, found) / dot(expected, expected);
    if (Arrays.stream(found).anyMatch(Double::isNaN)) {
      return NOT_A_NUMBER;
    }
    if (largest(found) == 0) {
      return "everything is zero" + (largest(expected) <= 1 ? WHOLE : "");
    }
    if (same(expected, found, 1, v -> Math.max(v, 0), slack)) {
      return "what is positive is right, but there are values below zero";
    }
    if (same(expected, found, -1, v -> v, slack)) {
      return "the sizes are right, the signs are not";
    }
    if (same(expected, found, factor, v -> v, Math.abs(factor) * slack)) {
      return "everything is too %s by one and the same factor%s"
          .formatted(
              Math.abs(factor) > 1 ? "large" : "small",
              factor < 0 ? ", and the signs are not right" : "");
    }
    return "neither a sign nor a factor explains the difference; work a small case out by hand";
  }

  private static boolean same(
      double[] expected, double[] found, double factor, DoubleUnaryOperator change, double slack) {
    for (int i = 0; i < expected.length; i++) {
      if (!(Math.abs(factor * expected[i] - change.applyAsDouble(found[i])) <= slack)) {
        return false;
      }
    }
    return true;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  private static double largest(double[] values) {
    double most = 0;
    for (double value : values) {
      most = Math.max(most, Math.abs(value));
    }
    return most;
  }

  /** The numbers of an array of any type, row by row; null for none. */
  static double[] doubles(NDArray array) {
    return array == null ? null : array.toType(DataType.FLOAT64, false).toDoubleArray();
  }

  private static String counted(int count, String what) {
    return String.format(Locale.ROOT, count == 1 ? "%d %s" : "%d %ss", count, what);
  }

  private static double[] flat(float[][] rows) {
    double[] values = new double[rows.length * rows[0].length];
    for (int i = 0; i < values.length; i++) {
      values[i] = rows[i / rows[0].length][i % rows[0].length];
    }
    return values;
  }

  /**
   * What a check throws.
   *
   * @param found what is amiss
   * @param hint what to look at
   */
  static CheckFailed wrong(String what, String found, String hint) {
    return new CheckFailed("%s is not right yet: %s. Hint: %s.".formatted(what, found, hint));
  }
}
