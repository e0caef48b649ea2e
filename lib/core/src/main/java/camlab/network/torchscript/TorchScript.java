package camlab.network.torchscript;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import camlab.engine.ComputationException;
import camlab.engine.PyTorch;
import camlab.file.Places;
import camlab.network.Classes;
import camlab.network.Devices;
import camlab.network.Fact;
import camlab.network.LayerGraph;
import camlab.network.LayeredModel;
import camlab.network.Layout;
import camlab.network.Meaning;
import camlab.network.Network;
import camlab.network.NotApplicableException;
import camlab.network.Rest;
import camlab.network.Stated;
import camlab.network.Trace;
import camlab.network.UnknownNameException;
import camlab.network.program.ShownLayouts;
import camlab.picture.Preprocessing;
import camlab.progress.Interruption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A network from a TorchScript file, as {@code torch.jit.trace} or {@code torch.jit.script} and
 * {@code save} make it; no Python is needed.
 *
 * <pre>{@code
 * try (Network network =
 *         TorchScript.load(Path.of("model.pt"), Classes.of("cat", "dog"), Preprocessing.IMAGENET)) {
 *   System.out.println(network.layers());
 *   Heatmap map = new GradCam().heatmap(network, picture, "cat");
 * }
 * }</pre>
 *
 * <p>Its layers are the calls of its submodules, by the names of {@code named_modules}, containers
 * included, in the order they end. A module that is called twice is two layers: {@code relu} and
 * {@code relu_1}. Calls of {@code torch.relu} and {@code torch.nn.functional.relu} count as layers,
 * too, under the same names. A traced file computes what it computed when it was traced: trace it
 * after {@code eval()}.
 *
 * <p>Where {@code forward} returns several tensors (a tuple, a list, a dictionary, a named tuple),
 * the one that is explained is stated, {@code Stated.NOTHING.output("logits")}, or is the only one
 * with one number for each class. Other parameters than the picture have their defaults, or what is
 * stated: {@code Stated.NOTHING.input("age", new Constant.Real(41))}. A softmax or a sigmoid at the
 * end is taken off, so that the score that is explained is what goes into it. {@code
 * Network.describe()} tells all of it.
 *
 * <p>PyTorch has no hooks for such a program. But the file holds it as text, so the text is given
 * hooks before it is loaded: see {@link ScriptHooks}. The file itself is not changed.
 */
public final class TorchScript implements LayeredModel {

  private static final int SHOWN = 3;

  /** What puts out numbers from the largest to the smallest, or the other way round. */
  private static final Pattern SORTING =
      Pattern.compile("\\btorch\\.(sort|msort|topk|cummax|cummin)\\(");

  /** What takes values at places that are worked out. */
  private static final Pattern RESAMPLING = Pattern.compile("\\bgrid_sampl\\w*\\(");

  /** The step behind 1 of a number with 10 bits of fraction, and of one with 7. */
  private static final float HALF = 0x1p-10f;

  private static final float BFLOAT = 0x1p-7f;

  private final String checksum;
  private final String type;
  private final HookedProgram program;
  private final Map<String, String> layers;
  private final List<String> ran;
  private final Map<String, String> refused;
  private final Set<String> rectifiers;
  private final Set<String> reused;
  private final List<String> hidden;
  private final Optional<ScriptEnding.End> takenOff;
  private final List<Fact> facts;
  private final TakenPictures taken;
  private final boolean holdsProducts;
  private final boolean repeats;
  private final Optional<FollowedProgram> followed;

  /**
   * By the shape of a picture. That of the network's own pictures somebody asks for with the first
   * heatmap, so it is there, see {@link Read}; others are not before somebody asks.
   */
  private final Map<Shape, CompletableFuture<ShownLayouts>> shown = new HashMap<>();

  private final Optional<Exported.Biases> biases;
  private final Optional<Exported> exported;

  /** The text of each file, which few ask for. */
  private final Map<String, String> code;

  /** Made when first asked for; null before. */
  private LayerGraph graph;

