package camlab.download;

import java.time.Duration;

/**
 * How long a download waits for a server that does not answer.
 *
 * @param silence how long no byte may arrive before a connection is given up
 * @param attempts how many connections in a row may bring nothing new before the download is
 * @param pause how long to wait before the second attempt; twice as long before each further one
 */
public record Patience(Duration silence, int attempts, Duration pause) {

  /** Half a minute of silence, three attempts. */
  public static final Patience STANDARD =
      new Patience(Duration.ofSeconds(30), 3, Duration.ofSeconds(1));
}
