package camlab.network;

import ai.djl.ndarray.NDArray;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * What some layers show, and which of them show only what a layer before them shows: those with the
 * same maps (a container, dropout, a permutation), and pooling. Maps are compared when somebody
 * asks, and once.
 */
final class ShownMaps {

  private final LayeredModel model;
  private final List<String> layers;
  private final Function<String, Optional<NDArray>> maps;
  private final Map<String, Boolean> same = new HashMap<>();

  /**
   * Nothing is compared yet.
   *
   * @param model the layers' model
   * @param layers their names, in the order they run
   * @param maps what they show, if they have maps; open as long as somebody asks
   */
  ShownMaps(LayeredModel model, List<String> layers, Function<String, Optional<NDArray>> maps) {
    this.model = model;
    this.layers = List.copyOf(layers);
    this.maps = maps;
  }

  /** Whether a layer shows what one before it shows; one without maps shows nothing. */
  boolean isRepeated(String layer) {
    return maps.apply(layer).isPresent() && (isPooling(layer) || repeats(layer));
  }

  /** The outermost container whose output a layer's is. */
  String outermost(String layer) {
    String name = layer;
    for (String container : layers) {
      if (layer.startsWith(container + ".")
          && isRepeated(container)
          && shownBy(container).equals(layer)) {
        name = container;
      }
    }
    return name;
  }

  /** The layer that shows first what a repeated one shows. */
  private String shownBy(String repeated) {
    String first = before(repeated).orElse(repeated);
    while (repeats(first)) {
      first = before(first).orElseThrow();
    }
    return first;
  }

  /** Whether a layer has the very maps of the one before it. */
  private boolean repeats(String layer) {
    return same.computeIfAbsent(
        layer,
        asked -> before(asked).filter(before -> areEqual(shown(asked), shown(before))).isPresent());
  }

  /** The layer with maps that runs before one. */
  private Optional<String> before(String layer) {
    int place = layers.indexOf(layer) - 1;
    while (place >= 0 && maps.apply(layers.get(place)).isEmpty()) {
      place--;
    }
    return place < 0 ? Optional.empty() : Optional.of(layers.get(place));
  }

  private NDArray shown(String layer) {
    return maps.apply(layer).orElseThrow();
  }

  private static boolean areEqual(NDArray a, NDArray b) {
    return a.getShape().equals(b.getShape()) && a.contentEquals(b);
  }

  /** Whether a layer pools or drops out, whatever it shows. */
  boolean isPooling(String layer) {
    String type = model.type(layer).toLowerCase(Locale.ROOT);
    boolean container = layers.stream().anyMatch(other -> other.startsWith(layer + "."));
    return !container && (type.contains("pool") || type.contains("dropout"));
  }
}
