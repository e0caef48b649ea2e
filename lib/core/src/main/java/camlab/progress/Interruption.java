package camlab.progress;

import java.util.concurrent.CancellationException;

/**
 * Lets long work be stopped. A notebook's kernel interrupts the thread that runs a cell, and then
 * goes on without it: unless the thread ends, its work and what it shows come in between later
 * cells.
 */
public final class Interruption {

  private Interruption() {}

  /**
   * Called between two pieces of the work; the thread stays interrupted.
   *
   * @param message what was interrupted, as a sentence
   * @throws CancellationException if the thread was interrupted
   */
  public static void check(String message) {
    if (Thread.currentThread().isInterrupted()) {
      throw new CancellationException(message);
    }
  }
}
