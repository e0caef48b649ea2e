package camlab.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import camlab.TestFiles;
import camlab.network.Classes;
import camlab.network.SqueezeNet;
import camlab.network.Summary;
import camlab.network.torchscript.TorchScript;
import camlab.picture.Preprocessing;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A Java of its own, in which the native half of PyTorch is not there, or cannot be unpacked. */
class WithoutNativeHalfTest {

  /** What such a Java runs: prints what opening a network throws. */
  static final class Program {

    private Program() {}

    public static void main(String[] arguments) {
      List<Runnable> opened =
          List.of(
              () ->
                  TorchScript.load(
                          Path.of(arguments[0]), Classes.numbered(4), Preprocessing.IMAGENET)
                      .close(),
              () -> Summary.of(SqueezeNet.version1_1(4)));
      for (Runnable open : opened) {
        try {
          open.run();
        } catch (RuntimeException e) {
          System.out.println(e.getClass().getSimpleName() + ": " + e.getMessage());
        }
      }
    }
  }

  @Test
  void itSaysWhatIsMissing(@TempDir Path folder) throws IOException, InterruptedException {
    String classPath =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(entry -> !entry.contains("pytorch-native"))
            .collect(Collectors.joining(File.pathSeparator));
    String told = told(folder, classPath);
    for (String line : told.lines().toList()) {
      assertTrue(line.contains("Offline mode is enabled"), told);
      assertTrue(line.contains("ai.djl.pytorch:pytorch-native-cpu:"), told);
    }
  }

  @Test
  void itSaysWhichFolderIsToTakeIt(@TempDir Path folder) throws IOException, InterruptedException {
    Path file = Files.createFile(folder.resolve("file"));
    String told = told(file, System.getProperty("java.class.path"));
    for (String line : told.lines().toList()) {
      assertTrue(line.contains("be writable and have room"), told);
      assertTrue(line.contains("DJL_CACHE_DIR"), told);
      assertFalse(line.contains("on the class path"), told);
    }
  }

  /** What such a Java prints, which keeps DJL's files in a folder. */
  private static String told(Path folder, String classPath)
      throws IOException, InterruptedException {
    Process java =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dai.djl.offline=true",
                "-DDJL_CACHE_DIR=" + folder,
                "-DENGINE_CACHE_DIR=" + folder,
                "-Dstdout.encoding=UTF-8",
                "-cp",
                classPath,
                Program.class.getName(),
                TestFiles.path("trials/tops.pt").toString())
            .start();
    String told = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    assertEquals(0, java.waitFor(), told);
    List<String> lines = told.lines().toList();
    assertEquals(2, lines.size(), told);
    for (String line : lines) {
      assertTrue(
          line.startsWith("ComputationException: DJL cannot start its PyTorch engine."), told);
    }
    return told;
  }
}
