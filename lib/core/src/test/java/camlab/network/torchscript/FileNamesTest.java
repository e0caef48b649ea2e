package camlab.network.torchscript;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import camlab.network.Classes;
import camlab.network.Network;
import camlab.network.TorchScriptFiles;
import camlab.network.export.ExportedProgram;
import camlab.picture.Preprocessing;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs in files whose names the locale cannot write. */
class FileNamesTest {

  @TempDir Path folder;

  /** A Java of its own, since the locale is read once, when it starts. */
  @ParameterizedTest
  @ValueSource(strings = {"pt", "pt2"})
  @DisabledOnOs({OS.WINDOWS, OS.MAC})
  void aNameThatTheLocaleCannotWriteIsToldWithWhatToSet(String ending)
      throws IOException, InterruptedException {
    Path place = Files.createDirectory(folder.resolve("place"));
    Path program = TorchScriptFiles.path("resnet.traced.pt");
    assertEquals("", inLocale("C.UTF-8", Copy.class, place, program.toString(), ending));
    String told = inLocale("C", Load.class, place);
    assertTrue(told.contains("whose file names are ASCII"), told);
    assertTrue(told.contains("export LC_ALL=C.UTF-8"), told);
  }

  private String inLocale(String locale, Class<?> program, Path place, String... more)
      throws IOException, InterruptedException {
    Path output = folder.resolve("told.txt");
    ProcessBuilder java =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Dstdout.encoding=UTF-8",
            "-cp",
            System.getProperty("java.class.path"),
            program.getName(),
            place.toString());
    java.command().addAll(List.of(more));
    java.environment().put("LC_ALL", locale);
    java.redirectErrorStream(true).redirectOutput(output.toFile());
    assertEquals(0, java.start().waitFor(), () -> told(output));
    return told(output).strip();
  }

  private static String told(Path output) {
    try {
      return Files.readString(output, StandardCharsets.UTF_8);
    } catch (IOException e) {
      return e.toString();
    }
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
