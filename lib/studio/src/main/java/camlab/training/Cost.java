package camlab.training;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/**
 * What one map costs: the median of three, after one to warm up, or that one, where it took long.
 * Quick maps are made several times each, and count as their mean.
 *
 * @param seconds of processor time, of all threads
 * @param megabytes more than before, at most; not a number where the system does not tell
 * @param once whether it was made once only
 */
record Cost(double seconds, double megabytes, boolean once) {

  private static final int RUNS = 3;

  /** In seconds. */
  private static final int SLOW = 2;

  /** In nanoseconds: some steps of a system that counts a hundredth of a second at a time. */
  private static final long LEAST = 50_000_000;

  private static final int MOST = 1000;

  static Cost of(Runnable map) {
    resetPeak();
    double before = status("VmRSS:");
    double first = seconds(map);
    double more = status("VmHWM:") - before;
    if (first > SLOW) {
      return new Cost(first, more, true);
    }
    double[] runs = new double[RUNS];
    for (int i = 0; i < RUNS; i++) {
      resetPeak();
      before = status("VmRSS:");
      runs[i] = seconds(map);
      more = Math.max(more, status("VmHWM:") - before);
    }
    Arrays.sort(runs);
    return new Cost(runs[RUNS / 2], more, false);
  }

  /** A system counts processor time in steps, of which a quick map may take none by itself. */
  private static double seconds(Runnable map) {
    OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    long begin = system.getProcessCpuTime();
    int made = 0;
    long taken;
    do {
      map.run();
      made++;
      taken = system.getProcessCpuTime() - begin;
    } while (taken < LEAST && made < MOST);
    return taken / 1e9 / made;
  }

  /** The largest resident size begins anew; elsewhere than on Linux nothing happens. */
  private static void resetPeak() {
    Path file = Path.of("/proc/self/clear_refs");
    if (Files.isWritable(file)) {
      try {
        Files.writeString(file, "5");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** In megabytes. */
  private static double status(String line) {
    Path file = Path.of("/proc/self/status");
    if (!Files.isReadable(file)) {
      return Double.NaN;
    }
    try {
      return Files.readAllLines(file).stream()
          .filter(each -> each.startsWith(line))
          .mapToDouble(each -> Double.parseDouble(each.replaceAll("\\D", "")) / 1024)
          .findFirst()
          .orElse(Double.NaN);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Such as {@code 12 ms, 3 MB}; with a star if it was made once. */
  @Override
  public String toString() {
    String memory =
        Double.isNaN(megabytes) ? "" : String.format(Locale.ROOT, ", %.0f MB", megabytes);
    return String.format(Locale.ROOT, "%,.0f ms%s%s", 1000 * seconds, memory, once ? " *" : "");
  }
}
