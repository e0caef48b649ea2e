package camlab.network;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.initializer.Initializer;
import camlab.engine.PyTorch;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * The plan of a network: everything but its weights, its classes and its preprocessing.
 *
 * @param name the field's name, such as {@code AlexNet}
 * @param layers makes the layers anew, without weights; each call gives a graph of its own
 * @param targetLayer the layer whose maps one looks at by default: usually the last one that still
 *     has positions
 * @param stages layers from shallow to deep, one for each size the picture has on its way, the
 *     target layer last: what to choose from to see a network look at several scales
 * @param classes number of logits, at least 1
 * @param pictureSize side of the square picture the network was designed for, in pixels
 */
public record Architecture(
    String name,
    Supplier<LayerGraph> layers,
    String targetLayer,
    List<String> stages,
    int classes,
    int pictureSize) {

  /** Networks are designed for red, green and blue; weights for others have other filters. */
  static final int CHANNELS = 3;

  /**
   * Requires all parts; copies the list.
   *
   * @param name the field's name, such as {@code AlexNet}
   * @param layers makes the layers anew, without weights
   * @param targetLayer the layer whose maps one looks at by default
   * @param stages layers from shallow to deep, one for each size the picture has on its way, the
   *     target layer last
   * @param classes number of logits
   * @param pictureSize side of the square picture the network was designed for, in pixels
   */
  public Architecture {
    if (classes < 1 || pictureSize < 1) {
      throw new IllegalArgumentException(
          "A network has at least 1 class and takes pictures of at least 1 pixel, found %s and %s."
              .formatted(classes, pictureSize));
    }
    stages = List.copyOf(stages);
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(layers, "layers");
    Objects.requireNonNull(targetLayer, "targetLayer");
  }

  /** {@return the shape of one picture as the network takes it, (1, 3, H, W)} */
  public Shape inputShape() {
    return inputShape(CHANNELS);
  }

  private Shape inputShape(int channels) {
    return new Shape(1, channels, pictureSize, pictureSize);
  }

  /**
   * {@return the layers with room for their weights, all zero}
   *
   * @param scope what the weights belong to
   */
  public LayerGraph allocate(NDManager scope) {
    return allocate(scope, CHANNELS);
  }

  /** The same, for pictures of other channels. */
  LayerGraph allocate(NDManager scope, int channels) {
    LayerGraph graph = layers.get();
    // Values follow from a file; random ones would only cost time.
    graph.setInitializer(Initializer.ZEROS, parameter -> true);
    graph.initialize(scope, DataType.FLOAT32, inputShape(channels));
    return graph;
  }

  /**
   * {@return the parameters' names as PyTorch's {@code state_dict} has them, the classifier's last}
   */
  public List<String> parameterNames() {
    return List.copyOf(layers.get().namedParameters().keySet());
  }

  /**
   * {@return the shape of every parameter, by PyTorch's {@code state_dict} names} Takes no room for
   * them.
   */
  public Map<String, long[]> parameterShapes() {
    try (NDManager scope = PyTorch.newScope()) {
      LayerGraph graph = layers.get();
      // One zero, seen through the parameter's shape: VGG-16's would fill half a gigabyte.
      graph.setInitializer(
          (manager, shape, type) -> manager.zeros(new Shape(1), type).broadcast(shape),
          parameter -> true);
      graph.initialize(scope, DataType.FLOAT32, inputShape());
      Map<String, long[]> shapes = new LinkedHashMap<>();
      graph
          .namedParameters()
          .forEach((name, parameter) -> shapes.put(name, parameter.getShape().getShape()));
      return shapes;
    }
  }
}
