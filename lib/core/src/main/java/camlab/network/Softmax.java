package camlab.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.nn.LambdaBlock;

/** Shares that add up to one: exp(x) / Σ exp(x) along one axis. */
public final class Softmax extends LambdaBlock implements KnownLayer {

  private final int axis;

  /**
   * A softmax.
   *
   * @param axis along which the shares add up to one; from the end if it is negative
   * @param masked whether there may be rows of nothing but −∞, whose shares are zeros then and not
   *     undefined
   */
  public Softmax(int axis, boolean masked) {
    super(
        inputs ->
            new NDList(
                masked ? ofRest(inputs.head(), new int[] {axis}) : inputs.head().softmax(axis)),
        "softmax");
    this.axis = axis;
  }

  private static NDArray ofRest(NDArray scores, int[] axis) {
    NDArray most = scores.max(axis, true).maximum(-Float.MAX_VALUE);
    NDArray raised = scores.sub(most).exp();
    // At least one, but for rows of nothing.
    return raised.div(raised.sum(axis, true).maximum(1));
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
