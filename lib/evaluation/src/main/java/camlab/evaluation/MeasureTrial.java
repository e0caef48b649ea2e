package camlab.evaluation;

import camlab.heatmap.Heatmap;
import camlab.measure.Confidence;
import camlab.measure.Explainer;
import camlab.measure.Explanation;
import camlab.measure.Measure;
import camlab.network.Network;
import camlab.network.NotApplicableException;
import camlab.picture.Mask;
import camlab.picture.Picture;
import camlab.progress.Interruption;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;

/**
 * The measures measured: where the right answer is known, a right map and wrong ones are planted,
 * and each measure is asked which it prefers.
 *
 * <p>A measure that does not prefer the right map to a wrong one cannot tell a good method from one
 * that errs in this way. One that prefers the wrong map misleads. A trial says this of the
 * pictures, the network and the wrong maps that were tried, and of nothing else.
 */
public final class MeasureTrial {

  /**
   * Numbers that differ by no more are equal but for rounding: one probability of one picture, in
   * single precision, differs by 6e-8 with the pictures that are run beside it.
   */
  private static final double ROUNDING = 1e-6;

  /** The 97.5 % quantile of the normal distribution. */
  private static final double NORMAL = 1.959963984540054;

  private static final List<String> ROW_HEAD =
      List.of(
          "world",
          "picture",
          "measure",
          "higher is better",
          "wrong map",
          "of the right map",
          "of the wrong map",
          "reason");

  private final List<Row> rows = new ArrayList<>();
  private final Map<String, String> identities = new LinkedHashMap<>();
  private final Set<String> networks = new LinkedHashSet<>();
  private int pictures;

  /**
   * A picture of which it is known what a network's answer rests on.
   *
   * @param view the picture as the network sees it
   * @param network the network
   * @param classIndex the class that is explained, from 0
   * @param object where people see the object of the class, for measures that ask for it
   * @param right shows a map that lies on the evidence, and looks at the weights
   * @param wrong what errs, each in one way, by name
   */
  public record Scene(
      Picture view,
      Network network,
      int classIndex,
      Mask object,
      Planted right,
      Map<String, Planted> wrong) {

    /**
     * Copies the maps.
     *
     * @param view the picture as the network sees it
     * @param network the network
     * @param classIndex the class that is explained, from 0
     * @param object where people see the object of the class
     * @param right shows a map that lies on the evidence
     * @param wrong what errs, each in one way, by name
     */
    public Scene {
      // Map.copyOf would lose the order.
      wrong = new LinkedHashMap<>(wrong);
    }

    /** {@return the wrong maps by name, in the order they were given; a copy} */
    @Override
    public Map<String, Planted> wrong() {
      return new LinkedHashMap<>(wrong);
    }
  }

  /**
   * A method that knows the answer, or errs in a known way.
   *
   * <p>What it knows, it knows of one network. Asked about other weights it either shows numbers by
   * lot, as a network that has learned nothing looks nowhere in particular, or what it always
   * shows.
   *
   * @param byClass what it says of each class, for a view
   * @param lot the seed of what it shows on other weights: {@link PlantedMaps#random} of it and of
   *     the other network's identity, as large as the map it would show otherwise, the same for all
   *     views and classes; empty if it shows the same whatever the weights
   */
  public record Planted(List<Function<Picture, Heatmap>> byClass, OptionalLong lot) {

    /**
     * Copies the list.
     *
     * @param byClass what it says of each class, for a view
     * @param lot the seed of what it shows on other weights; empty if it shows the same
     */
    public Planted {
      byClass = List.copyOf(byClass);
      Objects.requireNonNull(lot, "lot");
    }

    /**
     * Shows the same whatever the weights.
     *
     * @param byClass what it says of each class, for a view
     */
    public Planted(List<Function<Picture, Heatmap>> byClass) {
      this(byClass, OptionalLong.empty());
    }

