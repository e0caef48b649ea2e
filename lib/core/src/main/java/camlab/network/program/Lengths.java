package camlab.network.program;

import camlab.network.program.Graph.Argument;
import camlab.network.program.Graph.Literal;
import camlab.network.program.Graph.Node;
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

/**
 * How many numbers lie along each dimension of what an operator puts out, for a program whose file
 * does not say it: by those of what goes in, and by the numbers it is called with. Nothing runs. Of
 * an operator that is not among these, and of what goes into one unknown, nothing is said.
 */
public final class Lengths {

  private static final int LAST_TWO = 2;

  /** A tensor that is taken apart into more was made to exhaust its reader. */
  private static final long MOST_PARTS = 10_000;

  private static final Pattern WHOLE = Pattern.compile("-?\\d{1,18}|" + Long.MAX_VALUE);
  private static final Pattern COUNT = Pattern.compile("\\d{1,18}");
  private static final Pattern DECIMAL = Pattern.compile("[\\d.e+-]+");

  /** Types and devices may follow; the lengths are those of the first. */
  private static final Set<String> AS_THE_FIRST =
      Set.of(
          "_to_copy",
          "channel_shuffle",
          "clone",
          "contiguous",
          "copy",
          "detach",
          "dropout",
          "feature_dropout",
          "alpha_dropout",
          "flip",
          "roll",
          "to",
          "tril",
          "triu");

  private final Map<String, List<Long>> sizes;

  /**
   * Nothing is computed yet.
   *
   * @param sizes the lengths of tensors by their names; those that are known when it is asked
   */
  public Lengths(Map<String, List<Long>> sizes) {
    this.sizes = sizes;
  }

  /**
   * {@return the lengths of what a call puts out; empty if they are not known} Where it puts out
   * several tensors of the same lengths, those of each.
   *
   * @param node a call of an operator that puts out one tensor, or several alike
   */
  public Optional<List<Long>> of(Node node) {
    try {
      return Optional.of(lengths(node));
    } catch (Unknown | ArithmeticException e) {
      return Optional.empty();
    }
  }

  /**
   * {@return the lengths of each of the tensors that a call takes one apart into; empty if they are
   * not known}
   *
   * @param node a call such as {@code chunk}
   */
  public List<List<Long>> ofParts(Node node) {
    try {
      return parts(node);
    } catch (Unknown | ArithmeticException e) {
      return List.of();
    }
  }

  /** What is asked for is not known. Control flow inside this class only. */
  private static final class Unknown extends RuntimeException {
    private static final long serialVersionUID = 1;

    Unknown() {
      super(null, null, false, false);
    }
  }

