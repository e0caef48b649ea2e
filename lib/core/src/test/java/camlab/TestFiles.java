package camlab;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;

/** The files that tests read, which the scripts beside them have made. */
public final class TestFiles {

  private TestFiles() {}

  /** The path of one, such as {@code cases/arguments/optional.pt}. */
  public static Path path(String name) {
    URL url = TestFiles.class.getResource("/camlab/" + name);
    if (url == null) {
      throw new IllegalArgumentException("There is no test file " + name);
    }
    try {
      return Path.of(url.toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The figures in one, such as {@code input/figures.json}. */
  public static JsonObject figures(String name) {
    try (Reader reader = Files.newBufferedReader(path(name))) {
      return new Gson().fromJson(reader, JsonObject.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
