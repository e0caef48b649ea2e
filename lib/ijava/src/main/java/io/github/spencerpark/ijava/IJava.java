package io.github.spencerpark.ijava;

import io.github.spencerpark.jupyter.channels.JupyterConnection;
import io.github.spencerpark.jupyter.channels.JupyterSocket;
import io.github.spencerpark.jupyter.kernel.BaseKernel;
import io.github.spencerpark.jupyter.kernel.KernelConnectionProperties;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.logging.Level;

/** Starts the kernel, and knows it. */
public final class IJava {

  private static volatile BaseKernel running;

  private IJava() {}

  /** The running kernel; null if none runs in this process. */
  public static BaseKernel getKernelInstance() {
    return running;
  }

  /** Makes this the running kernel; null for none. */
  public static void setKernelInstance(BaseKernel kernel) {
    running = kernel;
  }

  /** Runs the kernel until its front end shuts it down; the argument is the connection file. */
  public static void main(String[] arguments) throws Exception {
    JupyterSocket.JUPYTER_LOGGER.setLevel(Level.WARNING);
    String properties = Files.readString(Path.of(arguments[0]));
    JupyterConnection connection =
        new JupyterConnection(KernelConnectionProperties.parse(properties));
    running = new JavaKernel(System.getenv("IJAVA_CLASSPATH"));
    running.becomeHandlerForConnection(connection);
    connection.connect();
    connection.waitUntilClose();
    System.exit(0);
  }
}
