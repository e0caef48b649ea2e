package camlab.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The part of a network behind a layer, for one picture. What the layers behind need of those
 * beside it (the other arm of a residual block) was kept.
 */
public final class Rest {

  private final LayerGraph graph;
  private final List<String> behind;
  private final Map<String, NDArray> kept;

  /** The layer itself comes first, then what depends on it, in the order it runs. */
  Rest(LayerGraph graph, List<String> behind, Map<String, NDArray> kept) {
    this.graph = graph;
    this.behind = behind;
    this.kept = kept;
  }

  /**
   * Runs what lies behind the layer.
   *
   * @param outputs what the layer shall have put out, shape (n, K, h, w): n variants of one picture
   * @return the logits, shape (n, classes), in the scope of the outputs
   */
  public NDArray run(NDArray outputs) {
    Map<String, NDArray> all = new HashMap<>();
    kept.forEach((name, array) -> all.put(name, repeated(array, outputs)));
    all.put(behind.get(0), outputs);
    for (String name : behind.subList(1, behind.size())) {
      Layer layer = graph.layer(name);
      NDList inputs = new NDList(layer.inputs().size());
      layer.inputs().forEach(input -> inputs.add(all.get(input)));
      all.put(name, graph.run(layer, inputs));
    }
    return all.get(graph.last().name());
  }

  /** The one kept array for each variant, without a copy, in the scope of the outputs. */
  private static NDArray repeated(NDArray array, NDArray outputs) {
    long[] shape = array.getShape().getShape().clone();
    shape[0] = outputs.getShape().get(0);
    NDArray view = array.broadcast(new Shape(shape));
    view.attach(outputs.getManager());
    return view;
  }
}