  private TorchScript(
      String checksum,
      HookedProgram program,
      ScriptHooks hooks,
      Set<String> ran,
      Optional<ScriptEnding.End> takenOff,
      ScriptRepairs repairs,
      Optional<Read> read) {
    this.checksum = checksum;
    this.program = program;
    this.takenOff = takenOff;
    layers = hooks.layers();
    this.ran = layers.keySet().stream().filter(ran::contains).toList();
    refused = hooks.refused();
    rectifiers = Set.copyOf(hooks.rectifiers());
    reused = Set.copyOf(hooks.reused());
    hidden = List.copyOf(hooks.hidden());
    holdsProducts = hooks.holdsProducts();
    repeats = repairs.repeats(() -> read.map(text -> joined(text.shown()).varies()).orElse(true));
    List<Fact> known = new ArrayList<>(hooks.arguments().facts());
    hooks.choice().fact().ifPresent(known::add);
    takenOff.ifPresent(end -> known.add(ending(end, hooks.ending())));
    type = repairs.archive().firstType().orElse("");
    if (!type.isEmpty()) {
      known.add(new Fact("type", inWords(type), Fact.Origin.READ, "its first weights"));
    } else {
      known.add(
          new Fact(
              "weights",
              "none that are parameters: those of a frozen program (torch.jit.freeze) are numbers in its text, and layers may have been joined with others",
              Fact.Origin.READ,
              "its parameters"));
    }
    known.addAll(repairs.facts());
    repairs.archive().source().ifPresent(source -> known.addAll(source.facts()));
    facts = List.copyOf(known);
    Optional<Exported> source = repairs.archive().source();
    taken =
        new TakenPictures(
            program,
            declared(repairs.archive(), hooks).map(DeclaredPicture::lengths).orElse(List.of()),
            precision());
    biases = source.map(Exported::biases);
    exported = source;
    code = repairs.archive().code();
    followed = read.map(Read::text);
    read.ifPresent(
        text -> shown.put(text.picture(), text.shown().thenApply(ProgramAxes.Shown::layouts)));
  }

  private static Optional<DeclaredPicture> declared(TorchScriptArchive archive, ScriptHooks hooks) {
    return hooks
        .arguments()
        .declaredPicture()
        .map(input -> new DeclaredPicture(archive.path().toString(), input));
  }

  private static String inWords(String type) {
    return switch (type) {
      case "Half" -> "half precision; what is read of it is single precision";
      case "BFloat16" -> "bfloat16; what is read of it is single precision";
      case "Double" -> "double precision; what is read of it is single precision";
      default -> "single precision";
    };
  }

  private static Fact ending(ScriptEnding.End end, List<ScriptEnding.Place> places) {
    String where =
        places.stream()
            .filter(place -> place.made().equals(end))
            .map(ScriptEnding::words)
            .distinct()
            .collect(Collectors.joining(", "));
    return new Fact(
        "end",
        "a %s, taken off%s: what goes into it is the score that is explained"
            .formatted(end.kind(), end.limits()),
        Fact.Origin.READ,
        where + "; with noise for a picture, what goes in gives what came out");
  }

  /**
   * Loads a network. {@link Network#targetLayer} says which layer is looked at by default.
   *
   * @param file a file of {@code torch.jit.save}; its {@code forward} takes pictures of shape (N,
   *     C, H, W) and returns logits of shape (N, classes), by themselves or among other tensors
   * @param classes one name for each logit
   * @param preprocessing what is done to a picture before the network sees it
   * @return the network; the caller closes it
   * @throws TorchScriptException if the file is no TorchScript file, is damaged, or has no layer
   *     that can be hooked; the message says which. Nothing of it has run then. Also if it takes
   *     more than a picture, or puts out several tensors, and nothing says what or which
   * @throws IllegalArgumentException if the number of classes is not the network's, the
   *     preprocessing makes other channels than it takes, or its numbers contradict what the
   *     classes say of them
   * @throws java.io.UncheckedIOException if no temporary file can be written, which it goes through
   */
  public static Network load(Path file, Classes classes, Preprocessing preprocessing) {
    return load(file, classes, preprocessing, Stated.NOTHING);
  }

