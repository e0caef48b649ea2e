package camlab.heatmap;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class HeatmapTest {

  private static final Provenance FROM = new Provenance("Grad-CAM", "features.11", "cat", 4.312);

  private static Heatmap map(float[][] rows) {
    return Heatmap.of(rows, FROM);
  }

  @Test
  void normalizedBySmallestAndLargest() {
    Heatmap map = map(new float[][] {{-1, 0}, {1, 3}});
    assertArrayEquals(new float[] {0, 0.25f, 0.5f, 1}, map.normalized().values());
    assertArrayEquals(new float[] {-1, 0, 1, 3}, map.values());
  }

  @Test
  void aConstantMapBecomesZeros() {
    assertArrayEquals(new float[] {0, 0}, map(new float[][] {{7, 7}}).normalized().values());
  }

  @Test
  void theWholeRangeOfFloatsNormalizes() {
    Heatmap map = map(new float[][] {{-Float.MAX_VALUE, 0, Float.MAX_VALUE}});
    assertArrayEquals(new float[] {0, 0.5f, 1}, map.normalized().values());
  }

  /** PyTorch: interpolate([[0, 1]], size=(1, 4), mode="bilinear", align_corners=False). */
  @Test
  void resizedWithHalfPixelCentres() {
    Heatmap wide = map(new float[][] {{0, 1}}).resized(1, 4);
    assertArrayEquals(new float[] {0, 0.25f, 0.75f, 1}, wide.values(), 1e-7f);
    // Without antialiasing a smaller map samples: the centres of 2 cells of 4 lie between two.
    Heatmap narrow = map(new float[][] {{0, 2, 4, 10}}).resized(1, 2);
    assertArrayEquals(new float[] {1, 7}, narrow.values(), 1e-7f);
  }

  /** By hand: the centre of a 3×3 map from 2×2 is the mean of all four. */
  @Test
  void resizedInBothDirections() {
    Heatmap resized = map(new float[][] {{0, 2}, {4, 6}}).resized(3, 3);
    assertArrayEquals(new float[] {0, 1, 2, 2, 3, 4, 4, 5, 6}, resized.values(), 1e-6f);
  }

  @Test
  void aFunctionOfEachValueOrOfTwo() {
    Heatmap map = map(new float[][] {{1, -2}, {3, 0}});
    Heatmap turned = map.apply(v -> -v);
    assertArrayEquals(new float[] {-1, 2, -3, -0f}, turned.values());
    assertEquals(FROM, turned.provenance());
    Heatmap other = map(new float[][] {{4, 4}, {1, 1}});
    assertArrayEquals(new float[] {-3, -6, 2, -1}, map.apply(other, (a, b) -> a - b).values());
    assertThrows(IllegalArgumentException.class, () -> map.apply(v -> 1 / 0.0));
    Heatmap wide = map(new float[][] {{1, 2, 3, 4}});
    assertThrows(IllegalArgumentException.class, () -> map.apply(wide, (a, b) -> a));
  }

  @Test
  void statistics() {
    Heatmap map = map(new float[][] {{1, 5, -2}, {0, 5, 4}});
    assertEquals(-2, map.min());
    assertEquals(5, map.max());
    assertEquals(13, map.sum());
    assertEquals(new Position(0, 1), map.peak());
    assertEquals(4, map.at(1, 2));
    assertArrayEquals(new float[] {0, 5, 4}, map.rows()[1]);
  }

  /** 0.1 has no exact mean of 49: what rounding leaves of nothing is no agreement. */
  @Test
  void aConstantMapCorrelatesWithNothing() {
    float[] tenth = new float[49];
    Arrays.fill(tenth, 0.1f);
    float[] other = new float[49];
    Arrays.fill(other, 0.3f);
    Heatmap constant = Heatmap.of(7, 7, tenth, FROM);
    assertEquals(0, constant.correlation(constant));
    assertEquals(0, constant.correlation(Heatmap.of(7, 7, other, FROM)));
  }

  @Test
  void noCorrelationIsAboveOne() {
    Random random = new Random(1);
    for (int i = 0; i < 100; i++) {
      float[] values = new float[49];
      for (int j = 0; j < values.length; j++) {
        values[j] = random.nextFloat();
      }
      Heatmap map = Heatmap.of(7, 7, values, FROM);
      double alike = map.correlation(map);
      assertTrue(alike <= 1 && alike > 1 - 1e-12, () -> "found " + alike);
      assertTrue(map.correlation(map.apply(v -> -v)) >= -1);
    }
  }

  /** By hand: deviations (−1, 0, 1) and (−1, 1, 0) give 1 / (√2·√2). */
  @Test
  void correlation() {
    Heatmap a = map(new float[][] {{1, 2, 3}});
    assertEquals(0.5, a.correlation(map(new float[][] {{0, 2, 1}})), 1e-12);
    assertEquals(-1, a.correlation(map(new float[][] {{30, 20, 10}})), 1e-12);
    assertEquals(0, a.correlation(map(new float[][] {{4, 4, 4}})));
    assertEquals(2, a.maxDifference(map(new float[][] {{1, 2, 5}})));
    assertThrows(
        IllegalArgumentException.class, () -> a.correlation(map(new float[][] {{1}, {2}, {3}})));
  }

  @Test
  void isImmutable() {
    float[] values = {1, 2};
    Heatmap map = Heatmap.of(1, 2, values, FROM);
    values[0] = 9;
    map.values()[1] = 9;
    map.rows()[0][1] = 9;
    assertArrayEquals(new float[] {1, 2}, map.values());
    assertEquals(map, Heatmap.of(1, 2, new float[] {1, 2}, FROM));
  }

  @Test
  void badValuesAreRefused() {
    IllegalArgumentException nan =
        assertThrows(
            IllegalArgumentException.class,
            () -> Heatmap.of(2, 2, new float[] {0, 1, 2, Float.NaN}, FROM));
    assertTrue(nan.getMessage().contains("row 1, column 1 is NaN"), nan.getMessage());
    assertThrows(
        IllegalArgumentException.class, () -> Heatmap.of(2, 2, new float[] {0, 1, 2}, FROM));
    assertThrows(IllegalArgumentException.class, () -> map(new float[][] {{1, 2}, {3}}));
    assertThrows(IllegalArgumentException.class, () -> map(new float[0][]));
    assertThrows(IndexOutOfBoundsException.class, () -> map(new float[][] {{1}}).at(0, 1));
    assertThrows(IllegalArgumentException.class, () -> map(new float[][] {{1}}).resized(0, 3));
  }

  @Test
  void titles() {
    assertEquals("Grad-CAM · features.11 · cat (4.31)", FROM.toString());
    assertEquals(
        "channel mean · features.11",
        new Provenance("channel mean", "features.11", "", Double.NaN).toString());
  }

  private static String outside(Executable asked) {
    return assertThrows(IndexOutOfBoundsException.class, asked).getMessage();
  }

  @Test
  void channelMaps() {
    ChannelMaps maps = ChannelMaps.of("conv", 2, 1, 3, new float[] {1, 2, 3, 10, 20, -60});
    assertEquals(20, maps.at(1, 0, 1));
    assertEquals(2, maps.mean(0));
    assertEquals(-30, maps.sum(1));
    assertEquals(20, maps.max(1));
    assertArrayEquals(new float[] {10, 20, -60}, maps.channel(1).values());
    assertArrayEquals(new float[] {5.5f, 11, -28.5f}, maps.meanOverChannels().values());
    assertEquals(
        "There is no channel 2: they are counted from 0 to 1.", outside(() -> maps.mean(2)));
    assertEquals(outside(() -> maps.mean(2)), outside(() -> maps.channel(2)));
    assertEquals(outside(() -> maps.mean(2)), outside(() -> maps.at(2, 0, 0)));
    assertEquals(
        "There is no row 1: they are counted from 0 to 0.", outside(() -> maps.at(0, 1, 2)));
    assertEquals(
        "There is no column -1: they are counted from 0 to 2.", outside(() -> maps.at(0, 0, -1)));
    assertThrows(
        IllegalArgumentException.class, () -> ChannelMaps.of("conv", 2, 2, 2, new float[7]));
  }
}
