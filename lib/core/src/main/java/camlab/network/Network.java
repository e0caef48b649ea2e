package camlab.network;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractSymbolBlock;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import camlab.engine.PyTorch;
import camlab.heatmap.Region;
import camlab.picture.Picture;
import camlab.picture.Preprocessing;
import camlab.weights.StateDict;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * A trained classifier whose layers have names, with its classes and its preprocessing.
 *
 * <p>This is what every network can do, a TorchScript file included: run, and have its layers
 * recorded. What takes the layers one by one (a summary, a hook that replaces an output, other
 * weights for a layer) asks for a {@link LayeredNetwork}, and gets it from all that is made of DJL
 * blocks.
 *
 * <p>A network holds its weights in native memory until it is closed. No use of it changes it: none
 * of its weights ever has a gradient, and recordings leave nothing behind. (One that was made of a
 * block of one's own shares the block's weights, and is as that block is.) Several threads may use
 * one network.
 */
public class Network implements Classifier, AutoCloseable {

  /** What to do about a layer that has no layout. */
  private static final String ELSEWHERE =
      "Look at a layer before it, or save the network without the step that moves its places.";

  private final String name;
  private final LayeredModel model;
  private final Survey survey;
  private final Outputs outputs;
  private final Preprocessing preprocessing;
  private final Stated stated;
  private final NDManager manager;
  private final Intake intake;

  /** The manager is what the weights belong to; the network closes it. */
  Network(
      String name,
      LayeredModel model,
      Survey survey,
      Outputs outputs,
      Preprocessing preprocessing,
      Stated stated,
      NDManager manager) {
    this.name = name;
    this.model = model;
    this.survey = survey;
    this.outputs = outputs;
    this.preprocessing = preprocessing;
    this.stated = stated;
    this.manager = manager;
    this.intake = new Intake(name, model, preprocessing);
  }

  /**
   * {@return a network of the given plan and weights}
   *
   * @param architecture the plan
   * @param weights a value for each of its parameters, under PyTorch's names
   * @param classes one name for each logit
   * @param preprocessing what is done to a picture before the network sees it
   * @throws camlab.weights.WeightsException if names or shapes do not match, or a value is no
   *     finite number; the message lists them
   * @throws IllegalArgumentException if the number of classes is not the network's
   */
  public static LayeredNetwork of(
      Architecture architecture, StateDict weights, Classes classes, Preprocessing preprocessing) {
    return of(architecture, weights, classes, preprocessing, Stated.NOTHING);
  }

  /**
   * {@return a network of the given plan and weights, of which more is stated} See {@link
   * #of(Architecture, StateDict, Classes, Preprocessing)}.
   *
   * @param architecture the plan
   * @param weights a value for each of its parameters, under PyTorch's names
   * @param classes one name for each logit
   * @param preprocessing what is done to a picture before the network sees it
   * @param stated such as the device it runs on
   */
  public static LayeredNetwork of(
      Architecture architecture,
      StateDict weights,
      Classes classes,
      Preprocessing preprocessing,
      Stated stated) {
    requireGiven(architecture.name(), classes, preprocessing, stated);
    NDManager manager = PyTorch.newScope(Devices.of(stated));
    try {
      LayerGraph graph = architecture.allocate(manager, channels(architecture, weights));
      new Intake(architecture.name(), graph, preprocessing).requireChannels();
      String origin = fill(graph, weights).origin();
      Outputs outputs = Outputs.of(architecture, classes);
      LayerGraph told = outputs.isPair() ? BothClasses.of(graph, outputs.isProbability()) : graph;
      return new LayeredNetwork(
          architecture.name(),
          told,
          survey(architecture, told, outputs, preprocessing, stated, manager),
          outputs,
          preprocessing,
          stated,
          manager,
          List.of(new Fact("weights", origin, Fact.Origin.READ, "")));
    } catch (RuntimeException | Error e) {
      manager.close();
      throw e;
    }
  }

  /** The plan says where to look, unless the reader does. */
  private static Survey survey(
      Architecture architecture,
      LayerGraph graph,
      Outputs outputs,
      Preprocessing preprocessing,
      Stated stated,
      NDManager manager) {
    Intake intake = new Intake(architecture.name(), graph, preprocessing);
    return Survey.of(
        architecture,
        graph,
        intake.shape(),
        stated,
        () -> newScope(architecture.name(), manager),
        outputs);
  }

  /** As many as the first filters have; where there are none, the plan's. */
  private static int channels(Architecture architecture, StateDict weights) {
    String first = architecture.parameterNames().get(0);
    boolean filters = weights.names().contains(first) && weights.shape(first).length == 4;
    return filters ? (int) weights.shape(first)[1] : Architecture.CHANNELS;
  }

