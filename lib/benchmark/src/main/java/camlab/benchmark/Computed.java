package camlab.benchmark;

import ai.djl.MalformedModelException;
import camlab.network.Network;
import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Locale;

/**
 * What {@link FirstHeatmap} times, in what the process computed and not by the clock: for a machine
 * on which others work. The steps are taken by turns, and what is told are means, since the system
 * counts in hundredths of a second. What Java's own compiler does at the same time is in it.
 */
public final class Computed {

  private static final int STEPS = 5;
  private static final double NANOSECONDS = 1e6;

  private static final OperatingSystemMXBean SYSTEM =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  private final FirstHeatmap benchmark = new FirstHeatmap();
  private final FirstHeatmap.Program program = new FirstHeatmap.Program();
  private final double[] sums = new double[STEPS];

  private Computed(int layers) throws IOException {
    program.layers = layers;
    program.write();
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
      Computed times = new Computed(layers);
      try {
        for (int round = 0; round < 2 * rounds; round++) {
          if (round == rounds) {
            Arrays.fill(times.sums, 0);
          }
          times.round();
        }
        System.out.println(times.row(rounds));
      } finally {
        times.program.delete();
      }
    }
  }

  private void loadPlain() {
    try {
      benchmark.loadPlain(program);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (MalformedModelException e) {
      throw new IllegalStateException(e);
    }
  }

  private void round() {
    count(0, this::loadPlain);
    Network[] opened = new Network[1];
    count(1, () -> opened[0] = program.open());
    try (Network network = opened[0]) {
      count(2, () -> program.heatmap(network, program.last));
      count(3, () -> program.heatmap(network, program.last));
    }
    try (Network network = program.open()) {
      count(4, () -> program.heatmap(network, network.targetLayer()));
    }
  }

  private void count(int step, Runnable action) {
    long before = SYSTEM.getProcessCpuTime();
    action.run();
    sums[step] += (SYSTEM.getProcessCpuTime() - before) / NANOSECONDS;
  }

  private String row(int rounds) {
    double steady = sums[3];
    return String.format(
        Locale.ROOT,
        "| %d | %.0f | %.0f | %.2f | %.0f | %.2f × | %.2f × |",
        program.layers,
        sums[0] / rounds,
        sums[1] / rounds,
        (sums[1] - sums[0]) / rounds / program.layers,
        steady / rounds,
        sums[2] / steady,
        sums[4] / steady);
  }
}