    /**
     * {@return what always gives the same map of a class, whatever the weights}
     *
     * @param byClass one map for each class
     */
    public static Planted fixed(List<Heatmap> byClass) {
      return new Planted(
          byClass.stream().<Function<Picture, Heatmap>>map(map -> view -> map).toList());
    }

    /**
     * {@return the same, but that it shows numbers by lot on other weights}
     *
     * @param seed of these numbers, together with the other network's identity
     */
    public Planted byLotOnOtherWeights(long seed) {
      return new Planted(byClass, OptionalLong.of(seed));
    }

    private Explainer explainer(Network network, String identity, int classIndex) {
      return new PlantedExplainer(this, identity, network, classIndex, Optional.empty());
    }
  }

  private record PlantedExplainer(
      Planted planted,
      String known,
      Network network,
      int classIndex,
      Optional<Heatmap> onOtherWeights)
      implements Explainer {
    @Override
    public Heatmap of(Picture view) {
      Heatmap map = planted.byClass().get(classIndex).apply(view);
      return onOtherWeights.map(lot -> lot.resized(map.height(), map.width())).orElse(map);
    }

    @Override
    public Explainer ofClass(int index) {
      return new PlantedExplainer(planted, known, network, index, onOtherWeights);
    }

    @Override
    public Explainer on(Network other) {
      return new PlantedExplainer(planted, known, other, classIndex, byLot(other));
    }

    private Optional<Heatmap> byLot(Network other) {
      if (planted.lot().isEmpty()) {
        return Optional.empty();
      }
      String identity = other.identity();
      return identity.equals(known)
          ? Optional.empty()
          : Optional.of(PlantedMaps.random(31 * planted.lot().getAsLong() + identity.hashCode()));
    }
  }

  /**
   * What a measure said of the right map and of a wrong one of one picture.
   *
   * @param picture which one, from 0, in the order they were added
   * @param measure the measure's name
   * @param higherIsBetter whether a larger number speaks for a map
   * @param wrong what is wrong with the other map
   * @param ofRight the number of the right map; empty if one of the two has none
   * @param ofWrong the number of the wrong map; likewise
   * @param reason why there is none, and empty if there are both
   */
  public record Row(
      int picture,
      String measure,
      boolean higherIsBetter,
      String wrong,
      OptionalDouble ofRight,
      OptionalDouble ofWrong,
      Optional<String> reason) {

    private static Row of(
        int picture, Measure measure, String wrong, Answer ofRight, Answer ofWrong) {
      Optional<String> reason = ofRight.reason().or(ofWrong::reason);
      return new Row(
          picture,
          measure.name(),
          measure.higherIsBetter(),
          wrong,
          reason.isPresent() ? OptionalDouble.empty() : OptionalDouble.of(ofRight.value()),
          reason.isPresent() ? OptionalDouble.empty() : OptionalDouble.of(ofWrong.value()),
          reason);
    }

    private static Row of(CSVRecord cells) {
      return new Row(
          Integer.parseInt(cells.get("picture")),
          cells.get("measure"),
          Boolean.parseBoolean(cells.get("higher is better")),
          cells.get("wrong map"),
          number(cells.get("of the right map")),
          number(cells.get("of the wrong map")),
          Optional.of(cells.get("reason")).filter(reason -> !reason.isEmpty()));
    }

    private static OptionalDouble number(String cell) {
      return cell.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(Double.parseDouble(cell));
    }

    private String csv(String world) {
      return CSVFormat.DEFAULT.format(
          world,
          picture,
          measure,
          higherIsBetter,
          wrong,
          cell(ofRight),
          cell(ofWrong),
          reason.orElse(""));
    }

    /** With all digits: which of two numbers is the better one may hang on the last ones. */
    private static String cell(OptionalDouble value) {
      return value.isPresent() ? Double.toString(value.getAsDouble()) : "";
    }

    /** By how much the right map's number is the better one. */
    private double ahead() {
      double more = ofRight.getAsDouble() - ofWrong.getAsDouble();
      return higherIsBetter ? more : -more;
    }
  }

