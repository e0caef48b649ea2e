package camlab.measure;

/**
 * How much of the picture the map lights up: a map that lights everything explains nothing.
 *
 * <p>‖L‖<sub>1</sub> / (H·W), the mean of the map resized to the view and scaled to [0, 1]. In [0,
 * 1]; less is better.
 *
 * <p>Source: S. Poppi et al., "Revisiting The Evaluation of Class Activation Mapping for
 * Explainability", CVPR Workshops 2021 (complexity, one of three parts of their ADCC score),
 * divided by the number of pixels as in the authors' code.
 */
public record Complexity() implements Measure {

  @Override
  public String name() {
    return "complexity";
  }

  @Override
  public boolean higherIsBetter() {
    return false;
  }

  @Override
  public double of(Explanation explanation) {
    int pixels = explanation.view().width() * explanation.view().height();
    return explanation.scaledMap().sum() / pixels;
  }
}
