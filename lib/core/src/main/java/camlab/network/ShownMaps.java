package camlab.network;

import ai.djl.ndarray.NDArray;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What some layers show, and which of them show only what a layer before them shows: those with the
 * same maps (a container, dropout, a permutation), and pooling. Maps are compared when somebody
 * asks, and once.
 */
final class ShownMaps {

  private final LayeredModel model;
  private final Map<String, NDArray> maps;
  private final List<String> layers;
  private final Map<String, Boolean> same = new HashMap<>();

  /**
   * Nothing is compared yet.
   *
   * @param model the layers' model
   * @param maps what they show, in the order they run; open as long as somebody asks
   */
  ShownMaps(LayeredModel model, Map<String, NDArray> maps) {
    this.model = model;
    this.maps = maps;
    layers = List.copyOf(maps.keySet());
  }

  /** Whether a layer shows what one before it shows; one without maps shows nothing. */
  boolean isRepeated(String layer) {
    return maps.containsKey(layer) && (repeats(layer) || isPooling(layer));
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
    int place = layers.indexOf(repeated);
    if (place > 0) {
      place--;
    }
    while (repeats(layers.get(place))) {
      place--;
    }
    return layers.get(place);
  }

  /** Whether a layer has the very maps of the one before it. */
  private boolean repeats(String layer) {
    return same.computeIfAbsent(
        layer,
        asked -> {
          int place = layers.indexOf(asked);
          return place > 0 && areEqual(maps.get(asked), maps.get(layers.get(place - 1)));
        });
  }

  private static boolean areEqual(NDArray a, NDArray b) {
    return a.getShape().equals(b.getShape()) && a.contentEquals(b);
  }

  private boolean isPooling(String layer) {
    String type = model.type(layer).toLowerCase(Locale.ROOT);
    boolean container = layers.stream().anyMatch(other -> other.startsWith(layer + "."));
    return !container && (type.contains("pool") || type.contains("dropout"));
  }
}
