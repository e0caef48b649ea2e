package camlab.cam;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import camlab.capture.Autograd;
import camlab.capture.Recording;
import camlab.capture.Target;
import camlab.network.Layer;
import camlab.network.LayerGraph;
import camlab.network.Network;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Guided backpropagation: the gradient at the input, where every ReLU lets through only what is
 * positive on the way back too. It shows fine structure, and as it hardly depends on the class, it
 * is best read as "what the network saw" and not as "why".
 *
 * <p>At a ReLU with input z: g<sub>in</sub> = g<sub>out</sub> ⊙ [z &gt; 0] ⊙ [g<sub>out</sub> &gt;
 * 0]; everywhere else the gradient as it is. The map is the largest magnitude of the three colours.
 *
 * <p>The network is walked backward layer by layer, each layer's gradient worked out by itself, so
 * that nothing in the network is replaced, whatever its paths. For that it must be a graph of
 * layers: a TorchScript file is refused.
 *
 * <p>Source: J. T. Springenberg et al., "Striving for Simplicity: The All Convolutional Net", ICLR
 * Workshop 2015, section 3.4.
 */
public final class GuidedBackpropagation extends PixelMethod {

  private static final String RELU = "ReLU";

  @Override
  public String name() {
    return "Guided backpropagation";
  }

  @Override
  NDArray attribution(NDArray input, Recording recording, String layer, Target target) {
    return guidedGradient(recording.network(), input, target);
  }

  /** The guided gradient at an input of shape (N, 3, H, W); the same shape, in its scope. */
  static NDArray guidedGradient(Network network, NDArray input, Target target) {
    LayerGraph graph = network.graph();
    try (NDManager scope = input.getManager().newSubManager()) {
      NDArray entering = input.stopGradient();
      entering.attach(scope);
      Map<String, NDArray> outputs = new HashMap<>(Map.of(LayerGraph.INPUT, entering));
      NDArray logits =
          graph.run(
              entering,
              (layer, output) -> {
                outputs.put(layer.name(), output);
                return output;
              });
      Map<String, NDArray> gradients = new HashMap<>();
      gradients.put(graph.last().name(), gradientAtLogits(network, logits, target));
      List<Layer> backward = new ArrayList<>(graph.layers());
      Collections.reverse(backward);
      for (Layer layer : backward) {
        NDArray gradient = gradients.remove(layer.name());
        NDList before = before(graph, layer, outputs, gradient);
        for (int i = 0; i < before.size(); i++) {
          gradients.merge(layer.inputs().get(i), before.get(i), NDArray::add);
        }
      }
      NDArray found = gradients.get(LayerGraph.INPUT);
      found.attach(input.getManager());
      return found;
    }
  }

  private static NDArray gradientAtLogits(Network network, NDArray logits, Target target) {
    return Autograd.gradients(
            new NDList(logits),
            leaves -> target.sum(leaves.head(), network.classes()),
            logits.getManager().create(1f))
        .head();
  }

  /** The gradients at a layer's inputs, from the one at its output, which is freed. */
  private static NDList before(
      LayerGraph graph, Layer layer, Map<String, NDArray> outputs, NDArray gradient) {
    NDManager scope = gradient.getManager();
    try (NDManager step = scope.newSubManager()) {
      NDList inputs = new NDList(layer.inputs().size());
      layer.inputs().forEach(name -> inputs.add(outputs.get(name).stopGradient()));
      inputs.attach(step);
      gradient.attach(step);
      NDArray guided = layer.type().equals(RELU) ? LayerMethod.relu(gradient) : gradient;
      NDList before = Autograd.gradients(inputs, leaves -> graph.run(layer, leaves), guided);
      before.attach(scope);
      return before;
    }
  }
}
