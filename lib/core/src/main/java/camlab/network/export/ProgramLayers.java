package camlab.network.export;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.norm.BatchNorm;
import camlab.network.LayerGraph;
import camlab.network.LayerKind;
import camlab.network.NotApplicableException;
import camlab.network.RowNorm;
import camlab.network.Softmax;
import camlab.network.export.WrittenCalls.Written;
import camlab.network.program.Graph;
import camlab.network.program.Graph.Argument;
import camlab.network.program.Graph.Input;
import camlab.network.program.Graph.Literal;
import camlab.network.program.Graph.ModuleCall;
import camlab.network.program.Graph.Node;
import camlab.network.program.Graph.One;
import camlab.network.program.Graph.Origin;
import camlab.network.program.Graph.Parts;
import camlab.network.program.Graph.Result;
import camlab.network.program.Graph.Several;
import camlab.network.program.Graph.Value;
import camlab.network.program.Operators;
import camlab.network.torchscript.Exported;
import camlab.network.torchscript.TorchScriptException;
import camlab.weights.RawTensors.Raw;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * An exported program as a graph of layers that can be run one by one, where all it calls are
 * operators of which it is known what they are for a method that goes back layer by layer: each
 * call is a layer, by the name of the module that it is the only one of, or else by the name of its
 * value. Anything else is refused with its name.
 *
 * <p>Layers with weights, and norms, are DJL's blocks, so that they can be run with other weights.
 * The other calls run as they are. What is made of the file's tensors and of sizes alone is no
 * layer: it is worked out in the calls that ask for it.
 */
final class ProgramLayers {

  private static final Set<String> SAME =
      Set.of("dropout", "feature_dropout", "clone", "contiguous", "alias", "lift_fresh_copy");
  private static final Set<String> ENDS =
      Set.of("softmax", "_softmax", "log_softmax", "_log_softmax", "sigmoid", "log_sigmoid");

  /** What may stand behind such an end, and is taken off with it. */
  private static final Set<String> BEHIND =
      Set.of("log", "exp", "clamp", "clip", "clamp_min", "clamp_max");

  private static final Set<String> RECURRENT = Set.of("lstm", "gru", "rnn_tanh", "rnn_relu");
  private static final Set<String> TURNING = Set.of("t", "permute", "transpose");
  private static final String NORM = "_native_batch_norm_legit_no_training";
  private static final String PYTORCH = "torch.nn.modules.";

  /** What no call of a network comes near, so that no text is written without end. */
  private static final int LONGEST = 100_000;

  /** As many calls in calls as no network makes of its tensors alone. */
  private static final int DEEPEST = 200;

  private final String what;
  private final Exported.Opened program;
  private final Map<String, Raw> kept;
  private final Map<String, float[]> statistics;
  private final Map<String, List<Long>> sizes;
  private final Map<String, String> types;
  private final Map<String, String> tensors = new HashMap<>();

  /** The layer that made a value. */
  private final Map<String, String> makers = new HashMap<>();

  /** The call that makes a value out of sizes and of tensors of the file. */
  private final Map<String, Made> made = new HashMap<>();

  private final Set<String> taken = new HashSet<>();

  /** Tensors of the file with rows for columns. */
  private final Set<String> turned = new HashSet<>();

  private final WrittenCalls calls = new WrittenCalls();
  private final LayerGraph.Builder graph = LayerGraph.builder();

  private ProgramLayers(
      String what,
      Graph graph,
      Map<String, Raw> kept,
      Map<String, float[]> statistics,
      Exported.Opened program) {
    this.what = what;
    this.kept = kept;
    this.statistics = statistics;
    this.program = program;
    sizes = graph.sizes();
    types = graph.types();
  }

  /**
   * A value that a call makes.
   *
   * @param node the call
   * @param part which of several, from 0; empty if it makes one
   */
  private record Made(Node node, Optional<Integer> part) {

