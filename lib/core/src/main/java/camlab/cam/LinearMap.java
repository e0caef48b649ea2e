package camlab.cam;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import camlab.capture.Autograd;
import camlab.network.Layer;
import camlab.network.LayerGraph;
import camlab.network.LayerKind;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A convolution or a dense layer as the map x → wx + b that it is, to be run with other weights. A
 * batch norm that alone takes what it puts out is part of it: its factors are in w, its offsets in
 * b.
 */
final class LinearMap {

  private final LayerGraph graph;
  private final Layer layer;
  private final NDArray weight;
  private final NDArray bias;
  private final NDArray output;

  /** Along which axis of the weights the outputs are. */
  private final int outputs;

  private LinearMap(
      LayerGraph graph, Layer layer, int outputs, NDArray weight, NDArray bias, NDArray output) {
    this.graph = graph;
    this.layer = layer;
    this.outputs = outputs;
    this.weight = weight;
    this.bias = bias;
    this.output = output;
  }

  /**
   * The map of a layer with weights.
   *
   * @param walk the network it is in
   * @param step the layer; what is worked out belongs to the scope of its arrays
   */
  static LinearMap of(LayerWalk walk, LayerWalk.Step step) {
    NDManager scope = step.output().getManager();
    LayerGraph graph = walk.graph();
    Layer layer = step.layer();
    NDArray weight = view(graph.value(layer.name() + ".weight"), scope);
    Shape outputs = step.output().getShape();
    NDArray bias =
        hasBias(layer)
            ? view(graph.value(layer.name() + ".bias"), scope)
            : scope.zeros(
                new Shape(outputs.get(channels(weight, outputs.dimension()))),
                weight.getDataType());
    int axis = step.kind() == LayerKind.TRANSPOSED_CONVOLUTION ? 1 : 0;
    LinearMap map = new LinearMap(graph, layer, axis, weight, bias, step.output());
    Optional<LayerWalk.Step> norm =
        walk.only(step).filter(next -> next.kind() == LayerKind.BATCH_NORM);
    return norm.filter(next -> map.isByOutput()).map(map::behind).orElse(map);
  }

  /** Whether each output has weights of its own: of a transposed convolution in groups none has. */
  private boolean isByOutput() {
    return weight.getShape().get(outputs) == bias.size();
  }

  /** The map and a batch norm behind it. */
  private LinearMap behind(LayerWalk.Step norm) {
    NDManager scope = weight.getManager();
    NDArray nothing = scope.zeros(along(1, output.getShape().dimension()));
    NDArray offset = graph.run(norm.layer(), new NDList(nothing)).flatten();
    NDArray factor =
        Autograd.gradients(new NDList(nothing), x -> graph.run(norm.layer(), x), nothing.onesLike())
            .head()
            .flatten();
    return new LinearMap(
        graph,
        layer,
        outputs,
        weight.mul(factor.reshape(along(outputs, weight.getShape().dimension()))),
        bias.mul(factor).add(offset),
        view(norm.output(), scope));
  }

  /** The shape of one value for each output along one axis of an array. */
  private Shape along(int axis, int dimensions) {
    long[] shape = new long[dimensions];
    Arrays.fill(shape, 1);
    shape[axis] = bias.size();
    return new Shape(shape);
  }

  private static boolean hasBias(Layer layer) {
    return layer.block().getDirectParameters().contains("bias");
  }

  private static NDArray view(NDArray array, NDManager scope) {
    NDArray view = array.stopGradient();
    view.attach(scope);
    return view.toType(DataType.FLOAT32, false);
  }

  /** {@return w, its first dimension the outputs'} */
  NDArray weight() {
    return weight;
  }

  /** {@return b, one for each output or channel; zeros for a layer without} */
  NDArray bias() {
    return bias;
  }

  /**
   * {@return z = wx + b, as the network put it out} Worked out anew with the product of two layers
   * it would be rounded otherwise, and where it is next to zero the quotient with what came of it
   * would be anything.
   */
  NDArray output() {
    return output;
  }

  /**
   * {@return the map with other weights and another bias, at an input}
   *
   * @param input x, in the scope of the map
   * @param weights w, of the shape of {@link #weight}
   * @param added b, of the shape of {@link #bias}
   */
  Term term(NDArray input, NDArray weights, NDArray added) {
    NDArray leaf = input.stopGradient();
    leaf.setRequiresGradient(true);
    Map<String, NDArray> values = new HashMap<>(Map.of(layer.name() + ".weight", weights));
    if (hasBias(layer)) {
      values.put(layer.name() + ".bias", bias.zerosLike());
    }
    LayerGraph changed = graph.withValues(values);
    NDArray product = Autograd.recorded(() -> changed.run(layer, new NDList(leaf)));
    int dimensions = product.getShape().dimension();
    NDArray offset = added.reshape(along(channels(weights, dimensions), dimensions));
    NDArray value = product.stopGradient().add(offset);
    return new Term(input, leaf, product, value);
  }

  /** The axis of the outputs' channels: the last one behind a dense layer, else the second. */
  private static int channels(NDArray weights, int dimensions) {
    boolean dense = weights.getShape().dimension() == 2;
    return dense ? dimensions - 1 : 1;
  }

  /** {@return the map with other weights and no bias, at an input} */
  Term term(NDArray input, NDArray weights) {
    return term(input, weights, bias.zerosLike());
  }

  /**
   * What the map makes of an input, and the way back.
   *
   * @param input x
   * @param leaf x, where the gradient arrives
   * @param product wx, recorded
   * @param value wx + b
   */
  record Term(NDArray input, NDArray leaf, NDArray product, NDArray value) {

    /**
     * {@return wᵀs} To be asked for once: the next answer would be added to the first.
     *
     * @param behind s, of the shape of wx
     */
    NDArray back(NDArray behind) {
      Autograd.backward(product, behind);
      return leaf.getGradient();
    }

    /**
     * {@return x ⊙ wᵀs: what each input adds to Σ s ⊙ wx} To be asked for once.
     *
     * @param behind s, of the shape of wx
     */
    NDArray shares(NDArray behind) {
      return input.mul(back(behind));
    }
  }
}
