package camlab.notebook;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Hands data to the kernel this code runs in, found by name: both kernels below stem from the same
 * base and have the same two calls, so that neither is needed to compile or run the library.
 */
final class Display {

  /** How one kernel is found: where it keeps itself, and its class for what is displayed. */
  private record Kernel(String holder, String accessor, String displayData) {}

  private static final Kernel IJAVA =
      new Kernel(
          "io.github.spencerpark.ijava.IJava",
          "getKernelInstance",
          "io.github.spencerpark.jupyter.kernel.display.DisplayData");

  private static final List<Kernel> KERNELS =
      List.of(
          new Kernel(
              "org.dflib.jjava.kernel.JavaNotebookStatics",
              "kernel",
              "org.dflib.jjava.jupyter.kernel.display.DisplayData"),
          IJAVA);

  // When a notebook first uses this: JJava asks for its extensions itself, IJava for none.
  static {
    running(IJAVA).ifPresent(IJavaValues::install);
  }

  private Display() {}

  /**
   * Displays data below the running cell; outside a kernel, nowhere.
   *
   * @param data one entry per MIME type; the front end picks the richest it knows
   */
  static void send(Map<String, String> data) {
    for (Kernel kernel : KERNELS) {
      Optional<Object> running = running(kernel);
      if (running.isPresent()) {
        send(kernel, running.get(), data);
        return;
      }
    }
  }

  /** Empty without the kernel's classes, and where they are on the class path but do not run. */
  private static Optional<Object> running(Kernel kernel) {
    try {
      Class<?> holder = Class.forName(kernel.holder());
      return Optional.ofNullable(holder.getMethod(kernel.accessor()).invoke(null));
    } catch (ClassNotFoundException e) {
      return Optional.empty();
    } catch (ReflectiveOperationException e) {
      throw unknown(kernel, e);
    }
  }

  private static void send(Kernel kernel, Object running, Map<String, String> data) {
    try {
      Class<?> type = Class.forName(kernel.displayData());
      Object container = type.getConstructor().newInstance();
      Method put = type.getMethod("putData", String.class, Object.class);
      for (Map.Entry<String, String> entry : data.entrySet()) {
        put.invoke(container, entry.getKey(), entry.getValue());
      }
      running.getClass().getMethod("display", type).invoke(running, container);
    } catch (InvocationTargetException e) {
      throw NotShown.because(e.getCause()); // the call is there, and failed
    } catch (ReflectiveOperationException e) {
      throw unknown(kernel, e);
    }
  }

  private static IllegalStateException unknown(Kernel kernel, ReflectiveOperationException e) {
    return new IllegalStateException(
        "The Java kernel of %s has no display call this library knows. Install the kernel that the set-up pins."
            .formatted(kernel.holder()),
        e);
  }
}
