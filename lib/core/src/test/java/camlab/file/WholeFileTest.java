package camlab.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The old file or the new one, and nothing beside it. */
class WholeFileTest {

  @TempDir Path folder;

  @Test
  void theNewOneTakesThePlaceOfTheOldOne() throws IOException {
    Path file = Files.writeString(folder.resolve("a.txt"), "a longer text");
    WholeFile.write(file, out -> out.write(new byte[] {1, 2, 3}));
    assertArrayEquals(new byte[] {1, 2, 3}, Files.readAllBytes(file));
    assertEquals(List.of(file), files());
  }

  @Test
  void whereTheDiskIsFullTheOldOneStays() throws IOException {
    Path file = Files.writeString(folder.resolve("a.txt"), "old");
    Path fresh = folder.resolve("b.txt");
    for (Path target : List.of(file, fresh)) {
      IOException full =
          assertThrows(
              IOException.class,
              () ->
                  WholeFile.write(
                      target,
                      out -> {
                        out.write(new byte[1 << 20]);
                        throw new IOException("No space left on device");
                      }));
      assertEquals("No space left on device", full.getMessage());
    }
    assertEquals("old", Files.readString(file));
    assertEquals(List.of(file), files());
  }

  @Test
  void aFolderThatIsNotThereIsNotMade() {
    Path file = folder.resolve("none").resolve("a.txt");
    assertThrows(IOException.class, () -> WholeFile.write(file, out -> out.write(1)));
    assertEquals(List.of(), files());
  }

  private List<Path> files() {
    try (Stream<Path> found = Files.list(folder)) {
      return found.toList();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