    /** The text that picks it out of what the call returns. */
    String of(String call) {
      return part.map(place -> String.format(Locale.ROOT, "(%s)[%d]", call, place)).orElse(call);
    }
  }

  /**
   * The layers of a program.
   *
   * @param what the file, for messages
   * @param graph what it computes
   * @param kept its tensors that are no parameters, by the names they have in the file
   * @param statistics the numbers of {@link ProgramBiases#statistics}
   * @param program the program as the engine has it; the layers share its parameters
   * @param ended whether a softmax or a sigmoid at the end is taken off
   * @throws NotApplicableException if it calls what has no rule; the message names it
   */
  static LayerGraph of(
      String what,
      Graph graph,
      Map<String, Raw> kept,
      Map<String, float[]> statistics,
      Exported.Opened program,
      boolean ended) {
    Graph pure = WithoutWrites.of(what, graph);
    return new ProgramLayers(what, pure, kept, statistics, program).layers(pure, ended);
  }

  private LayerGraph layers(Graph whole, boolean ended) {
    List<Input> pictures =
        whole.inputs().stream().filter(input -> input.origin() == Origin.USER).toList();
    if (pictures.size() != 1 || whole.outputs().size() != 1) {
      throw new NotApplicableException(
          "%s takes or puts out more than one tensor, and is no graph of layers.".formatted(what));
    }
    requireTypes();
    makers.put(pictures.get(0).name(), LayerGraph.INPUT);
    whole.inputs().forEach(input -> tensors.put(input.name(), input.source()));
    List<Node> nodes =
        whole.nodes().stream().filter(node -> !Operators.isCheck(node.target())).toList();
    Set<String> off = ended ? end(nodes, whole.outputs().get(0)) : Set.of();
    for (Node node : nodes) {
      if (off.contains(value(node).name())) {
        makers.put(value(node).name(), inputs(node).get(0));
      } else {
        try {
          add(node);
        } catch (ArithmeticException
            | ClassCastException
            | IndexOutOfBoundsException
            | NumberFormatException e) {
          // It is called in a way that nothing is known of here.
          NotApplicableException refused = refused(node);
          refused.initCause(e);
          throw refused;
        }
      }
    }
    flatten(whole.outputs().get(0));
    try {
      calls.load(program::load);
    } catch (TorchScriptException e) {
      NotApplicableException refused =
          new NotApplicableException(
              "The calls of %s cannot be run one by one: %s Integrated gradients ask for the program as a whole."
                  .formatted(what, e.getMessage()));
      refused.initCause(e);
      throw refused;
    }
    return graph.build();
  }

  /** DJL turns no numbers into bfloat16: the process would end where a rule asks it to. */
  private void requireTypes() {
    if (types.containsValue("BFloat16")) {
      throw new NotApplicableException(
          "%s computes in bfloat16, which DJL turns no numbers into, so that its layers cannot be taken one by one. Export it in single precision, model.float(), without autocast. Integrated gradients ask for the program as a whole."
              .formatted(what));
    }
  }

  /**
   * What ends with maps of one place, or with numbers that have no row for each picture, as behind
   * a squeeze, puts them out in a row, as the program does.
   */
  private void flatten(Argument output) {
    if (!(output instanceof Value value) || !makers.containsKey(value.name())) {
      return;
    }
    List<String> last = List.of(makers.get(value.name()));
    List<Long> lengths = sizes.getOrDefault(value.name(), List.of(-1L, -1L));
    if (lengths.size() == 4 && lengths.get(2) == 1 && lengths.get(3) == 1) {
      layer(value.name(), free("flatten"), "Flatten", Blocks.batchFlattenBlock(), last);
    } else if (lengths.size() < 2) {
      Block rows = new LambdaBlock(numbers -> new NDList(row(numbers.head())), "row");
      layer(value.name(), free("flatten"), "Flatten", rows, last);
    }
  }

  /** Numbers of one picture. */
  private static NDArray row(NDArray numbers) {
    return numbers.reshape(1, numbers.size());
  }

