package camlab.capture;

import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.function.Supplier;

/**
 * PyTorch's automatic differentiation.
 *
 * <p>DJL's own gradient collector is not used: only one may be open in the whole process, and it
 * frees the graph after the first backward pass.
 */
public final class Autograd {

  private Autograd() {}

  /**
   * Runs with PyTorch's gradient mode on, and sets it back to what it was for this thread.
   *
   * @param pass what to run
   * @return what it returns
   */
  public static <T> T recorded(Supplier<T> pass) {
    boolean before = JniUtils.isGradMode();
    JniUtils.setGradMode(true);
    try {
      return pass.get();
    } finally {
      JniUtils.setGradMode(before);
    }
  }

  /**
   * Walks backward from a recorded array, and adds to the gradient of every array that has one.
   *
   * @param output y, recorded
   * @param vector v, the shape of y: what comes out is v·∂y/∂x for every x
   */
  public static void backward(NDArray output, NDArray vector) {
    JniUtils.backward((PtNDArray) output, (PtNDArray) vector, true, false);
  }
}
