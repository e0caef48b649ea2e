package camlab.cam;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import camlab.capture.Recording;
import camlab.capture.Target;
import camlab.heatmap.Heatmap;
import camlab.heatmap.Provenance;
import java.util.ArrayList;
import java.util.List;

/**
 * A method whose map has one value for each position of a layer with positions. Its whole content
 * is {@link #maps}.
 */
abstract class LayerMethod implements CamMethod {

  /**
   * The maps of all recorded pictures.
   *
   * @param activation the layer's output A, shape (N, K, h, w); the result and all that is worked
   *     out on the way belong to its manager
   * @param recording the forward pass it comes from
   * @param layer the dotted name of the layer
   * @param target the score to explain
   * @return shape (N, h, w)
   */
  abstract NDArray maps(NDArray activation, Recording recording, String layer, Target target);

  @Override
  public final List<Heatmap> heatmaps(Recording recording, String layer, Target target) {
    NDArray activation = recording.activation(layer);
    if (activation.getShape().dimension() != 4) {
      throw new IllegalArgumentException(
          "%s needs a layer whose output has positions, shape (N, K, h, w); '%s' puts out %s. Choose a layer before the flattening, such as '%s'."
              .formatted(name(), layer, activation.getShape(), recording.network().targetLayer()));
    }
    List<Heatmap> heatmaps = new ArrayList<>(recording.pictures());
    try (NDManager scope = activation.getManager().newSubManager()) {
      activation.attach(scope);
      NDArray maps = maps(activation, recording, layer, target);
      int height = (int) maps.getShape().get(1);
      int width = (int) maps.getShape().get(2);
      for (int i = 0; i < recording.pictures(); i++) {
        Provenance provenance =
            explainsTarget()
                ? new Provenance(
                    name(), layer, recording.label(target, i), recording.score(target, i))
                : new Provenance(name(), layer, "", Double.NaN);
        heatmaps.add(Heatmap.of(height, width, maps.get(i).toFloatArray(), provenance));
      }
    }
    return List.copyOf(heatmaps);
  }

  /** Σ over i, j of an array of shape (…, K, h, w); shape (…, K, 1, 1). */
  static NDArray sumOverPositions(NDArray values) {
    return values.sum(new int[] {-2, -1}, true);
  }

  /** 1/(hw) Σ over i, j of an array of shape (…, K, h, w); shape (…, K, 1, 1). */
  static NDArray meanOverPositions(NDArray values) {
    // The engine takes one axis at a time here.
    return values.mean(new int[] {-2}, true).mean(new int[] {-1}, true);
  }

  /** Σ over k of an array of shape (…, K, h, w); shape (…, h, w). */
  static NDArray sumOverChannels(NDArray values) {
    return values.sum(new int[] {-3});
  }

  /** R(x) = max(x, 0). */
  static NDArray relu(NDArray values) {
    return values.maximum(0);
  }
}