  /**
   * The values of a softmax or a sigmoid at the end and of what stands behind it, followed back
   * from what is put out; empty if there is none.
   */
  private static Set<String> end(List<Node> nodes, Argument output) {
    Map<String, Node> made = new HashMap<>();
    nodes.forEach(node -> made.put(value(node).name(), node));
    Set<String> behind = new HashSet<>();
    Node node = maker(made, output);
    while (node != null && !node.arguments().isEmpty()) {
      String operator = operator(node);
      if (ENDS.contains(operator) || BEHIND.contains(operator)) {
        behind.add(value(node).name());
      } else if (!OperatorKinds.handsOn(operator) && !SAME.contains(operator)) {
        return Set.of();
      }
      if (ENDS.contains(operator)) {
        return behind;
      }
      node = maker(made, node.arguments().get(0).value());
    }
    return Set.of();
  }

  /** The call that made a value; null if there is none. */
  private static Node maker(Map<String, Node> made, Argument argument) {
    return argument instanceof Value value ? made.get(value.name()) : null;
  }

  private static Value value(Node node) {
    boolean one = !node.results().isEmpty() && node.results().get(0) instanceof One;
    return new Value(one ? ((One) node.results().get(0)).name() : "");
  }

  private static String operator(Node node) {
    return Operators.plain(node.target()).orElse(node.target());
  }

  private NotApplicableException refused(Node node) {
    String advice =
        RECURRENT.contains(operator(node))
            ? "Export the program after run_decompositions(), which writes recurrent layers step by step, or take integrated gradients, which ask for none."
            : "Integrated gradients ask for none.";
    return new NotApplicableException(
        "The call '%s' (%s) of %s has no rule of its own: it is no layer with weights, activation, norm, pooling, sum, product of two, softmax or change of shape that can be run by itself. %s"
            .formatted(value(node).name(), operator(node), what, advice));
  }

  private void add(Node node) {
    String operator = operator(node);
    if (TURNING.contains(operator)) {
      turn(node);
    }
    List<String> inputs = inputs(node);
    boolean number =
        node.results().stream().noneMatch(each -> each instanceof Parts || ((One) each).tensor());
    if (inputs.isEmpty() || number) {
      results(node).forEach(made::put);
      return;
    }
    if (SAME.contains(operator) || Operators.isSame(node.target())) {
      if (operator.endsWith("dropout") && !node.literal("train").orElse("True").equals("False")) {
        throw refused(node);
      }
      makers.put(value(node).name(), inputs.get(0));
      return;
    }
    List<Node> steps = Steps.of(node, value -> makers.containsKey(value.name()), sizes, types);
    if (!steps.isEmpty()) {
      steps.forEach(this::add);
      return;
    }
    Optional<Block> block = weighted(node, operator, inputs).or(() -> norm(node, operator));
    if (block.isPresent()) {
      layer(value(node).name(), name(node), type(node), block.get(), inputs.subList(0, 1));
    } else if (operator.endsWith("softmax") && !operator.contains("log")) {
      int axis = Math.toIntExact(numbers(node, "dim", List.of()).get(0));
      boolean masked = operator.equals("_safe_softmax");
      layer(value(node).name(), name(node), type(node), new Softmax(axis, masked), inputs);
    } else {
      call(node, operator, inputs);
    }
  }

  /** What a call makes, by name; of what it returns beside its first tensor, nothing is asked. */
  private static Map<String, Made> results(Node node) {
    Map<String, Made> results = new LinkedHashMap<>();
    Result first = node.results().get(0);
    if (first instanceof Parts parts) {
      for (int i = 0; i < parts.names().size(); i++) {
        results.put(parts.names().get(i), new Made(node, Optional.of(i)));
      }
    } else {
      Optional<Integer> part = node.results().size() > 1 ? Optional.of(0) : Optional.empty();
      results.put(((One) first).name(), new Made(node, part));
    }
    results.remove("");
    return results;
  }

