package camlab.cam;

import camlab.progress.Interruption;
import camlab.progress.Progress;
import java.util.Locale;

/** The many passes of a method through the network, in batches. */
@FunctionalInterface
interface Passes {

  /** How many passes run at once, if nobody says. */
  int USUAL_BATCH = 16;

  /** {@return the size of a batch, which is at least 1} */
  static int requireBatch(int batch) {
    if (batch < 1) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "A batch has at least 1 pass, found %d.", batch));
    }
    return batch;
  }

  /** Runs the passes {@code from} (included) to {@code to} (not included). */
  void run(int from, int to);

  /**
   * Runs all passes. Interrupting the thread stops the work behind the batch that is running; the
   * thread stays interrupted.
   *
   * @param progress sees every batch
   * @param method the method's name
   * @param total how many passes
   * @param batch how many at once, at least 1
   * @throws java.util.concurrent.CancellationException if the thread was interrupted
   */
  default void runAll(Progress progress, String method, int total, int batch) {
    Progress.Work work = new Progress.Work(method, total, Progress.Unit.STEPS);
    try (Progress.Running running = progress.begin(work, 0)) {
      for (int from = 0; from < total; from += batch) {
        Interruption.check(
            String.format(Locale.ROOT, "Interrupted when %d of %d passes were done.", from, total));
        int to = Math.min(from + batch, total);
        run(from, to);
        running.reached(to);
      }
    }
  }
}
