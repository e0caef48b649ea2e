package camlab.network.export;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.pooling.Pool;
import camlab.network.LayerGraph;
import camlab.network.Layers;
import camlab.network.NotApplicableException;
import camlab.network.export.Graph.Argument;
import camlab.network.export.Graph.Input;
import camlab.network.export.Graph.Literal;
import camlab.network.export.Graph.ModuleCall;
import camlab.network.export.Graph.Named;
import camlab.network.export.Graph.Node;
import camlab.network.export.Graph.One;
import camlab.network.export.Graph.Origin;
import camlab.network.export.Graph.Several;
import camlab.network.export.Graph.Value;
import camlab.weights.RawTensors.Raw;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * An exported program as a graph of layers that can be run one by one, where all it calls are
 * operators that layers are made of: each call is a layer, by the name of the module that it is the
 * only one of, or else by the name of its value. Anything else is refused with its name.
 */
final class ProgramLayers {

  private static final Set<String> SAME = Set.of("dropout", "clone", "contiguous", "alias");
  private static final Set<String> ENDS = Set.of("softmax", "log_softmax", "sigmoid");
  private static final Set<String> TURNING = Set.of("t", "permute", "transpose");
  private static final String NORM = "_native_batch_norm_legit_no_training";
  private static final Set<String> FRACTIONS =
      Set.of("FloatStorage", "DoubleStorage", "HalfStorage", "BFloat16Storage");
  private static final String PYTORCH = "torch.nn.modules.";

  private final String what;
  private final Function<String, Optional<NDArray>> weights;
  private final Map<String, float[]> statistics;
  private final Map<String, String> tensors = new HashMap<>();

  /** The layer that made a value. */
  private final Map<String, String> makers = new HashMap<>();

  private final List<String> taken = new ArrayList<>();

  /** Tensors of the file with rows for columns. */
  private final Set<String> turned = new HashSet<>();

  private final LayerGraph.Builder graph = LayerGraph.builder();

  private ProgramLayers(
      String what, Map<String, float[]> statistics, Function<String, Optional<NDArray>> weights) {
    this.what = what;
    this.statistics = statistics;
    this.weights = weights;
  }

  /**
   * The layers of a program.
   *
   * @param what the file, for messages
   * @param program what it computes
   * @param statistics the numbers of {@link #statistics}
   * @param weights its parameters by the names they have in the file; the layers share them
   * @param ended whether a softmax or a sigmoid at the end is taken off
   * @throws NotApplicableException if it calls what is no layer; the message names it
   */
  static LayerGraph of(
      String what,
      Graph program,
      Map<String, float[]> statistics,
      Function<String, Optional<NDArray>> weights,
      boolean ended) {
    return new ProgramLayers(what, statistics, weights).layers(program, ended);
  }

  /**
   * The means and variances that a program keeps, by their names in the file: all numbers with a
   * fraction along one dimension that are no parameters. The engine hands out those only.
   *
   * @param program what it computes
   * @param tensors those of the state dictionary
   * @param constants the other ones
   * @throws IOException if they cannot be read
   */
  static Map<String, float[]> statistics(
      Graph program, Map<String, Raw> tensors, Map<String, Raw> constants) throws IOException {
    Map<String, float[]> statistics = new HashMap<>();
    for (Input input : program.inputs()) {
      Raw raw = (input.origin() == Origin.CONSTANT ? constants : tensors).get(input.source());
      if ((input.origin() == Origin.BUFFER || input.origin() == Origin.CONSTANT)
          && raw != null
          && FRACTIONS.contains(raw.type())
          && raw.shape().size() == 1
          && raw.strides().get(0) == 1) {
        statistics.put(input.source(), raw.row());
      }
    }
    return statistics;
  }

