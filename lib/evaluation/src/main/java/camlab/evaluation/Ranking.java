package camlab.evaluation;

import camlab.measure.Measure;
import camlab.measure.Protocol;
import camlab.network.UnknownNameException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.commons.statistics.descriptive.Quantile;
import org.apache.commons.statistics.descriptive.Quantile.EstimationMethod;

/**
 * Methods ranked by one measure, and how sure the ranking is: a paired bootstrap.
 *
 * <p>Only what every method has a number for counts. The pictures are drawn anew with replacement,
 * as many as there are, many times; each time the same pictures are taken for every method (that is
 * what pairs them), the methods' means are compared and ranked. If a picture has several classes,
 * they are drawn together, since they are not independent of each other. Intervals hold the middle
 * 95 % of the draws. {@link #comparisons()} has exact tests of the differences beside them.
 *
 * <p>Source: B. Efron and R. Tibshirani, "An Introduction to the Bootstrap", 1993, chapter 13
 * (percentile intervals).
 */
public final class Ranking {

  private final Protocol protocol;
  private final String measure;
  private final int pictures;
  private final List<Place> places;
  private final List<String> methods;
  private final double[][] wins;
  private final double[][] means;
  private final Scores scores;
  private final int direction;
  private final long seed;

  private Ranking(
      Measure measure,
      Scores scores,
      List<Place> places,
      double[][] wins,
      double[][] means,
      long seed) {
    this.protocol =
        Protocols.of(scores.questions(), List.of(measure), Choice.GIVEN, Averaging.ALL.words());
    this.measure = measure.name();
    this.pictures = scores.pictures();
    this.places = List.copyOf(places);
    this.methods = scores.methods();
    this.wins = wins;
    this.means = means;
    this.scores = scores;
    this.direction = direction(measure);
    this.seed = seed;
  }

  private static int direction(Measure measure) {
    return measure.higherIsBetter() ? 1 : -1;
  }

  /**
   * A method's place.
   *
   * @param method the method's name, or its identity where two have the same name
   * @param mean of the measure over all pictures and classes
   * @param low the lower end of the mean's 95 % interval
   * @param high its upper end
   * @param rank the mean of the rank over the draws; 1 is the best, and equal means share the mean
   *     of their ranks
   * @param bestRank the lower end of the rank's 95 % interval
   * @param worstRank its upper end
   */
  public record Place(
      String method,
      double mean,
      double low,
      double high,
      double rank,
      double bestRank,
      double worstRank) {}

  /**
   * Ranks the methods of an evaluation.
   *
   * @param results what {@link Evaluation#run} returned, of one network and one layer
   * @param measure by which they are ranked; its direction counts
   * @param draws how many, at least 1; a thousand make the ends of the intervals steady
   * @param seed of the draws
   * @return the ranking
   * @throws IllegalArgumentException if results of several networks or layers are mixed, or fewer
   *     than two pictures have a number for every method
   */
  public static Ranking of(Results results, Measure measure, int draws, long seed) {
    requireDraws(draws);
    requireOne("networks", results, result -> result.question().network().identity());
    requireOne("layers", results, Result::layer);
    return rank(Scores.of(results, measure), measure, draws, seed);
  }

  static void requireDraws(int draws) {
    if (draws < 1) {
      throw new IllegalArgumentException("At least one draw is needed, found " + draws + ".");
    }
  }

  private static void requireOne(String what, Results results, Function<Result, String> part) {
    List<String> found = results.rows().stream().map(part).distinct().toList();
    if (found.size() > 1) {
      throw new IllegalArgumentException(
          "The results are of several %s: %s. Choose one with where(…).".formatted(what, found));
    }
  }

  private static Ranking rank(Scores scores, Measure measure, int draws, long seed) {
    int methods = scores.methods().size();
    int pictures = scores.pictures();
    int sign = direction(measure);
    double[][] means = new double[methods][draws];
    double[][] ranks = new double[methods][draws];
    double[][] wins = new double[methods][methods];
    SplittableRandom random = new SplittableRandom(seed);
    for (int draw = 0; draw < draws; draw++) {
      double[] mean = scores.means(random.ints(pictures, 0, pictures).toArray());
      for (int a = 0; a < methods; a++) {
        means[a][draw] = mean[a];
        ranks[a][draw] = 1;
        for (int b = 0; b < methods; b++) {
          wins[a][b] += wins(sign * mean[a], sign * mean[b]);
          ranks[a][draw] += a == b ? 0 : wins(sign * mean[b], sign * mean[a]);
        }
      }
    }
    double[] mean = scores.means(IntStream.range(0, pictures).toArray());
    List<Place> places = new ArrayList<>();
    for (int a = 0; a < methods; a++) {
      places.add(place(scores.methods().get(a), mean[a], means[a].clone(), ranks[a]));
      for (int b = 0; b < methods; b++) {
        wins[a][b] /= draws;
      }
    }
    places.sort(Comparator.comparingDouble(place -> -sign * place.mean()));
    return new Ranking(measure, scores, places, wins, means, seed);
  }

  /** 1 for a win, half a point for a draw. */
  private static double wins(double a, double b) {
    return a > b ? 1 : a == b ? 0.5 : 0;
  }