  private List<Long> lengths(Node node) {
    String name = Operators.plain(node.target()).orElse("");
    if (AS_THE_FIRST.contains(name)
        || Axes.ON_THE_FIRST.contains(name)
        || (Axes.LIKE_ANOTHER.contains(name) && name.endsWith("_like"))) {
      return tensor(node, 0);
    }
    if (Axes.ON_EVERY_NUMBER.contains(name)) {
      return together(tensors(node));
    }
    if (Axes.CONVOLUTIONS.contains(name)) {
      return convolved(name, node);
    }
    if (Axes.PADDINGS.contains(name)) {
      return padded(node);
    }
    if (Axes.SUMMARIES.contains(name)) {
      return summary(node);
    }
    if (Axes.ATTENTION.contains(name)) {
      return withLast(tensor(node, 0), last(tensor(node, 2)));
    }
    if (Axes.RECURRENT.contains(name)) {
      return recurrent(node);
    }
    return switch (name) {
      case "view", "reshape", "_unsafe_view", "_reshape_alias" -> viewed(node);
      case "view_as", "reshape_as", "expand_as" -> tensor(node, 1);
      case "flatten" -> flat(node);
      case "unflatten" -> unflat(node);
      case "squeeze" -> squeezed(node);
      case "unsqueeze" -> unsqueezed(node);
      case "permute" -> permuted(node);
      case "transpose" -> swapped(tensor(node, 0), number(node, "dim0"), number(node, "dim1"));
      case "swapaxes" -> swapped(tensor(node, 0), number(node, "axis0"), number(node, "axis1"));
      case "t" -> tensor(node, 0).size() < 2 ? tensor(node, 0) : swapped(tensor(node, 0), 0, 1);
      case "mT" -> swapped(tensor(node, 0), -2, -1);
      case "numpy_T" -> reversed(tensor(node, 0));
      case "slice" -> sliced(node);
      case "narrow" -> with(node, number(node, "dim"), number(node, "length"));
      case "select" -> without(tensor(node, 0), number(node, "dim"));
      case "index_select" -> with(node, number(node, "dim"), last(tensor(node, 1)));
      case "index" -> chosen(node);
      case "expand", "broadcast_to" -> expanded(node);
      case "repeat" -> repeated(node);
      case "cat", "concat" -> joined(node);
      case "stack" -> stacked(node);
      case "linear" -> withLast(tensor(node, 0), tensor(node, 1).get(0));
      case "matmul", "bmm", "mm" -> product(tensor(node, 0), tensor(node, 1));
      case "addmm", "baddbmm" -> product(tensor(node, 1), tensor(node, 2));
      case "einsum" -> einsum(node);
      case "max_pool2d", "avg_pool2d" -> pooled(node, LAST_TWO);
      case "adaptive_avg_pool2d", "_adaptive_avg_pool2d", "adaptive_max_pool2d" -> adapted(node);
      case "pixel_shuffle" -> shuffled(node, number(node, "upscale_factor"));
      case "pixel_unshuffle" -> unshuffled(node, number(node, "downscale_factor"));
      case "im2col" -> inColumns(node);
      case "col2im" -> fromColumns(node);
      case "unfold" -> unfolded(node);
      case "avg_pool1d", "max_pool1d" -> pooled(node, 1);
      case "tensor" -> given(node);
      case "zeros", "ones", "full", "empty", "new_zeros", "new_ones", "new_full", "new_empty" ->
          numbers(node, "size");
      case "arange" -> List.of(counted(node));
      case "linspace" -> List.of(number(node, "steps"));
      case "scalar_tensor" -> List.of();
      default -> {
        if (name.startsWith("upsample_") || name.startsWith("_upsample_")) {
          yield enlarged(node);
        }
        throw new Unknown();
      }
    };
  }

  // What a call is given

  private List<List<Long>> tensors(Node node) {
    return node.values().map(this::known).toList();
  }

  private List<Long> tensor(Node node, int place) {
    List<String> values = node.values().toList();
    return known(values.size() > place ? values.get(place) : "");
  }

  private List<Long> known(String name) {
    List<Long> known = sizes.get(name);
    if (known == null) {
      throw new Unknown();
    }
    return known;
  }

  private static long number(Node node, String name) {
    return node.argument(name).map(Lengths::number).orElseThrow(Unknown::new);
  }

  private static long number(Node node, String name, long otherwise) {
    return node.argument(name).filter(Lengths::isSaid).map(Lengths::number).orElse(otherwise);
  }

  private static boolean isSaid(Argument argument) {
    return !(argument instanceof Literal literal && literal.text().equals("None"));
  }

  private static long number(Argument argument) {
    if (argument instanceof Literal literal && WHOLE.matcher(literal.text()).matches()) {
      return Long.parseLong(literal.text());
    }
    throw new Unknown();
  }

  private static List<Long> numbers(Node node, String name) {
    Argument argument = node.argument(name).filter(Lengths::isSaid).orElseThrow(Unknown::new);
    return argument instanceof Several several
        ? several.elements().stream().map(Lengths::number).toList()
        : List.of(number(argument));
  }

  private static List<Long> numbers(Node node, String name, List<Long> otherwise) {
    return node.argument(name).filter(Lengths::isSaid).isPresent()
            && !isEmpty(node.argument(name).get())
        ? numbers(node, name)
        : otherwise;
  }