  private void layer(String value, String name, String type, Block block, List<String> inputs) {
    graph.add(name, type, block, inputs.toArray(String[]::new));
    taken.add(name);
    makers.put(value, name);
  }

  /** Notes that a call turns the weights of a dense layer, rows to columns. */
  private void turn(Node node) {
    Optional<NDArray> weight =
        node.arguments().get(0).value() instanceof Value value
            ? Optional.ofNullable(tensors.get(value.name())).flatMap(program::parameter)
            : Optional.empty();
    if (weight.filter(array -> array.getShape().dimension() == 2).isPresent()) {
      turned.add(value(node).name());
    }
  }

  /** The name of the innermost module, if it is one of PyTorch's and makes this value only. */
  private String name(Node node) {
    return free(module(node).map(ModuleCall::path).orElse(value(node).name()));
  }

  private Optional<ModuleCall> module(Node node) {
    return node.calls().stream()
        .reduce((outer, inner) -> inner)
        .filter(call -> call.type().startsWith(PYTORCH) && !taken.contains(call.path()));
  }

  /** What the field calls a call: the module that it is, or its operator. */
  private String type(Node node) {
    return module(node)
        .map(call -> call.type().substring(call.type().lastIndexOf('.') + 1))
        .orElse(operator(node));
  }

  private String free(String name) {
    String free = name;
    while (taken.contains(free) || free.equals(LayerGraph.INPUT)) {
      free = free + "_";
    }
    return free;
  }

  /** The layers that made what a call is given; its tensors of the file are none. */
  private List<String> inputs(Node node) {
    List<String> inputs = new ArrayList<>();
    for (int i = 0; i < node.arguments().size(); i++) {
      for (Value value : values(node.arguments().get(i).value())) {
        if (makers.containsKey(value.name())) {
          if (OperatorKinds.asksForValues(operator(node), i)) {
            inputs.add(makers.get(value.name()));
          }
        } else if (!tensors.containsKey(value.name()) && !made.containsKey(value.name())) {
          throw refused(node);
        }
      }
    }
    return inputs;
  }

  private static List<Value> values(Argument argument) {
    if (argument instanceof Several several) {
      return several.elements().stream().flatMap(each -> values(each).stream()).toList();
    }
    return argument instanceof Value value ? List.of(value) : List.of();
  }

  // Calls that run as they are

  private void call(Node node, String operator, List<String> inputs) {
    boolean first =
        node.arguments().get(0).value() instanceof Value value && makers.containsKey(value.name());
    LayerKind kind =
        OperatorKinds.of(operator, node, inputs.size(), first).orElseThrow(() -> refused(node));
    boolean several = node.results().get(0) instanceof Parts;
    String type = type(node);
    results(node)
        .forEach(
            (value, one) ->
                call(
                    value, several ? free(value) : name(node), type, kind, new Text(node).of(one)));
  }

  private void call(String value, String name, String type, LayerKind kind, Text text) {
    Block block = calls.layer(kind, text.carried.size(), text.written(), text.given);
    layer(value, name, type, block, text.layers());
  }

  /** A call's text, and what it asks for. */
  private final class Text {

    private final Node whole;
    private final List<String> carried = new ArrayList<>();
    private final List<String> sized = new ArrayList<>();
    private final List<String> parameters = new ArrayList<>();
    private final NDList given = new NDList();

    /** The names of values that stand for weights, by what they are called here. */
    private final Map<String, String> weights = new LinkedHashMap<>();

    /** What the calls return that make values out of tensors of the file and of sizes. */
    private final IdentityHashMap<Node, String> variables = new IdentityHashMap<>();

    private final StringBuilder lines = new StringBuilder();
    private String expression = "";
    private int depth;

    Text(Node whole) {
      this.whole = whole;
    }

    Text of(Made one) {
      return of(one.of(written(one.node(), true)));
    }

    Text of(String call) {
      expression = call;
      return this;
    }

    /** The layers it takes, those of which it asks for the shape alone behind the others. */
    List<String> layers() {
      return Stream.concat(carried.stream(), sized.stream()).toList();
    }