  /**
   * {@return a network of a model's block} See {@link #of(String, Block, Classes, Preprocessing)}.
   *
   * @param model a model with a block; it stays the caller's, and has to stay open and referred to:
   *     DJL closes a model that nobody refers to any more
   * @param classes one name for each logit
   * @param preprocessing what is done to a picture before the network sees it
   * @throws NotApplicableException if the model runs by another engine than PyTorch
   * @throws IllegalArgumentException if the model has no block, or as for a block
   * @throws IllegalStateException if the model has been closed, or as for a block
   */
  public static LayeredNetwork of(Model model, Classes classes, Preprocessing preprocessing) {
    return of(model, classes, preprocessing, Stated.NOTHING);
  }

  /**
   * {@return a network of a model's block, of which more is stated} See {@link #of(String, Block,
   * Classes, Preprocessing)}.
   *
   * @param model a model with a block; it stays the caller's, and has to stay open and referred to:
   *     DJL closes a model that nobody refers to any more
   * @param classes one name for each logit
   * @param preprocessing what is done to a picture before the network sees it
   * @param stated what the block does not show
   * @throws NotApplicableException if the model runs by another engine than PyTorch
   * @throws IllegalArgumentException if the model has no block, or as for a block
   * @throws IllegalStateException if the model has been closed, or as for a block
   */
  public static LayeredNetwork of(
      Model model, Classes classes, Preprocessing preprocessing, Stated stated) {
    requireUsable(model);
    return of(model.getName(), model.getBlock(), classes, preprocessing, stated);
  }

  /**
   * Requires a model that can be run here: it is open, runs by PyTorch, and has a block whose
   * parameters all have values.
   *
   * @param model a model of DJL
   * @throws NotApplicableException if it runs by another engine
   * @throws IllegalArgumentException if it lacks something; the message says what to do before
   * @throws IllegalStateException if it has been closed
   */
  public static void requireUsable(Model model) {
    Objects.requireNonNull(model, "Expected a model of DJL, found null.");
    String name = model.getName();
    if (!model.getNDManager().isOpen()) {
      throw new IllegalStateException(
          "The model '%s' has been closed. Load it again, and keep it open as long as its network is used."
              .formatted(name));
    }
    String engine = model.getNDManager().getEngine().getEngineName();
    if (!engine.equals(PyTorch.ENGINE)) {
      throw new NotApplicableException(
          "The model '%s' runs by %s, which lets no layer be recorded; expected %s. Methods that only ask can explain it: new Occlusion().heatmap(DjlPredictor.of(\"%s\", model.newPredictor()), picture, className)."
              .formatted(name, engine, PyTorch.ENGINE, name));
    }
    if (model.getBlock() == null) {
      throw new IllegalArgumentException(
          "The model '%s' has no block. Give it one, model.setBlock(…), and load its parameters, before."
              .formatted(name));
    }
    if (!(model.getBlock() instanceof AbstractSymbolBlock)) {
      requireValues(name, model.getBlock());
    }
  }

  private static void requireValues(String name, Block block) {
    for (Parameter parameter : block.getParameters().values()) {
      if (!parameter.isInitialized()) {
        throw new IllegalArgumentException(
            "The block '%s' has parameters without values, such as '%s'. Initialise it, or load its parameters, before."
                .formatted(name, parameter.getName()));
      }
    }
  }

  /**
   * A network of any DJL block.
   *
   * <pre>{@code
   * try (LayeredNetwork network = Network.of("mine", model.getBlock(), classes, preprocessing)) {
   *   System.out.println(network.layers());
   *   Heatmap map = new GradCam().heatmap(network, picture, "cat");
   * }
   * }</pre>
   *
   * <p>Its layers are the blocks inside {@code SequentialBlock} and {@code ParallelBlock}, as deep
   * as these are nested; any other block is one layer. A layer's name is the way to it, by the
   * places of the children from 0: {@code 3.0.1}. What joins the branches of a parallel block is a
   * layer called {@code join}, so the output of the block {@code 3} is {@code 3.join}, or {@code 3}
   * for short. {@link #targetLayer} says which one is looked at by default.
   *
   * <p>A last layer that computes a softmax, its logarithm or a sigmoid is taken off, so that the
   * score that is explained is what goes into it. Of a last layer with several outputs the one that
   * is explained is stated: {@code Stated.NOTHING.output(0)}.
   *
   * <p>The network shares the block's parameters and changes nothing in it: the block can be
   * trained before and after, and the network is always as the block is. Closing it leaves the
   * block open. If the block is of a {@code Model}, refer to that as long as the network is used:
   * DJL frees the parameters of a model that nobody refers to any more.
   *
   * @param name what to call it
   * @param block takes pictures of shape (N, C, H, W) and puts out logits of shape (N, classes)
   * @param classes one name for each logit
   * @param preprocessing what is done to a picture before the network sees it
   * @return the network; the caller closes it
   * @throws IllegalArgumentException if the block has parameters without values, is no block that
   *     can be opened, has a layer with several outputs, puts out other numbers for two pictures
   *     together than for each alone, or if the number of classes is not its own
   * @throws IllegalStateException if it computes with weights that are of none of its children, or
   *     with freed ones
   */
  public static LayeredNetwork of(
      String name, Block block, Classes classes, Preprocessing preprocessing) {
    return of(name, block, classes, preprocessing, Stated.NOTHING);
  }

