package camlab.figure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import camlab.picture.Mask;
import camlab.picture.Picture;
import java.util.Arrays;
import java.util.BitSet;
import org.junit.jupiter.api.Test;

final class OutlineTest {

  private static final int GREY = 0x808080;

  private static Picture grey(int width, int height) {
    int[] pixels = new int[width * height];
    Arrays.fill(pixels, GREY);
    return Picture.of(width, height, pixels);
  }

  private static Mask mask(String... rows) {
    BitSet pixels = new BitSet();
    String all = String.join("", rows);
    for (int i = 0; i < all.length(); i++) {
      pixels.set(i, all.charAt(i) == '#');
    }
    return Mask.of(rows[0].length(), rows.length, pixels);
  }

  private static String drawn(Picture picture) {
    StringBuilder letters = new StringBuilder();
    for (int row = 0; row < picture.height(); row++) {
      for (int column = 0; column < picture.width(); column++) {
        int rgb = picture.rgb(row, column) & 0xFFFFFF;
        letters.append(rgb == 0xFFFFFF ? 'w' : rgb == 0 ? 'b' : rgb == GREY ? '.' : '?');
      }
      letters.append('/');
    }
    return letters.toString();
  }

  @Test
  void whiteInsideAndBlackBesideAndNothingElse() {
    Mask square = mask(".......", ".......", "..###..", "..###..", "..###..", ".......", ".......");
    assertEquals(
        "......./..bbb../.bwwwb./.bw.wb./.bwwwb./..bbb../......./",
        drawn(Outline.of(grey(7, 7), square)));
  }

  /** A large picture is shown smaller, and its line with it. */
  @Test
  void theLineOfALargePictureIsThicker() {
    BitSet right = new BitSet();
    right.set(160, 320);
    String line = drawn(Outline.of(grey(320, 1), Mask.of(320, 1, right)));
    assertEquals(".bbww.", line.substring(157, 163));
  }

  /** Where the picture ends there is no neighbour, and no line. */
  @Test
  void theEdgeOfThePictureIsNone() {
    assertEquals("..wb/..wb/", drawn(Outline.of(grey(4, 2), mask("###.", "###."))));
    assertEquals("..../", drawn(Outline.of(grey(4, 1), mask("####"))));
    assertEquals("..../", drawn(Outline.of(grey(4, 1), mask("...."))));
  }

  @Test
  void aMaskOfAnotherSizeIsRefused() {
    IllegalArgumentException thrown =
        assertThrows(
            IllegalArgumentException.class, () -> Outline.of(grey(4, 2), mask("##", "##")));
    assertTrue(thrown.getMessage().contains("4×2") && thrown.getMessage().contains("2×2"));
  }
}
