package camlab.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import camlab.cam.AblationCam;
import camlab.cam.CamMethod;
import camlab.cam.GradCam;
import camlab.cam.GuidedBackpropagation;
import camlab.network.Classes;
import camlab.network.Network;
import camlab.network.TorchScriptFiles;
import camlab.network.torchscript.TorchScript;
import camlab.picture.Picture;
import camlab.picture.Preprocessing;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Three hundred rounds of heatmaps leave the process as large as the first hundred did. Measured in
 * a process of its own whose Java heap is small and touched from the start, so that only native
 * memory can grow.
 */
class NativeMemoryTest {

  private static final int WARM_UP = 100;
  private static final int MEASURED = 300;

  /**
   * Three hundred recordings left open hold 266 MiB of the blocks, and 16 and 30 MiB of the two
   * small programs. Closed, they have held 0 or 1 MiB.
   */
  @ParameterizedTest
  @CsvSource({"blocks, 30", "resnet.scripted.pt, 8", "functions.traced.pt, 8"})
  @EnabledOnOs(value = OS.LINUX, disabledReason = "the resident size is read from /proc")
  void doesNotGrow(String network, long limit) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xms96m",
                "-Xmx96m",
                "-XX:+AlwaysPreTouch",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Probe.class.getName(),
                network)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String output =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    assertEquals(0, process.waitFor(), output);
    long grown = Long.parseLong(output);
    assertTrue(grown < limit, grown + " MiB more after " + MEASURED + " rounds");
  }

  /** Prints by how many MiB the process has grown. */
  static final class Probe {

    private Probe() {}

    public static void main(String[] arguments) throws IOException {
      try (Network network = network(arguments[0])) {
        heatmaps(network, WARM_UP);
        long before = residentMebibytes();
        heatmaps(network, MEASURED);
        System.out.println(residentMebibytes() - before);
      }
    }

    private static Network network(String name) {
      if (name.equals("blocks")) {
        return SmallNetworks.alexNet();
      }
      Preprocessing small =
          new Preprocessing(64, 64, Preprocessing.IMAGENET.mean(), Preprocessing.IMAGENET.std());
      return TorchScript.load(TorchScriptFiles.path(name), Classes.numbered(10), small);
    }

    /** A program does all there is: it is recorded, cut, and run with other outputs of a layer. */
    private static void heatmaps(Network network, int count) {
      List<CamMethod> methods =
          network.model() instanceof TorchScript
              ? List.of(new GradCam(), new GuidedBackpropagation(), new AblationCam())
              : List.of(new GradCam());
      Picture picture = SmallNetworks.picture(1);
      for (int i = 0; i < count; i++) {
        methods.forEach(method -> method.heatmap(network, picture, network.classes().name(0)));
      }
    }

    private static long residentMebibytes() throws IOException {
      String[] pages = Files.readString(Path.of("/proc/self/statm")).split(" ", -1);
      return Long.parseLong(pages[1]) * 4096 / (1 << 20);
    }
  }
}
