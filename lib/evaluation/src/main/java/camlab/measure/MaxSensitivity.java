package camlab.measure;

import camlab.heatmap.Heatmap;
import camlab.network.NotApplicableException;
import camlab.picture.Picture;
import java.util.List;
import java.util.Locale;

/**
 * How much the map changes if the picture hardly does.
 *
 * <p>Noise, evenly distributed between ±{@code radius}, is added to every value of the view,
 * several times; with L the map and L′ the same method's map of the noisy picture, raw values at
 * their own resolution, the measure is the largest ‖L′ − L‖ / ‖L‖ (Euclidean norms). At least 0;
 * less is better.
 *
 * <p>Source: C.-K. Yeh et al., "On the (In)fidelity and Sensitivity of Explanations", NeurIPS 2019,
 * definition 3.1; divided by ‖L‖ as in captum. There noise is added to the network's input, after
 * preprocessing: 0.02 of that is about 0.0045 of the picture, one grey value. Here it is a picture
 * that could be taken, so the radius is one of its values.
 *
 * @param copies how many noisy pictures, at least 1
 * @param radius of the noise, above 0, where black is 0 and white is 1
 * @param seed of the noise
 */
public record MaxSensitivity(int copies, double radius, long seed) implements Measure {

  /**
   * Requires some noise.
   *
   * @param copies how many noisy pictures, at least 1
   * @param radius of the noise, above 0, where black is 0 and white is 1
   * @param seed of the noise
   */
  public MaxSensitivity {
    if (copies < 1 || !(radius > 0)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "At least one noisy picture is needed, and a radius above 0; found %d and %s.",
              copies,
              radius));
    }
  }

  /** Ten pictures, as in captum, with a noise of ±0.02: five grey values. */
  public MaxSensitivity() {
    this(10, 0.02, 1);
  }

  @Override
  public String name() {
    return "max-sensitivity";
  }

  @Override
  public boolean higherIsBetter() {
    return false;
  }

  @Override
  public String asks() {
    return String.format(Locale.ROOT, "picture with noise of ±%.4g, %d times", radius, copies);
  }

  @Override
  public double of(Explanation explanation) {
    Explainer explainer = explanation.requireExplainer();
    float[] values = explanation.map().values();
    double norm = norm(values);
    if (norm == 0) {
      throw new NotApplicableException(
          "The map is 0 everywhere: no change can be told as a share of it.");
    }
    List<Picture> noisy = NoisyViews.uniform(explanation.view(), copies, radius, seed);
    double largest = 0;
    for (Picture view : noisy) {
      largest = Math.max(largest, norm(difference(explainer.of(view), values)) / norm);
    }
    return largest;
  }

  private static float[] difference(Heatmap map, float[] values) {
    float[] difference = map.values();
    for (int i = 0; i < difference.length; i++) {
      difference[i] -= values[i];
    }
    return difference;
  }

  private static double norm(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += (double) value * value;
    }
    return Math.sqrt(sum);
  }
}
