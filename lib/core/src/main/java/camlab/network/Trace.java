package camlab.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * What one hooked run leaves.
 *
 * @param logits shape (N, classes)
 * @param layers the hooked layers by their full names, in the order they ran
 * @param alone works out the logits of one class by itself, shape (N), from what was recorded of
 *     the pass; empty where that is not known to take less than all logits
 */
public record Trace(
    NDArray logits, Map<String, Hooked> layers, Optional<IntFunction<NDArray>> alone) {

  /**
   * A run of which all logits come together.
   *
   * @param logits shape (N, classes)
   * @param layers the hooked layers by their full names, in the order they ran
   */
  public Trace(NDArray logits, Map<String, Hooked> layers) {
    this(logits, layers, Optional.empty());
  }

  /** {@return the shapes of what the hooked layers put out, in the order they ran} */
  public Map<String, Shape> shapes() {
    Map<String, Shape> shapes = new LinkedHashMap<>();
    layers.forEach((name, layer) -> shapes.put(name, layer.activation().getShape()));
    return shapes;
  }

  /**
   * What is kept of one layer.
   *
   * @param activation its output, before any later layer can change it
   * @param leaf an array whose gradient is the layer's: zeros that were added to the output before
   *     any later layer saw it, or the output itself
   */
  public record Hooked(NDArray activation, NDArray leaf) {

    /**
     * Hooks an output: what the layers behind it shall see instead is {@link #sum}.
     *
     * @param output the output of a layer
     * @return the output to go on with, and the gradient to read
     */
    public static Hooked of(NDArray output) {
      NDArray zeros = output.getManager().zeros(output.getShape(), output.getDataType());
      zeros.setRequiresGradient(true);
      return new Hooked(output, zeros);
    }

    /**
     * {@return the gradient at the layer after a backward pass, in single precision; belongs to
     * whoever asked}
     */
    public NDArray gradient() {
      NDArray gradient = leaf.getGradient();
      if (gradient.getDataType() == DataType.FLOAT32) {
        return gradient;
      }
      NDArray single = gradient.toType(DataType.FLOAT32, true);
      gradient.close();
      return single;
    }

    /**
     * {@return the output plus zeros: the same values, with the gradient going into the zeros as
     * well}
     */
    public NDArray sum() {
      return activation.add(leaf);
    }

    /**
     * {@return the same values, from which no gradient leads back into the layer: it ends in the
     * zeros}
     */
    public NDArray cut() {
      return activation.stopGradient().add(leaf);
    }
  }
}
