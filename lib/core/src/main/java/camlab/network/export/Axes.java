package camlab.network.export;

import camlab.network.Layout;
import camlab.network.export.Dimension.Kind;
import camlab.network.export.Graph.Argument;
import camlab.network.export.Graph.Input;
import camlab.network.export.Graph.Literal;
import camlab.network.export.Graph.Named;
import camlab.network.export.Graph.Node;
import camlab.network.export.Graph.One;
import camlab.network.export.Graph.Origin;
import camlab.network.export.Graph.Parts;
import camlab.network.export.Graph.Several;
import camlab.network.export.Graph.Value;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Follows the rows and columns of the picture through the calls of an exported program, and says
 * where they lie in each value. Nothing runs: an operator's meaning and the lengths that the file
 * gives are enough. A convolution, a pooling or an enlargement makes rows of rows, a permutation
 * moves them, a view splits or joins them, attention and a product of matrices hand on those of
 * what is asked for, and operations on every number those of either side.
 *
 * <p>Of an operator that is not among these the places count as lost, so that nothing is said of
 * what it makes, rather than something wrong.
 */
final class Axes {

  private static final int MAPS = 4;
  private static final int TOKENS = 3;

  /** What works on each number by itself, or on numbers of the same place in several tensors. */
  private static final Set<String> ON_EVERY_NUMBER =
      Set.of(
          "_to_copy",
          "abs",
          "add",
          "addcdiv",
          "addcmul",
          "alias",
          "alpha_dropout",
          "bitwise_and",
          "bitwise_not",
          "celu",
          "clamp",
          "clamp_max",
          "clamp_min",
          "clone",
          "contiguous",
          "copy",
          "cos",
          "detach",
          "div",
          "dropout",
          "elu",
          "eq",
          "erf",
          "exp",
          "expm1",
          "feature_dropout",
          "floor",
          "floor_divide",
          "ge",
          "gelu",
          "gt",
          "hardsigmoid",
          "hardswish",
          "hardtanh",
          "le",
          "leaky_relu",
          "lerp",
          "lift",
          "lift_fresh",
          "lift_fresh_copy",
          "log",
          "log1p",
          "log2",
          "log_sigmoid",
          "logical_and",
          "logical_not",
          "logical_or",
          "lt",
          "masked_fill",
          "maximum",
          "minimum",
          "mish",
          "mul",
          "nan_to_num",
          "ne",
          "neg",
          "pow",
          "reciprocal",
          "relu",
          "relu6",
          "remainder",
          "round",
          "rrelu",
          "rsqrt",
          "rsub",
          "selu",
          "sigmoid",
          "sign",
          "silu",
          "sin",
          "softplus",
          "softshrink",
          "sqrt",
          "square",
          "sub",
          "tanh",
          "threshold",
          "to",
          "where");

  /**
   * What takes and gives one tensor of the same shape; the others it is called with are weights.
   */
  private static final Set<String> ON_THE_FIRST =
      Set.of(
          "_log_softmax",
          "_native_batch_norm_legit",
          "_native_batch_norm_legit_functional",
          "_native_batch_norm_legit_no_training",
          "_softmax",
          "_safe_softmax",
          "batch_norm",
          "channel_shuffle",
          "cumsum",
          "fill",
          "group_norm",
          "instance_norm",
          "layer_norm",
          "log_softmax",
          "native_batch_norm",
          "native_dropout",
          "native_group_norm",
          "native_layer_norm",
          "prelu",
          "rms_norm",
          "slice_scatter",
          "select_scatter",
          "softmax",
          "type_as");

  private static final Set<String> VIEWS =
      Set.of(
          "_unsafe_view",
          "flatten",
          "reshape",
          "reshape_as",
          "squeeze",
          "unflatten",
          "unsqueeze",
          "view",
          "_reshape_alias");

  private static final Set<String> CONVOLUTIONS =
      Set.of("conv1d", "conv2d", "conv_transpose2d", "convolution", "_convolution");

