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
      return classes.stream().mapToDouble(Averaging::mean).average().orElseThrow();
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
   */
  public abstract double of(List<Result> results);

  private static double mean(List<Result> results, String measure) {
    return mean(results.stream().filter(result -> result.measure().equals(measure)).toList());
  }

  private static double mean(List<Result> results) {
    return results.stream()
        .mapToDouble(result -> result.value().orElseThrow())
        .average()
        .orElseThrow();
  }
}