  private LayerGraph layers(Graph program, boolean ended) {
    List<Input> pictures =
        program.inputs().stream().filter(input -> input.origin() == Origin.USER).toList();
    if (pictures.size() != 1 || program.outputs().size() != 1) {
      throw new NotApplicableException(
          "%s takes or puts out more than one tensor, and is no graph of layers.".formatted(what));
    }
    makers.put(pictures.get(0).name(), LayerGraph.INPUT);
    program.inputs().forEach(input -> tensors.put(input.name(), input.source()));
    List<Node> nodes =
        program.nodes().stream().filter(node -> !Operators.isCheck(node.target())).toList();
    for (Node node : nodes) {
      boolean last = ended && program.outputs().equals(List.of(value(node)));
      if (!last || !ENDS.contains(operator(node))) {
        add(node);
      }
    }
    return graph.build();
  }

  private static Value value(Node node) {
    return new Value(node.results().get(0) instanceof One one ? one.name() : "");
  }

  private static String operator(Node node) {
    return Operators.plain(node.target()).orElse(node.target());
  }

  private NotApplicableException refused(Node node) {
    return new NotApplicableException(
        "The call '%s' (%s) of %s has no rule of its own: it is no layer with weights, activation, pooling, sum or concatenation that can be run by itself. Integrated gradients ask for none."
            .formatted(value(node).name(), operator(node), what));
  }

  private void add(Node node) {
    String operator = operator(node);
    String made = value(node).name();
    if (TURNING.contains(operator) && turned(node, made)) {
      return;
    }
    List<String> inputs = inputs(node);
    if (SAME.contains(operator)) {
      if (operator.equals("dropout") && !node.literal("train").orElse("True").equals("False")) {
        throw refused(node);
      }
      makers.put(made, inputs.get(0));
      return;
    }
    String name = name(node);
    Typed layer = layer(node, operator);
    graph.add(name, layer.type(), layer.block(), inputs.toArray(String[]::new));
    taken.add(name);
    makers.put(made, name);
    if (Operators.isInPlace(node.target())) {
      // Whoever asks for what went in sees what came out.
      makers.put(((Value) node.arguments().get(0).value()).name(), name);
    }
  }

  /** Whether a call turns the weights of a dense layer, rows to columns. */
  private boolean turned(Node node, String made) {
    Optional<NDArray> weight =
        node.arguments().get(0).value() instanceof Value value
            ? Optional.ofNullable(tensors.get(value.name())).flatMap(weights)
            : Optional.empty();
    if (weight.filter(array -> array.getShape().dimension() == 2).isEmpty()) {
      return false;
    }
    tensors.put(made, tensors.get(((Value) node.arguments().get(0).value()).name()));
    turned.add(made);
    return true;
  }

  /** The name of the innermost module, if it is one of PyTorch's and makes this value only. */
  private String name(Node node) {
    String name = value(node).name();
    if (!node.calls().isEmpty()) {
      ModuleCall call = node.calls().get(node.calls().size() - 1);
      if (call.type().startsWith(PYTORCH) && !taken.contains(call.path())) {
        name = call.path();
      }
    }
    while (taken.contains(name) || name.equals(LayerGraph.INPUT)) {
      name = name + "_";
    }
    return name;
  }

  /** The layers that made what a call is given; its tensors of the file are none. */
  private List<String> inputs(Node node) {
    List<String> inputs = new ArrayList<>();
    for (Named argument : node.arguments()) {
      List<Argument> each =
          argument.value() instanceof Several several
              ? several.elements()
              : List.of(argument.value());
      for (Argument one : each) {
        if (one instanceof Value value) {
          if (makers.containsKey(value.name())) {
            inputs.add(makers.get(value.name()));
          } else if (!tensors.containsKey(value.name())) {
            throw refused(node);
          }
        }
      }
    }
    if (inputs.isEmpty()) {
      throw refused(node);
    }
    return inputs;
  }

  /** A block, and what the field calls it. */
  private record Typed(String type, Block block) {}

