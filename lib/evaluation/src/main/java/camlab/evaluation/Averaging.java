package camlab.evaluation;

import camlab.measure.Adcc;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Collectors;

/** How many numbers become one. Of the same numbers each gives another. */
public enum Averaging {
  /** Every number counts once. */
  ALL("mean of all") {
    @Override
    public double of(List<Result> results) {
      return mean(results);
    }
  },

  /** The mean of every class, then the mean of those: rare classes count as much as common ones. */
  CLASSES("mean of the classes' means") {
    @Override
    public double of(List<Result> results) {
      Collection<List<Result>> classes =
          results.stream()
              .collect(
                  Collectors.groupingBy(Result::className, LinkedHashMap::new, Collectors.toList()))
              .values();
      return classes.stream().mapToDouble(Averaging::mean).average().orElseThrow(Averaging::none);
    }
  },

  /**
   * {@link Adcc#harmonicMean} of the mean coherency, the mean complexity and the mean drop, where
   * {@link Adcc} by itself is one of single pictures. The results are those of the three measures.
   */
  ADCC_OF_MEANS("ADCC of the means") {
    @Override
    public double of(List<Result> results) {
      return Adcc.harmonicMean(
          mean(results, "coherency"), mean(results, "complexity"), mean(results, "drop"));
    }
  };

  private final String words;

  Averaging(String words) {
    this.words = words;
  }

  /** {@return how, in words} */
  public String words() {
    return words;
  }

  /**
   * {@return the one number}
   *
   * @param results at least one, each with a number
   * @throws IllegalArgumentException if a mean is to be taken of none, or a result has no number
   */
  public abstract double of(List<Result> results);

  private static double mean(List<Result> results, String measure) {
    List<Result> own = results.stream().filter(result -> result.measure().equals(measure)).toList();
    if (own.isEmpty()) {
      throw new IllegalArgumentException(
          "There is no number of '%s', so no mean.".formatted(measure));
    }
    return mean(own);
  }

  private static double mean(List<Result> results) {
    return results.stream().mapToDouble(Averaging::number).average().orElseThrow(Averaging::none);
  }

  private static double number(Result result) {
    return result
        .value()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "Only numbers have a mean, and %s has none: %s"
                        .formatted(result.measure(), result.reason().orElse(""))));
  }

  private static IllegalArgumentException none() {
    return new IllegalArgumentException("There are no results, so no mean.");
  }
}
