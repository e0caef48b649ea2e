package camlab.heatmap;

import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * Where a map comes from, as a title says it. The network, the picture and the method's settings
 * are no part of it.
 *
 * @param method the method's name, such as {@code Grad-CAM}
 * @param layer the dotted name of the layer, or several joined by {@code " + "} or {@code " × "},
 *     as their maps were; empty if nothing is known of layers
 * @param target the class (or other score) that was explained, such as {@code cat}; empty for a map
 *     that explains none
 * @param score the value of that score: of a class the number before softmax or sigmoid, unless the
 *     target is its probability; NaN where a map has none (a mean of activations)
 * @param region the part of the picture that the map explains; empty for a map made by hand, which
 *     lies over the whole of whatever picture it is laid over
 */
public record Provenance(
    String method, String layer, String target, double score, Optional<Region> region) {

  /**
   * Requires all names; a method that explains no class has the target {@code ""}.
   *
   * @param method the method's name, such as {@code Grad-CAM}
   * @param layer the dotted name of the layer, or of several
   * @param target the class (or other score) that was explained, such as {@code cat}
   * @param score the value of that score; NaN where a map has none
   * @param region the part of the picture that the map explains
   */
  public Provenance {
    Objects.requireNonNull(method, "method");
    Objects.requireNonNull(layer, "layer");
    Objects.requireNonNull(target, "target");
    Objects.requireNonNull(region, "region");
  }

  /**
   * Where a map comes from that was made by hand, and not of a part of a picture.
   *
   * @param method the method's name
   * @param layer the dotted name of the layer
   * @param target the class, or other score, that was explained
   * @param score the value of that score; NaN where a map has none
   */
  public Provenance(String method, String layer, String target, double score) {
    this(method, layer, target, score, Optional.empty());
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
