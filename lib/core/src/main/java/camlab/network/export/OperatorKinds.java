package camlab.network.export;

import camlab.network.LayerKind;
import camlab.network.export.Graph.Node;
import java.util.Optional;
import java.util.Set;

/** What each operator of PyTorch is for a method that has a rule for each kind of layer. */
final class OperatorKinds {

  private static final Set<String> BY_VALUE =
      Set.of(
          "relu",
          "relu6",
          "hardtanh",
          "clamp",
          "clamp_min",
          "clamp_max",
          "threshold",
          "maximum",
          "minimum",
          "silu",
          "gelu",
          "hardswish",
          "mish",
          "leaky_relu",
          "prelu",
          "elu",
          "selu",
          "celu",
          "tanh",
          "softplus",
          "log_sigmoid",
          "softsign",
          "tanhshrink",
          "hardshrink",
          "softshrink",
          "pow",
          "square",
          "sqrt",
          "exp",
          "log",
          "abs",
          "erf",
          "sin",
          "cos");

  /** Others are multiplied by what they put out: shares of one, or one over a size. */
  private static final Set<String> GATES = Set.of("sigmoid", "hardsigmoid", "rsqrt", "reciprocal");

  /** They hand on values, in another shape, order or place, once or several times. */
  private static final Set<String> SAME_VALUES =
      Set.of(
          "view",
          "_unsafe_view",
          "reshape",
          "view_as",
          "reshape_as",
          "flatten",
          "unflatten",
          "permute",
          "transpose",
          "swapaxes",
          "movedim",
          "t",
          "numpy_T",
          "squeeze",
          "unsqueeze",
          "slice",
          "select",
          "narrow",
          "split",
          "split_with_sizes",
          "tensor_split",
          "chunk",
          "unbind",
          "index",
          "index_select",
          "expand",
          "expand_as",
          "repeat",
          "cat",
          "concat",
          "stack",
          "roll",
          "flip",
          "pixel_shuffle",
          "pixel_unshuffle",
          "channel_shuffle",
          "im2col",
          "unfold",
          "to",
          "_to_copy",
          "type_as");

  private static final Set<String> LINEAR =
      Set.of(
          "add",
          "sub",
          "rsub",
          "neg",
          "mean",
          "sum",
          "avg_pool1d",
          "avg_pool2d",
          "avg_pool3d",
          "adaptive_avg_pool1d",
          "adaptive_avg_pool2d",
          "_adaptive_avg_pool2d",
          "adaptive_avg_pool3d",
          "col2im",
          "cumsum",
          "where",
          "masked_fill");

  private static final Set<String> LARGEST =
      Set.of(
          "max_pool1d",
          "max_pool2d",
          "max_pool2d_with_indices",
          "max_pool3d",
          "adaptive_max_pool1d",
          "adaptive_max_pool2d",
          "amax");

  private static final Set<String> PRODUCTS = Set.of("mul", "matmul", "mm", "bmm", "einsum");

  /** Of the tensors behind the first one they ask for the shape, the type or a yes or no alone. */
  private static final Set<String> LIKE_THE_SECOND =
      Set.of("view_as", "reshape_as", "expand_as", "type_as", "masked_fill");

  /** They say yes or no; from one value to the next that changes nothing. */
  private static final Set<String> YES_OR_NO =
      Set.of(
          "eq",
          "ne",
          "lt",
          "le",
          "gt",
          "ge",
          "logical_not",
          "logical_and",
          "logical_or",
          "bitwise_not",
          "any",
          "all",
          "isinf",
          "isnan");

  /** They ask for the shape and the type of a tensor alone. */
  private static final Set<String> LIKE_THE_FIRST =
      Set.of(
          "zeros_like",
          "ones_like",
          "full_like",
          "empty_like",
          "new_zeros",
          "new_ones",
          "new_full",
          "new_empty");

  private OperatorKinds() {}

  /**
   * Whether an operator asks for the values of a tensor it is given.
   *
   * @param operator its name
   * @param place which of its arguments the tensor is, from 0
   */
  static boolean asksForValues(String operator, int place) {
    if (LIKE_THE_FIRST.contains(operator) || YES_OR_NO.contains(operator)) {
      return false;
    }
    return place == 0 ? !operator.equals("where") : !LIKE_THE_SECOND.contains(operator);
  }

  /**
   * What a call is.
   *
   * @param operator what it calls
   * @param node the call
   * @param layers how many values that other layers made it is given
   * @param firstIsLayer whether the first argument is one of them
   * @return empty if there is no rule for it
   */
  static Optional<LayerKind> of(String operator, Node node, int layers, boolean firstIsLayer) {
    if (BY_VALUE.contains(operator)) {
      return onlyOne(layers, LayerKind.ACTIVATION);
    }
    if (GATES.contains(operator)) {
      return Optional.of(LayerKind.GATE);
    }
    if (SAME_VALUES.contains(operator)) {
      boolean joined = Set.of("cat", "concat", "stack").contains(operator);
      return joined ? Optional.of(LayerKind.SAME_VALUES) : onlyOne(layers, LayerKind.SAME_VALUES);
    }
    if (LINEAR.contains(operator) || operator.matches("_?upsample_\\w+")) {
      return Optional.of(LayerKind.LINEAR);
    }
    if (LARGEST.contains(operator)) {
      return Optional.of(LayerKind.MAXIMUM);
    }
    if (PRODUCTS.contains(operator)) {
      return layers == 2 ? Optional.of(LayerKind.PRODUCT) : onlyOne(layers, LayerKind.LINEAR);
    }
    return switch (operator) {
      case "div" ->
          onlyOne(layers, firstIsLayer ? LayerKind.LINEAR : LayerKind.GATE)
              .filter(kind -> node.argument("rounding_mode").isEmpty());
      case "max" ->
          node.argument("dim").isPresent() ? onlyOne(layers, LayerKind.MAXIMUM) : Optional.empty();
      case "addmm", "baddbmm", "addcmul" -> onlyOne(layers, LayerKind.LINEAR);
      // What stands at the edges then is a bias.
      case "constant_pad_nd", "pad" -> onlyOne(layers, LayerKind.LINEAR);
      default -> Optional.empty();
    };
  }

  private static Optional<LayerKind> onlyOne(int layers, LayerKind kind) {
    return layers == 1 ? Optional.of(kind) : Optional.empty();
  }
}
