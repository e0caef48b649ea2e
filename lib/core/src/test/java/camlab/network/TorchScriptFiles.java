package camlab.network;

import java.net.URISyntaxException;
import java.nio.file.Path;

/** The files that {@code make_torchscript.py} has written. */
public final class TorchScriptFiles {

  private TorchScriptFiles() {}

  /** The path of one of them. */
  public static Path path(String name) {
    try {
      return Path.of(TorchScriptFiles.class.getResource("/camlab/torchscript/" + name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
