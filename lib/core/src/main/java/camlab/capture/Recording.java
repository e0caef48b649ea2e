package camlab.capture;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import camlab.engine.PyTorch;
import camlab.heatmap.ChannelMaps;
import camlab.heatmap.Position;
import camlab.heatmap.Provenance;
import camlab.heatmap.Region;
import camlab.network.LayerGraph;
import camlab.network.Layout;
import camlab.network.Network;
import camlab.network.NotApplicableException;
import camlab.network.Prediction;
import camlab.network.Trace;
import camlab.network.Trial;
import camlab.network.UnknownNameException;
import camlab.picture.Picture;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * The hook: one forward pass of a network that keeps what named layers put out, and gives the
 * gradient of any score at those layers, as often as asked.
 *
 * <pre>{@code
 * try (Recording recording = Recording.of(network, picture, "features.11")) {
 *   ChannelMaps activations = recording.activations("features.11");
 *   ChannelMaps gradients = recording.gradients("features.11", Target.of("cat"));
 * }
 * }</pre>
 *
 * <p>How: while the network runs, a zero array with a gradient attached is added to the output of
 * each recorded layer. Adding zero changes nothing, and since y depends on the sum, the gradient of
 * y at the zero is the gradient at the layer. Nothing before the earliest recorded layer takes part
 * in the backward pass, and no parameter gets a gradient. Activations are the layer's output
 * itself, before any later layer (a ReLU in place, say) can change it.
 *
 * <p>All arrays belong to the recording's own scope in native memory, which {@link #close()} frees;
 * {@link ChannelMaps} are plain Java values and stay. Closed, by itself or with its network, it
 * gives no more than its network and the names of its layers; all else is an {@link
 * IllegalStateException}. The network is never changed. A recording is used by one thread at a
 * time; several recordings of one network may live side by side.
 */
public final class Recording implements AutoCloseable {

  private final Network network;
  private final NDManager scope;
  private final NDArray input;
  private final NDArray logits;
  private final Optional<IntFunction<NDArray>> alone;
  private final Map<String, Trace.Hooked> recorded;

  /** The layers that were to be recorded; a program may not have run all of them. */
  private final Set<String> asked;

  /** What the network saw of each picture; empty if it was given an array. */
  private final List<Region> regions;

  private final Map<Target, Map<String, NDArray>> gradients = new HashMap<>();

  /** By what they are, and of which score. */
  private final Map<String, Map<Target, NDArray>> shared = new HashMap<>();

  /** Whether there may be a gradient already. */
  private boolean walked;

  private Recording(
      Network network,
      NDManager scope,
      NDArray input,
      Trace trace,
      Map<String, Trace.Hooked> recorded,
      Set<String> asked,
      List<Region> regions) {
    this.network = network;
    this.scope = scope;
    this.input = input;
    this.logits = trace.logits();
    this.alone = trace.alone();
    this.recorded = recorded;
    this.asked = asked;
    this.regions = regions;
  }

  /**
   * Runs the network on one picture.
   *
   * @param network the network
   * @param picture any picture; preprocessed as the network wants it
   * @param layers dotted names of the layers to record; {@link LayerGraph#INPUT} for the input
   * @return the recording; the caller closes it
   * @throws UnknownNameException if there is no such layer; nothing has run then
   * @throws IllegalArgumentException if no layer is named
   */
  public static Recording of(Network network, Picture picture, String... layers) {
    return of(network, List.of(Picture.required(picture)), Arrays.asList(layers));
  }

  /**
   * Runs the network on several pictures at once.
   *
   * @param network the network
   * @param pictures at least one
   * @param layers dotted names of the layers to record; {@link LayerGraph#INPUT} for the input
   * @return the recording; the caller closes it
   * @throws UnknownNameException if there is no such layer; nothing has run then
   * @throws IllegalArgumentException if there is no picture or no layer is named
   */
  public static Recording of(Network network, List<Picture> pictures, List<String> layers) {
    requireKnown(network, layers);
    return network.whileOpen(() -> ofPictures(network, pictures, layers));
  }

  private static Recording ofPictures(
      Network network, List<Picture> pictures, List<String> layers) {
    NDManager scope = network.newScope();
    try {
      List<Region> regions = pictures.stream().map(network.preprocessing()::region).toList();
      return record(network, scope, network.input(scope, pictures), layers, regions);
    } catch (RuntimeException | Error e) {
      scope.close();
      throw e;
    }
  }

