package camlab.course;

import java.nio.file.Files;
import java.nio.file.Path;

/** The project's folder, found from wherever a notebook runs. */
final class Root {

  private static final Path MARK = Path.of("models", "manifest.csv");

  private Root() {}

  /**
   * The nearest folder at or above the working directory that holds the shipped networks.
   *
   * @throws IllegalStateException if there is none
   */
  static Path find() {
    Path start = Path.of("").toAbsolutePath();
    for (Path folder = start; folder != null; folder = folder.getParent()) {
      if (Files.exists(folder.resolve(MARK))) {
        return folder;
      }
    }
    throw new IllegalStateException(
        "Neither %s nor a folder above it holds %s. Start the notebook from CamLab's own folder."
            .formatted(start, MARK));
  }
}
