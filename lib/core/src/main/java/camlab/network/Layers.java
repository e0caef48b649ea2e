package camlab.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.Dropout;
import camlab.engine.PyTorch;

/** The DJL blocks that the networks of this package are built of, with PyTorch's conventions. */
public final class Layers {

  /** What DJL calls its own, and the field. */
  static final String RELU6 = "ReLU6";

  private Layers() {}

  /**
   * Requires a width factor: the share of a full network's channels that each layer keeps.
   *
   * @throws IllegalArgumentException if it does not lie above 0, or is more than 1
   */
  static void requireWidth(double width) {
    if (!(width > 0 && width <= 1)) {
      throw new IllegalArgumentException(
          "A width factor lies above 0 and is at most 1, found %s.".formatted(width));
    }
  }

  /**
   * The channels of a layer in a network of another width: a multiple of 8, as is usual, and at
   * least 8.
   *
   * @param channels how many the full network has
   * @param width the factor, 1 for the full network
   */
  static int scaled(int channels, double width) {
    return width == 1 ? channels : (int) Math.max(8, 8 * Math.round(channels * width / 8));
  }

  /** A square convolution with bias over (N, C, H, W). */
  static Block convolution(int filters, int kernel, int stride, int padding) {
    return square(filters, kernel, stride, padding).build();
  }

  /** A square convolution without bias, as batch normalisation follows it. */
  static Block plainConvolution(int filters, int kernel, int stride, int padding) {
    return square(filters, kernel, stride, padding).optBias(false).build();
  }

  /** One filter for each channel, without bias. */
  static Block depthwiseConvolution(int channels, int kernel, int stride, int padding) {
    return square(channels, kernel, stride, padding).optGroups(channels).optBias(false).build();
  }

  private static Conv2d.Builder square(int filters, int kernel, int stride, int padding) {
    return Conv2d.builder()
        .setFilters(filters)
        .setKernelShape(new Shape(kernel, kernel))
        .optStride(new Shape(stride, stride))
        .optPadding(new Shape(padding, padding));
  }

  /** With PyTorch's defaults: epsilon 1e-5, a tenth of every batch into the running values. */
  static Block batchNorm() {
    return batchNorm(1e-5f);
  }

  /** With an epsilon of its own. */
  static Block batchNorm(float epsilon) {
    return BatchNorm.builder().optEpsilon(epsilon).optMomentum(0.9f).build();
  }

  static Block linear(int units) {
    return Linear.builder().setUnits(units).build();
  }

  static Block relu() {
    return Activation.reluBlock();
  }

  /**
   * min(max(x, 0), 6), as DJL's block of that name has it, but with a bound that lasts: that one's
   * are freed before the backward pass reads them, so that about one gradient in a thousand is
   * zero.
   */
  static Block relu6() {
    return LambdaBlock.singleton(
        x -> {
          NDArray positive = Activation.relu(x);
          NDArray six = PyTorch.lasting(positive.getManager().create(6f), positive.getDataType());
          return positive.minimum(six);
        },
        RELU6);
  }

  /**
   * Zeros around (N, C, H, W) as TensorFlow's padding "same" has them: so many that a convolution
   * of this stride has ⌈n / stride⌉ places along a side of n, and of an odd number the larger half
   * at the right and at the bottom.
   */
  static Block samePadding(int kernel, int stride) {
    return LambdaBlock.singleton(
        input -> {
          long rows = missing(input.getShape().get(2), kernel, stride);
          long columns = missing(input.getShape().get(3), kernel, stride);
          Shape around = new Shape(columns / 2, columns - columns / 2, rows / 2, rows - rows / 2);
          return input.pad(around, 0);
        },
        "samePadding");
  }

  private static long missing(long side, int kernel, int stride) {
    return Math.max(0, (ceilDivide(side, stride) - 1) * stride + kernel - side);
  }

  static Block dropout(float rate) {
    return Dropout.builder().optRate(rate).build();
  }

  static Block maxPool(int kernel, int stride, boolean ceilMode) {
    return new MaxPool(kernel, stride, 0, ceilMode).block();
  }

  static Block paddedMaxPool(int kernel, int stride, int padding) {
    return new MaxPool(kernel, stride, padding, false).block();
  }

  /** Adds two inputs of one shape. */
  static Block add() {
    return new LambdaBlock(inputs -> new NDList(inputs.get(0).add(inputs.get(1))), "add");
  }

  static Block flatten() {
    return Blocks.batchFlattenBlock();
  }

  /** Joins several inputs along their channels. */
  static Block concatenate() {
    return new LambdaBlock(inputs -> new NDList(NDArrays.concat(inputs, 1)), "concatenate");
  }

  /**
   * {@return PyTorch's {@code AdaptiveAvgPool2d(size)}: averages over size × size windows of any
   * input}
   *
   * @param size how many windows along each axis
   */
  public static Block adaptiveAveragePool(int size) {
    return LambdaBlock.singleton(
        input -> adaptiveAveragePool(input, size), "adaptiveAveragePool" + size);
  }

  private static NDArray adaptiveAveragePool(NDArray input, int size) {
    long height = input.getShape().get(2);
    long width = input.getShape().get(3);
    if (height == size && width == size) {
      return input;
    }
    NDList rows = new NDList(size);
    for (int i = 0; i < size; i++) {
      NDList row = new NDList(size);
      for (int j = 0; j < size; j++) {
        // PyTorch's windows: from floor(i·n/size) to ceil((i+1)·n/size), overlapping if need be.
        NDIndex window =
            new NDIndex(
                ":, :, {}:{}, {}:{}",
                i * height / size,
                ceilDivide((i + 1) * height, size),
                j * width / size,
                ceilDivide((j + 1) * width, size));
        row.add(input.get(window).mean(new int[] {2}, true).mean(new int[] {3}, true));
      }
      rows.add(joined(row, 3));
    }
    return joined(rows, 2);
  }

  /** Joins arrays; joining a single one would cut it off from its gradient. */
  private static NDArray joined(NDList arrays, int axis) {
    return arrays.size() == 1 ? arrays.head() : NDArrays.concat(arrays, axis);
  }

  private static long ceilDivide(long a, long b) {
    return (a + b - 1) / b;
  }
}
