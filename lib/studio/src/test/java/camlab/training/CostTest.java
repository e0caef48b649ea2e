package camlab.training;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class CostTest {

  /** Of a hundredth of a second, in which systems count, a quick map takes a part. */
  @Test
  void whatTakesLessThanAStepOfTheClockTakesMoreThanNothing() {
    double[] sums = new double[1];
    Cost quick =
        Cost.of(
            () -> {
              for (int i = 0; i < 100_000; i++) {
                sums[0] += Math.sin(i);
              }
            });
    assertTrue(quick.seconds() > 0 && quick.seconds() < 0.1, quick.toString());
  }
}
