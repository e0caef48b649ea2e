package camlab.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.LambdaBlock;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Finds the layers of a graph that end with a ReLU.
 *
 * <p>DJL's own blocks are known by their classes and names. A function without a name, such as what
 * joins the arms of a residual block, is tried on noise: what is affine has no ReLU inside, nor has
 * what equals a sigmoid or another smooth activation; and if f(x) = R(f(x) − f(−x)), then f is the
 * ReLU of something. Anything else may hide one.
 */
final class Rectifiers {

  private static final Set<String> RELUS = Set.of("ReLU", "ReLU6");

  /** DJL's packages of blocks that compute each place from those about it, with no ReLU inside. */
  private static final Set<String> PACKAGES =
      Set.of("ai.djl.nn.convolutional", "ai.djl.nn.core", "ai.djl.nn.norm");

  /** Functions that have none. */
  private static final Set<String> FUNCTIONS =
      Set.of(
          "Add",
          "Concatenate",
          "Flatten",
          "ZeroPad2d",
          "Identity",
          "MaxPool2d",
          "AvgPool2d",
          "AdaptiveAvgPool2d",
          "globalMaxPool2d",
          "sigmoid",
          "Tanh",
          "softPlus",
          "softSign",
          "LeakyReLU",
          "ELU",
          "SELU",
          "GELU",
          "Swish",
          "Mish");

  /** What a function without a name may be, too: smooth everywhere. */
  private static final List<UnaryOperator<NDArray>> SMOOTH =
      List.of(
          Activation::sigmoid,
          Activation::tanh,
          Activation::softPlus,
          Activation::softSign,
          Activation::gelu,
          Activation::mish,
          x -> Activation.swish(x, 1));

  /** Noise on which all of these differ from each other and from a ReLU. */
  private static final float SMALL = 2 / Trial.SCALE;

  /** So many values that their signs cannot all agree by chance. */
  private static final int LEAST = 1000;

  private static final float ROUNDING = 1e-5f;

  private final LayerGraph graph;
  private final Map<String, Shape> shapes;
  private final NDManager scope;
  private final Random random = new Random(1);

  private Rectifiers(LayerGraph graph, Map<String, Shape> shapes, NDManager scope) {
    this.graph = graph;
    this.shapes = shapes;
    this.scope = scope;
  }

  /**
   * The full names of the layers that end with a ReLU, in the order they run.
   *
   * @param input a batch of pictures; its shape is what counts
   * @throws NotApplicableException if a layer may hide one; the message says which
   */
  static Set<String> of(LayerGraph graph, NDArray input) {
    Set<String> names = new LinkedHashSet<>();
    try (NDManager scope = input.getManager().newSubManager()) {
      boolean known = graph.layers().stream().allMatch(Rectifiers::isKnown);
      Map<String, Shape> shapes = known ? Map.of() : graph.allShapes(input);
      Rectifiers rectifiers = new Rectifiers(graph, shapes, scope);
      for (Layer layer : graph.layers()) {
        if (isKnown(layer) ? RELUS.contains(layer.type()) : rectifiers.isOneWhenTried(layer)) {
          names.add(layer.name());
        }
      }
    }
    return names;
  }

  private static boolean isKnown(Layer layer) {
    return layer.block() instanceof LambdaBlock
        ? RELUS.contains(layer.type()) || FUNCTIONS.contains(layer.type())
        : isOfDjl(layer.block());
  }

  /** Whether a block is one of DJL's own layers, of which it is known what they compute. */
  static boolean isOfDjl(Block block) {
    return PACKAGES.contains(block.getClass().getPackageName());
  }

  private boolean isOneWhenTried(Layer layer) {
    if (!(layer.block() instanceof LambdaBlock)) {
      throw refusal(layer, "runs code of its own");
    }
    NDList x = noise(layer);
    NDList y = noise(layer);
    NDList sum = new NDList();
    NDList opposite = new NDList();
    NDList zero = new NDList();
    for (int i = 0; i < x.size(); i++) {
      sum.add(x.get(i).add(y.get(i)));
      opposite.add(x.get(i).neg());
      zero.add(x.get(i).zerosLike());
    }
    NDArray atX = graph.run(layer, x);
    NDArray rest = graph.run(layer, y).sub(graph.run(layer, zero));
    if (Trial.same(graph.run(layer, sum), atX.add(rest), ROUNDING)) {
      return false;
    }
    if (x.size() == 1 && isSmooth(layer, x.head().mul(SMALL))) {
      return false;
    }
    if (Trial.same(atX, atX.sub(graph.run(layer, opposite)).maximum(0), ROUNDING)) {
      return true;
    }
    throw refusal(
        layer, "is a function that is neither a ReLU nor free of one, as far as trials show");
  }

  private boolean isSmooth(Layer layer, NDArray x) {
    NDArray found = graph.run(layer, new NDList(x));
    return found.getShape().equals(x.getShape())
        && SMOOTH.stream().anyMatch(smooth -> Trial.same(found, smooth.apply(x), ROUNDING));
  }

  private NDList noise(Layer layer) {
    NDList noise = new NDList();
    for (String input : layer.inputs()) {
      long[] shape = shapes.get(input).getShape().clone();
      shape[0] = 1;
      shape[0] += LEAST / new Shape(shape).size();
      noise.add(Trial.noise(scope, new Shape(shape), random));
    }
    return noise;
  }

  private static NotApplicableException refusal(Layer layer, String what) {
    return new NotApplicableException(
        "Guided backpropagation changes the gradient at every ReLU, and layer '%s' (%s) may hide one: it %s. Make each ReLU a layer of its own, Activation.reluBlock() in a SequentialBlock."
            .formatted(layer.name(), layer.type(), what));
  }
}
