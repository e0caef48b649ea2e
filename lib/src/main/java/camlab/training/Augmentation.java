package camlab.training;

import camlab.picture.Preprocessing;
import java.nio.FloatBuffer;
import java.util.SplittableRandom;

/**
 * Makes a training picture look a little different each time it is seen: a random crop, mirrored or
 * not, in a little more or less light, contrast and colour.
 */
final class Augmentation {

  private static final double GREY_SHARE = 0.1;

  private final int crop;
  private final Preprocessing preprocessing;

  Augmentation(int crop, Preprocessing preprocessing) {
    this.crop = crop;
    this.preprocessing = preprocessing;
  }

  /**
   * Writes one picture as the network takes it.
   *
   * @param pixels {@code side · side} pixels, each red, green, blue
   * @param random where the choices come from
   * @param target where {@code 3 · crop · crop} values go: red, green, blue, each row-major
   */
  void write(byte[] pixels, int side, SplittableRandom random, FloatBuffer target) {
    int top = random.nextInt(side - crop + 1);
    int left = random.nextInt(side - crop + 1);
    boolean mirrored = random.nextBoolean();
    float brightness = (float) random.nextDouble(-0.15, 0.15);
    float contrast = (float) random.nextDouble(0.75, 1.25);
    float[] gain = new float[3];
    for (int c = 0; c < 3; c++) {
      gain[c] = contrast * (float) random.nextDouble(0.9, 1.1);
    }
    boolean grey = random.nextDouble() < GREY_SHARE;
    for (int c = 0; c < 3; c++) {
      float mean = preprocessing.mean().get(c);
      float std = preprocessing.std().get(c);
      for (int y = 0; y < crop; y++) {
        int row = (top + y) * side + left;
        for (int x = 0; x < crop; x++) {
          int at = 3 * (row + (mirrored ? crop - 1 - x : x));
          float value = grey ? luminance(pixels, at) : (pixels[at + c] & 0xFF) / 255f;
          float changed = (value - 0.5f) * gain[c] + 0.5f + brightness;
          target.put((Math.min(Math.max(changed, 0), 1) - mean) / std);
        }
      }
    }
  }

  /** Writes the middle of a picture as it is. */
  void writePlain(byte[] pixels, int side, FloatBuffer target) {
    int margin = (side - crop) / 2;
    for (int c = 0; c < 3; c++) {
      float mean = preprocessing.mean().get(c);
      float std = preprocessing.std().get(c);
      for (int y = 0; y < crop; y++) {
        for (int x = 0; x < crop; x++) {
          int at = 3 * ((margin + y) * side + margin + x);
          target.put(((pixels[at + c] & 0xFF) / 255f - mean) / std);
        }
      }
    }
  }

  /** Rec. 601 luma, in [0, 1]. */
  private static float luminance(byte[] pixels, int at) {
    return (0.299f * (pixels[at] & 0xFF)
            + 0.587f * (pixels[at + 1] & 0xFF)
            + 0.114f * (pixels[at + 2] & 0xFF))
        / 255f;
  }
}
