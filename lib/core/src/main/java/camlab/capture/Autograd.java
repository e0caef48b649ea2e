package camlab.capture;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import camlab.engine.ComputationException;
import camlab.engine.PyTorch;
import camlab.network.NotApplicableException;
import java.util.function.Function;
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
   * @param <T> what the pass returns
   * @param pass what to run
   * @return what it returns
   */
  public static <T> T recorded(Supplier<T> pass) {
    return PyTorch.withGradients(pass);
  }

  /**
   * Walks backward from a recorded array, and adds to the gradient of every array that has one.
   *
   * @param output y, recorded
   * @param vector v, the shape of y: what comes out is v·∂y/∂x for every x
   * @throws NotApplicableException if y depends on no array that has a gradient, or something on
   *     the way has no derivative; the message says which
   * @throws ComputationException if the engine fails otherwise
   */
  public static void backward(NDArray output, NDArray vector) {
    told(
        () -> {
          PyTorch.backward(output, vector);
          return output;
        });
  }

  /**
   * The second derivative of a recorded score along a direction.
   *
   * @param score y, recorded, shape ()
   * @param array an array that has a gradient, on which y depends
   * @param direction v, the shape of the array
   * @return H v with H = ∂²y/∂x², the shape of the array, in the scope of the score
   * @throws NotApplicableException if something on the way has no second derivative; the message
   *     says what
   * @throws ComputationException if the engine fails otherwise
   */
  public static NDArray secondDerivative(NDArray score, NDArray array, NDArray direction) {
    return told(() -> PyTorch.secondDerivative(score, array, direction));
  }

  /** A derivative that does not exist is a reason, and no failure. */
  private static NDArray told(Supplier<NDArray> derivative) {
    try {
      return derivative.get();
    } catch (ComputationException e) {
      if (!e.isWithoutGradient()) {
        throw e;
      }
      NotApplicableException reason = new NotApplicableException(e.getMessage());
      reason.initCause(e.getCause());
      throw reason;
    }
  }

  /**
   * The gradient of a function of several arrays.
   *
   * @param inputs x, where the gradient is asked for; they stay as they are
   * @param function y(x); gets copies of the inputs that share their values
   * @param vector v, the shape of y
   * @return v·∂y/∂x for each input, in its scope
   */
  public static NDList gradients(
      NDList inputs, Function<NDList, NDArray> function, NDArray vector) {
    NDList leaves = new NDList(inputs.size());
    for (NDArray input : inputs) {
      NDArray leaf = input.stopGradient();
      leaf.setRequiresGradient(true);
      leaves.add(leaf);
    }
    NDArray output =
        ComputationException.ofFormula(
            () -> "The function whose gradient is asked for cannot be worked out",
            () -> recorded(() -> function.apply(leaves)));
    backward(output, vector);
    NDList gradients = new NDList(inputs.size());
    leaves.forEach(leaf -> gradients.add(leaf.getGradient()));
    return gradients;
  }
}
