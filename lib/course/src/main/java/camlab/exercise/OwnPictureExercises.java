package camlab.exercise;

import static camlab.notebook.Notebook.passed;

import camlab.heatmap.Heatmap;
import java.util.List;
import java.util.function.Function;

/** The exercises of lesson 06. */
public final class OwnPictureExercises {

  private OwnPictureExercises() {}

  /**
   * Exercise 1: a map with left and right exchanged.
   *
   * @param answer the reader's method: a map h×w to the mirrored one, h×w
   * @throws camlab.notebook.CheckFailed if it gives anything else
   */
  public static void mirrored(Function<Heatmap, float[][]> answer) {
    Heatmap map = MadeUp.map(2, 3, 1, 2, 4, 0, 8, 3);
    float[][] expected = {{4, 2, 1}, {3, 8, 0}};
    Answer.map("The mirrored map of 2×3", expected, () -> answer.apply(map));
    passed("the mirrored map of 2×3 is right");
  }

  /**
   * Exercise 2: how much a network answers that stays silent below a probability, and how much of
   * that is right: its coverage, and its accuracy on what it answers.
   *
   * @param answer the reader's method
   * @throws camlab.notebook.CheckFailed if it gives anything else
   */
  public static void onlyWhenSure(OnlyWhenSure answer) {
    double[] probabilities = {0.6, 0.9, 0.99, 0.95, 0.7};
    List<Boolean> right = List.of(false, true, true, false, true);
    Answer.numbers(
        "Coverage and accuracy at 0.95",
        new double[] {0.4, 0.5},
        () -> answer.of(probabilities, right, 0.95));
    Answer.numbers(
        "Coverage and accuracy at 0.65",
        new double[] {0.8, 0.75},
        () -> answer.of(probabilities, right, 0.65));
    passed("coverage and accuracy of five answers are right");
    Answer.numbers(
        "Coverage and accuracy where nothing is answered",
        new double[] {0, 0},
        () -> answer.of(probabilities, right, 0.999));
    passed("they are right as well where nothing is answered");
  }

  /** What is left if unsure answers are withheld. */
  @FunctionalInterface
  public interface OnlyWhenSure {

    /**
     * The share of pictures that are answered, and the share of right answers among these; both 0
     * where none is.
     *
     * @param probabilities of the answers
     * @param right whether each answer is right
     * @param threshold an answer is given from this probability on
     */
    double[] of(double[] probabilities, List<Boolean> right, double threshold);
  }
}