  /**
   * Runs the network on an array that is already preprocessed. Its maps lie over the network's
   * view: nobody knows of what part of which picture that was made.
   *
   * @param network the network
   * @param input shape (N, C, H, W); copied into the recording's scope
   * @param layers dotted names of the layers to record; {@link LayerGraph#INPUT} for the input
   * @return the recording; the caller closes it
   * @throws UnknownNameException if there is no such layer; nothing has run then
   * @throws IllegalArgumentException if no layer is named, or the array is of no picture
   */
  public static Recording of(Network network, NDArray input, List<String> layers) {
    return of(network, input, layers, List.of());
  }

  /**
   * Runs the network on an array that somebody made of a picture, nobody knows of which part. Its
   * maps lie over what was made, and over pictures of that size: over another they are refused,
   * where those of {@link #of(Network, NDArray, List)} would be drawn all over it.
   *
   * @param network the network
   * @param view shape (N, C, H, W); copied into the recording's scope
   * @param layers dotted names of the layers to record; {@link LayerGraph#INPUT} for the input
   * @return the recording; the caller closes it
   * @throws UnknownNameException if there is no such layer; nothing has run then
   * @throws IllegalArgumentException if no layer is named, the array is of no picture, or its shape
   *     is another
   */
  public static Recording ofView(Network network, NDArray view, List<String> layers) {
    PyTorch.requireOpen(view);
    Shape shape = view.getShape();
    if (shape.dimension() != 4) {
      throw new IllegalArgumentException(
          "A view is an array of shape (N, C, H, W), found %s.".formatted(shape));
    }
    Region whole = Region.whole(Math.toIntExact(shape.get(3)), Math.toIntExact(shape.get(2)));
    return of(network, view, layers, Collections.nCopies(Math.toIntExact(shape.get(0)), whole));
  }

  private static Recording of(
      Network network, NDArray input, List<String> layers, List<Region> regions) {
    requireKnown(network, layers);
    requirePictures(input);
    return network.whileOpen(() -> ofArray(network, input, layers, regions));
  }

  private static Recording ofArray(
      Network network, NDArray input, List<String> layers, List<Region> regions) {
    NDManager scope = network.newScope();
    try {
      NDArray copy = input.stopGradient().toDevice(network.device(), true);
      copy.attach(scope);
      return record(network, scope, copy, layers, regions);
    } catch (RuntimeException | Error e) {
      scope.close();
      throw e;
    }
  }

  /** A network may run none, but there is no first picture to explain then. */
  private static void requirePictures(NDArray input) {
    PyTorch.requireOpen(input);
    Shape shape = input.getShape();
    if (shape.dimension() > 0 && shape.get(0) == 0) {
      throw new IllegalArgumentException(
          "At least one picture is needed, found an array of shape %s.".formatted(shape));
    }
  }

  private static void requireKnown(Network network, List<String> layers) {
    if (layers.isEmpty()) {
      throw new IllegalArgumentException(
          "Expected the names of layers to record, found none: name at least one of those that network.layers() lists.");
    }
    layers.forEach(layer -> resolve(network, layer));
  }

  private static String resolve(Network network, String layer) {
    Objects.requireNonNull(
        layer, "Expected the name of a layer to record, found null: network.layers() lists them.");
    return layer.equals(LayerGraph.INPUT) ? layer : network.model().resolve(layer);
  }

  private static Recording record(
      Network network, NDManager scope, NDArray input, List<String> layers, List<Region> regions) {
    Set<String> names = new LinkedHashSet<>();
    layers.forEach(name -> names.add(resolve(network, name)));
    Set<String> asked = Set.copyOf(names);
    Map<String, Trace.Hooked> recorded = new LinkedHashMap<>();
    Trace trace;
    if (names.remove(LayerGraph.INPUT)) {
      Trace.Hooked hooked = Trace.Hooked.of(input);
      recorded.put(LayerGraph.INPUT, hooked);
      trace = Autograd.recorded(() -> network.trace(hooked.sum(), names));
    } else {
      trace = network.traceWithGradients(input, names);
    }
    recorded.putAll(trace.layers());
    return new Recording(network, scope, input, trace, recorded, asked, regions);
  }

  /** {@return the network that was run} */
  public Network network() {
    return network;
  }

  /** {@return the names of the recorded layers in the order they ran} */
  public List<String> layers() {
    return List.copyOf(recorded.keySet());
  }

  /** {@return how many pictures were run} */
  public int pictures() {
    requireOpen();
    return (int) logits.getShape().get(0);
  }

  /** {@return what went into the network, shape (N, C, H, W); belongs to the recording} */
  public NDArray input() {
    requireOpen();
    return input.stopGradient();
  }

