package io.github.spencerpark.ijava;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import jdk.jshell.execution.DirectExecutionControl;

/**
 * Runs snippets in this process, each in a thread of a pool, as IJava does: a library must not
 * count on the same thread. JShell wants a value as text; it gets a key for it.
 */
final class CellExecution extends DirectExecutionControl {

  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          work -> {
            Thread thread = new Thread(work, "cell");
            thread.setDaemon(true);
            return thread;
          });
  private final Map<String, Object> values = new ConcurrentHashMap<>();
  private volatile Future<Object> running;

  @Override
  protected String invoke(Method snippet) throws Exception {
    running = threads.submit(() -> snippet.invoke(null));
    try {
      Object value = running.get();
      String key = UUID.randomUUID().toString();
      if (value != null) {
        values.put(key, value);
      }
      return key;
    } catch (ExecutionException e) {
      throw e.getCause() instanceof InvocationTargetException thrown ? thrown : e;
    }
  }

  /** The value behind a key, which is then forgotten; null if the snippet had none. */
  Object take(String key) {
    return values.remove(key);
  }

  void interrupt() {
    Future<Object> work = running;
    if (work != null) {
      work.cancel(true);
    }
  }

  @Override
  public void stop() {
    interrupt();
  }
}
