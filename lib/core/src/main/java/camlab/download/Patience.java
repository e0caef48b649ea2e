package camlab.download;

import java.time.Duration;
import java.util.Objects;

/**
 * How long a download waits for a server that does not answer.
 *
 * @param silence how long no byte may arrive before a connection is given up, above 0
 * @param attempts how many connections in a row may bring nothing new before the download is given
 *     up, at least 1
 * @param pause how long to wait before the second attempt; twice as long before each further one
 */
public record Patience(Duration silence, int attempts, Duration pause) {

  /** Half a minute of silence, three attempts. */
  public static final Patience STANDARD =
      new Patience(Duration.ofSeconds(30), 3, Duration.ofSeconds(1));

  /**
   * Checks the parts.
   *
   * @param silence how long no byte may arrive before a connection is given up, above 0
   * @param attempts how many connections in a row may bring nothing new, at least 1
   * @param pause how long to wait before the second attempt, at least 0
   * @throws IllegalArgumentException if one of them is less than that
   */
  public Patience {
    Objects.requireNonNull(silence, "silence");
    Objects.requireNonNull(pause, "pause");
    if (silence.isNegative() || silence.isZero() || attempts < 1 || pause.isNegative()) {
      throw new IllegalArgumentException(
          "Patience is a silence above 0, at least 1 attempt and a pause of at least 0; found %s, %s and %s."
              .formatted(silence, attempts, pause));
    }
  }
}