  /**
   * {@return what the network put out, shape (N, classes) with the logits of the classes, or of
   * more dimensions where it puts out maps or boxes; belongs to the recording}
   */
  public NDArray logits() {
    requireOpen();
    return logits.stopGradient();
  }

  /**
   * {@return what the network says of the first picture, from the most to the least likely class}
   *
   * @see #predictions(int)
   */
  public List<Prediction> predictions() {
    return predictions(0);
  }

  /**
   * {@return what the network says of a picture, from the most to the least likely class}
   *
   * @param picture which picture, from 0
   * @throws IndexOutOfBoundsException if there is no such picture
   * @throws NotApplicableException if the network does not put out one number for each class
   */
  public List<Prediction> predictions(int picture) {
    return network.predictions(numbers(picture));
  }

  /**
   * {@return the value of a score for a picture}
   *
   * @param target the score
   * @param picture which picture, from 0
   * @throws IndexOutOfBoundsException if there is no such picture, or no class has the index
   * @throws UnknownNameException if no class has the name
   */
  public double score(Target target, int picture) {
    Target own = target(target, picture);
    return network.whileOpen(
        () ->
            own.value(numbers(picture), network.classes())
                .toType(DataType.FLOAT64, false)
                .getDouble());
  }

  /**
   * {@return what to call a target in a title: a class's name, also where the target is the
   * predicted one}
   *
   * @param target the score
   * @param picture which picture, from 0
   * @throws IndexOutOfBoundsException if there is no such picture, or no class has the index
   * @throws UnknownNameException if no class has the name
   */
  public String label(Target target, int picture) {
    return target(target, picture).label(numbers(picture), network.classes());
  }

  /**
   * {@return the score of one recorded picture that stays the same when the picture is changed}
   *
   * @param target the score of all pictures
   * @param picture which picture, from 0
   * @throws IllegalArgumentException if each picture has a target of its own, and there are more or
   *     fewer targets than pictures
   * @throws IndexOutOfBoundsException if there is no such picture
   * @see Target#ofPicture
   */
  public Target target(Target target, int picture) {
    Target.required(target);
    requirePicture(picture);
    return target.ofPicture(logits(), picture, network.classes());
  }

  /** What the network put out for a picture. */
  private NDArray numbers(int picture) {
    requirePicture(picture);
    return logits().get(picture);
  }

  private void requirePicture(int picture) {
    Position.requireIndex("picture", picture, pictures());
  }

  /**
   * The part of a recorded picture that the network saw.
   *
   * @param picture which picture, from 0
   * @return empty if the network was given an array and no picture
   * @throws IndexOutOfBoundsException if there is no such picture
   */
  public Optional<Region> region(int picture) {
    requirePicture(picture);
    return regions.isEmpty() ? Optional.empty() : Optional.of(regions.get(picture));
  }

  /**
   * {@return where a map of a score comes from: method, layer, the score's name and value, and the
   * part of the picture that the network saw}
   *
   * @param method the method's name
   * @param layer the dotted name of the layer
   * @param target the score
   * @param picture which picture, from 0
   * @throws IndexOutOfBoundsException if there is no such picture, or no class has the index
   * @throws UnknownNameException if no class has the name
   */
  public Provenance provenance(String method, String layer, Target target, int picture) {
    return new Provenance(
        method, layer, label(target, picture), score(target, picture), region(picture));
  }

  /**
   * A layer's output for all pictures, as maps: channels first, whatever the layer's own layout is.
   * Tokens that have no position are left out; {@link #output} has them.
   *
   * @param layer the dotted name of a recorded layer, or of a container that ends with one
   * @return shape (N, K, h, w), or (N, K) and the like where there are no positions; belongs to the
   *     recording
   * @throws UnknownNameException if the layer was not recorded
   * @throws IllegalArgumentException if it is not known where the positions are; the message shows
   *     how to state it
   */
  public NDArray activation(String layer) {
    return asMaps(layer, output(layer));
  }

  /**
   * The gradient of a score at a layer, g = ∂y/∂A, for all pictures; each picture's gradient is
   * that of its own score.
   *
   * @param layer the dotted name of a recorded layer
   * @param target the score y
   * @return the shape of {@link #activation}; zeros where the score does not depend on the layer
   * @throws UnknownNameException if the layer was not recorded, or no class has the name
   * @throws IndexOutOfBoundsException if no class has the index
   * @throws IllegalArgumentException if it is not known where the positions are
   */
  public NDArray gradient(String layer, Target target) {
    return asMaps(layer, outputGradient(layer, target));
  }

