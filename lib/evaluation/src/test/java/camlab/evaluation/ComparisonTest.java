package camlab.evaluation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import camlab.evaluation.Comparison.Verdict;
import camlab.measure.Complexity;
import camlab.measure.EnergyInObject;
import camlab.measure.Measure;
import camlab.network.UnknownNameException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Exact tests, worked out by hand. */
class ComparisonTest {

  private static final double EXACT = 1e-12;
  private static final Measure ENERGY = new EnergyInObject();

  /** One of five: (1 + 5) / 32 on either side. */
  @Test
  void signs() {
    assertEquals(12 / 32.0, PairedTest.sign(4, 1), EXACT);
    assertEquals(12 / 32.0, PairedTest.sign(1, 4), EXACT);
    assertEquals(2 / 1024.0, PairedTest.sign(10, 0), EXACT);
    assertEquals(1, PairedTest.sign(3, 3), EXACT);
    assertEquals(1, PairedTest.sign(0, 0), EXACT);
    // 2 · Σ_{k ≤ 40} C(100, k) / 2¹⁰⁰.
    assertEquals(0.05688793364098079, PairedTest.sign(60, 40), 1e-12);
  }

  /**
   * 3, 2 and −1 have the sum 4. Of the eight signs, ±(3 + 2 + 1) and ±(3 + 2 − 1) come as far: 4 of
   * 8. A difference of 0 changes nothing.
   */
  @Test
  void permutations() {
    assertEquals(4 / 8.0, PairedTest.permutation(new double[] {3, 2, -1}, 1), EXACT);
    assertEquals(4 / 8.0, PairedTest.permutation(new double[] {3, 0, 2, -1, 0}, 1), EXACT);
    assertEquals(2 / 8.0, PairedTest.permutation(new double[] {0.1, 0.2, 0.3}, 1), EXACT);
    assertEquals(1, PairedTest.permutation(new double[] {}, 1), EXACT);
    assertEquals(1, PairedTest.permutation(new double[] {1, -1}, 1), EXACT);
    assertTrue(PairedTest.isExact(new double[20]));
  }

  /** 20 equal differences are exact, 21 are drawn: 16 of 20 to one side, 17 of 21. */
  @Test
  void manyDifferences() {
    double[] twenty = ones(16, 4);
    assertTrue(PairedTest.isExact(twenty));
    assertEquals(PairedTest.sign(16, 4), PairedTest.permutation(twenty, 1), EXACT);
    double[] more = ones(17, 4);
    assertFalse(PairedTest.isExact(more));
    // The exact p is 0.0072; of 100,000 draws it scatters by 0.00027.
    assertEquals(PairedTest.sign(17, 4), PairedTest.permutation(more, 1), 0.001);
  }

  /** Of lists of different lengths each gets what it gets alone, and what a plain loop finds. */
  @Test
  void drawnForSeveralAtOnce() {
    Random random = new Random(2);
    List<double[]> all =
        IntStream.of(30, 5, 23, 30, 21)
            .mapToObj(length -> random.doubles(length, -0.5, 0.7).toArray())
            .toList();
    double[] found = PairedTest.permutations(all, 3);
    for (int i = 0; i < found.length; i++) {
      assertEquals(PairedTest.permutation(all.get(i), 3), found[i]);
    }
    assertEquals(drawn(all.get(2), 3), found[2]);
  }

  private static double drawn(double[] values, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double least = Math.abs(Arrays.stream(values).sum());
    int hits = 1;
    for (int draw = 0; draw < 100_000; draw++) {
      double sum = 0;
      for (double value : values) {
        sum += random.nextInt() < 0 ? -value : value;
      }
      hits += Math.abs(sum) >= least ? 1 : 0;
    }
    return hits / 100_001.0;
  }

  private static double[] ones(int plus, int minus) {
    double[] values = new double[plus + minus];
    for (int i = 0; i < values.length; i++) {
      values[i] = i < plus ? 1 : -1;
    }
    return values;
  }

