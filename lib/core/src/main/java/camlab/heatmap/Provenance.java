package camlab.heatmap;

import java.util.Locale;
import java.util.Objects;

/**
 * Where a map comes from: enough to print a title, and to compute the map again.
 *
 * @param method the method's name, such as {@code Grad-CAM}
 * @param layer the dotted name of the layer, or several joined by {@code " + "}
 * @param target the class (or other score) that was explained, such as {@code cat}
 * @param score the value of that score, before softmax unless the method says otherwise; NaN where
 *     a map has none (a mean of activations)
 */
public record Provenance(String method, String layer, String target, double score) {

  /**
   * Requires all names; a method that explains no class has the target {@code ""}.
   *
   * @param method the method's name, such as {@code Grad-CAM}
   * @param layer the dotted name of the layer, or several joined by {@code " + "}
   * @param target the class (or other score) that was explained, such as {@code cat}
   * @param score the value of that score, before softmax unless the method says otherwise
   */
  public Provenance {
    Objects.requireNonNull(method, "method");
    Objects.requireNonNull(layer, "layer");
    Objects.requireNonNull(target, "target");
  }

  /** A title, such as {@code Grad-CAM · features.11 · cat (4.31)}. */
  @Override
  public String toString() {
    StringBuilder title = new StringBuilder(method);
    if (!layer.isEmpty()) {
      title.append(" · ").append(layer);
    }
    if (!target.isEmpty()) {
      title.append(" · ").append(target);
    }
    if (!Double.isNaN(score)) {
      title.append(String.format(Locale.ROOT, " (%.2f)", score));
    }
    return title.toString();
  }
}
