package camlab.evaluation;

import camlab.evaluation.MapVerdict.Side;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;

/**
 * How often verdicts are right, where it is known what is wrong: faults were planted, and kept is
 * what was said of each picture, and by which numbers. Totals are counted from these rows.
 */
public final class VerdictTrial {

  private static final List<String> HEAD =
      List.of(
          "fault",
          "how",
          "network",
          "layer",
          "picture",
          "class",
          "known",
          "right verdict",
          "verdict",
          "reasons",
          "denied",
          "agreement",
          "covering",
          "random",
          "randomized",
          "other class",
          "scrambled",
          "inside",
          "labelled right",
          "labelled",
          "classes",
          "calibration error",
          "network identity",
          "picture identity",
          "class identity",
          "method identity",
          "other methods");

  /** Between the parts of a cell. No identity and no name has it. */
  private static final String AND = "; ";

  private final Map<List<String>, Row> rows = new LinkedHashMap<>();

  private record Asked(String fault, String known, Side right) {}

  /**
   * One verdict on a map of one picture, with all that it rests on.
   *
   * @param fault what is wrong
   * @param how it was planted, in words
   * @param right the right verdict
   * @param network its identity is {@link camlab.network.Network#identity}
   * @param layer where the map was taken
   * @param picture its identity is the checksum of its content
   * @param className the class that is explained; its identity is its place among the logits, and
   *     the checksum of the object's mask, whether or not the verdict could go by that
   * @param method whose map it is, with its settings
   * @param others the identities of the methods whose maps it was compared with, in the order of
   *     {@link MapEvidence#agreement}
   * @param known what the verdict could go by
   * @param evidence the numbers that the verdict follows from
   */
  public record Row(
      String fault,
      String how,
      Side right,
      Named network,
      String layer,
      Named picture,
      Named className,
      String method,
      List<String> others,
      String known,
      MapEvidence evidence) {

    /**
     * Copies the list.
     *
     * @param fault what is wrong
     * @param how it was planted
     * @param right the right verdict
     * @param network its name and identity
     * @param layer where the map was taken
     * @param picture its name and checksum
     * @param className the class that is explained
     * @param method whose map it is
     * @param others the methods whose maps it was compared with
     * @param known what the verdict could go by
     * @param evidence the numbers
     */
    public Row {
      Objects.requireNonNull(fault, "fault");
      Objects.requireNonNull(how, "how");
      Objects.requireNonNull(right, "right");
      Objects.requireNonNull(network, "network");
      Objects.requireNonNull(layer, "layer");
      Objects.requireNonNull(picture, "picture");
      Objects.requireNonNull(className, "className");
      Objects.requireNonNull(method, "method");
      others = List.copyOf(others);
      Objects.requireNonNull(known, "known");
      Objects.requireNonNull(evidence, "evidence");
    }

    /** {@return what was said} */
    public MapVerdict verdict() {
      return MapVerdict.of(evidence);
    }

    /** {@return whether that is right} */
    public boolean isRight() {
      return verdict().side() == right;
    }

    /** What two rows have in common if they ask for the same verdict: no name is part of it. */
    private List<String> identity() {
      return List.of(
          fault,
          known,
          network.identity(),
          layer,
          picture.identity(),
          className.identity(),
          method,
          String.join(AND, others));
    }

    private List<?> cells() {
      MapVerdict said = verdict();
      Optional<LabelledAnswers> labelled = evidence.labelled();
      return List.of(
          fault,
          how,
          network.name(),
          layer,
          picture.name(),
          className.name(),
          known,
          word(right),
          word(said.side()),
          String.join(AND, said.reasons()),
          evidence.denied(),
          numbers(evidence.agreement()),
          number(evidence.covering()),
          number(evidence.random()),
          number(evidence.randomized()),
          number(evidence.otherClass()),
          evidence.scrambled(),
          numbers(evidence.inside()),
          labelled.map(LabelledAnswers::right).map(String::valueOf).orElse(""),
          labelled.map(LabelledAnswers::total).map(String::valueOf).orElse(""),
          labelled.map(LabelledAnswers::classes).map(String::valueOf).orElse(""),
          labelled.map(answers -> number(answers.calibrationError())).orElse(""),
          network.identity(),
          picture.identity(),
          className.identity(),
          method,
          String.join(AND, others));
    }

    private static Row of(CSVRecord cells) {
      return new Row(
          cells.get("fault"),
          cells.get("how"),
          side(cells.get("right verdict")),
          new Named(cells.get("network"), cells.get("network identity")),
          cells.get("layer"),
          new Named(cells.get("picture"), cells.get("picture identity")),
          new Named(cells.get("class"), cells.get("class identity")),
          cells.get("method identity"),
          parts(cells.get("other methods")),
          cells.get("known"),
          new MapEvidence(
              Boolean.parseBoolean(cells.get("denied")),
              named(cells.get("agreement")),
              Double.parseDouble(cells.get("covering")),
              Double.parseDouble(cells.get("random")),
              optional(cells.get("randomized")),
              optional(cells.get("other class")),
              Integer.parseInt(cells.get("scrambled")),
              named(cells.get("inside")),
              cells.get("labelled").isEmpty()
                  ? Optional.empty()
                  : Optional.of(
                      new LabelledAnswers(
                          Integer.parseInt(cells.get("labelled right")),
                          Integer.parseInt(cells.get("labelled")),
                          Integer.parseInt(cells.get("classes")),
                          optional(cells.get("calibration error"))))));
    }
  }

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

