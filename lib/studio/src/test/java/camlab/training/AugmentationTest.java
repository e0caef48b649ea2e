package camlab.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import camlab.picture.Preprocessing;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class AugmentationTest {

  /** Makes [0, 1] of [0, 255], so that values can be read. */
  private static final Preprocessing PLAIN =
      new Preprocessing(2, 2, List.of(0f, 0f, 0f), List.of(1f, 1f, 1f));

  /** 2×2 pixels; red grows by 100 to the right, green by 50 downwards, blue is 255. */
  private static final byte[] PIXELS = bytes(0, 0, 255, 100, 0, 255, 0, 50, 255, 100, 50, 255);

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  @Test
  void aPlainPictureOfTheSameSizeIsItself() {
    float[] values = new float[13];

    new Augmentation(2, 1, PLAIN).writePlain(PIXELS, 2, values, 1);

    float r = 100 / 255f;
    float g = 50 / 255f;
    assertArrayEquals(new float[] {0, 0, r, 0, r, 0, 0, g, g, 1, 1, 1, 1}, values, 1e-6f);
  }

  /** Half-pixel centres: positions −0.25, 0.25, 0.75 and 1.25 of two pixels, held at the border. */
  @Test
  void resizingIsBilinear() {
    float[] values = new float[48];

    new Augmentation(4, 1, PLAIN).writePlain(PIXELS, 2, values, 0);

    assertArrayEquals(
        new float[] {0, 25 / 255f, 75 / 255f, 100 / 255f}, Arrays.copyOf(values, 4), 1e-6f);
    assertEquals(12.5f / 255, values[16 + 4], 1e-6f);
  }

  @Test
  void meanAndDeviationAreTakenOut() {
    float[] values = new float[12];
    Preprocessing half =
        new Preprocessing(2, 2, List.of(0.5f, 0.5f, 0.5f), List.of(0.5f, 0.5f, 0.25f));

    new Augmentation(2, 1, half).writePlain(PIXELS, 2, values, 0);

    assertEquals(-1, values[0], 1e-6f);
    assertEquals(2, values[8], 1e-6f);
  }

  @Test
  void theSameSeedGivesTheSamePictureAndEveryValueIsAColour() {
    Augmentation augmentation = new Augmentation(8, 0.3, PLAIN);
    float[] once = new float[192];
    float[] again = new float[192];
    for (int seed = 0; seed < 200; seed++) {
      augmentation.write(PIXELS, 2, new SplittableRandom(seed), once, 0);
      augmentation.write(PIXELS, 2, new SplittableRandom(seed), again, 0);
      assertArrayEquals(once, again);
      for (float value : once) {
        assertTrue(value >= 0 && value <= 1, "seed " + seed);
      }
    }
  }

  /** Red falls to the right in a mirrored picture and grows in the others. */
  @Test
  void halfOfThePicturesAreMirrored() {
    Augmentation augmentation = new Augmentation(2, 1, PLAIN);
    float[] values = new float[12];
    int mirrored = 0;
    int told = 0;
    for (int seed = 0; seed < 1000; seed++) {
      augmentation.write(PIXELS, 2, new SplittableRandom(seed), values, 0);
      if (values[0] != values[1]) {
        told++;
        mirrored += values[0] > values[1] ? 1 : 0;
      }
    }
    // Five standard deviations of a fair coin.
    assertEquals(0.5, (double) mirrored / told, 2.5 / Math.sqrt(told));
    assertTrue(told > 500, "pictures that tell: " + told);
  }
}
