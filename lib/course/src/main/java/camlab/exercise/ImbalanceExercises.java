package camlab.exercise;

import static camlab.notebook.Notebook.passed;

/** The exercises of lesson 15. */
public final class ImbalanceExercises {

  private ImbalanceExercises() {}

  /**
   * Exercise 1: the threshold at which mistakes cost least, if a missed cat has a price and a dog
   * that is called a cat costs 1, half and half.
   *
   * @param answer the reader's method
   * @throws camlab.notebook.CheckFailed if it gives anything else
   */
  public static void cheapest(Threshold answer) {
    double[] cats = {-2, 1, 3, 5};
    double[] dogs = {-6, -3, -1, 2};
    double[] thresholds = {-7, -2.5, -2.25, 0, 0.5, 2, 2.875, 6};
    Answer.number(
        "The cheapest threshold if a missed cat costs 8",
        -2.5,
        1e-9,
        () -> answer.of(cats, dogs, thresholds, 8));
    Answer.number(
        "The cheapest threshold if a missed cat costs a third of a dog",
        2,
        1e-9,
        () -> answer.of(cats, dogs, thresholds, 1 / 3.0));
    double[] one = {2}; // as one of the thresholds, so it is not above that
    Answer.number(
        "The cheapest threshold for one cat and four dogs, half and half, at a price of 0.8",
        0,
        1e-9,
        () -> answer.of(one, dogs, thresholds, 0.8));
    passed("the cheapest threshold is right at three prices");
  }

  /** Chooses a threshold. */
  @FunctionalInterface
  public interface Threshold {

    /**
     * The first of the thresholds that cost least.
     *
     * @param cats the differences d of pictures of cats; what lies above the threshold is called a
     *     cat
     * @param dogs those of dogs
     * @param thresholds to choose from
     * @param price of a missed cat
     */
    double of(double[] cats, double[] dogs, double[] thresholds, double price);
  }

  /**
   * Exercise 2: of the pictures that are called cats (d above 0), the share that are cats, if a
   * given share of the exam is cats (Fawcett 2006, section 2, with the exam's share of cats in
   * place of its numbers).
   *
   * @param answer the reader's method
   * @throws camlab.notebook.CheckFailed if it gives anything else
   */
  public static void precision(Precision answer) {
    double[] cats = {1, 2, 0, 3};
    double[] dogs = {0, -2, 1, -3, -4};
    precision("The precision half and half", cats, dogs, 0.5, 0.75 / 0.95, answer);
    precision("The precision with 20 % cats", cats, dogs, 0.2, 0.15 / 0.31, answer);
    precision("The precision without any cat", cats, dogs, 0, 0, answer);
    double[] none = {-1};
    precision("The precision if nothing is called a cat", none, none, 0.5, 0, answer);
    passed("the precision is right in four exams");
  }

  private static void precision(
      String what, double[] cats, double[] dogs, double share, double right, Precision answer) {
    Answer.number(what, right, 1e-6, () -> answer.of(cats, dogs, share));
  }

  /** How precise an answer is. */
  @FunctionalInterface
  public interface Precision {

    /**
     * The share of cats among what is called a cat; 0 if nothing is.
     *
     * @param cats the differences d of pictures of cats
     * @param dogs those of dogs
     * @param share of cats in the exam, from 0 to 1
     */
    double of(double[] cats, double[] dogs, double share);
  }
}
