package camlab.measure;

import camlab.picture.Mask;
import camlab.picture.Picture;
import java.util.Locale;

/**
 * How fast a network loses its confidence if pixels are flipped from the highest of the map down.
 *
 * <p>The map is resized to the view. In {@code steps} equal steps, from no pixel to all of them,
 * the pixels with the highest values become their negative, 255 − v for each of their colours, and
 * the probability of the class is taken: a curve of {@code steps + 1} points. The measure is the
 * area below it, in [0, 1]; less is better.
 *
 * <p>{@link Deletion} removes pixels; a pixel that is flipped is turned against what was there. At
 * the end of the curve the network sees a negative, which may still show the class.
 *
 * <p>Source: S. Bach et al., "On Pixel-Wise Explanations for Non-Linear Classifier Decisions by
 * Layer-Wise Relevance Propagation", PLOS ONE 10(7), 2015, section "Pixel-flipping", for black and
 * white pictures; for colours nothing is said there. The Python package Quantus replaces pixels by
 * a baseline under this name, by default black: that is {@link Deletion} here.
 *
 * @param steps how many, at least 1
 * @param seed of the order among equal values
 */
public record PixelFlipping(int steps, long seed) implements Stepwise {

  /**
   * Requires a step.
   *
   * @param steps how many, at least 1
   * @param seed of the order among equal values
   */
  public PixelFlipping {
    Stepwise.requireSteps(steps);
  }

  /** As many steps as {@link Deletion} takes: 28. */
  public PixelFlipping() {
    this(28, 1);
  }

  @Override
  public String name() {
    return "pixel flipping";
  }

  @Override
  public String asks() {
    return String.format(
        Locale.ROOT, "highest pixels flipped in %d steps: %s", steps, baseline().name());
  }

  @Override
  public boolean higherIsBetter() {
    return false;
  }

  @Override
  public Baseline baseline() {
    return Baseline.negative();
  }

  @Override
  public Picture at(Picture whole, Picture empty, Mask highest) {
    return Perturbation.replaced(whole, highest, empty);
  }
}