  private static final Set<String> WINDOWS =
      Set.of(
          "adaptive_avg_pool2d",
          "_adaptive_avg_pool2d",
          "adaptive_max_pool2d",
          "avg_pool2d",
          "max_pool2d",
          "max_pool2d_with_indices",
          "pixel_shuffle",
          "pixel_unshuffle",
          "upsample_bicubic2d",
          "upsample_bilinear2d",
          "upsample_nearest2d",
          "_upsample_bicubic2d_aa",
          "_upsample_bilinear2d_aa",
          "_upsample_nearest_exact2d");

  private static final Set<String> PADDINGS =
      Set.of("constant_pad_nd", "pad", "reflection_pad2d", "replication_pad2d");

  private static final Set<String> SUMMARIES =
      Set.of(
          "all",
          "amax",
          "amin",
          "any",
          "linalg_vector_norm",
          "logsumexp",
          "max",
          "mean",
          "min",
          "norm",
          "std",
          "sum",
          "var");

  private static final Set<String> ATTENTION =
      Set.of(
          "scaled_dot_product_attention",
          "_scaled_dot_product_flash_attention_for_cpu",
          "_scaled_dot_product_attention_math",
          "_scaled_dot_product_efficient_attention",
          "_scaled_dot_product_flash_attention");

  private final Map<String, List<Long>> sizes;
  private final Map<String, List<Dimension>> known = new HashMap<>();

  /**
   * Nothing is followed yet.
   *
   * @param inputs what goes in; the first tensor of four dimensions that a user gives is the
   *     picture
   * @param sizes the lengths of tensors by their names, -1 where they are dynamic
   */
  Axes(List<Input> inputs, Map<String, List<Long>> sizes) {
    this.sizes = sizes;
    inputs.stream()
        .filter(input -> input.origin() == Origin.USER && input.type().equals("Tensor"))
        .map(Input::name)
        .filter(name -> sizes.getOrDefault(name, List.of()).size() == MAPS)
        .findFirst()
        .ifPresent(
            picture -> {
              List<Long> lengths = sizes.get(picture);
              known.put(
                  picture,
                  List.of(
                      Dimension.whole(Kind.PICTURE, lengths.get(0)),
                      Dimension.other(lengths.get(1)),
                      Dimension.whole(Kind.ROW, lengths.get(2)),
                      Dimension.whole(Kind.COLUMN, lengths.get(3))));
            });
  }

  /**
   * {@return where the positions are in a value, if that is known} Tokens have a layout only where
   * their number is fixed.
   *
   * @param value its name
   */
  Optional<Layout> layout(String value) {
    List<Dimension> dimensions = known.getOrDefault(value, List.of());
    if (dimensions.stream().anyMatch(Dimension::isPadded)) {
      return Optional.empty();
    }
    if (dimensions.size() == MAPS && isOfOnePicture(dimensions.get(0))) {
      if (areRowsAndColumns(dimensions, 2) && !dimensions.get(1).spansPicture()) {
        return Optional.of(Layout.CHANNELS_FIRST);
      }
      if (areRowsAndColumns(dimensions, 1) && !dimensions.get(3).spansPicture()) {
        return Optional.of(Layout.CHANNELS_LAST);
      }
    }
    if (dimensions.size() == TOKENS && !dimensions.get(2).spansPicture()) {
      Dimension first = dimensions.get(0);
      Dimension second = dimensions.get(1);
      if (isOfOnePicture(first) && second.isGrid()) {
        return grid(second).map(tokens -> tokens);
      }
      if (isOfOnePicture(second) && first.isGrid()) {
        return grid(first).map(Layout.TokensFirst::new);
      }
    }
    return Optional.empty();
  }

  private static boolean isOfOnePicture(Dimension dimension) {
    return dimension.length() == 1
        || dimension.parts().stream().allMatch(part -> part.kind() == Kind.PICTURE);
  }