    /** The names of what it takes, in the same order, the tensors of the file at the end. */
    List<String> parameters() {
      List<String> names = new ArrayList<>();
      for (int i = 0; i < carried.size(); i++) {
        names.add(numbered("x", i));
      }
      for (int i = 0; i < sized.size(); i++) {
        names.add(numbered("s", i));
      }
      for (int i = 0; i < parameters.size(); i++) {
        names.add(numbered("p", i));
      }
      names.addAll(weights.values());
      return names;
    }

    Written written() {
      return new Written(lines.toString(), expression, parameters());
    }

    private static String numbered(String letter, int number) {
      return String.format(Locale.ROOT, "%s%d", letter, number);
    }

    /** A call whose arguments stand for values of layers, if it is the whole one. */
    private String written(Node node, boolean isWhole) {
      Set<String> shapes = new HashSet<>();
      for (int i = 0; i < node.arguments().size(); i++) {
        if (!isWhole || !OperatorKinds.asksForValues(operator(node), i)) {
          values(node.arguments().get(i).value()).forEach(value -> shapes.add(value.name()));
        }
      }
      String call = ProgramText.call(node, value -> named(value, shapes.contains(value.name())));
      if (call.length() + lines.length() > LONGEST) {
        throw refused(whole);
      }
      return call;
    }

    /** What stands for a value. */
    String named(Value value, boolean shapeOnly) {
      String name = value.name();
      if (weights.containsKey(name)) {
        return weights.get(name);
      }
      if (makers.containsKey(name)) {
        return shapeOnly ? place("s", sized, makers.get(name)) : next(makers.get(name));
      }
      if (made.containsKey(name)) {
        return made.get(name).of(variable(made.get(name).node()));
      }
      String source = tensors.get(name);
      Optional<NDArray> parameter = program.parameter(source);
      if (parameter.isPresent()) {
        boolean known = parameters.contains(source);
        String letter = place("p", parameters, source);
        if (!known) {
          // A view has no name: the engine takes an array whose name has a dot for a dictionary.
          given.add(parameter.get().stopGradient());
        }
        return letter;
      }
      if (!kept.containsKey(source)) {
        throw refused(whole);
      }
      return calls.tensor(source, kept.get(source));
    }

    /** What stands for what a call returns that makes values out of tensors and sizes alone. */
    private String variable(Node node) {
      String known = variables.get(node);
      if (known != null) {
        return known;
      }
      if (++depth > DEEPEST) {
        throw refused(whole);
      }
      String call = written(node, false);
      depth--;
      String variable = numbered("v", variables.size());
      lines.append("    ").append(variable).append(" = ").append(call).append('\n');
      variables.put(node, variable);
      return variable;
    }

    private String next(String layer) {
      carried.add(layer);
      return numbered("x", carried.size() - 1);
    }

    private String place(String letter, List<String> names, String name) {
      if (!names.contains(name)) {
        names.add(name);
      }
      return numbered(letter, names.indexOf(name));
    }
  }

  // Layers with weights

  private Optional<Block> weighted(Node node, String operator, List<String> inputs) {
    Optional<LayerKind> kind =
        switch (operator) {
          case "conv1d", "conv2d", "conv3d" -> Optional.of(LayerKind.CONVOLUTION);
          case "conv_transpose1d", "conv_transpose2d", "conv_transpose3d" ->
              Optional.of(LayerKind.TRANSPOSED_CONVOLUTION);
          case "convolution" ->
              node.literal("transposed").orElse("False").equals("True")
                  ? Optional.of(LayerKind.TRANSPOSED_CONVOLUTION)
                  : Optional.of(LayerKind.CONVOLUTION);
          case "linear" -> Optional.of(LayerKind.DENSE);
          default -> Optional.empty();
        };
    if (kind.isPresent()) {
      // With weights that layers make it is a product.
      return inputs.size() == 1
          ? Optional.of(weighted(node, kind.get(), "weight", "bias"))
          : Optional.empty();
    }
    return switch (operator) {
      case "addmm" ->
          isDense(node)
              ? Optional.of(weighted(node, LayerKind.DENSE, "mat2", "self"))
              : Optional.empty();
      case "batch_norm", NORM -> Optional.of(batchNorm(node));
      default -> Optional.empty();
    };
  }

