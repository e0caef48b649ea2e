package camlab.picture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;

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

  private static Mask mask(int width, int height, int... pixels) {
    BitSet bits = new BitSet();
    for (int pixel : pixels) {
      bits.set(pixel);
    }
    return Mask.of(width, height, bits);
  }
}