  private static boolean isEmpty(Argument argument) {
    return argument instanceof Several several && several.elements().isEmpty();
  }

  private static boolean is(Node node, String name) {
    return node.literal(name).filter(text -> text.equalsIgnoreCase("true")).isPresent();
  }

  /** One of several numbers, where one stands for all. */
  private static long each(List<Long> numbers, int dimension) {
    return numbers.get(Math.min(dimension, numbers.size() - 1));
  }

  private static long last(List<Long> lengths) {
    if (lengths.isEmpty()) {
      throw new Unknown();
    }
    return lengths.get(lengths.size() - 1);
  }

  private static int place(long dimension, int rank) {
    long place = dimension < 0 ? dimension + rank : dimension;
    if (place < 0 || place >= rank) {
      throw new Unknown();
    }
    return (int) place;
  }

  private static long size(List<Long> lengths) {
    return lengths.stream().reduce(1L, Math::multiplyExact);
  }

  // Rules

  /** Lengths of 1 are repeated. */
  private static List<Long> together(List<List<Long>> tensors) {
    if (tensors.isEmpty()) {
      throw new Unknown();
    }
    int rank = tensors.stream().mapToInt(List::size).max().orElseThrow();
    List<Long> result = new ArrayList<>(Collections.nCopies(rank, 1L));
    for (List<Long> tensor : tensors) {
      int shift = rank - tensor.size();
      for (int i = 0; i < tensor.size(); i++) {
        long length = tensor.get(i);
        long before = result.get(shift + i);
        if (before != 1 && length != 1 && before != length) {
          throw new Unknown();
        }
        result.set(shift + i, before == 1 ? length : before);
      }
    }
    return result;
  }

  private List<Long> convolved(String name, Node node) {
    List<Long> input = tensor(node, 0);
    List<Long> weight = tensor(node, 1);
    if (input.size() != weight.size()) {
      throw new Unknown();
    }
    boolean transposed = name.equals("conv_transpose2d") || is(node, "transposed");
    List<Long> stride = numbers(node, "stride", List.of(1L));
    List<Long> dilation = numbers(node, "dilation", List.of(1L));
    boolean named = node.literal("padding").filter(text -> text.contains("\"")).isPresent();
    boolean same = named && node.literal("padding").orElseThrow().contains("same");
    List<Long> padding = named ? List.of(0L) : numbers(node, "padding", List.of(0L));
    List<Long> more = numbers(node, "output_padding", List.of(0L));
    List<Long> result = new ArrayList<>(List.of(input.get(0)));
    result.add(
        transposed ? Math.multiplyExact(weight.get(1), number(node, "groups", 1)) : weight.get(0));
    for (int i = 2; i < input.size(); i++) {
      long window = each(dilation, i - 2) * (weight.get(i) - 1) + 1;
      long step = each(stride, i - 2);
      long border = 2 * each(padding, i - 2);
      if (transposed) {
        result.add((input.get(i) - 1) * step - border + window + each(more, i - 2));
      } else {
        result.add(same ? input.get(i) : windows(input.get(i) + border, window, step, false));
      }
    }
    return result;
  }

  private static long windows(long length, long window, long step, boolean up) {
    if (step < 1 || length < window) {
      throw new Unknown();
    }
    return (length - window + (up ? step - 1 : 0)) / step + 1;
  }

  private List<Long> pooled(Node node, int dimensions) {
    List<Long> input = tensor(node, 0);
    List<Long> kernel = numbers(node, "kernel_size");
    List<Long> stride = numbers(node, "stride", kernel);
    List<Long> padding = numbers(node, "padding", List.of(0L));
    List<Long> dilation = numbers(node, "dilation", List.of(1L));
    boolean up = is(node, "ceil_mode");
    List<Long> result = new ArrayList<>(input);
    for (int i = 0; i < dimensions; i++) {
      int place = place((long) i - dimensions, input.size());
      long border = each(padding, i);
      long step = each(stride, i);
      long length = input.get(place);
      long count =
          windows(length + 2 * border, each(dilation, i) * (each(kernel, i) - 1) + 1, step, up);
      // No window begins in the border behind.
      boolean beyond = up && (count - 1) * step >= length + border;
      result.set(place, beyond ? count - 1 : count);
    }
    return result;
  }

