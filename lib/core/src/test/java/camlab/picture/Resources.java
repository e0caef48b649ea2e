package camlab.picture;

import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;

/** The pictures that {@code make.py} beside them made. */
final class Resources {

  private Resources() {}

  static Path path(String name) {
    URL url = Resources.class.getResource(name);
    if (url == null) {
      throw new IllegalArgumentException("No resource " + name);
    }
    try {
      return Path.of(url.toURI());
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(e);
    }
  }

  static Picture read(String name) {
    return Picture.read(path(name));
  }
}
