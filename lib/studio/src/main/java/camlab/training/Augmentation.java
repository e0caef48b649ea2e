package camlab.training;

import camlab.picture.Preprocessing;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Makes a training picture look a little different each time it is seen: a random part of it,
 * stretched a little, mirrored or not, in a little more or less light, contrast and colour.
 */
final class Augmentation {

  private static final double GREY_SHARE = 0.1;
  private static final double LARGEST_STRETCH = 4.0 / 3;

  private final int crop;
  private final double smallestShare;
  private final Preprocessing preprocessing;

  /**
   * An augmentation.
   *
   * @param crop side of the squares the network sees, in pixels
   * @param smallestShare the smallest part of a picture's area that is cut out, in (0, 1]
   * @param preprocessing the network's colours
   */
  Augmentation(int crop, double smallestShare, Preprocessing preprocessing) {
    this.crop = crop;
    this.smallestShare = smallestShare;
    this.preprocessing = preprocessing;
  }

  /** A part of a picture, in pixels of it. */
  private record Part(double left, double top, double width, double height) {}

  /** What is done to the colours, on the scale [0, 1]. */
  private record Colours(float brightness, List<Float> gain, boolean grey) {

    static Colours unchanged() {
      return new Colours(0, List.of(1f, 1f, 1f), false);
    }

    static Colours random(SplittableRandom random) {
      float contrast = (float) random.nextDouble(0.75, 1.25);
      List<Float> gain = new ArrayList<>();
      for (int c = 0; c < 3; c++) {
        gain.add(contrast * (float) random.nextDouble(0.9, 1.1));
      }
      float brightness = (float) random.nextDouble(-0.15, 0.15);
      return new Colours(brightness, gain, random.nextDouble() < GREY_SHARE);
    }
  }

  /**
   * Writes one picture as the network takes it, changed at random.
   *
   * @param pixels {@code side · side} pixels, each red, green, blue
   * @param random where the choices come from
   * @param target where {@code 3 · crop · crop} values go: red, green, blue, each row-major
   * @param offset where in the target they start
   */
  void write(byte[] pixels, int side, SplittableRandom random, float[] target, int offset) {
    double area = random.nextDouble(smallestShare, Math.nextUp(1.0)) * side * side;
    double stretch = Math.pow(LARGEST_STRETCH, random.nextDouble(-1, 1));
    double width = Math.min(side, Math.sqrt(area * stretch));
    double height = Math.min(side, Math.sqrt(area / stretch));
    double left = random.nextDouble() * (side - width);
    double top = random.nextDouble() * (side - height);
    boolean mirrored = random.nextBoolean();
    Part part =
        mirrored ? new Part(left + width, top, -width, height) : new Part(left, top, width, height);
    write(pixels, side, part, Colours.random(random), target, offset);
  }

  /** Writes a whole picture as it is. */
  void writePlain(byte[] pixels, int side, float[] target, int offset) {
    write(pixels, side, new Part(0, 0, side, side), Colours.unchanged(), target, offset);
  }

  /** Bilinear, with half-pixel centres. */
  private void write(
      byte[] pixels, int side, Part part, Colours colours, float[] target, int offset) {
    int plane = crop * crop;
    float[] rgb = new float[3];
    for (int y = 0; y < crop; y++) {
      double row = inside(part.top() + (y + 0.5) / crop * part.height() - 0.5, side);
      int above = (int) row;
      int below = Math.min(above + 1, side - 1);
      float down = (float) (row - above);
      for (int x = 0; x < crop; x++) {
        double column = inside(part.left() + (x + 0.5) / crop * part.width() - 0.5, side);
        int before = (int) column;
        int behind = Math.min(before + 1, side - 1);
        float right = (float) (column - before);
        for (int c = 0; c < 3; c++) {
          float upper =
              mix(
                  pixels[3 * (above * side + before) + c],
                  pixels[3 * (above * side + behind) + c],
                  right);
          float lower =
              mix(
                  pixels[3 * (below * side + before) + c],
                  pixels[3 * (below * side + behind) + c],
                  right);
          rgb[c] = (upper + (lower - upper) * down) / 255;
        }
        int at = offset + y * crop + x;
        float grey = 0.299f * rgb[0] + 0.587f * rgb[1] + 0.114f * rgb[2];
        for (int c = 0; c < 3; c++) {
          float value = colours.grey() ? grey : rgb[c];
          float changed = (value - 0.5f) * colours.gain().get(c) + 0.5f + colours.brightness();
          target[at + c * plane] =
              (Math.min(Math.max(changed, 0), 1) - preprocessing.mean().get(c))
                  / preprocessing.std().get(c);
        }
      }
    }
  }

  private static float mix(byte a, byte b, float share) {
    return (a & 0xFF) + ((b & 0xFF) - (a & 0xFF)) * share;
  }

  private static double inside(double position, int side) {
    return Math.min(Math.max(position, 0), side - 1);
  }
}
