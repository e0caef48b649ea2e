package camlab.measure;

import camlab.picture.Mask;
import camlab.picture.Picture;
import java.util.Random;

/**
 * Fills removed pixels from around them, so that the hole itself tells the network as little as
 * possible.
 *
 * <p>Every removed pixel becomes the weighted mean of its eight neighbours: 1/6 for each of the
 * four it shares an edge with, 1/12 for each of the four at its corners. Neighbours outside the
 * picture are left out, and the other weights scaled up to sum to 1. Neighbours that were removed
 * too are unknowns themselves: one linear equation for each removed pixel, solved for each colour.
 * Normal noise is added to the solution, which is then rounded to 8 bits; pixels that were not
 * removed stay as they are.
 *
 * <p>A picture that is grey everywhere stays grey: its three colours get the same noise.
 *
 * <p>Source: Y. Rong, T. Leemann et al., "A Consistent and Efficient Evaluation Strategy for
 * Attribution Methods", ICML 2022, section 5 and the authors' code, whose noise is 0.01.
 *
 * @param noise standard deviation of the noise, where black is 0 and white is 1
 * @param seed of the noise; the same one gives the same picture
 */
public record NoisyLinearImputation(double noise, long seed) {

  /**
   * Requires a deviation of at least 0.
   *
   * @param noise standard deviation of the noise, where black is 0 and white is 1
   * @param seed of the noise
   */
  public NoisyLinearImputation {
    if (!(noise >= 0)) {
      throw new IllegalArgumentException("Noise is at least 0, found " + noise + ".");
    }
  }

  /** The authors' noise of 0.01. */
  public NoisyLinearImputation() {
    this(0.01, 1);
  }

  /**
   * {@return the picture with removed pixels filled in}
   *
   * @param view a picture
   * @param removed the pixels to fill in, not all of them
   * @throws IllegalArgumentException if the sizes differ or nothing is left to fill in from
   */
  public Picture of(Picture view, Mask removed) {
    Perturbation.requireSameSize("mask", removed.width(), removed.height(), view);
    int[] pixels = new int[view.width() * view.height()];
    boolean grey = view.equals(view.grey());
    Random random = new Random(seed);
    LinearFilling filling = new LinearFilling(removed);
    for (int shift = 16; shift >= 0; shift -= 8) {
      if (grey) {
        random = new Random(seed);
      }
      double[] values = new double[pixels.length];
      for (int i = 0; i < pixels.length; i++) {
        values[i] = (view.rgb(i / view.width(), i % view.width()) >> shift & 0xFF) / 255.0;
      }
      double[] filled = filling.fill(values);
      for (int i = 0; i < pixels.length; i++) {
        boolean isRemoved = removed.contains(i / view.width(), i % view.width());
        double value = isRemoved ? filled[i] + noise * random.nextGaussian() : values[i];
        pixels[i] |= (int) Math.round(255 * Math.min(Math.max(value, 0), 1)) << shift;
      }
    }
    return Picture.of(view.width(), view.height(), pixels);
  }
}
