package camlab.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Map;
import java.util.Random;

/**
 * Whether a layer of a graph puts numbers in the order of their size. DJL's own blocks do not; a
 * function may, and is tried by itself: noise comes in any order.
 */
final class SortTrial {

  private static final int TRIALS = 16;

  private SortTrial() {}

  /**
   * {@return whether a layer sorts}
   *
   * @param graph the graph
   * @param layer one of its layers
   * @param picture a picture, shape (1, C, H, W); its shape is what counts
   */
  static boolean isSorting(LayerGraph graph, Layer layer, NDArray picture) {
    if (PlacesTrial.isKnown(layer)) {
      return false;
    }
    Map<String, Shape> shapes = graph.allShapes(picture);
    Random random = new Random(1);
    boolean falling = true;
    boolean rising = true;
    for (int i = 0; i < TRIALS && (falling || rising); i++) {
      try (NDManager scope = picture.getManager().newSubManager()) {
        NDList noise = new NDList();
        layer.inputs().forEach(name -> noise.add(Trial.noise(scope, shapes.get(name), random)));
        NDArray output = graph.run(layer, noise).toType(DataType.FLOAT64, false);
        double[] values = output.toDoubleArray();
        falling &= OutputTrials.isSorted(values, 1);
        rising &= OutputTrials.isSorted(values, -1);
      }
    }
    return falling || rising;
  }
}
