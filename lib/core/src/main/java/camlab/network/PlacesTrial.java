package camlab.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.LambdaBlock;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Whether the layers of a graph leave the places of maps where they are, all of them.
 *
 * <p>DJL's own blocks do, but for functions, which may be anything. So a function is tried by
 * itself: where maps of noise are changed at one place, what it puts out has to change most there,
 * and nowhere else nearly as much.
 */
final class PlacesTrial {

  private static final int MAPS = 4;

  /** So large that a window's maximum is there. */
  private static final float CHANGE = 10 * Trial.SCALE;

  /** Of the largest change. */
  private static final float MUCH = 0.5f;

  private final LayerGraph graph;
  private final Map<String, Shape> shapes;
  private final NDManager scope;
  private final Random random = new Random(1);

  private PlacesTrial(LayerGraph graph, Map<String, Shape> shapes, NDManager scope) {
    this.graph = graph;
    this.shapes = shapes;
    this.scope = scope;
  }

  /**
   * Whether no layer puts places elsewhere or leaves some out, as far as trials show.
   *
   * @param input a picture; its shape is what counts
   */
  static boolean areKept(LayerGraph graph, NDArray input) {
    try (NDManager scope = input.getManager().newSubManager()) {
      PlacesTrial trial = new PlacesTrial(graph, graph.allShapes(input), scope);
      return graph.layers().stream().allMatch(layer -> isKnown(layer) || trial.keeps(layer));
    }
  }

  /** Whether a layer is no function, and none of somebody's own blocks. */
  static boolean isKnown(Layer layer) {
    return !(layer.block() instanceof LambdaBlock)
        && (layer.block() instanceof KnownLayer || Rectifiers.isOfDjl(layer.block()));
  }

  private boolean keeps(Layer layer) {
    Shape output = shapes.get(layer.name());
    if (output.dimension() != MAPS || output.get(2) * output.get(3) == 1) {
      return true; // there are no places behind it
    }
    Shape first = shapes.get(layer.inputs().get(0));
    for (String name : layer.inputs()) {
      Shape input = shapes.get(name);
      boolean fits =
          input.dimension() == MAPS
              && input.get(0) == output.get(0)
              && input.get(2) == first.get(2)
              && input.get(3) == first.get(3);
      if (!fits) {
        return false;
      }
    }
    long rows = first.get(2);
    long columns = first.get(3);
    return keeps(layer, 0, 0)
        && keeps(layer, 0, columns - 1)
        && keeps(layer, rows - 1, 0)
        && keeps(layer, rows / 3, columns - 1 - columns / 4);
  }

  /** Whether a change at one place is seen there. */
  private boolean keeps(Layer layer, long row, long column) {
    NDList noise = new NDList();
    for (String input : layer.inputs()) {
      noise.add(Trial.noise(scope, shapes.get(input), random));
    }
    NDArray before = graph.run(layer, noise);
    for (float change : List.of(CHANGE, -CHANGE)) {
      NDList changed = new NDList();
      for (NDArray maps : noise) {
        NDArray other = maps.duplicate();
        other.set(new NDIndex(":, :, {}, {}", row, column), change);
        changed.add(other);
      }
      NDArray difference = graph.run(layer, changed).sub(before).abs().sum(new int[] {0, 1});
      float largest = difference.max().getFloat();
      if (largest > 0) {
        return isAt(difference, largest, noise.head().getShape(), row, column);
      }
    }
    return false;
  }

  private static boolean isAt(
      NDArray difference, float largest, Shape input, long row, long column) {
    float[] values = difference.toFloatArray();
    int width = Math.toIntExact(difference.getShape().get(1));
    int height = values.length / width;
    for (int i = 0; i < values.length; i++) {
      boolean far =
          isFar(i / width, height, row, input.get(2))
              || isFar(i % width, width, column, input.get(3));
      if (far && !(values[i] < MUCH * largest)) {
        return false;
      }
    }
    return true;
  }

  /** More than a place of each between the middles of two, as shares of the side. */
  private static boolean isFar(long one, long ones, long two, long twos) {
    double between = Math.abs((one + 0.5) / ones - (two + 0.5) / twos);
    return between > 1.0 / ones + 1.0 / twos;
  }
}
