package camlab.course;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RootTest {

  @TempDir private Path folder;

  @Test
  void aNotebookAnywhereFindsTheProjectOfItsLibrary() throws IOException {
    Path project = project("camlab");
    Path jar = project.resolve("lib").resolve("target").resolve("camlab.jar");
    assertEquals(project, Root.find(folder.resolve("handed-in"), jar));
  }

  @Test
  void theProjectAroundTheWorkingDirectoryComesFirst() throws IOException {
    Path around = project("around");
    assertEquals(around, Root.find(around.resolve("notebooks"), project("other")));
  }

  @Test
  void withoutAProjectTheWorkingDirectoryIsNamed() {
    Path place = folder.resolve("nowhere");
    Exception thrown =
        assertThrows(IllegalStateException.class, () -> Root.find(place, folder.resolve("lib")));
    assertTrue(thrown.getMessage().contains(place.toString()));
  }

  @Test
  void theLibraryUnderTestLiesInItsProject() {
    assertEquals(Root.find(), Root.find(folder, Root.library()));
  }

  private Path project(String name) throws IOException {
    Path models = Files.createDirectories(folder.resolve(name).resolve("models"));
    Files.createFile(models.resolve("manifest.csv"));
    return folder.resolve(name);
  }
}
