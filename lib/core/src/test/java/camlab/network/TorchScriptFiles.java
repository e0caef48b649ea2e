package camlab.network;

import camlab.TestFiles;
import java.nio.file.Path;

/** The files that {@code make_torchscript.py} has written. */
public final class TorchScriptFiles {

  private TorchScriptFiles() {}

  /** The path of one of them. */
  public static Path path(String name) {
    return TestFiles.path("torchscript/" + name);
  }
}
