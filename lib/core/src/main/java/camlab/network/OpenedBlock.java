package camlab.network;

import ai.djl.ndarray.NDList;
import ai.djl.nn.AbstractSymbolBlock;
import ai.djl.nn.Block;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.SequentialBlock;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Turns a user's DJL block into a graph of layers. The graph holds the user's own blocks, so it
 * shares their parameters, and nothing in them is changed.
 *
 * <p>Opened are {@link SequentialBlock}, {@link ParallelBlock} and {@link LayerGraph}, as deep as
 * they are nested. Every other block is one layer: its children run wherever its code says, and
 * only that code knows where. They cannot be watched from outside: DJL calls no listener, {@code
 * forward} is final, the code holds its children in fields of its own, so that others in their
 * place would not be asked, and a store of parameters sees which child begins, but not what it puts
 * out. {@link Network#describe} names such layers. A layer's name is the way to it, the places of
 * the children from 0: {@code 3.0.1} is the second child of the first child of the fourth child. A
 * block that is one layer by itself has the name of its class. What joins the branches of a
 * parallel block is a layer behind them, {@code join}.
 */
final class OpenedBlock {

  private static final String JOIN = "join";

  /** The field's names of what DJL calls otherwise. */
  private static final Map<String, String> FIELD_NAMES =
      Map.of(
          "identity", "Identity",
          "batchFlatten", "Flatten",
          "maxPool2d", "MaxPool2d",
          "avgPool2d", "AvgPool2d",
          "globalAvgPool2d", "AdaptiveAvgPool2d");

  private final LayerGraph.Builder graph = LayerGraph.builder();

  private OpenedBlock() {}

  /**
   * Opens a block.
   *
   * @param block the user's own
   * @param output which of several outputs of its last layer counts, from 0, if it is stated
   * @throws IllegalArgumentException if it is or holds a program of the engine, or has layers with
   *     several outputs; the message names it
   */
  static LayerGraph open(Block block, Optional<String> output) {
    LayerGraph graph = open(block);
    return output.map(name -> chosen(graph, name)).orElse(graph);
  }

  private static LayerGraph chosen(LayerGraph graph, String output) {
    if (!output.matches("\\d{1,4}")) {
      throw new IllegalArgumentException(
          "Output '%s' was stated, but a block's outputs have no names. State a number, from 0: Stated.NOTHING.output(0)."
              .formatted(output));
    }
    LayerGraph.Builder builder = LayerGraph.builder();
    for (Layer layer : graph.layers()) {
      Block run =
          layer.name().equals(graph.last().name())
              ? new ChosenOutput(layer.block(), Integer.parseInt(output))
              : layer.block();
      builder.add(layer.name(), layer.type(), run, layer.inputs().toArray(String[]::new));
    }
    return builder.build();
  }

  private static LayerGraph open(Block block) {
    if (block instanceof LayerGraph layers) {
      return layers;
    }
    if (block instanceof AbstractSymbolBlock) {
      throw new IllegalArgumentException(
          "A %s is a program of the engine, so none of its layers can be hooked. Open its TorchScript file with TorchScript.load; one of another engine can only be asked, DjlPredictor.of(name, model.newPredictor())."
              .formatted(block.getClass().getSimpleName()));
    }
    OpenedBlock opened = new OpenedBlock();
    opened.add(isOpen(block) ? "" : type(block), block, LayerGraph.INPUT);
    return opened.graph.build();
  }

  /** Adds a block's layers, and returns the name of the one whose output is the block's. */
  private String add(String name, Block block, String input) {
    if (block instanceof LayerGraph layers) {
      return addGraph(name, layers, input);
    }
    if (!isOpen(block)) {
      requireNoProgram(name, block);
      graph.add(name, type(block), isRelu6(block) ? Layers.relu6() : block, input);
      return name;
    }
    String prefix = name.isEmpty() ? "" : name + ".";
    List<Block> children = block.getChildren().values();
    if (block instanceof ParallelBlock parallel) {
      String[] branches = new String[children.size()];
      for (int i = 0; i < branches.length; i++) {
        branches[i] = add(prefix + i, children.get(i), input);
      }
      graph.add(prefix + JOIN, "Join", join(name, parallel), branches);
      return prefix + JOIN;
    }
    String last = input;
    for (int i = 0; i < children.size(); i++) {
      last = add(prefix + i, children.get(i), last);
    }
    return last;
  }

  private String addGraph(String name, LayerGraph layers, String input) {
    for (Layer layer : layers.layers()) {
      String[] inputs =
          layer.inputs().stream()
              .map(from -> from.equals(LayerGraph.INPUT) ? input : name + "." + from)
              .toArray(String[]::new);
      graph.add(name + "." + layer.name(), layer.type(), layer.block(), inputs);
    }
    return name + "." + layers.last().name();
  }

  private static void requireNoProgram(String name, Block block) {
    if (block instanceof AbstractSymbolBlock) {
      throw new IllegalArgumentException(
          "Layer '%s' is a program of the engine (%s), through which no gradient comes when it runs as it is when trained. Open its TorchScript file with TorchScript.load."
              .formatted(name, block.getClass().getSimpleName()));
    }
  }

  /**
   * A subclass that runs its children in a way of its own is no sequence and no set of branches.
   */
  private static boolean isOpen(Block block) {
    if (block instanceof SequentialBlock sequential && sequential.isReturnIntermediate()) {
      return false;
    }
    Class<?> runs = block.getClass();
    while (runs != Object.class && !declaresForward(runs)) {
      runs = runs.getSuperclass();
    }
    return runs == SequentialBlock.class || runs == ParallelBlock.class;
  }

  private static boolean declaresForward(Class<?> type) {
    return Arrays.stream(type.getDeclaredMethods())
        .anyMatch(method -> method.getName().equals("forwardInternal"));
  }

  /** The function that joins the branches, as a block of its own; DJL has no way to ask for it. */
  private static Block join(String name, ParallelBlock block) {
    try {
      Field field = ParallelBlock.class.getDeclaredField("function");
      field.setAccessible(true);
      @SuppressWarnings("unchecked")
      Function<List<NDList>, NDList> function = (Function<List<NDList>, NDList>) field.get(block);
      return new LambdaBlock(
          outputs -> {
            List<NDList> branches = new ArrayList<>(outputs.size());
            outputs.forEach(output -> branches.add(new NDList(output)));
            return function.apply(branches);
          },
          JOIN);
    } catch (ReflectiveOperationException | RuntimeException e) {
      throw new IllegalStateException(
          "What joins the branches of the ParallelBlock '%s' cannot be read from this version of DJL."
              .formatted(name),
          e);
    }
  }

  private static boolean isRelu6(Block block) {
    return block instanceof LambdaBlock lambda && lambda.getName().equals(Layers.RELU6);
  }

  /** A function's name, where somebody has given it one, or the class of the block. */
  private static String type(Block block) {
    if (block instanceof LambdaBlock lambda
        && !lambda.getName().equals(LambdaBlock.DEFAULT_NAME)
        && !lambda.getName().contains("$$")) {
      return FIELD_NAMES.getOrDefault(lambda.getName(), lambda.getName());
    }
    String type = block.getClass().getSimpleName();
    return type.isEmpty() ? "Block" : type;
  }
}
