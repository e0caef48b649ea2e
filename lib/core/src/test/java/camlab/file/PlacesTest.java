package camlab.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import camlab.download.Cache;
import camlab.progress.Progress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

class PlacesTest {

  @Test
  void aNameIsAPath() {
    assertEquals(Path.of("a", "b"), Places.of("a/b"));
    String message =
        assertThrows(IllegalArgumentException.class, () -> Places.of("a\0b")).getMessage();
    assertTrue(message.contains("is no name of a file"), message);
    assertFalse(message.contains("LC_ALL"), message);
  }

  @Test
  @DisabledOnOs({OS.WINDOWS, OS.MAC})
  void aLocaleWithoutLettersIsToldWithWhatToSet() throws IOException, InterruptedException {
    for (String locale : new String[] {"C", "POSIX"}) {
      String told = inLocale(locale);
      assertTrue(told.startsWith("IllegalArgumentException '"), told);
      assertTrue(told.contains("whose file names are ASCII"), told);
      assertTrue(told.contains("export LC_ALL=C.UTF-8"), told);
    }
    assertEquals("B\u00e4r", inLocale("C.UTF-8"));
  }

  private static String inLocale(String locale) throws IOException, InterruptedException {
    return OtherLocale.run(locale, Map.of(Cache.VARIABLE, "B\u00e4r"), Named.class);
  }

  /** Prints the last part of the cache's folder, or what is said about it. */
  static final class Named {

    public static void main(String[] arguments) {
      try {
        System.out.println(Cache.standard(Progress.NONE).folder().getFileName());
      } catch (RuntimeException e) {
        System.out.println(e.getClass().getSimpleName() + " " + e.getMessage());
      }
    }
  }
}
