package camlab.cam;

import java.util.concurrent.CancellationException;

/** Sees how far a method has come that runs the network many times. */
@FunctionalInterface
public interface Progress {

  /** Looks away. */
  Progress NONE = (done, total) -> {};

  /**
   * Called behind every batch of passes.
   *
   * @param done passes that are done, for the picture at hand
   * @param total all passes of the picture
   */
  void passed(int done, int total);

  /**
   * Runs passes in batches. Interrupting the thread stops the work behind the batch that is
   * running; the thread stays interrupted.
   *
   * @param total how many passes
   * @param batch how many at once, at least 1
   * @param passes runs those of a batch
   * @throws CancellationException if the thread was interrupted
   */
  default void run(int total, int batch, Batch passes) {
    for (int from = 0; from < total; from += batch) {
      if (Thread.currentThread().isInterrupted()) {
        throw new CancellationException(
            "Interrupted when %d of %d passes were done.".formatted(from, total));
      }
      int to = Math.min(from + batch, total);
      passes.run(from, to);
      passed(to, total);
    }
  }

  /** Some of the passes. */
  @FunctionalInterface
  interface Batch {

    /** Runs the passes {@code from} (included) to {@code to} (not included). */
    void run(int from, int to);
  }
}
