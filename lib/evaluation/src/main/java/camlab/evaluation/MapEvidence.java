package camlab.evaluation;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The numbers of a {@link MapReport} that a {@link MapVerdict} follows from.
 *
 * @param denied whether the network itself says no to the class: each class is a question of its
 *     own, and the probability is below one half
 * @param agreement the rank correlation of the map with that of each other method, by its name, in
 *     [−1, 1]
 * @param covering of all that the score loses by covering one of 7×7 cells at a time, the share
 *     that falls on the ten cells where the map is highest, in [0, 1]
 * @param random the same of random maps, the largest of 20
 * @param randomized the rank correlation of the map with those of networks whose weights are drawn
 *     by lot, the mean of three; empty where weights cannot be exchanged
 * @param otherClass the rank correlation of the map with that of the likeliest other class; empty
 *     where there is none
 * @param scrambled of 19 pictures of the same cells in another order, how many get at least the
 *     picture's score
 * @param inside how many times more of each method's map lies on the object than its area would
 *     get, by the method's name; that of covering under {@link #COVERING}. Without a mask empty
 * @param labelled what the network says of pictures whose class is known; empty without such
 */
public record MapEvidence(
    boolean denied,
    Map<String, Double> agreement,
    double covering,
    double random,
    OptionalDouble randomized,
    OptionalDouble otherClass,
    int scrambled,
    Map<String, Double> inside,
    Optional<LabelledAnswers> labelled) {

  /** The name under which {@link #inside} has what covering parts of the picture says. */
  public static final String COVERING = "covering";

  /**
   * Copies the maps, in their order.
   *
   * @param denied whether the network itself says no to the class
   * @param agreement the rank correlation of the map with that of each other method
   * @param covering the share of all loss by covering that the map finds
   * @param random the same of random maps
   * @param randomized the rank correlation of the map with those of random weights
   * @param otherClass the rank correlation of the map with that of another class
   * @param scrambled how many scrambled pictures get at least the score
   * @param inside how many times more lies on the object than its area would get
   * @param labelled what the network says of pictures whose class is known
   */
  public MapEvidence {
    agreement = Collections.unmodifiableMap(new LinkedHashMap<>(agreement));
    inside = Collections.unmodifiableMap(new LinkedHashMap<>(inside));
    Objects.requireNonNull(randomized, "randomized");
    Objects.requireNonNull(otherClass, "otherClass");
    Objects.requireNonNull(labelled, "labelled");
  }

  /** {@return the mean rank correlation with the other methods' maps; empty without others} */
  public OptionalDouble meanAgreement() {
    return agreement.values().stream().mapToDouble(value -> value).average();
  }

  /** {@return the same, where nobody knows where the object is} */
  public MapEvidence withoutObject() {
    return new MapEvidence(
        denied, agreement, covering, random, randomized, otherClass, scrambled, Map.of(), labelled);
  }

  /** {@return the same, without pictures whose class is known} */
  public MapEvidence withoutLabels() {
    return new MapEvidence(
        denied,
        agreement,
        covering,
        random,
        randomized,
        otherClass,
        scrambled,
        inside,
        Optional.empty());
  }
}
