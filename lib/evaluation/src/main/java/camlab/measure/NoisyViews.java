package camlab.measure;

import camlab.picture.Picture;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;

/** Copies of a picture with noise in every value, rounded to 8 bits and kept in their range. */
final class NoisyViews {

  private static final double WHITE = 255;

  private NoisyViews() {}

  /** Evenly distributed between ±radius, where black is 0 and white is 1. */
  static List<Picture> uniform(Picture view, int copies, double radius, long seed) {
    return copies(view, copies, seed, random -> radius * (2 * random.nextDouble() - 1));
  }

  /** Normally distributed with a deviation, where black is 0 and white is 1. */
  static List<Picture> normal(Picture view, int copies, double deviation, long seed) {
    return copies(view, copies, seed, random -> deviation * random.nextGaussian());
  }

  private static List<Picture> copies(
      Picture view, int copies, long seed, ToDoubleFunction<SplittableRandom> noise) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Picture> pictures = new ArrayList<>();
    for (int copy = 0; copy < copies; copy++) {
      int[] pixels = new int[view.width() * view.height()];
      for (int i = 0; i < pixels.length; i++) {
        int rgb = view.rgb(i / view.width(), i % view.width());
        for (int shift = 0; shift <= 16; shift += 8) {
          long value = Math.round((rgb >> shift & 0xFF) + WHITE * noise.applyAsDouble(random));
          pixels[i] |= (int) Math.min(Math.max(value, 0), 255) << shift;
        }
      }
      pictures.add(Picture.of(view.width(), view.height(), pixels));
    }
    return pictures;
  }
}