  /**
   * {@return a network of any DJL block, of which more is stated} See {@link #of(String, Block,
   * Classes, Preprocessing)}.
   *
   * @param name what to call it
   * @param block takes pictures and puts out logits
   * @param classes one name for each logit
   * @param preprocessing what is done to a picture before the network sees it
   * @param stated what the block does not show
   */
  public static LayeredNetwork of(
      String name, Block block, Classes classes, Preprocessing preprocessing, Stated stated) {
    Objects.requireNonNull(block, "Expected a block of DJL, found null.");
    requireGiven(name, classes, preprocessing, stated);
    LayerGraph whole = OpenedBlock.open(block, stated.output());
    requireValues(name, block);
    NDManager manager = PyTorch.newScope(device(block, stated));
    try {
      LayerGraph opened =
          classes.isOneValue() // a sigmoid at its end gives it its bounds
              ? whole
              : BlockEnding.of(whole, classes.size(), manager).map(whole::without).orElse(whole);
      Outputs outputs = outputs(name, opened, classes, preprocessing, manager);
      new Intake(name, opened, preprocessing).requireEachAlone(manager);
      LayerGraph graph =
          outputs.isPair() ? BothClasses.of(opened, outputs.isProbability()) : opened;
      Survey survey = survey(name, graph, outputs, preprocessing, stated, manager);
      return new LayeredNetwork(
          name, graph, survey, outputs, preprocessing, stated, manager, List.of());
    } catch (RuntimeException | Error e) {
      manager.close();
      throw e;
    }
  }

  /** Says which part of a network is missing, and what stands there. */
  private static void requireGiven(
      String name, Classes classes, Preprocessing preprocessing, Stated stated) {
    Objects.requireNonNull(name, "Expected a name to call the network by, found null.");
    Objects.requireNonNull(
        classes,
        "Expected the network's classes, found null: Classes.of(\"cat\", \"dog\") names them.");
    Objects.requireNonNull(
        preprocessing,
        "Expected what is done to a picture before the network sees it, found null: Preprocessing.IMAGENET, say.");
    Objects.requireNonNull(
        stated, "Expected what is stated, found null: Stated.NOTHING if nothing is.");
  }

  /** Where it is stated to run, or else where its parameters are. */
  private static Device device(Block block, Stated stated) {
    Device here =
        block.getParameters().values().stream()
            .findFirst()
            .map(parameter -> parameter.getArray().getDevice())
            .orElse(Device.cpu());
    return Devices.of(stated.device(), here);
  }

  /**
   * A network of a model that runs by itself, such as a program. One picture is run to find what it
   * puts out, and some of noise where that leaves its meaning open.
   *
   * @param name what to call it
   * @param model what runs
   * @param classes one name for each logit
   * @param preprocessing what is done to a picture before the network sees it
   * @param stated what the model does not show
   * @param manager what the model's memory belongs to; the network closes it, unless this throws
   * @return the network; the caller closes it
   * @throws IllegalArgumentException if it does not take what the preprocessing gives, if the
   *     number of classes is not the model's, or if what is stated contradicts what comes out
   */
  public static Network of(
      String name,
      LayeredModel model,
      Classes classes,
      Preprocessing preprocessing,
      Stated stated,
      NDManager manager) {
    requireGiven(name, classes, preprocessing, stated);
    Outputs outputs = outputs(name, model, classes, preprocessing, manager);
    LayeredModel told = outputs.isPair() ? new BothClasses(model, outputs.isProbability()) : model;
    Survey survey = survey(name, told, outputs, preprocessing, stated, manager);
    return new Network(name, told, survey, outputs, preprocessing, stated, manager);
  }

  /** What a model puts out, which is run to find it. */
  private static Outputs outputs(
      String name,
      LayeredModel model,
      Classes classes,
      Preprocessing preprocessing,
      NDManager manager) {
    Intake intake = new Intake(name, model, preprocessing);
    intake.requireFilters();
    OutputTrials trials = new OutputTrials(manager, intake.shape(), intake::run, classes);
    return Outputs.of(name, model, classes, trials);
  }

  /** Where the positions are, found when somebody asks. */
  private static Survey survey(
      String name,
      LayeredModel model,
      Outputs outputs,
      Preprocessing preprocessing,
      Stated stated,
      NDManager manager) {
    Intake intake = new Intake(name, model, preprocessing);
    return Survey.of(name, model, intake.shape(), stated, () -> newScope(name, manager), outputs);
  }

  /**
   * As {@link #of}, with the weights of a file: {@code .pth}, {@code .pt} or safetensors.
   *
   * @param architecture the plan
   * @param weights the file of its weights
   * @param classes one name for each logit
   * @param preprocessing what is done to a picture before the network sees it
   * @return the network; the caller closes it
   */
  public static LayeredNetwork load(
      Architecture architecture, Path weights, Classes classes, Preprocessing preprocessing) {
    return load(architecture, weights, classes, preprocessing, Stated.NOTHING);
  }

