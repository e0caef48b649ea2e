package camlab.network;

import ai.djl.ndarray.NDArray;
import java.util.Map;

/**
 * What one hooked run leaves.
 *
 * @param logits shape (N, classes)
 * @param layers the hooked layers by their full names, in the order they ran
 */
public record Trace(NDArray logits, Map<String, Hooked> layers) {

  /**
   * What is kept of one layer.
   *
   * @param activation its output, before any later layer can change it
   * @param zero an array of zeros that was added to the output before any later layer saw it; its
   *     gradient is the layer's
   */
  public record Hooked(NDArray activation, NDArray zero) {

    /** Hooks an output: what the layers behind it shall see instead is {@link #sum}. */
    public static Hooked of(NDArray output) {
      NDArray zero = output.getManager().zeros(output.getShape(), output.getDataType());
      zero.setRequiresGradient(true);
      return new Hooked(output, zero);
    }

    /** The output plus zero: the same values, with the gradient going into the zeros. */
    public NDArray sum() {
      return activation.add(zero);
    }
  }
}
