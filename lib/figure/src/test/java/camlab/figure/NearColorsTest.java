package camlab.figure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import camlab.picture.Picture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class NearColorsTest {

  /** 256 colours at steps of 16 in red and green, two pixels of each, and then some more. */
  private static Picture picture(int... more) {
    int[] pixels = new int[512 + more.length];
    for (int i = 0; i < 512; i++) {
      pixels[i] = base(i / 2);
    }
    System.arraycopy(more, 0, pixels, 512, more.length);
    return Picture.of(pixels.length, 1, pixels);
  }

  private static int base(int i) {
    return i % 16 * 0x100000 + i / 16 * 0x1000 + 0x80;
  }

  @Test
  void aPictureOf256ColorsStaysAsItIs() {
    Picture picture = picture();
    assertSame(picture, NearColors.of(picture).orElseThrow());
  }

  /** Base colour 0 is (0, 0, 128), base colour 17 is (16, 16, 128). */
  @ParameterizedTest
  @CsvSource({
    "000081, 000080", // one step of blue
    "020280, 000080",
    "030083, 000080",
    "0D0D80, 101080", // three steps below colour 17
  })
  void aRareColorBecomesTheNearestFrequentOne(String rare, String expected) {
    Picture found = NearColors.of(picture(Integer.parseInt(rare, 16))).orElseThrow();
    for (int i = 0; i < 512; i++) {
      assertEquals(base(i / 2), found.rgb(0, i));
    }
    assertEquals(Integer.parseInt(expected, 16), found.rgb(0, 512));
  }

  /** (4, 0, 128) is four steps from (0, 0, 128) and twelve from (16, 0, 128). */
  @Test
  void aColorThatIsFarFromAllOthersIsNotGivenUp() {
    assertTrue(NearColors.of(picture(0x040080)).isEmpty());
  }

  /** Of a colour and its neighbour it is the more frequent one that stays. */
  @Test
  void theFrequentOneStays() {
    Picture found = NearColors.of(picture(0x000082, 0x000082, 0x000082)).orElseThrow();
    assertEquals(0x000082, found.rgb(0, 0));
    assertEquals(0x000082, found.rgb(0, 512));
  }

  /** Steps of one are enough here, so none of two is taken: (2, 0, 128) is the 256th colour. */
  @Test
  void noColorMovesFurtherThanNeeded() {
    int[] pixels = new int[257];
    for (int i = 0; i < 257; i++) {
      pixels[i] = i < 255 ? base(i) : i == 255 ? 0x020080 : 0x101081;
    }
    Picture found = NearColors.of(Picture.of(257, 1, pixels)).orElseThrow();
    assertEquals(0x020080, found.rgb(0, 255));
    assertEquals(0x101080, found.rgb(0, 17));
    assertEquals(0x101080, found.rgb(0, 256));
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
    assertTrue(NearColors.of(picture(few)).isPresent());
    assertTrue(NearColors.of(picture(many)).isEmpty());
  }
}
