package camlab.measure;

import camlab.measure.CascadingRandomization.Step;
import camlab.network.LayeredNetwork;
import camlab.picture.Picture;
import java.util.List;
import java.util.Locale;

/**
 * Whether the map depends on what the network has learned: how much it still resembles itself while
 * the weights become random, without the noise of single maps.
 *
 * <p>{@link CascadingRandomization} of all layers from the top down; every map is the mean of the
 * maps of several noisy copies of the picture, of the trained network's as well. The measure is the
 * mean over the layers of the {@link StructuralSimilarity} to the trained network's. In [−1, 1];
 * less is better. With one copy and no noise it is the plain model parameter randomisation test.
 *
 * <p>A network of L layers with weights costs L + 1 times {@code copies} maps.
 *
 * <p>Source: A. Hedström et al., "Sanity Checks Revisited: An Exploration to Repair the Model
 * Parameter Randomisation Test", XAI in Action Workshop at NeurIPS 2023 (smooth MPRT). There layers
 * are replaced from the bottom up by preference, and the noise is a tenth of the input's range; the
 * copies are 50 in the Python package Quantus by default.
 *
 * @param copies how many noisy pictures, at least 1
 * @param deviation of the noise, normally distributed, at least 0, where black is 0 and white is 1
 * @param seed of the noise and of the new weights
 */
public record SmoothMprt(int copies, double deviation, long seed) implements Measure {

  /**
   * Requires a picture.
   *
   * @param copies how many noisy pictures, at least 1
   * @param deviation of the noise, at least 0
   * @param seed of the noise and of the new weights
   */
  public SmoothMprt {
    if (copies < 1 || !(deviation >= 0)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "At least one picture is needed, and noise of at least 0; found %d and %s.",
              copies,
              deviation));
    }
  }

  /** Ten copies with a noise of 0.1. */
  public SmoothMprt() {
    this(10, 0.1, 1);
  }

  @Override
  public String name() {
    return "smooth MPRT";
  }

  @Override
  public boolean higherIsBetter() {
    return false;
  }

  @Override
  public String asks() {
    return String.format(
        Locale.ROOT,
        "picture with noise of deviation %.4g, %d times, weights by lot",
        deviation,
        copies);
  }

  @Override
  public double of(Explanation explanation) {
    Explainer explainer = explanation.requireExplainer();
    LayeredNetwork network = explainer.requireWeights();
    List<Picture> noisy = NoisyViews.normal(explanation.view(), copies, deviation, seed);
    return CascadingRandomization.ofAllLayers(network, seed)
        .run(network, other -> List.of(explainer.on(other).mean(noisy)))
        .stream()
        .mapToDouble(Step::similarity)
        .average()
        .orElseThrow();
  }
}
