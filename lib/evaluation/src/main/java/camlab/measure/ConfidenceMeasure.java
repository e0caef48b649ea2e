package camlab.measure;

import camlab.picture.Picture;
import java.util.List;

/**
 * A measure that asks how sure the network is of a few pictures, and of no others after that. So
 * those of many maps can be asked about together, which takes less time than one after the other.
 */
public interface ConfidenceMeasure extends Measure {

  /**
   * {@return the pictures that the network is asked about, at least one}
   *
   * @param explanation a map, and what it explains
   * @throws camlab.network.NotApplicableException with the reason, if the measure does not apply
   */
  List<Picture> pictures(Explanation explanation);

  /**
   * The number, once the network has answered.
   *
   * @param confidences the probability of the class for each of {@link #pictures}, in their order
   * @return a finite number
   * @throws camlab.network.NotApplicableException with the reason, if the measure does not apply
   */
  double of(double[] confidences);

  @Override
  default double of(Explanation explanation) {
    return of(explanation.confidences(pictures(explanation)));
  }
}
