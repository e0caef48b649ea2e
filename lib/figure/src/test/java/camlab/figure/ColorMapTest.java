package camlab.figure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import camlab.picture.Picture;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ColorMapTest {

  /** Entries of the published tables of 256 colours. */
  @ParameterizedTest
  @CsvSource({
    "PLASMA, 0, 0d0887",
    "PLASMA, 64, 7e03a8",
    "PLASMA, 128, cc4778",
    "PLASMA, 192, f89540",
    "PLASMA, 255, f0f921",
    "TURBO, 0, 30123b",
    "TURBO, 64, 28bceb",
    "TURBO, 128, a4fc3c",
    "TURBO, 192, fb7e21",
    "TURBO, 255, 7a0403",
    "VIRIDIS, 0, 440154",
    "VIRIDIS, 64, 3b528b",
    "VIRIDIS, 128, 21918c",
    "VIRIDIS, 192, 5ec962",
    "VIRIDIS, 255, fde725",
    "GRAY, 0, 000000",
    "GRAY, 77, 4d4d4d",
    "GRAY, 255, ffffff",
    "JET, 0, 000080",
    "JET, 255, 800000",
    "DIVERGING, 0, 053061",
    "DIVERGING, 255, 67001f"
  })
  void agreesWithThePublishedTable(ColorMap colors, int index, String published) {
    int expected = Integer.parseInt(published, 16);
    int found = colors.rgb(index / 255.0);
    for (int bits = 0; bits <= 16; bits += 8) {
      int difference = (expected >> bits & 0xFF) - (found >> bits & 0xFF);
      assertTrue(Math.abs(difference) <= 1, () -> String.format(Locale.ROOT, "%06x", found));
    }
  }

  @Test
  void middles() {
    assertEquals(0x80FF80, ColorMap.JET.rgb(0.5));
    assertEquals(0xF7F7F7, ColorMap.DIVERGING.rgb(0.5));
    assertEquals(0x808080, ColorMap.GRAY.rgb(0.5));
  }

  @Test
  void valuesOutsideTakeTheEnds() {
    for (ColorMap colors : ColorMap.values()) {
      assertEquals(colors.rgb(0), colors.rgb(-3));
      assertEquals(colors.rgb(1), colors.rgb(Double.POSITIVE_INFINITY));
      assertEquals(colors.rgb(0), colors.rgb(Double.NaN));
    }
  }

  @Test
  void paintsSquares() {
    Picture painted = ColorMap.GRAY.paint(Maps.of(Maps.row(2, 4), Maps.row(4, 7)), 2);
    assertEquals(4, painted.width());
    assertEquals(0x000000, painted.rgb(1, 1));
    assertEquals(0x666666, painted.rgb(0, 2)); // (4 − 2) / 5 of 255 = 102
    assertEquals(0x666666, painted.rgb(3, 1));
    assertEquals(0xFFFFFF, painted.rgb(2, 2));
    assertThrows(
        IllegalArgumentException.class, () -> ColorMap.GRAY.paint(Maps.constant(1, 1, 0), 0));
  }

  @Test
  void signedColoursKeepZeroInTheMiddle() {
    Picture painted = ColorMap.DIVERGING.paint(Maps.of(Maps.row(-1, 0, 4)), 1);
    assertEquals(0xF7F7F7, painted.rgb(0, 1));
    assertEquals(0x67001F, painted.rgb(0, 2));
    assertEquals(ColorMap.DIVERGING.rgb(3 / 8.0), painted.rgb(0, 0));
    assertEquals(0xF7F7F7, ColorMap.DIVERGING.paint(Maps.constant(1, 1, 0), 1).rgb(0, 0));
  }

  @Test
  void ranges() {
    assertEquals(new Range(-1, 4), Range.of(Maps.of(Maps.row(-1, 0, 4)), ColorMap.TURBO));
    assertEquals(new Range(-4, 4), Range.of(Maps.of(Maps.row(-1, 0, 4)), ColorMap.DIVERGING));
    assertEquals(0.25, new Range(2, 6).scale(3));
    assertEquals(0, new Range(2, 2).scale(2));
    assertThrows(IllegalArgumentException.class, () -> new Range(2, 1));
    assertThrows(IllegalArgumentException.class, () -> new Range(Double.NaN, 1));
  }
}
