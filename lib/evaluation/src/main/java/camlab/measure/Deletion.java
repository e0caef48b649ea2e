package camlab.measure;

import camlab.picture.Picture;
import camlab.picture.Preprocessing;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How fast a network loses its confidence if pixels are removed from the highest of the map down.
 *
 * <p>The map is resized to the view. In {@code steps} equal steps, from no pixel to all of them,
 * the pixels with the highest values are replaced by a baseline, and the probability of the class
 * is taken: a curve of {@code steps + 1} points. The measure is the area below it, in [0, 1]; less
 * is better.
 *
 * <p>Source: V. Petsiuk et al., "RISE: Randomized Input Sampling for Explanation of Black-box
 * Models", BMVC 2018, section 4.1. The authors remove 224 or 1792 pixels a step, 224 or 28 steps
 * for a picture of 224×224, and replace them by the colour that preprocessing turns to zero.
 *
 * @param steps how many, at least 1
 * @param baseline what removed pixels become
 * @param seed of the order among equal values
 */
public record Deletion(int steps, Baseline baseline, long seed) implements Measure {

  /** Requires a step. */
  public Deletion {
    if (steps < 1) {
      throw new IllegalArgumentException("At least one step is needed, found " + steps + ".");
    }
  }

  /**
   * The authors' coarser choice: 28 steps, to the colour ImageNet's preprocessing turns to zero.
   */
  public Deletion() {
    this(28, Baseline.zero(Preprocessing.IMAGENET), 1);
  }

  @Override
  public String name() {
    return "deletion";
  }

  @Override
  public boolean higherIsBetter() {
    return false;
  }

  @Override
  public double of(Explanation explanation) {
    return curve(explanation).area();
  }

  /** The confidence against the share of removed pixels. */
  public Curve curve(Explanation explanation) {
    double[] shares = evenly(steps);
    return Curve.of(shares, explanation.confidence().of(pictures(explanation)));
  }

  /** The pictures the network is asked about, from the whole one to the baseline. */
  public List<Picture> pictures(Explanation explanation) {
    PixelRanking ranking = PixelRanking.of(explanation.scaledMap(), seed);
    Picture substitute = baseline.of(explanation.view());
    return Arrays.stream(evenly(steps))
        .mapToObj(ranking::highest)
        .map(removed -> Perturbation.replaced(explanation.view(), removed, substitute))
        .toList();
  }

  /** 0, 1/n, 2/n, …, 1. */
  static double[] evenly(int steps) {
    return IntStream.rangeClosed(0, steps).mapToDouble(i -> (double) i / steps).toArray();
  }
}
