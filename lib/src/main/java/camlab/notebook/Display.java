package camlab.notebook;

import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;

/**
 * Hands data to the kernel this code runs in, found by name: both kernels below stem from the same
 * base and have the same two calls, so that neither is needed to compile or run the library.
 */
final class Display {

  /** How one kernel is found: where it keeps itself, and its class for what is displayed. */
  private record Kernel(String holder, String accessor, String displayData) {}

  private static final List<Kernel> KERNELS =
      List.of(
          new Kernel(
              "org.dflib.jjava.kernel.JavaNotebookStatics",
              "kernel",
              "org.dflib.jjava.jupyter.kernel.display.DisplayData"),
          new Kernel(
              "io.github.spencerpark.ijava.IJava",
              "getKernelInstance",
              "io.github.spencerpark.jupyter.kernel.display.DisplayData"));

  private Display() {}

  /**
   * Displays data below the running cell.
   *
   * @param data one entry per MIME type; the front end picks the richest it knows
   */
  static void send(Map<String, String> data) {
    for (Kernel kernel : KERNELS) {
      if (runs(kernel)) {
        send(kernel, data);
        return;
      }
    }
  }

  private static boolean runs(Kernel kernel) {
    try {
      Class.forName(kernel.holder());
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  private static void send(Kernel kernel, Map<String, String> data) {
    try {
      Object running = Class.forName(kernel.holder()).getMethod(kernel.accessor()).invoke(null);
      Class<?> type = Class.forName(kernel.displayData());
      Object container = type.getConstructor().newInstance();
      Method put = type.getMethod("putData", String.class, Object.class);
      for (Map.Entry<String, String> entry : data.entrySet()) {
        put.invoke(container, entry.getKey(), entry.getValue());
      }
      running.getClass().getMethod("display", type).invoke(running, container);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(
          "The Java kernel of %s has no display call this library knows. Install the kernel that the set-up pins."
              .formatted(kernel.holder()),
          e);
    }
  }
}
