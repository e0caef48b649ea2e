package camlab.measure;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.IntStream;

/** Confidence against the share of pixels that were changed; immutable. */
public final class Curve {

  private final double[] shares;
  private final double[] confidences;

  private Curve(double[] shares, double[] confidences) {
    this.shares = shares;
    this.confidences = confidences;
  }

  /**
   * {@return a curve through the given points}
   *
   * @param shares ascending, in [0, 1], at least two; copied
   * @param confidences one probability per share; copied
   * @throws IllegalArgumentException if the numbers of values differ or are less than two, or the
   *     shares do not ascend in [0, 1]
   */
  public static Curve of(double[] shares, double[] confidences) {
    if (shares.length != confidences.length || shares.length < 2) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "A curve has at least two points, found %d shares and %d confidences.",
              shares.length,
              confidences.length));
    }
    for (int i = 0; i < shares.length; i++) {
      if (!(shares[i] >= (i == 0 ? 0 : shares[i - 1]) && shares[i] <= 1)) {
        throw new IllegalArgumentException(
            "The shares of a curve ascend, in [0, 1]; found %s."
                .formatted(Arrays.toString(shares)));
      }
    }
    return new Curve(shares.clone(), confidences.clone());
  }

  /** {@return the shares, ascending; a copy} */
  public double[] shares() {
    return shares.clone();
  }

  /** {@return the confidences, one per share; a copy} */
  public double[] confidences() {
    return confidences.clone();
  }

  /** {@return the area below the curve by the trapezoidal rule} */
  public double area() {
    return IntStream.range(1, shares.length)
        .mapToDouble(i -> (shares[i] - shares[i - 1]) * (confidences[i] + confidences[i - 1]) / 2)
        .sum();
  }

  /** {@return the mean of the confidences} */
  public double mean() {
    return IntStream.range(0, confidences.length).mapToDouble(i -> confidences[i]).sum()
        / confidences.length;
  }
}
