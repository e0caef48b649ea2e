package camlab.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import camlab.TestFiles;
import camlab.network.Classes;
import camlab.network.export.ExportedProgram;
import camlab.network.torchscript.TorchScript;
import camlab.picture.Picture;
import camlab.picture.Preprocessing;
import camlab.zoo.Networks;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** Files inside another one, as those of a program's own jar are. */
class OtherFileSystemTest {

  private static final Classes CLASSES = Classes.numbered(4);

  @TempDir private Path folder;

  private FileSystem jar() throws IOException {
    return FileSystems.newFileSystem(folder.resolve("program.jar"), Map.of("create", "true"));
  }

  @Test
  void aNetworkInAJarIsToBeCopiedOut() throws IOException {
    try (FileSystem jar = jar()) {
      Path file = Files.copy(TestFiles.path("trials/tops.pt"), jar.getPath("/tops.pt"));
      says(() -> Networks.load(file, CLASSES, Preprocessing.IMAGENET));
      says(() -> TorchScript.load(file, CLASSES, Preprocessing.IMAGENET));
      says(() -> ExportedProgram.load(file, CLASSES, Preprocessing.IMAGENET));
    }
  }

  private static void says(Executable load) {
    String told = assertThrows(RuntimeException.class, load).getMessage();
    assertTrue(String.valueOf(told).contains("Copy it out and name the copy"), told);
  }

  @Test
  void aPictureIsWrittenIntoOneAndReadFromIt() throws IOException {
    Picture picture = Picture.of(3, 2, (x, y) -> 0x102030 * x + y);
    try (FileSystem jar = jar()) {
      Path file = jar.getPath("/picture.png");
      picture.write(file);
      assertEquals(picture, Picture.read(file));
    }
  }
}
