package camlab.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Block;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.Parameter;
import ai.djl.nn.convolutional.Convolution;
import ai.djl.training.ParameterStore;
import ai.djl.util.Pair;
import ai.djl.util.PairList;
import camlab.engine.ComputationException;
import camlab.engine.PyTorch;
import camlab.identity.KnownFingerprint;
import camlab.progress.Interruption;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * A network as a graph of named layers in the order they run.
 *
 * <p>This one idea serves everything else: a hook is a function that sees a layer's output (and may
 * replace it) while the graph runs, the summary table is a walk along the layers, and the names are
 * the keys of the weights file. It is also a DJL {@link Block}, so that DJL trains it.
 *
 * <p>The last layer's output is the network's: logits of shape (N, classes).
 */
public final class LayerGraph extends AbstractBlock implements LayeredModel {

  /** The name of the picture batch that enters the network, shape (N, C, H, W). */
  public static final String INPUT = "input";

  private static final Map<String, String> PYTORCH_NAMES =
      Map.of(
          "gamma", "weight",
          "beta", "bias",
          "runningMean", "running_mean",
          "runningVar", "running_var");

  private final List<Layer> layers;
  private final Map<String, Layer> byName = new LinkedHashMap<>();

  /** By layers' names: a block puts its list together whenever it is asked. */
  private final Map<String, List<Parameter>> layerParameters = new HashMap<>();

  /** All parameters that the blocks had when this was made; a block may get more later. */
  private final Set<Parameter> known = new HashSet<>();

  /** Where in the order of the layers an output is taken for the last time. */
  private final Map<String, Integer> lastUse = new HashMap<>();

  /** What some parameters are replaced by, see {@link #withValues}. */
  private final Map<Parameter, NDArray> replaced;

  private final Optional<End> end;

  /** Whether the names of the layers say all of their settings. */
  private final boolean plan;

  /** Every evaluation asks for it, and weights seldom change. */
  private final KnownFingerprint fingerprint = new KnownFingerprint();

  /**
   * What was taken off the end.
   *
   * @param ending what it computes
   * @param place the name of the layer that it was
   */
  private record End(BlockEnding ending, String place) {}

  private LayerGraph(
      List<Layer> layers, Map<Parameter, NDArray> replaced, Optional<End> end, boolean plan) {
    this.layers = List.copyOf(layers);
    this.end = end;
    this.plan = plan;
    this.replaced = Map.copyOf(replaced);
    for (int i = 0; i < this.layers.size(); i++) {
      Layer layer = this.layers.get(i);
      byName.put(layer.name(), layer);
      List<Parameter> own = layer.block().getParameters().values();
      layerParameters.put(layer.name(), own);
      known.addAll(own);
      addChildBlock(layer.name(), layer.block());
      for (String taken : layer.inputs()) {
        lastUse.put(taken, i);
      }
    }
  }

  /**
   * Starts a graph.
   *
   * @return a builder without layers
   */
  public static Builder builder() {
    return new Builder(false);
  }

  /**
   * Starts a graph of one of the library's plans, in which layers of the same names and weights
   * always have the same settings: numbers that were kept of it are found under its weights alone.
   *
   * @return a builder without layers
   */
  static Builder plan() {
    return new Builder(true);
  }

  /** {@return all layers in the order they run} */
  public List<Layer> layers() {
    return layers;
  }

  @Override
  public Optional<LayerGraph> layered() {
    return Optional.of(this);
  }

  @Override
  public List<String> names() {
    return List.copyOf(byName.keySet());
  }

  /**
   * Finds a layer by its dotted name. The name of a container ({@code features}, {@code layer4.2})
   * stands for the last layer inside it, whose output is the container's.
   *
   * @param name the dotted name
   * @return the layer
   * @throws UnknownNameException if there is no such layer; the message lists the near names
   */
  public Layer layer(String name) {
    Layer layer = byName.get(name);
    for (int i = layers.size() - 1; layer == null && i >= 0; i--) {
      if (layers.get(i).name().startsWith(name + ".")) {
        layer = layers.get(i);
      }
    }
    if (layer == null) {
      throw UnknownNameException.of("layer", name, names());
    }
    return layer;
  }

  @Override
  public String resolve(String name) {
    return layer(name).name();
  }

