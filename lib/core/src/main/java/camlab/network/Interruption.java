package camlab.network;

import java.util.concurrent.CancellationException;

/**
 * Lets a pass be stopped. A notebook's kernel interrupts the thread that runs a cell, and then goes
 * on without it: unless the thread ends, its work and what it shows come in between later cells.
 */
final class Interruption {

  private Interruption() {}

  /**
   * Called before every layer, or every run of a program that runs as a whole; the thread stays
   * interrupted.
   *
   * @throws CancellationException if the thread was interrupted
   */
  static void check() {
    if (Thread.currentThread().isInterrupted()) {
      throw new CancellationException("Interrupted during a pass through the network.");
    }
  }
}
