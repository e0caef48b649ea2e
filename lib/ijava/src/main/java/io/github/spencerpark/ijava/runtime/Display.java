package io.github.spencerpark.ijava.runtime;

import io.github.spencerpark.ijava.IJava;
import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import java.util.UUID;

/** The functions a cell may call without an import. */
public final class Display {

  private Display() {}

  /** A value as the front end would get it. */
  public static DisplayData render(Object value) {
    return IJava.getKernelInstance().getRenderer().render(value);
  }

  /** A value as the front end would get it, in some MIME types. */
  public static DisplayData render(Object value, String... types) {
    return IJava.getKernelInstance().getRenderer().renderAs(value, types);
  }

  /** Shows a value, and returns the name it can be updated by. */
  public static String display(Object value) {
    return send(render(value));
  }

  /** Shows a value in some MIME types, and returns the name it can be updated by. */
  public static String display(Object value, String... types) {
    return send(render(value, types));
  }

  /** Shows a value in place of what was shown under this name. */
  public static void updateDisplay(String id, Object value) {
    IJava.getKernelInstance().getIO().display.updateDisplay(id, render(value));
  }

  /** Shows a value in some MIME types in place of what was shown under this name. */
  public static void updateDisplay(String id, Object value, String... types) {
    IJava.getKernelInstance().getIO().display.updateDisplay(id, render(value, types));
  }

  private static String send(DisplayData data) {
    if (data.getDisplayId() == null) {
      data.setDisplayId(UUID.randomUUID().toString());
    }
    IJava.getKernelInstance().display(data);
    return data.getDisplayId();
  }
}
