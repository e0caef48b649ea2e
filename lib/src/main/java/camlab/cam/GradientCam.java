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
 * A method that needs the activations A and the gradients g = ∂y/∂A of one layer, and nothing else.
 * Its whole content is {@link #map}.
 */
abstract class GradientCam implements CamMethod {

  /**
   * The formula.
   *
   * @param activation A, shape (…, K, h, w)
   * @param gradient g, the same shape
   * @return the map, shape (…, h, w)
   */
  public abstract NDArray map(NDArray activation, NDArray gradient);

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

  @Override
  public final List<Heatmap> heatmaps(Recording recording, String layer, Target target) {
    NDArray activation = recording.activation(layer);
    if (activation.getShape().dimension() != 4) {
      throw new IllegalArgumentException(
          "%s needs a layer whose output has positions, shape (N, K, h, w); '%s' puts out %s. Choose a layer before the flattening, such as '%s'."
              .formatted(name(), layer, activation.getShape(), recording.network().targetLayer()));
    }
    NDArray gradient = recording.gradient(layer, target);
    List<Heatmap> maps = new ArrayList<>(recording.pictures());
    try (NDManager scope = activation.getManager().newSubManager()) {
      scope.tempAttachAll(activation, gradient);
      NDArray map = map(activation, gradient);
      for (int i = 0; i < recording.pictures(); i++) {
        maps.add(heatmap(map.get(i), recording, i, layer, target));
      }
    }
    return List.copyOf(maps);
  }

  private Heatmap heatmap(
      NDArray map, Recording recording, int picture, String layer, Target target) {
    Provenance provenance =
        new Provenance(
            name(), layer, recording.label(target, picture), recording.score(target, picture));
    return Heatmap.of(
        (int) map.getShape().get(0), (int) map.getShape().get(1), map.toFloatArray(), provenance);
  }
}
