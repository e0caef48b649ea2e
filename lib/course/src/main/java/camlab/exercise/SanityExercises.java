package camlab.exercise;

import static camlab.notebook.Notebook.passed;

import camlab.heatmap.Heatmap;
import camlab.heatmap.Provenance;
import camlab.measure.CascadingRandomization;
import camlab.measure.CascadingRandomization.Step;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;

/** The exercises of lesson 13. */
public final class SanityExercises {

  private static final String BLOCKS =
      "there is one mean for each block, and what fills no block has none";

  private SanityExercises() {}

  /**
   * Exercise 1: the line of one method in a cascade: 1 for the trained network, then its rank
   * correlations in the order of the steps.
   *
   * @param answer the reader's method: steps and a method's name to the numbers of its line
   * @throws camlab.notebook.CheckFailed if it gives anything else
   */
  public static void line(BiFunction<List<Step>, String, double[]> answer) {
    List<Step> steps =
        List.of(
            step("top", "A", 0.5),
            step("top", "B", 0.75),
            step("middle", "A", -0.25),
            step("middle", "B", 0.625),
            step("bottom", "A", 0.125),
            step("bottom", "B", 0));
    Answer.numbers(
        "The line of the first of two methods in a cascade of three layers",
        new double[] {1, 0.5, -0.25, 0.125},
        () -> answer.apply(steps, "AB".substring(0, 1)));
    Answer.numbers(
        "The line of the second method",
        new double[] {1, 0.75, 0.625, 0},
        () -> answer.apply(steps, "AB".substring(1)));
    passed("the lines of two methods are right");
  }

  private static Step step(String layer, String method, double correlation) {
    Heatmap map = MadeUp.map(1, 1, 0).withProvenance(new Provenance(method, layer, "", Double.NaN));
    return new Step(layer, map, correlation, Math.abs(correlation) / 2, 0.9);
  }

  /**
   * Exercise 2: independent randomisation, one cascade of a single layer for each layer (Adebayo et
   * al. 2018, section 3.2).
   *
   * @param answer the reader's method: the layers from the top down and a seed to the cascades
   * @throws camlab.notebook.CheckFailed if it gives anything else
   */
  public static void oneAtATime(
      BiFunction<List<String>, Long, List<CascadingRandomization>> answer) {
    List<CascadingRandomization> expected =
        List.of(
            new CascadingRandomization(List.of("top"), 5),
            new CascadingRandomization(List.of("middle"), 5),
            new CascadingRandomization(List.of("bottom"), 5));
    Answer.equal(
        "The plan for three layers and seed 5",
        expected,
        () -> answer.apply(List.of("top", "middle", "bottom"), 5L),
        "in each cascade, count the layers that become random, and look at the seed");
    passed("each layer becomes random alone");
  }

  /**
   * Exercise 3: the cascade from the bottom up.
   *
   * <p>Sorted by the alphabet, the names that are tried are not in the order that is asked for.
   *
   * @param answer the reader's method: the layers from the top down and a seed to the cascade
   * @throws camlab.notebook.CheckFailed if it gives anything else, or changes the list it is given
   */
  public static void upwards(BiFunction<List<String>, Long, CascadingRandomization> answer) {
    List<String> given = List.of("classifier.6", "features.10", "features.3");
    List<String> layers = new ArrayList<>(given);
    Answer.equal(
        "The cascade from the bottom up",
        new CascadingRandomization(List.of("features.3", "features.10", "classifier.6"), 5),
        () -> answer.apply(layers, 5L),
        "the first layer of the list is the first that becomes random");
    if (!layers.equals(given)) {
      throw Answer.wrong(
          "The list of layers, after your method has run,",
          "it was %s and is %s now".formatted(given, layers),
          "the list belongs to the one who calls: turn round a copy of it");
    }
    passed("the cascade begins at the bottom");
  }

  /**
   * Exercise 4: a map without its margin, averaged over square blocks.
   *
   * @param answer the reader's method
   * @throws camlab.notebook.CheckFailed if it gives anything else
   */
  public static void inner(Inner answer) {
    double[] counting = new double[49];
    for (int at = 0; at < 49; at++) {
      counting[at] = at / 8.0;
    }
    Answer.map(
        "The inner part of a map of 7×7, margin 1, blocks of 2×2,",
        new float[][] {{1.5f, 1.75f}, {3.25f, 3.5f}},
        () -> answer.of(MadeUp.map(7, 7, counting), 1, 2),
        BLOCKS);
    Heatmap wide = MadeUp.map(4, 9, Arrays.copyOf(counting, 36));
    Answer.map(
        "The inner part of a map of 4×9, margin 0, blocks of 4×4,",
        new float[][] {{1.875f, 2.375f}},
        () -> answer.of(wide, 0, 4),
        BLOCKS);
    Answer.map(
        "A map with margin 0 and blocks of 1×1", wide.rows(), () -> answer.of(wide, 0, 1), BLOCKS);
    passed("the inner parts of three maps are right");
  }

  /** Cuts off and averages. */
  @FunctionalInterface
  public interface Inner {

    /**
     * The means of the blocks.
     *
     * @param map the map
     * @param margin how many values are cut off on each side
     * @param block how many rows and columns a block has; what fills no block is left out
     */
    float[][] of(Heatmap map, int margin, int block);
  }
}
