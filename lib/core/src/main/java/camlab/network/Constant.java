package camlab.network;

import java.util.List;

/** A value that a program gets besides the picture, the same for every picture. */
public sealed interface Constant {

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
      long room = shape.stream().reduce(1L, Math::multiplyExact);
      if (room != values.size()) {
        throw new IllegalArgumentException(
            "The shape %s has room for %s values, found %s.".formatted(shape, room, values.size()));
      }
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
}
