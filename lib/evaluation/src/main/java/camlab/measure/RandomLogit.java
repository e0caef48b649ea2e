package camlab.measure;

import camlab.network.NotApplicableException;
import java.util.SplittableRandom;

/**
 * Whether the map is one of its class: how much it resembles the same method's map of another
 * class, which is drawn by lot.
 *
 * <p>{@link StructuralSimilarity} of the two, resized to the view and scaled to [0, 1]. In [−1, 1];
 * less is better, and 1 says that the method does not look at the class at all. Of two classes that
 * look alike even true maps are similar.
 *
 * <p>Source: L. Sixt et al., "When Explanations Lie: Why Many Modified BP Attributions Fail", ICML
 * 2020, section 5. The Python package Quantus takes the similarity of the flattened maps.
 *
 * @param seed of the class; together with the number of the explained class it decides
 */
public record RandomLogit(long seed) implements Measure {

  /** With a seed of 1. */
  public RandomLogit() {
    this(1);
  }

  @Override
  public String name() {
    return "random logit";
  }

  @Override
  public boolean higherIsBetter() {
    return false;
  }

  @Override
  public String asks() {
    return "the picture, for another class";
  }

  @Override
  public double of(Explanation explanation) {
    Explainer explainer = explanation.requireExplainer();
    int classes = explainer.network().classes().size();
    if (classes < 2) {
      throw new NotApplicableException("The network has one class only: there is no other.");
    }
    int own = explainer.classIndex();
    int drawn = new SplittableRandom(31 * seed + own).nextInt(classes - 1);
    int other = drawn < own ? drawn : drawn + 1;
    return StructuralSimilarity.of(
        explanation.scaledMap(),
        explanation.scaled(explainer.ofClass(other).of(explanation.view())));
  }
}
