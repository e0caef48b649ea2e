package camlab.evaluation;

import camlab.evaluation.MapVerdict.Side;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.commons.csv.CSVFormat;

/**
 * How often verdicts are right, where it is known what is wrong: faults were planted, and counted
 * is what was said of each.
 */
public final class VerdictTrial {

  private final Map<Asked, Map<Side, Integer>> counts = new LinkedHashMap<>();
  private final Map<Asked, Set<String>> networks = new LinkedHashMap<>();

  private record Asked(String fault, String known, Side right) {}

  /**
   * What was said of pictures with one fault.
   *
   * @param fault what is wrong
   * @param known what the verdict could go by
   * @param right the right verdict
   * @param said how often each verdict was given; all have a number
   * @param share how often the right one was, in [0, 1]
   * @param low the lower end of Wilson's 95 % interval of that
   * @param high its upper end
   * @param networks the identities of the networks with this fault, in the order they were asked
   */
  public record Line(
      String fault,
      String known,
      Side right,
      Map<Side, Integer> said,
      double share,
      double low,
      double high,
      List<String> networks) {

    /**
     * Copies the counts and the list.
     *
     * @param fault what is wrong
     * @param known what the verdict could go by
     * @param right the right verdict
     * @param said how often each verdict was given
     * @param share how often the right one was
     * @param low the lower end of the interval
     * @param high its upper end
     * @param networks the identities of the networks
     */
    public Line {
      said = Map.copyOf(said);
      networks = List.copyOf(networks);
    }

    /** {@return on how many pictures} */
    public int total() {
      return said.values().stream().mapToInt(count -> count).sum();
    }
  }

  /**
   * Counts one verdict.
   *
   * @param fault what is wrong
   * @param known what the verdict could go by
   * @param right the right verdict
   * @param said the one that was given
   * @param network the identity of the network, {@link camlab.network.Network#identity}
   */
  public void add(String fault, String known, Side right, Side said, String network) {
    Asked asked = new Asked(fault, known, right);
    counts.computeIfAbsent(asked, key -> new EnumMap<>(Side.class)).merge(said, 1, Integer::sum);
    networks.computeIfAbsent(asked, key -> new LinkedHashSet<>()).add(network);
  }

  /** {@return a line for each fault and each amount of knowledge, in the order they were added} */
  public List<Line> lines() {
    List<Line> lines = new ArrayList<>();
    counts.forEach(
        (asked, said) -> {
          Map<Side, Integer> all = new EnumMap<>(Side.class);
          for (Side side : Side.values()) {
            all.put(side, said.getOrDefault(side, 0));
          }
          int total = all.values().stream().mapToInt(count -> count).sum();
          int right = all.get(asked.right());
          double[] ends = MeasureTrial.interval(right, total);
          lines.add(
              new Line(
                  asked.fault(),
                  asked.known(),
                  asked.right(),
                  all,
                  (double) right / total,
                  ends[0],
                  ends[1],
                  List.copyOf(networks.get(asked))));
        });
    return List.copyOf(lines);
  }

  /**
   * {@return the lines as rows of a CSV file, a head before them} The identities of several
   * networks are separated by semicolons.
   */
  public List<String> rows() {
    List<String> rows = new ArrayList<>();
    rows.add(
        "fault,known,right verdict,pictures,share,low,high,network,method,nothing,undecided,network identity");
    for (Line line : lines()) {
      rows.add(
          CSVFormat.DEFAULT.format(
              line.fault(),
              line.known(),
              line.right().name().toLowerCase(Locale.ROOT).replace('_', ' '),
              line.total(),
              MeasureTrial.rounded(line.share()),
              MeasureTrial.rounded(line.low()),
              MeasureTrial.rounded(line.high()),
              line.said().get(Side.NETWORK),
              line.said().get(Side.METHOD),
              line.said().get(Side.NOTHING_AGAINST),
              line.said().get(Side.UNDECIDED),
              String.join("; ", line.networks())));
    }
    return rows;
  }
}
