package camlab.measure;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import camlab.picture.Mask;
import camlab.picture.Picture;
import com.google.gson.JsonObject;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NoisyLinearImputationTest {

  private static final int WIDTH = 9;
  private static final int HEIGHT = 7;

  /** Against a dense solution of the equations as the paper states them. */
  @ParameterizedTest
  @ValueSource(strings = {"scattered", "hole", "corner", "all but one", "none"})
  void solvesTheEquations(String mask) {
    JsonObject reference = Reference.read().getAsJsonObject("fill").getAsJsonObject(mask);
    double[] removed = Reference.doubles(reference.get("removed"));
    BitSet pixels = new BitSet();
    for (int i = 0; i < removed.length; i++) {
      pixels.set(i, removed[i] == 1);
    }
    LinearFilling filling = new LinearFilling(Mask.of(WIDTH, HEIGHT, pixels));
    assertArrayEquals(
        Reference.doubles(reference.get("filled")),
        filling.fill(Cases.values(WIDTH * HEIGHT, 37, 101)),
        1e-7);
  }

  /** 1/6 · (10 + 20 + 30 + 40) + 1/12 · (60 + 60 + 60 + 60) = 36.7. */
  @Test
  void onePixel() {
    Picture view = Cases.grey(3, 3, 60, 10, 60, 20, 255, 30, 60, 40, 60);
    Picture filled = new NoisyLinearImputation(0, 1).of(view, Cases.mask(3, 3, 4));
    assertEquals(Cases.grey(3, 3, 60, 10, 60, 20, 37, 30, 60, 40, 60), filled);
  }

  /** In the corner two edges and one corner are left: (2 · 12 + 2 · 24 + 1 · 98) / 5 = 34. */
  @Test
  void aPixelInTheCorner() {
    Picture view = Cases.grey(2, 2, 0, 12, 24, 98);
    Picture filled = new NoisyLinearImputation(0, 1).of(view, Cases.mask(2, 2, 0));
    assertEquals(Cases.grey(2, 2, 34, 12, 24, 98), filled);
  }

  @Test
  void coloursAreFilledInApart() {
    Picture view = Picture.of(3, 1, new int[] {0x102030, 0, 0x304010});
    Picture filled = new NoisyLinearImputation(0, 1).of(view, Cases.mask(3, 1, 1));
    assertEquals(Picture.of(3, 1, new int[] {0x102030, 0x203020, 0x304010}), filled);
  }

  /** One colour stays that colour, however much is removed. */
  @Test
  void nothingIsAddedToOneColour() {
    int[] rgb = new int[64 * 64];
    Arrays.fill(rgb, 0x5078A0);
    Picture view = Picture.of(64, 64, rgb);
    BitSet most = new BitSet();
    most.set(1, 64 * 64);
    assertEquals(view, new NoisyLinearImputation(0, 1).of(view, Mask.of(64, 64, most)));
  }

  @Test
  void noiseIsSeededAndStaysInTheHole() {
    int[] rgb = new int[100 * 100];
    Arrays.fill(rgb, 0x808080);
    Picture view = Picture.of(100, 100, rgb);
    BitSet half = new BitSet();
    half.set(0, 5000);
    Mask removed = Mask.of(100, 100, half);
    Picture noisy = new NoisyLinearImputation(0.05, 3).of(view, removed);
    assertEquals(noisy, new NoisyLinearImputation(0.05, 3).of(view, removed));
    assertNotEquals(noisy, new NoisyLinearImputation(0.05, 4).of(view, removed));
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < 10_000; i++) {
      double noise = ((noisy.rgb(i / 100, i % 100) & 0xFF) - 128) / 255.0;
      assertEquals(i < 5000 ? noise : 0, noise);
      sum += noise;
      squares += noise * noise;
    }
    assertEquals(0, sum / 5000, 0.003);
    assertEquals(0.05, Math.sqrt(squares / 5000), 0.003);
  }

  @Test
  void somethingHasToBeLeft() {
    BitSet all = new BitSet();
    all.set(0, 4);
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> new NoisyLinearImputation().of(Cases.GREYS, Mask.of(2, 2, all)))
            .getMessage();
    assertEquals(
        "All pixels were removed: there is nothing to fill in from. Keep at least one.", message);
    assertThrows(
        IllegalArgumentException.class,
        () -> new NoisyLinearImputation().of(Cases.GREYS, Cases.mask(3, 2, 1)));
    // As many pixels, but not the same ones.
    assertEquals(
        "The mask is 4×1, but the picture is 2×2. Resize it first.",
        assertThrows(
                IllegalArgumentException.class,
                () -> new NoisyLinearImputation().of(Cases.GREYS, Cases.mask(4, 1, 1)))
            .getMessage());
    assertThrows(IllegalArgumentException.class, () -> new NoisyLinearImputation(-0.1, 1));
  }

  /** The equations hold at every pixel of a hole of the size ROAD makes. */
  @Test
  void largeHoles() {
    int side = 120;
    Random random = new Random(2);
    double[] values = random.doubles((long) side * side).toArray();
    BitSet hole = new BitSet();
    for (int row = 10; row < 110; row++) {
      hole.set(row * side + 5, row * side + 115);
    }
    double[] x = new LinearFilling(Mask.of(side, side, hole)).fill(values);
    for (int i = hole.nextSetBit(0); i >= 0; i = hole.nextSetBit(i + 1)) {
      double edges = x[i - 1] + x[i + 1] + x[i - side] + x[i + side];
      double corners = x[i - side - 1] + x[i - side + 1] + x[i + side - 1] + x[i + side + 1];
      assertEquals(edges / 6 + corners / 12, x[i], 1e-7);
    }
  }
}