  /**
   * A layer's output for all pictures, as the layer puts it out.
   *
   * @param layer the dotted name of a recorded layer, or of a container that ends with one
   * @return of the shape that the layer has; belongs to the recording
   * @throws UnknownNameException if the layer was not recorded
   * @see #activation
   */
  public NDArray output(String layer) {
    return find(layer).activation().stopGradient();
  }

  /**
   * The gradient of a score at a layer, for all pictures, in the shape of what the layer puts out.
   *
   * @param layer the dotted name of a recorded layer
   * @param target the score y
   * @return the shape of {@link #output}; zeros where the score does not depend on the layer
   * @throws UnknownNameException if the layer was not recorded, or no class has the name
   * @throws IndexOutOfBoundsException if no class has the index
   * @see #gradient
   */
  public NDArray outputGradient(String layer, Target target) {
    Target.required(target);
    String name = nameOf(layer);
    return network.whileOpen(() -> gradients.computeIfAbsent(target, this::backward).get(name));
  }

  /**
   * The second derivative of a score at a layer along the layer's own output, H A with H = ∂²y/∂A²,
   * for all pictures. It says how the gradient changes as the output grows: g(A + εA) = g(A) + εHA.
   * Where the network behind the layer is made of linear layers and ReLUs, it is zero for a logit.
   *
   * @param layer the dotted name of a recorded layer
   * @param target the score y
   * @return the shape of {@link #activation}; belongs to the recording
   * @throws UnknownNameException if the layer was not recorded, or no class has the name
   * @throws IndexOutOfBoundsException if no class has the index
   * @throws NotApplicableException if something behind the layer has no second derivative
   * @throws IllegalArgumentException if it is not known where the positions are
   */
  public NDArray curvature(String layer, Target target) {
    Target.required(target);
    Trace.Hooked hooked = find(layer);
    return network.whileOpen(() -> curvature(layer, hooked, target));
  }

  private NDArray curvature(String layer, Trace.Hooked hooked, Target target) {
    NDArray sum = Autograd.recorded(() -> target.sum(logits, network.classes()));
    NDArray direction = hooked.activation().stopGradient();
    return asMaps(layer, Autograd.secondDerivative(sum, hooked.leaf(), direction));
  }

  /**
   * An array that one method works out of this recording, and another one takes further: it is
   * worked out when it is first asked for.
   *
   * @param what what it is; whoever says the same means the same array
   * @param target the score that it is of
   * @param worked works it out
   * @return the array; belongs to the recording
   */
  public NDArray shared(String what, Target target, Supplier<NDArray> worked) {
    requireOpen();
    NDArray array =
        shared
            .computeIfAbsent(what, unseen -> new HashMap<>())
            .computeIfAbsent(
                Target.required(target),
                unseen -> {
                  NDArray found = worked.get();
                  found.attach(scope);
                  return found;
                });
    return array.stopGradient();
  }

  /**
   * {@return where the positions are in what a layer puts out}
   *
   * @param layer the dotted name of a recorded layer
   * @throws UnknownNameException if the layer was not recorded
   * @throws IllegalArgumentException if it has no positions, or it is not known where they are; the
   *     message says what was found and how to state it
   */
  public Layout requirePositions(String layer) {
    nameOf(layer);
    // Those of all recorded layers in the same passes: whoever records several asks for several.
    layouts();
    return network.requirePositions(layer);
  }

  /** One picture has shown already what the layers put out for one. */
  private Map<String, Optional<Layout>> layouts() {
    if (!input.getShape().equals(network.inputShape())) {
      return network.layouts(recorded.keySet());
    }
    Map<String, Shape> outputs = new LinkedHashMap<>();
    recorded.forEach((layer, hooked) -> outputs.put(layer, hooked.activation().getShape()));
    return network.layouts(outputs);
  }

  private NDArray asMaps(String layer, NDArray output) {
    if (output.getShape().dimension() <= 2) {
      return output;
    }
    boolean vector =
        layouts().get(nameOf(layer)).map(layout -> !layout.hasPositions()).orElse(false);
    return vector ? output : requirePositions(layer).maps(output);
  }

  /** One backward pass gives the gradients of one score at all recorded layers. */
  private Map<String, NDArray> backward(Target target) {
    NDArray sum =
        Autograd.recorded(
            () -> alone(target).orElseGet(() -> target.sum(logits, network.classes())));
    Map<String, NDArray> result = new HashMap<>();
    if (walked) {
      // A second backward pass would add to what the first one left.
      recorded.values().forEach(layer -> PyTorch.clearGradient(layer.leaf()));
    }
    walked = true;
    Autograd.backward(sum, sum.onesLike());
    recorded.forEach(
        (name, layer) -> {
          NDArray gradient = layer.gradient();
          result.put(name, gradient.duplicate());
          gradient.close();
        });
    return result;
  }

