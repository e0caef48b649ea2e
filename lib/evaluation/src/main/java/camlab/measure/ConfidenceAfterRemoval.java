package camlab.measure;

import camlab.network.NotApplicableException;
import camlab.picture.Mask;
import camlab.picture.Picture;
import java.util.List;
import java.util.Objects;

/**
 * How the confidence of a network changes if the highest part of the map is removed from the
 * picture.
 *
 * <p>The map is resized to the view, and the {@code share} of pixels with the highest values is
 * replaced by a baseline. With Y the probability of the class before and O after, the absolute
 * change is O − Y, the relative one (O − Y) / Y: 0 if both are 0, and refused if only Y is. It is
 * negative where the network lost confidence; less is better. The relative change has no upper
 * limit: of pictures that the network takes for another class, with a Y near 0, one alone can
 * outweigh all others in a mean.
 *
 * <p>Source: no paper; it is one step of {@link Deletion}, over black unless another baseline is
 * given. The package grad-cam takes a share away in the same way, and fills it from around ({@code
 * ROADMostRelevantFirst}).
 *
 * @param share of the pixels that are removed, in (0, 1]
 * @param baseline what removed pixels become
 * @param scale relative to Y, or absolute
 * @param seed of the order among equal values
 */
public record ConfidenceAfterRemoval(double share, Baseline baseline, Scale scale, long seed)
    implements ConfidenceMeasure {

  /**
   * Requires a share.
   *
   * @param share of the pixels that are removed, in (0, 1]
   * @param baseline what removed pixels become
   * @param scale relative to Y, or absolute
   * @param seed of the order among equal values
   */
  public ConfidenceAfterRemoval {
    Objects.requireNonNull(baseline, "baseline");
    Objects.requireNonNull(scale, "scale");
    if (!(share > 0 && share <= 1)) {
      throw new IllegalArgumentException("A share lies in (0, 1], found " + share + ".");
    }
  }

  /** The highest quarter becomes black, and the change is absolute. */
  public ConfidenceAfterRemoval() {
    this(0.25, Baseline.black(), Scale.ABSOLUTE, 1);
  }

  @Override
  public String name() {
    String kind = scale == Scale.RELATIVE ? "relative change" : "change";
    return "%s without top %s".formatted(kind, Percent.of(share));
  }

  @Override
  public boolean higherIsBetter() {
    return false;
  }

  @Override
  public String asks() {
    return "without the highest %s: %s".formatted(Percent.of(share), baseline.name());
  }

  @Override
  public List<Picture> pictures(Explanation explanation) {
    return List.of(explanation.view(), remaining(explanation));
  }

  @Override
  public double of(double[] confidences) {
    double change = confidences[1] - confidences[0];
    if (scale == Scale.ABSOLUTE || change == 0) {
      return change;
    }
    if (confidences[0] == 0) {
      throw new NotApplicableException(
          "The network gives the class a probability of 0 for the picture: no change can be told as a share of that.");
    }
    return change / confidences[0];
  }

  /**
   * {@return the picture without the highest part of the map: what the network is asked about}
   *
   * @param explanation a map, and what it explains
   */
  public Picture remaining(Explanation explanation) {
    Mask highest = PixelRanking.of(explanation.scaledMap(), seed).highest(share);
    Picture view = explanation.view();
    return Perturbation.replaced(view, highest, baseline.of(view));
  }
}
