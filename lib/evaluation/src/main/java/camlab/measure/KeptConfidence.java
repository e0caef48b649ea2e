package camlab.measure;

import java.util.List;

/**
 * The two probabilities behind drop and increase in confidence.
 *
 * @param y of the class for the picture
 * @param o of the class for what is kept of the picture
 */
record KeptConfidence(double y, double o) {

  static KeptConfidence of(Explanation explanation, Kept kept) {
    double[] confidences =
        explanation.confidences(List.of(explanation.view(), kept.of(explanation)));
    return new KeptConfidence(confidences[0], confidences[1]);
  }
}