  private Typed layer(Node node, String operator) {
    return switch (operator) {
      case "conv2d", "convolution" -> new Typed("Conv2d", convolution(node));
      case "linear" ->
          new Typed("Linear", dense(node, tensor(node, "weight"), tensor(node, "bias")));
      case "addmm" -> new Typed("Linear", sumOfProducts(node));
      case "batch_norm", NORM -> new Typed("BatchNorm2d", norm(node));
      case "relu" -> new Typed("ReLU", Activation.reluBlock());
      case "hardtanh" -> new Typed("ReLU6", bounded(node));
      case "sigmoid" -> new Typed("sigmoid", Activation.sigmoidBlock());
      case "tanh" -> new Typed("Tanh", Activation.tanhBlock());
      case "max_pool2d", "max_pool2d_with_indices" -> new Typed("MaxPool2d", largest(node));
      case "avg_pool2d" -> new Typed("AvgPool2d", average(node));
      case "adaptive_avg_pool2d" -> new Typed("AdaptiveAvgPool2d", adaptive(node));
      case "mean" -> new Typed("AdaptiveAvgPool2d", mean(node));
      case "add" -> new Typed("Add", sum(node));
      case "cat" -> new Typed("Concatenate", joined(node));
      case "flatten", "view", "reshape" -> new Typed("Flatten", flat(node));
      default -> throw refused(node);
    };
  }

  private Block convolution(Node node) {
    NDArray weight = tensor(node, "weight").orElseThrow(() -> refused(node));
    Optional<NDArray> bias = tensor(node, "bias");
    if (weight.getShape().dimension() != 4
        || node.literal("transposed").orElse("False").equals("True")) {
      throw refused(node);
    }
    Shape shape = weight.getShape();
    int groups = Math.toIntExact(numbers(node, "groups", List.of(1L)).get(0));
    Conv2d block =
        Conv2d.builder()
            .setFilters(Math.toIntExact(shape.get(0)))
            .setKernelShape(new Shape(shape.get(2), shape.get(3)))
            .optStride(square(node, "stride", 1))
            .optPadding(square(node, "padding", 0))
            .optDilation(square(node, "dilation", 1))
            .optGroups(groups)
            .optBias(bias.isPresent())
            .build();
    block.getDirectParameters().get("weight").setArray(weight);
    bias.ifPresent(values -> block.getDirectParameters().get("bias").setArray(values));
    return block;
  }

  /** b + xw with the weights of a dense layer turned. */
  private Block sumOfProducts(Node node) {
    boolean plain =
        node.argument("mat2")
            .filter(each -> each instanceof Value value && turned.contains(value.name()))
            .isPresent();
    if (!plain || node.argument("beta").isPresent() || node.argument("alpha").isPresent()) {
      throw refused(node);
    }
    return dense(node, tensor(node, "mat2"), tensor(node, "self"));
  }

  private Block dense(Node node, Optional<NDArray> given, Optional<NDArray> bias) {
    NDArray weight = given.orElseThrow(() -> refused(node));
    Linear block =
        Linear.builder().setUnits(weight.getShape().get(0)).optBias(bias.isPresent()).build();
    block.getDirectParameters().get("weight").setArray(weight);
    bias.ifPresent(values -> block.getDirectParameters().get("bias").setArray(values));
    return block;
  }

  private Block norm(Node node) {
    if (!operator(node).equals(NORM) && !node.literal("training").orElse("True").equals("False")) {
      throw refused(node);
    }
    float epsilon = Float.parseFloat(node.literal("eps").orElseThrow(() -> refused(node)));
    BatchNorm block = BatchNorm.builder().optEpsilon(epsilon).build();
    NDArray factor = tensor(node, "weight").orElseThrow(() -> refused(node));
    NDArray offset = tensor(node, "bias").orElseThrow(() -> refused(node));
    block.getDirectParameters().get("gamma").setArray(factor);
    block.getDirectParameters().get("beta").setArray(offset);
    block.getDirectParameters().get("runningMean").setArray(kept(node, "running_mean", factor));
    block.getDirectParameters().get("runningVar").setArray(kept(node, "running_var", factor));
    return block;
  }

