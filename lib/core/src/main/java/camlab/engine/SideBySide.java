package camlab.engine;

import ai.djl.pytorch.jni.JniUtils;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Does pieces of work that do not depend on each other several at a time. The threads that the
 * engine takes for one operation are shared out among them: two pieces at a time with one thread
 * each leave a machine of two cores less idle than one piece with two, since much of a pass is done
 * by one thread whatever the engine has.
 */
public final class SideBySide {

  private SideBySide() {}

  /**
   * Does the work of every piece. Where the engine takes one thread for an operation, or there is
   * one piece, this thread does it all, one after the other.
   *
   * <p>What a piece throws is thrown here, of several the first in their order, after the pieces
   * under way have ended. While it lasts, a thread that uses the engine for the first time has as
   * few threads for an operation as a piece has.
   *
   * @param <T> what a piece is
   * @param <R> what comes out of it
   * @param pieces the pieces
   * @param most how many at a time at most, whatever threads there are: what a piece holds in
   *     memory is held as often
   * @param work does one piece, on whatever thread; ends with a {@link CancellationException} when
   *     that thread is interrupted
   * @param stopped what to say when this thread is interrupted, as a sentence
   * @return what came out, in the order of the pieces
   * @throws CancellationException if this thread was interrupted, or one that does a piece; this
   *     one is interrupted then
   */
  public static <T, R> List<R> map(List<T> pieces, int most, Function<T, R> work, String stopped) {
    int threads = PyTorch.threads();
    int atATime = Math.min(Math.min(threads, most), pieces.size());
    if (atATime <= 1) {
      return pieces.stream().map(work).toList();
    }
    ExecutorService workers =
        Executors.newFixedThreadPool(atATime, runs -> worker(runs, threads / atATime));
    try {
      List<Future<R>> pending =
          pieces.stream().map(piece -> workers.submit(() -> work.apply(piece))).toList();
      List<R> results = new ArrayList<>();
      for (Future<R> result : pending) {
        results.add(result.get());
      }
      return results;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException(stopped);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof CancellationException) {
        Thread.currentThread().interrupt();
      }
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw (Error) e.getCause();
    } finally {
      end(workers);
      JniUtils.setNumThreads(threads);
    }
  }

  /**
   * How many threads an operation has is the calling thread's own, but for a thread that has not
   * used the engine yet, which takes it from whoever set it last. So a worker asks first, and then
   * sets its own.
   */
  private static Thread worker(Runnable runs, int share) {
    Thread thread =
        new Thread(
            () -> {
              JniUtils.getNumThreads();
              JniUtils.setNumThreads(share);
              runs.run();
            },
            "side by side");
    thread.setDaemon(true);
    return thread;
  }

  /** What has not begun does not begin; what has, ends first: it may hold native memory. */
  private static void end(ExecutorService workers) {
    workers.shutdownNow();
    boolean interrupted = false;
    while (!workers.isTerminated()) {
      try {
        workers.awaitTermination(1, TimeUnit.DAYS);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