  /**
   * Reads a file of weights, for a network of which more is stated. See {@link #load(Architecture,
   * Path, Classes, Preprocessing)}.
   *
   * @param architecture the plan
   * @param weights the file of its weights
   * @param classes one name for each logit
   * @param preprocessing what is done to a picture before the network sees it
   * @param stated such as the device it runs on
   * @return the network; the caller closes it
   */
  public static LayeredNetwork load(
      Architecture architecture,
      Path weights,
      Classes classes,
      Preprocessing preprocessing,
      Stated stated) {
    return of(architecture, StateDict.read(weights), classes, preprocessing, stated);
  }

  /** Returns the weights under the network's names. */
  private static StateDict fill(LayerGraph graph, StateDict given) {
    Map<String, long[]> shapes = new LinkedHashMap<>();
    graph
        .namedParameters()
        .forEach((name, parameter) -> shapes.put(name, parameter.getShape().getShape()));
    StateDict weights = given.named(shapes.keySet());
    weights.requireMatch(shapes);
    Filling filling = new Filling();
    graph
        .namedParameters()
        .forEach(
            (name, parameter) -> {
              parameter.freeze(true);
              try (NDArray target = parameter.getArray().reshape(-1)) {
                AtomicLong done = new AtomicLong();
                weights.readWeights(name, piece -> filling.add(target, piece, done));
              }
            });
    return weights;
  }

  /** Puts weights into arrays piece by piece, through one part of native memory. */
  private static final class Filling {

    private ByteBuffer passed = ByteBuffer.allocateDirect(0);

    /**
     * Adds some values to some of an array, which are all zero. NDArray.set and copyTo would do as
     * well, but the engine writes a warning to standard error for them.
     *
     * @param target flat; the values behind those that are done are changed
     */
    void add(NDArray target, FloatBuffer values, AtomicLong done) {
      int bytes = values.remaining() * Float.BYTES;
      if (passed.capacity() < bytes) {
        passed = ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
      }
      long begin = done.getAndAdd(values.remaining());
      passed.clear().limit(bytes);
      passed.asFloatBuffer().put(values);
      // Of any other buffer the engine makes a direct one each time, which stays until Java tidies.
      try (NDArray part = target.get(new NDIndex("{}:{}", begin, done.get()));
          NDArray added = target.getManager().create(passed, part.getShape(), DataType.FLOAT32)) {
        part.addi(added);
      }
    }
  }

  /** {@return what to call it, such as {@code AlexNet}} */
  @Override
  public String name() {
    return name;
  }

  /** {@return the layers, for whatever a network can do: run, and be traced} */
  public LayeredModel model() {
    return model;
  }

  /** {@return the dotted names of all layers in the order they run} */
  public List<String> layers() {
    return model.names();
  }

  /**
   * The layer whose maps one looks at by default: the stated one, or else the last one that has
   * positions, and on all of whose channels the score of the predicted class depends there (of a
   * map or boxes, the largest score of a class; of plain values, the largest); of a detector, one
   * on which the scores in nearly all boxes depend, large and small ones. What is not stated is
   * found when first asked for, which takes some passes through the network.
   *
   * @return its full name
   * @throws NotApplicableException if the evidence is not enough for one; the message lists what
   *     layers there are, and shows how to state one
   */
  public String targetLayer() {
    return whileOpen(survey::targetLayer);
  }

  /**
   * {@return layers from shallow to deep, one for each size that maps have on the picture's way to
   * the target layer, which is the last of them}
   *
   * @throws NotApplicableException if there is no target layer
   */
  public List<String> stages() {
    return whileOpen(survey::stages);
  }

  /**
   * Where the positions are in what a layer puts out: stated, or found by evidence when first asked
   * for.
   *
   * @param layer the dotted name of a layer, or {@link LayerGraph#INPUT}
   * @return empty if it is not known; {@link #layoutFact} says why
   * @throws UnknownNameException if there is no such layer
   */
  public Optional<Layout> layout(String layer) {
    return whileOpen(() -> survey.positions(resolved(layer)).layout());
  }

  /**
   * {@return where the positions are in what a layer puts out, and where that is known from}
   *
   * @param layer the dotted name of a layer
   * @throws UnknownNameException if there is no such layer
   */
  public Fact layoutFact(String layer) {
    return whileOpen(() -> survey.fact(resolved(layer)));
  }

  /**
   * {@return where the positions are in what some layers put out; what has to run for that runs
   * once for all of them}
   *
   * @param layers their dotted names
   * @throws UnknownNameException if there is no such layer
   */
  public Map<String, Optional<Layout>> layouts(Collection<String> layers) {
    Map<String, Positions.Found> found =
        whileOpen(() -> survey.positions(layers.stream().map(this::resolved).toList()));
    Map<String, Optional<Layout>> layouts = new LinkedHashMap<>();
    layers.forEach(layer -> layouts.put(layer, found.get(resolved(layer)).layout()));
    return layouts;
  }

