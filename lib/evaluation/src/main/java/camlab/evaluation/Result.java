package camlab.evaluation;

import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * One line of an evaluation: a number, or why there is none.
 *
 * @param question what was asked
 * @param value the number, finite
 * @param reason why there is no number; there is either one or the other
 */
public record Result(Question question, OptionalDouble value, Optional<String> reason) {

  /**
   * Requires a number or a reason.
   *
   * @param question what was asked
   * @param value the number, finite
   * @param reason why there is no number
   */
  public Result {
    Objects.requireNonNull(question, "question");
    if (value.isPresent() == reason.isPresent()) {
      throw new IllegalArgumentException(
          "A result is either a number or a reason why there is none, found %s and %s."
              .formatted(value, reason));
    }
    if (value.isPresent() && !Double.isFinite(value.getAsDouble())) {
      throw new IllegalArgumentException(
          "A number of an evaluation is finite, found %s.".formatted(value.getAsDouble()));
    }
    reason = reason.map(Named::oneLine);
  }

  /**
   * {@return a number}
   *
   * @param question what was asked
   * @param value the value
   */
  public static Result of(Question question, double value) {
    return new Result(question, OptionalDouble.of(value), Optional.empty());
  }

  /**
   * {@return a reason why there is no number}
   *
   * @param question what was asked
   * @param reason why, as a sentence
   */
  public static Result refused(Question question, String reason) {
    return new Result(question, OptionalDouble.empty(), Optional.of(reason));
  }

  /** The same answer to a question of the same identity, which may use other names. */
  Result to(Question asked) {
    return new Result(asked, value, reason);
  }

  /** {@return what the network is called} */
  public String network() {
    return question.network().name();
  }

  /** {@return the layer the map was taken at} */
  public String layer() {
    return question.layer();
  }

  /** {@return what the picture is called} */
  public String picture() {
    return question.picture().name();
  }

  /** {@return the class that was explained} */
  public String className() {
    return question.className().name();
  }

  /** {@return what the method is called} */
  public String method() {
    return question.method().name();
  }

  /** {@return what the measure is called} */
  public String measure() {
    return question.measure().name();
  }
}