  private static boolean areRowsAndColumns(List<Dimension> dimensions, int at) {
    Dimension rows = dimensions.get(at);
    Dimension columns = dimensions.get(at + 1);
    return rows.isAll(Kind.ROW)
        && columns.isAll(Kind.COLUMN)
        && (rows.hasPlaces() || columns.hasPlaces());
  }

  private static Optional<Layout.Tokens> grid(Dimension dimension) {
    long rows = dimension.parts().get(0).length();
    long columns = dimension.parts().get(1).length();
    return rows > 0 && columns > 0 && dimension.length() > 0
        ? Optional.of(
            new Layout.Tokens(
                Math.toIntExact(dimension.before()),
                Math.toIntExact(rows),
                Math.toIntExact(columns)))
        : Optional.empty();
  }

  /**
   * Follows one call; they come in the order they run.
   *
   * @param node the call
   */
  void follow(Node node) {
    if (node.results().isEmpty()) {
      return;
    }
    String name = Operators.plain(node.target()).orElse("");
    if (node.results().get(0) instanceof Parts parts) {
      several(name, node, parts);
      return;
    }
    String result = ((One) node.results().get(0)).name();
    List<Long> lengths = sizes.get(result);
    if (lengths != null) {
      known.put(result, fitted(made(name, node, lengths), lengths));
    }
  }

  /** What is found, as far as it is of the lengths that the file gives. */
  private static List<Dimension> fitted(List<Dimension> found, List<Long> lengths) {
    if (found.size() != lengths.size()) {
      return Dimension.others(lengths);
    }
    List<Dimension> fitted = new ArrayList<>();
    for (int i = 0; i < lengths.size(); i++) {
      boolean fits = found.get(i).length() == lengths.get(i);
      fitted.add(fits ? found.get(i) : Dimension.other(lengths.get(i)));
    }
    return fitted;
  }

  private List<Dimension> made(String name, Node node, List<Long> lengths) {
    if (ON_EVERY_NUMBER.contains(name)) {
      return everyNumber(tensors(node));
    }
    List<Dimension> first = tensors(node).stream().findFirst().orElse(List.of());
    if (ON_THE_FIRST.contains(name)) {
      return first;
    }
    if (VIEWS.contains(name)) {
      return Dimension.viewed(first, lengths);
    }
    if (CONVOLUTIONS.contains(name)) {
      return convolution(node, first, lengths);
    }
    if (WINDOWS.contains(name)) {
      return first.size() == MAPS ? windows(first, lengths, false, first.get(1)) : List.of();
    }
    if (PADDINGS.contains(name)) {
      return padded(first, lengths);
    }
    if (SUMMARIES.contains(name)) {
      return summary(node, first, lengths);
    }
    if (ATTENTION.contains(name)) {
      return attention(node, first);
    }
    return switch (name) {
      case "permute" -> permuted(first, numbers(node, "dims"));
      case "transpose" -> swapped(first, number(node, "dim0", 0), number(node, "dim1", 1));
      case "swapaxes" -> swapped(first, number(node, "axis0", 0), number(node, "axis1", 1));
      case "t" -> swapped(first, 0, 1);
      case "slice" -> sliced(node, first, lengths);
      case "narrow" -> cutOut(first, number(node, "dim", 0), number(node, "start", -1), 1, lengths);
      case "select" -> without(first, number(node, "dim", 0));
      case "expand", "expand_as", "broadcast_to" -> expanded(first, lengths);
      case "cat", "concat" -> joined(node, lengths);
      case "roll" -> rolled(node, first);
      case "linear" -> product(first, weight(node));
      case "matmul", "bmm", "mm" -> product(first, at(tensors(node), 1));
      case "addmm", "baddbmm" -> product(at(tensors(node), 1), at(tensors(node), 2));
      case "einsum" -> einsum(node);
      default -> List.of();
    };
  }

  // What a call is given

