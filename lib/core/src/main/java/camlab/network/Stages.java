package camlab.network;

import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Which layers of a network to look at, where nobody has said so. */
final class Stages {

  private static final int DIMENSIONS = 4;

  private Stages() {}

  /**
   * For each size the picture has on its way the last layer of that size. Left out are pooling and
   * dropout, which show what the layer before them shows, and maps that are already one for each
   * class.
   *
   * @param model the layers
   * @param shapes the shapes they put out, in the order they end
   * @param classes number of logits
   * @return the layers' names from shallow to deep; none if no layer's output has positions
   */
  static List<String> of(LayeredModel model, Map<String, Shape> shapes, int classes) {
    List<String> names = List.copyOf(shapes.keySet());
    List<String> stages = new ArrayList<>();
    String type = "";
    for (String name : names) {
      boolean container = names.stream().anyMatch(inner -> inner.startsWith(name + "."));
      // What a container puts out is what the last layer inside it has put out.
      type = container ? type : model.type(name).toLowerCase(Locale.ROOT);
      if (!isMap(shapes.get(name), classes) || type.contains("pool") || type.contains("dropout")) {
        continue;
      }
      int last = stages.size() - 1;
      if (last >= 0 && sameSize(shapes.get(stages.get(last)), shapes.get(name))) {
        stages.remove(last);
      }
      stages.add(name);
    }
    return List.copyOf(stages);
  }

  private static boolean isMap(Shape shape, int classes) {
    return shape.dimension() == DIMENSIONS
        && shape.get(2) * shape.get(3) > 1
        && shape.get(1) != classes;
  }

  private static boolean sameSize(Shape a, Shape b) {
    return a.get(2) == b.get(2) && a.get(3) == b.get(3);
  }
}
