package camlab.measure;

import camlab.heatmap.Heatmap;
import java.util.Arrays;

/**
 * How few positions carry the map: the Gini index of its absolute values.
 *
 * <p>With the absolute values v<sub>1</sub> ≤ … ≤ v<sub>n</sub> of the map resized to the view: Σ
 * (2 i − n − 1) v<sub>i</sub> / (n Σ v<sub>i</sub>). 0 if all are equal, (n − 1) / n if all but one
 * are 0; more is better. A map that is 0 everywhere gets 0.
 *
 * <p>Unlike {@link Complexity} it does not change if the map is multiplied by a number; adding one
 * changes it, so raw values are taken.
 *
 * <p>Source: P. Chalasani et al., "Concise Explanations of Neural Networks using Adversarial
 * Training", ICML 2020, section 4. The Python package Quantus adds 10<sup>−7</sup> to every value.
 */
public record Sparseness() implements Measure {

  @Override
  public String name() {
    return "sparseness";
  }

  @Override
  public boolean higherIsBetter() {
    return true;
  }

  @Override
  public double of(Explanation explanation) {
    Heatmap map = explanation.map();
    float[] values = map.resized(explanation.view().height(), explanation.view().width()).values();
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.abs(values[i]);
    }
    Arrays.sort(values);
    double weighted = 0;
    double sum = 0;
    for (int i = 0; i < values.length; i++) {
      weighted += (2.0 * i + 1 - values.length) * values[i];
      sum += values[i];
    }
    return sum == 0 ? 0 : weighted / (values.length * sum);
  }
}
