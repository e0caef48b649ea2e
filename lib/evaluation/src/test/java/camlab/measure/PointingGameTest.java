package camlab.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import camlab.heatmap.Heatmap;
import camlab.heatmap.Provenance;
import camlab.picture.Mask;
import camlab.picture.Picture;
import java.util.BitSet;
import java.util.Optional;
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
  void aToleranceMayBeLargerThanAnyPicture() {
    Heatmap map = map(3, 3, 0, 0);
    for (int tolerance : new int[] {46_341, 65_536, Integer.MAX_VALUE}) {
      assertTrue(new PointingGame(tolerance).hits(map, mask(3, 3, 2, 2)));
      assertFalse(new PointingGame(tolerance).hits(map, mask(3, 3)));
    }
  }

  @Test
  void aMapWithoutDifferencesMisses() {
    float[] same = {5, 5, 5, 5};
    Heatmap flat = Heatmap.of(2, 2, same, new Provenance("test", "", "", Double.NaN));
    assertFalse(EXACT.hits(flat, mask(2, 2, 0, 0)));
    assertFalse(new PointingGame(9).hits(flat, mask(2, 2, 0, 0)));
  }

  /**
   * A region of 2×3 pixels is highest, and the mask has three of its six: half a hit. Its first
   * pixel is no part of the mask, so that taking that one misses. The lone pixel of a second region
   * as high lies on the mask as well: four of seven.
   */
  @Test
  void highestPointsShareTheHit() {
    float[] values = {0, 7, 7, 7, 0, 7, 7, 7, 0, 0, 0, 2};
    Mask object = mask(3, 4, 0, 3, 1, 2, 1, 3, 2, 0, 2, 3);
    Heatmap map = Heatmap.of(3, 4, values, new Provenance("test", "", "", Double.NaN));
    assertEquals(0.5, EXACT.of(explained(map, object)), 1e-12);
    assertTrue(EXACT.hits(map, object));
    PointingGame first = new PointingGame(0, true, PointingGame.Ties.FIRST);
    assertEquals(0, first.of(explained(map, object)), 1e-12);
    assertFalse(first.hits(map, object));
    values[8] = 7;
    Heatmap two = Heatmap.of(3, 4, values, new Provenance("test", "", "", Double.NaN));
    assertEquals(4 / 7.0, EXACT.of(explained(two, object)), 1e-12);
    assertEquals(1, new PointingGame(5).of(explained(two, object)), 1e-12);
  }

  /** One cell is highest; that resizing repeats its value at the edge is no tie. */
  @Test
  void whatResizingRepeatsIsNoTie() {
    Heatmap map = map(2, 2, 1, 1);
    BitSet allButTheFirst = new BitSet();
    allButTheFirst.set(0, 80);
    allButTheFirst.clear(7 * 8 + 6);
    assertFalse(EXACT.hits(map, Mask.of(8, 10, allButTheFirst)));
    allButTheFirst.flip(0, 80);
    assertTrue(EXACT.hits(map, Mask.of(8, 10, allButTheFirst)));
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

  /** A map of 3×4 cells over a picture of as many pixels. */
  private static Explanation explained(Heatmap map, Mask object) {
    Picture view = Cases.grey(4, 3, new int[12]);
    return new Explanation(view, map, Cases.LIGHT, Optional.of(object));
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
