package camlab.measure;

import camlab.picture.Picture;
import java.util.List;

/**
 * The two probabilities behind drop and increase in confidence.
 *
 * @param y of the class for the picture
 * @param o of the class for what is kept of the picture
 */
record KeptConfidence(double y, double o) {

  /** The pictures that the network is asked about. */
  static List<Picture> pictures(Explanation explanation, Kept kept) {
    return List.of(explanation.view(), kept.of(explanation));
  }

  /** What it says of them. */
  static KeptConfidence of(double[] confidences) {
    return new KeptConfidence(confidences[0], confidences[1]);
  }
}