  /**
   * How many places each window of {@code im2col} has, (rows, columns).
   *
   * @param node its call
   * @return two lengths
   * @throws Unknown if they are not known
   */
  private static List<Long> kernel(Node node) {
    List<Long> kernel = numbers(node, "kernel_size");
    return List.of(each(kernel, 0), each(kernel, 1));
  }

  /** Windows one behind the other, each as a column of what lies in it. */
  private List<Long> inColumns(Node node) {
    List<Long> input = tensor(node, 0);
    List<Long> result = new ArrayList<>(input.subList(0, place(-3, input.size())));
    result.add(input.get(place(-3, input.size())) * size(kernel(node)));
    List<Long> windows = pooled(node, LAST_TWO);
    result.add(last(windows) * windows.get(place(-LAST_TWO, windows.size())));
    return result;
  }

  private List<Long> fromColumns(Node node) {
    List<Long> input = tensor(node, 0);
    int columns = place(-LAST_TWO, input.size());
    List<Long> size = numbers(node, "output_size");
    List<Long> result = new ArrayList<>(input.subList(0, columns));
    result.add(input.get(columns) / size(kernel(node)));
    result.add(each(size, 0));
    result.add(each(size, 1));
    return result;
  }

  private List<Long> unfolded(Node node) {
    List<Long> result = new ArrayList<>(tensor(node, 0));
    int place = place(number(node, "dimension"), result.size());
    long window = number(node, "size");
    result.set(place, windows(result.get(place), window, number(node, "step"), false));
    result.add(window);
    return result;
  }

  private List<Long> adapted(Node node) {
    List<Long> size = numbers(node, "output_size");
    List<Long> result = new ArrayList<>(tensor(node, 0));
    for (int i = 0; i < LAST_TWO; i++) {
      result.set(place(i - LAST_TWO, result.size()), each(size, i));
    }
    return result;
  }

  private List<Long> enlarged(Node node) {
    List<Long> input = tensor(node, 0);
    List<Long> size = numbers(node, "output_size", List.of());
    List<Argument> factors =
        node.argument("scale_factors")
            .filter(Several.class::isInstance)
            .map(several -> ((Several) several).elements())
            .orElse(List.of());
    if (size.size() != LAST_TWO && factors.size() != LAST_TWO) {
      throw new Unknown();
    }
    List<Long> result = new ArrayList<>(input);
    for (int i = 0; i < LAST_TWO; i++) {
      int place = place(i - LAST_TWO, input.size());
      long length =
          size.size() == LAST_TWO
              ? size.get(i)
              : (long) Math.floor(input.get(place) * decimal(factors.get(i)));
      result.set(place, length);
    }
    return result;
  }

  private static double decimal(Argument argument) {
    if (argument instanceof Literal literal && DECIMAL.matcher(literal.text()).matches()) {
      return Double.parseDouble(literal.text().replaceFirst("\\.$", ".0"));
    }
    throw new Unknown();
  }

  private List<Long> shuffled(Node node, long factor) {
    List<Long> result = new ArrayList<>(tensor(node, 0));
    int channels = place(-3, result.size());
    result.set(channels, result.get(channels) / (factor * factor));
    for (int place = channels + 1; place < result.size(); place++) {
      result.set(place, result.get(place) * factor);
    }
    return result;
  }

  private List<Long> unshuffled(Node node, long factor) {
    List<Long> result = new ArrayList<>(tensor(node, 0));
    int channels = place(-3, result.size());
    result.set(channels, result.get(channels) * factor * factor);
    for (int place = channels + 1; place < result.size(); place++) {
      result.set(place, result.get(place) / factor);
    }
    return result;
  }

