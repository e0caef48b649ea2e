package camlab.concept;

import java.util.List;
import java.util.Locale;

/**
 * What a test with concept activation vectors found.
 *
 * @param concept what the pictures have in common
 * @param layer the dotted name of the layer
 * @param target the class, or other score, whose pictures were asked about
 * @param vectors the concept's directions, one against each set of random pictures
 * @param scores the score of each: the share, from 0 to 1, of the class's pictures for which the
 *     class's score grows along the direction
 * @param controls the scores of directions from one set of random pictures to another
 */
public record TcavResult(
    String concept,
    String layer,
    String target,
    List<ConceptVector> vectors,
    List<Double> scores,
    List<Double> controls) {

  /** What a score is expected to be of a direction that has nothing to do with the class. */
  private static final double HALF = 0.5;

  /**
   * Copies the lists.
   *
   * @param concept what the pictures have in common
   * @param layer the dotted name of the layer
   * @param target the class
   * @param vectors the concept's directions
   * @param scores the score of each
   * @param controls the scores of random directions
   */
  public TcavResult {
    vectors = List.copyOf(vectors);
    scores = List.copyOf(scores);
    controls = List.copyOf(controls);
  }

  /** {@return the mean of the scores} */
  public double score() {
    return StudentT.mean(scores);
  }

  /** {@return the mean of the controls} */
  public double control() {
    return StudentT.mean(controls);
  }

  /** {@return how well the concept's held-back pictures are told from random ones, in the mean} */
  public double accuracy() {
    return vectors.stream().mapToDouble(ConceptVector::accuracy).average().orElseThrow();
  }

  /**
   * {@return the probability of such a mean score if the true one were 0.5, as in the paper: a
   * two-sided t test} It is 0 where all scores are the same and another number.
   */
  public double probabilityAgainstHalf() {
    return StudentT.oneSample(scores, HALF);
  }

  /**
   * {@return the probability of a mean score so far from that of random directions, if there were
   * no difference: Welch's two-sided t test, as in the authors' program (which takes the variances
   * for equal)}
   */
  public double probabilityAgainstRandom() {
    return StudentT.twoSample(scores, controls);
  }

  /**
   * {@return whether the scores differ from 0.5 and from those of random directions: both
   * probabilities are below the level, divided by the number of tests}
   *
   * <p>Who tries many concepts, layers or classes finds some that differ by chance. Dividing the
   * level by their number (Bonferroni) would keep the chance that any of them does below the level,
   * if each test kept its own. These do not: they take the scores for independent, and all of them
   * share the concept's pictures, so that they alarm for nothing more often than the level says
   * (see {@link Tcav#rank}, which needs no such independence). More sets of random pictures make
   * the probability small, but say nothing about other pictures of the concept.
   *
   * @param level such as 0.05, above 0 and below 1
   * @param tests how many concepts, layers and classes were tried altogether, at least 1
   * @throws IllegalArgumentException if the level lies elsewhere, or there is no test
   */
  public boolean isSignificant(double level, int tests) {
    if (tests < 1) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "At least this test was made, found %d tests.", tests));
    }
    if (!(level > 0 && level < 1)) {
      throw new IllegalArgumentException(
          "A level lies above 0 and below 1, such as 0.05; found %s.".formatted(level));
    }
    double most = Math.max(probabilityAgainstHalf(), probabilityAgainstRandom());
    return most < level / tests;
  }

  /**
   * Such as {@code stripes for zebra at layer4: score 0.93, random 0.48, p 0.0034 against random,
   * 0.0016 against 0.5 (3 sets, held-back accuracy 0.97)}.
   */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%s for %s at %s: score %.2f, random %.2f, p %s against random, %s against 0.5 (%d sets, held-back accuracy %.2f)",
        concept,
        target,
        layer,
        score(),
        control(),
        brief(probabilityAgainstRandom()),
        brief(probabilityAgainstHalf()),
        scores.size(),
        accuracy());
  }

  /**
   * Where all scores are equal, t is infinite and p is 0, which nobody should read as certainty.
   */
  private static String brief(double probability) {
    return probability < 1e-6 ? "below 1e-6" : String.format(Locale.ROOT, "%.2g", probability);
  }
}
