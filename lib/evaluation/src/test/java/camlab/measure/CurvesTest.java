package camlab.measure;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Deletion and insertion of four pixels, worked out by hand. */
class CurvesTest {

  private static final double EXACT = 1e-12;

  /** From the highest down: 50, 200, 100, 50. */
  private static final Explanation EXPLANATION = Cases.of(new float[][] {{3, 2}, {9, 1}});

  @Test
  void deletion() {
    Deletion deletion = new Deletion(4, Baseline.black(), 1);
    Curve curve = deletion.curve(EXPLANATION);
    assertArrayEquals(new double[] {0, 0.25, 0.5, 0.75, 1}, curve.shares(), EXACT);
    assertArrayEquals(new double[] {1, 0.875, 0.375, 0.125, 0}, curve.confidences(), EXACT);
    // (1/2 + 0.875 + 0.375 + 0.125) / 4
    assertEquals(0.46875, deletion.of(EXPLANATION), EXACT);
  }

  @Test
  void insertion() {
    Insertion insertion = new Insertion(4, Baseline.black(), 1);
    Curve curve = insertion.curve(EXPLANATION);
    assertArrayEquals(new double[] {0, 0.125, 0.625, 0.875, 1}, curve.confidences(), EXACT);
    // (0.125 + 0.625 + 0.875 + 1/2) / 4
    assertEquals(0.53125, insertion.of(EXPLANATION), EXACT);
  }

  @Test
  void fewerSteps() {
    Curve curve = new Deletion(2, Baseline.black(), 1).curve(EXPLANATION);
    assertArrayEquals(new double[] {1, 0.375, 0}, curve.confidences(), EXACT);
    assertEquals((0.5 + 0.375) / 2, curve.area(), EXACT);
  }

  @Test
  void theBaselineIsTheEndOfOneAndTheStartOfTheOther() {
    Baseline mean = Baseline.meanColour();
    int[] deleted = Cases.blues(new Deletion(4, mean, 1).pictures(EXPLANATION).get(2));
    assertArrayEquals(new int[] {100, 100, 100, 50}, deleted);
    int[] inserted = Cases.blues(new Insertion(4, mean, 1).pictures(EXPLANATION).get(2));
    assertArrayEquals(new int[] {200, 100, 50, 100}, inserted);
  }

  /** A better map loses the light sooner, and brings it back sooner. */
  @Test
  void theOrderDecides() {
    Explanation best = Cases.of(new float[][] {{4, 3}, {2, 1}});
    Explanation worst = Cases.of(new float[][] {{1, 2}, {3, 4}});
    Deletion deletion = new Deletion(4, Baseline.black(), 1);
    Insertion insertion = new Insertion(4, Baseline.black(), 1);
    assertEquals((0.5 + 0.5 + 0.25 + 0.125) / 4, deletion.of(best), EXACT);
    assertEquals((0.5 + 0.875 + 0.75 + 0.5) / 4, deletion.of(worst), EXACT);
    assertEquals(1 - deletion.of(best), insertion.of(best), EXACT);
    assertEquals(1 - deletion.of(worst), insertion.of(worst), EXACT);
  }

  @Test
  void theAreaOfUnevenSteps() {
    Curve curve = Curve.of(new double[] {0, 0.1, 1}, new double[] {1, 0.5, 0});
    assertEquals(0.1 * 0.75 + 0.9 * 0.25, curve.area(), EXACT);
    assertEquals(0.5, curve.mean(), EXACT);
  }

  @Test
  void stepsAndPointsAreCounted() {
    assertThrows(IllegalArgumentException.class, () -> new Deletion(0, Baseline.black(), 1));
    assertThrows(IllegalArgumentException.class, () -> new Insertion(0, Baseline.black(), 1));
    assertThrows(
        IllegalArgumentException.class, () -> Curve.of(new double[] {0, 1}, new double[] {1}));
    assertThrows(
        IllegalArgumentException.class, () -> Curve.of(new double[] {0}, new double[] {1}));
    for (double[] shares : new double[][] {{0.5, 0.4}, {-0.1, 1}, {0, 1.1}, {0, Double.NaN}}) {
      String message =
          assertThrows(IllegalArgumentException.class, () -> Curve.of(shares, new double[] {1, 0}))
              .getMessage();
      assertTrue(message.startsWith("The shares of a curve ascend, in [0, 1]; found ["), message);
    }
  }
}