  /** The amounts come in pairs, those of the last dimension first. */
  private List<Long> padded(Node node) {
    List<Long> result = new ArrayList<>(tensor(node, 0));
    List<Long> pad = numbers(node, node.argument("pad").isPresent() ? "pad" : "padding");
    for (int pair = 0; 2 * pair + 1 < pad.size(); pair++) {
      int place = place(-1L - pair, result.size());
      result.set(place, result.get(place) + pad.get(2 * pair) + pad.get(2 * pair + 1));
    }
    return result;
  }

  private List<Long> summary(Node node) {
    List<List<Long>> tensors = tensors(node);
    if (tensors.size() > 1) {
      return together(tensors);
    }
    List<Long> input = tensors.get(0);
    List<Long> dimensions = numbers(node, "dim", List.of());
    Set<Integer> gone = new HashSet<>();
    for (int i = 0; i < input.size(); i++) {
      if (dimensions.isEmpty()) {
        gone.add(i);
      }
    }
    dimensions.forEach(dimension -> gone.add(place(dimension, input.size())));
    List<Long> result = new ArrayList<>();
    for (int i = 0; i < input.size(); i++) {
      if (!gone.contains(i)) {
        result.add(input.get(i));
      } else if (is(node, "keepdim")) {
        result.add(1L);
      }
    }
    return result;
  }

  /** One length that is not said is what the others leave, as is one that is not known. */
  private List<Long> viewed(Node node) {
    List<Argument> said =
        node.argument("size")
            .or(() -> node.argument("shape"))
            .filter(Several.class::isInstance)
            .map(several -> ((Several) several).elements())
            .orElseThrow(Unknown::new);
    List<Long> result = new ArrayList<>();
    int open = -1;
    for (Argument length : said) {
      boolean number = length instanceof Literal literal && COUNT.matcher(literal.text()).matches();
      if (!number && open >= 0) {
        throw new Unknown();
      }
      open = number ? open : result.size();
      result.add(number ? number(length) : 1);
    }
    long all = size(tensor(node, 0));
    long rest = size(result);
    if (rest == 0 || all % rest != 0 || (open < 0 && all != rest)) {
      throw new Unknown();
    }
    if (open >= 0) {
      result.set(open, all / rest);
    }
    return result;
  }

  private List<Long> flat(Node node) {
    List<Long> input = tensor(node, 0);
    if (input.isEmpty()) {
      return List.of(1L);
    }
    int start = place(number(node, "start_dim", 0), input.size());
    int end = place(number(node, "end_dim", -1), input.size());
    if (end < start) {
      throw new Unknown();
    }
    List<Long> result = new ArrayList<>(input.subList(0, start));
    result.add(size(input.subList(start, end + 1)));
    result.addAll(input.subList(end + 1, input.size()));
    return result;
  }

  private List<Long> unflat(Node node) {
    List<Long> input = tensor(node, 0);
    int place = place(number(node, "dim"), input.size());
    List<Long> parts = new ArrayList<>(numbers(node, "sizes"));
    int open = parts.indexOf(-1L);
    if (open >= 0) {
      parts.set(open, 1L);
      parts.set(open, input.get(place) / size(parts));
    }
    List<Long> result = new ArrayList<>(input.subList(0, place));
    result.addAll(parts);
    result.addAll(input.subList(place + 1, input.size()));
    return result;
  }

  private List<Long> squeezed(Node node) {
    List<Long> input = tensor(node, 0);
    Set<Integer> may = new HashSet<>();
    numbers(node, "dim", List.of()).forEach(dimension -> may.add(place(dimension, input.size())));
    boolean any = node.argument("dim").isEmpty();
    List<Long> result = new ArrayList<>();
    for (int i = 0; i < input.size(); i++) {
      if (input.get(i) != 1 || !(any || may.contains(i))) {
        result.add(input.get(i));
      }
    }
    return result;
  }

  private List<Long> unsqueezed(Node node) {
    List<Long> result = new ArrayList<>(tensor(node, 0));
    result.add(place(number(node, "dim"), result.size() + 1), 1L);
    return result;
  }

