package camlab.network.program;

import camlab.network.Layout;
import camlab.network.program.Dimension.Kind;
import camlab.network.program.Graph.Argument;
import camlab.network.program.Graph.Input;
import camlab.network.program.Graph.Literal;
import camlab.network.program.Graph.Node;
import camlab.network.program.Graph.One;
import camlab.network.program.Graph.Origin;
import camlab.network.program.Graph.Parts;
import camlab.network.program.Graph.Several;
import camlab.network.program.Graph.Value;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Follows the rows and columns of the picture through the calls of an exported program, and says
 * where they lie in each value. Nothing runs: an operator's meaning and the lengths that the file
 * gives are enough. A convolution, a pooling or an enlargement makes rows of rows, a permutation
 * moves them, a view splits or joins them, attention and a product of matrices hand on those of
 * what is asked for, and operations on every number those of either side.
 *
 * <p>Of an operator that is not among these the places count as lost, and so do those of what is
 * computed with it, so that nothing is said, rather than something wrong.
 */
public final class Axes {

  private static final int MAPS = 4;
  private static final int TOKENS = 3;

  private static final Pattern WHOLE = Pattern.compile("-?\\d{1,18}");

  /** What works on each number by itself, or on numbers of the same place in several tensors. */
  static final Set<String> ON_EVERY_NUMBER =
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
          "where",
          "zero");

  /**
   * What takes and gives one tensor of the same shape; the others it is called with are weights.
   */
  static final Set<String> ON_THE_FIRST =
      Set.of(
          "_log_softmax",
          "_native_batch_norm_legit",
          "_native_batch_norm_legit_functional",
          "_native_batch_norm_legit_no_training",
          "_softmax",
          "_safe_softmax",
          "batch_norm",
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
          "softmax",
          "type_as");

  static final Set<String> VIEWS =
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

  /** What takes a tensor apart into a list, along a dimension that stays. */
  private static final Set<String> SPLITS =
      Set.of("chunk", "split", "split_with_sizes", "tensor_split", "unsafe_chunk", "unsafe_split");

  private static final String UNBIND = "unbind";

  static final Set<String> CONVOLUTIONS =
      Set.of(
          "conv1d",
          "conv2d",
          "conv_transpose2d",
          "convolution",
          "_convolution",
          "_convolution_mode"); // its padding has a name

  static final Set<String> WINDOWS =
      Set.of(
          "adaptive_avg_pool2d",
          "_adaptive_avg_pool2d",
          "adaptive_max_pool2d",
          "avg_pool1d",
          "avg_pool2d",
          "max_pool1d",
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

  static final Set<String> PADDINGS =
      Set.of("constant_pad_nd", "pad", "reflection_pad2d", "replication_pad2d");

  static final Set<String> SUMMARIES =
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
          "std_mean",
          "sum",
          "var",
          "var_mean");

  static final Set<String> ATTENTION =
      Set.of(
          "scaled_dot_product_attention",
          "_scaled_dot_product_flash_attention_for_cpu",
          "_scaled_dot_product_attention_math",
          "_scaled_dot_product_efficient_attention",
          "_scaled_dot_product_flash_attention");

  static final Set<String> RECURRENT = Set.of("gru", "lstm", "rnn_relu", "rnn_tanh");

  /** What makes a tensor like another in shape and type, of numbers that are not of it. */
  static final Set<String> LIKE_ANOTHER =
      Set.of(
          "empty_like",
          "full_like",
          "new_empty",
          "new_full",
          "new_ones",
          "new_zeros",
          "ones_like",
          "rand_like",
          "randn_like",
          "zeros_like");

  private final Map<String, List<Long>> sizes;
  private final Map<String, List<Dimension>> known = new HashMap<>();

  /** The picture, and all that is computed of it. */
  private final Set<String> ofPicture = new HashSet<>();

  /** What was summed or averaged over all that lies along some dimensions. */
  private final Set<String> sums = new HashSet<>();

  /** The value that each value shares its memory with, where they are several. */
  private final Map<String, String> memory = new HashMap<>();

  /** Tensors of whole numbers one after the other, by which a choice may move places around. */
  private final Map<String, Count> counts = new HashMap<>();

  /**
   * 0, 1, 2, …, each with a number added, and then what remains of a division.
   *
   * @param more what is added
   * @param divisor what is divided by; zero if it is not
   */
  private record Count(long more, long divisor) {}

  /**
   * Nothing is followed yet.
   *
   * @param inputs what goes in; the first tensor of four dimensions that a user gives is the
   *     picture
   * @param sizes the lengths of tensors by their names, -1 where they are dynamic
   */
  public Axes(List<Input> inputs, Map<String, List<Long>> sizes) {
    this.sizes = sizes;
    inputs.stream()
        .filter(input -> input.origin() == Origin.USER && input.type().equals("Tensor"))
        .map(Input::name)
        .filter(name -> sizes.getOrDefault(name, List.of()).size() == MAPS)
        .findFirst()
        .ifPresent(
            picture -> {
              List<Long> lengths = sizes.get(picture);
              ofPicture.add(picture);
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
   * {@return whether an operator takes a tensor apart into a list}
   *
   * @param name its name, such as {@code chunk}
   */
  public static boolean takesApart(String name) {
    return name.equals(UNBIND) || SPLITS.contains(name);
  }

  /**
   * {@return where the positions are in a value, if that is known} Tokens have a layout only where
   * their number is fixed.
   *
   * @param value its name
   */
  public Optional<Layout> layout(String value) {
    List<Dimension> dimensions = known.getOrDefault(value, List.of());
    if (dimensions.stream().anyMatch(Dimension::isPadded)) {
      return Optional.empty();
    }
    if (dimensions.size() == MAPS && isOfOnePicture(dimensions.get(0))) {
      if (areRowsAndColumns(dimensions, 2) && areChannels(dimensions.get(1))) {
        return Optional.of(Layout.CHANNELS_FIRST);
      }
      if (areRowsAndColumns(dimensions, 1) && areChannels(dimensions.get(3))) {
        return Optional.of(Layout.CHANNELS_LAST);
      }
    }
    if (dimensions.size() == TOKENS && areChannels(dimensions.get(2))) {
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

  /**
   * {@return whether it is known of a value that it has no layout} It is if it is known what lies
   * along each of its dimensions, and places do, as with windows, whose rows are taken apart, and
   * with shares of attention; or if nothing of the picture went into it. Where a product with
   * weights has mixed all places, they may still answer to their own most.
   *
   * @param value its name
   */
  public boolean hasNoLayout(String value) {
    List<Dimension> dimensions = known.getOrDefault(value, List.of());
    boolean places = dimensions.stream().anyMatch(Dimension::hasPlaces);
    return (places || !ofPicture.contains(value))
        && dimensions.stream().allMatch(dimension -> dimension.length() >= 0)
        && dimensions.stream().noneMatch(Dimension::isLost)
        && dimensions.stream().noneMatch(Dimension::isPadded)
        && layout(value).isEmpty();
  }

  /**
   * {@return whether something of the picture is in a value}
   *
   * @param value its name
   */
  public boolean isOfPicture(String value) {
    return ofPicture.contains(value);
  }

  private static boolean isOfOnePicture(Dimension dimension) {
    return dimension.length() == 1
        || dimension.parts().stream().allMatch(part -> part.kind() == Kind.PICTURE);
  }

  private static boolean areChannels(Dimension dimension) {
    return !dimension.spansPicture() && !dimension.isLost();
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
  public void follow(Node node) {
    if (node.results().isEmpty()) {
      return;
    }
    String name = Operators.plain(node.target()).orElse("");
    List<String> results = results(node);
    if (node.values().anyMatch(ofPicture::contains) && !LIKE_ANOTHER.contains(name)) {
      ofPicture.addAll(results);
    }
    if (SUMMARIES.contains(name)) {
      sums.addAll(results);
    }
    boolean inPlace = Operators.isInPlace(node.target());
    if (inPlace || Operators.sharesMemory(name)) {
      node.values().findFirst().ifPresent(of -> share(of, results));
    }
    if (node.results().get(0) instanceof Parts) {
      several(name, node, results);
      return;
    }
    for (String result : results) {
      List<Long> lengths = sizes.get(result);
      if (lengths != null) {
        known.put(result, fitted(node, lengths, made(name, node, lengths)));
      }
      if (inPlace) {
        write(name, node, result);
        counts.clear();
      } else {
        count(name, node).ifPresent(count -> counts.put(result, count));
      }
    }
  }

  private void share(String of, List<String> results) {
    memory.putIfAbsent(of, of);
    results.forEach(result -> memory.put(result, memory.get(of)));
  }

  /**
   * What is written is in the value it is written into, and in whatever shares its memory. There
   * the places stay what they are if no other tensor of the picture went into it, or if it is of
   * whole pictures, with each place where it was. Else they are lost.
   */
  private void write(String name, Node node, String result) {
    String into = node.values().findFirst().orElse(result);
    if (!ofPicture.contains(result)) {
      return;
    }
    List<Long> lengths = sizes.getOrDefault(into, List.of());
    List<Dimension> before = known.getOrDefault(into, Dimension.others(lengths));
    List<Dimension> written = known.getOrDefault(result, Dimension.allLost(lengths));
    String shared = memory.get(into);
    boolean alone = node.values().skip(1).noneMatch(ofPicture::contains);
    boolean stay =
        (alone && (ON_EVERY_NUMBER.contains(name) || ON_THE_FIRST.contains(name)))
            || (holdPicture(before)
                && finest(before).equals(finest(written))
                && finest(before).equals(finest(known.getOrDefault(shared, List.of()))));
    known.put(into, written);
    ofPicture.add(into);
    if (stay) {
      return;
    }
    for (String value : List.copyOf(memory.keySet())) {
      boolean other = !value.equals(into) && !value.equals(result);
      if (other && memory.get(value).equals(shared) && sizes.containsKey(value)) {
        ofPicture.add(value);
        known.put(value, Dimension.allLost(sizes.get(value)));
      }
    }
  }

  /** Whole axes of the picture, with every place of theirs. */
  private static Set<Dimension.Part> finest(List<Dimension> dimensions) {
    return dimensions.stream()
        .flatMap(dimension -> dimension.parts().stream())
        .filter(part -> part.isOutermost() && part.stride() == 1)
        .map(Dimension.Part::fromBorderToBorder)
        .collect(Collectors.toSet());
  }

  /** The names of the tensors that it returns. */
  private static List<String> results(Node node) {
    return node.results().stream()
        .flatMap(
            result ->
                result instanceof Parts parts
                    ? parts.names().stream()
                    : Stream.of((One) result).filter(One::tensor).map(One::name))
        .toList();
  }

  /** What is found, as far as it is of the lengths that the file gives; other places are lost. */
  private List<Dimension> fitted(Node node, List<Long> lengths, List<Dimension> found) {
    if (found.size() != lengths.size()) {
      return placesGoInto(node) ? Dimension.allLost(lengths) : Dimension.others(lengths);
    }
    List<Dimension> fitted = new ArrayList<>();
    for (int i = 0; i < lengths.size(); i++) {
      boolean fits = found.get(i).length() == lengths.get(i);
      fitted.add(fits ? found.get(i) : found.get(i).lost(lengths.get(i)));
    }
    return fitted;
  }

  /** Whether places of the picture go into a call, or what is not known to have none. */
  private boolean placesGoInto(Node node) {
    return node.values().filter(ofPicture::contains).anyMatch(this::mayHavePlaces);
  }

  private boolean mayHavePlaces(String value) {
    List<Dimension> dimensions = known.get(value);
    return dimensions == null || dimensions.stream().anyMatch(Dimension::mayHavePlaces);
  }

  private List<Dimension> made(String name, Node node, List<Long> lengths) {
    if (LIKE_ANOTHER.contains(name)) {
      return Dimension.others(lengths);
    }
    if (node.values().anyMatch(value -> ofPicture.contains(value) && !known.containsKey(value))) {
      return List.of();
    }
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
      return pooled(name, node, first, lengths);
    }
    if (PADDINGS.contains(name)) {
      return padded(node, first, lengths);
    }
    if (SUMMARIES.contains(name)) {
      return tensors(node).size() == 1 ? summary(node, first, lengths) : everyNumber(tensors(node));
    }
    if (ATTENTION.contains(name)) {
      return attention(node, first);
    }
    if (RECURRENT.contains(name)) {
      return recurrent(first, lengths);
    }
    return switch (name) {
      case "channel_shuffle" -> shuffled(first);
      case "slice_scatter", "select_scatter" -> written(node, first);
      case "permute" -> permuted(first, numbers(node, "dims"));
      case "transpose" -> swapped(first, number(node, "dim0", 0), number(node, "dim1", 1));
      case "swapaxes" -> swapped(first, number(node, "axis0", 0), number(node, "axis1", 1));
      case "t" -> swapped(first, 0, 1);
      case "slice" -> sliced(node, first, lengths);
      case "narrow" -> cutOut(first, number(node, "dim", 0), number(node, "start", -1), 1, lengths);
      case "select" -> without(first, number(node, "dim", 0));
      case "expand", "expand_as", "broadcast_to" -> expanded(node, first, lengths);
      case "cat", "concat" -> joined(node, lengths);
      case "stack" -> stacked(node, lengths);
      case "flip" -> flipped(first, numbers(node, "dims"));
      case "index_select" ->
          chosen(
              node.argument("index"), place(number(node, "dim", 0), first.size()), first, lengths);
      case "index" -> indexed(node, first, lengths);
      case "roll" -> rolled(node, first);
      case "unfold" -> unfolded(node, first, lengths);
      case "im2col" -> inColumns(node, first, lengths);
      case "col2im" -> fromColumns(node, first, lengths);
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
    return node.values().filter(this::isTensor).map(this::dimensions).toList();
  }

  private boolean isTensor(String name) {
    return known.containsKey(name) || sizes.containsKey(name);
  }

  /** Of a tensor that no picture went into, nothing lies along the picture. */
  private List<Dimension> dimensions(String name) {
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
    return argument instanceof Literal literal && WHOLE.matcher(literal.text()).matches()
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
    if (input.size() != lengths.size()
        || input.size() < TOKENS
        || weight.size() != input.size()
        || weight.stream().anyMatch(Dimension::mayHavePlaces)) {
      return List.of();
    }
    List<Long> kernel = weight.stream().skip(2).map(Dimension::length).toList();
    boolean single = kernel.stream().allMatch(length -> length == 1);
    String name = Operators.plain(node.target()).orElse("");
    boolean transposed =
        name.equals("conv_transpose2d")
            || node.literal("transposed").orElse("").equalsIgnoreCase("true");
    Dimension channels = Dimension.other(lengths.get(1));
    return single || transposed
        ? windows(input, lengths, single, channels)
        : windows(
            node, input, lengths, kernel, kernel.stream().map(length -> 1L).toList(), channels);
  }

  private static List<Dimension> pooled(
      String name, Node node, List<Dimension> input, List<Long> lengths) {
    if (input.size() != (name.endsWith("1d") ? TOKENS : MAPS)) {
      return List.of();
    }
    Dimension channels = input.get(1);
    if (name.startsWith("pixel_") && channels.mayHavePlaces()) {
      return List.of();
    }
    List<Long> kernel = numbers(node, "kernel_size");
    return kernel.isEmpty()
        ? windows(input, lengths, false, channels)
        : windows(node, input, lengths, kernel, kernel, channels);
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

  /**
   * The same of windows of a known size.
   *
   * @param kernel their lengths
   * @param steps how far they are from each other if the call does not say
   */
  private static List<Dimension> windows(
      Node node,
      List<Dimension> input,
      List<Long> lengths,
      List<Long> kernel,
      List<Long> steps,
      Dimension channels) {
    List<Long> stride = numbers(node, "stride");
    List<Long> padding = numbers(node, "padding");
    List<Long> dilation = numbers(node, "dilation");
    boolean same = node.literal("padding").orElse("").contains("same");
    List<Dimension> result = new ArrayList<>(List.of(input.get(0), channels));
    for (int i = 2; i < input.size(); i++) {
      double half = each(dilation, i - 2, 1) * (each(kernel, i - 2, 1) - 1) / 2.0;
      // Where they cannot be shared out evenly, one more is added behind.
      double before = same ? Math.floor(half) : each(padding, i - 2, 0);
      long step = each(stride, i - 2, each(steps, i - 2, 1));
      result.add(input.get(i).windowed(half - before, step, lengths.get(i)));
    }
    return result;
  }

  /** Windows along one dimension; what lies in them lies along a new one, the last. */
  private static List<Dimension> unfolded(Node node, List<Dimension> input, List<Long> lengths) {
    int place = place(number(node, "dimension", 0), input.size());
    if (place < 0 || lengths.size() != input.size() + 1) {
      return List.of();
    }
    Dimension axis = input.get(place);
    long windows = lengths.get(place);
    long window = lengths.get(input.size());
    boolean apart =
        number(node, "step", 0) == window && axis.length() == Math.multiplyExact(windows, window);
    List<Dimension> split =
        apart
            ? Dimension.viewed(List.of(axis), List.of(windows, window))
            : List.of(axis.lost(windows), axis.lost(window));
    List<Dimension> result = new ArrayList<>(input);
    result.set(place, split.get(0));
    result.add(split.get(1));
    return result;
  }

  /**
   * Windows over rows and columns, each in a column of a matrix: (N, C · k · k, windows). Where
   * they share no place, each place of the picture is still where the shape says.
   */
  private static List<Dimension> inColumns(Node node, List<Dimension> input, List<Long> lengths) {
    if (input.size() != MAPS || lengths.size() != TOKENS) {
      return List.of();
    }
    List<Dimension> columns = new ArrayList<>(List.of(input.get(1)));
    List<Dimension> windows = new ArrayList<>();
    for (int i = 0; i < MAPS - 2; i++) {
      Dimension axis = input.get(i + 2);
      Window window = Window.of(node, i);
      long count = window.count(axis.length());
      List<Dimension> split =
          window.isApart() && axis.length() == count * window.size()
              ? Dimension.viewed(List.of(axis), List.of(count, window.size()))
              : List.of(
                  axis.windowed(window.middle(), window.step(), count),
                  Dimension.other(window.size()));
      windows.add(split.get(0));
      columns.add(split.get(1));
    }
    return List.of(
        input.get(0),
        Dimension.viewed(columns, lengths.subList(1, 2)).get(0),
        Dimension.viewed(windows, lengths.subList(2, TOKENS)).get(0));
  }

  /** The way back: what lies at a place of several windows is added. */
  private static List<Dimension> fromColumns(Node node, List<Dimension> input, List<Long> lengths) {
    if (input.size() != TOKENS || lengths.size() != MAPS) {
      return List.of();
    }
    Window down = Window.of(node, 0);
    Window across = Window.of(node, 1);
    List<Dimension> columns =
        Dimension.viewed(input.subList(1, 2), List.of(lengths.get(1), down.size(), across.size()));
    List<Dimension> windows =
        Dimension.viewed(
            input.subList(2, TOKENS),
            List.of(down.count(lengths.get(2)), across.count(lengths.get(3))));
    List<Dimension> result = new ArrayList<>(List.of(input.get(0), columns.get(0)));
    for (int i = 0; i < windows.size(); i++) {
      Dimension inside = columns.get(i + 1);
      long length = lengths.get(i + 2);
      result.add(
          inside.mayHavePlaces()
              ? Dimension.viewed(List.of(windows.get(i), inside), List.of(length)).get(0)
              : windows.get(i).resized(length));
    }
    return result;
  }

  /**
   * What is moved over an axis.
   *
   * @param size how many places lie in it
   * @param dilation how far they are from each other
   * @param border how many were added before the axis, and behind it
   * @param step from one window to the next
   */
  private record Window(long size, long dilation, long border, long step) {

    static Window of(Node node, int axis) {
      return new Window(
          each(numbers(node, "kernel_size"), axis, 1),
          each(numbers(node, "dilation"), axis, 1),
          each(numbers(node, "padding"), axis, 0),
          each(numbers(node, "stride"), axis, 1));
    }

    /** Whether each place of the axis lies in one window. */
    boolean isApart() {
      return size == step && border == 0 && dilation == 1;
    }

    /** How many there are over an axis of a length. */
    long count(long length) {
      return step < 1 ? 0 : (length + 2 * border - dilation * (size - 1) - 1) / step + 1;
    }

    /** The middle of the first, counted in places of the axis. */
    double middle() {
      return dilation * (size - 1) / 2.0 - border;
    }
  }

  /** A number for one of several dimensions, where one number stands for all. */
  private static long each(List<Long> numbers, int dimension, long otherwise) {
    if (numbers.isEmpty()) {
      return otherwise;
    }
    return numbers.get(Math.min(dimension, numbers.size() - 1));
  }

  /** The amounts come in pairs, those of the last dimension first. */
  private static List<Dimension> padded(Node node, List<Dimension> input, List<Long> lengths) {
    String name = node.argument("pad").isPresent() ? "pad" : "padding";
    List<Long> pad = numbers(node, name);
    boolean known =
        node.argument(name)
            .filter(value -> value instanceof Several all && all.elements().size() == pad.size())
            .isPresent();
    if (!known || pad.size() > 2 * input.size() || input.size() != lengths.size()) {
      return List.of();
    }
    List<Dimension> result = new ArrayList<>();
    for (int i = 0; i < input.size(); i++) {
      int pair = 2 * (input.size() - 1 - i);
      boolean padded = pair + 1 < pad.size();
      long before = padded ? pad.get(pair) : 0;
      long after = padded ? pad.get(pair + 1) : 0;
      result.add(input.get(i).padded(before, after, lengths.get(i)));
    }
    return result;
  }

  /** Along channels only: rows or columns in their place are mixed up. */
  private static List<Dimension> shuffled(List<Dimension> input) {
    List<Dimension> result = new ArrayList<>(input);
    if (input.size() > 1) {
      result.set(1, input.get(1).lost());
    }
    return result;
  }

  /**
   * With other numbers in some of it. What is not of the picture leaves the places what they are;
   * so does what is of the picture, in channels of whole pictures. Else nobody knows of which
   * places it is.
   */
  private List<Dimension> written(Node node, List<Dimension> input) {
    List<String> names = node.values().filter(this::isTensor).toList();
    if (names.size() < 2 || !ofPicture.contains(names.get(1))) {
      return names.size() < 2 ? List.of() : input;
    }
    int place = place(number(node, "dim", 0), input.size());
    if (place < 0 || node.argument("dim").isEmpty()) {
      return List.of();
    }
    List<Dimension> from = new ArrayList<>(dimensions(names.get(1)));
    if (from.size() == input.size()) {
      from.remove(place);
    }
    if (from.size() != input.size() - 1) {
      return List.of();
    }
    from.add(place, Dimension.other(1));
    boolean channels = !input.get(place).mayHavePlaces() && holdPicture(from);
    List<Dimension> result = new ArrayList<>(everyNumber(List.of(input, from)));
    if (!channels) {
      result.set(place, Dimension.whole(Kind.LOST, input.get(place).length()));
    }
    return result;
  }

  /** Whether every row and column runs along these, so that one more dimension is none of them. */
  private static boolean holdPicture(List<Dimension> dimensions) {
    return finest(dimensions).size() > 1;
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
    List<Dimension> key = at(tensors(node), 1);
    if (key.size() != query.size() || value.size() != query.size() || query.size() < 2) {
      return List.of();
    }
    int apart = query.size() - 2;
    List<Dimension> result =
        new ArrayList<>(
            everyNumber(
                List.of(query.subList(0, apart), key.subList(0, apart), value.subList(0, apart))));
    result.add(query.get(apart));
    result.add(value.get(apart + 1));
    return result;
  }

  /** Each place of a row gets an answer, in which all before it, or all others, have a part. */
  private static List<Dimension> recurrent(List<Dimension> rows, List<Long> lengths) {
    if (rows.size() != TOKENS || lengths.size() != TOKENS || rows.get(2).mayHavePlaces()) {
      return List.of();
    }
    return List.of(rows.get(0), rows.get(1), Dimension.other(lengths.get(2)));
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
    boolean mixed = summed.spansPicture() && !own.spansPicture() && !kept.isLost();
    return mixed ? Dimension.other(kept.length()) : kept;
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
    boolean first = node.literal("start").filter("None"::equals).isPresent();
    long start = first ? 0 : number(node, "start", 0);
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

  /**
   * What is repeated has no places there. Of a part of the picture it may be one row or column of
   * many, that a choice of some of its copies puts anywhere; a sum over all of them is none.
   */
  private List<Dimension> expanded(Node node, List<Dimension> input, List<Long> lengths) {
    int more = Math.max(0, lengths.size() - input.size());
    boolean sum = node.values().findFirst().filter(sums::contains).isPresent();
    boolean part = !sum && input.stream().anyMatch(Dimension::mayHavePlaces) && !holdPicture(input);
    List<Dimension> result = new ArrayList<>();
    for (int i = 0; i < lengths.size(); i++) {
      long length = lengths.get(i);
      boolean same = i >= more && input.get(i - more).length() == length;
      Dimension repeated = part ? Dimension.whole(Kind.LOST, length) : Dimension.other(length);
      result.add(same ? input.get(i - more) : repeated);
    }
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
    boolean single = tensors.stream().allMatch(tensor -> tensor.get(place).length() == 1);
    result.set(
        place,
        single
            ? behindOneAnother(node, result, lengths.get(place))
            : joined(
                tensors.stream().map(tensor -> tensor.get(place)).toList(), lengths.get(place)));
    return result;
  }

  private List<Dimension> stacked(Node node, List<Long> lengths) {
    int place = place(number(node, "dim", 0), lengths.size());
    List<Dimension> each = everyNumber(tensors(node));
    if (place < 0 || each.size() != lengths.size() - 1) {
      return List.of();
    }
    List<Dimension> result = new ArrayList<>(each);
    result.add(place, behindOneAnother(node, each, lengths.get(place)));
    return result;
  }

  /** Single ones of whole pictures are channels; of parts of pictures they may be any places. */
  private Dimension behindOneAnother(Node node, List<Dimension> each, long length) {
    boolean several = node.values().filter(ofPicture::contains).count() > 1;
    return several && !holdPicture(each)
        ? Dimension.whole(Kind.LOST, length)
        : Dimension.other(length);
  }

  private static Dimension joined(List<Dimension> pieces, long length) {
    List<Dimension> grids = pieces.stream().filter(Dimension::mayHavePlaces).toList();
    if (grids.isEmpty()) {
      return Dimension.other(length);
    }
    if (grids.size() > 1 || !grids.get(0).isGrid()) {
      return Dimension.whole(Kind.LOST, length);
    }
    long before = 0;
    for (Dimension piece : pieces) {
      if (piece.length() < 0) {
        return Dimension.whole(Kind.LOST, length);
      }
      if (piece.hasPlaces()) {
        return new Dimension(length, piece.parts(), before + piece.before());
      }
      before += piece.length();
    }
    return Dimension.whole(Kind.LOST, length);
  }

  private static List<Dimension> flipped(List<Dimension> input, List<Long> dimensions) {
    List<Dimension> result = new ArrayList<>(input);
    for (long dimension : dimensions) {
      int place = place(dimension, input.size());
      if (place < 0) {
        return List.of();
      }
      result.set(place, result.get(place).lost());
    }
    return result;
  }

  private Optional<Count> count(String name, Node node) {
    if (name.equals("arange")) {
      return number(node, "start", 0) == 0 && number(node, "step", 1) == 1
          ? Optional.of(new Count(0, 0))
          : Optional.empty();
    }
    Optional<Count> of =
        node.values().findFirst().map(counts::get).filter(count -> count.divisor() == 0);
    long other = number(node, "other", -1);
    if (of.isEmpty() || other < 0 || node.argument("alpha").isPresent()) {
      return Optional.empty();
    }
    return switch (name) {
      case "add" -> Optional.of(new Count(of.get().more() + other, 0));
      case "fmod", "remainder" -> Optional.of(new Count(of.get().more(), other));
      default -> Optional.empty();
    };
  }

  /**
   * What is chosen by its number. In a program of basic operators, places are moved around by
   * counting from the new first one, around the border; any other order is lost.
   */
  private List<Dimension> chosen(
      Optional<Argument> index, int place, List<Dimension> input, List<Long> lengths) {
    if (place < 0 || input.size() != lengths.size()) {
      return List.of();
    }
    Dimension whole = input.get(place);
    long length = lengths.get(place);
    Count by = index.map(value -> counts.get(((Value) value).name())).orElse(null);
    boolean around = by != null && whole.length() == length && by.divisor() == length;
    List<Dimension> result = new ArrayList<>(input);
    result.set(place, around ? whole.rolled(-by.more()) : whole.lost(length));
    return result;
  }

  /** What is chosen along one dimension, by one list of numbers: {@code x[:, :, numbers]}. */
  private List<Dimension> indexed(Node node, List<Dimension> input, List<Long> lengths) {
    List<Argument> indices =
        node.argument("indices")
            .filter(Several.class::isInstance)
            .map(several -> ((Several) several).elements())
            .orElse(List.of());
    List<Argument> given = indices.stream().filter(Value.class::isInstance).toList();
    if (given.size() != 1
        || sizes.getOrDefault(((Value) given.get(0)).name(), List.of()).size() != 1) {
      return List.of();
    }
    int place = place(indices.indexOf(given.get(0)), input.size());
    return chosen(Optional.of(given.get(0)), place, input, lengths);
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
  private void several(String name, Node node, List<String> parts) {
    List<Dimension> input = tensors(node).stream().findFirst().orElse(List.of());
    long dimension = number(node, "dim", 0);
    long start = 0;
    for (String part : parts) {
      List<Long> lengths = sizes.get(part);
      if (lengths == null) {
        continue;
      }
      List<Dimension> found = List.of();
      if (name.equals(UNBIND)) {
        found = without(input, dimension);
      } else if (SPLITS.contains(name)) {
        found = cutOut(input, dimension, start, 1, lengths);
      }
      known.put(part, fitted(node, lengths, found));
      int place = place(dimension, lengths.size());
      start += place < 0 ? 0 : lengths.get(place);
    }
  }
}
