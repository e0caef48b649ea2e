package camlab.exercise;

import static camlab.notebook.Notebook.passed;

import camlab.heatmap.Heatmap;
import camlab.picture.Mask;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.BiFunction;
import java.util.function.Function;

/** The exercises of lesson 10. */
public final class SeveralAnimalsExercises {

  /** What a map must keep of the picture at least, as a mean over its positions. */
  private static final double MOST = 0.85;

  private SeveralAnimalsExercises() {}

  /**
   * Exercise 1: the positive part of a map, scaled to [0, 1] by its own smallest and largest value.
   *
   * @param answer the reader's method: a map, h×w, to a map of the same size
   * @throws camlab.notebook.CheckFailed if it gives anything else
   */
  public static void positivePart(Function<Heatmap, float[][]> answer) {
    Answer.map(
        "The scaled positive part of a map with one negative value",
        new float[][] {{0, 0}, {0.25f, 1}},
        () -> answer.apply(MadeUp.map(2, 2, -2, 0, 1, 4)));
    Answer.map(
        "The scaled positive part of a map without a negative value",
        new float[][] {{0, 0.5f, 1}},
        () -> answer.apply(MadeUp.map(1, 3, 1, 2, 3)));
    Answer.map(
        "The scaled positive part of a map of negative values only",
        new float[][] {{0, 0}},
        () -> answer.apply(MadeUp.map(1, 2, -3, -1)));
    passed("the scaled positive parts of three maps are right");
  }

  /**
   * Exercise 2: a map that keeps nearly the whole picture and is as warm in one quarter of it as in
   * any other, whatever the picture.
   *
   * @param answer the reader's method: height and width to a map of that size
   * @throws camlab.notebook.CheckFailed if the map is constant, keeps too little or is uneven
   */
  public static void winsEverything(BiFunction<Integer, Integer, float[][]> answer) {
    winsEverything(answer, 7, 7);
    winsEverything(answer, 6, 10);
    passed("two maps keep nearly everything, and reach every part of the picture");
  }

  private static void winsEverything(
      BiFunction<Integer, Integer, float[][]> answer, int height, int width) {
    String what = String.format(Locale.ROOT, "The map of %d×%d", height, width);
    float[][] rows = Answer.value(what, () -> answer.apply(height, width));
    if (rows.length != height
        || Arrays.stream(rows).anyMatch(row -> row == null || row.length != width)) {
      throw Answer.wrong(what, "it has another size", "the first number is that of the rows");
    }
    for (float[] row : rows) {
      for (float value : row) {
        if (!Float.isFinite(value)) {
          throw Answer.wrong(
              what,
              "it holds " + value + ", which is no finite number",
              "look for a division by zero");
        }
      }
    }
    Heatmap map = Heatmap.of(rows, MadeUp.PROVENANCE);
    if (map.max() == map.min()) {
      throw Answer.wrong(
          what, "it is the same everywhere", "such a map is scaled to zeros: nothing is kept");
    }
    if (map.normalized().sum() < MOST * height * width) {
      throw Answer.wrong(
          what,
          "scaled to [0, 1] it keeps too little of the picture",
          "what matters is how far most positions lie above the lowest one");
    }
    if (map.max() <= 0) {
      throw Answer.wrong(
          what, "it has no value above 0", "heat is what is positive, and here nothing is");
    }
    double[] heats = quarters(map);
    double best = Arrays.stream(heats).max().orElseThrow();
    if (Arrays.stream(heats).min().orElseThrow() < best / 2) {
      throw Answer.wrong(
          what, "it would miss animals in some part of the picture", "light all parts alike");
    }
  }

  /** The mean heat of each quarter, of which the first ones have the odd row and column. */
  private static double[] quarters(Heatmap map) {
    double[] heats = new double[4];
    int[] positions = new int[4];
    for (int row = 0; row < map.height(); row++) {
      for (int column = 0; column < map.width(); column++) {
        int quarter = 2 * row / map.height() * 2 + 2 * column / map.width();
        heats[quarter] += Math.max(0, map.at(row, column));
        positions[quarter]++;
      }
    }
    Arrays.setAll(heats, quarter -> heats[quarter] / positions[quarter]);
    return heats;
  }

  /**
   * Exercise 3: the mean of R(M) on each animal, divided by the largest of these means; zeros where
   * nothing is lit.
   *
   * @param answer the reader's method: a map and the animals' masks to one number for each animal
   * @throws camlab.notebook.CheckFailed if it gives anything else
   */
  public static void relativeHeat(BiFunction<Heatmap, List<Mask>, double[]> answer) {
    // In the picture each row of the map is 6, 3.5, −1.5, −4.
    Heatmap map = MadeUp.map(1, 2, 6, -4);
    List<Mask> animals =
        List.of(MadeUp.mask(2, 4, 1, 2, 5), MadeUp.mask(2, 4, 4, 5), MadeUp.mask(2, 4, 1));
    Answer.numbers(
        "The relative heat of three animals in a picture of 2×4, on a map of 1×2,",
        new double[] {28 / 57.0, 1, 14 / 19.0},
        () -> answer.apply(map, animals));
    Answer.numbers(
        "The relative heat of two animals on a map without a positive value",
        new double[] {0, 0},
        () -> answer.apply(MadeUp.map(1, 2, -1, -2), animals.subList(0, 2)));
    passed("the relative heat of three animals is right, and of two that are not lit");
  }
}