  private List<Long> permuted(Node node) {
    List<Long> input = tensor(node, 0);
    List<Long> order = numbers(node, "dims");
    if (order.size() != input.size()) {
      throw new Unknown();
    }
    return order.stream().map(from -> input.get(place(from, input.size()))).toList();
  }

  private static List<Long> swapped(List<Long> input, long one, long other) {
    List<Long> result = new ArrayList<>(input);
    Collections.swap(result, place(one, input.size()), place(other, input.size()));
    return result;
  }

  private static List<Long> reversed(List<Long> input) {
    List<Long> result = new ArrayList<>(input);
    Collections.reverse(result);
    return result;
  }

  private List<Long> sliced(Node node) {
    List<Long> input = tensor(node, 0);
    long dimension = number(node, "dim", 0);
    long length = input.get(place(dimension, input.size()));
    long start = end(number(node, "start", 0), length);
    long end = end(number(node, "end", Long.MAX_VALUE), length);
    long step = number(node, "step", 1);
    if (step < 1) {
      throw new Unknown();
    }
    return with(node, dimension, Math.max(0, (end - start + step - 1) / step));
  }

  /** Counted from the end if it is negative, and inside in any case. */
  private static long end(long place, long length) {
    return Math.max(0, Math.min(length, place < 0 ? place + length : place));
  }

  private List<Long> with(Node node, long dimension, long length) {
    List<Long> result = new ArrayList<>(tensor(node, 0));
    result.set(place(dimension, result.size()), length);
    return result;
  }

  private static List<Long> withLast(List<Long> input, long length) {
    List<Long> result = new ArrayList<>(input);
    result.set(place(-1, input.size()), length);
    return result;
  }

  private static List<Long> without(List<Long> input, long dimension) {
    List<Long> result = new ArrayList<>(input);
    result.remove(place(dimension, input.size()));
    return result;
  }

  /** By tensors of places, one beside the other. */
  private List<Long> chosen(Node node) {
    List<Long> input = tensor(node, 0);
    List<Argument> indices =
        node.argument("indices")
            .filter(Several.class::isInstance)
            .map(several -> ((Several) several).elements())
            .orElseThrow(Unknown::new);
    List<Long> result = new ArrayList<>();
    List<List<Long>> places = new ArrayList<>();
    int first = -1;
    int after = -1;
    for (int i = 0; i < indices.size(); i++) {
      if (indices.get(i) instanceof Value value) {
        places.add(known(value.name()));
        first = first < 0 ? i : first;
        if (after >= 0 && after != i) {
          throw new Unknown();
        }
        after = i + 1;
      }
    }
    if (first < 0 || after > input.size()) {
      throw new Unknown();
    }
    result.addAll(input.subList(0, first));
    result.addAll(together(places));
    result.addAll(input.subList(after, input.size()));
    return result;
  }

  private List<Long> expanded(Node node) {
    List<Long> input = tensor(node, 0);
    List<Long> result = new ArrayList<>(numbers(node, "size"));
    int more = result.size() - input.size();
    for (int i = 0; i < result.size(); i++) {
      if (result.get(i) < 0) {
        if (i < more) {
          throw new Unknown();
        }
        result.set(i, input.get(i - more));
      }
    }
    return result;
  }

  private List<Long> repeated(Node node) {
    List<Long> input = tensor(node, 0);
    List<Long> result = new ArrayList<>(numbers(node, "repeats"));
    int more = result.size() - input.size();
    if (more < 0) {
      throw new Unknown();
    }
    for (int i = 0; i < input.size(); i++) {
      result.set(more + i, result.get(more + i) * input.get(i));
    }
    return result;
  }

  private List<Long> joined(Node node) {
    List<List<Long>> tensors = tensors(node);
    List<Long> result = new ArrayList<>(tensor(node, 0));
    int place = place(number(node, "dim", 0), result.size());
    long length = 0;
    for (List<Long> tensor : tensors) {
      if (tensor.size() != result.size()) {
        throw new Unknown();
      }
      length += tensor.get(place);
    }
    result.set(place, length);
    return result;
  }

