package camlab.cam;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import camlab.capture.Recording;
import camlab.capture.Target;
import camlab.engine.PyTorch;
import camlab.heatmap.Heatmap;
import camlab.network.Layer;
import camlab.network.LayerGraph;
import camlab.network.LayeredNetwork;
import camlab.network.Layout;
import camlab.network.Network;
import camlab.network.NotApplicableException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * FullGrad: the score, shared out among the pixels and the biases of all layers.
 *
 * <p>In a network of linear layers and ReLUs y = Σ (∂y/∂x ⊙ x) + Σ<sub>l</sub> Σ (∂y/∂z<sub>l</sub>
 * ⊙ b<sub>l</sub>), exactly, with z<sub>l</sub> what layer l puts out and b<sub>l</sub> its bias:
 * what it puts out for nothing. (That of a batch norm holds its mean and deviation, too.) map =
 * ψ(∂y/∂x ⊙ x) + Σ<sub>l</sub> ψ(∂y/∂z<sub>l</sub> ⊙ b<sub>l</sub>) over the layers with positions;
 * ψ takes the absolute values, scales them to [0, 1] by the least and the largest of all channels
 * together, resizes them bilinearly to the picture and adds up the channels.
 *
 * <p>Values of at least 0 at the input's resolution, whatever layer is asked for. Four forward
 * passes, the recording included and one of them layer by layer, and one backward pass; of an
 * exported program two forward passes, since its biases stand in the file. What a layer adds has to
 * be known, as it is of a network of blocks and of an exported program whose linear operators are
 * modules of their own.
 *
 * <p>Source: S. Srinivas, F. Fleuret, "Full-Gradient Representation for Neural Network
 * Visualization", NeurIPS 2019; ψ scales as in the authors' own program. (The package grad-cam
 * 1.5.7 scales each channel by itself.)
 */
public final class FullGrad implements CamMethod {

  /** How far the shares may miss the score, as a share of what they are added up of. */
  private static final double ROUNDING = 1e-3;

  @Override
  public String name() {
    return "FullGrad";
  }

  /** {@inheritDoc} No layer is looked at more than another, so none is needed. */
  @Override
  public String defaultLayer(Network network) {
    return LayerGraph.INPUT;
  }

  /**
   * {@inheritDoc}
   *
   * @throws NotApplicableException with the reason, if the network's layers are not known one by
   *     one, or if the shares do not add up to the score: the network has a layer that is neither
   *     linear nor a ReLU, such as a sigmoid, or the score is not a sum of logits
   */
  @Override
  public List<Heatmap> heatmaps(Recording recording, String layer, Target target) {
    Network network = recording.network();
    Target settled = PixelMethod.settled(recording, target);
    try (NDManager scope = recording.input().getManager().newSubManager()) {
      NDArray input = recording.input();
      input.attach(scope);
      Map<String, NDArray> biases =
          network instanceof LayeredNetwork layered
              ? biases(layered.graph(), input, scope)
              : told(network, scope);
      Map<String, Optional<Layout>> layouts = network.layouts(biases.keySet());
      List<String> hooked = new ArrayList<>(biases.keySet());
      hooked.add(LayerGraph.INPUT);
      try (Recording pass = Recording.of(network, input, hooked)) {
        Shares shares = new Shares(input);
        NDArray own = pass.outputGradient(LayerGraph.INPUT, settled).mul(input);
        shares.add(own, Optional.of(Layout.CHANNELS_FIRST));
        biases.forEach(
            (name, bias) ->
                shares.add(pass.outputGradient(name, settled).mul(bias), layouts.get(name)));
        return shares.heatmaps(recording, target);
      }
    }
  }

  private static Map<String, NDArray> told(Network network, NDManager scope) {
    return network
        .model()
        .biases(scope)
        .orElseThrow(
            () ->
                new NotApplicableException(
                    "FullGrad asks each layer for its bias, and '%s' does not tell it. Take a network of blocks or a file of torch.export, or gradient saliency, which asks for the input alone."
                        .formatted(network.name())));
  }

  /** What each layer puts out for nothing, shape (1, …); of those only that put something out. */
  static Map<String, NDArray> biases(LayerGraph graph, NDArray input, NDManager scope) {
    NDArray picture = input.get("0:1");
    Map<String, Shape> shapes = new LinkedHashMap<>(graph.shapes(picture));
    shapes.put(LayerGraph.INPUT, picture.getShape());
    Map<String, NDArray> biases = new LinkedHashMap<>();
    for (Layer layer : graph.layers()) {
      try (NDManager pass = scope.newSubManager()) {
        NDList nothing = new NDList();
        layer.inputs().forEach(name -> nothing.add(pass.zeros(shapes.get(name))));
        NDArray bias = graph.run(layer, nothing);
        if (bias.abs().max().getFloat() > 0) {
          bias.attach(scope);
          biases.put(layer.name(), bias);
        }
      }
    }
    return biases;
  }

  /** The shares of several pictures, and their sums. */
  private static final class Shares {

    private final long height;
    private final long width;
    private final NDArray map;
    private final double[] sums;
    private final double[] magnitudes;

    Shares(NDArray input) {
      Shape shape = input.getShape();
      height = shape.get(2);
      width = shape.get(3);
      map = input.getManager().zeros(new Shape(shape.get(0), height, width));
      sums = new double[(int) shape.get(0)];
      magnitudes = new double[sums.length];
    }

    /** Adds those of a layer; they are in the map if it has positions. */
    void add(NDArray shares, Optional<Layout> layout) {
      NDArray flat = shares.toType(DataType.FLOAT64, false).reshape(sums.length, -1);
      double[] each = flat.sum(new int[] {1}).toDoubleArray();
      for (int i = 0; i < sums.length; i++) {
        sums[i] += each[i];
        magnitudes[i] += Math.abs(each[i]);
      }
      if (layout.isPresent() && layout.get().hasPositions()) {
        NDArray scaled = LayerMethod.scaled(layout.get().maps(shares).abs());
        map.addi(LayerMethod.sumOverChannels(PyTorch.resized(scaled, height, width)));
      }
    }

    List<Heatmap> heatmaps(Recording recording, Target target) {
      List<Heatmap> heatmaps = new ArrayList<>(sums.length);
      for (int i = 0; i < sums.length; i++) {
        requireComplete(recording.score(target, i), i);
        heatmaps.add(
            Heatmap.of(
                (int) height,
                (int) width,
                map.get(i).toFloatArray(),
                recording.provenance("FullGrad", LayerGraph.INPUT, target, i)));
      }
      return List.copyOf(heatmaps);
    }

    private void requireComplete(double score, int picture) {
      if (Math.abs(sums[picture] - score) > ROUNDING * magnitudes[picture]) {
        throw new NotApplicableException(
            String.format(
                Locale.ROOT,
                "FullGrad shares out the score among the pixels and the biases, but here the shares add up to %.4g and the score is %.4g: a layer is neither linear nor a ReLU, or the score is not a sum of logits. Integrated gradients ask for neither.",
                sums[picture],
                score));
      }
    }
  }
}
