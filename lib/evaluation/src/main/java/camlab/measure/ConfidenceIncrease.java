package camlab.measure;

import camlab.identity.Later;
import camlab.picture.Picture;
import java.util.List;
import java.util.Objects;

/**
 * Whether a network is surer of the class if it is shown only what the map highlights.
 *
 * <p>1 if O &gt; Y, else 0, where Y is the probability of the class for the picture and O the one
 * for the picture multiplied by the map (resized and scaled to [0, 1]). Its mean over pictures is
 * the share of pictures whose confidence increased; more is better.
 *
 * <p>Source: A. Chattopadhyay et al., "Grad-CAM++", WACV 2018, section 4.1 (increase in
 * confidence).
 *
 * @param kept how the picture is reduced to what the map highlights
 */
public record ConfidenceIncrease(@Later(Kept.USUAL) Kept kept) implements ConfidenceMeasure {

  /**
   * Requires all parts.
   *
   * @param kept how the picture is reduced to what the map highlights
   */
  public ConfidenceIncrease {
    Objects.requireNonNull(kept, "kept");
  }

  /** The picture itself is multiplied by the map. */
  public ConfidenceIncrease() {
    this(Kept.PICTURE);
  }

  @Override
  public String name() {
    return "increase";
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
    return confidence.o() > confidence.y() ? 1 : 0;
  }

  @Override
  public String asks() {
    return kept.words();
  }
}
