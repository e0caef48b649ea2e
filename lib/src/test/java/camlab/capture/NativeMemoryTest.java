package camlab.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import camlab.cam.GradCam;
import camlab.network.Network;
import camlab.picture.Picture;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/**
 * A thousand heatmaps leave the process as large as a few hundred do. Measured in a process of its
 * own whose Java heap is small and touched from the start, so that only native memory can grow.
 */
class NativeMemoryTest {

  private static final int WARM_UP = 300;
  private static final int MEASURED = 1000;

  /** A recording left open holds some 3 MiB at this size: a thousand of them, 3 GiB. */
  private static final long LIMIT_MEBIBYTES = 60;

  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "the resident size is read from /proc")
  void doesNotGrow() throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xms96m",
                "-Xmx96m",
                "-XX:+AlwaysPreTouch",
                "-cp",
                System.getProperty("java.class.path"),
                Probe.class.getName())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String output =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    assertEquals(0, process.waitFor(), output);
    long grown = Long.parseLong(output);
    assertTrue(grown < LIMIT_MEBIBYTES, grown + " MiB more after " + MEASURED + " heatmaps");
  }

  /** Prints by how many MiB the process has grown. */
  static final class Probe {

    private Probe() {}

    public static void main(String[] arguments) throws IOException {
      try (Network network = SmallNetworks.alexNet()) {
        heatmaps(network, WARM_UP);
        long before = residentMebibytes();
        heatmaps(network, MEASURED);
        System.out.println(residentMebibytes() - before);
      }
    }

    private static void heatmaps(Network network, int count) {
      Picture picture = SmallNetworks.picture(1);
      for (int i = 0; i < count; i++) {
        new GradCam().heatmap(network, picture, "cat");
      }
    }

    private static long residentMebibytes() throws IOException {
      String[] pages = Files.readString(Path.of("/proc/self/statm")).split(" ", -1);
      return Long.parseLong(pages[1]) * 4096 / (1 << 20);
    }
  }
}
