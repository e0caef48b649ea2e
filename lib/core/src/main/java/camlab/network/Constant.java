package camlab.network;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A value that a program gets besides the picture, the same for every picture.
 *
 * <pre>{@code
 * Stated.NOTHING.input("age", new Constant.Real(41)).input("tokens", Constant.wholes(ids, 1, 8));
 * }</pre>
 *
 * <p>An array whose first dimension has length 1 is repeated for each picture of a batch, unless
 * two equal pictures then fare otherwise than one alone. A number goes for an array without
 * dimensions, too.
 */
public sealed interface Constant {

  /**
   * {@return floats of a given shape}
   *
   * @param values row-major
   * @param shape the lengths of the dimensions; their product is the number of values
   */
  static Constant floats(float[] values, long... shape) {
    List<Float> all = new ArrayList<>(values.length);
    for (float value : values) {
      all.add(value);
    }
    return new Floats(all, Arrays.stream(shape).boxed().toList());
  }

  /**
   * {@return whole numbers of a given shape, such as the indices of words}
   *
   * @param values row-major
   * @param shape the lengths of the dimensions; their product is the number of values
   */
  static Constant wholes(long[] values, long... shape) {
    return new Wholes(
        Arrays.stream(values).boxed().toList(), Arrays.stream(shape).boxed().toList());
  }

  /**
   * Floats of a given shape.
   *
   * @param values row-major
   * @param shape the lengths of the dimensions; their product is the number of values
   */
  record Floats(List<Float> values, List<Long> shape) implements Constant {

    /**
     * Requires as many values as the shape has room for; copies both.
     *
     * @param values row-major
     * @param shape the lengths of the dimensions
     */
    public Floats {
      values = List.copyOf(values);
      shape = List.copyOf(shape);
      requireRoom(values, shape);
    }
  }

  /**
   * Whole numbers of a given shape.
   *
   * @param values row-major
   * @param shape the lengths of the dimensions; their product is the number of values
   */
  record Wholes(List<Long> values, List<Long> shape) implements Constant {

    /**
     * Requires as many values as the shape has room for; copies both.
     *
     * @param values row-major
     * @param shape the lengths of the dimensions
     */
    public Wholes {
      values = List.copyOf(values);
      shape = List.copyOf(shape);
      requireRoom(values, shape);
    }
  }

  /**
   * A whole number.
   *
   * @param value the number
   */
  record Whole(long value) implements Constant {}

  /**
   * A number.
   *
   * @param value the number
   */
  record Real(double value) implements Constant {}

  /**
   * Yes or no.
   *
   * @param value true or false
   */
  record Flag(boolean value) implements Constant {}

  /** Python's {@code None}: for an optional parameter, as if it were not there. */
  record Nothing() implements Constant {}

  private static void requireRoom(List<?> values, List<Long> shape) {
    if (shape.stream().anyMatch(length -> length < 0)) {
      throw new IllegalArgumentException(
          "A dimension has a length of at least 0, found the shape %s.".formatted(shape));
    }
    long room = shape.stream().reduce(1L, Math::multiplyExact);
    if (room != values.size()) {
      throw new IllegalArgumentException(
          "The shape %s has room for %s values, found %s.".formatted(shape, room, values.size()));
    }
  }
}