  /** Whether a sum with a product is b + xw with the weights of a dense layer turned. */
  private boolean isDense(Node node) {
    return node.argument("mat2")
            .filter(each -> each instanceof Value value && turned.contains(value.name()))
            .isPresent()
        && node.argument("beta").isEmpty()
        && node.argument("alpha").isEmpty();
  }

  /** A call of which two arguments are weights: of the file, or made of its tensors alone. */
  private Block weighted(Node node, LayerKind kind, String weight, String bias) {
    Text text = new Text(node);
    List<Supplier<NDArray>> given = new ArrayList<>();
    for (String argument : List.of(weight, bias)) {
      Optional<String> source = source(node, argument);
      if (source.isPresent()) {
        text.weights.put(source.get(), argument.equals(weight) ? "weight" : "bias");
        given.add(numbers(node, source.get()));
      }
    }
    text.of(new Made(node, Optional.empty()));
    List<String> names = List.copyOf(text.weights.values());
    boolean known =
        names.contains("weight") && text.parameters.isEmpty() && text.layers().size() == 1;
    if (!known) {
      throw refused(node);
    }
    return calls.layer(kind, text.written(), names, given);
  }

  /** The value that an argument is, or that it turns. */
  private Optional<String> source(Node node, String argument) {
    return node.argument(argument)
        .filter(Value.class::isInstance)
        .map(value -> ((Value) value).name())
        .map(
            name ->
                turned.contains(name)
                    ? ((Value) made.get(name).node().arguments().get(0).value()).name()
                    : name);
  }

  /** The numbers of weights, which are at hand once the calls are loaded. */
  private Supplier<NDArray> numbers(Node node, String value) {
    Optional<NDArray> parameter =
        Optional.ofNullable(tensors.get(value)).flatMap(program::parameter);
    if (parameter.isPresent()) {
      return parameter.get()::stopGradient;
    }
    Text text = new Text(node);
    text.of(text.named(new Value(value), false));
    if (!text.layers().isEmpty()) {
      throw refused(node);
    }
    return calls.constant(text.written(), text.given);
  }

  private Block batchNorm(Node node) {
    if (!operator(node).equals(NORM) && !node.literal("training").orElse("True").equals("False")) {
      throw refused(node);
    }
    float epsilon = Float.parseFloat(node.literal("eps").orElseThrow(() -> refused(node)));
    BatchNorm block = BatchNorm.builder().optEpsilon(epsilon).build();
    Optional<NDArray> factor = tensor(node, "weight");
    Optional<NDArray> offset = tensor(node, "bias");
    requireRead(node, "weight", factor);
    requireRead(node, "bias", offset);
    DataType type = factor.map(NDArray::getDataType).orElse(DataType.FLOAT32);
    NDArray mean = kept(node, "running_mean").toType(type, false);
    NDArray variance = kept(node, "running_var").toType(type, false);
    block.getDirectParameters().get("gamma").setArray(factor.orElseGet(mean::onesLike));
    block.getDirectParameters().get("beta").setArray(offset.orElseGet(mean::zerosLike));
    block.getDirectParameters().get("runningMean").setArray(mean);
    block.getDirectParameters().get("runningVar").setArray(variance);
    return block;
  }

  /** An argument that is there is one whose numbers are at hand. */
  private void requireRead(Node node, String name, Optional<NDArray> found) {
    if (found.isEmpty() && node.argument(name).filter(Value.class::isInstance).isPresent()) {
      throw refused(node);
    }
  }

