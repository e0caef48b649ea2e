package camlab.network;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Objects;

/**
 * One thing that is known of a network, and where it is known from: a line of {@link
 * Network#describe}.
 *
 * @param what such as {@code outputs}, {@code layout of norm}
 * @param value in words
 * @param origin where it is known from
 * @param evidence what was stated, read or tried, in words; may be empty
 */
public record Fact(String what, String value, Origin origin, String evidence) {

  /** Where something is known from. */
  public enum Origin {
    /** Somebody said so: the reader, or the maker of a network that ships with CamLab. */
    STATED("stated"),
    /** The file or the program says so. */
    READ("read"),
    /** It was run, and this came out. */
    TRIED("found by trial"),
    /** It is not known. */
    UNKNOWN("not known");

    private final String words;

    Origin(String words) {
      this.words = words;
    }

    /** In words. */
    @Override
    public String toString() {
      return words;
    }
  }

  /**
   * Requires all parts.
   *
   * @param what such as {@code outputs}
   * @param value in words
   * @param origin where it is known from
   * @param evidence what was stated, read or tried; may be empty
   */
  public Fact {
    Objects.requireNonNull(what, "what");
    Objects.requireNonNull(value, "value");
    Objects.requireNonNull(origin, "origin");
    Objects.requireNonNull(evidence, "evidence");
  }

  /**
   * {@return a number as a fact or a refusal tells it, without zeros at its end and without a power
   * of ten}
   *
   * @param value any finite number
   * @param digits so many count
   */
  public static String number(double value, int digits) {
    return new BigDecimal(value)
        .round(new MathContext(digits))
        .stripTrailingZeros()
        .toPlainString();
  }

  /** Such as {@code outputs: 6, each class yes or no for itself (sigmoid) (stated)}. */
  @Override
  public String toString() {
    String source = evidence.isEmpty() ? origin.toString() : origin + ": " + evidence;
    return "%s: %s (%s)".formatted(what, value, source);
  }
}