  @Override
  public String type(String name) {
    return layer(name).type();
  }

  @Override
  public boolean isReused(String name) {
    Block block = layer(name).block();
    return layers.stream().filter(layer -> layer.block() == block).count() > 1;
  }

  @Override
  public long parameterCount() {
    return layers.stream().mapToLong(Layer::parameterCount).sum();
  }

  /** {@return the layer whose output is the network's} */
  public Layer last() {
    return layers.get(layers.size() - 1);
  }

  /**
   * Runs the network.
   *
   * @param parameters where the layers take their parameters from
   * @param input a batch of pictures, shape (N, C, H, W)
   * @param training true to run dropout and batch normalisation as in training
   * @param hook sees every layer's output before any other layer does
   * @return the logits, shape (N, classes)
   * @throws CancellationException if the thread was interrupted
   */
  public NDArray run(ParameterStore parameters, NDArray input, boolean training, Hook hook) {
    return run(parameters, input, training, hook, output -> true);
  }

  /**
   * As the other, and frees what no later layer takes: the next ones find its memory again, still
   * near the processor.
   *
   * @param kept whether somebody keeps an output, which may be the very array that went in
   */
  private NDArray run(
      ParameterStore parameters,
      NDArray input,
      boolean training,
      Hook hook,
      Predicate<NDArray> kept) {
    Map<String, NDArray> outputs = new HashMap<>();
    // A block of one's own may change what it is given where it is (subi, muli).
    NDArray copy = PyTorch.copy(input);
    boolean handedOn = false;
    outputs.put(INPUT, copy);
    for (int i = 0; i < layers.size(); i++) {
      Layer layer = layers.get(i);
      Interruption.check("Interrupted during a pass through the network.");
      NDList inputs = new NDList(layer.inputs().size());
      for (String name : layer.inputs()) {
        inputs.add(outputs.get(name));
      }
      NDList output =
          ComputationException.explained(
              () -> "Layer '%s' (%s) cannot be run".formatted(layer.name(), layer.type()),
              () -> forward(layer, parameters, inputs, training));
      handedOn |= one(layer, output) == copy;
      outputs.put(layer.name(), hook.apply(layer, one(layer, output)));
      for (String taken : Set.copyOf(layer.inputs())) {
        if (lastUse.get(taken) == i) {
          boolean mayBeKept = handedOn || !taken.equals(INPUT);
          free(outputs.remove(taken), array -> mayBeKept && kept.test(array), outputs);
        }
      }
    }
    NDArray numbers = outputs.get(last().name());
    return isFloating(numbers) ? numbers : numbers.toType(DataType.FLOAT32, false);
  }

  /** Others have no gradient, and are no layer's maps. */
  private static boolean isFloating(NDArray array) {
    return array.getDataType().isFloating();
  }

  /** Frees an output, unless somebody keeps it or a layer has handed on the very array. */
  private static void free(NDArray done, Predicate<NDArray> kept, Map<String, NDArray> others) {
    if (!kept.test(done) && others.values().stream().noneMatch(other -> other == done)) {
      done.close();
    }
  }

  /**
   * Runs the network as it is when trained (no dropout), without a gradient at any parameter.
   *
   * @param input a batch of pictures, shape (N, C, H, W)
   * @param hook sees every layer's output before any other layer does
   * @return the logits, shape (N, classes)
   */
  public NDArray run(NDArray input, Hook hook) {
    return run(input, hook, output -> true);
  }

  private NDArray run(NDArray input, Hook hook, Predicate<NDArray> kept) {
    return run(new FrozenParameters(input.getManager(), this::value), input, false, hook, kept);
  }

  @Override
  public NDArray run(NDArray input) {
    return run(input, Hook.NONE, output -> false);
  }

  /**
   * Runs one layer as it is when trained (no dropout).
   *
   * @param layer one of this graph's layers
   * @param inputs what it takes, in the order of {@link Layer#inputs}
   * @return its output, in the scope of the first input
   * @throws CancellationException if the thread was interrupted
   */
  public NDArray run(Layer layer, NDList inputs) {
    Interruption.check("Interrupted during a pass through the network.");
    FrozenParameters parameters = new FrozenParameters(inputs.head().getManager(), this::value);
    return one(
        layer,
        ComputationException.explained(
            () -> "Layer '%s' (%s) cannot be run".formatted(layer.name(), layer.type()),
            () -> forward(layer, parameters, inputs, false)));
  }

