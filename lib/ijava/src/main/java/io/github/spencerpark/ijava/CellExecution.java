package io.github.spencerpark.ijava;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import jdk.jshell.execution.DirectExecutionControl;
import jdk.jshell.spi.SPIResolutionException;

/**
 * Runs snippets in this process, each in a thread of a pool, as IJava does: a library must not
 * count on the same thread. JShell wants a value as text; it gets a key for it.
 */
final class CellExecution extends DirectExecutionControl {

  /** What JShell is told in place of an exception's class. */
  static final String INTERRUPTED = "(interrupted)";

  private final ExecutorService threads =
      Executors.newCachedThreadPool(work -> new Thread(work, "cell"));
  private final Map<String, Object> values = new ConcurrentHashMap<>();
  // More than one where a snippet has another one evaluated.
  private final Map<String, Future<Object>> running = new ConcurrentHashMap<>();

  @Override
  protected String invoke(Method snippet) throws Exception {
    String key = UUID.randomUUID().toString();
    Object value = valueOf(snippet, key);
    if (value != null) {
      values.put(key, value);
    }
    return key;
  }

  private Object valueOf(Method snippet, String key) throws Exception {
    Future<Object> work = threads.submit(() -> snippet.invoke(null));
    running.put(key, work);
    try {
      return work.get();
    } catch (CancellationException e) {
      throw new UserException("The cell was interrupted.", INTERRUPTED, e.getStackTrace());
    } catch (ExecutionException e) {
      throw toldOf(
          e.getCause() instanceof InvocationTargetException it ? it.getCause() : e.getCause());
    } finally {
      running.remove(key);
    }
  }

  /** As IJava tells it: without what caused it. */
  private static RunException toldOf(Throwable thrown) {
    StackTraceElement[] trace = thrown.getStackTrace();
    return thrown instanceof SPIResolutionException unresolved
        ? new ResolutionException(unresolved.id(), trace)
        : new UserException(
            String.valueOf(thrown.getMessage()), thrown.getClass().getName(), trace);
  }

  /** The value behind a key, which is then forgotten; null if the snippet had none. */
  Object take(String key) {
    return values.remove(key);
  }

  void interrupt() {
    running.values().forEach(work -> work.cancel(true));
  }

  @Override
  public void stop() {
    threads.shutdownNow();
  }
}