  private static Place place(String method, double mean, double[] means, double[] ranks) {
    Interval ofMean = Interval.ofDraws(mean, means);
    Interval ofRank = Interval.ofDraws(Arrays.stream(ranks).average().orElseThrow(), ranks);
    return new Place(
        method, mean, ofMean.low(), ofMean.high(), ofRank.mean(), ofRank.low(), ofRank.high());
  }

  /** Linear between neighbours, as Hyndman and Fan's estimate 7; may change the values' order. */
  static double quantile(double[] values, double share) {
    return Quantile.withDefaults().with(EstimationMethod.HF7).evaluate(values, share);
  }

  /** {@return how the means came about: what counts for one method counts for all} */
  public Protocol protocol() {
    return protocol;
  }

  /** {@return the name of the measure} */
  public String measure() {
    return measure;
  }

  /** {@return how many pictures count} */
  public int pictures() {
    return pictures;
  }

  /** {@return the methods from the best to the worst mean} */
  public List<Place> places() {
    return places;
  }

  /**
   * {@return in which share of the draws one method's mean is better than another's; a tie counts
   * half} Around 0.5 the pictures do not tell the two apart. Methods are called as in {@link
   * #places}.
   *
   * @param method the name of a method
   * @param than the name of another method
   * @throws UnknownNameException if a method was not ranked
   */
  public double better(String method, String than) {
    return wins[index(method)][index(than)];
  }

  /**
   * {@return by how much one method's mean is larger than another's, with the 95 % interval of the
   * difference over the draws} In the direction of the measure's numbers: where less is better, the
   * better method's difference is negative. Methods are called as in {@link #places}.
   *
   * @param method the name of a method
   * @param than the name of another method
   * @throws UnknownNameException if a method was not ranked
   */
  public Interval difference(String method, String than) {
    double[] one = means[index(method)];
    double[] other = means[index(than)];
    double[] draws = new double[one.length];
    Arrays.setAll(draws, draw -> one[draw] - other[draw]);
    return Interval.ofDraws(mean(method) - mean(than), draws);
  }

  private double mean(String method) {
    return places.stream()
        .filter(place -> place.method().equals(method))
        .findFirst()
        .orElseThrow()
        .mean();
  }

  /**
   * All pairs of methods, each compared by exact tests and corrected for the number of pairs: the
   * bootstrap says how sure a mean is, this says whether two methods can be told apart.
   *
   * @return one comparison for each pair, the one with the better mean first, in the order of the
   *     places
   */
  public List<Comparison> comparisons() {
    List<int[]> pairs = new ArrayList<>();
    for (int a = 0; a < places.size(); a++) {
      for (int b = a + 1; b < places.size(); b++) {
        pairs.add(new int[] {index(places.get(a).method()), index(places.get(b).method())});
      }
    }
    return compared(pairs);
  }

  /**
   * One method compared with each of the others, corrected for the number of the others: fewer
   * comparisons, so that smaller differences are seen. Name the method before looking.
   *
   * @param method the name of a method
   * @return one comparison for each other method, in the order of the places
   * @throws UnknownNameException if the method was not ranked
   */
  public List<Comparison> comparisons(String method) {
    int one = index(method);
    return compared(
        places.stream()
            .map(place -> index(place.method()))
            .filter(other -> other != one)
            .map(other -> new int[] {one, other})
            .toList());
  }

  /**
   * {@return the methods that no other one is told to be better than, by {@link #comparisons()};
   * all of them are tied for the first place}
   */
  public List<String> leaders() {
    List<String> leaders = new ArrayList<>(places.stream().map(Place::method).toList());
    for (Comparison comparison : comparisons()) {
      switch (comparison.verdict()) {
        case BETTER -> leaders.remove(comparison.than());
        case WORSE -> leaders.remove(comparison.method());
        case TIE -> {}
      }
    }
    return List.copyOf(leaders);
  }

  private List<Comparison> compared(List<int[]> pairs) {
    List<double[]> all = pairs.stream().map(pair -> scores.differences(pair[0], pair[1])).toList();
    double[] signs =
        all.stream()
            .mapToDouble(each -> PairedTest.sign(count(each, direction), count(each, -direction)))
            .toArray();
    double[] permutations = PairedTest.permutations(all, seed);
    double[] signsHolm = PairedTest.holm(signs);
    double[] permutationsHolm = PairedTest.holm(permutations);
    List<Comparison> comparisons = new ArrayList<>();
    for (int i = 0; i < pairs.size(); i++) {
      double[] each = all.get(i);
      int better = count(each, direction);
      int worse = count(each, -direction);
      comparisons.add(
          new Comparison(
              methods.get(pairs.get(i)[0]),
              methods.get(pairs.get(i)[1]),
              better,
              worse,
              each.length - better - worse,
              direction * Arrays.stream(each).sum() / scores.cases(),
              signs[i],
              permutations[i],
              PairedTest.isExact(each),
              signsHolm[i],
              permutationsHolm[i]));
    }
    return List.copyOf(comparisons);
  }

  private static int count(double[] differences, int sign) {
    return (int) Arrays.stream(differences).filter(each -> each * sign > 0).count();
  }

  private int index(String method) {
    if (!methods.contains(method)) {
      throw UnknownNameException.of("ranked method", method, methods);
    }
    return methods.indexOf(method);
  }
}
