package camlab.figure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import camlab.heatmap.Heatmap;
import camlab.heatmap.Provenance;
import org.junit.jupiter.api.Test;

class RangeTest {

  private static final Provenance NONE = new Provenance("", "", "", Double.NaN);

  /** The values 1 to 9 and one of 1000: nine of ten lie within 1 to 9. */
  @Test
  void fewStrongValuesAreLeftOut() {
    Heatmap map = map(3, 1, 1000, 9, 2, 8, 4, 5, 7, 6);
    assertEquals(new Range(1, 9), Range.ofMost(map, ColorMap.TURBO, 0.9));
    assertEquals(new Range(1, 9), Range.ofMost(map, ColorMap.TURBO, 0.81));
    assertEquals(new Range(1, 1000), Range.ofMost(map, ColorMap.TURBO, 0.91));
    assertEquals(new Range(1, 1), Range.ofMost(map, ColorMap.TURBO, 0.01));
    assertEquals(
        Range.of(map, ColorMap.TURBO), Range.ofMost(map, ColorMap.TURBO, 1), "all of them");
  }

  /** Of the magnitudes 1, 2, 3 and 50 three quarters are at most 3. */
  @Test
  void signedColoursTakeTheMagnitude() {
    Heatmap map = map(2, -50, -3, 1);
    assertEquals(new Range(-3, 3), Range.ofMost(map, ColorMap.DIVERGING, 0.75));
    assertEquals(new Range(-50, 50), Range.ofMost(map, ColorMap.DIVERGING, 1));
    assertEquals(new Range(-1, 1), Range.ofMost(map(0, 0, 0, 7), ColorMap.DIVERGING, 0.75));
  }

  @Test
  void aShareIsAboveZeroAndAtMostOne() {
    Heatmap map = map(1, 2);
    for (double share : new double[] {0, -0.5, 1.01, Double.NaN}) {
      assertThrows(IllegalArgumentException.class, () -> Range.ofMost(map, ColorMap.GRAY, share));
    }
  }

  private static Heatmap map(float... values) {
    return Heatmap.of(1, values.length, values, NONE);
  }
}
