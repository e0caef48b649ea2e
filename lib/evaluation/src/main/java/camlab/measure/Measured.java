package camlab.measure;

import java.util.Locale;
import java.util.Objects;

/**
 * A measure's number, with how it came about.
 *
 * @param value the number, finite
 * @param protocol how it came about
 */
public record Measured(double value, Protocol protocol) {

  /**
   * Requires both.
   *
   * @param value the number, finite
   * @param protocol how it came about
   */
  public Measured {
    Objects.requireNonNull(protocol, "protocol");
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException(
          "A measure's number is finite, found %s by %s.".formatted(value, protocol.measure()));
    }
  }

  /** The number, then its protocol in brackets. */
  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%.4f (%s)", value, protocol);
  }
}
