package org.dflib.jjava.kernel;

/** Stands in for the class where JJava keeps its kernel, which Maven Central does not have. */
public final class JavaNotebookStatics {

  private static Object running;

  private JavaNotebookStatics() {}

  /** The running kernel; null if none runs in this process. */
  public static Object kernel() {
    return running;
  }

  /** Makes this the running kernel; null for none. */
  public static void setKernel(Object kernel) {
    running = kernel;
  }
}
