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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.apache.commons.csv.CSVFormat;

/**
 * The measures measured: where the right answer is known, a right map and wrong ones are planted,
 * and each measure is asked which it prefers.
 *
 * <p>A measure that does not prefer the right map to a wrong one cannot tell a good method from one
 * that errs in this way. One that prefers the wrong map misleads. A trial says this of the
 * pictures, the network and the wrong maps that were tried, and of nothing else.
 */
public final class MeasureTrial {

  /** Numbers that differ by less are equal but for rounding. */
  private static final double ROUNDING = 1e-9;

  /** The 97.5 % quantile of the normal distribution. */
  private static final double NORMAL = 1.959963984540054;

  private final Map<String, Map<String, Count>> counts = new LinkedHashMap<>();
  private final Map<String, String> identities = new LinkedHashMap<>();
  private final Set<String> networks = new LinkedHashSet<>();

  /**
   * A picture of which it is known what a network's answer rests on.
   *
   * @param view the picture as the network sees it
   * @param network the network
   * @param classIndex the class that is explained, from 0
   * @param object where people see the object of the class, for measures that ask for it
   * @param right a map that lies on the evidence
   * @param wrong maps that do not, by name
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
     * @param right a map that lies on the evidence
     * @param wrong maps that do not, by name
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
   * @param byClass what it says of each class, for a view
   */
  public record Planted(List<Function<Picture, Heatmap>> byClass) {

    /**
     * Copies the list.
     *
     * @param byClass what it says of each class, for a view
     */
    public Planted {
      byClass = List.copyOf(byClass);
    }

    /**
     * {@return what always gives the same map of a class}
     *
     * @param byClass one map for each class
     */
    public static Planted fixed(List<Heatmap> byClass) {
      return new Planted(
          byClass.stream().<Function<Picture, Heatmap>>map(map -> view -> map).toList());
    }

    private Explainer explainer(Network network, int classIndex) {
      return new PlantedExplainer(this, network, classIndex);
    }
  }

  private record PlantedExplainer(Planted planted, Network network, int classIndex)
      implements Explainer {
    @Override
    public Heatmap of(Picture view) {
      return planted.byClass().get(classIndex).apply(view);
    }

    @Override
    public Explainer ofClass(int index) {
      return new PlantedExplainer(planted, network, index);
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

    /** {@return on which share of the pictures with numbers the right map is preferred} */
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
    /** It gives no number for planted maps. */
    NOT_ASKED
  }

  private static final class Count {
    private int right;
    private int wrongly;
    private int equal;
    private int refused;
    private Optional<String> reason = Optional.empty();
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
    networks.add(scene.network().identity());
    for (Measure measure : measures) {
      String known = identities.putIfAbsent(measure.name(), measure.identity());
      if (known != null && !known.equals(measure.identity())) {
        throw new IllegalArgumentException(
            "'%s' is the name of %s and of %s. Ask them in trials of their own: one trial tells measures apart by their names."
                .formatted(measure.name(), known, measure.identity()));
      }
      Map<String, Count> ofMeasure =
          counts.computeIfAbsent(measure.name(), name -> new LinkedHashMap<>());
      Answer right = answer(measure, scene, scene.right(), confidence);
      scene
          .wrong()
          .forEach(
              (name, planted) -> {
                Count count = ofMeasure.computeIfAbsent(name, key -> new Count());
                Answer wrong = answer(measure, scene, planted, confidence);
                count(count, measure, right, wrong);
              });
    }
  }

  private static void count(Count count, Measure measure, Answer right, Answer wrong) {
    Optional<String> reason = right.reason().or(wrong::reason);
    if (reason.isPresent()) {
      count.refused++;
      count.reason = count.reason.or(() -> reason);
      return;
    }
    double ahead = right.value() - wrong.value();
    double better = measure.higherIsBetter() ? ahead : -ahead;
    count.right += better > ROUNDING ? 1 : 0;
    count.wrongly += better < -ROUNDING ? 1 : 0;
    count.equal += Math.abs(better) <= ROUNDING ? 1 : 0;
  }

  private record Answer(double value, Optional<String> reason) {}

  private static Answer answer(
      Measure measure, Scene scene, Planted planted, Confidence confidence) {
    Interruption.check("The trial was stopped.");
    Explainer explainer = planted.explainer(scene.network(), scene.classIndex());
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

  /** {@return a line for each measure and each wrong map, in the order they were added} */
  public List<Line> lines() {
    List<Line> lines = new ArrayList<>();
    counts.forEach(
        (measure, byWrong) ->
            byWrong.forEach(
                (wrong, count) -> {
                  double[] interval =
                      interval(count.right, count.right + count.wrongly + count.equal);
                  lines.add(
                      new Line(
                          measure,
                          wrong,
                          count.right,
                          count.wrongly,
                          count.equal,
                          interval[0],
                          interval[1],
                          count.refused,
                          count.reason));
                }));
    return List.copyOf(lines);
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
