package camlab.network.export;

import camlab.network.LayerKind;
import camlab.network.program.Graph.Node;
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
          "clip",
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
          "rrelu",
          "nan_to_num",
          "pow",
          "square",
          "sqrt",
          "exp",
          "exp2",
          "expm1",
          "log",
          "log2",
          "log10",
          "log1p",
          "abs",
          "absolute",
          "sign",
          "erf",
          "erfc",
          "sin",
          "cos",
          "tan",
          "atan",
          "sinh",
          "cosh",
          "asinh");

  /** Others are multiplied by what they put out: shares of one, or one over a size. */
  private static final Set<String> GATES =
      Set.of("sigmoid", "special_expit", "hardsigmoid", "rsqrt", "reciprocal");

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
          "swapdims",
          "movedim",
          "moveaxis",
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
          "unsafe_split",
          "unsafe_chunk",
          "unbind",
          "diagonal",
          "index",
          "index_select",
          "gather",
          "take_along_dim",
          "expand",
          "expand_as",
          "broadcast_to",
          "repeat",
          "repeat_interleave",
          "tile",
          "roll",
          "flip",
          "rot90",
          "tril",
          "triu",
          "reflection_pad1d",
          "reflection_pad2d",
          "replication_pad1d",
          "replication_pad2d",
          "pixel_shuffle",
          "pixel_unshuffle",
          "channel_shuffle",
          "im2col",
          "unfold",
          "to",
          "_to_copy",
          "type_as");

  /** They put values of several tensors side by side, or some into the places of others. */
  private static final Set<String> JOINED =
      Set.of(
          "cat",
          "concat",
          "concatenate",
          "stack",
          "copy",
          "fill",
          "slice_scatter",
          "select_scatter",
          "diagonal_scatter",
          "masked_scatter",
          "index_copy");

  private static final Set<String> LINEAR =
      Set.of(
          "add",
          "sub",
          "subtract",
          "rsub",
          "neg",
          "negative",
          "lerp",
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

  private static final Set<String> PRODUCTS =
      Set.of(
          "mul",
          "multiply",
          "matmul",
          "linalg_matmul",
          "mm",
          "bmm",
          "mv",
          "dot",
          "outer",
          "inner",
          "tensordot",
          "einsum",
          "bilinear",
          "linear",
          "conv1d",
          "conv2d",
          "conv3d",
          "convolution");

  /** Of the tensors behind the first one they ask for the shape, the type or a yes or no alone. */
  private static final Set<String> LIKE_THE_SECOND =
      Set.of("view_as", "reshape_as", "expand_as", "type_as");

  /** They ask the first for its shape and type alone: others take the place of its values. */
  private static final Set<String> LIKE_THE_FIRST_IS = Set.of("where", "copy", "fill", "zero");

  /** The second says where. */
  private static final Set<String> WHERE_THE_SECOND_SAYS =
      Set.of("masked_fill", "masked_scatter", "index_put");

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
          "logical_xor",
          "any",
          "all",
          "isinf",
          "isfinite",
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

  /** Whether a call hands on values of its first tensor, in another shape, order or place. */
  static boolean handsOn(String operator) {
    return SAME_VALUES.contains(operator);
  }

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
    if (place == 0) {
      return !LIKE_THE_FIRST_IS.contains(operator);
    }
    return !LIKE_THE_SECOND.contains(operator)
        && !(place == 1 && WHERE_THE_SECOND_SAYS.contains(operator));
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
      return onlyOne(layers, LayerKind.SAME_VALUES);
    }
    if (JOINED.contains(operator)) {
      return Optional.of(LayerKind.SAME_VALUES);
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
      case "div", "divide", "true_divide" ->
          onlyOne(layers, firstIsLayer ? LayerKind.LINEAR : LayerKind.GATE)
              .filter(kind -> node.argument("rounding_mode").isEmpty());
      case "max" ->
          node.argument("dim").isPresent() ? onlyOne(layers, LayerKind.MAXIMUM) : Optional.empty();
      case "addmm", "addmv", "baddbmm", "addcmul" -> onlyOne(layers, LayerKind.LINEAR);
      // Where the places are said by the picture, too, it is no linear map of both.
      case "grid_sampler", "grid_sampler_2d", "grid_sampler_3d" ->
          firstIsLayer ? onlyOne(layers, LayerKind.LINEAR) : Optional.empty();
      case "index_put" -> Optional.of(accumulates(node) ? LayerKind.LINEAR : LayerKind.SAME_VALUES);
      // What stands at the edges then is a bias.
      case "constant_pad_nd", "pad" -> onlyOne(layers, LayerKind.LINEAR);
      default -> Optional.empty();
    };
  }

  private static boolean accumulates(Node node) {
    return node.literal("accumulate").orElse("False").equals("True");
  }

  private static Optional<LayerKind> onlyOne(int layers, LayerKind kind) {
    return layers == 1 ? Optional.of(kind) : Optional.empty();
  }
}
