package camlab.measure;

import camlab.picture.Picture;
import java.util.List;

/**
 * The two probabilities behind drop and increase in confidence.
 *
 * @param y of the class for the picture
 * @param o of the class for the picture multiplied by the map, resized and scaled to [0, 1]
 */
record KeptConfidence(double y, double o) {

  static KeptConfidence of(Explanation explanation) {
    Picture kept = Perturbation.multiplied(explanation.view(), explanation.scaledMap());
    double[] confidences = explanation.confidence().of(List.of(explanation.view(), kept));
    return new KeptConfidence(confidences[0], confidences[1]);
  }
}
