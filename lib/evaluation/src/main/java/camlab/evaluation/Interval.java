package camlab.evaluation;

import java.util.Arrays;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * A mean, and how far it would move with other cases of the same sort.
 *
 * @param mean the mean
 * @param low the lower end of its 95 % interval
 * @param high its upper end
 */
public record Interval(double mean, double low, double high) {

  private static final double LOWER = 0.025;
  private static final double UPPER = 0.975;

  /**
   * {@return the mean of some values, with the interval of a bootstrap: the values are drawn anew
   * with replacement, as many as there are, and the interval holds the middle 95 % of the means}
   *
   * @param values one for each independent case, such as a picture; at least one
   * @param draws how many, at least 1; a thousand make the ends steady
   * @param seed of the draws
   * @throws IllegalArgumentException if there is no value or no draw
   */
  public static Interval of(double[] values, int draws, long seed) {
    if (values.length < 1 || draws < 1) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "An interval needs at least one value and one draw, found %d and %d.",
              values.length,
              draws));
    }
    SplittableRandom random = new SplittableRandom(seed);
    double[] means = new double[draws];
    for (int draw = 0; draw < draws; draw++) {
      for (int i = 0; i < values.length; i++) {
        means[draw] += values[random.nextInt(values.length)] / values.length;
      }
    }
    return ofDraws(Arrays.stream(values).average().orElseThrow(), means);
  }

  /** {@return a mean with the middle 95 % of its draws, whose order may change} */
  static Interval ofDraws(double mean, double[] draws) {
    return new Interval(mean, Ranking.quantile(draws, LOWER), Ranking.quantile(draws, UPPER));
  }

  /**
   * {@return whether a number lies outside of it, so that the direction from there is told}
   *
   * @param number the number, such as 0
   */
  public boolean excludes(double number) {
    return number < low || number > high;
  }

  /** {@return the same seen from the other side: its mean and ends with the other sign} */
  public Interval negated() {
    return new Interval(-mean, -high, -low);
  }
}
