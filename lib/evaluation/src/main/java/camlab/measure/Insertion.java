package camlab.measure;

import camlab.picture.Picture;
import java.util.Arrays;
import java.util.List;

/**
 * How fast a network gains confidence if pixels are put into a blurred picture from the highest of
 * the map down.
 *
 * <p>The map is resized to the view. In {@code steps} equal steps, from no pixel to all of them,
 * the pixels with the highest values are put back into the baseline, and the probability of the
 * class is taken: a curve of {@code steps + 1} points. The measure is the area below it, in [0, 1];
 * more is better.
 *
 * <p>Source: V. Petsiuk et al., "RISE: Randomized Input Sampling for Explanation of Black-box
 * Models", BMVC 2018, section 4.1. The authors start from the picture blurred by a Gaussian (their
 * code: a window of 11 pixels, deviation 5), because sharp pixels on one colour make shapes of
 * their own.
 *
 * @param steps how many, at least 1
 * @param baseline what the picture starts from
 * @param seed of the order among equal values
 */
public record Insertion(int steps, Baseline baseline, long seed) implements Measure {

  /** Requires a step. */
  public Insertion {
    if (steps < 1) {
      throw new IllegalArgumentException("At least one step is needed, found " + steps + ".");
    }
  }

  /** The authors' coarser choice: 28 steps, from a blur of 11 pixels with deviation 5. */
  public Insertion() {
    this(28, Baseline.blurred(11, 5), 1);
  }

  @Override
  public String name() {
    return "insertion";
  }

  @Override
  public boolean higherIsBetter() {
    return true;
  }

  @Override
  public double of(Explanation explanation) {
    return curve(explanation).area();
  }

  /** The confidence against the share of pixels that were put back. */
  public Curve curve(Explanation explanation) {
    double[] shares = Deletion.evenly(steps);
    return Curve.of(shares, explanation.confidence().of(pictures(explanation)));
  }

  /** The pictures the network is asked about, from the baseline to the whole one. */
  public List<Picture> pictures(Explanation explanation) {
    PixelRanking ranking = PixelRanking.of(explanation.scaledMap(), seed);
    Picture start = baseline.of(explanation.view());
    return Arrays.stream(Deletion.evenly(steps))
        .mapToObj(ranking::highest)
        .map(inserted -> Perturbation.replaced(start, inserted, explanation.view()))
        .toList();
  }
}
