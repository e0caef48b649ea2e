package camlab.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import camlab.engine.PyTorch;
import camlab.picture.Preprocessing;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * A network that is a graph of layers, each of which can be run, looked at and changed by itself:
 * one of CamLab's architectures, or any DJL block. A TorchScript file is a program, and no such
 * graph.
 */
public final class LayeredNetwork extends Network {

  private final LayerGraph graph;

  /** What is known of where its weights come from. */
  private final List<Fact> ofWeights;

  LayeredNetwork(
      String name,
      LayerGraph graph,
      Survey survey,
      Outputs outputs,
      Preprocessing preprocessing,
      Stated stated,
      NDManager manager,
      List<Fact> ofWeights) {
    super(name, graph, survey, outputs, preprocessing, stated, manager);
    this.graph = graph;
    this.ofWeights = List.copyOf(ofWeights);
  }

  @Override
  List<Fact> ofWeights() {
    return ofWeights;
  }

  /** {@return the layers one by one, for hooks and for a walk along them} */
  public LayerGraph graph() {
    return graph;
  }

  /**
   * Runs the network as it is when trained (no dropout), and shows every layer's output to a hook.
   *
   * @param input shape (N, C, H, W)
   * @param hook sees every layer's output
   * @return logits, shape (N, classes), in the scope of the input
   */
  public NDArray run(NDArray input, LayerGraph.Hook hook) {
    return taken(input, array -> graph.run(array, hook));
  }

  /**
   * This network with other values for some parameters, as a network of its own. This one is not
   * changed, but has to stay open as long as the other is used: the two share all other parameters.
   *
   * @param values by the names of the graph's parameters, such as {@code features.0.weight}, each
   *     row-major
   * @return the network; the caller closes it, which frees the new values
   * @throws UnknownNameException if there is no such parameter
   * @throws IllegalArgumentException if the number of values differs
   */
  public LayeredNetwork withParameters(Map<String, float[]> values) {
    NDManager scope = PyTorch.newScope(device());
    try {
      Map<String, NDArray> arrays = new HashMap<>();
      values.forEach((name, floats) -> arrays.put(name, scope.create(floats)));
      return new LayeredNetwork(
          name(),
          graph.withValues(arrays),
          survey(),
          outputs(),
          preprocessing(),
          stated(),
          scope,
          othersThan(values.keySet()));
    } catch (RuntimeException | Error e) {
      scope.close();
      throw e;
    }
  }

  /** What is known of the weights, of which some are replaced. */
  private List<Fact> othersThan(Set<String> replaced) {
    return ofWeights.stream()
        .map(
            fact ->
                new Fact(
                    fact.what(),
                    String.format(
                        Locale.ROOT, "%s; %d parameters replaced", fact.value(), replaced.size()),
                    fact.origin(),
                    fact.evidence()))
        .toList();
  }
}
