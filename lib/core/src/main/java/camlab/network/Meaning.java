package camlab.network;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Activation;

/**
 * What the numbers that a network puts out stand for. Two networks with the same numbers can mean
 * different things: of two classes with the logits 2 and 2, each has 50 % if exactly one of them is
 * there, and each 88 % if each is a question of its own.
 *
 * <p>This is the one place where logits become probabilities.
 */
public enum Meaning {

  /** Exactly one of the classes is there: probabilities are the softmax of the logits. */
  ONE_OF_SEVERAL("exactly one of the classes (softmax)"),

  /** Each class is a question of its own: its probability is the sigmoid of its logit. */
  INDEPENDENT("each class yes or no for itself (sigmoid)"),

  /**
   * Exactly one of two classes is there, and one number y tells which. The first class has the
   * logit −y, the second y; the probability of each is the sigmoid of its logit, so that the two
   * sum to one.
   */
  ONE_OF_TWO("one of two classes, told by one number (sigmoid)"),

  /**
   * The numbers are probabilities already: the program ends with a softmax or a sigmoid that could
   * not be taken off. Gradients of a probability close to 0 or 1 vanish.
   */
  PROBABILITIES("probabilities already"),

  /** Plain values, such as an age or the places of an embedding: nothing is a probability. */
  VALUES("plain values"),

  /** Nobody has said so, and nothing shows it. Scores can be explained, probabilities not told. */
  UNSTATED("not stated");

  /** How to say what the numbers mean. */
  static final String HOW =
      "Classes.oneOf(\"cat\", \"dog\") if exactly one of the classes is there (softmax),"
          + " Classes.independent(\"cat\", \"dog\") if each is a question of its own (sigmoid)";

  private final String words;

  Meaning(String words) {
    this.words = words;
  }

  /**
   * {@return whether these numbers tell probabilities} Where they do not, {@link #probabilities}
   * refuses.
   */
  public boolean tellsProbabilities() {
    return this != VALUES && this != UNSTATED;
  }

  /**
   * {@return the probabilities that a network's numbers stand for, each in [0, 1]}
   *
   * @param logits what the network puts out, one number for each class along the last axis
   * @throws NotApplicableException if the numbers stand for no probabilities, or nobody has said
   *     what they stand for; the message shows how to say it
   */
  public NDArray probabilities(NDArray logits) {
    return switch (this) {
      case ONE_OF_SEVERAL -> logits.softmax(-1);
      case INDEPENDENT, ONE_OF_TWO -> Activation.sigmoid(logits);
      case PROBABILITIES -> logits;
      case VALUES, UNSTATED -> throw refusal();
    };
  }

  /**
   * {@return the logarithms of {@link #probabilities}, at most 0} Those of a softmax are not taken
   * of probabilities, which round to zero.
   *
   * @param logits a network's numbers, shape (N, classes) or (classes)
   * @throws NotApplicableException as {@link #probabilities} throws it
   */
  public NDArray logProbabilities(NDArray logits) {
    return this == ONE_OF_SEVERAL ? logits.logSoftmax(-1) : probabilities(logits).log();
  }

  /** Why there is no probability, and what to do. */
  NotApplicableException refusal() {
    String reason =
        this == VALUES
            ? "These are plain values, and none is a probability. If they are logits of classes, say so where the network is opened: %s."
            : "It is not stated what this network's numbers mean, so they tell no probability. Say it where the network is opened: %s. The numbers themselves can be explained without.";
    return new NotApplicableException(reason.formatted(HOW));
  }

  /** In words, such as {@code exactly one of the classes (softmax)}. */
  @Override
  public String toString() {
    return words;
  }
}
