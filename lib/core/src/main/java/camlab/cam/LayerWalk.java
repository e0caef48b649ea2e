package camlab.cam;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import camlab.capture.Autograd;
import camlab.capture.Recording;
import camlab.capture.Target;
import camlab.network.KnownLayer;
import camlab.network.Layer;
import camlab.network.LayerGraph;
import camlab.network.LayerKind;
import camlab.network.LayeredNetwork;
import camlab.network.Network;
import camlab.network.NotApplicableException;
import camlab.network.Trial;
import camlab.progress.Interruption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Predicate;

/**
 * What every layer of a network takes and puts out for some pictures, and the way back through it:
 * from the logits to the picture, layer by layer, by a rule of one's own instead of the chain rule.
 */
final class LayerWalk {

  /** How far the layers of a program may be from the program, as a share of the largest logit. */
  private static final float ROUNDING = 1e-4f;

  private final LayerGraph graph;
  private final NDArray input;
  private final Map<String, Step> steps;

  private LayerWalk(LayerGraph graph, NDArray input, Map<String, Step> steps) {
    this.graph = graph;
    this.input = input;
    this.steps = steps;
  }

  /**
   * A layer that was run.
   *
   * @param layer the layer
   * @param kind what it is
   * @param inputs what it took
   * @param shapes what it took the shape of alone
   * @param output what it put out
   */
  record Step(Layer layer, LayerKind kind, NDList inputs, NDList shapes, NDArray output) {

    /** {@return the refusal of a method that has no rule for this layer} */
    NotApplicableException refused(String method) {
      return new NotApplicableException(
          "%s goes back through a network layer by layer, and has no rule for layer '%s' (%s). Integrated gradients ask for none."
              .formatted(method, layer.name(), layer.type()));
    }
  }

  /** How something goes back through a layer. */
  @FunctionalInterface
  interface Rule {

    /**
     * {@return what comes to each input of the layer, in their order, in the scope of these; null
     * for one to which nothing comes, and none for those of which it took the shape alone}
     *
     * @param step the layer; its arrays belong to a scope that is closed behind this
     * @param behind what has come to its output, of that shape
     */
    NDList back(Step step, NDArray behind);
  }

  /**
   * Runs a network.
   *
   * @param network any network
   * @param input shape (N, C, H, W); all that is kept belongs to its manager
   * @param method who asks, for messages
   * @throws NotApplicableException if the network's layers are not known one by one; the message
   *     says which is none
   */
  static LayerWalk of(Network network, NDArray input, String method) {
    LayerGraph graph =
        network
            .model()
            .layered()
            .orElseThrow(
                () ->
                    new NotApplicableException(
                        "%s goes back through a network layer by layer, and '%s' is a program, whose layers cannot be taken one by one. Export the network with torch.export, take one of blocks, or integrated gradients, which ask for the input alone."
                            .formatted(method, network.name())));
    Map<String, NDArray> outputs = new HashMap<>(Map.of(LayerGraph.INPUT, input));
    NDArray logits =
        graph.run(
            input,
            (layer, output) -> {
              outputs.put(layer.name(), output);
              return output;
            });
    if (!(network instanceof LayeredNetwork)) {
      requireSame(logits, network, input, method);
    }
    Map<String, Step> steps = new LinkedHashMap<>();
    for (Layer layer : graph.layers()) {
      NDList inputs = new NDList();
      layer.inputs().forEach(name -> inputs.add(outputs.get(name)));
      LayerKind kind = graph.kind(layer, inputs);
      int carried = layer.block() instanceof KnownLayer known ? known.carried() : inputs.size();
      NDList shapes = inputs.subNDList(carried);
      steps.put(
          layer.name(),
          new Step(
              layer,
              kind,
              new NDList(inputs.subList(0, carried)),
              shapes,
              outputs.get(layer.name())));
    }
    return new LayerWalk(graph, input, steps);
  }

  /**
   * Goes through a network for all pictures at once, or for one after the other where it is a
   * program: how many pictures that takes is part of it.
   *
   * @param recording of the pictures
   * @param input what went into the network, shape (N, …)
   * @param target the score of all pictures
   * @param walk for some of the pictures and their score, what it finds, of their shape
   * @return what it finds for all, in the scope of the input
   */
  static NDArray each(
      Recording recording,
      NDArray input,
      Target target,
      BiFunction<NDArray, Target, NDArray> walk) {
    if (recording.network() instanceof LayeredNetwork || recording.pictures() == 1) {
      return walk.apply(input, target);
    }
    NDList found = new NDList();
    for (int i = 0; i < recording.pictures(); i++) {
      found.add(walk.apply(one(input, i), recording.target(target, i)));
    }
    return NDArrays.concat(found);
  }

  /** {@return one picture of a batch, shape (1, …)} */
  static NDArray one(NDArray pictures, int picture) {
    return pictures.get(picture).expandDims(0);
  }

  /** What was read from a program is held against the program. */
  private static void requireSame(NDArray logits, Network network, NDArray input, String method) {
    NDArray expected = network.run(input);
    if (!logits.getShape().equals(expected.getShape()) || !Trial.same(logits, expected, ROUNDING)) {
      throw new NotApplicableException(
          "%s goes back through a network layer by layer, and the layers of '%s', taken one by one, do not give what the program gives. Integrated gradients ask for the program as a whole."
              .formatted(method, network.name()));
    }
  }

  /** {@return the layers that were run} */
  LayerGraph graph() {
    return graph;
  }

  /** {@return the step of a layer} */
  Step step(Layer layer) {
    return steps.get(layer.name());
  }