  /** The tensors it is called with, of each what is known. */
  private List<List<Dimension>> tensors(Node node) {
    return node.arguments().stream()
        .map(Named::value)
        .flatMap(
            argument ->
                argument instanceof Several several
                    ? several.elements().stream()
                    : Stream.of(argument))
        .filter(argument -> argument instanceof Value value && isTensor(value.name()))
        .map(this::dimensions)
        .toList();
  }

  private boolean isTensor(String name) {
    return known.containsKey(name) || sizes.containsKey(name);
  }

  /** Of a tensor that no picture went into, nothing lies along the picture. */
  private List<Dimension> dimensions(Argument argument) {
    String name = ((Value) argument).name();
    List<Dimension> found = known.get(name);
    return found != null ? found : Dimension.others(sizes.get(name));
  }

  private static List<Dimension> at(List<List<Dimension>> tensors, int index) {
    return index < tensors.size() ? tensors.get(index) : List.of();
  }

  private static long number(Node node, String argument, long otherwise) {
    return node.argument(argument)
        .flatMap(Axes::number)
        .orElse(node.argument(argument).isPresent() ? Long.MIN_VALUE : otherwise);
  }

  private static Optional<Long> number(Argument argument) {
    return argument instanceof Literal literal && literal.text().matches("-?\\d{1,18}")
        ? Optional.of(Long.valueOf(literal.text()))
        : Optional.empty();
  }

  private static List<Long> numbers(Node node, String argument) {
    return node.argument(argument)
        .map(
            value ->
                value instanceof Several several
                    ? several.elements().stream()
                        .map(Axes::number)
                        .flatMap(Optional::stream)
                        .toList()
                    : number(value).stream().toList())
        .orElse(List.of());
  }

  /** A dimension counted from the front; negative if there is none of that number. */
  private static int place(long dimension, int rank) {
    long place = dimension < 0 ? dimension + rank : dimension;
    return place >= 0 && place < rank ? (int) place : -1;
  }

  // Rules

  private static List<Dimension> everyNumber(List<List<Dimension>> tensors) {
    int rank = tensors.stream().mapToInt(List::size).max().orElse(0);
    List<Dimension> result = new ArrayList<>(Collections.nCopies(rank, Dimension.other(1)));
    for (List<Dimension> tensor : tensors) {
      int shift = rank - tensor.size();
      for (int i = 0; i < tensor.size(); i++) {
        result.set(shift + i, result.get(shift + i).with(tensor.get(i)));
      }
    }
    return result;
  }

  private List<Dimension> weight(Node node) {
    List<Dimension> weight = at(tensors(node), 1);
    return weight.size() == 2 ? swapped(weight, 0, 1) : List.of();
  }

  private List<Dimension> convolution(Node node, List<Dimension> input, List<Long> lengths) {
    List<Dimension> weight = at(tensors(node), 1);
    boolean single =
        weight.size() == input.size()
            && weight.stream().skip(2).allMatch(kernel -> kernel.length() == 1);
    if (input.size() != lengths.size() || input.size() < TOKENS) {
      return List.of();
    }
    return windows(input, lengths, single, Dimension.other(lengths.get(1)));
  }

  /**
   * What moves a window over the last two dimensions: of rows it makes rows.
   *
   * @param single whether the window is one place, so that each stays what it is
   */
  private static List<Dimension> windows(
      List<Dimension> input, List<Long> lengths, boolean single, Dimension channels) {
    if (input.size() != lengths.size()) {
      return List.of();
    }
    List<Dimension> result = new ArrayList<>(List.of(input.get(0), channels));
    for (int i = 2; i < input.size(); i++) {
      Dimension before = input.get(i);
      boolean same = single && before.length() == lengths.get(i);
      result.add(same ? before : before.resized(lengths.get(i)));
    }
    return result;
  }

  private static List<Dimension> padded(List<Dimension> input, List<Long> lengths) {
    if (input.size() != lengths.size()) {
      return List.of();
    }
    List<Dimension> result = new ArrayList<>();
    for (int i = 0; i < input.size(); i++) {
      Dimension dimension = input.get(i);
      long length = lengths.get(i);
      boolean same = dimension.length() == length && (length > 0 || !dimension.hasPlaces());
      result.add(same ? dimension : dimension.padded(length));
    }
    return result;
  }