  /**
   * How often a measure prefers the right map to a wrong one.
   *
   * @param measure the measure's name
   * @param wrong what is wrong with the other map
   * @param right on how many pictures the right map gets the better number
   * @param wrongly on how many the wrong one does
   * @param equal on how many both get the same
   * @param low the lower end of the 95 % interval of the share of pictures on which the right map
   *     is preferred
   * @param high its upper end
   * @param refused on how many there is no number
   * @param reason why there is none on the first of them
   */
  public record Line(
      String measure,
      String wrong,
      int right,
      int wrongly,
      int equal,
      double low,
      double high,
      int refused,
      Optional<String> reason) {

    /**
     * {@return on which share of the pictures with numbers the right map is preferred; NaN if there
     * are none}
     */
    public double share() {
      return (double) right / (right + wrongly + equal);
    }

    /** {@return what follows} */
    public Trust trust() {
      if (right + wrongly + equal == 0) {
        return Trust.NOT_ASKED;
      }
      if (low > 0.5) {
        return Trust.TELLS;
      }
      double wronglyLow = interval(wrongly, right + wrongly + equal)[0];
      return wronglyLow > 0.5 ? Trust.MISLEADS : Trust.BLIND;
    }
  }

  /** {@return the head of the CSV file that {@link #rows} are lines of} */
  public static String head() {
    return "world,measure,wrong map,right,wrongly,equal,low,high,refused,trust,network identity,measure identity";
  }

  /**
   * {@return the lines as rows of a CSV file} The identities of several networks are separated by
   * semicolons.
   *
   * @param world the name of the world that the scenes were of
   */
  public List<String> rows(String world) {
    return lines().stream()
        .map(
            line ->
                CSVFormat.DEFAULT.format(
                    world,
                    line.measure(),
                    line.wrong(),
                    line.right(),
                    line.wrongly(),
                    line.equal(),
                    rounded(line.low()),
                    rounded(line.high()),
                    line.refused(),
                    line.trust().name().toLowerCase(Locale.ROOT).replace('_', ' '),
                    String.join("; ", networks),
                    identities.get(line.measure())))
        .toList();
  }

  static String rounded(double share) {
    return String.format(Locale.ROOT, "%.3f", share);
  }

  /** Whether a measure can be trusted to see that something is wrong. */
  public enum Trust {
    /** It prefers the right map on more than half of all pictures, beyond chance. */
    TELLS,
    /** Neither: it does not see the difference, or these pictures do not show that it does. */
    BLIND,
    /** It prefers the wrong map on more than half of all pictures, beyond chance. */
    MISLEADS,
    /** It gives no number for these maps. */
    NOT_ASKED
  }

  /**
   * Asks all measures about all maps of one more picture.
   *
   * @param scene the picture and the maps
   * @param measures the measures, told apart by their names
   * @throws IllegalArgumentException if one has the name of another that was asked before
   */
  public void add(Scene scene, List<Measure> measures) {
    Confidence confidence = Confidence.of(scene.network(), scene.classIndex()).remembering(4);
    String identity = scene.network().identity(); // once: it is a checksum of all weights
    networks.add(identity);
    for (Measure measure : measures) {
      String known = identities.putIfAbsent(measure.name(), measure.identity());
      if (known != null && !known.equals(measure.identity())) {
        throw new IllegalArgumentException(
            "'%s' is the name of %s and of %s. Ask them in trials of their own: one trial tells measures apart by their names."
                .formatted(measure.name(), known, measure.identity()));
      }
      Answer right = answer(measure, scene, scene.right(), identity, confidence);
      scene
          .wrong()
          .forEach(
              (name, planted) ->
                  rows.add(
                      Row.of(
                          pictures,
                          measure,
                          name,
                          right,
                          answer(measure, scene, planted, identity, confidence))));
    }
    pictures++;
  }

  private record Answer(double value, Optional<String> reason) {}

