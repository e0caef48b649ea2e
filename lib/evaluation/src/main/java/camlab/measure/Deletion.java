package camlab.measure;

import camlab.picture.Mask;
import camlab.picture.Picture;
import camlab.picture.Preprocessing;
import java.util.Locale;
import java.util.Objects;

/**
 * How fast a network loses its confidence if pixels are removed from the highest of the map down.
 *
 * <p>The map is resized to the view. In {@code steps} equal steps, from no pixel to all of them,
 * the pixels with the highest values are replaced by a baseline, and the probability of the class
 * is taken: a curve of {@code steps + 1} points. The measure is the area below it, in [0, 1]; less
 * is better.
 *
 * <p>Pixels of equal value go in an order by lot. Where much of a map is zero, as behind a ReLU,
 * the area may hang on that order: of one drawing of a cat, 44 % of which had no heat, it was 0.43
 * by lot and 0.09 row by row (lesson 12), since single pixels strewn over a picture may look like
 * the class to a network that never saw such pictures.
 *
 * <p>Source: V. Petsiuk et al., "RISE: Randomized Input Sampling for Explanation of Black-box
 * Models", BMVC 2018, section 4.1. The authors remove 224 or 1792 pixels a step, 224 or 28 steps
 * for a picture of 224×224, and replace them by the colour that preprocessing turns to zero.
 *
 * @param steps how many, at least 1
 * @param baseline what removed pixels become
 * @param seed of the order among equal values
 */
public record Deletion(int steps, Baseline baseline, long seed) implements Stepwise {

  /**
   * Requires a step.
   *
   * @param steps how many, at least 1
   * @param baseline what removed pixels become
   * @param seed of the order among equal values
   */
  public Deletion {
    Objects.requireNonNull(baseline, "baseline");
    Stepwise.requireSteps(steps);
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
  public String asks() {
    return String.format(
        Locale.ROOT, "highest pixels removed in %d steps: %s", steps, baseline.name());
  }

  @Override
  public boolean higherIsBetter() {
    return false;
  }

  /** The pixels with the highest values become the baseline's: from the whole picture to it. */
  @Override
  public Picture at(Picture whole, Picture empty, Mask highest) {
    return Perturbation.replaced(whole, highest, empty);
  }
}
