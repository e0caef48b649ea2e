package camlab.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import camlab.heatmap.Heatmap;
import camlab.heatmap.Provenance;
import camlab.picture.Mask;
import java.util.BitSet;
import org.junit.jupiter.api.Test;

class PointingGameTest {

  private static final PointingGame EXACT = new PointingGame(0);

  @Test
  void thePeakDecides() {
    Heatmap map = map(4, 4, 2, 1);
    assertTrue(EXACT.hits(map, mask(4, 4, 2, 1)));
    assertFalse(EXACT.hits(map, mask(4, 4, 1, 2)));
    assertFalse(EXACT.hits(map, mask(4, 4)));
  }

  @Test
  void theToleranceIsARadius() {
    Heatmap map = map(9, 9, 4, 4);
    assertFalse(new PointingGame(2).hits(map, mask(9, 9, 4, 7)));
    assertTrue(new PointingGame(3).hits(map, mask(9, 9, 4, 7)));
    // 3 down and 4 right: 5 away.
    assertFalse(new PointingGame(4).hits(map, mask(9, 9, 7, 8)));
    assertTrue(new PointingGame(5).hits(map, mask(9, 9, 7, 8)));
  }

  @Test
  void theToleranceMayReachOverTheEdge() {
    Heatmap map = map(3, 3, 0, 0);
    assertTrue(new PointingGame(100).hits(map, mask(3, 3, 2, 2)));
    assertFalse(new PointingGame(100).hits(map, mask(3, 3)));
  }

  @Test
  void aMapWithoutDifferencesMisses() {
    float[] same = {5, 5, 5, 5};
    Heatmap flat = Heatmap.of(2, 2, same, new Provenance("test", "", "", Double.NaN));
    assertFalse(EXACT.hits(flat, mask(2, 2, 0, 0)));
    assertFalse(new PointingGame(9).hits(flat, mask(2, 2, 0, 0)));
  }

  @Test
  void theFirstOfSeveralPeaksCounts() {
    float[] values = {0, 1, 1, 0};
    Heatmap map = Heatmap.of(2, 2, values, new Provenance("test", "", "", Double.NaN));
    assertTrue(EXACT.hits(map, mask(2, 2, 0, 1)));
    assertFalse(EXACT.hits(map, mask(2, 2, 1, 0)));
  }

  @Test
  void negativeMapsHaveAPeak() {
    float[] values = {-3, -1, -2, -3};
    Heatmap map = Heatmap.of(2, 2, values, new Provenance("test", "", "", Double.NaN));
    assertTrue(EXACT.hits(map, mask(2, 2, 0, 1)));
  }

  /** A peak in the last cell of 2×2 lies in the last quarter of any picture. */
  @Test
  void theMapIsLaidOverTheWholePicture() {
    Heatmap map = map(2, 2, 1, 1);
    BitSet lastQuarter = new BitSet();
    for (int row = 5; row < 10; row++) {
      lastQuarter.set(row * 8 + 4, row * 8 + 8);
    }
    assertTrue(EXACT.hits(map, Mask.of(8, 10, lastQuarter)));
    lastQuarter.flip(0, 80);
    assertFalse(EXACT.hits(map, Mask.of(8, 10, lastQuarter)));
  }

  @Test
  void aNegativeToleranceIsRefused() {
    String message =
        assertThrows(IllegalArgumentException.class, () -> new PointingGame(-1)).getMessage();
    assertEquals("A tolerance is at least 0 pixels, not -1", message);
  }

  /** Zero but for one position. */
  private static Heatmap map(int height, int width, int row, int column) {
    float[] values = new float[height * width];
    values[row * width + column] = 1;
    return Heatmap.of(height, width, values, new Provenance("test", "", "", Double.NaN));
  }

  /** A mask of the given rows and columns, in turns. */
  private static Mask mask(int height, int width, int... rowsAndColumns) {
    BitSet pixels = new BitSet();
    for (int i = 0; i < rowsAndColumns.length; i += 2) {
      pixels.set(rowsAndColumns[i] * width + rowsAndColumns[i + 1]);
    }
    return Mask.of(width, height, pixels);
  }
}
