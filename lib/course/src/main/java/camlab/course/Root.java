package camlab.course;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The project's folder, found from wherever a notebook runs. */
final class Root {

  private static final Path MARK = Path.of("models", "manifest.csv");

  private Root() {}

  /**
   * The nearest folder that holds the shipped networks: at or above the working directory, or else
   * above the library itself, since a notebook that was handed in runs in any folder.
   *
   * @throws IllegalStateException if there is none
   */
  static Path find() {
    return find(Path.of("").toAbsolutePath(), library());
  }

  static Path find(Path workingDirectory, Path library) {
    for (Path start : List.of(workingDirectory, library)) {
      for (Path folder = start; folder != null; folder = folder.getParent()) {
        if (Files.exists(folder.resolve(MARK))) {
          return folder;
        }
      }
    }
    throw new IllegalStateException(
        "Neither %s nor a folder above it holds %s. Start it from CamLab's own folder, which has the lessons' networks and pictures; for published networks anywhere else there is Zoo.load(name)."
            .formatted(workingDirectory, MARK));
  }

  /** Where the library's jar or classes are. */
  static Path library() {
    URI place;
    try {
      place = Root.class.getProtectionDomain().getCodeSource().getLocation().toURI();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
    return Path.of(place);
  }
}