  /**
   * A layer computes in the type of its weights. What goes between the layers is single precision,
   * whatever that is, so that functions without weights and all that is read are.
   */
  private NDList forward(Layer layer, ParameterStore parameters, NDList inputs, boolean training) {
    DataType own = type(layer);
    NDList given = PyTorch.converted(inputs, DataType.FLOAT32, own);
    NDList outputs;
    try {
      outputs = layer.block().forward(parameters, given, training);
    } catch (RuntimeException e) {
      throw ComputationException.isInWords(e) ? e : stopped(layer, inputs, e);
    }
    if (outputs == null) {
      throw new IllegalArgumentException(
          "Layer '%s' (%s) gave null. Let its forwardInternal return a list of one array."
              .formatted(layer.name(), layer.type()));
    }
    return PyTorch.single(outputs);
  }

  /** What the code of a layer threw, which need not say of what layer. */
  private static IllegalArgumentException stopped(Layer layer, NDList inputs, RuntimeException e) {
    return new IllegalArgumentException(
        "Layer '%s' (%s) stopped on what it was given, %s. %s Look at its code%s."
            .formatted(
                layer.name(),
                layer.type(),
                inputs.stream()
                    .map(input -> PyTorch.isFreed(input) ? "closed" : input.getShape().toString())
                    .collect(
                        Collectors.joining(
                            " and ",
                            inputs.size() == 1 ? "an array of shape " : "arrays of shapes ",
                            "")),
                ComputationException.words(e),
                e instanceof IndexOutOfBoundsException || e instanceof NullPointerException
                    ? ": if it takes more arrays than come out of the layers before it, or takes them by name, put it into a block of your own, whose forwardInternal hands it what it takes"
                    : ""),
        e);
  }

  /** The type of a layer's first weights that have a fraction; of freed ones others tell. */
  private DataType type(Layer layer) {
    for (Parameter parameter : layerParameters.get(layer.name())) {
      if (parameter.isInitialized() && !PyTorch.isFreed(parameter.getArray())) {
        DataType type = parameter.getArray().getDataType();
        if (type.isFloating()) {
          return type;
        }
      }
    }
    return DataType.FLOAT32;
  }

  /** The types of its layers' weights, but single precision. */
  private Set<DataType> otherTypes() {
    Set<DataType> types = new LinkedHashSet<>();
    layers.forEach(layer -> types.add(type(layer)));
    types.remove(DataType.FLOAT32);
    return types;
  }

  /** {@inheritDoc} That of the coarsest type of its weights. */
  @Override
  public float precision() {
    Set<DataType> types = otherTypes();
    return types.contains(DataType.BFLOAT16)
        ? 0x1p-7f
        : types.contains(DataType.FLOAT16) ? 0x1p-10f : Math.ulp(1f);
  }

  /**
   * {@return what a layer is for a method that has a rule for each kind} A function without a name
   * runs for that, on noise.
   *
   * @param layer one of this graph's layers
   * @param inputs what it takes, in the order of {@link Layer#inputs}; their shapes are what counts
   */
  public LayerKind kind(Layer layer, NDList inputs) {
    return LayerKind.of(this, layer, inputs);
  }