  /**
   * {@return where the positions are in what some layers put out} As {@link #layouts(Collection)},
   * which would run a picture first.
   *
   * @param outputs what each layer puts out for one picture of shape {@link #inputShape}, by their
   *     full names
   * @throws UnknownNameException if there is no such layer
   */
  public Map<String, Optional<Layout>> layouts(Map<String, Shape> outputs) {
    whileOpen(() -> survey.positions(outputs.keySet(), outputs));
    return layouts(outputs.keySet());
  }

  /** {@return what is known of the layers; networks that differ in weights only share it} */
  Survey survey() {
    return survey;
  }

  private String resolved(String layer) {
    Objects.requireNonNull(layer, "Expected the name of a layer, found null.");
    return layer.equals(LayerGraph.INPUT) ? layer : model.resolve(layer);
  }

  /**
   * All layers that run for a picture, as places to look at: what each puts out, where its
   * positions are, and how much of it the score of the predicted class depends on (of a map or
   * boxes, the largest score of a class; of plain values, the largest). That is told by the
   * gradient; where none comes to any layer, it is not a number, and each line says so.
   *
   * @param picture any picture; preprocessed as the network wants it
   * @return in the order the layers end
   */
  public List<HookPoint> hookPoints(Picture picture) {
    List<Picture> one = List.of(Picture.required(picture));
    return inScope(scope -> survey.hookPoints(input(scope, one)));
  }

  /**
   * {@return the part of the network behind a layer with positions, for one picture: it can be run
   * with other maps of the layer, shape (n, K, h, w)} Tokens without a position stay as they are.
   *
   * @param input the picture as the network takes it, shape (1, C, H, W)
   * @param layer the dotted name of a layer
   * @throws UnknownNameException if there is no such layer
   * @throws IllegalArgumentException if it has no positions, or it is not known where they are
   */
  public Rest rest(NDArray input, String layer) {
    requireOpen();
    PyTorch.requireOpen(input);
    String name = resolved(layer);
    Layout layout = requirePositions(name);
    Rest inner = whileOpen(() -> model.rest(input, name));
    Rest rest =
        maps -> {
          requireOpen();
          PyTorch.requireOpen(maps);
          return whileOpen(() -> inner.run(maps));
        };
    if (layout.equals(Layout.CHANNELS_FIRST)) {
      return rest;
    }
    NDArray output =
        whileOpen(() -> model.trace(input, Set.of(name)).layers().get(name).activation());
    return maps -> rest.run(layout.outputs(maps, output));
  }

  /**
   * {@return where the positions are in what a layer puts out}
   *
   * @param layer the dotted name of a layer
   * @throws UnknownNameException if there is no such layer
   * @throws IllegalArgumentException if it has no positions, or it is not known where they are; the
   *     message says what was found and how to state it
   */
  public Layout requirePositions(String layer) {
    Positions.Found found = whileOpen(() -> survey.positions(resolved(layer)));
    if (found.hasPositions()) {
      return found.layout().orElseThrow();
    }
    String shape = found.shape().map(Shape::toString).orElse("nothing");
    if (found.layout().isPresent()) {
      throw new IllegalArgumentException(
          "A map needs a layer whose output has positions, such as shape (N, K, h, w); '%s' puts out %s. Choose a layer before the flattening%s."
              .formatted(layer, shape, suggestion()));
    }
    throw new IllegalArgumentException(
        "Where the positions are in what '%s' puts out, %s, is not known (%s). %s"
            .formatted(
                layer,
                shape,
                found.evidence(),
                found.shape().map(put -> advice(layer, put)).orElse(""))
            .strip());
  }

  /**
   * How to state the layout of an output, the likelier of two first: of those that nothing speaks
   * against.
   */
  private String advice(String layer, Shape output) {
    Map<Layout, String> examples = new LinkedHashMap<>();
    if (output.dimension() == 3) {
      Layout tokens = tokensExample(output);
      examples.put(tokens, tokensExample(output, tokens));
    } else if (output.dimension() == 4) {
      Shape first = Layout.CHANNELS_FIRST.maps(output);
      Shape last = Layout.CHANNELS_LAST.maps(output);
      boolean lastIsLikelier = distance(last) < distance(first);
      if (lastIsLikelier) {
        examples.put(Layout.CHANNELS_LAST, mapsExample("LAST", last));
      }
      examples.put(Layout.CHANNELS_FIRST, mapsExample("FIRST", first));
      examples.putIfAbsent(Layout.CHANNELS_LAST, mapsExample("LAST", last));
    } else {
      return "No layout has %s dimensions: look at a layer before it."
          .formatted(output.dimension());
    }
    if (model.withoutLayout(inputShape()).contains(resolved(layer))) {
      return "So no layout that could be stated is right. " + ELSEWHERE;
    }
    List<String> contradicted = new ArrayList<>();
    examples
        .keySet()
        .removeIf(
            layout -> {
              Optional<String> against = survey.against(resolved(layer), layout);
              against.ifPresent(words -> contradicted.add("%s: %s".formatted(layout, words)));
              return against.isPresent();
            });
    return examples.isEmpty()
        ? "The evidence speaks against what could be stated (%s). "
                .formatted(String.join("; ", contradicted))
            + ELSEWHERE
        : "If you know it, state it when the network is opened: Stated.NOTHING.layout(\"%s\", %s."
            .formatted(layer, String.join(", or ", examples.values()));
  }

