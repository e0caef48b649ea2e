package camlab.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.pooling.Pool;
import camlab.engine.PyTorch;

/**
 * The maximum of square windows over (N, C, H, W), with PyTorch's conventions.
 *
 * <p>The engine's own looks at one place after the other and remembers where each maximum was, for
 * the backward pass. Where nobody will walk backward, the same numbers come four to seven times
 * sooner (windows of 3×3) as the maxima of whole planes: first of the rows of each window, then of
 * the columns of what came out.
 *
 * @param kernel rows and columns of a window
 * @param stride from one window to the next
 * @param padding rows and columns of −∞ on each side
 * @param ceilMode whether windows may hang over at the right and at the bottom
 */
record MaxPool(int kernel, int stride, int padding, boolean ceilMode) {

  private static final int ROWS = 2;
  private static final int COLUMNS = 3;

  /** {@return it as a block, under DJL's name} */
  Block block() {
    return LambdaBlock.singleton(this::of, "maxPool2d");
  }

  /**
   * {@return the maxima, shape (N, C, h, w)}
   *
   * @param input shape (N, C, H, W)
   */
  NDArray of(NDArray input) {
    // An array that a gradient only passes through does not tell so: whether one may, the engine
    // does.
    if (PyTorch.isRecordingGradients() || input.hasGradient() || !holdsAWindow(input.getShape())) {
      return Pool.maxPool2d(input, square(kernel), square(stride), square(padding), ceilMode);
    }
    long rows = windows(input.getShape().get(ROWS));
    long columns = windows(input.getShape().get(COLUMNS));
    try (NDArray padded = padded(input, rows, columns);
        NDArray ofRows = along(ROWS, padded, rows)) {
      return along(COLUMNS, ofRows, columns);
    }
  }

  /** Where none fits, the engine refuses, or lets one hang over. */
  private boolean holdsAWindow(Shape shape) {
    return Math.min(shape.get(ROWS), shape.get(COLUMNS)) + 2L * padding >= kernel;
  }

  private static Shape square(int side) {
    return new Shape(side, side);
  }

  /** One that hangs over begins on the picture or on the padding before it. */
  private long windows(long side) {
    long room = side + 2L * padding - kernel;
    long count = (ceilMode ? room + stride - 1 : room) / stride + 1;
    return ceilMode && (count - 1) * stride >= side + padding ? count - 1 : count;
  }

  /** The caller closes it; the input stays open. */
  private NDArray padded(NDArray input, long rows, long columns) {
    long below = missing(input.getShape().get(ROWS), rows);
    long right = missing(input.getShape().get(COLUMNS), columns);
    if (padding == 0 && below == 0 && right == 0) {
      return input.get(new NDIndex().addAllDim(4));
    }
    return input.pad(new Shape(padding, right, padding, below), Double.NEGATIVE_INFINITY);
  }

  private long missing(long side, long windows) {
    return Math.max(0, (windows - 1) * stride + kernel - padding - side);
  }

  private NDArray along(int axis, NDArray input, long windows) {
    NDArray highest = part(axis, input, 0, windows);
    for (int i = 1; i < kernel; i++) {
      try (NDArray before = highest;
          NDArray other = part(axis, input, i, windows)) {
        highest = before.maximum(other);
      }
    }
    return highest;
  }

  /** What stands at one place of each window. */
  private NDArray part(int axis, NDArray input, long place, long windows) {
    return input.get(
        new NDIndex()
            .addAllDim(axis)
            .addSliceDim(place, place + (windows - 1) * stride + 1, stride)
            .addAllDim(COLUMNS - axis));
  }
}
