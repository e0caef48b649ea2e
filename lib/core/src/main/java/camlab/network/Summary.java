package camlab.network;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import camlab.engine.PyTorch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a network is made of, layer by layer, with totals.
 *
 * @param name the network's name
 * @param rows the input, and every layer in the order they run
 * @param inputValues how many numbers one picture has
 */
public record Summary(String name, List<Row> rows, long inputValues) {

  private static final double BYTES_PER_MIB = 1 << 20;

  /** Forward values are kept for the backward pass, and a gradient of the same size joins them. */
  private static final int FORWARD_AND_BACKWARD = 2;

  /**
   * One layer.
   *
   * @param layer its dotted name
   * @param type what it computes, such as {@code Conv2d}
   * @param outputShape the shape it puts out for one picture, without the batch: (K, h, w) or (K)
   * @param parameters how many trainable values it has
   * @param cumulative the trainable values of this and all layers above it in the table
   */
  public record Row(
      String layer, String type, List<Long> outputShape, long parameters, long cumulative) {

    /** {@return the name and type, such as {@code features.0 (Conv2d)}} */
    public String label() {
      return "%s (%s)".formatted(layer, type);
    }

    /** {@return the shape in words, such as {@code 64 × 55 × 55}} */
    public String shapeText() {
      return outputShape.stream().map(String::valueOf).collect(Collectors.joining(" × "));
    }

    private long outputValues() {
      return outputShape.stream().reduce(1L, Math::multiplyExact);
    }
  }

  /**
   * Copies the rows.
   *
   * @param name the network's name
   * @param rows the input, and every layer in the order they run
   * @param inputValues how many numbers one picture has
   */
  public Summary {
    rows = List.copyOf(rows);
  }

  /**
   * {@return the summary of a network, for one picture of the size it takes}
   *
   * @param network the network
   */
  public static Summary of(LayeredNetwork network) {
    return of(network.name(), network.graph(), network.inputShape());
  }

  /**
   * {@return the summary of a plan; makes the network without weights to do so}
   *
   * @param architecture the plan
   */
  public static Summary of(Architecture architecture) {
    try (NDManager scope = PyTorch.newScope()) {
      return of(architecture.name(), architecture.allocate(scope), architecture.inputShape());
    }
  }

  private static Summary of(String name, LayerGraph graph, Shape input) {
    List<Row> rows = new ArrayList<>();
    rows.add(new Row(LayerGraph.INPUT, "Input", withoutBatch(input), 0, 0));
    Map<String, Shape> shapes = graph.outputShapes(input);
    long cumulative = 0;
    for (Layer layer : graph.layers()) {
      long parameters = layer.parameterCount();
      cumulative += parameters;
      rows.add(
          new Row(
              layer.name(),
              layer.type(),
              withoutBatch(shapes.get(layer.name())),
              parameters,
              cumulative));
    }
    return new Summary(name, rows, input.size());
  }

  private static List<Long> withoutBatch(Shape shape) {
    return Arrays.stream(shape.getShape()).skip(1).boxed().toList();
  }

  /** {@return all trainable values} */
  public long parameters() {
    return rows.get(rows.size() - 1).cumulative();
  }

  /** {@return the size of one picture as the network takes it, in MiB of single precision} */
  public double inputMegabytes() {
    return inputValues * Float.BYTES / BYTES_PER_MIB;
  }

  /** {@return the size of all layers' outputs and their gradients for one picture, in MiB} */
  public double passMegabytes() {
    long values =
        rows.stream()
            .filter(row -> !row.layer().equals(LayerGraph.INPUT))
            .mapToLong(Row::outputValues)
            .sum();
    return FORWARD_AND_BACKWARD * values * Float.BYTES / BYTES_PER_MIB;
  }

  /** {@return the size of the weights in MiB of single precision} */
  public double parameterMegabytes() {
    return parameters() * Float.BYTES / BYTES_PER_MIB;
  }
}