  private static String mapsExample(String channels, Shape maps) {
    return String.format(
        Locale.ROOT,
        "Layout.CHANNELS_%s), if it has %d channels of %d×%d places",
        channels,
        maps.get(1),
        maps.get(2),
        maps.get(3));
  }

  /** How far the form of maps is from the picture's. */
  private double distance(Shape maps) {
    double form = (double) maps.get(2) / maps.get(3);
    return Math.abs(Math.log(form * inputShape().get(3) / inputShape().get(2)));
  }

  /** The layout of so many tokens on a grid of about the picture's form. */
  private Layout tokensExample(Shape output) {
    boolean first = output.get(0) != 1;
    int tokens = Math.toIntExact(output.get(first ? 0 : 1));
    double form = (double) inputShape().get(2) / inputShape().get(3);
    int rows = (int) Math.max(1, Math.min(tokens, Math.round(Math.sqrt(tokens * form))));
    int columns = tokens / rows;
    int before = tokens - rows * columns;
    return first ? Layout.tokensFirst(before, rows, columns) : Layout.tokens(before, rows, columns);
  }

  /** Such a layout as Java writes it. */
  private static String tokensExample(Shape output, Layout example) {
    boolean first = example instanceof Layout.TokensFirst;
    Layout.Tokens grid =
        example instanceof Layout.TokensFirst turned ? turned.tokens() : (Layout.Tokens) example;
    return String.format(
        Locale.ROOT,
        "Layout.%s(%d, %d, %d)), say, if %d of its %d tokens have no position and the others are %d rows of %d",
        first ? "tokensFirst" : "tokens",
        grid.before(),
        grid.height(),
        grid.width(),
        grid.before(),
        output.get(first ? 0 : 1),
        grid.height(),
        grid.width());
  }

  private String suggestion() {
    try {
      String layer = targetLayer();
      if (survey.positions(resolved(layer)).hasPositions()) { // a stated one may have none
        return ", such as '%s'".formatted(layer);
      }
    } catch (NotApplicableException e) {
      // There is none to be named.
    }
    return "; network.hookPoints(picture) lists all layers";
  }

  /** {@return the classes, in the order of the logits, and what the numbers mean} */
  @Override
  public Classes classes() {
    return outputs.classes();
  }

  /** {@return what the numbers mean that this network puts out} */
  public Meaning meaning() {
    return classes().meaning();
  }

  /** What it puts out, and where that is known from. */
  Outputs outputs() {
    return outputs;
  }

  /** {@return what is done to a picture before the network sees it} */
  public Preprocessing preprocessing() {
    return preprocessing;
  }

  /** {@return what was stated of it when it was opened} */
  public Stated stated() {
    return stated;
  }

  /**
   * {@return what is known of this network, and where from: stated, read from its file, or found by
   * trial}
   */
  public List<Fact> describe() {
    return inScope(this::facts);
  }

  private List<Fact> facts(NDManager scope) {
    List<Fact> facts = new ArrayList<>();
    facts.add(kind());
    facts.addAll(ofWeights());
    facts.addAll(intake.facts(scope));
    OwnNormalization.of(scope, model, inputShape())
        .map(found -> found.fact(preprocessing))
        .ifPresent(facts::add);
    facts.add(outputs.fact());
    OutputTrials trials = new OutputTrials(scope, inputShape(), model::run, classes());
    if (trials.areAlwaysSame()) {
      facts.add(
          new Fact(
              "answer",
              "the same for every picture, so that no map explains it",
              Fact.Origin.TRIED,
              "a blank picture and noise, weak and strong, gave the same numbers"));
    }
    facts.add(
        new Fact(
            "device",
            device().toString(),
            stated.device().isPresent() ? Fact.Origin.STATED : Fact.Origin.READ,
            stated.device().orElse("where its weights are")));
    facts.addAll(survey.facts());
    facts.addAll(model.facts());
    return List.copyOf(facts);
  }

  /** What is known of where its weights come from; of a program its file is what it is. */
  List<Fact> ofWeights() {
    return List.of();
  }

  private Fact kind() {
    return new Fact(
        "network",
        String.format(
            Locale.ROOT,
            "%s, %,d parameters",
            this instanceof LayeredNetwork
                ? "layers that can be taken one by one"
                : "a program, run as a whole",
            parameterCount()),
        Fact.Origin.READ,
        "");
  }

  /** {@return {@link #describe} as a text for people: the name, then a line for each fact} */
  public String description() {
    return describe().stream()
        .map(fact -> "  " + fact)
        .collect(Collectors.joining("\n", name() + "\n", ""));
  }

