package camlab.measure;

/**
 * How much of the map lies on the object, whatever its sign.
 *
 * <p>Σ<sub>object</sub> |L| / Σ |L|, where L is the map resized to what the network saw. In [0, 1];
 * 0 for a map that is 0 everywhere; more is better. For a map without negative values it is {@link
 * EnergyInObject}, which leaves negative values out.
 *
 * <p>Source: L. Arras et al., "CLEVR-XAI: A Benchmark Dataset for the Ground Truth Evaluation of
 * Neural Network Explanations", Information Fusion 81, 2022 (relevance mass accuracy). There the
 * relevances of a pixel's colours are pooled, which leaves no sign.
 */
public record RelevanceMass() implements Measure {

  @Override
  public String name() {
    return "relevance mass";
  }

  @Override
  public boolean higherIsBetter() {
    return true;
  }

  @Override
  public double of(Explanation explanation) {
    Judged judged = Judged.of(explanation);
    double inside = 0;
    double total = 0;
    for (int row = 0; row < judged.height(); row++) {
      for (int column = 0; column < judged.width(); column++) {
        double mass = Math.abs(judged.map().at(row, column));
        total += mass;
        inside += judged.object().contains(row, column) ? mass : 0;
      }
    }
    return total == 0 ? 0 : inside / total;
  }
}
