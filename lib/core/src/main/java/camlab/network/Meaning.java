package camlab.network;

/**
 * What the numbers that a network puts out stand for. Two networks with the same numbers can mean
 * different things: 2.0 for one class of two is 88 % if exactly one of them is there, whatever the
 * other says only if each is a question of its own.
 */
public enum Meaning {

  /** Exactly one of the classes is there: probabilities are the softmax of the logits. */
  ONE_OF_SEVERAL("exactly one of the classes (softmax)"),

  /** Each class is a question of its own: its probability is the sigmoid of its logit. */
  INDEPENDENT("each class yes or no for itself (sigmoid)"),

  /**
   * The numbers are probabilities already: the program ends with a softmax or a sigmoid that could
   * not be taken off. Gradients of a probability close to 0 or 1 vanish.
   */
  PROBABILITIES("probabilities already"),

  /** Plain values, such as an age or the places of an embedding: nothing is a probability. */
  VALUES("plain values"),

  /** Nobody has said so, and nothing shows it. Scores can be explained, probabilities not told. */
  UNSTATED("not stated");

  private final String words;

  Meaning(String words) {
    this.words = words;
  }

  /** In words, such as {@code exactly one of the classes (softmax)}. */
  @Override
  public String toString() {
    return words;
  }
}