  /**
   * {@return what tells this network from any other that may answer otherwise, whatever the two are
   * called: the checksum of its weights, as it is now, all settings of its preprocessing, what its
   * numbers mean, and which layouts were stated}
   */
  public String identity() {
    requireOpen();
    String layouts =
        stated.layouts().isEmpty() ? "" : " layouts=" + new TreeMap<>(stated.layouts());
    return "sha256:%s %s outputs=%s%s"
        .formatted(model.checksum(), preprocessing.identity(), meaning().name(), layouts);
  }

  /** {@return the number of trainable values} */
  public long parameterCount() {
    return model.parameterCount();
  }

  /**
   * {@return the classes from the most to the least likely}
   *
   * @param picture any picture; it is preprocessed as the network wants it
   */
  @Override
  public List<Prediction> predict(Picture picture) {
    List<Picture> one = List.of(Picture.required(picture));
    return inScope(scope -> predictions(run(input(scope, one)).get(0)));
  }

  @Override
  public float[][] scores(List<Picture> pictures) {
    return inScope(
        scope -> {
          List<Picture> views = pictures.stream().map(preprocessing::view).toList();
          return areOfOneSize(views)
              ? scores(scope, views)
              : views.stream().map(view -> scores(scope, List.of(view))[0]).toArray(float[][]::new);
        });
  }

  /** Where each keeps its own size they may not be. */
  private static boolean areOfOneSize(List<Picture> views) {
    return views.stream()
            .map(view -> new Region.Size(view.width(), view.height()))
            .distinct()
            .count()
        <= 1;
  }

