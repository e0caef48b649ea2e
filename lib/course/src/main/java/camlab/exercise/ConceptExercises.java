package camlab.exercise;

import static camlab.notebook.Notebook.passed;

import camlab.heatmap.Heatmap;
import camlab.picture.Mask;
import java.util.List;
import java.util.function.ToIntBiFunction;

/** The exercises of lesson 17. */
public final class ConceptExercises {

  private ConceptExercises() {}

  /**
   * Exercise 1: how many of several concepts matter: both of a concept's probabilities are below
   * the level divided by the number of concepts (Bonferroni).
   *
   * @param answer the reader's method
   * @throws camlab.notebook.CheckFailed if it gives anything else
   */
  public static void mattering(Mattering answer) {
    Answer.equal(
        "The number for one concept with probabilities of 0.04 and 0.03 at a level of 0.05",
        1,
        () -> answer.of(new double[] {0.04}, new double[] {0.03}, 0.05),
        "one test needs no correction");
    Answer.equal(
        "The number for one concept with probabilities of 0.05 and 0.01 at a level of 0.05",
        0,
        () -> answer.of(new double[] {0.05}, new double[] {0.01}, 0.05),
        "what is as large as the level is not below it");
    Answer.equal(
        "The number for two concepts, the second without any doubt and the first with 0.04 twice",
        1,
        () -> answer.of(new double[] {0.04, 0}, new double[] {0.04, 0}, 0.05),
        "the level is divided by how many concepts were tried");
    Answer.equal(
        "The number for three concepts, each of which passes one of its two tests at most",
        0,
        () -> answer.of(new double[] {0.001, 0.4, 0.2}, new double[] {0.3, 0.002, 0.5}, 0.06),
        "a concept has to pass both tests, and not two concepts one each");
    Answer.equal(
        "The number for four concepts, all of which pass both tests",
        4,
        () ->
            answer.of(
                new double[] {0.002, 0.001, 0, 0.01}, new double[] {0.01, 0.003, 0.002, 0}, 0.05),
        "divide once, by the number of concepts");
    passed("concepts are counted that pass both tests, at a level for all of them together");
  }

  /** Counts concepts that matter. */
  @FunctionalInterface
  public interface Mattering {

    /**
     * How many matter.
     *
     * @param half each concept's probability against 0.5
     * @param random each concept's probability against random directions, in the same order
     * @param level what the chance of a single false alarm among all of them shall stay below
     */
    int of(double[] half, double[] random, double level);
  }

  /**
   * Exercise 2: which of several concepts lies on an object most: the one with the largest share of
   * its map's energy inside the mask.
   *
   * @param answer the reader's method: the maps of one picture, as large as the mask and never
   *     negative, one for each concept; and the mask
   * @throws camlab.notebook.CheckFailed if it gives anything else
   */
  public static void conceptOn(ToIntBiFunction<List<Heatmap>, Mask> answer) {
    Mask mask = MadeUp.mask(2, 3, 1, 4);
    Heatmap inside = MadeUp.map(2, 3, 0, 0, 0, 0, 0.2, 0);
    Heatmap outside = MadeUp.map(2, 3, 0, 0, 1, 0, 0, 1);
    Heatmap everywhere = MadeUp.map(2, 3, 1, 1, 1, 1, 1, 1);
    Heatmap nowhere = MadeUp.map(2, 3, 0, 0, 0, 0, 0, 0);
    Answer.equal(
        "The concept for one map inside the mask and one outside of it",
        0,
        () -> answer.applyAsInt(List.of(inside, outside), mask),
        "return the map's number, counted from 0");
    Answer.equal(
        "The concept for a strong map that is the same everywhere and a faint one inside the mask",
        1,
        () -> answer.applyAsInt(List.of(everywhere, inside), mask),
        "it is the share of a map's own energy that counts, not how strong it is");
    Answer.equal(
        "The concept for a map that is zero everywhere and one that is the same everywhere",
        1,
        () -> answer.applyAsInt(List.of(nowhere, everywhere, nowhere), mask),
        "a map without any energy has a share of 0, and not 0/0");
    passed("the concept with the largest share inside the mask is found");
  }
}
