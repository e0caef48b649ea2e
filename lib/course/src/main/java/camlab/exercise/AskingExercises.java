package camlab.exercise;

import static camlab.notebook.Notebook.passed;

/** The exercises of lesson 16. */
public final class AskingExercises {

  private AskingExercises() {}

  /**
   * Exercise 1: how many questions occlusion asks about a square picture.
   *
   * @param answer the reader's method
   * @throws camlab.notebook.CheckFailed if it gives anything else
   */
  public static void questions(Questions answer) {
    questions("a picture of 12×12 with windows of 4 that move by 4", 12, 4, 4, 10, answer);
    questions("a picture of 11×11 with windows of 4 that move by 3", 11, 4, 3, 17, answer);
    questions("a picture of 10×10 with windows of 4 that move by 3", 10, 4, 3, 10, answer);
    questions("a picture of 5×5 with a window of 8 that moves by 2", 5, 8, 2, 2, answer);
    passed("the questions are counted rightly for four windows");
  }

  private static void questions(
      String what, int side, int window, int stride, int right, Questions answer) {
    Answer.number(
        "The number of questions for " + what, right, 0, () -> answer.of(side, window, stride));
  }

  /** Counts questions. */
  @FunctionalInterface
  public interface Questions {

    /**
     * The number of places of the window, and one.
     *
     * @param side of the picture, in pixels
     * @param window its side, in pixels
     * @param stride how far it moves, in pixels
     */
    int of(int side, int window, int stride);
  }

  /**
   * Exercise 2: for each region the mean score of the pictures in which it is seen, less that of
   * the pictures in which it is hidden.
   *
   * @param answer the reader's method
   * @throws camlab.notebook.CheckFailed if it gives anything else
   */
  public static void contrast(Contrast answer) {
    boolean[][] four = {{true, false}, {false, true}, {true, true}, {false, false}};
    Answer.numbers(
        "The contrast of two regions after four questions",
        new double[] {0, 4},
        () -> answer.of(four, new double[] {1, 5, 7, 3}));
    boolean[][] three = {{true, true, false}, {true, false, false}, {true, false, true}};
    Answer.numbers(
        "The contrast of three regions, the first of which is never hidden,",
        new double[] {0, -4.5, 6},
        () -> answer.of(three, new double[] {2, 4, 9}));
    boolean[][] never = {{false, true, false}, {false, false, false}, {false, false, true}};
    Answer.numbers(
        "The contrast of three regions, the first of which is never seen,",
        new double[] {0, -4.5, 6},
        () -> answer.of(never, new double[] {2, 4, 9}));
    passed("the contrast is right for two and for three regions");
  }

  /** Compares what is seen with what is hidden. */
  @FunctionalInterface
  public interface Contrast {

    /**
     * One number for each region; 0 for one that is always seen, or never.
     *
     * @param seen for each question, which regions are seen in it
     * @param scores the answers
     */
    double[] of(boolean[][] seen, double[] scores);
  }

  /**
   * Exercise 3: the Shapley values of three regions (Shapley 1953), from the scores of all eight
   * selections.
   *
   * @param answer the reader's method
   * @throws camlab.notebook.CheckFailed if it gives anything else
   */
  public static void shares(Shares answer) {
    shares(
        "The shares of three regions that add up",
        new double[] {1, 2, 4},
        answer,
        new double[] {3, 4, 5, 6, 7, 8, 9, 10});
    shares(
        "The shares if the first or the second region is enough and the third does nothing",
        new double[] {3, 3, 0},
        answer,
        new double[] {0, 6, 6, 6, 0, 6, 6, 6});
    shares(
        "The shares of three regions that need each other",
        new double[] {3.5, 5, 1.5},
        answer,
        new double[] {1, 3, 2, 9, 0, 4, 8, 11});
    passed("the shares are right for three boxes");
  }

  private static void shares(String what, double[] right, Shares answer, double[] scores) {
    Answer.numbers(what, right, () -> answer.of(scores));
  }

  /** Shares a score out. */
  @FunctionalInterface
  public interface Shares {

    /**
     * The Shapley values of three regions.
     *
     * @param scores of the eight selections: in that of index s the region r is seen if the bit r
     *     of s is set, {@code (s >> r & 1) == 1}
     */
    double[] of(double[] scores);
  }
}