  private float[][] scores(NDManager scope, List<Picture> views) {
    NDArray logits = run(inputOfViews(scope, views));
    classes().requireScores(logits.getShape());
    float[][] scores = new float[views.size()][];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = logits.get(i).toFloatArray();
    }
    return scores;
  }

  /**
   * {@return the classes from the most to the least likely: those with the largest numbers first} A
   * prediction has a probability only where the network's {@link #meaning} tells one.
   *
   * @param logits shape (classes)
   * @throws NotApplicableException if the network does not put out one number for each class
   */
  public List<Prediction> predictions(NDArray logits) {
    return classes().predictions(logits);
  }

  /**
   * {@return a scope for native memory, closed by the caller, or with the network at the latest}
   */
  public NDManager newScope() {
    return newScope(name, manager);
  }

  private static NDManager newScope(String name, NDManager manager) {
    requireOpen(name, manager);
    return manager.newSubManager();
  }

  private static void requireOpen(String name, NDManager manager) {
    if (!manager.isOpen()) {
      throw new IllegalStateException(
          "This network (%s) has been closed. Load it again.".formatted(name));
    }
  }

  private void requireOpen() {
    requireOpen(name, manager);
  }

  /**
   * Computes something with this network, and says in words if another thread closed it meanwhile:
   * what the engine says then is of memory that is freed.
   *
   * @param <T> what is computed
   * @param computation what to compute
   * @return what was computed
   * @throws IllegalStateException if the network is closed, before this or meanwhile
   */
  public <T> T whileOpen(Supplier<T> computation) {
    requireOpen();
    try {
      return computation.get();
    } catch (CancellationException e) {
      throw e;
    } catch (RuntimeException e) {
      throw closedMeanwhile(e);
    }
  }

  /** What to say of an exception: that the network has been closed, if it has. */
  private RuntimeException closedMeanwhile(RuntimeException e) {
    return manager.isOpen() || e instanceof ClosedMeanwhile ? e : new ClosedMeanwhile(name, e);
  }

  /** The network was open when something was asked of it, and was not when that had failed. */
  private static final class ClosedMeanwhile extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    ClosedMeanwhile(String name, RuntimeException cause) {
      super(
          "This network (%s) has been closed while something was computed with it, by another thread or by a function of one's own. Close it when all is done."
              .formatted(name),
          cause);
    }
  }

  private <T> T inScope(Function<NDManager, T> computation) {
    return whileOpen(
        () -> {
          try (NDManager scope = newScope()) {
            return computation.apply(scope);
          }
        });
  }

  /** {@return the shape of one picture as the network takes it, (1, C, H, W)} */
  public Shape inputShape() {
    return intake.shape();
  }

  /** {@return where the network runs} */
  public Device device() {
    return manager.getDevice();
  }

  /**
   * Pictures as the network takes them.
   *
   * @param scope what the array belongs to
   * @param pictures at least one
   * @return shape (N, C, H, W), preprocessed
   * @throws IllegalStateException if the network takes channels that no picture has
   */
  public NDArray input(NDManager scope, List<Picture> pictures) {
    return inputOfViews(scope, pictures.stream().map(preprocessing::view).toList());
  }

  /**
   * Pictures that are as the network sees them already, as it takes them.
   *
   * @param scope what the array belongs to
   * @param views at least one, as {@code preprocessing().view(picture)} gives them
   * @return shape (N, C, H, W), preprocessed
   * @throws IllegalArgumentException if they are not of the network's size, or, where it takes any,
   *     not all of one
   * @throws IllegalStateException if the network takes channels that no picture has
   */
  public NDArray inputOfViews(NDManager scope, List<Picture> views) {
    if (views.isEmpty()) {
      throw new IllegalArgumentException("At least one picture is needed, found none.");
    }
    int width = preprocessing.size().map(Region.Size::width).orElse(views.get(0).width());
    int height = preprocessing.size().map(Region.Size::height).orElse(views.get(0).height());
    int channels = preprocessing.channels().count();
    FloatBuffer values =
        FloatBuffer.allocate(
            Math.multiplyExact(views.size(), Math.multiplyExact(channels, width * height)));
    for (Picture view : views) {
      if (view.width() != width || view.height() != height) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                preprocessing.size().isPresent()
                    ? "The network sees pictures of %d×%d, found one of %d×%d. Take preprocessing().view(picture)."
                    : "Pictures that run together are of one size: the first is %d×%d, another %d×%d. Run them one by one.",
                width,
                height,
                view.width(),
                view.height()));
      }
      values.put(preprocessing.normalize(view));
    }
    return scope.create(values.flip(), new Shape(views.size(), channels, height, width));
  }

  /**
   * Runs the network as it is when trained (no dropout).
   *
   * @param input shape (N, C, H, W)
   * @return logits, shape (N, classes), or of more dimensions where it puts out maps or boxes, in
   *     the scope of the input
   * @throws IllegalArgumentException if the network takes no array of this shape; the message says
   *     what it takes
   * @throws NotApplicableException if a logit is no finite number; the message says where the first
   *     one comes from
   * @throws IllegalStateException if the network is closed
   */
  public NDArray run(NDArray input) {
    return taken(input, model::run);
  }

  /**
   * Runs the network, and keeps what some of its layers put out; the caller turns gradient mode on.
   *
   * @param input shape (N, C, H, W)
   * @param layers full names of the layers to hook
   * @return the logits and the hooked layers, all in the scope of the input
   * @throws IllegalArgumentException if the network takes no array of this shape; the message says
   *     what it takes
   */
  public Trace trace(NDArray input, Set<String> layers) {
    return taken(input, array -> model.trace(array, layers));
  }

  /**
   * As {@link #trace}, with gradients recorded from the first of the layers on: nothing before it
   * is needed for the gradients there, and without them some of it runs sooner.
   *
   * @param input shape (N, C, H, W), through which no gradient is asked for
   * @param layers full names of the layers to hook, at least one
   * @return the logits and the hooked layers, all in the scope of the input
   * @throws IllegalArgumentException if the network takes no array of this shape; the message says
   *     what it takes
   */
  public Trace traceWithGradients(NDArray input, Set<String> layers) {
    return taken(input, array -> model.traceWithGradients(array, layers));
  }

  /**
   * {@return whether several pictures at once come out as each does alone} A program may have been
   * made for one at a time, or compute something over all of a batch; so it is tried, once.
   *
   * @param pictures some of the size that is meant, shape (N, C, H, W)
   */
  public boolean takesSeveral(NDArray pictures) {
    requireOpen();
    return model.takesSeveral(pictures);
  }

  /** Runs something on an array, and says in words if the network does not take it. */
  <T> T taken(NDArray input, Function<NDArray, T> run) {
    requireOpen();
    PyTorch.requireOpen(input);
    Shape shape = input.getShape();
    intake.requireTaken(shape);
    T result;
    try {
      model.requireTaken(input);
      result = run.apply(input.toDevice(device(), false));
    } catch (RuntimeException e) {
      throw manager.isOpen() ? intake.explained(input, e) : closedMeanwhile(e);
    }
    NDArray output = result instanceof Trace trace ? trace.logits() : (NDArray) result;
    intake.requireRows(shape, output.getShape());
    if (output.getShape().dimension() <= 2) {
      requireNumbers(input, output);
    }
    return result;
  }

  /** Of weights that somebody trains meanwhile, or of a picture, there may come none any more. */
  private void requireNumbers(NDArray input, NDArray output) {
    if (!PyTorch.lacksNumbers(output)) {
      return;
    }
    String reason =
        PyTorch.lacksNumbers(input)
            ? "What goes in has such a number itself: look at how it was made."
            : Outputs.firstWithoutNumbers(model, OutputTrials.firstWithoutNumbers(model, input));
    throw new NotApplicableException(
        "%s puts out what is no finite number for this picture. %s".formatted(name, reason));
  }

  /** {@return the engine, such as {@code PyTorch 2.7.1}} */
  public static String engine() {
    Engine engine = PyTorch.engine();
    return engine.getEngineName() + " " + engine.getVersion();
  }

  /** Frees the weights. Closing again does nothing. */
  @Override
  public void close() {
    manager.close();
  }

  /**
   * In one line, such as {@code AlexNet · 61,100,840 parameters · 1000 classes: exactly one of the
   * classes (softmax)}. {@link #description} says more.
   */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%s · %,d parameters · %d classes: %s",
        name(),
        parameterCount(),
        classes().size(),
        meaning() == Meaning.UNSTATED ? "what their numbers mean is not stated" : meaning());
  }
}
