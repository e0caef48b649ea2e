package camlab.evaluation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Exact tests of paired differences. */
final class PairedTest {

  /** 2 to this many signs are tried in some milliseconds. */
  private static final int MOST = 20;

  private static final int DRAWS = 100_000;

  /** So many draws are held in memory. */
  private static final int AT_ONCE = 250;

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
    return permutations(List.of(differences), seed)[0];
  }

  /** {@return the same of several: what is drawn by lot for one is drawn for all as long as it} */
  static double[] permutations(List<double[]> all, long seed) {
    double[] shares = new double[all.size()];
    Map<Integer, List<Integer>> byLength = new LinkedHashMap<>();
    for (int i = 0; i < shares.length; i++) {
      double[] other = other(all.get(i));
      if (other.length <= MOST) {
        shares[i] = tried(other, least(other));
      } else {
        byLength.computeIfAbsent(other.length, length -> new ArrayList<>()).add(i);
      }
    }
    byLength.forEach(
        (length, places) -> {
          List<SignedSums> sums =
              places.stream().map(i -> new SignedSums(other(all.get(i)))).toList();
          draw(length, sums, seed);
          for (int i = 0; i < places.size(); i++) {
            shares[places.get(i)] = (sums.get(i).hits + 1) / (DRAWS + 1.0);
          }
        });
    return shares;
  }

  /** So far from 0 is a sum that counts. */
  private static double least(double[] other) {
    double sum = Math.abs(Arrays.stream(other).sum());
    return sum - ROUNDING * Arrays.stream(other).map(Math::abs).sum();
  }

  private static double[] other(double[] differences) {
    return Arrays.stream(differences).filter(difference -> difference != 0).toArray();
  }

  /** One sign changes from each to the next, as in Gray's code. */
  private static double tried(double[] values, double least) {
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

  /** Draws signs for so many differences, and counts for each list of them. */
  private static void draw(int length, List<SignedSums> all, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    for (int from = 0; from < DRAWS; from += AT_ONCE) {
      byte[][] signs = new byte[Math.min(AT_ONCE, DRAWS - from)][SignedSums.groups(length)];
      for (byte[] drawn : signs) {
        for (int i = 0; i < length; i++) {
          int minus = random.nextInt() >>> 31;
          drawn[i / SignedSums.GROUP] |= (byte) (minus << (i % SignedSums.GROUP));
        }
      }
      all.forEach(sums -> sums.count(signs));
    }
  }

  /** Differences, with the sums of each four that stand together for all of their signs. */
  private static final class SignedSums {

    static final int GROUP = 4;

    private final double[] sums;
    private final double least;
    private int hits;

    SignedSums(double[] values) {
      least = least(values);
      sums = new double[groups(values.length) << GROUP];
      for (int i = 0; i < sums.length; i++) {
        int first = (i >> GROUP) * GROUP;
        for (int at = first; at < Math.min(first + GROUP, values.length); at++) {
          sums[i] += ((i >> (at - first)) & 1) == 1 ? -values[at] : values[at];
        }
      }
    }

    static int groups(int length) {
      return (length + GROUP - 1) / GROUP;
    }

    /** One bit for each sign, set where it is a minus; four to a byte. */
    void count(byte[][] signs) {
      for (byte[] drawn : signs) {
        double sum = 0;
        for (int group = 0; group < drawn.length; group++) {
          sum += sums[(group << GROUP) | drawn[group]];
        }
        hits += Math.abs(sum) >= least ? 1 : 0;
      }
    }
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