  /**
   * Loads a network of which more is stated. See {@link #load(Path, Classes, Preprocessing)}.
   *
   * @param file a file of {@code torch.jit.save}
   * @param classes one name for each logit
   * @param preprocessing what is done to a picture before the network sees it
   * @param stated what the file does not show
   * @return the network; the caller closes it
   * @throws TorchScriptException as there, or if the program has no such output as is stated
   * @throws IllegalArgumentException as there, or if it is to run on a device that is not here
   * @throws UnknownNameException if it has no layer or parameter that is stated
   */
  public static Network load(
      Path file, Classes classes, Preprocessing preprocessing, Stated stated) {
    Objects.requireNonNull(classes, "classes");
    Objects.requireNonNull(preprocessing, "preprocessing");
    return loaded(TorchScriptArchive.read(file), classes, preprocessing, stated);
  }

  /**
   * Loads a program that was written from another file, of which messages, checksum and facts tell.
   *
   * @param program what was written; nobody needs it afterwards
   * @param source what it was written from
   * @param classes one name for each logit
   * @param preprocessing what is done to a picture before the network sees it
   * @param stated what the file does not show
   * @return the network; the caller closes it
   */
  public static Network load(
      WrittenProgram program,
      Exported source,
      Classes classes,
      Preprocessing preprocessing,
      Stated stated) {
    return loaded(TorchScriptArchive.of(program, source), classes, preprocessing, stated);
  }

  private static Network loaded(
      TorchScriptArchive original, Classes classes, Preprocessing preprocessing, Stated stated) {
    // Beside the rest, which takes longer: a large file's checksum takes as long as loading it.
    CompletableFuture<String> checksum = CompletableFuture.supplyAsync(original::checksum);
    try {
      return load(original, classes, preprocessing, stated, checksum);
    } finally {
      // Nothing reads the file when this is over, so that it can be deleted.
      checksum.handle((found, problem) -> found).join();
    }
  }

  private static Network load(
      TorchScriptArchive original,
      Classes classes,
      Preprocessing preprocessing,
      Stated stated,
      CompletableFuture<String> checksum) {
    Device device = Devices.of(stated);
    ScriptRepairs repairs = new ScriptRepairs(original, ScriptRepairs.name(device));
    TorchScriptArchive archive = repairs.archive();
    ScriptHooks hooks = new ScriptHooks(archive, stated);
    declared(archive, hooks).ifPresent(picture -> picture.require(preprocessing));
    NDManager manager = PyTorch.newScope(device);
    try {
      ScriptTrial trial = new ScriptTrial(archive, hooks, classes, preprocessing);
      hooks.choose(trial.choice(manager, stated));
      if (classes.isOneValue()) {
        hooks.keepEnding(); // a sigmoid there gives the value its bounds
      }
      TorchScript model = model(archive, hooks, manager, trial, repairs, checksum);
      String type = archive.root().substring(archive.root().lastIndexOf('.') + 1);
      return Network.of(type, model, classes, preprocessing, stated, manager);
    } catch (RuntimeException | Error e) {
      manager.close();
      throw e;
    }
  }

  private static TorchScript model(
      TorchScriptArchive archive,
      ScriptHooks hooks,
      NDManager manager,
      ScriptTrial trial,
      ScriptRepairs repairs,
      CompletableFuture<String> checksum) {
    Optional<Read> read =
        FollowedProgram.of(hooks, archive).map(text -> Read.of(text, trial.picture()));
    NDManager own = manager.newSubManager();
    PyTorch.Program program = load(archive, hooks.rewritten(), own);
    ScriptInputs inputs = trial.inputs(manager, program);
    List<String> layers = List.copyOf(hooks.layers().keySet());
    HookedProgram hooked = new HookedProgram(program, inputs, layers);
    Optional<ScriptEnding.End> takenOff = trial.ending(manager, hooked);
    if (takenOff.isEmpty() && !hooks.ending().isEmpty()) {
      hooks.keepEnding();
      own.close();
      hooked = new HookedProgram(load(archive, hooks.rewritten(), manager), inputs, layers);
    }
    trial.requireRepaired(manager, hooked, repairs);
    Set<String> ran =
        trial.ran(manager, hooked, () -> read.flatMap(text -> joined(text.shown()).ran()));
    String identity = trial.identity(joined(checksum), takenOff.isPresent());
    return new TorchScript(identity, hooked, hooks, ran, takenOff, repairs, read);
  }

