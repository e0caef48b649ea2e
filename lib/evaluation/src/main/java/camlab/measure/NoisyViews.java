package camlab.measure;

import camlab.picture.Picture;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;
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
      pictures.add(
          Picture.of(
              view.width(),
              view.height(),
              (row, column) -> noisy(view.rgb(row, column), () -> noise.applyAsDouble(random))));
    }
    return pictures;
  }

  private static int noisy(int rgb, DoubleSupplier noise) {
    int noisy = 0;
    for (int shift = 0; shift <= 16; shift += 8) {
      long value = Math.round((rgb >> shift & 0xFF) + WHITE * noise.getAsDouble());
      noisy |= (int) Math.min(Math.max(value, 0), 255) << shift;
    }
    return noisy;
  }
}