  private List<Dimension> summary(Node node, List<Dimension> input, List<Long> lengths) {
    Set<Integer> gone = new HashSet<>();
    numbers(node, "dim").forEach(dimension -> gone.add(place(dimension, input.size())));
    List<Dimension> result = new ArrayList<>();
    for (int i = 0; i < input.size(); i++) {
      if (!gone.contains(i)) {
        result.add(input.get(i));
      } else if (lengths.size() == input.size()) {
        result.add(Dimension.other(1));
      }
    }
    return result;
  }

  /**
   * Each place that asks gets an answer: those of the question stay, the channels are the values'.
   */
  private List<Dimension> attention(Node node, List<Dimension> query) {
    List<Dimension> value = at(tensors(node), 2);
    if (query.isEmpty() || value.isEmpty()) {
      return List.of();
    }
    List<Dimension> result = new ArrayList<>(query);
    result.set(query.size() - 1, value.get(value.size() - 1));
    return result;
  }

  /**
   * A product of matrices. Where a sum runs over places of the one and over none of the other, as
   * with trained weights, the result has mixed the places, and has none there.
   */
  private static List<Dimension> product(List<Dimension> one, List<Dimension> other) {
    if (one.isEmpty() || other.size() < 2) {
      return List.of();
    }
    Dimension summed = one.get(one.size() - 1);
    Dimension with = other.get(other.size() - 2);
    List<Dimension> outer =
        everyNumber(
            List.of(
                one.subList(0, Math.max(0, one.size() - 2)), other.subList(0, other.size() - 2)));
    List<Dimension> result = new ArrayList<>(outer);
    if (one.size() > 1) {
      result.add(handedOn(one.get(one.size() - 2), with, summed));
    }
    result.add(handedOn(other.get(other.size() - 1), summed, with));
    return result;
  }

  private static Dimension handedOn(Dimension kept, Dimension summed, Dimension own) {
    return summed.spansPicture() && !own.spansPicture() ? Dimension.other(kept.length()) : kept;
  }

  private List<Dimension> einsum(Node node) {
    String equation =
        node.argument("equation")
            .map(argument -> argument instanceof Literal literal ? literal.text() : "")
            .orElse("")
            .replaceAll("[\\s\"]", "");
    String[] sides = equation.split("->", -1);
    if (sides.length != 2 || equation.contains(".")) {
      return List.of();
    }
    String[] operands = sides[0].split(",", -1);
    List<List<Dimension>> tensors = tensors(node);
    Map<Character, Dimension> letters = new HashMap<>();
    for (int i = 0; i < operands.length; i++) {
      if (at(tensors, i).size() != operands[i].length()) {
        return List.of();
      }
      for (int j = 0; j < operands[i].length(); j++) {
        letters.merge(operands[i].charAt(j), tensors.get(i).get(j), Dimension::with);
      }
    }
    List<Dimension> result = new ArrayList<>();
    for (char letter : sides[1].toCharArray()) {
      result.add(letters.getOrDefault(letter, Dimension.other(1)));
    }
    return result;
  }

  private static List<Dimension> permuted(List<Dimension> input, List<Long> order) {
    if (order.size() != input.size()) {
      return List.of();
    }
    List<Dimension> result = new ArrayList<>();
    for (long from : order) {
      int place = place(from, input.size());
      if (place < 0) {
        return List.of();
      }
      result.add(input.get(place));
    }
    return result;
  }

  private static List<Dimension> swapped(List<Dimension> input, long one, long other) {
    int first = place(one, input.size());
    int second = place(other, input.size());
    if (first < 0 || second < 0) {
      return List.of();
    }
    List<Dimension> result = new ArrayList<>(input);
    Collections.swap(result, first, second);
    return result;
  }

