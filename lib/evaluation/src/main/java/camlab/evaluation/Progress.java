package camlab.evaluation;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Optional;

/** Shows how far an evaluation has come. */
@FunctionalInterface
public interface Progress {

  /** Shows nothing. */
  Progress NONE = (done, total, left) -> {};

  /**
   * The evaluation has come this far.
   *
   * @param done how many numbers there are, those of earlier runs included
   * @param total how many there will be
   * @param left how long the others will take, as long as those of this run did; empty before the
   *     first of them
   */
  void reached(long done, long total, Optional<Duration> left);

  /** The evaluation has ended, well or not. */
  default void ended() {}

  /**
   * A bar with the time left, drawn over itself once a second.
   *
   * @param out a terminal, or a notebook's standard output
   */
  static Progress bar(PrintStream out) {
    return new BarProgress(out);
  }
}