  private static Answer answer(
      Measure measure, Scene scene, Planted planted, String identity, Confidence confidence) {
    Interruption.check("The trial was stopped.");
    Explainer explainer = planted.explainer(scene.network(), identity, scene.classIndex());
    Explanation explanation =
        new Explanation(
                scene.view(), explainer.of(scene.view()), confidence, Optional.of(scene.object()))
            .by(explainer);
    try {
      return new Answer(measure.of(explanation), Optional.empty());
    } catch (NotApplicableException e) {
      return new Answer(Double.NaN, Optional.of(e.getMessage()));
    }
  }

  /** {@return what was said of each picture, in the order it was asked} */
  public List<Row> pictureRows() {
    return List.copyOf(rows);
  }

  /** {@return the head of the CSV file that {@link #pictureCsv} gives the lines of} */
  public static String pictureHead() {
    return CSVFormat.DEFAULT.format(ROW_HEAD.toArray());
  }

  /**
   * {@return {@link #pictureRows} as rows of a CSV file, the numbers with all their digits}
   *
   * @param world the name of the world that the scenes were of
   */
  public List<String> pictureCsv(String world) {
    return rows.stream().map(row -> row.csv(world)).toList();
  }

  /**
   * {@return what was said of each picture of a world, as a trial has written it} {@link
   * #lines(List)} counts it.
   *
   * @param file {@link #pictureHead} and lines of {@link #pictureCsv}, of any worlds
   * @param world the name of the world
   * @throws IOException if it cannot be read
   * @throws IllegalArgumentException if it holds something else
   */
  public static List<Row> readPictureRows(Path file, String world) throws IOException {
    String other = "does not tell of each picture what measures said";
    return RowsFile.read(file, ROW_HEAD, other, "measure-measures").stream()
        .filter(line -> line.get("world").equals(world))
        .map(Row::of)
        .toList();
  }

  /** {@return a line for each measure and each wrong map, in the order they were added} */
  public List<Line> lines() {
    return lines(rows);
  }

  /**
   * {@return a line for each measure and each wrong map, counted from what was said of each
   * picture}
   *
   * @param rows of one world, such as {@link #readPictureRows} gives
   */
  public static List<Line> lines(List<Row> rows) {
    return rows.stream()
        .collect(
            Collectors.groupingBy(
                Row::measure,
                LinkedHashMap::new,
                Collectors.groupingBy(Row::wrong, LinkedHashMap::new, Collectors.toList())))
        .values()
        .stream()
        .flatMap(byWrong -> byWrong.values().stream())
        .map(MeasureTrial::line)
        .toList();
  }

  private static Line line(List<Row> rows) {
    List<Double> ahead =
        rows.stream().filter(row -> row.reason().isEmpty()).map(Row::ahead).toList();
    int right = (int) ahead.stream().filter(by -> by > ROUNDING).count();
    int wrongly = (int) ahead.stream().filter(by -> by < -ROUNDING).count();
    double[] interval = interval(right, ahead.size());
    return new Line(
        rows.get(0).measure(),
        rows.get(0).wrong(),
        right,
        wrongly,
        ahead.size() - right - wrongly,
        interval[0],
        interval[1],
        rows.size() - ahead.size(),
        rows.stream().flatMap(row -> row.reason().stream()).findFirst());
  }

  /**
   * {@return both ends of the 95 % interval of a share, which is never of no width: Wilson's}
   *
   * <p>Source: E. B. Wilson, "Probable Inference, the Law of Succession, and Statistical
   * Inference", Journal of the American Statistical Association 22, 1927.
   */
  static double[] interval(int hits, int total) {
    if (total == 0) {
      return new double[] {0, 1};
    }
    double share = (double) hits / total;
    double square = NORMAL * NORMAL / total;
    double middle = (share + square / 2) / (1 + square);
    double half = Math.sqrt(square * share * (1 - share) + square * square / 4) / (1 + square);
    return new double[] {Math.max(0, middle - half), Math.min(1, middle + half)};
  }
}
