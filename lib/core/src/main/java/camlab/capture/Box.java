package camlab.capture;

import java.util.Locale;

/**
 * A box in a picture, in whatever unit the network's boxes are: pixels, or shares of the picture.
 *
 * @param left its left edge
 * @param top its upper edge
 * @param right its right edge
 * @param bottom its lower edge
 */
public record Box(double left, double top, double right, double bottom) {

  /** What the four numbers of a box in a network's output are. */
  public enum Form {
    /** Left, top, right, bottom. */
    CORNERS,
    /** Left, top, width, height. */
    CORNER_AND_SIZE,
    /** The centre's column and row, width, height. */
    CENTRE_AND_SIZE;

    /** The box that four numbers stand for. */
    Box box(float[] numbers, int first) {
      double a = numbers[first];
      double b = numbers[first + 1];
      double c = numbers[first + 2];
      double d = numbers[first + 3];
      return switch (this) {
        case CORNERS -> new Box(a, b, c, d);
        case CORNER_AND_SIZE -> new Box(a, b, a + c, b + d);
        case CENTRE_AND_SIZE -> new Box(a - c / 2, b - d / 2, a + c / 2, b + d / 2);
      };
    }
  }

  /** {@return the area, 0 for a box whose edges are in the wrong order} */
  public double area() {
    return Math.max(0, right - left) * Math.max(0, bottom - top);
  }

  /**
   * {@return the intersection over the union with another box, in [0, 1]}
   *
   * @param other in the same unit
   */
  public double overlap(Box other) {
    double common =
        new Box(
                Math.max(left, other.left),
                Math.max(top, other.top),
                Math.min(right, other.right),
                Math.min(bottom, other.bottom))
            .area();
    double union = area() + other.area() - common;
    return union > 0 ? common / union : 0;
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "(%.4g, %.4g) to (%.4g, %.4g)", left, top, right, bottom);
  }
}