  private static List<Dimension> without(List<Dimension> input, long dimension) {
    int place = place(dimension, input.size());
    if (place < 0) {
      return List.of();
    }
    List<Dimension> result = new ArrayList<>(input);
    result.remove(place);
    return result;
  }

  private List<Dimension> sliced(Node node, List<Dimension> input, List<Long> lengths) {
    long start = node.argument("start").flatMap(Axes::number).orElse(0L);
    return cutOut(input, number(node, "dim", 0), start, number(node, "step", 1), lengths);
  }

  /** Some of what lies along a dimension. */
  private static List<Dimension> cutOut(
      List<Dimension> input, long dimension, long start, long step, List<Long> lengths) {
    int place = place(dimension, input.size());
    if (place < 0 || lengths.size() != input.size()) {
      return List.of();
    }
    List<Dimension> result = new ArrayList<>(input);
    Dimension whole = input.get(place);
    long from = start < 0 && whole.length() > 0 ? start + whole.length() : start;
    result.set(place, whole.part(from, step, lengths.get(place)));
    return result;
  }

  /** What has another length then is repeated, and lost. */
  private static List<Dimension> expanded(List<Dimension> input, List<Long> lengths) {
    int more = Math.max(0, lengths.size() - input.size());
    List<Dimension> result = new ArrayList<>(Dimension.others(lengths.subList(0, more)));
    result.addAll(input);
    return result;
  }

  /** Tensors behind one another: a grid among others has what comes before it. */
  private List<Dimension> joined(Node node, List<Long> lengths) {
    List<List<Dimension>> tensors = tensors(node);
    int place = place(number(node, "dim", 0), lengths.size());
    if (place < 0 || tensors.stream().anyMatch(tensor -> tensor.size() != lengths.size())) {
      return List.of();
    }
    List<Dimension> result = new ArrayList<>(everyNumber(tensors));
    result.set(
        place,
        joined(tensors.stream().map(tensor -> tensor.get(place)).toList(), lengths.get(place)));
    return result;
  }

  private static Dimension joined(List<Dimension> pieces, long length) {
    List<Dimension> grids = pieces.stream().filter(Dimension::hasPlaces).toList();
    if (grids.size() != 1 || !grids.get(0).isGrid()) {
      return Dimension.other(length);
    }
    long before = 0;
    for (Dimension piece : pieces) {
      if (piece.length() < 0) {
        return Dimension.other(length);
      }
      if (piece.hasPlaces()) {
        return new Dimension(length, piece.parts(), before + piece.before());
      }
      before += piece.length();
    }
    return Dimension.other(length);
  }

  private List<Dimension> rolled(Node node, List<Dimension> input) {
    List<Long> shifts = numbers(node, "shifts");
    List<Long> dimensions = numbers(node, "dims");
    if (shifts.size() != dimensions.size() || shifts.isEmpty()) {
      return List.of();
    }
    List<Dimension> result = new ArrayList<>(input);
    for (int i = 0; i < shifts.size(); i++) {
      int place = place(dimensions.get(i), input.size());
      if (place < 0) {
        return List.of();
      }
      result.set(place, result.get(place).rolled(shifts.get(i)));
    }
    return result;
  }

  /** Lists of tensors: a dimension taken apart. */
  private void several(String name, Node node, Parts parts) {
    List<Dimension> input = tensors(node).stream().findFirst().orElse(List.of());
    long dimension = number(node, "dim", 0);
    long start = 0;
    for (String part : parts.names()) {
      List<Long> lengths = sizes.get(part);
      if (lengths == null) {
        continue;
      }
      List<Dimension> found =
          switch (name) {
            case "unbind" -> without(input, dimension);
            case "chunk",
                "split",
                "split_with_sizes",
                "tensor_split",
                "unsafe_chunk",
                "unsafe_split" ->
                cutOut(input, dimension, start, 1, lengths);
            default -> List.of();
          };
      known.put(part, fitted(found, lengths));
      int place = place(dimension, lengths.size());
      start += place < 0 ? 0 : lengths.get(place);
    }
  }
}
