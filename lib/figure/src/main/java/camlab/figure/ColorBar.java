package camlab.figure;

/**
 * Which colours stand for which values.
 *
 * @param colors the colours, from the lowest value to the highest
 * @param low what stands at the first colour, a number or words
 * @param high what stands at the last colour
 */
public record ColorBar(ColorMap colors, String low, String high) {

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