  /** The one array that a layer puts out. */
  private NDArray one(Layer layer, NDList output) {
    if (output.size() != 1) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Layer '%s' (%s) puts out %d arrays; a layer has one output.%s",
              layer.name(),
              layer.type(),
              output.size(),
              layer.name().equals(last().name())
                  ? " It is the network's last: say which of them is explained, Stated.NOTHING.output(0), say."
                  : " Put it and what takes them into one block with a forwardInternal of its own: that is one layer."));
    }
    return output.head();
  }

  /**
   * {@return this graph without its last layer}
   *
   * @param ending what that layer computes
   */
  LayerGraph without(BlockEnding ending) {
    return new LayerGraph(
        layers.subList(0, layers.size() - 1),
        replaced,
        Optional.of(new End(ending, last().name())),
        plan);
  }

  /**
   * {@return this graph with one more layer behind its last}
   *
   * @param layer what to add, which takes what the last layer puts out
   */
  LayerGraph and(Layer layer) {
    List<Layer> more = new ArrayList<>(layers);
    more.add(layer);
    return new LayerGraph(more, replaced, end, plan);
  }

  /** {@inheritDoc} Known where a softmax or a sigmoid was taken off. */
  @Override
  public Optional<Meaning> meaning() {
    return end.map(taken -> taken.ending().meaning());
  }

  /**
   * {@inheritDoc}
   *
   * <p>Nothing before the layer runs again. Where a path leads around the layer, the input runs
   * once.
   */
  @Override
  public Rest rest(NDArray input, String layer) {
    Set<String> behind = new LinkedHashSet<>(Set.of(resolve(layer)));
    Set<String> beside = new HashSet<>();
    for (Layer other : layers) {
      if (!Collections.disjoint(other.inputs(), behind)) {
        behind.add(other.name());
        beside.addAll(other.inputs());
      }
    }
    beside.removeAll(behind);
    Map<String, NDArray> kept = new HashMap<>();
    if (beside.remove(INPUT)) {
      kept.put(INPUT, input);
    }
    if (!beside.isEmpty()) {
      kept.putAll(outputs(input, beside));
    }
    return new RestOfGraph(this, List.copyOf(behind), kept);
  }

  /** What some layers put out, in the scope of the input; all else that was run is freed. */
  private Map<String, NDArray> outputs(NDArray input, Set<String> names) {
    Map<String, NDArray> outputs = new HashMap<>();
    try (NDManager pass = input.getManager().newSubManager()) {
      NDArray view = input.stopGradient();
      view.attach(pass);
      run(
          view,
          (layer, output) -> {
            if (names.contains(layer.name())) {
              outputs.put(layer.name(), output);
            }
            return output;
          });
      // Behind the run: what is computed from an array joins the array's scope.
      outputs.values().forEach(output -> output.attach(input.getManager()));
    }
    return outputs;
  }

  @Override
  public Trace trace(NDArray input, Set<String> names) {
    return trace(input, names, Optional.empty(), Trace.Hooked::sum);
  }

  @Override
  public Trace traceWithGradients(NDArray input, Set<String> names) {
    Optional<ClassEnd> classes =
        ClassEnd.of(this).filter(found -> !found.holds(names) && otherTypes().isEmpty());
    return PyTorch.withGradientsFrom(
        begin ->
            trace(
                input,
                names,
                classes,
                hooked -> {
                  begin.run();
                  return hooked.sum();
                }));
  }

  @Override
  public Trace cut(NDArray input, Set<String> names) {
    return trace(input, names, Optional.empty(), Trace.Hooked::cut);
  }

  @Override
  public Set<String> rectifiers(NDArray input) {
    return Rectifiers.of(this, input);
  }

  @Override
  public boolean sorts(NDArray picture) {
    return SortTrial.isSorting(this, last(), picture);
  }

  @Override
  public boolean keepsPlaces(NDArray input) {
    return PlacesTrial.areKept(this, input);
  }

  /**
   * Runs the layers, and keeps some of them.
   *
   * @param classes the end of the graph, if what goes into it is kept, too
   * @param passed what the layers behind a kept one see
   */
  private Trace trace(
      NDArray input,
      Set<String> names,
      Optional<ClassEnd> classes,
      Function<Trace.Hooked, NDArray> passed) {
    Map<String, Trace.Hooked> hooked = new LinkedHashMap<>();
    Map<String, NDArray> entering = new HashMap<>();
    NDArray logits =
        run(
            input,
            (layer, output) -> {
              NDArray handed = output;
              if (names.contains(layer.name()) && isFloating(output)) {
                hooked.put(layer.name(), Trace.Hooked.of(output));
                handed = passed.apply(hooked.get(layer.name()));
              }
              if (classes.filter(end -> end.entering().equals(layer.name())).isPresent()) {
                entering.put(layer.name(), handed);
              }
              return handed;
            },
            output ->
                entering.values().stream().anyMatch(kept -> kept == output)
                    || hooked.values().stream().anyMatch(kept -> kept.activation() == output));
    return new Trace(
        logits,
        hooked,
        classes.map(end -> index -> end.logit(entering.get(end.entering()), index)));
  }

  @Override
  public Map<String, Shape> shapes(NDArray input) {
    Map<String, Shape> shapes = new LinkedHashMap<>();
    run(
        input,
        (layer, output) -> {
          shapes.put(layer.name(), output.getShape());
          return output;
        });
    return shapes;
  }

  /** The shape of a batch of pictures, and of what each layer puts out for it. */
  Map<String, Shape> allShapes(NDArray input) {
    try (NDManager scope = input.getManager().newSubManager()) {
      NDArray view = input.stopGradient();
      view.attach(scope);
      Map<String, Shape> shapes = new HashMap<>(Map.of(INPUT, input.getShape()));
      shapes.putAll(shapes(view));
      return shapes;
    }
  }

  /**
   * The shapes of all layers' outputs.
   *
   * @param input the shape of a batch of pictures, (N, C, H, W)
   * @return one shape per layer, in the order they run
   */
  public Map<String, Shape> outputShapes(Shape input) {
    Map<String, Shape> shapes = new LinkedHashMap<>();
    for (Layer layer : layers) {
      Shape[] inputs = inputShapes(layer, shapes, input);
      Shape[] outputs =
          ComputationException.explained(
              () -> "Layer '%s' (%s) cannot be run".formatted(layer.name(), layer.type()),
              () -> shapes(layer.block(), inputs));
      shapes.put(layer.name(), outputs[0]);
    }
    return shapes;
  }

  /** A function's, found with arrays of this engine: DJL takes its usual one, whichever that is. */
  private static Shape[] shapes(Block block, Shape[] inputs) {
    if (!(block instanceof LambdaBlock)) {
      return block.getOutputShapes(inputs);
    }
    try (NDManager scope = PyTorch.newScope()) {
      NDList zeros = new NDList(Arrays.stream(inputs).map(scope::zeros).toArray(NDArray[]::new));
      NDList outputs = block.forward(new ParameterStore(scope, false), zeros, false);
      return outputs.stream().map(NDArray::getShape).toArray(Shape[]::new);
    }
  }

  private static Shape[] inputShapes(Layer layer, Map<String, Shape> shapes, Shape input) {
    return layer.inputs().stream()
        .map(name -> name.equals(INPUT) ? input : shapes.get(name))
        .toArray(Shape[]::new);
  }

  /**
   * {@return all parameters by PyTorch's {@code state_dict} names: the layer's name and {@code
   * weight}, {@code bias}, {@code running_mean} or {@code running_var}}
   */
  public Map<String, Parameter> namedParameters() {
    Map<String, Parameter> parameters = new LinkedHashMap<>();
    for (Layer layer : layers) {
      for (Pair<String, Parameter> pair : layer.block().getParameters()) {
        String name = PYTORCH_NAMES.getOrDefault(pair.getKey(), pair.getKey());
        parameters.put(layer.name() + "." + name, pair.getValue());
      }
    }
    return Collections.unmodifiableMap(parameters);
  }

  private static Block inner(Block block) {
    return block instanceof ChosenOutput chosen ? chosen.block() : block;
  }

  @Override
  public List<Fact> facts() {
    List<String> closed =
        layers.stream()
            .filter(layer -> !inner(layer.block()).getChildren().isEmpty())
            .map(layer -> "'%s' (%s)".formatted(layer.name(), layer.type()))
            .toList();
    List<Fact> facts = new ArrayList<>();
    if (last().block() instanceof ChosenOutput chosen) {
      facts.add(chosen.fact(last().name()));
    }
    end.ifPresent(taken -> facts.add(taken.ending().fact(taken.place())));
    if (!otherTypes().isEmpty()) {
      facts.add(
          new Fact(
              "type",
              "%s in layers with such weights; what goes between layers and what is read is single precision"
                  .formatted(
                      otherTypes().stream()
                          .map(LayerGraph::inWords)
                          .collect(Collectors.joining(", "))),
              Fact.Origin.READ,
              "its weights"));
    }
    if (!closed.isEmpty()) {
      facts.add(
          new Fact(
              "one layer each",
              String.join(", ", closed),
              Fact.Origin.READ,
              "the code of such a block runs its children, which cannot be watched; build it of SequentialBlock and ParallelBlock, and they are layers"));
    }
    return List.copyOf(facts);
  }

  private static String inWords(DataType type) {
    return switch (type) {
      case FLOAT64 -> "double precision";
      case FLOAT16 -> "half precision";
      default -> type.name().toLowerCase(Locale.ROOT);
    };
  }

  @Override
  public Map<String, Shape> weights() {
    Map<String, Shape> shapes = new LinkedHashMap<>();
    namedParameters().forEach((name, parameter) -> shapes.put(name, parameter.getShape()));
    return shapes;
  }

  @Override
  public Optional<NDArray> weight(String name) {
    return Optional.ofNullable(namedParameters().get(name)).map(this::value);
  }

  @Override
  public Map<String, Long> entering() {
    Map<String, Long> channels = new LinkedHashMap<>();
    for (Layer layer : layers) {
      if (layer.inputs().contains(INPUT) && layer.block() instanceof Convolution convolution) {
        String name = layer.name() + ".weight";
        // The filters of each of several groups see a part of the channels.
        channels.put(
            name, parameter(name).getShape().get(1) * Math.max(1, convolution.getGroups()));
      }
    }
    return channels;
  }

  /**
   * The values a parameter has wherever the graph runs as it is when trained.
   *
   * @param name as in {@link #namedParameters}
   * @return the values themselves, to be read and neither changed nor closed
   * @throws UnknownNameException if there is no such parameter
   */
  public NDArray value(String name) {
    return value(parameter(name));
  }

  /**
   * {@inheritDoc}
   *
   * <p>Of the layers' names, operations, settings and inputs, and of their parameters' names,
   * types, shapes and values. Of functions and blocks of one's own the settings are the numbers and
   * texts that they hold; what their code does is not seen.
   */
  @Override
  public String checksum() {
    return fingerprint.of(this::tell);
  }

  private void tell(Consumer<ByteBuffer> part) {
    Consumer<String> text = each -> part.accept(StandardCharsets.UTF_8.encode(each));
    if (last().block() instanceof ChosenOutput chosen) {
      text.accept(chosen.fact(last().name()).value());
    }
    for (Layer layer : layers) {
      text.accept(layer.name());
      text.accept(layer.type());
      text.accept(String.join(" ", layer.inputs()));
      if (!plan) {
        text.accept(BlockSettings.of(layer.block()));
      }
    }
    namedParameters()
        .forEach(
            (name, parameter) -> {
              NDArray values = value(parameter);
              text.accept(name);
              text.accept(values.getDataType().name());
              text.accept(parameter.getShape().toString());
              part.accept(values.toByteBuffer(true));
            });
  }

  /**
   * The values of a parameter, or those it is replaced by.
   *
   * @throws IllegalStateException if the parameter is none of a layer's, or if the values belonged
   *     to somebody else, who has freed them
   */
  NDArray value(Parameter parameter) {
    if (!isOfLayer(parameter)) {
      throw new IllegalStateException(
          "A block of this network computes with weights that are of none of its children: '%s', shape %s. So they are neither saved nor counted, and no checksum tells them apart. Add the block that they are of in the constructor: addChildBlock(\"name\", block)."
              .formatted(parameter.getName(), parameter.getShape()));
    }
    NDArray values =
        replaced.containsKey(parameter) ? replaced.get(parameter) : parameter.getArray();
    if (PyTorch.isFreed(values)) {
      throw new IllegalStateException(
          "Weights of this network have been freed, since what they belong to has been closed: a Model (DJL closes one that nobody refers to any more), an NDManager, or the network that this one was made of. Keep that open as long as this network is used.");
    }
    return values;
  }

  /** Whether a parameter is of a layer, or of a block inside one that says it has it. */
  private boolean isOfLayer(Parameter parameter) {
    return known.contains(parameter)
        || layers.stream()
            .anyMatch(layer -> layer.block().getParameters().values().contains(parameter));
  }

  private Parameter parameter(String name) {
    Map<String, Parameter> parameters = namedParameters();
    if (!parameters.containsKey(name)) {
      throw UnknownNameException.of("parameter", name, List.copyOf(parameters.keySet()));
    }
    return parameters.get(name);
  }

  /**
   * {@return the same layers with other values for some parameters: nothing is copied, and this
   * graph stays as it is} The values count wherever the graph runs as it is when trained; a caller
   * that brings a {@link ParameterStore} of its own gets the parameters themselves.
   *
   * @param values by the names of {@link #namedParameters}, row-major; they belong to the caller
   *     and must stay open as long as the result is used
   * @throws UnknownNameException if there is no such parameter
   * @throws IllegalArgumentException if the number of values differs
   */
  public LayerGraph withValues(Map<String, NDArray> values) {
    Map<Parameter, NDArray> all = new HashMap<>(replaced);
    values.forEach(
        (name, value) -> {
          Parameter parameter = parameter(name);
          if (value.size() != parameter.getShape().size()) {
            throw new IllegalArgumentException(
                String.format(
                    Locale.ROOT,
                    "Parameter '%s' has shape %s, found %d values.",
                    name,
                    parameter.getShape(),
                    value.size()));
          }
          DataType type = value(parameter).getDataType();
          all.put(parameter, value.reshape(parameter.getShape()).toType(type, false));
        });
    return new LayerGraph(layers, all, end, plan);
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore parameterStore,
      NDList inputs,
      boolean training,
      PairList<String, Object> params) {
    return new NDList(run(parameterStore, inputs.singletonOrThrow(), training, Hook.NONE));
  }

  @Override
  protected void initializeChildBlocks(NDManager manager, DataType dataType, Shape... inputShapes) {
    Map<String, Shape> shapes = new HashMap<>();
    for (Layer layer : layers) {
      Shape[] layerInputs = inputShapes(layer, shapes, inputShapes[0]);
      layer.block().initialize(manager, dataType, layerInputs);
      shapes.put(layer.name(), shapes(layer.block(), layerInputs)[0]);
    }
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputShapes) {
    return new Shape[] {outputShapes(inputShapes[0]).get(last().name())};
  }

  /** Sees a layer's output while the network runs. */
  @FunctionalInterface
  public interface Hook {

    /** Looks at nothing and changes nothing. */
    Hook NONE = (layer, output) -> output;

    /**
     * Called once for every layer, in the order they run.
     *
     * @param layer the layer that has just run
     * @param output what it put out
     * @return what the layers behind it shall see: {@code output}, or an array of the same shape
     */
    NDArray apply(Layer layer, NDArray output);
  }

  /** Collects the layers of a graph, each by default behind the one added before it. */
  public static final class Builder {

    private final List<Layer> layers = new ArrayList<>();
    private final boolean plan;
    private String previous = INPUT;

    private Builder(boolean plan) {
      this.plan = plan;
    }

    /**
     * Adds a layer behind the layer added last.
     *
     * @param name its name
     * @param type what it computes, such as {@code Conv2d}
     * @param block what it computes
     * @return this builder
     */
    public Builder add(String name, String type, Block block) {
      return add(name, type, block, previous);
    }

    /**
     * Adds a layer behind the named ones.
     *
     * @param name its name
     * @param type what it computes, such as {@code Conv2d}
     * @param block what it computes
     * @param inputs the names of the layers whose outputs it takes
     * @return this builder
     * @throws IllegalArgumentException if the name is taken, or an input has not been added yet
     */
    public Builder add(String name, String type, Block block, String... inputs) {
      List<String> known = new ArrayList<>(layers.stream().map(Layer::name).toList());
      known.add(INPUT);
      if (known.contains(name)) {
        throw new IllegalArgumentException("There are two layers called '" + name + "'.");
      }
      for (String input : inputs) {
        if (!known.contains(input)) {
          throw new IllegalArgumentException(
              "Layer '%s' takes its input from '%s', which has not been added before it."
                  .formatted(name, input));
        }
      }
      layers.add(new Layer(name, type, block, List.of(inputs)));
      previous = name;
      return this;
    }

    /** {@return the name of the layer added last} */
    public String previous() {
      return previous;
    }

    /** {@return the finished graph} */
    public LayerGraph build() {
      if (layers.isEmpty()) {
        throw new IllegalStateException("A network has at least one layer.");
      }
      return new LayerGraph(layers, Map.of(), Optional.empty(), plan);
    }
  }
}
