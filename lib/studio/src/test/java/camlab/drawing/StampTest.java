package camlab.drawing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import camlab.picture.Mask;
import camlab.picture.Picture;
import java.awt.Rectangle;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class StampTest {

  private static final int GREEN = 0x2E8B57;

  /** On a side of 100: 17 wide, 13 high, 6 from the edges. */
  @ParameterizedTest
  @CsvSource({
    "TOP_LEFT, 100, 100, 6, 6",
    "TOP_RIGHT, 100, 100, 77, 6",
    "BOTTOM_LEFT, 100, 100, 6, 81",
    "BOTTOM_RIGHT, 100, 100, 77, 81",
    "BOTTOM_RIGHT, 160, 100, 137, 81",
    "BOTTOM_LEFT, 100, 160, 6, 141"
  })
  void liesInItsCorner(Stamp stamp, int width, int height, int left, int top) {
    assertEquals(new Rectangle(left, top, 17, 13), stamp.mask(width, height).box());
  }

  @ParameterizedTest
  @EnumSource
  void changesThePictureOnlyUnderItsMask(Stamp stamp) {
    Picture plain = green(200, 150);
    Picture stamped = stamp.on(plain);
    Mask mask = stamp.mask(200, 150);
    int covered = 0;
    for (int row = 0; row < 150; row++) {
      for (int column = 0; column < 200; column++) {
        boolean changed = stamped.rgb(row, column) != GREEN;
        covered += changed && mask.contains(row, column) ? 1 : 0;
        if (changed && !mask.contains(row, column)) {
          assertTrue(touches(mask, row, column), "changed far from the stamp");
        }
      }
    }
    assertEquals(mask.count(), covered, "all of the mask is painted over");
    assertEquals(green(200, 150), plain, "the picture that was given is as it was");
  }

  /** A stamp is drawn smoothly: its edge may shade the pixels beside it. */
  private static boolean touches(Mask mask, int row, int column) {
    for (int i = Math.max(0, row - 1); i <= Math.min(mask.height() - 1, row + 1); i++) {
      for (int j = Math.max(0, column - 1); j <= Math.min(mask.width() - 1, column + 1); j++) {
        if (mask.contains(i, j)) {
          return true;
        }
      }
    }
    return false;
  }

  @Test
  void isTheSameInEveryCorner() {
    Picture left = Stamp.TOP_LEFT.on(green(100, 100)).cropped(5, 5, 19, 15);
    Picture right = Stamp.BOTTOM_RIGHT.on(green(100, 100)).cropped(76, 80, 19, 15);
    assertEquals(left, right);
  }

  private static Picture green(int width, int height) {
    int[] pixels = new int[width * height];
    Arrays.fill(pixels, GREEN);
    return Picture.of(width, height, pixels);
  }
}