  /** Holm 1979: 0.01 · 4, 0.02 · 3, 0.03 · 2 is not below the one before, 0.9. */
  @Test
  void holm() {
    assertArrayEquals(
        new double[] {0.06, 0.04, 0.9, 0.06},
        PairedTest.holm(new double[] {0.03, 0.01, 0.9, 0.02}),
        EXACT);
    assertArrayEquals(new double[] {1, 1}, PairedTest.holm(new double[] {0.6, 0.7}), EXACT);
  }

  /** A is better than B on ten pictures; C is A, but for rounding. */
  private static List<Result> results(Measure measure) {
    List<Result> results = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      add(results, "picture " + i, "cat", "A", i + 0.5, measure);
      add(results, "picture " + i, "cat", "B", i, measure);
      add(results, "picture " + i, "cat", "C", (i + 0.5) * (1 + 1e-8), measure);
    }
    return results;
  }

  @Test
  void pairs() {
    Ranking ranking = Ranking.of(new Results(results(ENERGY)), ENERGY, 100, 1);
    List<Comparison> comparisons = ranking.comparisons();
    assertEquals(3, comparisons.size());
    Comparison tie = comparisons.get(0);
    assertEquals(List.of("C", "A"), List.of(tie.method(), tie.than()));
    assertEquals(List.of(0, 0, 10), List.of(tie.better(), tie.worse(), tie.equal()));
    assertEquals(1, tie.permutation());
    assertEquals(Verdict.TIE, tie.verdict());
    Comparison better = comparisons.get(1);
    assertEquals(List.of("C", "B"), List.of(better.method(), better.than()));
    assertEquals(List.of(10, 0, 0), List.of(better.better(), better.worse(), better.equal()));
    assertEquals(2 / 1024.0, better.sign(), EXACT);
    assertEquals(2 / 1024.0, better.permutation(), EXACT);
    assertEquals(6 / 1024.0, better.permutationHolm(), EXACT);
    assertEquals(0.5, better.difference(), 1e-6);
    assertTrue(better.exact());
    assertEquals(Verdict.BETTER, better.verdict());
    assertEquals(List.of("C", "A"), ranking.leaders());
  }

  /** With one method only two pairs are corrected for; the direction is the measure's. */
  @Test
  void oneMethod() {
    Measure less = new Complexity();
    Ranking ranking = Ranking.of(new Results(results(less)), less, 100, 1);
    List<Comparison> comparisons = ranking.comparisons("A");
    assertEquals(List.of("B", "C"), comparisons.stream().map(Comparison::than).toList());
    assertEquals(Verdict.WORSE, comparisons.get(0).verdict());
    assertEquals(-0.5, comparisons.get(0).difference(), 1e-6);
    assertEquals(10, comparisons.get(0).worse());
    assertEquals(4 / 1024.0, comparisons.get(0).signHolm(), EXACT);
    assertEquals(List.of("B"), ranking.leaders());
    assertThrows(UnknownNameException.class, () -> ranking.comparisons("D"));
  }

  /** Both classes of a picture are one picture: +3 − 1 is better by 2 on one picture. */
  @Test
  void classesOfAPictureCountTogether() {
    List<Result> results = new ArrayList<>();
    for (String picture : List.of("one", "two")) {
      add(results, picture, "cat", "A", 3, ENERGY);
      add(results, picture, "cat", "B", 0, ENERGY);
      add(results, picture, "dog", "A", 0, ENERGY);
      add(results, picture, "dog", "B", 1, ENERGY);
    }
    Comparison both = Ranking.of(new Results(results), ENERGY, 10, 1).comparisons().get(0);
    assertEquals(List.of(2, 0, 0), List.of(both.better(), both.worse(), both.equal()));
    assertEquals(1, both.difference(), EXACT);
    assertEquals(0.5, both.permutation(), EXACT);
    assertEquals(Verdict.TIE, both.verdict());
  }

  private static void add(
      List<Result> results,
      String picture,
      String className,
      String method,
      double value,
      Measure measure) {
    results.add(
        Result.of(
            new Question(
                new Named("net", "net"),
                "conv",
                new Named(picture, picture),
                new Named(className, className),
                new Named(method, method),
                new Named(measure.name(), measure.identity())),
            value));
  }
}
