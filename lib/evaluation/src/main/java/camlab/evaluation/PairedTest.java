package camlab.evaluation;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Exact tests of paired differences. */
final class PairedTest {

  /** 2 to this many signs are tried in some milliseconds. */
  private static final int MOST = 20;

  private static final int DRAWS = 100_000;

  /** Sums of the same numbers in another order differ by rounding. */
  private static final double ROUNDING = 1e-9;

  private PairedTest() {}

  /**
   * {@return twice the probability of at most as many heads as the rarer sign, among as many throws
   * of a coin as there are signs; at most 1}
   */
  static double sign(int better, int worse) {
    int throwsOfCoin = better + worse;
    double probability = Math.pow(0.5, throwsOfCoin);
    double sum = 0;
    for (int heads = 0; heads <= Math.min(better, worse); heads++) {
      sum += probability;
      probability *= (double) (throwsOfCoin - heads) / (heads + 1);
    }
    return Math.min(1, 2 * sum);
  }

  /** Whether so many differences have all of their signs tried. */
  static boolean isExact(double[] differences) {
    return other(differences).length <= MOST;
  }

  /**
   * {@return the share of all signs with which the differences have a sum at least as far from 0 as
   * theirs; of more than 20 differences other than 0, of the signs drawn by lot and their own}
   */
  static double permutation(double[] differences, long seed) {
    double[] other = other(differences);
    double sum = Math.abs(Arrays.stream(other).sum());
    double least = sum - ROUNDING * Arrays.stream(other).map(Math::abs).sum();
    return other.length <= MOST ? all(other, least) : drawn(other, least, seed);
  }

  private static double[] other(double[] differences) {
    return Arrays.stream(differences).filter(difference -> difference != 0).toArray();
  }

  /** One sign changes from each to the next, as in Gray's code. */
  private static double all(double[] values, double least) {
    double[] signed = values.clone();
    double sum = Arrays.stream(signed).sum();
    int hits = 0;
    int total = 1 << values.length;
    for (int code = 1; code <= total; code++) {
      hits += Math.abs(sum) >= least ? 1 : 0;
      int turned = Integer.numberOfTrailingZeros(code);
      if (turned < signed.length) {
        sum -= 2 * signed[turned];
        signed[turned] = -signed[turned];
      }
    }
    return (double) hits / total;
  }

  /**
   * A sign is a bit drawn by lot, used as a factor: a branch that goes either way by lot takes
   * three times as long.
   */
  private static double drawn(double[] values, double least, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int hits = 1;
    for (int draw = 0; draw < DRAWS; draw++) {
      double sum = 0;
      for (double value : values) {
        sum += (random.nextInt() >> 31 | 1) * value;
      }
      hits += Math.abs(sum) >= least ? 1 : 0;
    }
    return hits / (DRAWS + 1.0);
  }

  /** {@return each p after Holm's correction, in the order of the given ones} */
  static double[] holm(double[] ps) {
    int[] ascending =
        IntStream.range(0, ps.length)
            .boxed()
            .sorted((a, b) -> Double.compare(ps[a], ps[b]))
            .mapToInt(Integer::intValue)
            .toArray();
    double[] corrected = new double[ps.length];
    double largest = 0;
    for (int i = 0; i < ps.length; i++) {
      largest = Math.max(largest, Math.min(1, (ps.length - i) * ps[ascending[i]]));
      corrected[ascending[i]] = largest;
    }
    return corrected;
  }
}
