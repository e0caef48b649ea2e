package camlab.benchmark;

import ai.djl.MalformedModelException;
import ai.djl.Model;
import camlab.cam.GradCam;
import camlab.capture.Target;
import camlab.network.Classes;
import camlab.network.Network;
import camlab.network.torchscript.TorchScript;
import camlab.picture.Picture;
import camlab.picture.Preprocessing;
import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;

/**
 * What {@link FirstHeatmap} times, in what the process computed and not by the clock: for a machine
 * on which others work. The steps are taken by turns, and what is told are means, since the system
 * counts in hundredths of a second. What Java's own compiler does at the same time is in it.
 */
public final class Computed {

  private static final int SIDE = 224;
  private static final int STEPS = 5;
  private static final double NANOSECONDS = 1e6;

  private static final OperatingSystemMXBean SYSTEM =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  private final Classes names = Classes.numbered(DeepProgram.CLASSES);
  private final Preprocessing preprocessing =
      new Preprocessing(SIDE, SIDE, Preprocessing.IMAGENET.mean(), Preprocessing.IMAGENET.std());
  private final Picture picture =
      Picture.of(SIDE, SIDE, new Random(2).ints(SIDE * SIDE, 0, 1 << 24).toArray());
  private final Path file;
  private final String last;
  private final double[] sums = new double[STEPS];

  private Computed(Path file, int layers) {
    this.file = file;
    last = "relu" + ((layers - 2) / 2 - 1);
  }

  /**
   * Prints a table.
   *
   * @param arguments how many rounds, of which as many again come before to warm up, then how many
   *     layers, several numbers if wanted
   */
  public static void main(String[] arguments) throws IOException {
    int rounds = Integer.parseInt(arguments[0]);
    System.out.println(
        """
        | layers | DJL loads, ms | CamLab loads, ms | more, ms a layer | steady Grad-CAM, ms | first, layer named | first, by default |
        |---|---|---|---|---|---|---|""");
    for (String number : Arrays.asList(arguments).subList(1, arguments.length)) {
      int layers = Integer.parseInt(number);
      Path file = Files.createTempFile("camlab-benchmark-", ".pt");
      try {
        DeepProgram.write(file, layers);
        Computed times = new Computed(file, layers);
        for (int round = 0; round < 2 * rounds; round++) {
          if (round == rounds) {
            Arrays.fill(times.sums, 0);
          }
          times.round();
        }
        System.out.println(times.row(layers, rounds));
      } finally {
        Files.delete(file);
      }
    }
  }

  private Network open() {
    return TorchScript.load(file, names, preprocessing);
  }

  private void loadPlain() {
    try (Model model = Model.newInstance("plain", "PyTorch")) {
      model.load(file.getParent(), file.getFileName().toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (MalformedModelException e) {
      throw new IllegalStateException(e);
    }
  }

  private void explain(Network network, String layer) {
    new GradCam().heatmap(network, picture, layer, Target.predicted());
  }

  private void round() {
    count(0, this::loadPlain);
    Network[] opened = new Network[1];
    count(1, () -> opened[0] = open());
    try (Network network = opened[0]) {
      count(2, () -> explain(network, last));
      count(3, () -> explain(network, last));
    }
    try (Network network = open()) {
      count(4, () -> explain(network, network.targetLayer()));
    }
  }

  private void count(int step, Runnable action) {
    long before = SYSTEM.getProcessCpuTime();
    action.run();
    sums[step] += (SYSTEM.getProcessCpuTime() - before) / NANOSECONDS;
  }

  private String row(int layers, int rounds) {
    double steady = sums[3];
    return String.format(
        Locale.ROOT,
        "| %d | %.0f | %.0f | %.2f | %.0f | %.2f × | %.2f × |",
        layers,
        sums[0] / rounds,
        sums[1] / rounds,
        (sums[1] - sums[0]) / rounds / layers,
        steady / rounds,
        sums[2] / steady,
        sums[4] / steady);
  }
}
