package camlab.concept;

import ai.djl.ndarray.NDArray;
import camlab.network.NotApplicableException;

/** What methods ask for that take activations apart into parts that only add. */
final class NonNegative {

  private NonNegative() {}

  /**
   * Requires activations none of which is negative.
   *
   * @param activation of any shape
   * @param layer the dotted name of the layer
   * @param method who asks, as a sentence begins
   * @throws NotApplicableException if one is
   */
  static void require(NDArray activation, String layer, String method) {
    float least = activation.min().getFloat();
    if (!(least >= 0)) {
      throw new NotApplicableException(
          "%s takes activations apart into parts that only add, so none may be negative; '%s' puts out %s, too. Take a layer that ends in a ReLU."
              .formatted(method, layer, least));
    }
  }
}