    /** {@return how often the right verdict was given} */
    public int hits() {
      return said.get(right);
    }
  }

  /**
   * Keeps one verdict.
   *
   * @param row the verdict, and what it rests on
   * @throws IllegalArgumentException if the same was asked before: it would count twice
   */
  public void add(Row row) {
    Row before = rows.putIfAbsent(row.identity(), row);
    if (before != null) {
      throw new IllegalArgumentException(
          "The verdict on %s with the fault '%s', going by '%s', is in this trial already, of the same network, layer, class and method. Add each once: a second one would count twice."
              .formatted(row.picture().name(), row.fault(), row.known()));
    }
  }

  /** {@return all verdicts, in the order they were added} */
  public List<Row> rows() {
    return List.copyOf(rows.values());
  }

  /** {@return a line for each fault and each amount of knowledge, in the order they were added} */
  public List<Line> lines() {
    return rows.values().stream()
        .collect(
            Collectors.groupingBy(
                row -> new Asked(row.fault(), row.known(), row.right()),
                LinkedHashMap::new,
                Collectors.toList()))
        .entrySet()
        .stream()
        .map(entry -> line(entry.getKey(), entry.getValue()))
        .toList();
  }

  private static Line line(Asked asked, List<Row> rows) {
    Map<Side, Integer> said = new EnumMap<>(Side.class);
    for (Side side : Side.values()) {
      said.put(side, 0);
    }
    Set<String> networks = new LinkedHashSet<>();
    for (Row row : rows) {
      said.merge(row.verdict().side(), 1, Integer::sum);
      networks.add(row.network().identity());
    }
    int right = said.get(asked.right());
    double[] ends = MeasureTrial.interval(right, rows.size());
    return new Line(
        asked.fault(),
        asked.known(),
        asked.right(),
        said,
        (double) right / rows.size(),
        ends[0],
        ends[1],
        List.copyOf(networks));
  }

  /**
   * {@return the verdicts as rows of a CSV file, a head before them} Numbers have six digits behind
   * the point; what was not asked is empty; where a cell has several parts, semicolons are between
   * them.
   */
  public List<String> csv() {
    List<String> csv = new ArrayList<>();
    csv.add(CSVFormat.DEFAULT.format(HEAD.toArray()));
    rows.values().forEach(row -> csv.add(CSVFormat.DEFAULT.format(row.cells().toArray())));
    return csv;
  }

  /**
   * {@return the trial that wrote a file}
   *
   * @param file of the lines of {@link #csv}
   * @throws IOException if it cannot be read
   * @throws IllegalArgumentException if it holds something else
   */
  public static VerdictTrial read(Path file) throws IOException {
    VerdictTrial trial = new VerdictTrial();
    RowsFile.read(file, HEAD, "is no file of verdicts", "examine-maps")
        .forEach(line -> trial.add(Row.of(line)));
    return trial;
  }

  private static String word(Side side) {
    return side.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  private static Side side(String word) {
    return Side.valueOf(word.toUpperCase(Locale.ROOT).replace(' ', '_'));
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.6f", value);
  }

  private static String number(OptionalDouble value) {
    return value.isPresent() ? number(value.getAsDouble()) : "";
  }

  private static OptionalDouble optional(String cell) {
    return cell.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(Double.parseDouble(cell));
  }

  private static String numbers(Map<String, Double> byName) {
    return byName.entrySet().stream()
        .map(entry -> entry.getKey() + "=" + number(entry.getValue()))
        .collect(Collectors.joining(AND));
  }

  private static Map<String, Double> named(String cell) {
    Map<String, Double> byName = new LinkedHashMap<>();
    for (String part : parts(cell)) {
      int sign = part.lastIndexOf('=');
      byName.put(part.substring(0, sign), Double.parseDouble(part.substring(sign + 1)));
    }
    return byName;
  }

  private static List<String> parts(String cell) {
    return cell.isEmpty() ? List.of() : Arrays.asList(cell.split(AND));
  }
}
