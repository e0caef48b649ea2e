package camlab.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The layers of a graph behind one of them. What they need of those beside it (the other arm of a
 * residual block) was kept, so that nothing else runs again.
 *
 * @param graph the whole network
 * @param behind the layer itself, then what depends on it, in the order it runs
 * @param kept the outputs of the layers beside it, for one picture
 */
record RestOfGraph(LayerGraph graph, List<String> behind, Map<String, NDArray> kept)
    implements Rest {

  @Override
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
