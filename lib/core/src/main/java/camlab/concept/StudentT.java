package camlab.concept;

import java.util.List;

/**
 * Student's t test, two-sided: how likely means differ at least so much by chance, if the values
 * are independent draws of normal distributions of the same mean.
 */
final class StudentT {

  /** An even number; the density is smooth, and Simpson's rule exact to about 1e-9 by then. */
  private static final int INTERVALS = 20_000;

  private StudentT() {}

  /**
   * {@return the probability of a mean so far from an expected one}
   *
   * @param values at least 2
   * @param expected the mean that is doubted
   */
  static double oneSample(List<Double> values, double expected) {
    double deviation = mean(values) - expected;
    double error = variance(values) / values.size();
    return probability(deviation, error, values.size() - 1);
  }

  /**
   * {@return the probability of two means so far apart} The variances need not be equal: B. L.
   * Welch, "The generalization of 'Student's' problem when several different population variances
   * are involved", Biometrika 1947.
   *
   * @param one at least 2 values
   * @param other at least 2 values
   */
  static double twoSample(List<Double> one, List<Double> other) {
    double first = variance(one) / one.size();
    double second = variance(other) / other.size();
    double freedom =
        (first + second)
            * (first + second)
            / (first * first / (one.size() - 1) + second * second / (other.size() - 1));
    return probability(mean(one) - mean(other), first + second, freedom);
  }

  static double mean(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
  }

  private static double variance(List<Double> values) {
    double mean = mean(values);
    return values.stream().mapToDouble(value -> (value - mean) * (value - mean)).sum()
        / (values.size() - 1);
  }

  private static double probability(double deviation, double squaredError, double freedom) {
    if (squaredError == 0) {
      return deviation == 0 ? 1 : 0;
    }
    return twoSided(deviation / Math.sqrt(squaredError), freedom);
  }

  /**
   * {@return the probability of |T| ≥ |t|} With T = √ν tan θ the density is that of cos<sup>ν −
   * 1</sup> θ.
   *
   * @param t the statistic
   * @param freedom ν, the degrees of freedom, at least 1
   */
  static double twoSided(double t, double freedom) {
    double from = Math.atan(Math.abs(t) / Math.sqrt(freedom));
    return integral(from, freedom - 1) / integral(0, freedom - 1);
  }

  /** ∫ cos(θ)^exponent dθ up to π/2, by Simpson's rule. */
  private static double integral(double from, double exponent) {
    double step = (Math.PI / 2 - from) / INTERVALS;
    double sum = 0;
    for (int i = 0; i <= INTERVALS; i++) {
      double weight = i == 0 || i == INTERVALS ? 1 : i % 2 == 1 ? 4 : 2;
      // The sine of what is left, so that the last value is exactly 0 and not beneath.
      sum += weight * Math.pow(Math.sin((INTERVALS - i) * step), exponent);
    }
    return sum * step / 3;
  }
}
