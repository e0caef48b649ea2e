package camlab.network.torchscript;

import static camlab.network.torchscript.Known.DEVICE;
import static camlab.network.torchscript.Known.NONE;
import static camlab.network.torchscript.Known.UNKNOWN;

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
import camlab.network.torchscript.Known.Attribute;
import camlab.network.torchscript.Known.Decimal;
import camlab.network.torchscript.Known.Function;
import camlab.network.torchscript.Known.Items;
import camlab.network.torchscript.Known.Plain;
import camlab.network.torchscript.Known.Table;
import camlab.network.torchscript.Known.Tensor;
import camlab.network.torchscript.Known.Whole;
import camlab.weights.RawTensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Follows the rows and columns of a picture through a program. Its text is read statement by
 * statement, with each call of a module or a function in its place, and becomes the calls of
 * operators that {@link Axes} knows; how long their outputs are follows from the picture and the
 * weights, see {@link Lengths}. What it decides, and how often it repeats something, follows from
 * these lengths and from the attributes of its modules. Nothing runs.
 *
 * <p>A program is followed up to where it decides by the values of a tensor, or calls what is no
 * operator of PyTorch.
 */
final class ProgramAxes {

  /** More than any program nests; a file that does was made to exhaust its reader. */
  private static final int DEEPEST = 500;

  /** More statements than any program runs. */
  private static final int MOST_STATEMENTS = 1_000_000;

