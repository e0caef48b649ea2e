package camlab.measure;

import camlab.heatmap.Heatmap;
import camlab.picture.Mask;

/**
 * How much of the map lies on the object.
 *
 * <p>Σ<sub>object</sub> R(L) / Σ R(L), where L is the map resized to what the network saw (raw
 * values, so that nothing is added everywhere) and R = max(·, 0). In [0, 1]; 0 for a map without
 * positive values; more is better.
 *
 * <p>Source: H. Wang et al., "Score-CAM: Score-Weighted Visual Explanations for Convolutional
 * Neural Networks", CVPR Workshops 2020, section 4.3 (energy-based pointing game), with the
 * object's mask in place of its box.
 */
public record EnergyInObject() implements Measure {

  @Override
  public String name() {
    return "energy";
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
   * {@return how much of a map lies on an object}
   *
   * @param map a map of any size; a map of a part of a picture counts on that part
   * @param object where the object is, in the picture that the map explains or in the network's
   *     view of it
   * @throws IllegalArgumentException if the mask is of a picture of another size
   */
  public double of(Heatmap map, Mask object) {
    return of(Judged.of(map, object));
  }

  /**
   * {@return how much of an even map would lie on an object: its share of the pixels}
   *
   * @param map a map of any size; no value of it counts, only what part of the picture it is of
   * @param object as for {@link #of(Heatmap, Mask)}
   * @throws camlab.network.NotApplicableException if no pixel of the object is in that part
   * @throws IllegalArgumentException if the mask is of a picture of another size
   */
  public double ofEvenMap(Heatmap map, Mask object) {
    return Judged.of(map, object).share();
  }

  private static double of(Judged judged) {
    double inside = 0;
    double total = 0;
    for (int row = 0; row < judged.height(); row++) {
      for (int column = 0; column < judged.width(); column++) {
        float energy = judged.map().at(row, column);
        if (energy > 0) {
          total += energy;
          inside += judged.object().contains(row, column) ? energy : 0;
        }
      }
    }
    return total == 0 ? 0 : inside / total;
  }
}
