package camlab.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import camlab.heatmap.Heatmap;
import camlab.picture.Mask;
import org.junit.jupiter.api.Test;

class PixelRankingTest {

  @Test
  void highestAndLowest() {
    PixelRanking ranking = PixelRanking.of(Cases.map(new float[][] {{-1, 5}, {3, 0}}), 1);
    assertMask(ranking.highest(0.25), 1);
    assertMask(ranking.highest(0.5), 1, 2);
    assertMask(ranking.lowest(0.5), 0, 3);
    assertMask(ranking.highest(0));
    assertMask(ranking.lowest(1), 0, 1, 2, 3);
    // 0.3 of four pixels is 1.2, rounded to one.
    assertMask(ranking.highest(0.3), 1);
  }

  /**
   * A map that is zero but for one pixel: every share takes exactly as many pixels as asked for,
   * the bright one first, and the others from everywhere.
   */
  @Test
  void mostlyZero() {
    float[][] rows = new float[100][100];
    rows[70][30] = 1;
    Mask quarter = PixelRanking.of(Cases.map(rows), 1).highest(0.25);
    assertEquals(2500, quarter.count());
    assertTrue(quarter.contains(70, 30));
    // 1250 expected in each half, with a standard deviation of 22.
    assertEquals(1250, countAbove(quarter, 50), 100);
    Mask lowest = PixelRanking.of(Cases.map(rows), 1).lowest(0.25);
    assertEquals(2500, lowest.count());
    assertEquals(1250, countAbove(lowest, 50), 100);
  }

  /** Zeros of both signs are ties: neither goes first. */
  @Test
  void negativeZero() {
    float[][] rows = new float[100][100];
    for (int row = 0; row < 50; row++) {
      for (int column = 0; column < 100; column++) {
        rows[row][column] = -0f;
      }
    }
    assertEquals(1250, countAbove(PixelRanking.of(Cases.map(rows), 1).highest(0.25), 50), 100);
  }

  @Test
  void theSeedDecidesAmongEquals() {
    Heatmap flat = Cases.map(new float[10][10]);
    assertTrue(same(flat, 1, 1));
    assertTrue(!same(flat, 1, 2));
  }

  private static boolean same(Heatmap map, long seed, long other) {
    return PixelRanking.of(map, seed)
        .highest(0.5)
        .toPicture()
        .equals(PixelRanking.of(map, other).highest(0.5).toPicture());
  }

  private static int countAbove(Mask mask, int row) {
    int count = 0;
    for (int i = 0; i < row * mask.width(); i++) {
      count += mask.contains(i / mask.width(), i % mask.width()) ? 1 : 0;
    }
    return count;
  }

  private static void assertMask(Mask mask, int... pixels) {
    assertEquals(Cases.mask(2, 2, pixels).toPicture(), mask.toPicture());
  }
}
