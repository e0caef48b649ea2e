package camlab.measure;

import camlab.identity.Identified;
import camlab.picture.Picture;
import camlab.picture.Preprocessing;
import java.util.SplittableRandom;

/**
 * What removed pixels become: a picture of the same size, from which they are taken.
 *
 * <p>There is no neutral choice. Black leaves edges that the network may take for a shape, a grey
 * field is as strange to it, a blur leaves what is coarse. {@link NoisyLinearImputation} fills a
 * hole from around it.
 */
public interface Baseline extends Identified {

  /** {@return a short name, such as {@code black}} */
  String name();

  /**
   * {@return the picture that removed pixels are taken from, of the view's size}
   *
   * @param view the picture as the network sees it
   */
  Picture of(Picture view);

  /** {@return black: what is left of a picture that is multiplied by 0} */
  static Baseline black() {
    return new Colour("black", 0);
  }

  /**
   * {@return the colour that a network's preprocessing turns to zero, rounded to 8 bits}
   *
   * @param preprocessing what is done to a picture before the network sees it
   */
  static Baseline zero(Preprocessing preprocessing) {
    return new Colour("zero", preprocessing.zero());
  }

  /** {@return the mean colour of the picture itself, rounded to 8 bits} */
  static Baseline meanColour() {
    return new MeanColour();
  }

  /**
   * {@return the picture blurred by a Gaussian; beyond its edges it goes on as its outermost
   * pixels}
   *
   * @param size side of the window in pixels, odd
   * @param sigma standard deviation in pixels, above 0
   */
  static Baseline blurred(int size, double sigma) {
    return new Blurred(new Gaussian(size, sigma));
  }

  /** {@return the picture's own negative: every value v becomes 255 − v} */
  static Baseline negative() {
    return new Negative();
  }

  /**
   * {@return a colour for every pixel by lot, each of its values equally likely from 0 to 255}
   *
   * @param seed what all chance comes from: pictures of one size get the same noise
   */
  static Baseline noise(long seed) {
    return new Noise(seed);
  }

  /** The view's negative. */
  record Negative() implements Baseline {
    @Override
    public String name() {
      return "negative";
    }

    @Override
    public Picture of(Picture view) {
      return Picture.of(view.width(), view.height(), (row, column) -> ~view.rgb(row, column));
    }
  }

  /** Every pixel by lot. */
  record Noise(long seed) implements Baseline {
    @Override
    public String name() {
      return "noise";
    }

    @Override
    public Picture of(Picture view) {
      SplittableRandom random = new SplittableRandom(seed);
      int[] pixels = random.ints((long) view.width() * view.height(), 0, 1 << 24).toArray();
      return Picture.of(view.width(), view.height(), pixels);
    }
  }

  /** One colour everywhere. */
  record Colour(String name, int rgb) implements Baseline {
    @Override
    public Picture of(Picture view) {
      return uniform(view, rgb);
    }
  }

  /** The view's mean colour everywhere. */
  record MeanColour() implements Baseline {
    @Override
    public String name() {
      return "mean colour";
    }

    @Override
    public Picture of(Picture view) {
      int size = view.width() * view.height();
      int rgb = 0;
      for (int shift = 16; shift >= 0; shift -= 8) {
        long sum = 0;
        for (int i = 0; i < size; i++) {
          sum += view.rgb(i / view.width(), i % view.width()) >> shift & 0xFF;
        }
        rgb |= Math.round((float) sum / size) << shift;
      }
      return uniform(view, rgb);
    }
  }

  /** The view under a Gaussian window. */
  record Blurred(Gaussian window) implements Baseline {
    @Override
    public String name() {
      return "blurred";
    }

    @Override
    public Picture of(Picture view) {
      return window.blur(view);
    }
  }

  private static Picture uniform(Picture view, int rgb) {
    return Picture.of(view.width(), view.height(), (row, column) -> rgb);
  }
}