  /** Numbers of a buffer, beside those of a parameter. */
  private NDArray kept(Node node, String name, NDArray beside) {
    return node.argument(name)
        .filter(Value.class::isInstance)
        .map(value -> statistics.get(tensors.get(((Value) value).name())))
        .map(numbers -> beside.getManager().create(numbers).toType(beside.getDataType(), false))
        .orElseThrow(() -> refused(node));
  }

  /** min(max(x, 0), n). */
  private Block bounded(Node node) {
    if (Float.parseFloat(node.literal("min_val").orElse("-1")) != 0) {
      throw refused(node);
    }
    float most = Float.parseFloat(node.literal("max_val").orElse("1"));
    return LambdaBlock.singleton(
        x -> Activation.relu(x).sub(Activation.relu(x.sub(most))), "ReLU6");
  }

  private Block largest(Node node) {
    if (numbers(node, "dilation", List.of(1L)).stream().anyMatch(each -> each != 1)) {
      throw refused(node);
    }
    return Pool.maxPool2dBlock(
        square(node, "kernel_size", 1),
        stride(node),
        square(node, "padding", 0),
        node.literal("ceil_mode").orElse("False").equals("True"));
  }

  private Block average(Node node) {
    if (!node.literal("divisor_override").orElse("None").equals("None")) {
      throw refused(node);
    }
    return Pool.avgPool2dBlock(
        square(node, "kernel_size", 1),
        stride(node),
        square(node, "padding", 0),
        node.literal("ceil_mode").orElse("False").equals("True"),
        node.literal("count_include_pad").orElse("True").equals("True"));
  }

  /** The window's own size where none is said. */
  private Shape stride(Node node) {
    return numbers(node, "stride", List.of()).isEmpty()
        ? square(node, "kernel_size", 1)
        : square(node, "stride", 1);
  }

  private Block adaptive(Node node) {
    Shape size = square(node, "output_size", 1);
    if (size.get(0) != size.get(1)) {
      throw refused(node);
    }
    return Layers.adaptiveAveragePool(Math.toIntExact(size.get(0)));
  }

  private Block mean(Node node) {
    List<Long> axes =
        numbers(node, "dim", List.of()).stream()
            .map(axis -> axis < 0 ? axis + 4 : axis)
            .sorted()
            .toList();
    if (!axes.equals(List.of(2L, 3L))) {
      throw refused(node);
    }
    boolean keep = node.literal("keepdim").orElse("False").equals("True");
    return LambdaBlock.singleton(
        x -> x.mean(new int[] {3}, keep).mean(new int[] {2}, keep), "mean");
  }

  private Block sum(Node node) {
    if (inputs(node).size() != 2 || !node.literal("alpha").orElse("1").matches("1(\\.0*)?")) {
      throw refused(node);
    }
    return new LambdaBlock(inputs -> new NDList(inputs.get(0).add(inputs.get(1))), "add");
  }

  private Block joined(Node node) {
    int axis = Math.toIntExact(numbers(node, "dim", List.of(0L)).get(0));
    return new LambdaBlock(inputs -> new NDList(NDArrays.concat(inputs, axis)), "concatenate");
  }

  private Block flat(Node node) {
    boolean flattens =
        operator(node).equals("flatten")
            ? numbers(node, "start_dim", List.of(0L)).get(0) == 1
                && numbers(node, "end_dim", List.of(-1L)).get(0) == -1
            : node.arguments().size() == 2
                && node.arguments().get(1).value() instanceof Several sizes
                && sizes.elements().size() == 2;
    if (!flattens) {
      throw refused(node);
    }
    return Blocks.batchFlattenBlock();
  }

  // What a call is given

  private Optional<NDArray> tensor(Node node, String name) {
    return node.argument(name)
        .filter(Value.class::isInstance)
        .map(value -> tensors.get(((Value) value).name()))
        .flatMap(weights);
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

  /** Two numbers, of which the second may be missing. */
  private Shape square(Node node, String name, long otherwise) {
    List<Long> numbers = numbers(node, name, List.of(otherwise));
    return new Shape(numbers.get(0), numbers.get(numbers.size() - 1));
  }
}
