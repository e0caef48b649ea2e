package camlab.network;

import java.util.Locale;
import java.util.Objects;

/**
 * What a network says of one class.
 *
 * @param index the class, from 0
 * @param name its name
 * @param logit the number that the network puts out for it: the score before softmax or sigmoid, if
 *     the network has such scores
 * @param meaning what the number stands for
 * @param probability the probability of the class, in [0, 1]; NaN where the number tells none
 */
public record Prediction(
    int index, String name, double logit, Meaning meaning, double probability) {

  /**
   * Requires a name and a meaning.
   *
   * @param index the class, from 0
   * @param name its name
   * @param logit the number that the network puts out for it
   * @param meaning what the number stands for
   * @param probability the probability of the class, in [0, 1]; NaN where the number tells none
   */
  public Prediction {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(meaning, "meaning");
  }

  /**
   * {@return the probability of the class, in [0, 1]}
   *
   * @throws NotApplicableException if it is not known what the number stands for, or it stands for
   *     no probability; the message shows how to say it
   */
  @Override
  public double probability() {
    if (!meaning.tellsProbabilities()) {
      throw meaning.refusal();
    }
    return probability;
  }

  /**
   * Such as {@code cat 98.2 %}; where no probability is known, {@code cat, logit 2.31}; and {@code
   * age 41.20} for a plain value.
   */
  @Override
  public String toString() {
    return switch (meaning) {
      case VALUES -> String.format(Locale.ROOT, "%s %.4g", name, logit);
      case UNSTATED -> String.format(Locale.ROOT, "%s, logit %.2f", name, logit);
      default -> String.format(Locale.ROOT, "%s %.1f %%", name, 100 * probability);
    };
  }
}
