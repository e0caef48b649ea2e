package camlab.cam;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import camlab.network.Network;
import camlab.network.NotApplicableException;
import java.util.Optional;

/** How much each channel of a layer counts for a class, where its average over positions does. */
@FunctionalInterface
interface ClassWeights {

  /**
   * The weights of one class.
   *
   * @param index the class's index among the logits
   * @param scope what the result belongs to
   * @return shape (K, 1, 1)
   * @throws NotApplicableException with the reason, if there are none
   */
  NDArray ofClass(int index, NDManager scope);

  /**
   * The weights of a layer: read from the linear layer, where the network's layers show which one
   * that is, and found by trial everywhere else.
   *
   * @param layer the full name of the layer that was asked for
   * @throws NotApplicableException with the reason, if the layers show that there are none
   */
  static ClassWeights at(Network network, String layer) {
    Optional<PooledClassifier> shown = PooledClassifier.of(network);
    if (shown.isEmpty()) {
      return new TriedWeights(network, layer);
    }
    shown.get().requireAveraged(layer);
    return shown.get();
  }
}
