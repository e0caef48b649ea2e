package camlab.measure;

import camlab.identity.Later;
import camlab.picture.Picture;
import java.util.List;
import java.util.Objects;

/**
 * How much of its confidence a network loses if it is shown only what the map highlights.
 *
 * <p>Y is the probability of the class for the picture, O the one for {@linkplain Kept what is
 * kept} of it: the picture multiplied by the map, resized and scaled to [0, 1], unless something
 * else is said. The relative drop is max(0, Y − O) / Y, 0 where Y = 0; the absolute one max(0, Y −
 * O). Both lie in [0, 1]; less is better.
 *
 * <p>Source: A. Chattopadhyay et al., "Grad-CAM++", WACV 2018, section 4.1 (average drop, there in
 * per cent and relative).
 *
 * @param scale relative to Y, as in the paper, or absolute
 * @param kept how the picture is reduced to what the map highlights
 */
public record ConfidenceDrop(Scale scale, @Later(Kept.USUAL) Kept kept)
    implements ConfidenceMeasure {

  /**
   * Requires all parts.
   *
   * @param scale relative to Y, as in the paper, or absolute
   * @param kept how the picture is reduced to what the map highlights
   */
  public ConfidenceDrop {
    Objects.requireNonNull(scale, "scale");
    Objects.requireNonNull(kept, "kept");
  }

  /**
   * The picture itself is multiplied by the map.
   *
   * @param scale relative to Y, as in the paper, or absolute
   */
  public ConfidenceDrop(Scale scale) {
    this(scale, Kept.PICTURE);
  }

  @Override
  public String name() {
    return scale == Scale.RELATIVE ? "drop" : "absolute drop";
  }

  @Override
  public boolean higherIsBetter() {
    return false;
  }

  @Override
  public List<Picture> pictures(Explanation explanation) {
    return KeptConfidence.pictures(explanation, kept);
  }

  @Override
  public double of(double[] confidences) {
    KeptConfidence confidence = KeptConfidence.of(confidences);
    double loss = Math.max(0, confidence.y() - confidence.o());
    return scale == Scale.ABSOLUTE || loss == 0 ? loss : loss / confidence.y();
  }

  @Override
  public String asks() {
    return kept.words();
  }
}
