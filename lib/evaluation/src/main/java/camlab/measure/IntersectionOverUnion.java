package camlab.measure;

import camlab.heatmap.Heatmap;
import camlab.picture.Mask;

/**
 * How well the bright part of the map covers the object and nothing else.
 *
 * <p>The bright part is every pixel whose value exceeds {@code threshold} in the map resized to
 * what the network saw and scaled to [0, 1]. With M the object's pixels there, the measure is
 * |bright ∩ M| / |bright ∪ M|, in [0, 1]; 0 if both are empty; more is better.
 *
 * <p>Source of the threshold: B. Zhou et al., "Learning Deep Features for Discriminative
 * Localization", CVPR 2016, section 3.2, who take what exceeds 20 % of the map's maximum (and then
 * a box around it).
 *
 * @param threshold in [0, 1)
 */
public record IntersectionOverUnion(double threshold) implements Measure {

  /**
   * Requires a threshold that something can exceed.
   *
   * @param threshold in [0, 1)
   */
  public IntersectionOverUnion {
    if (!(threshold >= 0 && threshold < 1)) {
      throw new IllegalArgumentException("A threshold lies in [0, 1), found " + threshold + ".");
    }
  }

  /** The paper's threshold of 0.2. */
  public IntersectionOverUnion() {
    this(0.2);
  }

  @Override
  public String name() {
    return "IoU over %s".formatted(threshold);
  }

  @Override
  public boolean higherIsBetter() {
    return true;
  }

  @Override
  public double of(Explanation explanation) {
    return of(Judged.of(explanation));
  }

  /**
   * {@return how well the bright part of a map covers an object}
   *
   * @param map a map of any size; a map of a part of a picture counts on that part
   * @param object where the object is, in the picture that the map explains or in the network's
   *     view of it
   * @throws IllegalArgumentException if the mask is of a picture of another size
   */
  public double of(Heatmap map, Mask object) {
    return of(Judged.of(map, object));
  }

  private double of(Judged judged) {
    Heatmap scaled = judged.map().normalized();
    int intersection = 0;
    int union = 0;
    for (int row = 0; row < judged.height(); row++) {
      for (int column = 0; column < judged.width(); column++) {
        boolean bright = scaled.at(row, column) > (float) threshold;
        boolean inside = judged.object().contains(row, column);
        intersection += bright && inside ? 1 : 0;
        union += bright || inside ? 1 : 0;
      }
    }
    return union == 0 ? 0 : (double) intersection / union;
  }
}