  /** {@return what the network puts out, shape (N, classes)} */
  NDArray logits() {
    return steps.get(graph.last().name()).output();
  }

  /** {@return the one layer that takes what a layer puts out; empty if there are several} */
  Optional<Step> only(Step step) {
    List<Step> takers =
        steps.values().stream()
            .filter(other -> other.layer().inputs().contains(step.layer().name()))
            .toList();
    return takers.size() == 1 ? Optional.of(takers.get(0)) : Optional.empty();
  }

  /**
   * {@return which input of a product is a gate, from 0: what a sigmoid, a softmax or one over
   * something put out, in whatever shape, multiple or sum, and shares of a softmax mixed by
   * weights, too; empty if none is, or each}
   *
   * @param step a product
   */
  Optional<Integer> gate(Step step) {
    List<String> inputs = step.layer().inputs();
    boolean first = isGate(inputs.get(0));
    return first == isGate(inputs.get(1)) ? Optional.empty() : Optional.of(first ? 0 : 1);
  }

  private boolean isGate(String name) {
    Step step = steps.get(name);
    if (step == null) {
      return false;
    }
    return switch (step.kind()) {
      case GATE, SOFTMAX -> true;
      case SAME_VALUES, LINEAR, SUM, PRODUCT -> isOf(step, this::isGate);
      default -> isShares(name);
    };
  }

  /** Whether something is made of nothing but shares of a softmax, by weights as it may be. */
  private boolean isShares(String name) {
    Step step = steps.get(name);
    if (step == null) {
      return false;
    }
    return switch (step.kind()) {
      case SOFTMAX -> true;
      case SAME_VALUES, LINEAR, SUM, PRODUCT, DENSE, CONVOLUTION, BATCH_NORM ->
          isOf(step, this::isShares);
      default -> false;
    };
  }

  private static boolean isOf(Step step, Predicate<String> all) {
    return step.layer().inputs().stream().limit(step.inputs().size()).allMatch(all);
  }

  /** {@return whether no layer with weights lies between the picture and a layer} */
  boolean isFirst(Step step) {
    Set<String> before = new HashSet<>();
    List<String> open = new ArrayList<>(step.layer().inputs());
    while (!open.isEmpty()) {
      String name = open.remove(open.size() - 1);
      if (!name.equals(LayerGraph.INPUT) && before.add(name)) {
        if (steps.get(name).kind().hasWeights()) {
          return false;
        }
        open.addAll(steps.get(name).layer().inputs());
      }
    }
    return true;
  }

  /**
   * Goes back from the logits to the picture. Where several layers take what one puts out, what
   * comes to it from them is added up.
   *
   * @param atLogits what to start from, shape (N, classes)
   * @param rule how it goes back through a layer
   * @return what comes to the picture, shape (N, C, H, W), in its manager
   * @throws java.util.concurrent.CancellationException if the thread was interrupted
   */
  NDArray back(NDArray atLogits, Rule rule) {
    Map<String, NDArray> arrived = new HashMap<>(Map.of(graph.last().name(), atLogits));
    List<Step> backward = new ArrayList<>(steps.values());
    Collections.reverse(backward);
    for (Step step : backward) {
      Interruption.check("Interrupted on the way back through the network.");
      NDArray behind = arrived.remove(step.layer().name());
      if (behind != null) {
        back(step, behind, rule, arrived);
      }
    }
    return Optional.ofNullable(arrived.get(LayerGraph.INPUT)).orElseGet(input::zerosLike);
  }

  private void back(Step step, NDArray behind, Rule rule, Map<String, NDArray> arrived) {
    NDManager manager = input.getManager();
    try (NDManager scope = manager.newSubManager()) {
      Step seen =
          new Step(
              step.layer(),
              step.kind(),
              views(step.inputs(), scope),
              views(step.shapes(), scope),
              view(step.output(), scope));
      NDList found = rule.back(seen, view(behind, scope));
      for (int i = 0; i < found.size(); i++) {
        NDArray sum = found.get(i);
        if (sum == null) {
          continue;
        }
        NDArray before = arrived.get(step.layer().inputs().get(i));
        if (before != null) {
          sum = sum.add(before);
          before.close();
        }
        sum.attach(manager);
        arrived.put(step.layer().inputs().get(i), sum);
      }
    }
    behind.close();
  }

  private static NDList views(NDList arrays, NDManager scope) {
    NDList views = new NDList();
    arrays.forEach(array -> views.add(view(array, scope)));
    return views;
  }

  private static NDArray view(NDArray array, NDManager scope) {
    NDArray view = array.stopGradient();
    view.attach(scope);
    return view;
  }

  /**
   * {@return what the chain rule makes of something behind a layer: Σ behind ⊙ ∂output/∂input, for
   * each input}
   *
   * @param step the layer
   * @param inputs where the derivatives are taken
   * @param behind of the output's shape
   * @throws NotApplicableException if whole numbers go into it
   */
  NDList gradients(Step step, NDList inputs, NDArray behind) {
    if (!inputs.stream().allMatch(input -> input.getDataType().isFloating())) {
      throw new NotApplicableException(
          "The way back through the network ends at layer '%s' (%s): whole numbers go into it, of which there is no derivative. Export the network without what makes them."
              .formatted(step.layer().name(), step.layer().type()));
    }
    return Autograd.gradients(
        inputs,
        given -> {
          NDList all = new NDList(given);
          all.addAll(step.shapes());
          return graph.run(step.layer(), all);
        },
        behind);
  }
}
