package camlab.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class IntervalTest {

  /** The mean of 0 … 29 is 14.5 with a standard error of 8.66 / √30 = 1.58. */
  @Test
  void theIntervalOfAMean() {
    double[] values = new double[30];
    Arrays.setAll(values, i -> i);
    Interval found = Interval.of(values, 20_000, 1);
    assertEquals(14.5, found.mean(), 1e-12);
    assertEquals(14.5 - 1.96 * 1.58, found.low(), 0.15);
    assertEquals(14.5 + 1.96 * 1.58, found.high(), 0.15);
    assertEquals(found, Interval.of(values, 20_000, 1), "the same seed, the same interval");
  }

  /** Two values have three means, 0, 1 and 2, the outer ones in a quarter of the draws each. */
  @Test
  void twoValues() {
    assertEquals(new Interval(1, 0, 2), Interval.of(new double[] {0, 2}, 1000, 1));
  }

  @Test
  void whatItExcludes() {
    Interval interval = new Interval(0.5, 0.25, 1);
    assertTrue(interval.excludes(0));
    assertTrue(interval.excludes(1.5));
    assertFalse(interval.excludes(1));
    assertEquals(new Interval(-0.5, -1, -0.25), interval.negated());
  }

  @Test
  void nothingHasNoMean() {
    assertThrows(IllegalArgumentException.class, () -> Interval.of(new double[0], 100, 1));
    assertThrows(IllegalArgumentException.class, () -> Interval.of(new double[1], 0, 1));
  }
}
