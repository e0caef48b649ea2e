package camlab.benchmark;

import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** Runs {@link FirstHeatmap}, and tells its medians as ratios, which a slower machine keeps. */
public final class Times {

  private static final double MEDIAN = 50;

  private Times() {}

  /**
   * Prints a table.
   *
   * @param arguments as JMH takes them, such as {@code -p layers=100}
   */
  public static void main(String[] arguments) throws RunnerException, CommandLineOptionException {
    Collection<RunResult> results =
        new Runner(
                new OptionsBuilder()
                    .parent(new CommandLineOptions(arguments))
                    .include(FirstHeatmap.class.getName())
                    .build())
            .run();
    Map<Integer, Map<String, Double>> medians = new TreeMap<>();
    for (RunResult result : results) {
      medians
          .computeIfAbsent(
              Integer.valueOf(result.getParams().getParam("layers")), layers -> new TreeMap<>())
          .put(
              result.getPrimaryResult().getLabel(),
              result.getPrimaryResult().getStatistics().getPercentile(MEDIAN));
    }
    System.out.println(
        """

        | layers | DJL loads, ms | CamLab loads, ms | more, ms a layer | steady Grad-CAM, ms | first, layer named | first, by default |
        |---|---|---|---|---|---|---|""");
    medians.forEach((layers, times) -> System.out.println(row(layers, times)));
  }

  private static String row(int layers, Map<String, Double> times) {
    double plain = times.get("loadPlain");
    double load = times.get("load");
    double steady = times.get("steady");
    return String.format(
        Locale.ROOT,
        "| %d | %.0f | %.0f | %.2f | %.1f | %.2f × | %.2f × |",
        layers,
        plain,
        load,
        (load - plain) / layers,
        steady,
        times.get("firstOfNamed") / steady,
        times.get("firstOfDefault") / steady);
  }
}
