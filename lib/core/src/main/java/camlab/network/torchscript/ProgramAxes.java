package camlab.network.torchscript;

import camlab.network.Layout;
import camlab.network.program.Axes;
import camlab.network.program.Graph.Argument;
import camlab.network.program.Graph.Input;
import camlab.network.program.Graph.Literal;
import camlab.network.program.Graph.Named;
import camlab.network.program.Graph.Node;
import camlab.network.program.Graph.One;
import camlab.network.program.Graph.Origin;
import camlab.network.program.Graph.Parts;
import camlab.network.program.Graph.Result;
import camlab.network.program.Graph.Several;
import camlab.network.program.Graph.Value;
import camlab.network.program.Lengths;
import camlab.network.program.Operators;
import camlab.network.program.ShownLayouts;
import camlab.weights.RawTensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Follows the rows and columns of a picture through a program that has one way to run, as a traced
 * one has. Its text is read statement by statement, with each call of a module in its place, and
 * becomes the calls of operators that {@link Axes} knows; how long their outputs are follows from
 * the picture and the weights, see {@link Lengths}. Nothing runs.
 *
 * <p>A program that decides, repeats, or calls what is no operator of PyTorch is not followed.
 */
final class ProgramAxes {

  /** More than any program nests; a file that does was made to exhaust its reader. */
  private static final int DEEPEST = 1000;

  /** What takes a list; what changes one, as {@code append} does, is not read here. */
  private static final Set<String> OF_A_LIST =
      Set.of(
          "broadcast_tensors",
          "cat",
          "concat",
          "empty",
          "full",
          "meshgrid",
          "ones",
          "stack",
          "zeros");

  /** Whole numbers up to here are exact as double precision has them. */
  private static final double EXACT = 1L << 53;

  /** What computes one number of others. */
  private static final Set<String> NUMBERS =
      Set.of(
          "abs",
          "add",
          "ceil",
          "clamp",
          "clamp_max",
          "clamp_min",
          "div",
          "exp",
          "floor",
          "floor_divide",
          "floordiv",
          "log",
          "max",
          "maximum",
          "min",
          "minimum",
          "mul",
          "neg",
          "pow",
          "reciprocal",
          "remainder",
          "round",
          "rsqrt",
          "rsub",
          "sqrt",
          "sub",
          "to",
          "trunc");

  /** What tells of a tensor what is the same for every picture. */
  private static final Set<String> ABOUT_A_TENSOR =
      Set.of("ops.prim.device", "ops.prim.dtype", "ops.prim.layout", "ops.prim.requires_grad");

  /** What answers several tensors that are as long as each other. */
  private static final Set<String> ALIKE = Set.of("max", "min", "std_mean", "var_mean");

  /** What the arguments of operators are called, in their order, where that matters here. */
  private static final Map<String, List<String>> ARGUMENTS = arguments();

