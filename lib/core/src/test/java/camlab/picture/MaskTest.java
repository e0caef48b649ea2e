package camlab.picture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class MaskTest {

  @Test
  void union() {
    Mask both = Mask.union(List.of(mask(3, 2, 0, 4), mask(3, 2, 4, 5)));
    assertEquals(mask(3, 2, 0, 4, 5).toPicture(), both.toPicture());
    Mask one = Mask.union(List.of(mask(3, 2, 1)));
    assertEquals(mask(3, 2, 1).toPicture(), one.toPicture());
  }

  @Test
  void unionOfOnePicture() {
    assertThrows(IllegalArgumentException.class, () -> Mask.union(List.of()));
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> Mask.union(List.of(mask(3, 2, 0), mask(2, 3, 0))))
            .getMessage();
    assertEquals("Only masks of one picture have a union: the first is 3×2, another 2×3.", message);
  }

  @Test
  void isAValue() {
    assertEquals(mask(3, 2, 0, 4), mask(3, 2, 0, 4));
    assertEquals(mask(3, 2, 0, 4).hashCode(), mask(3, 2, 0, 4).hashCode());
    assertNotEquals(mask(3, 2, 0, 4), mask(3, 2, 0, 5));
    assertNotEquals(mask(3, 2, 0, 4), mask(2, 3, 0, 4));
    assertEquals("Mask 3×2, 2 pixels", mask(3, 2, 0, 4).toString());
  }

  /** A pixel outside would be counted, and would be nowhere. */
  @Test
  void pixelsLieInThePicture() {
    assertSaid(
        "A mask of 3×2 has the pixels 0 to 5, row by row; found pixel 6.", () -> mask(3, 2, 0, 6));
    assertSaid("A mask has at least 1×1 pixels, found 0×2.", () -> mask(0, 2));
    assertSaid("A mask has at least 1×1 pixels, found -3×-2.", () -> mask(-3, -2));
  }

  @Test
  void aPartLiesInsideAsThatOfAPictureDoes() {
    Mask mask = mask(3, 2, 4, 5);
    assertEquals(mask(2, 1, 0, 1), mask.cropped(1, 1, 2, 1));
    assertEquals(mask, mask.cropped(0, 0, mask.width(), mask.height()));
    assertSaid(
        "A crop of 2×2 at column 2, row 0 does not lie inside a mask of 3×2.",
        () -> mask.cropped(2, 0, 2, 2));
    assertSaid(
        "A crop of 0×1 at column 0, row 0 does not lie inside a mask of 3×2.",
        () -> mask.cropped(0, 0, 0, 1));
    assertSaid(
        "A crop of 1×1 at column 0, row -1 does not lie inside a mask of 3×2.",
        () -> mask.cropped(0, -1, 1, 1));
  }

  private static void assertSaid(String expected, Executable run) {
    assertEquals(expected, assertThrows(IllegalArgumentException.class, run).getMessage());
  }

  private static Mask mask(int width, int height, int... pixels) {
    BitSet bits = new BitSet();
    for (int pixel : pixels) {
      bits.set(pixel);
    }
    return Mask.of(width, height, bits);
  }
}
