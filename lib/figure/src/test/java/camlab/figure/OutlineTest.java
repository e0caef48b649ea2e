package camlab.figure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import camlab.picture.Mask;
import camlab.picture.Picture;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

  /** Masks by lot, held against what the page of the class says of one pixel after the other. */
  @ParameterizedTest
  @CsvSource({"19, 13, 1", "320, 3, 2", "3, 500, 3", "480, 11, 3"})
  void whatHasAnotherKindWithinReach(int width, int height, int reach) {
    Random random = new Random(17);
    BitSet pixels = new BitSet();
    for (int i = 0; i < width * height; i += 1 + random.nextInt(9)) {
      pixels.set(i, i + 1 + random.nextInt(7));
    }
    pixels.clear(width * height, pixels.size());
    Mask mask = Mask.of(width, height, pixels);
    StringBuilder expected = new StringBuilder();
    for (int row = 0; row < height; row++) {
      for (int column = 0; column < width; column++) {
        boolean in = mask.contains(row, column);
        boolean near = false;
        for (int away = -reach; away <= reach; away++) {
          int down = row + away;
          int right = column + away;
          near |= down >= 0 && down < height && mask.contains(down, column) != in;
          near |= right >= 0 && right < width && mask.contains(row, right) != in;
        }
        expected.append(near ? (in ? 'w' : 'b') : '.');
      }
      expected.append('/');
    }
    assertTrue(expected.indexOf(".") >= 0 && expected.indexOf("w") >= 0);
    assertEquals(expected.toString(), drawn(Outline.of(grey(width, height), mask)));
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
