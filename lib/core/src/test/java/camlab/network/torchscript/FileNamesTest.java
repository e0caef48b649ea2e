package camlab.network.torchscript;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import camlab.file.OtherLocale;
import camlab.network.Classes;
import camlab.network.Network;
import camlab.network.TorchScriptFiles;
import camlab.network.export.ExportedProgram;
import camlab.picture.Preprocessing;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs in files whose names the locale cannot write. */
class FileNamesTest {

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"pt", "pt2"})
  @DisabledOnOs({OS.WINDOWS, OS.MAC})
  void aNameThatTheLocaleCannotWriteIsToldWithWhatToSet(String ending)
      throws IOException, InterruptedException {
    String place = folder.toString();
    String program = TorchScriptFiles.path("resnet.traced.pt").toString();
    assertEquals("", OtherLocale.run("C.UTF-8", Map.of(), Copy.class, place, program, ending));
    String told = OtherLocale.run("C", Map.of(), Load.class, place);
    assertTrue(told.contains("whose file names are ASCII"), told);
    assertTrue(told.contains("export LC_ALL=C.UTF-8"), told);
  }

  /** Copies a file to one with another name. */
  static final class Copy {

    public static void main(String[] arguments) throws IOException {
      Path place = Path.of(arguments[0]);
      Files.copy(Path.of(arguments[1]), place.resolve("B\u00e4r." + arguments[2]));
    }
  }

  /** Loads the only file of a folder, and prints what is said about it. */
  static final class Load {

    public static void main(String[] arguments) throws IOException {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(Path.of(arguments[0]))) {
        Path file = files.iterator().next();
        Classes classes = Classes.numbered(10);
        try (Network network =
            file.toString().endsWith("pt2")
                ? ExportedProgram.load(file, classes, Preprocessing.IMAGENET)
                : TorchScript.load(file, classes, Preprocessing.IMAGENET)) {
          System.out.println(network.layers());
        } catch (RuntimeException e) {
          System.out.println(e.getMessage());
        }
      }
    }
  }
}
