package camlab.measure;

import camlab.heatmap.Heatmap;
import java.util.Objects;

/**
 * Whether a map stays what it is if the network is shown only what it highlights.
 *
 * <p>(1 + ρ) / 2, where ρ is Pearson's correlation of the map with the same method's map, of the
 * same class, for {@linkplain Kept what is kept} of the picture; both resized to the view. In [0,
 * 1]; more is better. Maps that have nothing in common get 1/2, and if one of the two is constant,
 * it is 0: nothing stayed.
 *
 * <p>It does not ask whether the map is true: a method that ignores the picture is perfectly
 * coherent.
 *
 * <p>Source: S. Poppi et al., "Revisiting The Evaluation of Class Activation Mapping for
 * Explainability", CVPR Workshops 2021, equation 4. The authors' code correlates maps that were
 * scaled to [0, 1] before, which changes nothing of ρ, and gives 0 where ρ is not defined.
 *
 * @param kept how the picture is reduced to what the map highlights
 */
public record Coherency(Kept kept) implements Measure {

  /**
   * Requires all parts.
   *
   * @param kept how the picture is reduced to what the map highlights
   */
  public Coherency {
    Objects.requireNonNull(kept, "kept");
  }

  /** The picture itself is multiplied by the map. */
  public Coherency() {
    this(Kept.PICTURE);
  }

  @Override
  public String name() {
    return "coherency";
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
    Heatmap map = explanation.scaledMap();
    Heatmap again = explanation.scaled(explanation.requireExplainer().of(kept.of(explanation)));
    return isConstant(map) || isConstant(again) ? 0 : (1 + map.correlation(again)) / 2;
  }

  private static boolean isConstant(Heatmap map) {
    return !(map.max() > map.min());
  }
}
