package camlab.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import camlab.engine.ComputationException;
import camlab.engine.PyTorch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Which layers of a network to look at: stated, or found when somebody asks, and remembered.
 *
 * <p>The default target is the last layer that has positions and on whose values there the score of
 * the predicted class depends ({@link Outputs#largest}): all channels of it, or nearly. So it is
 * not a token layer behind the last attention, where only the class token still counts; not the
 * queries, keys and values of an attention, since of the queries only the class token's count; and
 * not maps that are the classes' scores already, of which a class's score depends on one channel:
 * one channel is the target only where there is nothing else. Left out are pooling, dropout and
 * everything else that shows what a layer before it shows.
 */
final class Survey {

  /**
   * Layers that run with a gradient at once: memory for each of them is needed three times. Of the
   * last so many the target is nearly always one.
   */
  private static final int CHUNK = 30;

  /** The share of channels that has to count: some filters of any network are dead. */
  private static final double MOST = 0.9;

  /** Noise may meet a network whose last ReLU lets nothing through. */
  private static final int PICTURES = 3;

  private static final int MAPS = 4;
  private static final int TOKENS = 3;

  private static final int SHOWN = 40;

  /**
   * The tokens without a position that a class is read from: a class token, one of distillation.
   */
  private static final int ALONE = 2;

  /** Of maps that count, most gradients are not zero. */
  private static final double HALF = 0.5;

  private static final String BOXES =
      ", and with whose values the scores in nearly all boxes changed in a trial";

  private static final String AROUND =
      "; it is not all that counts: with its values held, what the network puts out still changed with the picture, so that other layers lead there beside it%s, whose share a map of this one does not show";

  private static final String BESIDE = " (the last one with positions that ends before it is '%s')";

  /** The share of the largest number that shows that numbers changed, and were not rounded. */
  private static final float CHANGED = 1e-3f;

  /** So many steps between numbers are more than rounding. */
  private static final float ROUNDED = 100;

  private static final String TARGET = "target layer";
  private static final String BY_THE_READER = "by the reader";
  private static final String BY_THE_PLAN = "by the network's plan";
  private static final String WITHOUT_POSITIONS =
      "none of its layers has positions, as in a network of dense layers only or in one block that runs all others itself. The picture has some: GradientSaliency, IntegratedGradients and the other methods in pixel space explain a class without a layer";

  private static final String WITHOUT_GRADIENT =
      "no gradient of the score reaches any of its layers, as where something behind them cuts it (detach, torch.no_grad, whole numbers as argmax gives them), and by the gradient is told which of them count. Save the network without that, or take a method that asks the network and needs no gradient: Occlusion, Rise and Lime, or Score-CAM at a layer that you name";

  private static final String WITHOUT_DERIVATIVE =
      "no gradient of the score reaches any of its layers, and by the gradient is told which of them count (%s)";

  private final String name;
  private final LayeredModel model;
  private final Shape input;
  private final Supplier<NDManager> scopes;
  private final Outputs outputs;
  private final Positions positions;
  private final Optional<String> statedTarget;
  private final String saidBy;

  private Optional<List<String>> stages = Optional.empty();
  private Optional<String> target = Optional.empty();
  private Optional<String> refusal = Optional.empty();
  private String reason = "";

  /** Whether a gradient came back to any layer that was looked at. */
  private volatile boolean reached;

  /** Why none came back where none did, in words. */
  private volatile String cut = WITHOUT_GRADIENT;

  /** What lies behind the target layer and may have positions, in words; empty if nothing does. */
  private String besides = "";

  /** What leads around the target layer, in words; not known before somebody asks. */
  private Optional<String> around = Optional.empty();

  /** The last layer that would be the target if it were no projection. */
  private Optional<String> projection = Optional.empty();

  /**
   * What is seen of some layers in one pass. Where positions are and what numbers there are is
   * found when somebody asks: the search for the target asks for few of those that ran.
   */
  private final class Seen {

    private final NDArray picture;
    private final Trace trace;
    private final boolean recorded;
    private final NDManager pass;
    private final Map<String, Optional<NDArray>> shown = new HashMap<>();

    /**
     * Nothing is found yet.
     *
     * @param picture what was run, shape (1, C, H, W)
     * @param trace what the pass left
     * @param recorded whether the score has a gradient at any of the layers
     * @param pass what the arrays belong to
     */
    Seen(NDArray picture, Trace trace, boolean recorded, NDManager pass) {
      this.picture = picture;
      this.trace = trace;
      this.recorded = recorded;
      this.pass = pass;
    }

    boolean hasRun(String layer) {
      return trace.layers().containsKey(layer);
    }

    Optional<Layout> layout(String layer) {
      return positions.of(layer, pass).layout();
    }

    /** The maps of a layer that ran and has positions, shape (1, K, h, w). */
    Optional<NDArray> shown(String layer) {
      Optional<NDArray> known = shown.get(layer);
      if (known == null) {
        known = hasMaps(layer) ? Optional.of(maps(layer, output(layer))) : Optional.empty();
        shown.put(layer, known);
      }
      return known;
    }

    private boolean hasMaps(String layer) {
      return hasRun(layer)
          && layout(layer)
              .filter(layout -> layout.hasPositions() && layout.fits(output(layer).getShape()))
              .isPresent();
    }

    private NDArray maps(String layer, NDArray output) {
      return Survey.maps(output, layout(layer).orElseThrow(), pass);
    }

    NDArray output(String layer) {
      return trace.layers().get(layer).activation();
    }

    /** As maps if the layer has maps. */
    NDArray gradient(String layer) {
      NDArray gradient = gradientOf(layer);
      return shown(layer).isPresent() ? maps(layer, gradient) : gradient;
    }

    /** Zeros where no gradient comes back, as of a part that runs without. */
    private NDArray gradientOf(String layer) {
      NDArray leaf = trace.layers().get(layer).leaf();
      return recorded && leaf.hasGradient() ? leaf.getGradient() : output(layer).zerosLike();
    }

    /**
     * Whether of tokens whose places are still open only a few are read, as behind the last
     * attention those are that belong to no place: nothing there can be looked at.
     */
    boolean isReadAlone(String layer) {
      Shape shape = output(layer).getShape();
      if (!positions.isOpen(layer) || shape.dimension() != TOKENS) {
        return false;
      }
      double zeros = zeros(floats(gradientOf(layer)));
      return zeros > HALF && !areSeveralRead(zeros, shape.get(0) * shape.get(1));
    }
  }

  private Survey(
      String name,
      LayeredModel model,
      Shape input,
      Supplier<NDManager> scopes,
      Outputs outputs,
      Positions positions,
      Optional<String> statedTarget,
      String saidBy) {
    this.name = name;
    this.model = model;
    this.input = input;
    this.scopes = scopes;
    this.outputs = outputs;
    this.positions = positions;
    this.statedTarget = statedTarget;
    this.saidBy = saidBy;
  }

  /**
   * {@return a survey of a model of which nothing is known but what is stated; nothing has run yet}
   *
   * @param name what the network is called
   * @param model its layers
   * @param input the shape of one picture as the network takes it, (1, C, H, W)
   * @param stated what the reader says
   * @param scopes where to run
   * @param outputs what it puts out
   * @throws UnknownNameException if a stated layer does not exist
   */
  static Survey of(
      String name,
      LayeredModel model,
      Shape input,
      Stated stated,
      Supplier<NDManager> scopes,
      Outputs outputs) {
    return new Survey(
        name,
        model,
        input,
        scopes,
        outputs,
        new Positions(model, input, stated.layouts(), BY_THE_READER),
        stated.targetLayer().map(model::resolve),
        BY_THE_READER);
  }

  /**
   * {@return a survey of a network with a plan, which says where to look; its layers are those of
   * this project, which put out channels first}
   *
   * @param architecture the plan
   * @param model its layers
   * @param input the shape of one picture as the network takes it, (1, C, H, W)
   * @param stated what the reader says: which layer to look at, if not the plan's
   * @param scopes where to run
   * @param outputs what it puts out
   * @throws UnknownNameException if the stated layer does not exist
   * @throws IllegalArgumentException if layouts are stated, which the plan says already
   */
  static Survey of(
      Architecture architecture,
      LayerGraph model,
      Shape input,
      Stated stated,
      Supplier<NDManager> scopes,
      Outputs outputs) {
    if (!stated.layouts().isEmpty()) {
      throw new IllegalArgumentException(
          "Layouts are stated of %s, whose plan says them already: its layers put out channels first. State none."
              .formatted(architecture.name()));
    }
    Optional<String> other = stated.targetLayer().map(model::resolve);
    Survey survey =
        new Survey(
            architecture.name(),
            model,
            input,
            scopes,
            outputs,
            Positions.ofPlan(model, input, BY_THE_PLAN),
            Optional.of(other.orElse(architecture.targetLayer())),
            other.isPresent() ? BY_THE_READER : BY_THE_PLAN);
    survey.stages = Optional.of(architecture.stages());
    return survey;
  }

  /** What is known of a layer's positions. */
  Positions.Found positions(String layer) {
    try (NDManager scope = scopes.get()) {
      return positions.of(layer, scope);
    }
  }

  /** What is known of some layers' positions. */
  Map<String, Positions.Found> positions(Collection<String> layers) {
    return positions(layers, Map.of());
  }

  /** What is known of some layers' positions, of which some have been seen to put out something. */
  Map<String, Positions.Found> positions(Collection<String> layers, Map<String, Shape> seen) {
    try (NDManager scope = scopes.get()) {
      return positions.of(layers, scope, seen);
    }
  }

  /**
   * {@return the layer to look at by default}
   *
   * @throws NotApplicableException if none is stated, and the evidence is not enough for one; the
   *     message lists what there is
   */
  synchronized String targetLayer() {
    if (statedTarget.isPresent()) {
      return statedTarget.get();
    }
    if (target.isEmpty() && refusal.isEmpty()) {
      try (NDManager scope = scopes.get()) {
        findTarget(scope);
      }
    }
    return target.orElseThrow(() -> new NotApplicableException(refusal.orElseThrow()));
  }

  /**
   * {@return for each size of the maps the last layer of that size, from shallow to deep, up to the
   * target layer}
   */
  synchronized List<String> stages() {
    if (stages.isEmpty()) {
      String last = targetLayer();
      try (NDManager scope = scopes.get()) {
        stages = Optional.of(findStages(last, scope));
      }
    }
    return stages.get();
  }

  /** What is known of where to look: the target layer, and the layouts of it and the stages. */
  List<Fact> facts() {
    List<Fact> facts = new ArrayList<>();
    List<String> candidates = List.of();
    try {
      String layer = targetLayer();
      facts.add(
          statedTarget.isPresent()
              ? new Fact(TARGET, layer, Fact.Origin.STATED, saidBy)
              : new Fact(
                  TARGET,
                  layer,
                  Fact.Origin.TRIED,
                  "the last layer with positions on all of whose channels %s depends%s%s"
                      .formatted(outputs.largestInWords(), besides, around(layer))));
      candidates = new ArrayList<>(stages());
      if (!candidates.contains(layer)) {
        candidates.add(layer);
      }
    } catch (NotApplicableException e) {
      facts.add(new Fact(TARGET, "none", Fact.Origin.UNKNOWN, reason));
    }
    if (reason.equals(cut)) {
      facts.add(
          new Fact(
              "gradient",
              "none reaches its layers",
              Fact.Origin.TRIED,
              "with noise for a picture, from the largest of its numbers"));
    }
    // A plan names stages by the containers whose last layer is meant.
    Map<String, Positions.Found> found =
        positions(candidates.stream().map(model::resolve).toList());
    candidates.forEach(layer -> facts.add(fact(layer, found.get(model.resolve(layer)))));
    return List.copyOf(facts);
  }

  /** What leads to the output around a layer, in words; empty if all of it goes through it. */
  private synchronized String around(String layer) {
    if (around.isEmpty()) {
      try (NDManager scope = scopes.get()) {
        String name = model.resolve(layer);
        around =
            Optional.of(
                isAround(name, scope)
                    ? AROUND.formatted(lastBeside(name, scope).map(BESIDE::formatted).orElse(""))
                    : "");
      }
    }
    return around.get();
  }

  /**
   * The last layer with positions, of those that end before a layer, that leads to the output
   * around it: from its gradient what comes back by way of the layer is taken off, and more is left
   * than rounding.
   */
  private Optional<String> lastBeside(String layer, NDManager scope) {
    List<String> names = model.names();
    List<String> before = new ArrayList<>(names.subList(0, Math.max(0, names.indexOf(layer))));
    Collections.reverse(before);
    return chunks(before).stream()
        .flatMap(part -> lastBeside(layer, part, scope).stream())
        .findFirst();
  }

  private Optional<String> lastBeside(String layer, List<String> part, NDManager scope) {
    Map<String, Positions.Found> found = positions.of(part, scope, Map.of());
    List<String> before = part.stream().filter(each -> found.get(each).hasPositions()).toList();
    try (NDManager pass = scope.newSubManager()) {
      Set<String> all = new LinkedHashSet<>(before);
      all.add(layer);
      NDArray picture = Positions.noise(pass, input, 0);
      picture.setRequiresGradient(true);
      Map<String, Trace.Hooked> seen = new HashMap<>();
      NDArray score =
          PyTorch.withGradients(
              () -> {
                Trace trace = model.trace(picture, all);
                seen.putAll(trace.layers());
                return outputs.largest(trace.logits());
              });
      PyTorch.backward(score, score.onesLike());
      Map<String, Float> sizes = new HashMap<>();
      before.forEach(each -> sizes.put(each, largest(seen.get(each))));
      PyTorch.backward(seen.get(layer).activation(), seen.get(layer).gradient().neg());
      float share = Math.max(CHANGED, ROUNDED * model.precision());
      return before.stream()
          .filter(each -> largest(seen.get(each)) > share * sizes.get(each))
          .findFirst();
    } catch (ComputationException | NotApplicableException e) {
      return Optional.empty(); // it did not run so, and nothing is known
    }
  }

  /** The largest number of a layer's gradient, whatever its sign; 0 where none comes back. */
  private static float largest(Trace.Hooked layer) {
    return layer != null && layer.leaf().hasGradient()
        ? layer.gradient().abs().max().getFloat()
        : 0;
  }

  /** Whether what comes out still changes with the picture when what a layer puts out does not. */
  private boolean isAround(String name, NDManager scope) {
    Positions.Found known = positions.of(name, scope);
    if (known.layout().filter(Layout.TokensFirst.class::isInstance).isPresent()) {
      return false; // the rest of a network takes pictures first
    }
    try {
      NDArray picture = Positions.noise(scope, input, 0);
      Trace trace = model.trace(picture, Set.of(name));
      NDArray held = trace.layers().get(name).activation();
      NDArray other = Positions.noise(scope, input, 1).mul(2).sub(1);
      NDArray before = trace.logits();
      NDArray after = model.rest(other, name).run(held);
      float most = after.sub(before).abs().max().toType(DataType.FLOAT32, false).getFloat();
      float size = before.abs().max().toType(DataType.FLOAT32, false).getFloat();
      return most > Math.max(CHANGED, ROUNDED * model.precision()) * size;
    } catch (ComputationException | NotApplicableException e) {
      return false; // it did not run with that, and so nothing is known
    }
  }

  /** Where the positions are in what a layer puts out. */
  Fact fact(String layer) {
    return fact(layer, positions(model.resolve(layer)));
  }

  private Fact fact(String layer, Positions.Found known) {
    Positions.Found found;
    try (NDManager scope = scopes.get()) {
      found = positions.withDoubts(model.resolve(layer), known, scope);
    }
    return new Fact(
        "layout of " + layer,
        found.layout().map(Layout::toString).orElse("not known"),
        found.origin(),
        found.evidence());
  }

  /**
   * {@return all layers that run, in the order they end}
   *
   * @param picture the picture to run, shape (1, C, H, W)
   */
  List<HookPoint> hookPoints(NDArray picture) {
    try (NDManager scope = scopes.get()) {
      positions.of(model.names(), scope, Map.of());
      List<HookPoint> points = new ArrayList<>();
      for (List<String> chunk : chunks(model.names())) {
        points(picture, chunk, scope).forEach(point -> points.add(withDoubt(point, scope)));
      }
      if (!reached) {
        points.replaceAll(HookPoint::withoutGradients);
      }
      return List.copyOf(points);
    }
  }

  /** A point whose layout is stated, with what speaks against that. */
  private HookPoint withDoubt(HookPoint point, NDManager scope) {
    boolean stated = positions.of(point.layer(), scope).origin() == Fact.Origin.STATED;
    return stated && point.hasPositions()
        ? point.against(positions.against(point.layer(), point.layout().orElseThrow(), scope))
        : point;
  }

  /**
   * {@return what speaks against a layout of a layer, in words; empty if nothing does}
   *
   * @param layer its full name
   * @param layout one that fits its output
   */
  Optional<String> against(String layer, Layout layout) {
    try (NDManager scope = scopes.get()) {
      return positions.against(layer, layout, scope);
    }
  }

  private static List<List<String>> chunks(List<String> names) {
    List<List<String>> chunks = new ArrayList<>();
    for (int from = 0; from < names.size(); from += CHUNK) {
      chunks.add(names.subList(from, Math.min(names.size(), from + CHUNK)));
    }
    return chunks;
  }

  private void findTarget(NDManager scope) {
    for (int seed = 0; seed < PICTURES && target.isEmpty() && refusal.isEmpty(); seed++) {
      try (NDManager trial = scope.newSubManager()) {
        findTarget(Positions.noise(trial, input, seed), trial);
      }
    }
    if (target.isEmpty() && refusal.isEmpty() && !reached) {
      reason = cut;
      refusal =
          Optional.of(
              "%s has no default layer to look at: %s. Name a layer: network.hookPoints(picture) lists them."
                  .formatted(name, cut));
    } else if (target.isEmpty() && refusal.isEmpty()) {
      refusal = Optional.of(refusal(whyNone(scope)));
    }
  }

  /** Why no layer is the target where a gradient reaches some. */
  private String whyNone(NDManager scope) {
    String notKnown = notKnown(scope);
    if (!notKnown.isEmpty()) {
      return "of no layer is it known that it has positions, and that %s depends on them by its gradient%s%s"
          .formatted(
              outputs.largestInWords(),
              outputs.hasBoxes()
                  ? ", and that with them the scores in nearly all boxes change"
                  : "",
              notKnown);
    }
    boolean some =
        positions.of(model.names(), scope, Map.of()).values().stream()
            .anyMatch(Positions.Found::hasPositions);
    return some
        ? "no layer has positions on which %s depends by its gradient%s"
            .formatted(
                outputs.largestInWords(),
                outputs.hasBoxes() ? ", and with which the scores in nearly all boxes change" : "")
        : WITHOUT_POSITIONS;
  }

  private static boolean mayHavePositions(Positions.Found found) {
    return found.layout().isEmpty() && found.shape().map(Shape::dimension).orElse(0) > 2;
  }

  /**
   * Why the positions of the last layer are not known that may have some; empty if there is none.
   */
  private String notKnown(NDManager scope) {
    String last = "";
    for (Map.Entry<String, Positions.Found> layer :
        positions.of(model.names(), scope, Map.of()).entrySet()) {
      if (mayHavePositions(layer.getValue())) {
        last =
            ". Where they are is not known of '%s' (%s)"
                .formatted(layer.getKey(), layer.getValue().evidence());
      }
    }
    return last;
  }

  private void findTarget(NDArray picture, NDManager scope) {
    Map<String, HookPoint> behind = new LinkedHashMap<>();
    Optional<HookPoint> second = Optional.empty();
    projection = Optional.empty();
    List<String> names = model.names();
    // The container that shows what the layer before the chunk shows.
    String container = "";
    int from;
    for (int to = names.size(); to > 0; to = from) {
      from = Math.max(0, to - CHUNK);
      try (NDManager pass = scope.newSubManager()) {
        // The first of them may show what the one before it shows.
        List<String> part = names.subList(Math.max(0, from - 1), to);
        Seen seen = look(picture, part, pass);
        ShownMaps shown = new ShownMaps(model, part, seen::shown);
        for (int i = to - 1; i >= from; i--) {
          String layer = names.get(i);
          if (!seen.hasRun(layer) || seen.isReadAlone(layer) || shown.isPooling(layer)) {
            continue;
          }
          if (seen.layout(layer).isEmpty()) {
            behind.put(layer, point(layer, seen));
          } else if (seen.layout(layer).get().hasPositions() && !shown.isRepeated(layer)) {
            HookPoint point = point(layer, seen);
            if (!counts(point) || !isOfAllBoxes(layer, seen)) {
              continue;
            }
            boolean several = channelsOf(point) > 1;
            boolean most = several && point.channels() >= MOST;
            if (most && isProjection(point)) {
              projection = projection.isEmpty() ? Optional.of(layer) : projection;
            } else if (most) {
              String outermost = shown.outermost(layer);
              boolean further = outermost.equals(names.get(to - 1)) && !container.isEmpty();
              choose(point, further ? container : outermost, behind);
              return;
            }
            if (second.isEmpty() || (several && channelsOf(second.get()) == 1)) {
              second = Optional.of(point);
            }
          }
        }
        container = from > 0 ? container(names.get(from - 1), seen, shown) : "";
      }
    }
    second.ifPresent(
        point -> {
          List<String> later = names.subList(names.indexOf(point.layer()) + 1, names.size());
          behind.keySet().retainAll(later);
          choose(point, point.layer(), behind);
        });
  }

  /** The outermost container whose output a layer's is; none if nobody will look at it. */
  private static String container(String layer, Seen seen, ShownMaps shown) {
    return seen.hasRun(layer) && !seen.isReadAlone(layer) ? shown.outermost(layer) : "";
  }

  /** Several channels count, and are not the same at all positions. */
  private static boolean counts(HookPoint point) {
    if (!point.hasPositions() || point.constant() || point.zeroGradients() >= 1) {
      return false;
    }
    long all = channelsOf(point);
    return Math.round(point.channels() * all) >= Math.min(2, all);
  }

  /**
   * Whether the scores in nearly all boxes change with what a layer puts out, where there are
   * boxes: those of one size often come from layers that those of another do not depend on. Not
   * tried where tokens come before the pictures, since the rest of a network takes pictures first.
   */
  private boolean isOfAllBoxes(String layer, Seen seen) {
    if (!isTriedOnBoxes(seen.layout(layer))) {
      return true;
    }
    try (NDManager own = seen.pass.newSubManager()) {
      NDArray picture = seen.picture.stopGradient();
      NDArray before = seen.output(layer).stopGradient();
      picture.attach(own);
      before.attach(own);
      NDArray found = model.rest(picture, layer).run(before.mul(2).add(1));
      return outputs.differing(seen.trace.logits().stopGradient(), found) >= MOST;
    }
  }

  private boolean isTriedOnBoxes(Optional<Layout> layout) {
    return outputs.hasBoxes() && !(layout.orElseThrow() instanceof Layout.TokensFirst);
  }

  private static long channelsOf(HookPoint point) {
    int axis = point.layout().orElseThrow() instanceof Layout.ChannelsFirst ? 1 : -1;
    return point.shape().get(axis < 0 ? point.shape().size() - 1 : axis);
  }

  /** One of the values that an attention works with, and no stage of the picture. */
  private static boolean isProjection(HookPoint point) {
    boolean grid = point.layout().orElseThrow() instanceof Layout.ChannelsFirst;
    return !grid && isLinear(point);
  }

  /** What would be left out if its places were known. */
  private static Optional<String> lastLinear(Map<String, HookPoint> behind) {
    return behind.values().stream()
        .filter(
            other -> isLinear(other) && other.shape().size() == TOKENS && other.zeroGradients() < 1)
        .map(HookPoint::layer)
        .findFirst();
  }

  private static boolean isLinear(HookPoint point) {
    return point.type().contains("Linear");
  }

  /**
   * Takes a layer as the target, unless one of unknown layout behind it may be it.
   *
   * @param point the layer
   * @param outermost the layer itself, or a container whose output is the same
   * @param behind the layers behind it whose layout is not known
   */
  private void choose(HookPoint point, String outermost, Map<String, HookPoint> behind) {
    Optional<HookPoint> tokens =
        behind.values().stream().filter(other -> mayBeTokens(other, point)).findFirst();
    if (tokens.isPresent()) {
      refusal =
          Optional.of(
              refusal(
                  "'%s' is the last layer whose positions are known, but behind it '%s' may have some, too (%s, layout not known)"
                      .formatted(point.layer(), tokens.get().layer(), tokens.get().shapeText())));
      return;
    }
    target = Optional.of(outermost);
    besides = isTriedOnBoxes(point.layout()) ? BOXES : "";
    besides +=
        behind.values().stream()
            .filter(this::mayBeMaps)
            .findFirst()
            .map(
                other ->
                    "; behind it '%s' may have some, too (%s, layout not known)"
                        .formatted(other.layer(), other.shapeText()))
            .orElse("");
    besides +=
        behind.values().stream()
            .filter(other -> areLostTokens(other, point))
            .findFirst()
            .map(
                other ->
                    "; behind it '%s' puts out tokens that count and whose places are not known (%s), as where some are left out or merged: what is looked at there, a map of this layer does not show"
                        .formatted(other.layer(), other.shapeText()))
            .orElse("");
    besides +=
        projection
            .or(() -> lastLinear(behind))
            .map(
                other ->
                    "; linear layers of tokens behind it, the last of them '%s', were left out, since most hold values that an attention works with"
                        .formatted(other))
            .orElse("");
  }

  /** Whether a layer of unknown layout has room for rows and columns, and counts. */
  private boolean mayBeMaps(HookPoint other) {
    List<Long> shape = other.shape();
    if (other.layout().isPresent() || shape.size() != MAPS || !mayCount(other)) {
      return false;
    }
    return shape.get(0) == 1 && shape.get(2) > 1 && Math.max(shape.get(1), shape.get(3)) > 1;
  }

  /**
   * Whether maps of unknown layout may count. The score of one place, or of one box, has no
   * gradient at most others also where a layer counts; but maps of the scores themselves are none
   * to look at.
   */
  private boolean mayCount(HookPoint other) {
    List<Long> shape = other.shape();
    return outputs.shape().dimension() > 2
        ? other.zeroGradients() < 1
            && !outputs.areScores(shape.get(1))
            && !outputs.areScores(shape.get(MAPS - 1))
        : other.zeroGradients() <= HALF;
  }

  /** Whether a layer of unknown layout has room for the places of a map before it. */
  private static boolean mayBeTokens(HookPoint other, HookPoint map) {
    List<Long> shape = other.shape();
    if (other.layout().isPresent() || shape.size() != TOKENS || isLinear(other)) {
      return false;
    }
    long tokens = shape.get(0) * shape.get(1); // windows of tokens may lie along the first, too
    return areSeveralRead(other.zeroGradients(), tokens) && tokens >= places(map);
  }

  /** Whether several of a layer's tokens count, and they are fewer than the places of a map. */
  private static boolean areLostTokens(HookPoint other, HookPoint map) {
    List<Long> shape = other.shape();
    if (other.layout().isPresent() || shape.size() != TOKENS || isLinear(other)) {
      return false;
    }
    long tokens = shape.get(0) * shape.get(1);
    return tokens < places(map) && areSeveralRead(other.zeroGradients(), tokens);
  }

  /** Behind the last attention the gradient is zero but at the tokens that are read. */
  private static boolean areSeveralRead(double zeroGradients, long tokens) {
    return (1 - zeroGradients) * tokens > ALONE;
  }

  private static long places(HookPoint map) {
    Layout layout = map.layout().orElseThrow();
    List<Long> shape = map.shape();
    if (layout instanceof Layout.ChannelsFirst) {
      return shape.get(2) * shape.get(3);
    }
    return layout instanceof Layout.ChannelsLast
        ? shape.get(1) * shape.get(2)
        : Math.max(shape.get(0), shape.get(1));
  }

  private String refusal(String because) {
    reason = because;
    return "%s has no default layer to look at: %s. Name a layer, or state one when the network is opened: Stated.NOTHING.targetLayer(\"…\"). network.hookPoints(picture) says more of each; the last ones are:%n%s"
        .formatted(name, because, table());
  }

  private String table() {
    try (NDManager scope = scopes.get()) {
      List<String> names = model.names();
      List<HookPoint> points = new ArrayList<>();
      NDArray picture = Positions.noise(scope, input, 0);
      for (List<String> chunk :
          chunks(names.subList(Math.max(0, names.size() - SHOWN), names.size()))) {
        points.addAll(points(picture, chunk, scope));
      }
      return points.stream().map(HookPoint::toString).collect(Collectors.joining("\n"));
    }
  }

  private List<String> findStages(String last, NDManager scope) {
    List<String> names = model.names();
    List<String> until = names.subList(0, names.indexOf(last) + 1);
    Map<String, Positions.Found> found = positions.of(until, scope, Map.of());
    Set<String> maps = new LinkedHashSet<>(until);
    maps.removeIf(layer -> found.get(layer).shape().isEmpty() || !found.get(layer).hasPositions());
    try (NDManager pass = scope.newSubManager()) {
      Map<String, NDArray> shown = new LinkedHashMap<>();
      Map<String, Trace.Hooked> outputs =
          model.trace(Positions.noise(pass, input, 0), maps).layers();
      maps.forEach(
          layer ->
              shown.put(
                  layer,
                  maps(
                      outputs.get(layer).activation(),
                      found.get(layer).layout().orElseThrow(),
                      pass)));
      ShownMaps known =
          new ShownMaps(
              model, List.copyOf(shown.keySet()), layer -> Optional.ofNullable(shown.get(layer)));
      Map<List<Long>, String> bySize = new LinkedHashMap<>();
      shown.forEach(
          (layer, map) -> {
            if (!known.isRepeated(layer) && (layer.equals(last) || !isConstant(map))) {
              List<Long> size = List.of(map.getShape().get(2), map.getShape().get(3));
              bySize.remove(size);
              bySize.put(size, known.outermost(layer));
            }
          });
      NDArray target = shown.get(last);
      if (target != null) {
        List<Long> size = List.of(target.getShape().get(2), target.getShape().get(3));
        bySize.remove(size);
        bySize.put(size, last);
      }
      return List.copyOf(bySize.values());
    }
  }

  private List<HookPoint> points(NDArray picture, List<String> layers, NDManager scope) {
    try (NDManager pass = scope.newSubManager()) {
      Seen seen = look(picture, layers, pass);
      return layers.stream().filter(seen::hasRun).map(layer -> point(layer, seen)).toList();
    }
  }

  /** Runs a picture, walks backward from the largest score, and looks at some layers. */
  private Seen look(NDArray picture, List<String> layers, NDManager pass) {
    NDArray view = picture.stopGradient();
    view.attach(pass);
    Set<String> all = new LinkedHashSet<>(layers);
    Trace trace = PyTorch.withGradients(() -> model.trace(view, all));
    trace.layers().values().forEach(layer -> PyTorch.clearGradient(layer.leaf()));
    NDArray score = PyTorch.withGradients(() -> outputs.largest(trace.logits()));
    boolean recorded = hasGradient(score);
    positions.look(layers, pass, seen(picture, trace));
    return new Seen(picture, trace, recorded, pass);
  }

  /** Walks backward; whether that leads to any layer. */
  private boolean hasGradient(NDArray score) {
    try {
      PyTorch.backward(score, score.onesLike());
      reached = true;
      return true;
    } catch (ComputationException e) {
      if (!e.isWithoutGradient() && !e.isOverwritten()) {
        throw e;
      }
      cut = e.isCutOff() ? WITHOUT_GRADIENT : WITHOUT_DERIVATIVE.formatted(e.getMessage());
      return false;
    }
  }

  /** Reads a layer's numbers. */
  private HookPoint point(String layer, Seen seen) {
    Optional<NDArray> shown = seen.shown(layer);
    NDArray gradient = seen.gradient(layer);
    float[] gradients = floats(gradient);
    return new HookPoint(
        layer,
        model.type(layer),
        Arrays.stream(seen.output(layer).getShape().getShape()).boxed().toList(),
        seen.layout(layer),
        zeros(gradients),
        shown.isPresent() ? channels(gradients, gradient.getShape()) : Double.NaN,
        shown.isPresent() && isConstant(shown.get()),
        model.isReused(layer),
        Optional.empty());
  }

  /** What layers put out for a picture of the network's own size. */
  private Map<String, Shape> seen(NDArray picture, Trace trace) {
    return picture.getShape().equals(input) ? trace.shapes() : Map.of();
  }

  private static NDArray maps(NDArray output, Layout layout, NDManager scope) {
    NDArray view = output.stopGradient();
    view.attach(scope);
    return layout.maps(view);
  }

  /** In one go: each step of the engine's takes longer than going through a small map. */
  private static float[] floats(NDArray values) {
    return values.toType(DataType.FLOAT32, false).toFloatArray();
  }

  /** The share that is exactly 0. */
  private static double zeros(float[] values) {
    int zeros = 0;
    for (float value : values) {
      if (value == 0) {
        zeros++;
      }
    }
    return (double) zeros / values.length;
  }

  /** The share of the channels, shape (1, K, h, w), that are not 0 somewhere. */
  private static double channels(float[] values, Shape shape) {
    int all = Math.toIntExact(shape.get(1));
    int places = values.length / Math.max(1, all);
    int counted = 0;
    for (int channel = 0; channel < all; channel++) {
      int place = channel * places;
      int end = place + places;
      while (place < end && values[place] == 0) {
        place++;
      }
      counted += place < end ? 1 : 0;
    }
    return (double) counted / all;
  }

  /** Whether each channel, shape (1, K, h, w), has one finite value; the first decides most. */
  private static boolean isConstant(NDArray maps) {
    long places = maps.getShape().get(2) * maps.getShape().get(3);
    try (NDArray first = maps.get(":, :1")) {
      return isConstant(floats(first), places) && isConstant(floats(maps), places);
    }
  }

  private static boolean isConstant(float[] values, long places) {
    for (int i = 0; i < values.length; i++) {
      // Of two infinities the difference is no number.
      if (values[i] - values[(int) (i - i % places)] != 0) {
        return false;
      }
    }
    return true;
  }
}
