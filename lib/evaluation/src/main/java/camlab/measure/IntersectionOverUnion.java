package camlab.measure;

import camlab.heatmap.Heatmap;
import camlab.picture.Mask;

/**
 * How well the bright part of the map covers the object and nothing else.
 *
 * <p>The bright part is every pixel whose value exceeds {@code threshold} in the map resized to the
 * view and scaled to [0, 1]. With M the object's pixels, the measure is |bright ∩ M| / |bright ∪
 * M|, in [0, 1]; 0 if both are empty; more is better.
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
    return of(explanation.map(), explanation.requireObject());
  }

  /**
   * {@return how well the bright part of a map covers an object}
   *
   * @param map a map of any size, laid over the whole picture
   * @param object where the object is seen
   */
  public double of(Heatmap map, Mask object) {
    Heatmap scaled = map.resized(object.height(), object.width()).normalized();
    int intersection = 0;
    int union = 0;
    for (int row = 0; row < object.height(); row++) {
      for (int column = 0; column < object.width(); column++) {
        boolean bright = scaled.at(row, column) > (float) threshold;
        boolean inside = object.contains(row, column);
        intersection += bright && inside ? 1 : 0;
        union += bright || inside ? 1 : 0;
      }
    }
    return union == 0 ? 0 : (double) intersection / union;
  }
}
