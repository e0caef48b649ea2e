package camlab.measure;

import camlab.picture.Mask;
import camlab.picture.Picture;
import java.util.Locale;
import java.util.Objects;

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
public record Insertion(int steps, Baseline baseline, long seed) implements Stepwise {

  /**
   * Requires a step.
   *
   * @param steps how many, at least 1
   * @param baseline what the picture starts from
   * @param seed of the order among equal values
   */
  public Insertion {
    Objects.requireNonNull(baseline, "baseline");
    Stepwise.requireSteps(steps);
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
  public String asks() {
    return String.format(
        Locale.ROOT, "highest pixels put in in %d steps: into %s", steps, baseline.name());
  }

  @Override
  public boolean higherIsBetter() {
    return true;
  }

  /** The pixels with the highest values are put back: from the baseline to the whole picture. */
  @Override
  public Picture at(Picture whole, Picture empty, Mask highest) {
    return Perturbation.replaced(empty, highest, whole);
  }
}
