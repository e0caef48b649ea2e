package camlab.measure;

import camlab.identity.Later;
import camlab.picture.Picture;
import java.util.List;
import java.util.Objects;

/**
 * How much confidence a network wins if it is shown only what the map highlights: the size of what
 * {@link ConfidenceIncrease} counts.
 *
 * <p>Y is the probability of the class for the picture, O the one for {@linkplain Kept what is
 * kept} of it: the picture multiplied by the map, resized and scaled to [0, 1], unless something
 * else is said. The relative gain is max(0, O − Y) / (1 − Y), a share of what could be won; the
 * absolute one max(0, O − Y). Both lie in [0, 1]; more is better.
 *
 * <p>Source: H. Zhang et al., "Opti-CAM: Optimizing Saliency Maps for Interpretability", 2023
 * (average gain, relative).
 *
 * @param scale relative to 1 − Y, as in the paper, or absolute
 * @param kept how the picture is reduced to what the map highlights
 */
public record ConfidenceGain(Scale scale, @Later(Kept.USUAL) Kept kept)
    implements ConfidenceMeasure {

  /**
   * Requires all parts.
   *
   * @param scale relative to 1 − Y, as in the paper, or absolute
   * @param kept how the picture is reduced to what the map highlights
   */
  public ConfidenceGain {
    Objects.requireNonNull(scale, "scale");
    Objects.requireNonNull(kept, "kept");
  }

  /**
   * The picture itself is multiplied by the map.
   *
   * @param scale relative to 1 − Y, as in the paper, or absolute
   */
  public ConfidenceGain(Scale scale) {
    this(scale, Kept.PICTURE);
  }

  @Override
  public String name() {
    return scale == Scale.RELATIVE ? "gain" : "absolute gain";
  }

  @Override
  public boolean higherIsBetter() {
    return true;
  }

  @Override
  public List<Picture> pictures(Explanation explanation) {
    return KeptConfidence.pictures(explanation, kept);
  }

  @Override
  public double of(double[] confidences) {
    KeptConfidence confidence = KeptConfidence.of(confidences);
    double gain = Math.max(0, confidence.o() - confidence.y());
    return scale == Scale.ABSOLUTE || gain == 0 ? gain : gain / (1 - confidence.y());
  }

  @Override
  public String asks() {
    return kept.words();
  }
}
