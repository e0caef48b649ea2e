package camlab.heatmap;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class RegionTest {

  /** The middle of a picture of 40×20, seen as 10×10. */
  private static final Region MIDDLE = region(10, 0, 20, 20, 40, 20, 10);

  private static Region region(
      double left, double top, double width, double height, int columns, int rows, int view) {
    return new Region(
        left, top, width, height, new Region.Size(columns, rows), new Region.Size(view, view));
  }

  private static Heatmap map(Region region, float[]... rows) {
    return Heatmap.of(rows, new Provenance("test", "", "", Double.NaN, Optional.of(region)));
  }

  /** 0, 4 over the four columns from the third: 0, 1, 3, 4. */
  @Test
  void aMapLiesOnItsPartOfTheOriginal() {
    Heatmap map = map(region(2, 0, 4, 2, 8, 2, 10), new float[] {0, 4});
    Placed placed = map.placed(8, 2);
    assertEquals(2, placed.left());
    assertEquals(0, placed.top());
    assertArrayEquals(new float[] {0, 1, 3, 4, 0, 1, 3, 4}, placed.map().values());
    assertEquals(3, placed.at(1, 4));
    assertFalse(placed.covers(0, 1));
    assertTrue(placed.covers(0, 2));
    assertTrue(placed.covers(1, 5));
    assertFalse(placed.covers(0, 6));
    assertFalse(placed.covers(2, 2));
    assertThrows(IndexOutOfBoundsException.class, () -> placed.at(0, 1));
    assertArrayEquals(new float[] {0, 4}, map.values());
  }

  @Test
  void aMapLiesOnTheWholeView() {
    Placed placed = map(region(2, 0, 4, 2, 8, 2, 2), new float[] {0, 4}).placed(2, 2);
    assertEquals(0, placed.left());
    assertArrayEquals(new float[] {0, 4, 0, 4}, placed.map().values());
  }

  /** Nobody knows where in such a picture the part is that the network saw. */
  @Test
  void aPictureOfAnotherSizeIsRefused() {
    Heatmap map = map(MIDDLE, new float[] {0, 4});
    for (int[] size : new int[][] {{20, 10}, {40, 40}, {20, 40}, {39, 20}, {10, 20}}) {
      String message =
          assertThrows(IllegalArgumentException.class, () -> map.placed(size[0], size[1]))
              .getMessage();
      assertEquals(
          "The map explains a picture of 40×20, of which the network saw a part as 10×10; found one of "
              + size[0]
              + "×"
              + size[1]
              + ". Take the picture that was explained, or what the network saw of it, preprocessing().view(picture).",
          message);
    }
    map.placed(40, 20);
    map.placed(10, 10);
  }

  @Test
  void aMapMadeByHandLiesOnAnyPicture() {
    Heatmap map = Heatmap.of(new float[][] {{0, 4}}, new Provenance("", "", "", Double.NaN));
    assertEquals(Optional.empty(), map.region());
    Placed placed = map.placed(4, 1);
    assertEquals(0, placed.left());
    assertArrayEquals(new float[] {0, 1, 3, 4}, placed.map().values());
    assertEquals(map.resized(5, 7), map.placed(7, 5).map());
  }

  /**
   * A region from 0.6 to 3.4 has the centres 1.5 and 2.5; in its two cells of 1.4 the first lies at
   * 0.9/1.4 − 0.5 and the second at 1.9/1.4 − 0.5.
   */
  @Test
  void aPixelBelongsToTheRegionThatItsCentreLiesIn() {
    Placed placed = map(region(0.6, 0, 2.8, 1, 4, 1, 9), new float[] {0, 14}).placed(4, 1);
    assertEquals(1, placed.left());
    assertEquals(2, placed.map().width());
    assertEquals(2, placed.at(0, 1), 1e-5);
    assertEquals(12, placed.at(0, 2), 1e-5);
  }

  /** A view of 8 pixels of which the picture is the middle four: what is padded is not shown. */
  @Test
  void aPaddedViewReachesBeyondThePicture() {
    float[] values = {0, 10, 20, 30, 40, 50, 60, 70};
    Placed placed = map(region(-2, 0, 8, 1, 4, 1, 8), values).placed(4, 1);
    assertEquals(0, placed.left());
    assertArrayEquals(new float[] {20, 30, 40, 50}, placed.map().values());
  }

  /** Between two centres lies no pixel; the one it lies in is shown all the same. */
  @Test
  void aTinyRegionIsOnePixel() {
    Placed placed = map(region(1.6, 0, 0.2, 1, 4, 1, 9), new float[] {3}).placed(4, 1);
    assertEquals(1, placed.map().width());
    assertEquals(3, placed.at(0, placed.left()));
    assertTrue(placed.left() == 1 || placed.left() == 2);
  }

  @Test
  void aPictureIsResizedWithItsRegion() {
    assertEquals(region(5, 0, 10, 40, 20, 40, 10), MIDDLE.resized(new Region.Size(20, 40)));
  }

  @Test
  void whatTheNetworkSees() {
    assertFalse(MIDDLE.isWhole());
    assertTrue(Region.whole(3, 4).isWhole());
    assertTrue(MIDDLE.isSamePartAs(region(10, 0, 20, 20, 40, 20, 99)));
    assertFalse(MIDDLE.isSamePartAs(region(10, 0, 20, 20, 40, 21, 10)));
    assertFalse(MIDDLE.isSamePartAs(region(11, 0, 18, 18, 40, 20, 10)));
    assertEquals("20×20 at 10, 0 of 40×20", MIDDLE.toString());
    assertEquals("3.3×3 at 0, 0 of 5×3", region(0, 0, 10 / 3.0, 3, 5, 3, 2).toString());
  }

  /** What a map was derived from, it still lies on. */
  @Test
  void derivedMapsKeepTheirRegion() {
    Heatmap map = map(MIDDLE, new float[] {1, 2});
    assertEquals(Optional.of(MIDDLE), map.normalized().region());
    assertEquals(Optional.of(MIDDLE), map.resized(4, 4).region());
    ChannelMaps maps =
        ChannelMaps.of("conv", 2, 1, 2, new float[] {1, 2, 3, 4}, Optional.of(MIDDLE));
    assertEquals(Optional.of(MIDDLE), maps.channel(1).region());
    assertEquals(Optional.of(MIDDLE), maps.meanOverChannels().region());
    ChannelMaps others = maps.withValues(new float[] {5, 6, 7, 8});
    assertEquals(
        ChannelMaps.of("conv", 2, 1, 2, new float[] {5, 6, 7, 8}, Optional.of(MIDDLE)), others);
    assertThrows(IllegalArgumentException.class, () -> maps.withValues(new float[3]));
  }

  @Test
  void badRegionsAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> region(0, 0, 0, 5, 10, 10, 5));
    assertThrows(IllegalArgumentException.class, () -> region(0, 0, Double.NaN, 5, 10, 10, 5));
    assertThrows(IllegalArgumentException.class, () -> region(10, 0, 5, 5, 10, 10, 5));
    assertThrows(IllegalArgumentException.class, () -> region(-5, 0, 5, 5, 10, 10, 5));
    assertThrows(IllegalArgumentException.class, () -> region(0, 0, 5, 5, 10, 0, 5));
  }
}
