package camlab.evaluation;

import camlab.measure.Measure;
import camlab.measure.Protocol;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/**
 * What became of many numbers, with how sure it is and how it came about.
 *
 * @param name what it is a mean of, such as {@code drop}
 * @param value the mean
 * @param low the lower end of its 95 % interval: pictures drawn anew with replacement, as in {@link
 *     Ranking}
 * @param high its upper end
 * @param refused how many questions have no number, and are left out
 * @param protocol how it came about
 */
public record Mean(
    String name, double value, double low, double high, int refused, Protocol protocol) {

  /**
   * {@return the mean of one method's numbers by one measure}
   *
   * @param results of one network and one layer; what is of other methods or measures is left out
   * @param method the method, by its name or its identity
   * @param measure the measure
   * @param draws how many, at least 1
   * @param seed of the draws
   * @throws IllegalArgumentException if there is no number, or no draw
   */
  public static Mean of(Results results, String method, Measure measure, int draws, long seed) {
    Results own =
        results.where(
            result ->
                result.method().equals(method)
                    || result.question().method().identity().equals(method));
    return of(measure.name(), own, List.of(measure), Averaging.ALL, Choice.GIVEN, draws, seed);
  }

  static Mean of(
      String name,
      Results results,
      List<Measure> measures,
      Averaging averaging,
      Choice choice,
      int draws,
      long seed) {
    Ranking.requireDraws(draws);
    List<String> identities = measures.stream().map(Measure::identity).toList();
    Results own =
        results.where(result -> identities.contains(result.question().measure().identity()));
    List<Result> numbers =
        own.rows().stream().filter(result -> result.value().isPresent()).toList();
    if (numbers.isEmpty()) {
      throw new IllegalArgumentException(
          "There is no number for %s among these %s results, so no mean."
              .formatted(name, results.rows().size()));
    }
    Interval interval =
        Interval.ofDraws(averaging.of(numbers), draws(numbers, averaging, draws, seed));
    return new Mean(
        name,
        interval.mean(),
        interval.low(),
        interval.high(),
        own.rows().size() - numbers.size(),
        Protocols.of(
            numbers.stream().map(Result::question).toList(), measures, choice, averaging.words()));
  }

  /** All numbers of a picture are drawn together. */
  private static double[] draws(List<Result> numbers, Averaging averaging, int draws, long seed) {
    Map<String, List<Result>> byPicture =
        numbers.stream()
            .collect(
                Collectors.groupingBy(
                    result -> result.question().picture().identity(),
                    LinkedHashMap::new,
                    Collectors.toList()));
    List<List<Result>> pictures = List.copyOf(byPicture.values());
    SplittableRandom random = new SplittableRandom(seed);
    double[] means = new double[draws];
    for (int draw = 0; draw < draws; draw++) {
      List<Result> some = new ArrayList<>();
      for (int i = 0; i < pictures.size(); i++) {
        some.addAll(pictures.get(random.nextInt(pictures.size())));
      }
      means[draw] = averaging.of(some);
    }
    return means;
  }
}
