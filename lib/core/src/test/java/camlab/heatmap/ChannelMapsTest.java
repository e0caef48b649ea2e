package camlab.heatmap;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

final class ChannelMapsTest {

  /** Two channels of 1×2. */
  private static final ChannelMaps MAPS =
      ChannelMaps.of("conv", 2, 1, 2, new float[] {1, -2, 3, 4});

  @Test
  void aFunctionOfEachValue() {
    ChannelMaps positive = MAPS.apply(v -> Math.max(v, 0));
    assertArrayEquals(new float[] {1, 0, 3, 4}, positive.values());
    assertEquals("conv", positive.layer());
    assertArrayEquals(new float[] {1, -2, 3, 4}, MAPS.values());
  }

  @Test
  void aFunctionOfTwo() {
    ChannelMaps other = ChannelMaps.of("gradient", 2, 1, 2, new float[] {10, 20, 30, -1});
    ChannelMaps product = MAPS.apply(other, (a, g) -> a * g);
    assertArrayEquals(new float[] {10, -40, 90, -4}, product.values());
    assertEquals("conv", product.layer());
    ChannelMaps narrow = ChannelMaps.of("narrow", 4, 1, 1, new float[] {1, 2, 3, 4});
    assertThrows(IllegalArgumentException.class, () -> MAPS.apply(narrow, (a, b) -> a));
  }

  @Test
  void asManyValuesAsAllChannelsHave() {
    for (int found : new int[] {5, 19, 9}) {
      assertEquals(
          "Expected 2·3·3 = 18 values, channel by channel (at least 1 channel, row and column), found %s."
              .formatted(found),
          assertThrows(
                  IllegalArgumentException.class,
                  () -> ChannelMaps.of("conv", 2, 3, 3, new float[found]))
              .getMessage());
    }
    assertThrows(
        IllegalArgumentException.class, () -> ChannelMaps.of("conv", 0, 3, 3, new float[0]));
    assertThrows(
        IllegalArgumentException.class, () -> ChannelMaps.of("conv", 1, -3, -3, new float[9]));
  }

  @Test
  void sumAndMeanOverChannels() {
    assertArrayEquals(new float[] {4, 2}, MAPS.sumOverChannels().values());
    assertArrayEquals(new float[] {2, 1}, MAPS.meanOverChannels().values());
  }
}
