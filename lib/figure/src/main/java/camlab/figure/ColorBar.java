package camlab.figure;

import java.util.Objects;
import java.util.function.DoubleToIntFunction;

/**
 * Which colours stand for which values.
 *
 * @param colors the colours by value, 0 at the lowest and 1 at the highest
 * @param low what stands at the first colour, a number or words
 * @param high what stands at the last colour
 */
public record ColorBar(DoubleToIntFunction colors, String low, String high) {

  /**
   * Requires all parts.
   *
   * @param colors the colours by value
   * @param low what stands at the first colour
   * @param high what stands at the last colour
   */
  public ColorBar {
    Objects.requireNonNull(colors, "colors");
    Objects.requireNonNull(low, "low");
    Objects.requireNonNull(high, "high");
  }

  /**
   * A bar with words at its ends.
   *
   * @param colors the colours
   * @param low what stands at the first colour
   * @param high what stands at the last colour
   */
  public ColorBar(ColorMap colors, String low, String high) {
    this(Objects.requireNonNull(colors, "colors")::rgb, low, high);
  }

  /**
   * A bar for maps that lie over pictures: its colours are as strong as the overlay's, and where
   * that leaves the picture as it is, the bar leaves the paper white.
   *
   * @param overlay how the maps were laid over the pictures
   * @param low what stands at the lower end
   * @param high what stands at the upper end
   */
  public ColorBar(Overlay overlay, String low, String high) {
    this(value -> overlay.blended(Canvas.PAPER, value), low, high);
  }

  /**
   * A bar with the numbers of a range.
   *
   * @param colors the colours
   * @param range the numbers at its ends
   */
  public ColorBar(ColorMap colors, Range range) {
    this(colors, Numbers.brief(range.low()), Numbers.brief(range.high()));
  }
}
