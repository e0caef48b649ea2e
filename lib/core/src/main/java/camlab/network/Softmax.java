package camlab.network;

import ai.djl.ndarray.NDList;
import ai.djl.nn.LambdaBlock;

/** Shares that add up to one: exp(x) / Σ exp(x) along one axis. */
public final class Softmax extends LambdaBlock implements KnownLayer {

  private final int axis;

  /**
   * A softmax.
   *
   * @param axis along which the shares add up to one; from the end if it is negative
   */
  public Softmax(int axis) {
    super(inputs -> new NDList(inputs.head().softmax(axis)), "softmax");
    this.axis = axis;
  }

  @Override
  public LayerKind kind() {
    return LayerKind.SOFTMAX;
  }

  /** {@return along which axis the shares add up to one; from the end if it is negative} */
  public int axis() {
    return axis;
  }
}
