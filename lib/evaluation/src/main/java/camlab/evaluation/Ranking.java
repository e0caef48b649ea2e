package camlab.evaluation;

import camlab.measure.Measure;
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
 * 95 % of the draws.
 *
 * <p>Source: B. Efron and R. Tibshirani, "An Introduction to the Bootstrap", 1993, chapter 13
 * (percentile intervals).
 */
public final class Ranking {

  private static final double LOWER = 0.025;
  private static final double UPPER = 0.975;

  private final String measure;
  private final int pictures;
  private final List<Place> places;
  private final List<String> methods;
  private final double[][] wins;

  private Ranking(
      String measure, int pictures, List<Place> places, List<String> methods, double[][] wins) {
    this.measure = measure;
    this.pictures = pictures;
    this.places = List.copyOf(places);
    this.methods = methods;
    this.wins = wins;
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
    if (draws < 1) {
      throw new IllegalArgumentException("At least one draw is needed, found " + draws + ".");
    }
    requireOne("networks", results, result -> result.question().network().identity());
    requireOne("layers", results, Result::layer);
    return rank(Scores.of(results, measure), measure, draws, seed);
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
    int sign = measure.higherIsBetter() ? 1 : -1;
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
      places.add(place(scores.methods().get(a), mean[a], means[a], ranks[a]));
      for (int b = 0; b < methods; b++) {
        wins[a][b] /= draws;
      }
    }
    places.sort(Comparator.comparingDouble(place -> -sign * place.mean()));
    return new Ranking(measure.name(), pictures, places, scores.methods(), wins);
  }

  /** 1 for a win, half a point for a draw. */
  private static double wins(double a, double b) {
    return a > b ? 1 : a == b ? 0.5 : 0;
  }

  private static Place place(String method, double mean, double[] means, double[] ranks) {
    return new Place(
        method,
        mean,
        quantile(means, LOWER),
        quantile(means, UPPER),
        Arrays.stream(ranks).average().orElseThrow(),
        quantile(ranks, LOWER),
        quantile(ranks, UPPER));
  }

  /** Linear between neighbours, as Hyndman and Fan's estimate 7; may change the values' order. */
  static double quantile(double[] values, double share) {
    return Quantile.withDefaults().with(EstimationMethod.HF7).evaluate(values, share);
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

  private int index(String method) {
    if (!methods.contains(method)) {
      throw UnknownNameException.of("ranked method", method, methods);
    }
    return methods.indexOf(method);
  }
}