  private static final Pattern RETURN = Pattern.compile("return ");
  private static final Pattern NAMES = Pattern.compile("(\\w+(?:, \\w+)*)(,?) = ");
  private static final Pattern NAMED = Pattern.compile("(\\w+)=(?!=)");
  private static final Pattern METHOD = Pattern.compile("\\.\\w+\\(");
  private static final Pattern NAME = Pattern.compile("[A-Za-z_]\\w*(?:\\.\\w+)*");
  private static final Pattern NUMBER = Pattern.compile("-?\\d+(?:\\.\\d*)?(?:e[+-]?\\d+)?");
  private static final Pattern WHOLE = Pattern.compile("-?\\d{1,18}|9223372036854775807");
  private static final Pattern TEXT = Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*\"");
  private static final Pattern CLOSE = Pattern.compile("\\)");
  private static final Set<String> TRUTH = Set.of("True", "False");

  /** What stands for a number or a text that is not known. */
  private static final Plain UNKNOWN = new Plain("?");

  private static final Plain NONE = new Plain("None");

  /** What the picture is called among the calls; no attribute has such a name. */
  private static final String PICTURE = "the picture";

  /** What an expression stands for. */
  private sealed interface Known {}

  /** A tensor, by the name it has among the calls. */
  private record Tensor(String name) implements Known {}

  /** A whole number. */
  private record Whole(long value) implements Known {}

  /** A number with a fraction. */
  private record Decimal(double value) implements Known {}

  /** A text, a truth value, … as the program writes it. */
  private record Plain(String text) implements Known {}

  /** A list or a tuple. */
  private record Items(List<Known> elements) implements Known {}

  /** A module or what belongs to one, by the attributes that lead to it. */
  private record Attribute(String path) implements Known {}

  /** The program has other ways to run, or is written in another way than is read here. */
  private static final class NotFollowed extends RuntimeException {
    private static final long serialVersionUID = 1;

    NotFollowed() {
      super(null, null, false, false);
    }
  }

  private final List<String> layers;
  private final Map<String, Double> constants;
  private final Map<String, List<Long>> sizes;
  private final Axes axes;
  private final Lengths lengths;
  private final Map<String, Layout> layouts = new HashMap<>();
  private final Set<String> without = new HashSet<>();
  private int values;

  /** Expressions in expressions, through all calls, that are being read. */
  private int depth;

  private ProgramAxes(
      List<String> layers, Map<String, Double> constants, Map<String, List<Long>> sizes) {
    this.layers = layers;
    this.constants = constants;
    this.sizes = sizes;
    lengths = new Lengths(sizes);
    axes = new Axes(List.of(new Input(PICTURE, Origin.USER, "", "Tensor")), sizes);
  }

  /**
   * {@return what a program shows; nothing if it is not followed}
   *
   * @param root its {@code forward}
   * @param arguments the text of what that is called with
   * @param layers the names of the layers, in the order of their places
   * @param weights the lengths of parameters and of constants, by their names
   * @param constants those of the constants that are single numbers
   * @param picture the lengths of the picture, (1, C, H, W)
   */
  static ShownLayouts shown(
      ScriptHooks.Method root,
      String arguments,
      List<String> layers,
      Map<String, List<Long>> weights,
      Map<String, Double> constants,
      List<Long> picture) {
    Map<String, List<Long>> sizes = new HashMap<>(weights);
    sizes.put(PICTURE, picture);
    ProgramAxes program = new ProgramAxes(layers, constants, sizes);
    Map<String, Known> given = new HashMap<>();
    given.put(ScriptArguments.PICTURE, new Tensor(PICTURE));
    try {
      Reader call = program.new Reader(root, "(" + arguments + ")", given);
      program.run(root, "", call.placed());
    } catch (NotFollowed e) {
      return ShownLayouts.NONE;
    }
    return new ShownLayouts(program.layouts, program.without);
  }

  private Known run(ScriptHooks.Method method, String path, List<Known> arguments) {
    Map<String, Known> given = new HashMap<>();
    List<String> names = method.method.arguments();
    for (int i = 0; i < names.size(); i++) {
      given.put(names.get(i), i < arguments.size() ? arguments.get(i) : UNKNOWN);
    }
    given.put(method.method.self(), new Attribute(path));
    Known answer = new Reader(method, method.method.body(), given).all();
    note(method.layer, answer);
    return answer;
  }

  /** Where the positions are in what a layer puts out, as it puts it out. */
  private void note(int layer, Known output) {
    if (layer >= 0 && output instanceof Tensor tensor) {
      axes.layout(tensor.name()).ifPresent(layout -> layouts.put(layers.get(layer), layout));
      if (axes.hasNoLayout(tensor.name())) {
        without.add(layers.get(layer));
      }
    }
  }

  // Calls of operators

  private Known call(String function, List<Known> placed, Map<String, Known> named, int results) {
    if (placed.isEmpty()) {
      throw new NotFollowed();
    }
    return switch (function) {
      case "int" ->
          placed.get(0) instanceof Decimal decimal
              ? new Whole((long) decimal.value())
              : placed.get(0) instanceof Whole whole ? whole : UNKNOWN;
      case "float", "ops.prim.NumToTensor" -> isNumber(placed.get(0)) ? placed.get(0) : UNKNOWN;
      case "bool", "str", "torch.device", "torch.format", "torch.warn" -> UNKNOWN;
      case "torch.size" -> size(placed);
      case "torch.dim" -> rank(placed.get(0));
      case "torch.len" ->
          placed.get(0) instanceof Items items ? new Whole(items.elements().size()) : UNKNOWN;
      default -> {
        Optional<Known> number = number(function, placed, named);
        if (number.isPresent()) {
          yield number.get();
        }
        if (function.startsWith("ops.prim.")) {
          yield ofNoPlaces(function, placed);
        }
        yield operator(function, placed, named, results);
      }
    };
  }

  /** A number, or the type or the device of a tensor; but not the tensor's own numbers. */
  private static Known ofNoPlaces(String function, List<Known> placed) {
    boolean plain = placed.stream().allMatch(value -> isNumber(value) || value instanceof Plain);
    if (plain || ABOUT_A_TENSOR.contains(function)) {
      return UNKNOWN;
    }
    throw new NotFollowed();
  }

  private Known size(List<Known> placed) {
    List<Long> known = placed.get(0) instanceof Tensor tensor ? sizes.get(tensor.name()) : null;
    if (known == null) {
      return UNKNOWN;
    }
    if (placed.size() == 1) {
      return new Items(known.stream().map(length -> (Known) new Whole(length)).toList());
    }
    return at(known, placed.get(1)).map(length -> (Known) new Whole(length)).orElse(UNKNOWN);
  }

  /** What stands at a place, which is counted from the end if it is negative. */
  private static <T> Optional<T> at(List<T> all, Known place) {
    if (!(place instanceof Whole whole)) {
      return Optional.empty();
    }
    long index = whole.value() < 0 ? whole.value() + all.size() : whole.value();
    return index >= 0 && index < all.size() ? Optional.of(all.get((int) index)) : Optional.empty();
  }

  private Known rank(Known of) {
    List<Long> known = of instanceof Tensor tensor ? sizes.get(tensor.name()) : null;
    return known == null ? UNKNOWN : new Whole(known.size());
  }

  /** Arithmetic with numbers that are known, or are not: what comes of them is one again. */
  private static Optional<Known> number(
      String function, List<Known> placed, Map<String, Known> named) {
    String name = lastName(function);
    if (!placed.stream().allMatch(ProgramAxes::isNumber) || !NUMBERS.contains(name)) {
      return Optional.empty();
    }
    if (placed.contains(UNKNOWN) || named.containsKey("alpha")) {
      return Optional.of(UNKNOWN);
    }
    double one = value(placed.get(0));
    double other = placed.size() > 1 ? value(placed.get(1)) : Double.NaN;
    String rounding = named.get("rounding_mode") instanceof Plain mode ? mode.text() : "";
    double result =
        switch (name) {
          case "add" -> one + other;
          case "sub" -> one - other;
          case "rsub" -> other - one;
          case "mul" -> one * other;
          case "div" ->
              rounding.contains("floor")
                  ? Math.floor(one / other)
                  : rounding.contains("trunc") ? (long) (one / other) : one / other;
          case "floor_divide", "floordiv" -> Math.floor(one / other);
          case "remainder" -> one - other * Math.floor(one / other);
          case "ceil" -> Math.ceil(one);
          case "floor" -> Math.floor(one);
          case "neg" -> -one;
          case "max", "maximum", "clamp_min" -> Math.max(one, other);
          case "min", "minimum", "clamp_max" -> Math.min(one, other);
          case "clamp" -> placed.size() == 2 && named.isEmpty() ? Math.max(one, other) : Double.NaN;
          default -> Double.NaN;
        };
    return Optional.of(number(result));
  }

  private static String lastName(String function) {
    return function.substring(function.lastIndexOf('.') + 1);
  }

  private static boolean isNumber(Known value) {
    return value instanceof Whole || value instanceof Decimal || value.equals(UNKNOWN);
  }

  private static double value(Known number) {
    return number instanceof Whole whole ? whole.value() : ((Decimal) number).value();
  }

  private static Known number(double value) {
    if (Double.isNaN(value) || Math.abs(value) > EXACT) {
      return UNKNOWN;
    }
    return value == Math.rint(value) ? new Whole((long) value) : new Decimal(value);
  }

  private Known operator(
      String function, List<Known> placed, Map<String, Known> named, int results) {
    String name = lastName(function);
    String target = "torch.ops.aten." + name + ".default";
    String plain = Operators.plain(target).orElseThrow(NotFollowed::new);
    boolean ofPyTorch = function.equals("torch." + name) || function.equals("ops.aten." + name);
    boolean ofList = placed.get(0) instanceof Items;
    if (!ofPyTorch || (ofList && !OF_A_LIST.contains(plain))) {
      throw new NotFollowed();
    }
    List<Named> arguments = new ArrayList<>();
    List<String> names = names(plain, placed);
    for (int i = 0; i < placed.size(); i++) {
      String called = i < names.size() ? names.get(i) : "argument " + i;
      arguments.add(Named.placed(called, argument(placed.get(i))));
    }
    named.forEach((key, value) -> arguments.add(Named.placed(key, argument(value))));
    if (Axes.takesApart(plain)) {
      return apart(target, arguments, results);
    }
    int count = Math.max(1, results);
    List<String> made = IntStream.range(0, count).mapToObj(i -> next()).toList();
    Node node =
        new Node(
            target,
            arguments,
            made.stream().map(each -> (Result) new One(each, true)).toList(),
            List.of());
    lengths
        .of(node)
        .ifPresent(
            known ->
                made.stream()
                    .limit(ALIKE.contains(plain) ? count : 1)
                    .forEach(each -> sizes.put(each, known)));
    axes.follow(node);
    return results == 0
        ? new Tensor(made.get(0))
        : new Items(made.stream().map(each -> (Known) new Tensor(each)).toList());
  }

  private Known apart(String target, List<Named> arguments, int results) {
    List<List<Long>> parts = lengths.ofParts(new Node(target, arguments, List.of(), List.of()));
    int count = parts.isEmpty() ? results : parts.size();
    if (count == 0) {
      String all = next();
      axes.follow(new Node(target, arguments, List.of(new One(all, true)), List.of()));
      return new Tensor(all);
    }
    List<String> made = IntStream.range(0, count).mapToObj(i -> next()).toList();
    for (int i = 0; i < parts.size(); i++) {
      sizes.put(made.get(i), parts.get(i));
    }
    axes.follow(new Node(target, arguments, List.of(new Parts(made)), List.of()));
    return new Items(made.stream().map(each -> (Known) new Tensor(each)).toList());
  }

  private String next() {
    return "value " + values++;
  }

  private Argument argument(Known known) {
    if (known instanceof Tensor tensor) {
      return new Value(tensor.name());
    }
    if (known instanceof Attribute attribute) {
      return new Value(attribute.path());
    }
    if (known instanceof Whole whole) {
      return new Literal(Long.toString(whole.value()));
    }
    if (known instanceof Decimal decimal) {
      return new Literal(String.valueOf(decimal.value()).toLowerCase(Locale.ROOT));
    }
    if (known instanceof Plain plain) {
      return new Literal(plain.text());
    }
    return new Several(((Items) known).elements().stream().map(this::argument).toList(), "");
  }

  private static Map<String, List<String>> arguments() {
    Map<String, List<String>> names = new HashMap<>();
    for (String line :
        """
        _convolution: input weight bias stride padding dilation transposed output_padding groups
        conv1d: input weight bias stride padding dilation groups
        conv2d: input weight bias stride padding dilation groups
        conv_transpose2d: input weight bias stride padding output_padding groups dilation
        max_pool2d: self kernel_size stride padding dilation ceil_mode
        avg_pool2d: self kernel_size stride padding ceil_mode count_include_pad
        adaptive_avg_pool2d: self output_size
        adaptive_max_pool2d: self output_size
        upsample_bilinear2d: self output_size align_corners scale_factors
        upsample_bicubic2d: self output_size align_corners scale_factors
        _upsample_bilinear2d_aa: self output_size align_corners scale_factors
        _upsample_bicubic2d_aa: self output_size align_corners scale_factors
        upsample_nearest2d: self output_size scale_factors
        _upsample_nearest_exact2d: self output_size scale_factors
        pixel_shuffle: self upscale_factor
        pixel_unshuffle: self downscale_factor
        channel_shuffle: self groups
        pad: self pad mode value
        constant_pad_nd: self pad value
        reflection_pad2d: self padding
        replication_pad2d: self padding
        view: self size
        reshape: self shape
        flatten: self start_dim end_dim
        unflatten: self dim sizes
        squeeze: self dim
        unsqueeze: self dim
        permute: self dims
        transpose: self dim0 dim1
        swapaxes: self axis0 axis1
        slice: self dim start end step
        narrow: self dim start length
        select: self dim index
        index_select: self dim index
        index: self indices
        expand: self size
        broadcast_to: self size
        repeat: self repeats
        cat: tensors dim
        concat: tensors dim
        stack: tensors dim
        flip: self dims
        roll: self shifts dims
        unbind: self dim
        chunk: self chunks dim
        split: self split_size dim
        split_with_sizes: self split_sizes dim
        tensor_split: self sections dim
        mean: self dim keepdim
        sum: self dim keepdim
        amax: self dim keepdim
        amin: self dim keepdim
        max: self dim keepdim
        min: self dim keepdim
        all: self dim keepdim
        any: self dim keepdim
        logsumexp: self dim keepdim
        norm: self p dim keepdim
        linalg_vector_norm: self ord dim keepdim
        std: self dim unbiased keepdim
        var: self dim unbiased keepdim
        std_mean: self dim unbiased keepdim
        var_mean: self dim unbiased keepdim
        add: self other alpha
        sub: self other alpha
        einsum: equation tensors
        zeros: size
        ones: size
        full: size fill_value
        empty: size
        new_zeros: self size
        new_ones: self size
        new_full: self size fill_value
        new_empty: self size
        arange: start end step
        """
            .lines()
            .toList()) {
      int colon = line.indexOf(':');
      names.put(line.substring(0, colon), List.of(line.substring(colon + 2).split(" ", -1)));
    }
    return Map.copyOf(names);
  }

  /** What the first arguments of an operator are called, as far as that counts here. */
  private static List<String> names(String operator, List<Known> placed) {
    List<String> names = ARGUMENTS.getOrDefault(operator, List.of());
    Known second = placed.size() > 1 ? placed.get(1) : UNKNOWN;
    boolean flag = second instanceof Plain plain && TRUTH.contains(plain.text());
    if (operator.equals("arange") && !(second instanceof Whole)) {
      return List.of("end");
    }
    if (second instanceof Tensor && names.contains("keepdim")) {
      return List.of("self", "other");
    }
    return flag && names.contains("unbiased") ? List.of("self", "unbiased") : names;
  }

  // Reading

  /** Reads the statements of one method, and follows what they call. */
  private final class Reader {
    private final String text;
    private final Map<String, Known> variables;
    private final Map<Integer, ScriptHooks.Method> inner = new HashMap<>();
    private final Map<Integer, Integer> rectifiers = new HashMap<>();
    private int at;

    Reader(ScriptHooks.Method method, String text, Map<String, Known> given) {
      this.text = text;
      variables = new HashMap<>(given);
      method.inner.forEach((call, called) -> inner.put(call.from(), called));
      method.rectifiers.forEach((call, layer) -> rectifiers.put(call.start(), layer));
    }

    /** All statements up to the one that returns; what that returns. */
    Known all() {
      for (spaces(); at < text.length(); spaces()) {
        if (takes(RETURN)) {
          return expression(0);
        }
        Matcher names = require(NAMES);
        boolean several = !names.group(2).isEmpty() || names.group(1).contains(",");
        String[] each = names.group(1).split(", ", -1);
        Known value = expression(several ? each.length : 0);
        if (at < text.length() && text.charAt(at) != '\n') {
          throw new NotFollowed();
        }
        give(several ? List.of(each) : List.of(), names.group(1), value);
      }
      return NONE;
    }

    private void give(List<String> each, String name, Known value) {
      if (each.isEmpty()) {
        variables.put(name, value);
      } else if (value instanceof Items items && items.elements().size() == each.size()) {
        for (int i = 0; i < each.size(); i++) {
          variables.put(each.get(i), items.elements().get(i));
        }
      } else {
        throw new NotFollowed();
      }
    }

    /** What stands in brackets at this place. */
    List<Known> placed() {
      return arguments(new HashMap<>());
    }

    private List<Known> arguments(Map<String, Known> named) {
      List<Known> placed = new ArrayList<>();
      char close = text.charAt(at) == '[' ? ']' : ')';
      at++;
      for (spaces(); peek() != close; spaces()) {
        Matcher name = NAMED.matcher(text).region(at, text.length());
        if (name.lookingAt()) {
          at = name.end();
          named.put(name.group(1), expression(0));
        } else {
          placed.add(expression(0));
        }
        spaces();
        if (peek() == ',') {
          at++;
        } else if (peek() != close) {
          throw new NotFollowed();
        }
      }
      at++;
      return placed;
    }

    /**
     * What an expression stands for.
     *
     * @param results how many names get a part of it; none if one gets all
     */
    private Known expression(int results) {
      if (++depth > DEEPEST) {
        throw new NotFollowed();
      }
      Known value = primary(results);
      while (at < text.length() && text.charAt(at) == '[') {
        value = element(value, placed());
      }
      depth--;
      return value;
    }

    private Known primary(int results) {
      int start = at;
      char first = peek();
      if (first == '(') {
        List<Known> elements = placed();
        boolean one = elements.size() == 1 && text.charAt(lastBefore(at - 1)) != ',';
        Matcher called = METHOD.matcher(text).region(at, text.length());
        if (one && called.lookingAt()) {
          at = called.end() - 1;
          return module(start, elements.get(0), placed());
        }
        return one ? elements.get(0) : new Items(elements);
      }
      if (first == '[') {
        return new Items(placed());
      }
      if (first == '"') {
        return new Plain(require(TEXT).group());
      }
      if (first == '-' || Character.isDigit(first)) {
        String number = require(NUMBER).group();
        return WHOLE.matcher(number).matches()
            ? new Whole(Long.parseLong(number))
            : number(Double.parseDouble(number));
      }
      String name = require(NAME).group();
      return at < text.length() && text.charAt(at) == '('
          ? function(start, name, results)
          : named(name);
    }

    private int lastBefore(int end) {
      int last = end - 1;
      while (Character.isWhitespace(text.charAt(last))) {
        last--;
      }
      return last;
    }

    private Known element(Known of, List<Known> index) {
      if (of instanceof Items items && index.size() == 1) {
        return ProgramAxes.at(items.elements(), index.get(0)).orElseThrow(NotFollowed::new);
      }
      if (of instanceof Tensor tensor && !sizes.containsKey(tensor.name())) {
        return of; // of a list of which not even the length is known
      }
      throw new NotFollowed();
    }

    private Known module(int start, Known receiver, List<Known> arguments) {
      ScriptHooks.Method called = inner.get(start);
      if (called == null || !(receiver instanceof Attribute module)) {
        throw new NotFollowed();
      }
      return run(called, module.path(), arguments);
    }

    private Known function(int start, String name, int results) {
      if (name.equals("annotate") || name.equals("unchecked_cast")) {
        at++;
        skipType();
        Known value = expression(results);
        spaces();
        require(CLOSE);
        return value;
      }
      Map<String, Known> named = new HashMap<>();
      List<Known> placed = arguments(named);
      if (name.equals("getattr")) {
        if (placed.size() == 2
            && placed.get(0) instanceof Attribute owner
            && placed.get(1) instanceof Plain attribute) {
          return attribute(owner.path(), attribute.text().replace("\"", ""));
        }
        throw new NotFollowed();
      }
      Known value = call(name, placed, named, results);
      if (rectifiers.containsKey(start)) {
        note(rectifiers.get(start), value);
      }
      return value;
    }

    private void skipType() {
      int depth = 0;
      while (depth > 0 || peek() != ',') {
        depth += peek() == '[' ? 1 : peek() == ']' ? -1 : 0;
        at++;
      }
      at++;
      spaces();
    }

    private Known named(String name) {
      if (name.startsWith(RawTensors.CONSTANTS)) {
        Double known = constants.get(name);
        return known != null ? number(known) : new Tensor(name);
      }
      String[] parts = name.split("\\.", -1);
      Known value = variables.get(parts[0]);
      if (value == null) {
        if (name.equals(NONE.text()) || TRUTH.contains(name)) {
          return new Plain(name);
        }
        throw new NotFollowed();
      }
      for (String part : Arrays.asList(parts).subList(1, parts.length)) {
        if (!(value instanceof Attribute owner)) {
          throw new NotFollowed();
        }
        value = attribute(owner.path(), part);
      }
      return value;
    }

    private Known attribute(String owner, String name) {
      String full = owner.isEmpty() ? name : owner + "." + name;
      return sizes.containsKey(full) ? new Tensor(full) : new Attribute(full);
    }

    private char peek() {
      if (at >= text.length()) {
        throw new NotFollowed();
      }
      return text.charAt(at);
    }

    private void spaces() {
      while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
        at++;
      }
    }

    private boolean takes(Pattern pattern) {
      Matcher matcher = pattern.matcher(text).region(at, text.length());
      if (matcher.lookingAt()) {
        at = matcher.end();
        return true;
      }
      return false;
    }

    private Matcher require(Pattern pattern) {
      Matcher matcher = pattern.matcher(text).region(at, text.length());
      if (!matcher.lookingAt()) {
        throw new NotFollowed();
      }
      at = matcher.end();
      return matcher;
    }
  }
}
