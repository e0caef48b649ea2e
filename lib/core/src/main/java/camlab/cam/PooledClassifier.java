package camlab.cam;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import camlab.network.Layer;
import camlab.network.LayerGraph;
import camlab.network.Network;
import camlab.network.NotApplicableException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The end of a network that averages each channel over all its positions and has one linear layer,
 * behind the average or (as 1×1 filters) before it.
 *
 * @param averaged the name of the layer whose channels the linear layer weighs
 * @param weights the linear layer's weights, shape (classes, K) or (classes, K, 1, 1); belongs to
 *     the network
 */
record PooledClassifier(String averaged, NDArray weights) implements ClassWeights {

  private static final String POOLING = "AdaptiveAvgPool2d";

  /** Layers that leave values as they are, once a network is trained. */
  static final List<String> NEUTRAL = List.of("Flatten", "Dropout", "Identity");

  /**
   * The pooled classifier of a network, where its layers show one by their types.
   *
   * @return empty also for a network that is no graph of layers
   */
  static Optional<PooledClassifier> of(Network network) {
    if (!(network.model() instanceof LayerGraph graph)) {
      return Optional.empty();
    }
    Map<String, Shape> shapes = graph.outputShapes(network.inputShape());
    List<Layer> end = end(graph);
    if (endsWith(end, "Linear", POOLING) && onePosition(end.get(1), shapes)) {
      return Optional.of(new PooledClassifier(end.get(2).name(), weights(graph, end.get(0))));
    }
    if (endsWith(end, POOLING, "ReLU", "Conv2d")
        && onePosition(end.get(0), shapes)
        && onePosition(weights(graph, end.get(2)).getShape())) {
      return Optional.of(new PooledClassifier(end.get(3).name(), weights(graph, end.get(2))));
    }
    return Optional.empty();
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

  /** DJL's own pooling leaves no positions at all. */
  private static boolean onePosition(Shape shape) {
    return shape.stream().skip(2).allMatch(dimension -> dimension.getKey() == 1);
  }

  /** As the graph runs with them: they may have been replaced. */
  private static NDArray weights(LayerGraph graph, Layer linear) {
    return graph.value(linear.name() + ".weight");
  }

  /**
   * Requires the averaged layer.
   *
   * @param resolved the full name of the layer that was asked for
   */
  void requireAveraged(String resolved) {
    if (!resolved.equals(averaged)) {
      throw new NotApplicableException(
          "CAM exists at the layer that is averaged only, '%s', found '%s'. Grad-CAM works at any layer with positions."
              .formatted(averaged, resolved));
    }
  }

  @Override
  public NDArray ofClass(int index, NDManager scope) {
    NDArray row = weights.get(scope, index);
    return row.reshape(-1, 1, 1);
  }
}
