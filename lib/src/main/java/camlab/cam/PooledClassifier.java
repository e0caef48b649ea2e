package camlab.cam;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import camlab.network.Layer;
import camlab.network.LayerGraph;
import camlab.network.Network;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The end of a network that averages each channel over all its positions and has one linear layer,
 * behind the average or (as 1×1 filters) before it.
 *
 * @param averaged the name of the layer whose channels the linear layer weighs
 * @param weights the linear layer's weights, shape (classes, K) or (classes, K, 1, 1); belongs to
 *     the network
 */
record PooledClassifier(String averaged, NDArray weights) {

  private static final String POOLING = "AdaptiveAvgPool2d";

  /** Layers that leave values as they are, once a network is trained. */
  private static final List<String> NEUTRAL = List.of("Flatten", "Dropout");

  private static final int SHOWN = 6;

  /**
   * The pooled classifier of a network.
   *
   * @throws UnsupportedOperationException with the reason, if the network ends otherwise
   */
  static PooledClassifier of(Network network) {
    int side = network.preprocessing().crop();
    Map<String, Shape> shapes = network.graph().outputShapes(new Shape(1, 3, side, side));
    List<Layer> end = end(network.graph());
    if (endsWith(end, "Linear", POOLING) && onePosition(end.get(1), shapes)) {
      return new PooledClassifier(end.get(2).name(), weights(network.graph(), end.get(0)));
    }
    if (endsWith(end, POOLING, "ReLU", "Conv2d")
        && onePosition(end.get(0), shapes)
        && onePosition(weights(network.graph(), end.get(2)).getShape())) {
      return new PooledClassifier(end.get(3).name(), weights(network.graph(), end.get(2)));
    }
    throw new UnsupportedOperationException(
        "CAM needs a network whose channels are averaged over all positions next to a single linear layer, since it takes that layer's weights. %s ends with %s. Grad-CAM asks for no particular ending."
            .formatted(network.name(), described(end, shapes)));
  }

  /** The last layers but the neutral ones, from the last one back to one with several inputs. */
  private static List<Layer> end(LayerGraph graph) {
    List<Layer> end = new ArrayList<>();
    Layer layer = graph.last();
    while (true) {
      if (!NEUTRAL.contains(layer.type())) {
        end.add(layer);
      }
      if (layer.inputs().size() > 1 || layer.inputs().contains(LayerGraph.INPUT)) {
        return end;
      }
      layer = graph.layer(layer.inputs().get(0));
    }
  }

  private static boolean endsWith(List<Layer> end, String... types) {
    return end.size() > types.length
        && end.stream().limit(types.length).map(Layer::type).toList().equals(List.of(types));
  }

  private static boolean onePosition(Layer layer, Map<String, Shape> shapes) {
    return onePosition(shapes.get(layer.name()));
  }

  private static boolean onePosition(Shape shape) {
    return shape.get(2) == 1 && shape.get(3) == 1;
  }

  /** As the graph runs with them: they may have been replaced. */
  private static NDArray weights(LayerGraph graph, Layer linear) {
    return graph.value(linear.name() + ".weight");
  }

  private static String described(List<Layer> end, Map<String, Shape> shapes) {
    List<String> last =
        end.stream()
            .limit(SHOWN)
            .map(layer -> "%s (%s, %s)".formatted(layer.name(), layer.type(), size(layer, shapes)))
            .collect(Collectors.toCollection(ArrayList::new));
    Collections.reverse(last);
    return String.join(", ", last);
  }

  private static String size(Layer layer, Map<String, Shape> shapes) {
    return shapes.get(layer.name()).stream()
        .skip(1)
        .map(dimension -> String.valueOf(dimension.getKey()))
        .collect(Collectors.joining("×"));
  }

  /**
   * Requires the averaged layer.
   *
   * @param resolved the full name of the layer that was asked for
   */
  void requireAveraged(String resolved) {
    if (!resolved.equals(averaged)) {
      throw new UnsupportedOperationException(
          "CAM exists at the layer that is averaged only, '%s', found '%s'. Grad-CAM works at any layer with positions."
              .formatted(averaged, resolved));
    }
  }

  /** The weights of one class, shape (K, 1, 1), in the given scope. */
  NDArray ofClass(int index, NDManager scope) {
    NDArray row = weights.get(scope, index);
    return row.reshape(-1, 1, 1);
  }
}
