package camlab.figure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import camlab.picture.Picture;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class NearColorsTest {

  /** So many pixels of a colour side by side make an area of it. */
  private static final int AREA = 8;

  /**
   * 256 colours at steps of 16 in red and green, twice as many pixels of each as of some more that
   * follow. Each colour's stand side by side.
   */
  private static Picture picture(int times, int... more) {
    List<Integer> pixels = new ArrayList<>();
    for (int i = 0; i < 256; i++) {
      pixels.addAll(Collections.nCopies(2 * times, base(i)));
    }
    for (int color : more) {
      pixels.addAll(Collections.nCopies(times, color));
    }
    return picture(pixels);
  }

  private static Picture picture(List<Integer> pixels) {
    return Picture.of(pixels.size(), 1, pixels.stream().mapToInt(color -> color).toArray());
  }

  private static int base(int i) {
    return i % 16 * 0x100000 + i / 16 * 0x1000 + 0x80;
  }

  @Test
  void aPictureOf256ColorsStaysAsItIs() {
    Picture picture = picture(1);
    assertSame(picture, NearColors.of(picture).orElseThrow());
  }

  /** Base colour 0 is (0, 0, 128), base colour 17 is (16, 16, 128). */
  @ParameterizedTest
  @CsvSource({
    "8, 000081, 000080", // an area, one step of blue
    "8, 020280, 000080",
    "8, 030083, 000080",
    "8, 0D0D80, 101080", // three steps below colour 17
    "1, 030083, 000080", // a single pixel, as of a soft edge
    "1, 040084, 000080",
    "1, 00008F, 000080", // fifteen steps
  })
  void aRareColorBecomesTheNearestFrequentOne(int times, String rare, String expected) {
    Picture found = NearColors.of(picture(times, Integer.parseInt(rare, 16))).orElseThrow();
    for (int i = 0; i < 512 * times; i++) {
      assertEquals(base(i / 2 / times), found.rgb(0, i));
    }
    assertEquals(Integer.parseInt(expected, 16), found.rgb(0, 512 * times));
  }

  /** (4, 0, 128) is four steps from (0, 0, 128) and twelve from (16, 0, 128). */
  @Test
  void anAreaThatIsFarFromAllOthersIsNotGivenUp() {
    assertTrue(NearColors.of(picture(AREA, 0x040080)).isEmpty());
    assertTrue(NearColors.of(picture(AREA - 1, 0x040080)).isPresent());
  }

  /** The same colours one below the other. */
  @Test
  void anAreaMayBeUpright() {
    Picture lying = picture(AREA, 0x040080);
    int[] pixels = lying.toImage().getRGB(0, 0, lying.width(), 1, null, 0, lying.width());
    assertTrue(NearColors.of(Picture.of(1, pixels.length, pixels)).isEmpty());
  }

  @Test
  void anEdgeThatIsFarFromAllOthersIsNotGivenUp() {
    assertTrue(NearColors.of(picture(1, 0x000090)).isEmpty());
  }

  /** Of a colour and its neighbour it is the more frequent one that stays. */
  @Test
  void theFrequentOneStays() {
    Picture found = NearColors.of(picture(1, 0x000082, 0x000082, 0x000082)).orElseThrow();
    assertEquals(0x000082, found.rgb(0, 0));
    assertEquals(0x000082, found.rgb(0, 512));
  }

  /** Two neighbours, of 200 pixels and of as many or less; others make 257 colours in all. */
  @ParameterizedTest
  @ValueSource(ints = {199, 200})
  void whatFills200PixelsStays(int times) {
    List<Integer> pixels = new ArrayList<>(Collections.nCopies(200, base(0)));
    pixels.addAll(Collections.nCopies(times, 0x000081));
    for (int i = 1; i < 255; i++) {
      pixels.addAll(Collections.nCopies(2 * AREA, base(i)));
    }
    pixels.addAll(Collections.nCopies(AREA, 0x101081));
    Picture found = NearColors.of(picture(pixels)).orElseThrow();
    assertEquals(base(0), found.rgb(0, 0));
    assertEquals(times < 200 ? base(0) : 0x000081, found.rgb(0, 200));
    assertEquals(0x101080, found.rgb(0, found.width() - 1));
  }

  /** Steps of one are enough here, so none of two is taken: (2, 0, 128) is the 256th colour. */
  @Test
  void noColorMovesFurtherThanNeeded() {
    List<Integer> pixels = new ArrayList<>();
    for (int i = 0; i < 257; i++) {
      int color = i < 255 ? base(i) : i == 255 ? 0x020080 : 0x101081;
      pixels.addAll(Collections.nCopies(AREA, color));
    }
    Picture found = NearColors.of(picture(pixels)).orElseThrow();
    assertEquals(0x020080, found.rgb(0, 255 * AREA));
    assertEquals(0x101080, found.rgb(0, 17 * AREA));
    assertEquals(0x101080, found.rgb(0, 256 * AREA));
  }

  /** 512 pixels of 256 colours and 56 or 57 of others: a tenth of all is 56. */
  @Test
  void aTenthOfThePixelsMayChangeAndNoMore() {
    int[] few = new int[56];
    int[] many = new int[57];
    for (int i = 0; i < 57; i++) {
      many[i] = base(i) + 1;
      few[i % 56] = base(i % 56) + 1;
    }
    assertTrue(NearColors.of(picture(1, few)).isPresent());
    assertTrue(NearColors.of(picture(1, many)).isEmpty());
  }
}
