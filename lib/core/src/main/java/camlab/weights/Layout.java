package camlab.weights;

import java.util.Arrays;
import java.util.Locale;

/**
 * Where a tensor's elements lie in its storage: element {@code (i, j, …)} at {@code offset + i ·
 * stride₀ + j · stride₁ + …}, counted in elements. Immutable.
 */
final class Layout {

  private static final int MAX_DIMENSIONS = 64;

  private final long offset;
  private final long[] shape;
  private final long[] strides;
  private final long count;
  private final long span;

  private Layout(long offset, long[] shape, long[] strides, long count, long span) {
    this.offset = offset;
    this.shape = shape;
    this.strides = strides;
    this.count = count;
    this.span = span;
  }

  /**
   * A layout whose elements all lie in a storage.
   *
   * @throws IllegalArgumentException if they do not, or a size is negative or beyond counting
   */
  static Layout of(long offset, long[] shape, long[] strides, long storageCount) {
    if (shape.length != strides.length || shape.length > MAX_DIMENSIONS) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "a tensor has one stride for each of at most %d dimensions; found %d dimensions, %d strides",
              MAX_DIMENSIONS,
              shape.length,
              strides.length));
    }
    long count = count(shape);
    long span = 0;
    if (offset < 0) {
      throw new IllegalArgumentException("a tensor starts at element " + offset);
    }
    try {
      if (count > 0) {
        long last = 0;
        for (int axis = 0; axis < shape.length; axis++) {
          if (strides[axis] < 0) {
            throw new IllegalArgumentException("a tensor has the stride " + strides[axis]);
          }
          last = Math.addExact(last, Math.multiplyExact(shape[axis] - 1, strides[axis]));
        }
        span = Math.addExact(last, 1);
      }
      if (Math.addExact(offset, span) > storageCount) {
        throw outside(offset, shape, storageCount);
      }
    } catch (ArithmeticException e) {
      throw outside(offset, shape, storageCount);
    }
    return new Layout(offset, shape.clone(), strides.clone(), count, span);
  }

  /** A row-major layout from the storage's start; the caller has checked that it fits. */
  static Layout contiguous(long[] shape) {
    long[] strides = new long[shape.length];
    long stride = 1;
    for (int axis = shape.length - 1; axis >= 0; axis--) {
      strides[axis] = stride;
      stride *= Math.max(shape[axis], 1);
    }
    long count = count(shape);
    return new Layout(0, shape.clone(), strides, count, count);
  }

  /**
   * The number of elements of a shape.
   *
   * @throws IllegalArgumentException if a dimension is negative or the product overflows
   */
  static long count(long[] shape) {
    long count = 1;
    boolean empty = false;
    for (long size : shape) {
      if (size < 0) {
        throw new IllegalArgumentException("a tensor has the shape " + Arrays.toString(shape));
      }
      empty |= size == 0;
    }
    if (empty) {
      return 0;
    }
    try {
      for (long size : shape) {
        count = Math.multiplyExact(count, size);
      }
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException(
          "a tensor's shape %s has more elements than can be counted"
              .formatted(Arrays.toString(shape)),
          e);
    }
    return count;
  }

  private static IllegalArgumentException outside(long offset, long[] shape, long storageCount) {
    return new IllegalArgumentException(
        String.format(
            Locale.ROOT,
            "a tensor of shape %s from element %d on reaches beyond its storage of %d elements",
            Arrays.toString(shape),
            offset,
            storageCount));
  }

  /** The same layout, further on in a larger storage. */
  Layout shifted(long elements) {
    return new Layout(Math.addExact(offset, elements), shape, strides, count, span);
  }

  long offset() {
    return offset;
  }

  long[] shape() {
    return shape.clone();
  }

  /** From one element to the next along each axis. */
  long[] strides() {
    return strides.clone();
  }

  /** Number of elements of the tensor. */
  long count() {
    return count;
  }

  /** Number of storage elements from the first one used to the last one used. */
  long span() {
    return span;
  }

  /** Whether the elements lie one after the other in row-major order. */
  boolean isContiguous() {
    long expected = 1;
    for (int axis = shape.length - 1; axis >= 0; axis--) {
      if (shape[axis] != 1 && strides[axis] != expected) {
        return count == 0;
      }
      expected *= shape[axis];
    }
    return true;
  }

  /** The tensor's elements in row-major order, from the {@link #span()} of its storage. */
  float[] gather(float[] spanned) {
    float[] values = new float[(int) count];
    long[] index = new long[shape.length];
    long position = 0;
    for (int i = 0; i < values.length; i++) {
      values[i] = spanned[(int) position];
      // Count on as an odometer does: the last axis first.
      for (int axis = shape.length - 1; axis >= 0; axis--) {
        position += strides[axis];
        if (++index[axis] < shape[axis]) {
          break;
        }
        position -= index[axis] * strides[axis];
        index[axis] = 0;
      }
    }
    return values;
  }
}
