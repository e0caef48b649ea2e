package camlab.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class CalibrationTest {

  @Test
  void answersFallIntoTheBinOfTheirProbability() {
    Calibration calibration =
        Calibration.of(
            List.of(0.5, 0.6, 0.9, 1.0, 0.95), List.of(true, false, true, true, false), 2);

    assertEquals(
        new Calibration.Bin(0, 0.5, 1, OptionalDouble.of(0.5), OptionalDouble.of(1)),
        calibration.bins().get(0));
    Calibration.Bin upper = calibration.bins().get(1);
    assertEquals(4, upper.answers());
    assertEquals((0.6 + 0.9 + 1.0 + 0.95) / 4, upper.probability().orElseThrow(), 1e-12);
    assertEquals(0.5, upper.accuracy().orElseThrow());
    // (1·|1 − 0.5| + 4·|0.5 − 0.8625|) / 5
    assertEquals((0.5 + 4 * 0.3625) / 5, calibration.expectedError(), 1e-12);
  }

  /** 0.07 · 100 is 7.000000000000001. */
  @Test
  void aBinHoldsItsUpperEnd() {
    for (int bins : new int[] {3, 7, 10, 49, 100, 1000}) {
      for (int i = 0; i < bins; i++) {
        double upper = (i + 1.0) / bins;
        Calibration.Bin bin = Calibration.of(List.of(upper), List.of(true), bins).bins().get(i);
        assertEquals(1, bin.answers(), () -> upper + " of " + bins);
        assertEquals(upper, bin.to());
      }
    }
  }

  @Test
  void anEmptyBinCountsForNothing() {
    Calibration calibration = Calibration.of(List.of(0.75, 0.75), List.of(true, true), 10);
    assertEquals(0.25, calibration.expectedError(), 1e-12);
    assertEquals(
        new Calibration.Bin(0.1, 0.2, 0, OptionalDouble.empty(), OptionalDouble.empty()),
        calibration.bins().get(1));
  }

  @Test
  void whatIsNoProbabilityIsRefused() {
    assertThrows(
        IllegalArgumentException.class, () -> Calibration.of(List.of(1.5), List.of(true), 10));
    assertThrows(
        IllegalArgumentException.class,
        () -> Calibration.of(List.of(Double.NaN), List.of(true), 10));
    assertThrows(IllegalArgumentException.class, () -> Calibration.of(List.of(0.5), List.of(), 10));
  }
}