  /** Numbers of a buffer. */
  private NDArray kept(Node node, String name) {
    return node.argument(name)
        .filter(Value.class::isInstance)
        .map(value -> tensors.get(((Value) value).name()))
        .map(statistics::get)
        .map(program.scope()::create)
        .orElseThrow(() -> refused(node));
  }

  // Norms by the values of the picture

  private Optional<Block> norm(Node node, String operator) {
    return Optional.ofNullable(
        switch (operator) {
          case "layer_norm", "native_layer_norm" -> layerNorm(node, true);
          case "rms_norm" -> layerNorm(node, false);
          case "group_norm" -> groupNorm(node, numbers(node, "num_groups", List.of()).get(0));
          case "native_group_norm" -> groupNorm(node, numbers(node, "group", List.of()).get(0));
          case "instance_norm" -> instanceNorm(node);
          default -> null;
        });
  }

  private Block layerNorm(Node node, boolean centring) {
    long row =
        numbers(node, "normalized_shape", List.of()).stream().reduce(1L, Math::multiplyExact);
    return rowNorm(
        node, shape -> new Shape(shape.size() / row, row), centring, UnaryOperator.identity());
  }

  private Block groupNorm(Node node, long groups) {
    return rowNorm(
        node,
        shape -> new Shape(shape.get(0) * groups, shape.size() / (shape.get(0) * groups)),
        true,
        alongChannels(node));
  }

  private Block instanceNorm(Node node) {
    boolean own = !(node.argument("running_mean").orElse(null) instanceof Value);
    if (!own || node.literal("use_input_stats").orElse("True").equals("False")) {
      throw refused(node);
    }
    return rowNorm(
        node,
        shape ->
            new Shape(shape.get(0) * shape.get(1), shape.size() / (shape.get(0) * shape.get(1))),
        true,
        alongChannels(node));
  }

  /** One value for each channel, of a shape that is stretched to the input's. */
  private UnaryOperator<NDArray> alongChannels(Node node) {
    int dimensions = sizes.getOrDefault(value(node).name(), List.of()).size();
    if (dimensions < 2) {
      throw refused(node);
    }
    long[] shape = new long[dimensions - 1];
    Arrays.fill(shape, 1);
    return values -> {
      shape[0] = values.size();
      return values.reshape(new Shape(shape));
    };
  }

  private Block rowNorm(
      Node node, UnaryOperator<Shape> rows, boolean centring, UnaryOperator<NDArray> placed) {
    Optional<NDArray> factor = tensor(node, "weight");
    Optional<NDArray> offset = tensor(node, "bias");
    requireRead(node, "weight", factor);
    requireRead(node, "bias", offset);
    // Where an RMS norm names none, PyTorch takes the step between single numbers at 1.
    double usual = centring ? 1e-5 : Math.ulp(1f);
    double epsilon =
        node.literal("eps")
            .filter(text -> !text.equals("None"))
            .map(Double::parseDouble)
            .orElse(usual);
    return new RowNorm(
        rows,
        centring,
        factor.map(placed).orElseGet(() -> program.scope().ones(new Shape(1))),
        offset.map(placed).orElseGet(() -> program.scope().zeros(new Shape(1))),
        epsilon);
  }

  // What a call is given

  private Optional<NDArray> tensor(Node node, String name) {
    return node.argument(name)
        .filter(Value.class::isInstance)
        .map(value -> tensors.get(((Value) value).name()))
        .flatMap(program::parameter);
  }

  private List<Long> numbers(Node node, String name, List<Long> otherwise) {
    Optional<Argument> argument = node.argument(name);
    if (argument.isEmpty()) {
      return otherwise;
    }
    List<Argument> all =
        argument.get() instanceof Several several ? several.elements() : List.of(argument.get());
    List<Long> numbers = new ArrayList<>();
    for (Argument each : all) {
      if (!(each instanceof Literal literal) || !literal.text().matches("-?\\d+")) {
        throw refused(node);
      }
      numbers.add(Long.parseLong(literal.text()));
    }
    return numbers;
  }
}
