package camlab.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.nn.Block;
import ai.djl.nn.convolutional.Convolution;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.Dropout;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The end of a graph where each of many classes has a filter of its own, and all that comes behind
 * takes each class by itself. The logit of one class needs its one filter then, and so does the
 * gradient of that logit, which an engine works out from the gradients at all filters, zeros but
 * for one.
 *
 * @param graph the whole network
 * @param layers the one with the filters, and all that run behind it
 */
record ClassEnd(LayerGraph graph, List<Layer> layers) {

  /** Of fewer classes little is saved. */
  private static final int MANY = 100;

  /** Functions that take each channel by itself, whatever their number. */
  private static final Set<String> BY_CHANNEL =
      Set.of("ReLU", "ReLU6", "AdaptiveAvgPool2d", "Flatten", "Identity");

  /**
   * {@return the end of a graph, if it is of this kind}
   *
   * @param graph the whole network
   */
  static Optional<ClassEnd> of(LayerGraph graph) {
    ArrayDeque<Layer> layers = new ArrayDeque<>();
    Layer layer = graph.last();
    while (layer.inputs().size() == 1 && !layer.inputs().contains(LayerGraph.INPUT)) {
      layers.addFirst(layer);
      if (hasFilters(layer.block())) {
        return Optional.of(new ClassEnd(graph, List.copyOf(layers)));
      }
      boolean byChannel = layer.block() instanceof Dropout || BY_CHANNEL.contains(layer.type());
      if (!byChannel) {
        return Optional.empty();
      }
      layer = graph.layer(layer.inputs().get(0));
    }
    return Optional.empty();
  }

  private static boolean hasFilters(Block block) {
    boolean plain =
        block instanceof Linear
            || (block instanceof Convolution convolution && convolution.getGroups() <= 1);
    return plain
        && block.getDirectParameters().values().stream()
            .allMatch(parameter -> parameter.getShape().get(0) >= MANY);
  }

  /** The name of what the filters take. */
  String entering() {
    return layers.get(0).inputs().get(0);
  }

  /** Whether one of the layers is among those of the given names. */
  boolean holds(Set<String> names) {
    return layers.stream().map(Layer::name).anyMatch(names::contains);
  }

  /**
   * {@return the logit of one class, shape (N)}
   *
   * @param entering what the filters take, for N pictures
   * @param index the class, from 0
   */
  NDArray logit(NDArray entering, int index) {
    NDIndex one = new NDIndex("{}:{}", index, index + 1);
    FrozenParameters parameters =
        new FrozenParameters(
            entering.getManager(),
            parameter -> {
              NDArray all = graph.value(parameter).stopGradient();
              all.attach(entering.getManager());
              return all.get(one);
            });
    NDList arrays = new NDList(entering);
    for (Layer layer : layers) {
      arrays = layer.block().forward(parameters, arrays, false);
    }
    return arrays.head().flatten();
  }
}
