package camlab.network;

import ai.djl.ndarray.NDArray;

/** The part of a network behind a layer, for one picture. */
@FunctionalInterface
public interface Rest {

  /**
   * Runs the network as if the layer had put out something else.
   *
   * @param outputs what the layer shall have put out, shape (n, K, h, w): n variants of one picture
   * @return the logits, shape (n, classes), in the scope of the outputs
   */
  NDArray run(NDArray outputs);
}