  /**
   * The text of a program, and what it shows of the network's own pictures: worked out beside the
   * rest of the opening, which the engine takes longer for. It needs neither the engine nor the
   * file.
   *
   * @param text the text
   * @param picture the shape of one picture
   * @param shown what it shows
   */
  private record Read(
      FollowedProgram text, Shape picture, CompletableFuture<ProgramAxes.Shown> shown) {

    static Read of(FollowedProgram text, Shape picture) {
      return new Read(text, picture, CompletableFuture.supplyAsync(() -> text.shown(picture)));
    }
  }

  private static <T> T joined(CompletableFuture<T> found) {
    try {
      return found.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  /** Loads a program with other code for some of its files. */
  static PyTorch.Program load(
      TorchScriptArchive archive, Map<String, String> changed, NDManager manager) {
    try {
      // Through a file: in memory the engine would hold a large network three times.
      Path copy = Files.createTempFile("camlab-", ".pt");
      try {
        archive.write(changed, copy);
        return PyTorch.load(manager, copy);
      } finally {
        Files.deleteIfExists(copy);
      }
    } catch (ComputationException e) {
      throw new TorchScriptException(
          "%s cannot be loaded by %s: %s".formatted(archive.path(), Network.engine(), reason(e)),
          e);
    } catch (IOException e) {
      throw Places.noTemporaryFile(e);
    }
  }

  /**
   * {@inheritDoc} Those that ran when it was tried; a layer in a branch that was not taken can be
   * asked for, and runs where that branch does.
   */
  @Override
  public List<String> names() {
    return ran;
  }

  @Override
  public String type(String layer) {
    return layers.get(resolve(layer));
  }

  @Override
  public boolean isReused(String layer) {
    return reused.stream().anyMatch(call -> (layer + ".").startsWith(call + "."));
  }

  /**
   * The full name of a layer, which is the name itself.
   *
   * @throws TorchScriptException if there is such a module, but it cannot be hooked; the message
   *     says why
   */
  @Override
  public String resolve(String name) {
    if (layers.containsKey(name)) {
      return name;
    }
    if (refused.containsKey(name)) {
      throw new TorchScriptException(
          "'%s' cannot be hooked: %s. Hook a layer before or behind it."
              .formatted(name, refused.get(name)));
    }
    throw UnknownNameException.of("layer", name, layers.keySet());
  }

  /** {@return why modules of the file are no layers, by the names of the modules} */
  public Map<String, String> refused() {
    Map<String, String> all = new LinkedHashMap<>(refused);
    for (String layer : layers.keySet()) {
      if (!ran.contains(layer)) {
        all.put(layer, "it did not run for the picture that was tried");
      }
    }
    return Map.copyOf(all);
  }

  @Override
  public long parameterCount() {
    return program.program().parameterCount();
  }

  /** The program that is run, for its layers. */
  private record Opened(PyTorch.Program program, Exported source) implements Exported.Opened {

    @Override
    public Optional<NDArray> parameter(String name) {
      return program.parameter(name);
    }

    @Override
    public PyTorch.Program load(WrittenProgram other) {
      return TorchScript.load(TorchScriptArchive.of(other, source), Map.of(), scope());
    }

    @Override
    public NDManager scope() {
      return program.manager();
    }
  }

  /** {@inheritDoc} Of an exported program; its layers share the tensors. */
  @Override
  public synchronized Optional<LayerGraph> layered() {
    if (graph == null && exported.isPresent()) {
      Opened opened = new Opened(program.program(), exported.get());
      graph = exported.get().layers().of(opened, takenOff.isPresent());
    }
    return Optional.ofNullable(graph);
  }

  @Override
  public Map<String, Shape> weights() {
    return program.program().parameterShapes();
  }

  @Override
  public Optional<NDArray> weight(String name) {
    return program.program().parameter(name);
  }

  /**
   * {@inheritDoc} Of the file's bytes when it was loaded; where an output was chosen, a constant
   * stated or the end taken off, of that, too.
   */
  @Override
  public String checksum() {
    return checksum;
  }

  /** What the engine met, in a sentence. */
  static String reason(ComputationException e) {
    return ComputationException.sentence(e.getCause());
  }

  /** {@inheritDoc} Known where the program ends with a softmax or a sigmoid. */
  @Override
  public Optional<Meaning> meaning() {
    return takenOff.map(end -> end.kind().meaning());
  }

  @Override
  public float precision() {
    return switch (type) {
      case "Half" -> HALF;
      case "BFloat16" -> BFLOAT;
      default -> Math.ulp(1f);
    };
  }

  @Override
  public boolean sorts(NDArray picture) {
    return code.values().stream().anyMatch(text -> SORTING.matcher(text).find());
  }

  @Override
  public boolean repeats() {
    return repeats;
  }

  @Override
  public boolean resamples() {
    return code.values().stream().anyMatch(text -> RESAMPLING.matcher(text).find());
  }

  @Override
  public List<Fact> facts() {
    return facts;
  }

  /** {@inheritDoc} As the operators show it that the program calls. */
  @Override
  public Map<String, Layout> layouts(Shape picture) {
    return shown(picture).layouts();
  }

  /** {@inheritDoc} As the operators show it that the program calls. */
  @Override
  public Set<String> withoutLayout(Shape picture) {
    return shown(picture).without();
  }

  private synchronized ShownLayouts shown(Shape picture) {
    return joined(
        shown.computeIfAbsent(
            picture,
            shape ->
                CompletableFuture.completedFuture(
                    exported
                        .map(Exported::shown)
                        .or(() -> followed.map(text -> text.shown(shape).layouts()))
                        .orElse(ShownLayouts.NONE))));
  }

  @Override
  public boolean keepsPlaces(NDArray input) {
    return exported.isEmpty()
        && code.entrySet().stream()
            .allMatch(file -> PlacesCode.keeps(file.getKey(), file.getValue()));
  }

  /** {@inheritDoc} Known of an exported program. */
  @Override
  public Optional<Map<String, NDArray>> biases(NDManager scope) {
    return biases.map(known -> known.of(program.program()::parameter, scope));
  }

  /** {@inheritDoc} The sizes of an exported program are part of it. */
  @Override
  public void requireTaken(NDArray input) {
    taken.requireSize(input);
  }

  @Override
  public NDArray run(NDArray input) {
    requireNotInterrupted();
    taken.requireSize(input);
    return taken.inTurn(input, input, program::run);
  }

  @Override
  public Trace trace(NDArray input, Set<String> names) {
    return trace(input, names, HookCode.RECORD);
  }

  @Override
  public boolean takesSeveral(NDArray pictures) {
    return taken.takesSeveral(pictures);
  }

  @Override
  public Optional<Trace> held(NDArray pictures, Set<String> names) {
    requireNotInterrupted();
    return holdsProducts ? Optional.of(program.held(pictures, names)) : Optional.empty();
  }

  @Override
  public Trace cut(NDArray input, Set<String> names) {
    return trace(input, names, HookCode.CUT);
  }

  @Override
  public Set<String> rectifiers(NDArray input) {
    if (!hidden.isEmpty()) {
      throw new NotApplicableException(
          "Guided backpropagation changes the gradient at every ReLU, and in this program there may be one that is the end of no layer: %s. Make each ReLU a module, nn.ReLU(), or call torch.nn.functional.relu."
              .formatted(hidden.stream().limit(SHOWN).collect(Collectors.joining("; "))));
    }
    return rectifiers;
  }

  private Trace trace(NDArray input, Set<String> names, int action) {
    requireNotInterrupted();
    taken.requireAtATime(input);
    return program.trace(input, names, action);
  }

  private static void requireNotInterrupted() {
    Interruption.check("Interrupted during a pass through the network.");
  }

  /**
   * {@inheritDoc}
   *
   * <p>A program has to run from its start each time, and does so once for each variant.
   */
  @Override
  public Rest rest(NDArray input, String layer) {
    String replaced = resolve(layer);
    return outputs -> {
      requireNotInterrupted();
      return taken.inTurn(
          outputs,
          input,
          some -> {
            try (NDArray pictures = input.repeat(0, some.getShape().get(0))) {
              pictures.attach(some.getManager());
              return program.replaced(pictures, replaced, some);
            }
          });
    };
  }

  @Override
  public Map<String, Shape> shapes(NDArray input) {
    return trace(input, layers.keySet()).shapes();
  }
}
