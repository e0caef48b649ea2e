package camlab.network;

import java.util.Locale;
import java.util.Optional;

/**
 * Where along one side of a map the picture lies, in shares of that side: from 0 to 1 if the map is
 * of all of the picture and of nothing else. Padding at one end moves the picture, or stretches the
 * map beyond it; each layer of a causal convolution moves it further.
 *
 * <p>What the places are like is correlated with what they show, if the picture lies there. The
 * same places are compared: those at which both placements show the picture.
 *
 * @param from where the picture begins
 * @param to where it ends
 * @param correlation with what the places show then
 * @param asRead with what they show if the picture lies from 0 to 1
 */
record Placement(double from, double to, double correlation, double asRead) {

  /** What a place shows of the second of two mixed pictures. */
  @FunctionalInterface
  interface Shown {

    /**
     * {@return the share of the second picture}
     *
     * @param mixture which of the mixtures
     * @param from where the place begins, as a share of the picture's side
     * @param to where it ends
     */
    double share(int mixture, double from, double to);
  }

  /**
   * How many times as much of the variance is left if the picture is taken to lie from 0 to 1. With
   * that, no layer of 165 published programs lies elsewhere that their default layers are searched
   * among; of layers that were moved by a sixteenth to a half of the picture nearly all do.
   */
  private static final double CLEARLY = 1.5;

  /** Less than that share of the side moves a heatmap by little. */
  private static final double LITTLE = 0.08;

  /** In places; strides and even kernels move a map by one. */
  private static final double PLACES = 1.5;

  /** Beyond that, no reading fits. */
  private static final double FAR = 0.4;

  private static final int STEPS = 24;

  /** Nor if less of the picture is there. */
  private static final double LEAST = 0.6;

  /** With fewer places, something can be found that fits their noise. */
  private static final int SEVERAL = 12;

  private static final double ROUNDING = 1e-9;

  private static final int PERCENT = 100;

  /**
   * {@return where the picture lies, if that is clearly elsewhere than from 0 to 1}
   *
   * @param likeness of each place along the side, for each mixture
   * @param shown what places show
   */
  static Optional<Placement> elsewhere(double[][] likeness, Shown shown) {
    int places = likeness[0].length;
    double step = Math.max(0.5 / places, FAR / STEPS);
    int steps = (int) Math.round(FAR / step);
    Placement best = new Placement(0, 1, 0, 0);
    for (int moved = -steps; places >= SEVERAL && moved <= steps; moved++) {
      double by = moved * step;
      // Moved; with more at its beginning, at its end, at both.
      double[][] ends = {{by, 1 + by}, {by, 1}, {0, 1 - by}, {by, 1 - by}};
      for (double[] end : ends) {
        if (end[1] - end[0] >= LEAST) {
          Placement other = of(end[0], end[1], likeness, shown);
          best = other.gain() > best.gain() ? other : best;
        }
      }
    }
    double little = Math.max(LITTLE, PLACES / places);
    return Optional.of(best).filter(other -> other.gain() >= CLEARLY && other.moved() >= little);
  }

  /**
   * {@return whether another picture gives much the same place, inside of what is tried} What
   * padding moves lies in one place whatever the picture. What fits best at the far end of what is
   * tried may be noise: so do inner layers of published networks with random weights, whose places
   * are right.
   *
   * @param other of other pictures
   */
  boolean isConfirmedBy(Placement other) {
    boolean near = Math.abs(from - other.from) <= LITTLE && Math.abs(to - other.to) <= LITTLE;
    return near && from < FAR - LITTLE / 2 && to > 1 - FAR + LITTLE / 2;
  }

  /**
   * How far beside the picture, or beyond it, the map lies. Convolutions without padding begin and
   * end inside the picture, which is no fault of theirs.
   */
  private double moved() {
    return Math.max(Math.abs(from + to - 1) / 2, Math.max(from, 1 - to));
  }

  private static Placement of(double from, double to, double[][] likeness, Shown shown) {
    Correlation here = new Correlation();
    Correlation asRead = new Correlation();
    int places = likeness[0].length;
    for (int mixture = 0; mixture < likeness.length; mixture++) {
      for (int place = 0; place < places; place++) {
        double begin = (double) place / places;
        double end = (place + 1.0) / places;
        if (begin >= from - ROUNDING && end <= to + ROUNDING) {
          double size = to - from;
          double value = likeness[mixture][place];
          here.add(shown.share(mixture, (begin - from) / size, (end - from) / size), value);
          asRead.add(shown.share(mixture, begin, end), value);
        }
      }
      here.endMixture();
      asRead.endMixture();
    }
    return new Placement(from, to, here.value(), asRead.value());
  }

  /** How much more of the variance is left as read; 0 if that is not more. */
  private double gain() {
    return correlation > Math.max(0, asRead)
        ? (1 - asRead * Math.abs(asRead)) / Math.max(ROUNDING, 1 - correlation * correlation)
        : 0;
  }

  /** {@return this in words} */
  String words(String side) {
    return String.format(
        Locale.ROOT,
        "along its %s, what its places are like fits a picture that lies from about %.0f %% to about %.0f %% of them better than one from 0 to 100 %% (correlation %.2f, not %.2f), as padding at one end or at both makes it: a heatmap would lie beside the place",
        side,
        PERCENT * from,
        PERCENT * to,
        correlation,
        asRead);
  }

  /** The correlation of pairs of values, those of each mixture about their own means. */
  private static final class Correlation {
    private double product;
    private double ofOne;
    private double ofTwo;

    private int count;
    private double sumOfOne;
    private double sumOfTwo;
    private double sumOfProducts;
    private double squaresOfOne;
    private double squaresOfTwo;

    void add(double one, double two) {
      count++;
      sumOfOne += one;
      sumOfTwo += two;
      sumOfProducts += one * two;
      squaresOfOne += one * one;
      squaresOfTwo += two * two;
    }

    void endMixture() {
      if (count > 0) {
        product += sumOfProducts - sumOfOne * sumOfTwo / count;
        ofOne += squaresOfOne - sumOfOne * sumOfOne / count;
        ofTwo += squaresOfTwo - sumOfTwo * sumOfTwo / count;
      }
      count = 0;
      sumOfOne = 0;
      sumOfTwo = 0;
      sumOfProducts = 0;
      squaresOfOne = 0;
      squaresOfTwo = 0;
    }

    double value() {
      return ofOne > ROUNDING && ofTwo > 0 ? product / Math.sqrt(ofOne * ofTwo) : 0;
    }
  }
}
