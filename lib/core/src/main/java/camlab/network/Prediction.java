package camlab.network;

import java.util.Locale;

/**
 * What a network says of one class.
 *
 * @param index the class, from 0
 * @param name its name
 * @param logit the score before softmax
 * @param probability the softmax of the logits at this class, in [0, 1]
 */
public record Prediction(int index, String name, double logit, double probability) {

  /** Such as {@code cat 98.2 %}. */
  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%s %.1f %%", name, 100 * probability);
  }
}
