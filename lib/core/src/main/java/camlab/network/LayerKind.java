package camlab.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.convolutional.Convolution;
import ai.djl.nn.core.Linear;
import ai.djl.nn.core.Prelu;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.Dropout;
import ai.djl.nn.norm.LayerNorm;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * What a layer is for a method that walks back through a network and has a rule for each kind.
 *
 * <p>DJL's own blocks are known by their classes and names. A function without a name, such as what
 * joins the branches of a block, is tried on noise: it is what it equals there.
 */
public enum LayerKind {
  /** Filters with weights, and a bias or none. */
  CONVOLUTION,
  /** Filters with weights the other way round: along the second axis of the weights the outputs. */
  TRANSPOSED_CONVOLUTION,
  /** A dense layer: weights for each pair of input and output, and a bias or none. */
  DENSE,
  /** A batch norm as it is when trained: a factor and an offset for each channel. */
  BATCH_NORM,
  /** A norm by the values of the picture itself, such as a layer norm. */
  NORM,
  /** A function of each value by itself, such as a ReLU. */
  ACTIVATION,
  /** An activation that others are multiplied by: a sigmoid, or one over something. */
  GATE,
  /** Shares that add up to one along an axis. */
  SOFTMAX,
  /** Hands on the largest of each window. */
  MAXIMUM,
  /** Adds up its inputs. */
  SUM,
  /** Hands its values on as they are, in another shape or side by side; dropout when trained. */
  SAME_VALUES,
  /**
   * An average of each window, or any other function that its derivative is the same for whatever
   * goes in: f(ax + (1 − a)y) = a f(x) + (1 − a) f(y). What it adds by itself is a bias.
   */
  LINEAR,
  /** A product of two inputs, value by value or of matrices: of each by itself a multiple. */
  PRODUCT,
  /** None of these. */
  OTHER;

  private static final Map<String, LayerKind> FUNCTIONS =
      Map.ofEntries(
          Map.entry("Add", SUM),
          Map.entry("Concatenate", SAME_VALUES),
          Map.entry("Flatten", SAME_VALUES),
          Map.entry("Identity", SAME_VALUES),
          Map.entry("MaxPool2d", MAXIMUM),
          Map.entry("globalMaxPool2d", MAXIMUM),
          Map.entry("AvgPool2d", LINEAR),
          Map.entry("AdaptiveAvgPool2d", LINEAR),
          Map.entry("ReLU", ACTIVATION),
          Map.entry("ReLU6", ACTIVATION),
          Map.entry("sigmoid", GATE),
          Map.entry("Tanh", ACTIVATION),
          Map.entry("softPlus", ACTIVATION),
          Map.entry("softSign", ACTIVATION),
          Map.entry("LeakyReLU", ACTIVATION),
          Map.entry("ELU", ACTIVATION),
          Map.entry("SELU", ACTIVATION),
          Map.entry("GELU", ACTIVATION),
          Map.entry("Swish", ACTIVATION),
          Map.entry("Mish", ACTIVATION));

  private static final float ROUNDING = 1e-5f;

  /** {@return whether it has weights that it multiplies what goes in by, each its own} */
  public boolean hasWeights() {
    return this == CONVOLUTION || this == TRANSPOSED_CONVOLUTION || this == DENSE;
  }

  /**
   * What a layer is.
   *
   * @param inputs what it takes; their shapes are what counts
   */
  static LayerKind of(LayerGraph graph, Layer layer, NDList inputs) {
    Block block = layer.block();
    if (block instanceof KnownLayer known) {
      return known.kind();
    }
    if (block instanceof Convolution) {
      return CONVOLUTION;
    }
    if (block instanceof Linear) {
      return DENSE;
    }
    if (block instanceof BatchNorm) {
      return BATCH_NORM;
    }
    if (block instanceof LayerNorm) {
      return NORM;
    }
    if (block instanceof Prelu) {
      return ACTIVATION;
    }
    if (block instanceof Dropout) {
      return SAME_VALUES;
    }
    if (!(block instanceof LambdaBlock)) {
      return OTHER;
    }
    LayerKind known = FUNCTIONS.get(layer.type());
    return known == null ? whenTried(graph, layer, inputs) : known;
  }

  private static LayerKind whenTried(LayerGraph graph, Layer layer, NDList inputs) {
    try (NDManager scope = inputs.head().getManager().newSubManager()) {
      List<Shape> shapes = inputs.stream().map(NDArray::getShape).toList();
      Random random = new Random(1);
      NDList x = noise(scope, shapes, random);
      NDList y = noise(scope, shapes, random);
      NDArray atX = graph.run(layer, x);
      if (shapes.size() > 1 && shapes.stream().distinct().count() == 1 && equal(atX, sum(x))) {
        return SUM;
      }
      if (isJoin(shapes) && equal(atX, NDArrays.concat(x, 1))) {
        return SAME_VALUES;
      }
      NDList both = new NDList();
      for (int i = 0; i < x.size(); i++) {
        both.add(x.get(i).mul(2).sub(y.get(i)));
      }
      NDArray atY = graph.run(layer, y);
      if (equal(graph.run(layer, both), atX.mul(2).sub(atY))) {
        return LINEAR;
      }
      if (x.size() == 2) {
        return isProduct(graph, layer, x, y, atX) ? PRODUCT : OTHER;
      }
      if (x.size() != 1 || !atX.getShape().equals(shapes.get(0))) {
        return OTHER;
      }
      NDArray one =
          Trial.noise(scope, shapes.get(0), random).gt(0).toType(atX.getDataType(), false);
      NDArray byLot = graph.run(layer, new NDList(chosen(one, x.head(), y.head())));
      return equal(byLot, chosen(one, atX, atY)) ? ACTIVATION : OTHER;
    }
  }

  /**
   * Whether f(2p − 3q, r) = 2 f(p, r) − 3 f(q, r), and so for the other input.
   *
   * @param atX f(x)
   */
  private static boolean isProduct(LayerGraph graph, Layer layer, NDList x, NDList y, NDArray atX) {
    for (int i = 0; i < 2; i++) {
      NDList other = new NDList(x);
      other.set(i, y.get(i));
      NDList both = new NDList(x);
      both.set(i, x.get(i).mul(2).sub(y.get(i).mul(3)));
      NDArray expected = atX.mul(2).sub(graph.run(layer, other).mul(3));
      if (!equal(graph.run(layer, both), expected)) {
        return false;
      }
    }
    return true;
  }

  /** The first where there is a one, the second where there is a zero. */
  private static NDArray chosen(NDArray one, NDArray first, NDArray second) {
    return first.mul(one).add(second.mul(one.neg().add(1)));
  }

  /** Whether arrays can be joined along their channels. */
  private static boolean isJoin(List<Shape> shapes) {
    return shapes.size() > 1
        && shapes.stream()
                .map(shape -> new Shape(shape.get(0), shape.dimension()).addAll(shape.slice(2)))
                .distinct()
                .count()
            == 1;
  }

  private static boolean equal(NDArray found, NDArray expected) {
    return found.getShape().equals(expected.getShape()) && Trial.same(found, expected, ROUNDING);
  }

  private static NDArray sum(NDList arrays) {
    return arrays.stream().reduce(NDArray::add).orElseThrow();
  }

  private static NDList noise(NDManager scope, List<Shape> shapes, Random random) {
    NDList noise = new NDList();
    shapes.forEach(shape -> noise.add(Trial.noise(scope, shape, random)));
    return noise;
  }
}