  /** How many spaces PyTorch puts before the statements of a block, beyond those around it. */
  private static final int STEP = 2;

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
          "tensor",
          "zeros");

  /** What in place gives a tensor itself another shape. */
  private static final Set<String> SHAPING =
      Set.of(
          "as_strided",
          "resize",
          "resize_as",
          "set",
          "squeeze",
          "swapaxes",
          "swapdims",
          "t",
          "transpose",
          "unsqueeze");

  /** Names the tensor that an operator puts its result into. */
  private static final String INTO = "out";

  /** What tells of a tensor what is the same for every picture. */
  private static final Set<String> ABOUT_A_TENSOR =
      Set.of("ops.prim.dtype", "ops.prim.layout", "ops.prim.requires_grad");

  /** What answers several tensors that are as long as each other. */
  private static final Set<String> ALIKE = Set.of("max", "min", "std_mean", "var_mean");

  /** What the arguments of operators are called, in their order, where that matters here. */
  private static final Map<String, List<String>> ARGUMENTS = arguments();

  private static final String RETURN = "return ";
  private static final String IF = "if ";
  private static final String WHILE = "while ";
  private static final String FOR = "for ";
  private static final String IN_RANGE = " in range";
  private static final String ELSE = "else:\n";
  private static final String RAISE = "ops.prim.RaiseException(";
  private static final Pattern PASS = Pattern.compile("pass\\b");
  private static final String BLOCK = ":\n";
  private static final Pattern NAMES = Pattern.compile("(\\w+(?:, \\w+)*)(,?)(?: : [^=\n]+)? = ");
  private static final Pattern METHOD = Pattern.compile("\\.\\w+\\(");
  private static final Pattern NUMBER = Pattern.compile("-?\\d+(?:\\.\\d*)?(?:e[+-]?\\d+)?");

  /** Numbers that are no length and no place. */
  private static final Pattern NO_PLACE = Pattern.compile("-?(?:inf|nan)\\b(?![.(\\[])");

  private static final Pattern WHOLE = Pattern.compile("-?\\d{1,18}|9223372036854775807");
  private static final Pattern TEXT = Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*\"");
  private static final Set<String> TRUTH = Set.of("True", "False");

  /**
   * PyTorch's own, which takes one way or another by the types of tensors and the device, with the
   * same result.
   */
  private static final String ATTENTION = "torch.nn.modules.activation.MultiheadAttention";

  /** Whatever a file says of it: networks are evaluated here. */
  private static final String TRAINING = "training";

  /** A trace has lengths as tensors of one number, which may be changed where they are. */
  private static final Pattern NUMBER_IN_PLACE =
      Pattern.compile("torch\\.[a-z]\\w*[a-z]_\\((\\w+)[,)]");

  /** What the picture is called among the calls; no attribute has such a name. */
  private static final String PICTURE = "the picture";

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
  private final Map<String, Object> attributes;
  private final ScriptFunctions functions;
  private final Axes axes;
  private final Lengths lengths;

  /**
   * What was read of the file: a list or a dictionary is the same each time, and by each of the
   * ways that lead to it.
   */
  private final IdentityHashMap<Object, Known> read = new IdentityHashMap<>();

  /** Whether a list or a dictionary of it was changed. */
  private boolean changed;

  private final Map<String, Layout> layouts = new HashMap<>();
  private final Set<String> without = new HashSet<>();
  private final Set<String> ran = new HashSet<>();
  private boolean varies;
  private int values;

  /** Expressions and blocks in others, through all calls, that are being read. */
  private int depth;

  private int statements;

  private ProgramAxes(FollowedProgram program, Map<String, List<Long>> sizes) {
    this.layers = program.layers();
    this.constants = program.constants();
    this.attributes = program.attributes();
    this.functions = program.functions();
    this.sizes = sizes;
    lengths = new Lengths(sizes);
    axes = new Axes(List.of(new Input(PICTURE, Origin.USER, "", "Tensor")), sizes);
  }

  /**
   * What the text of a program shows.
   *
   * @param layouts where the positions are, as far as it is followed
   * @param ran the layers that run; empty if it is not followed to its end
   * @param varies whether it may come to an operation that {@linkplain ScriptRepairs#mayVary may
   *     vary}
   */
  record Shown(ShownLayouts layouts, Optional<Set<String>> ran, boolean varies) {

    private Shown and(Shown other) {
      return new Shown(
          layouts.and(other.layouts),
          ran.filter(each -> other.ran.equals(ran)),
          varies || other.varies);
    }
  }

  /**
   * {@return what a program shows}
   *
   * @param followed the program
   * @param picture the lengths of the picture, (1, C, H, W)
   */
  static Shown shown(FollowedProgram followed, List<Long> picture) {
    Map<String, List<Long>> sizes = new HashMap<>(followed.sizes());
    sizes.put(PICTURE, picture);
    ProgramAxes program = new ProgramAxes(followed, sizes);
    Shown first = program.run(followed);
    // What was changed of the file stays so when the program runs again.
    boolean again =
        program.changed || followed.sizes().keySet().stream().anyMatch(program.axes::isOfPicture);
    return again ? first.and(program.run(followed)) : first;
  }

  private Shown run(FollowedProgram followed) {
    layouts.clear();
    without.clear();
    ran.clear();
    depth = 0;
    boolean ended = false;
    Map<String, Known> given = new HashMap<>();
    given.put(ScriptArguments.PICTURE, new Tensor(PICTURE));
    try {
      Reader call = new Reader("(" + followed.arguments() + ")", given);
      run(followed.root(), "", call.placed());
      ended = true;
    } catch (NotFollowed | TorchScriptException e) {
      // What was seen up to there holds all the same.
    }
    return new Shown(
        new ShownLayouts(layouts, without),
        ended ? Optional.of(Set.copyOf(ran)) : Optional.empty(),
        varies || !ended);
  }

  private Known run(ScriptHooks.Method method, String path, List<Known> arguments) {
    Map<String, Known> given = given(method.method.parameters(), arguments);
    given.put(method.method.self(), new Attribute(path));
    Known answer = new Reader(method, given).all();
    note(method.layer, answer);
    return answer;
  }

  private Known run(ScriptFunctions.Function function, List<Known> arguments) {
    return new Reader(function.body(), given(function.parameters(), arguments)).all();
  }

  /**
   * What parameters stand for; those that nothing is given for have what is written behind them.
   */
  private Map<String, Known> given(List<String> parameters, List<Known> arguments) {
    Map<String, Known> given = new HashMap<>();
    for (int i = 0; i < parameters.size(); i++) {
      String parameter = parameters.get(i);
      int value = parameter.indexOf('=');
      if (i >= arguments.size() && value < 0) {
        throw new NotFollowed();
      }
      given.put(
          parameter.substring(0, parameter.indexOf(':')).strip(),
          i < arguments.size()
              ? arguments.get(i)
              : new Reader(parameter.substring(value + 1).strip(), Map.of()).expression(0));
    }
    return given;
  }

  /** Where the positions are in what a layer puts out, as it puts it out. */
  private void note(int layer, Known output) {
    if (layer >= 0) {
      ran.add(layers.get(layer));
    }
    if (layer >= 0 && output instanceof Tensor tensor) {
      axes.layout(tensor.name()).ifPresent(layout -> layouts.put(layers.get(layer), layout));
      if (axes.hasNoLayout(tensor.name())) {
        without.add(layers.get(layer));
      }
    }
  }

  // Calls of operators

  private Known call(String function, List<Known> placed, Map<String, Known> named, int results) {
    if (placed.isEmpty() || function.equals("ops.prim.RaiseException")) {
      throw new NotFollowed();
    }
    changed |= Arithmetic.isChange(function) && read.containsValue(placed.get(0));
    return switch (function) {
      case "int" ->
          placed.get(0) instanceof Decimal decimal
              ? new Whole((long) decimal.value())
              : placed.get(0) instanceof Whole whole ? whole : UNKNOWN;
      case "float", "ops.prim.NumToTensor" ->
          Arithmetic.isNumber(placed.get(0)) ? placed.get(0) : UNKNOWN;
      case "str" -> placed.get(0).equals(DEVICE) ? DEVICE : UNKNOWN;
      case "ops.prim.device" -> DEVICE;
      case "isinstance", "torch.device", "torch.format", "torch.warn" -> UNKNOWN;
      case "torch.size" -> size(placed);
      case "torch.dim" -> rank(placed.get(0));
      case "torch.len" -> length(placed.get(0));
      default -> {
        Optional<Known> plain = Arithmetic.of(function, placed, named);
        if (plain.isPresent()) {
          yield plain.get();
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
    boolean plain =
        placed.stream().allMatch(value -> Arithmetic.isNumber(value) || value instanceof Plain);
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
    return Arithmetic.index(placed.get(1), known.size())
        .map(index -> (Known) new Whole(known.get(index)))
        .orElse(UNKNOWN);
  }

  private Known length(Known of) {
    if (of instanceof Items items) {
      return new Whole(items.elements().size());
    }
    if (of instanceof Plain text && text.isText()) {
      return new Whole(text.text().length() - 2);
    }
    List<Long> known = of instanceof Tensor tensor ? sizes.get(tensor.name()) : null;
    return known == null || known.isEmpty() ? UNKNOWN : new Whole(known.get(0));
  }

  private Known rank(Known of) {
    List<Long> known = of instanceof Tensor tensor ? sizes.get(tensor.name()) : null;
    return known == null ? UNKNOWN : new Whole(known.size());
  }

  private Known operator(
      String function, List<Known> placed, Map<String, Known> named, int results) {
    String name = function.substring(function.lastIndexOf('.') + 1);
    boolean bySizes = placed.size() > 1 && placed.get(1) instanceof Items;
    String called = name.equals("split") && bySizes ? "split_with_sizes" : name;
    String target = "torch.ops.aten." + called + ".default";
    String plain = Operators.plain(target).orElseThrow(NotFollowed::new);
    boolean ofPyTorch = function.equals("torch." + name) || function.equals("ops.aten." + name);
    boolean ofList = placed.get(0) instanceof Items;
    varies |= ScriptRepairs.mayVary(function);
    if (!ofPyTorch
        || (ofList && !OF_A_LIST.contains(plain))
        || Arithmetic.isChange(function)
        || (Operators.isInPlace(target) && !isWrittenInto(placed.get(0), plain))
        || !named.getOrDefault(INTO, NONE).equals(NONE)) {
      throw new NotFollowed();
    }
    List<Named> arguments = new ArrayList<>();
    List<String> names = names(plain, placed);
    for (int i = 0; i < placed.size(); i++) {
      String argument = i < names.size() ? names.get(i) : "argument " + i;
      arguments.add(Named.placed(argument, argument(placed.get(i))));
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

  /**
   * Whether what works in place only gives a tensor other numbers: one that goes by its number, as
   * single ones do here, would no longer have it.
   */
  private static boolean isWrittenInto(Known tensor, String operator) {
    return tensor instanceof Tensor && !SHAPING.contains(operator);
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

  private void deeper() {
    if (++depth > DEEPEST) {
      throw new NotFollowed();
    }
  }

  private String next() {
    return "value " + values++;
  }

  /** What lies at a path in the file. */
  private Known read(String path) {
    if (sizes.containsKey(path)) {
      return new Tensor(path);
    }
    if (!attributes.containsKey(path)) {
      return new Attribute(path);
    }
    Object value = attributes.get(path);
    if (read.containsKey(value)) {
      return read.get(value);
    }
    if (value instanceof Map<?, ?> entries) {
      Table table = new Table(Map.of());
      read.put(value, table);
      entries
          .keySet()
          .forEach(key -> table.entries().put(Known.plain(key), read(path + "." + key)));
      return table;
    }
    if (value instanceof List<?> || value instanceof Object[]) {
      int size = value instanceof List<?> list ? list.size() : ((Object[]) value).length;
      Items items = new Items(List.of());
      read.put(value, items);
      IntStream.range(0, size).forEach(i -> items.elements().add(read(path + "." + i)));
      return items;
    }
    return Known.plain(value);
  }

  private Argument argument(Known known) {
    if (known instanceof Tensor tensor) {
      return new Value(tensor.name());
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
    if (!(known instanceof Items items)) {
      throw new NotFollowed();
    }
    deeper();
    List<Argument> elements = items.elements().stream().map(this::argument).toList();
    depth--;
    return new Several(elements, "");
  }

  private static Map<String, List<String>> arguments() {
    Map<String, List<String>> names = new HashMap<>();
    for (String line :
        """
        _convolution: input weight bias stride padding dilation transposed output_padding groups
        _convolution_mode: input weight bias stride padding dilation groups
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
        avg_pool1d: self kernel_size stride padding ceil_mode
        max_pool1d: self kernel_size stride padding dilation ceil_mode
        unfold: self dimension size step
        im2col: self kernel_size dilation padding stride
        col2im: self output_size kernel_size dilation padding stride
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
        lstm: input hx params has_biases num_layers dropout train bidirectional
        gru: input hx params has_biases num_layers dropout train bidirectional
        rnn_relu: input hx params has_biases num_layers dropout train bidirectional
        rnn_tanh: input hx params has_biases num_layers dropout train bidirectional
        add: self other alpha
        sub: self other alpha
        einsum: equation tensors
        tensor: data
        zeros: size
        ones: size
        full: size fill_value
        empty: size
        new_zeros: self size
        new_ones: self size
        new_full: self size fill_value
        new_empty: self size
        arange: start end step
        linspace: start end steps
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

    /** One for all that is looked for: to make them took longer than to look. */
    private final Matcher matcher;

    private final Map<String, Known> variables;
    private final Map<Integer, ScriptHooks.Method> inner = new HashMap<>();
    private final Map<Integer, Integer> rectifiers = new HashMap<>();
    private int at;

    Reader(String text, Map<String, Known> given) {
      this.text = text;
      matcher = NAMES.matcher(text);
      variables = new HashMap<>(given);
    }

    Reader(ScriptHooks.Method method, Map<String, Known> given) {
      this(method.method.body(), given);
      method.inner.forEach((call, called) -> inner.put(call.from(), called));
      method.rectifiers.forEach((call, layer) -> rectifiers.put(call.start(), layer));
    }

    /** Reads all statements; what they return. */
    Known all() {
      int indentation = indentation();
      while (isInside(indentation)) {
        at += indentation;
        if (takes(RETURN)) {
          return expression(0);
        }
        statement(indentation);
      }
      return NONE;
    }

    private void block(int indentation) {
      deeper();
      while (isInside(indentation)) {
        at += indentation;
        statement(indentation);
      }
      depth--;
    }

    private void skip(int indentation) {
      while (isInside(indentation)) {
        int end = text.indexOf('\n', at);
        at = end < 0 ? text.length() : end + 1;
      }
    }

    /** Whether the next line belongs to a block. */
    private boolean isInside(int indentation) {
      while (at < text.length() && text.charAt(at) == '\n') {
        at++;
      }
      return at < text.length() && indentation() >= indentation;
    }

    private int indentation() {
      int start = at;
      while (start < text.length() && text.charAt(start) == ' ') {
        start++;
      }
      return start - at;
    }

    /** Reads one statement, and the end of its line. */
    private void statement(int indentation) {
      if (++statements > MOST_STATEMENTS) {
        throw new NotFollowed();
      }
      if (takes(IF)) {
        decide(indentation);
      } else if (takes(WHILE)) {
        repeat(indentation + STEP);
      } else if (takes(FOR)) {
        String name = word();
        require(IN_RANGE);
        count(indentation + STEP, name);
      } else {
        assign();
        if (at < text.length() && text.charAt(at++) != '\n') {
          throw new NotFollowed();
        }
      }
    }

    private void assign() {
      if (!takes(NAMES)) {
        if (!takes(PASS)) {
          expression(0);
        }
        return;
      }
      String names = matcher.group(1);
      boolean several = !matcher.group(2).isEmpty() || names.contains(",");
      List<String> each = several ? List.of(names.split(", ", -1)) : List.of();
      give(each, names, several && isList() ? list() : expression(each.size()));
    }

    /** Whether a comma follows that is inside no brackets. */
    private boolean isList() {
      int depth = 0;
      for (int i = at; i < text.length(); i++) {
        switch (text.charAt(i)) {
          case '(', '[', '{' -> depth++;
          case ')', ']', '}' -> depth--;
          case '"' -> {
            if (!isAt(i, TEXT)) {
              throw new NotFollowed();
            }
            i = matcher.end() - 1;
          }
          case ',' -> {
            if (depth == 0) {
              return true;
            }
          }
          case '\n' -> {
            if (depth == 0) {
              return false;
            }
          }
          default -> {}
        }
      }
      return false;
    }

    /** Expressions with commas between them, up to the end of the line. */
    private Items list() {
      List<Known> elements = new ArrayList<>();
      while (at < text.length() && text.charAt(at) != '\n') {
        elements.add(expression(0));
        if (at < text.length() && text.charAt(at) == ',') {
          at++;
          at += indentation();
        }
      }
      return new Items(elements);
    }

    private void decide(int indentation) {
      Optional<Boolean> holds = Arithmetic.holds(expression(0));
      require(BLOCK);
      int then = at;
      skip(indentation + STEP);
      int between = at;
      boolean two = text.startsWith(" ".repeat(indentation) + ELSE, at);
      at += two ? indentation + ELSE.length() : 0;
      int otherwise = at;
      skip(indentation + STEP);
      int end = at;
      // What only ends the program was not taken by the one that ran.
      boolean first = holds.orElseGet(() -> !raises(then, between, indentation));
      if (holds.isEmpty() && first && !raises(otherwise, end, indentation)) {
        throw new NotFollowed();
      }
      at = first ? then : otherwise;
      if (first || two) {
        block(indentation + STEP);
      }
      at = end;
    }

    private boolean raises(int from, int to, int indentation) {
      return text.substring(from, to)
          .lines()
          .anyMatch(line -> line.startsWith(" ".repeat(indentation + STEP) + RAISE));
    }

    private void repeat(int indentation) {
      int start = at;
      while (Arithmetic.holds(expression(0)).orElseThrow(NotFollowed::new)) {
        require(BLOCK);
        block(indentation);
        at = start;
        statements++;
      }
      require(BLOCK);
      skip(indentation);
    }

    private void count(int indentation, String name) {
      List<Known> times = placed();
      require(BLOCK);
      int start = at;
      if (times.size() != 1 || !(times.get(0) instanceof Whole last)) {
        throw new NotFollowed();
      }
      for (long i = 0; i < last.value(); i++) {
        variables.put(name, new Whole(i));
        at = start;
        block(indentation);
      }
      at = start;
      skip(indentation);
    }

    private void give(List<String> each, String name, Known value) {
      if (each.isEmpty()) {
        variables.put(name, value);
      } else if (value instanceof Items items && items.elements().size() == each.size()) {
        for (int i = 0; i < each.size(); i++) {
          variables.put(each.get(i), items.elements().get(i));
        }
      } else if (value.equals(UNKNOWN)) {
        each.forEach(one -> variables.put(one, UNKNOWN));
      } else if (value instanceof Tensor tensor && !sizes.containsKey(tensor.name())) {
        // Of a list of which not even the length is known.
        each.forEach(one -> variables.put(one, value));
      } else {
        throw new NotFollowed();
      }
    }

    /** What stands in brackets at this place. */
    List<Known> placed() {
      return arguments(new HashMap<>());
    }

    private List<Known> placedOnly() {
      Map<String, Known> named = new HashMap<>();
      List<Known> placed = arguments(named);
      if (!named.isEmpty()) {
        throw new NotFollowed();
      }
      return placed;
    }

    private List<Known> arguments(Map<String, Known> named) {
      List<Known> placed = new ArrayList<>();
      char close = text.charAt(at) == '[' ? ']' : ')';
      at++;
      for (spaces(); peek() != close; spaces()) {
        int end = endOfWord(at);
        if (end > at && text.startsWith("=", end) && !text.startsWith("==", end)) {
          String name = word();
          at++;
          named.put(name, expression(0));
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
      deeper();
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
        if (one && takes(METHOD)) {
          at--;
          return module(start, elements.get(0), placedOnly());
        }
        return one ? elements.get(0) : new Items(elements);
      }
      if (first == '[') {
        return new Items(placed());
      }
      if (first == '"') {
        return new Plain(require(TEXT));
      }
      if (takes(NO_PLACE)) {
        return UNKNOWN;
      }
      if (first == '-' || Character.isDigit(first)) {
        String number = require(NUMBER);
        return WHOLE.matcher(number).matches()
            ? new Whole(Long.parseLong(number))
            : Known.number(Double.parseDouble(number));
      }
      String name = path();
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
      if (of instanceof Table table && index.size() == 1 && Arithmetic.isKey(index.get(0))) {
        return Optional.ofNullable(table.entries().get(index.get(0))).orElseThrow(NotFollowed::new);
      }
      if (of instanceof Items items && index.size() == 1) {
        return Arithmetic.index(index.get(0), items.elements().size())
            .map(items.elements()::get)
            .orElseThrow(NotFollowed::new);
      }
      if (of instanceof Tensor tensor && !sizes.containsKey(tensor.name())) {
        return of; // of a list of which not even the length is known
      }
      if (of.equals(UNKNOWN)) {
        return UNKNOWN;
      }
      throw new NotFollowed();
    }

    private Known module(int start, Known receiver, List<Known> arguments) {
      ScriptHooks.Method called = inner.get(start);
      if (called == null || !(receiver instanceof Attribute module)) {
        throw new NotFollowed();
      }
      return isAttention(called)
          ? new Items(List.of(attention(module.path(), arguments), UNKNOWN))
          : run(called, module.path(), arguments);
    }

    /** Whether it is PyTorch's, with its ways; where it was traced, it shows which it took. */
    private boolean isAttention(ScriptHooks.Method called) {
      return ScriptClass.readable(called.owner.name()).equals(ATTENTION)
          && called.method.parameters().stream().anyMatch(each -> each.startsWith("need_weights:"));
    }

    /**
     * As the projection at its end, which the answer to each place of the question goes through.
     */
    private Known attention(String module, List<Known> arguments) {
      varies = true; // what it does itself is not read
      Known weight = attribute(module + ".out_proj", "weight");
      return call("torch.linear", List.of(arguments.get(0), weight), Map.of(), 0);
    }

    private Known function(int start, String name, int results) {
      if (name.equals("annotate") || name.equals("unchecked_cast")) {
        at++;
        skipType();
        Known value = expression(results);
        spaces();
        require(")");
        return value;
      }
      if (name.equals("uninitialized")) {
        at++;
        while (peek() != ')') {
          at++;
        }
        at++;
        return UNKNOWN;
      }
      String full = variables.get(name) instanceof Function bound ? bound.name() : name;
      if (functions.has(full)) {
        Known value = run(functions.function(full), placedOnly());
        noteRectifier(start, value);
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
      Matcher changed = NUMBER_IN_PLACE.matcher(text).region(start, text.length());
      if (changed.lookingAt()
          && !placed.get(0).equals(UNKNOWN)
          && placed.stream().allMatch(Arithmetic::isNumber)) {
        Known value = call(name.substring(0, name.length() - 1), placed, named, results);
        variables.put(changed.group(1), value);
        return value;
      }
      Known value = call(name, placed, named, results);
      noteRectifier(start, value);
      return value;
    }

    private void noteRectifier(int start, Known value) {
      if (rectifiers.containsKey(start)) {
        note(rectifiers.get(start), value);
      }
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
        return known != null ? Known.number(known) : new Tensor(name);
      }
      if (functions.has(name)) {
        return new Function(name);
      }
      String[] parts = name.split("\\.", -1);
      Known value = variables.get(parts[0]);
      if (value == null) {
        if (name.equals(NONE.text()) || TRUTH.contains(name)) {
          return new Plain(name);
        }
        String text = functions.enumerated(name).orElseThrow(NotFollowed::new);
        return new Reader(text, Map.of()).expression(0);
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
      if (functions.sets(name)) {
        throw new NotFollowed();
      }
      return name.equals(TRAINING)
          ? Known.truth(false)
          : read(owner.isEmpty() ? name : owner + "." + name);
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

    /** Names with dots between them. */
    private String path() {
      int start = at;
      word();
      while (text.startsWith(".", at) && endOfWord(at + 1) > at + 1) {
        at = endOfWord(at + 1);
      }
      return text.substring(start, at);
    }

    private String word() {
      int start = at;
      at = endOfWord(at);
      if (at == start) {
        throw new NotFollowed();
      }
      return text.substring(start, at);
    }

    private int endOfWord(int from) {
      int end = from;
      while (end < text.length() && isOfWord(text.charAt(end))) {
        end++;
      }
      return end;
    }

    private static boolean isOfWord(char letter) {
      return (letter >= 'a' && letter <= 'z')
          || (letter >= 'A' && letter <= 'Z')
          || (letter >= '0' && letter <= '9')
          || letter == '_';
    }

    private boolean takes(String word) {
      boolean there = text.startsWith(word, at);
      at += there ? word.length() : 0;
      return there;
    }

    private void require(String word) {
      if (!takes(word)) {
        throw new NotFollowed();
      }
    }

    private boolean takes(Pattern pattern) {
      boolean there = isAt(at, pattern);
      at = there ? matcher.end() : at;
      return there;
    }

    private String require(Pattern pattern) {
      if (!takes(pattern)) {
        throw new NotFollowed();
      }
      return matcher.group();
    }

    private boolean isAt(int place, Pattern pattern) {
      return matcher.usePattern(pattern).region(place, text.length()).lookingAt();
    }
  }
}