  private List<Long> stacked(Node node) {
    List<Long> result = new ArrayList<>(tensor(node, 0));
    result.add(place(number(node, "dim", 0), result.size() + 1), (long) tensors(node).size());
    return result;
  }

  /** Rows of the states they start from, (layers · directions, N, H), one for each direction. */
  private List<Long> recurrent(Node node) {
    if (!(node.argument("params").orElseThrow(Unknown::new) instanceof Several)) {
      throw new Unknown(); // rows of several lengths behind one another
    }
    long directions = is(node, "bidirectional") ? 2 : 1;
    return withLast(tensor(node, 0), Math.multiplyExact(last(tensor(node, 1)), directions));
  }

  private static List<Long> product(List<Long> one, List<Long> other) {
    if (one.size() < 2 || other.size() < 2) {
      throw new Unknown();
    }
    List<Long> result =
        new ArrayList<>(
            together(
                List.of(
                    one.subList(0, one.size() - LAST_TWO),
                    other.subList(0, other.size() - LAST_TWO))));
    result.add(one.get(one.size() - LAST_TWO));
    result.add(last(other));
    return result;
  }

  private List<Long> einsum(Node node) {
    String equation = node.literal("equation").orElse("").replaceAll("[\\s\"]", "");
    String[] sides = equation.split("->", -1);
    if (sides.length != 2 || equation.contains(".")) {
      throw new Unknown();
    }
    String[] operands = sides[0].split(",", -1);
    List<List<Long>> tensors = tensors(node);
    Map<Character, Long> letters = new HashMap<>();
    for (int i = 0; i < operands.length; i++) {
      if (i >= tensors.size() || tensors.get(i).size() != operands[i].length()) {
        throw new Unknown();
      }
      for (int j = 0; j < operands[i].length(); j++) {
        letters.merge(operands[i].charAt(j), tensors.get(i).get(j), Math::max);
      }
    }
    return sides[1].chars().mapToObj(letter -> letters.get((char) letter)).toList();
  }

  /** A number, or a list of numbers. */
  private static List<Long> given(Node node) {
    Argument data = node.argument("data").orElseThrow(Unknown::new);
    if (data instanceof Several several
        && several.elements().stream().allMatch(Literal.class::isInstance)) {
      return List.of((long) several.elements().size());
    }
    if (data instanceof Literal) {
      return List.of();
    }
    throw new Unknown();
  }

  private static long counted(Node node) {
    long start = number(node, "start", 0);
    long step = number(node, "step", 1);
    long end = number(node, "end");
    if (step < 1) {
      throw new Unknown();
    }
    return Math.max(0, (end - start + step - 1) / step);
  }

  private List<List<Long>> parts(Node node) {
    List<Long> input = tensor(node, 0);
    int place = place(number(node, "dim", 0), input.size());
    long length = input.get(place);
    String name = Operators.plain(node.target()).orElse("");
    List<Long> pieces =
        switch (name) {
          case "unbind" -> pieces(length, 1);
          case "chunk", "unsafe_chunk" -> {
            long chunks = number(node, "chunks");
            yield pieces(length, chunks < 1 ? 0 : (length + chunks - 1) / chunks);
          }
          case "split", "unsafe_split" -> pieces(length, number(node, "split_size"));
          case "split_with_sizes" -> numbers(node, "split_sizes");
          default -> throw new Unknown();
        };
    boolean gone = name.equals("unbind");
    return pieces.stream()
        .map(piece -> gone ? without(input, place) : with(node, place, piece))
        .toList();
  }

  private static List<Long> pieces(long length, long most) {
    if (most < 1 || length / most > MOST_PARTS) {
      throw new Unknown();
    }
    List<Long> pieces = new ArrayList<>();
    for (long left = length; left > 0; left -= most) {
      pieces.add(Math.min(left, most));
    }
    return pieces;
  }
}
