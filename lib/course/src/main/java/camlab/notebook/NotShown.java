package camlab.notebook;

import java.util.Locale;
import java.util.function.Supplier;

/**
 * Thrown where a value cannot be shown for a reason that Java counts as an {@link Error}. A kernel
 * renders a cell's value outside of what guards the cell: an error there ends the thread that
 * answers the front end, and the kernel answers nothing more. An exception is an ordinary error of
 * the cell.
 */
final class NotShown extends RuntimeException {

  private static final long serialVersionUID = 1;

  private NotShown(String message, Throwable cause) {
    super(message, cause);
  }

  /**
   * What the work gives; an error in it becomes an exception, and so does an exception of a full
   * heap, whose advice is for who makes pictures; other exceptions stay as they are.
   */
  static <T> T guarded(Supplier<T> work) {
    try {
      return work.get();
    } catch (RuntimeException | Error e) {
      throw because(e);
    }
  }

  /** The exception that tells why something was not shown. */
  static RuntimeException because(Throwable cause) {
    if (cause instanceof OutOfMemoryError || cause.getCause() instanceof OutOfMemoryError) {
      return new NotShown(noMemory(), cause);
    }
    return cause instanceof RuntimeException exception
        ? exception
        : new NotShown("This could not be shown: " + cause, cause);
  }

  private static String noMemory() {
    return String.format(
        Locale.ROOT,
        "This could not be shown, as the Java heap is full (%d MB). Set what is no longer needed to null,"
            + " or restart the kernel; a larger heap is -Xmx in its kernel.json.",
        Runtime.getRuntime().maxMemory() >> 20);
  }
}
