package camlab.network;

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
    return "%s %.1f %%".formatted(name, 100 * probability);
  }
}
