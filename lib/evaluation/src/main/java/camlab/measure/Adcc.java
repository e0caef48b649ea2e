package camlab.measure;

import java.util.Objects;

/**
 * Drop, coherency and complexity in one number: a map that explains much with little, and stays
 * what it is.
 *
 * <p>The harmonic mean of {@link Coherency}, 1 − {@link Complexity} and 1 − the relative {@link
 * ConfidenceDrop}: 3 / (1/coherency + 1/(1 − complexity) + 1/(1 − drop)), 0 if one of the three is
 * 0. In [0, 1]; more is better.
 *
 * <p>This is the number of one picture. Some tables take the harmonic mean of the three means over
 * all pictures, which is another number: {@link #harmonicMean} gives it.
 *
 * <p>Source: S. Poppi et al., "Revisiting The Evaluation of Class Activation Mapping for
 * Explainability", CVPR Workshops 2021, equation 6.
 *
 * @param kept how the picture is reduced to what the map highlights
 */
public record Adcc(Kept kept) implements Measure {

  /**
   * Requires all parts.
   *
   * @param kept how the picture is reduced to what the map highlights
   */
  public Adcc {
    Objects.requireNonNull(kept, "kept");
  }

  /** The picture itself is multiplied by the map. */
  public Adcc() {
    this(Kept.PICTURE);
  }

  @Override
  public String name() {
    return "ADCC";
  }

  @Override
  public boolean higherIsBetter() {
    return true;
  }

  @Override
  public String asks() {
    return kept.words();
  }

  @Override
  public double of(Explanation explanation) {
    return harmonicMean(
        new Coherency(kept).of(explanation),
        new Complexity().of(explanation),
        new ConfidenceDrop(Scale.RELATIVE, kept).of(explanation));
  }

  /**
   * {@return the score of three numbers, or of three means}
   *
   * @param coherency in [0, 1]
   * @param complexity in [0, 1]
   * @param drop relative, in [0, 1]
   * @throws IllegalArgumentException if one of them lies elsewhere
   */
  public static double harmonicMean(double coherency, double complexity, double drop) {
    for (double number : new double[] {coherency, complexity, drop}) {
      if (!(number >= 0 && number <= 1)) {
        throw new IllegalArgumentException(
            "Coherency, complexity and drop lie in [0, 1]; found %s, %s and %s."
                .formatted(coherency, complexity, drop));
      }
    }
    double least = Math.min(coherency, Math.min(1 - complexity, 1 - drop));
    return least <= 0 ? 0 : 3 / (1 / coherency + 1 / (1 - complexity) + 1 / (1 - drop));
  }
}