  /**
   * The sum of one class's logits, worked out without the other classes; empty if it is asked for
   * more than one class, or that gives other numbers.
   */
  private Optional<NDArray> alone(Target target) {
    boolean areScores = logits.getShape().dimension() == 2;
    if (alone.isEmpty() || !areScores || !(target instanceof Target.OfClass ofClass)) {
      return Optional.empty();
    }
    NDArray known = logits.stopGradient();
    int[] classes =
        IntStream.range(0, pictures())
            .map(
                i ->
                    ofClass
                        .ofPicture(known, i, network.classes())
                        .index(known.get(i), network.classes()))
            .distinct()
            .toArray();
    if (classes.length > 1) {
      return Optional.empty();
    }
    NDArray one = alone.get().apply(classes[0]);
    return areLogits(one.stopGradient().toFloatArray(), classes[0])
        ? Optional.of(one.sum())
        : Optional.empty();
  }

  /** Whether numbers are the logits of a class, but for rounding. */
  private boolean areLogits(float[] found, int index) {
    float[] all = logits.stopGradient().toFloatArray();
    float largest = 0;
    for (float logit : all) {
      largest = Math.max(largest, Math.abs(logit));
    }
    float rounding = Trial.rounding(network.model().precision()) * largest;
    int classes = all.length / found.length;
    return IntStream.range(0, found.length)
        .allMatch(i -> Math.abs(found[i] - all[i * classes + index]) <= rounding);
  }

  /**
   * {@return the first picture's activations as plain values} See {@link #activation}.
   *
   * @param layer the dotted name of the layer
   */
  public ChannelMaps activations(String layer) {
    return activations(layer, 0);
  }

  /**
   * {@return one picture's activations as plain values, which stay when the recording closes}
   *
   * @param layer the dotted name of a recorded layer
   * @param picture which picture, from 0
   * @throws IndexOutOfBoundsException if there is no such picture
   */
  public ChannelMaps activations(String layer, int picture) {
    requirePicture(picture);
    return maps(layer, activation(layer).get(picture), picture);
  }

  /**
   * {@return the first picture's gradients as plain values} See {@link #gradient}.
   *
   * @param layer the dotted name of the layer
   * @param target the score to explain
   */
  public ChannelMaps gradients(String layer, Target target) {
    return gradients(layer, target, 0);
  }

  /**
   * {@return one picture's gradients as plain values, which stay when the recording closes}
   *
   * @param layer the dotted name of a recorded layer
   * @param target the score y
   * @param picture which picture, from 0
   * @throws IndexOutOfBoundsException if there is no such picture
   */
  public ChannelMaps gradients(String layer, Target target, int picture) {
    requirePicture(picture);
    return maps(layer, gradient(layer, target).get(picture), picture);
  }

  /** An output of several dimensions without positions is all channels, in whatever order. */
  private ChannelMaps maps(String layer, NDArray array, int picture) {
    long[] shape = array.getShape().getShape();
    if (shape.length != 3) {
      shape = new long[] {array.size()};
    }
    return ChannelMaps.of(
        layer,
        (int) shape[0],
        shape.length > 1 ? (int) shape[1] : 1,
        shape.length > 2 ? (int) shape[2] : 1,
        array.toFloatArray(),
        region(picture));
  }

  private Trace.Hooked find(String layer) {
    return recorded.get(nameOf(layer));
  }

  private void requireOpen() {
    if (!scope.isOpen()) {
      throw new IllegalStateException(
          "This recording of %s has been closed, or its network has: what it held is freed. Ask it before that, inside its try block, or record again; ChannelMaps and heatmaps that it gave stay."
              .formatted(network.name()));
    }
  }

  private String nameOf(String layer) {
    requireOpen();
    String known = resolve(network, layer);
    if (asked.contains(known) && !recorded.containsKey(known)) {
      throw new NotApplicableException(
          "The layer '%s' did not run for this picture, since the program went another way, or puts out no numbers with a fraction. Layers that ran when it was tried are listed by network.layers()."
              .formatted(layer));
    }
    if (!recorded.containsKey(known)) {
      throw UnknownNameException.of("recorded layer", layer, new ArrayList<>(recorded.keySet()));
    }
    return known;
  }

  /** Frees everything the recording holds in native memory. Closing again does nothing. */
  @Override
  public void close() {
    scope.close();
  }
}
