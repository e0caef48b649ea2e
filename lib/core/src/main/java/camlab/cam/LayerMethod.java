package camlab.cam;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import camlab.capture.Recording;
import camlab.capture.Target;
import camlab.engine.ComputationException;
import camlab.heatmap.Heatmap;
import camlab.heatmap.Provenance;
import camlab.progress.Interruption;
import java.util.ArrayList;
import java.util.List;

/**
 * A method whose map has one value for each position of a layer with positions: the base of all
 * class activation maps. Its whole content is {@link #maps}.
 *
 * <p>Most formulas need less than a recording: {@link ActivationCam} asks for one in the
 * activations, {@link GradientCam} for one in activations and gradients, and {@link CamMethod#of}
 * makes a method of one line. Extend this class for a method that needs more, such as the network's
 * weights, or several passes:
 *
 * <pre>{@code
 * final class ScaledByScore extends LayerMethod {
 *   public String name() {
 *     return "scaled by score";
 *   }
 *
 *   protected NDArray maps(NDArray A, Recording recording, String layer, Target target) {
 *     return sumOverChannels(A).mul(recording.score(target, 0)); // for one picture
 *   }
 * }
 * }</pre>
 *
 * <p>Three sums and the ReLU that formulas are made of are methods of this class, to be imported
 * statically.
 */
public abstract class LayerMethod implements CamMethod {

  /** A method that holds no state. */
  protected LayerMethod() {}

  /**
   * The maps of all recorded pictures.
   *
   * @param activation the layer's output A, shape (N, K, h, w); the result and all that is worked
   *     out on the way belong to its manager
   * @param recording the forward pass it comes from
   * @param layer the dotted name of the layer
   * @param target the score to explain
   * @return shape (N, h, w), finite values; one map for each picture, at the layer's resolution
   */
  protected abstract NDArray maps(
      NDArray activation, Recording recording, String layer, Target target);

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException if the layer's output has no positions, it is not known where
   *     they are, or {@link #maps} gives anything else than one map of the layer's height and width
   *     for each picture
   * @throws java.util.concurrent.CancellationException if the thread was interrupted
   */
  @Override
  public final List<Heatmap> heatmaps(Recording recording, String layer, Target target) {
    Interruption.check("Interrupted before a map by %s.".formatted(name()));
    NDArray activation = recording.requirePositions(layer).maps(recording.output(layer));
    List<Heatmap> heatmaps = new ArrayList<>(recording.pictures());
    try (NDManager scope = activation.getManager().newSubManager()) {
      activation.attach(scope);
      NDArray maps =
          ComputationException.ofFormula(
              () ->
                  "%s cannot be worked out at '%s', of activations of shape %s"
                      .formatted(name(), layer, activation.getShape()),
              () -> maps(activation, recording, layer, target));
      requireMaps(maps.getShape(), activation.getShape());
      int height = (int) maps.getShape().get(1);
      int width = (int) maps.getShape().get(2);
      for (int i = 0; i < recording.pictures(); i++) {
        Provenance provenance =
            explainsTarget()
                ? recording.provenance(name(), layer, target, i)
                : new Provenance(name(), layer, "", Double.NaN, recording.region(i));
        heatmaps.add(Heatmap.of(height, width, maps.get(i).toFloatArray(), provenance));
      }
    }
    return List.copyOf(heatmaps);
  }

  private void requireMaps(Shape found, Shape activation) {
    Shape expected = new Shape(activation.get(0), activation.get(2), activation.get(3));
    if (!found.equals(expected)) {
      throw new IllegalArgumentException(
          "%s made %s of activations of shape %s; expected %s, one map for each picture. Sum over the channels, axis 1, and keep the positions, axes 2 and 3."
              .formatted(name(), found, activation, expected));
    }
  }

  /**
   * {@return Σ over i, j of an array of shape (…, K, h, w); shape (…, K, 1, 1)}
   *
   * @param values any array of such a shape
   */
  public static NDArray sumOverPositions(NDArray values) {
    return values.sum(new int[] {-2, -1}, true);
  }

  /**
   * {@return 1/(hw) Σ over i, j of an array of shape (…, K, h, w); shape (…, K, 1, 1)}
   *
   * @param values any array of such a shape
   */
  public static NDArray meanOverPositions(NDArray values) {
    // The engine takes one axis at a time here.
    return values.mean(new int[] {-2}, true).mean(new int[] {-1}, true);
  }

  /**
   * {@return Σ over k of an array of shape (…, K, h, w); shape (…, h, w)}
   *
   * @param values any array of such a shape
   */
  public static NDArray sumOverChannels(NDArray values) {
    return values.sum(new int[] {-3});
  }

  /**
   * {@return R(x) = max(x, 0)}
   *
   * @param values any array
   */
  public static NDArray relu(NDArray values) {
    return Activation.relu(values);
  }

  /**
   * {@return values scaled to [0, 1], those of each entry by their own least and largest; zeros
   * where these are equal}
   *
   * @param values entries along the first dimension
   */
  static NDArray scaled(NDArray values) {
    NDArray flat = values.reshape(values.getShape().get(0), -1);
    NDArray least = flat.min(new int[] {1}, true);
    NDArray range = flat.max(new int[] {1}, true).sub(least);
    NDArray constant = range.eq(0).toType(range.getDataType(), false);
    return flat.sub(least).div(range.add(constant)).reshape(values.getShape());
  }
}
