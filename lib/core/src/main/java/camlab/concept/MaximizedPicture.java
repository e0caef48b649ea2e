package camlab.concept;

import camlab.picture.Picture;
import java.util.List;
import java.util.Locale;

/**
 * A picture that was made to please a channel or a class.
 *
 * @param objective what it was made for
 * @param picture the picture, of the network's size
 * @param start the value for the picture that the steps started from
 * @param value the value for the picture as it is here, with 8-bit colours
 * @param history the value before each step, where the picture lay then
 */
public record MaximizedPicture(
    String objective, Picture picture, double start, double value, List<Double> history) {

  /**
   * Copies the list.
   *
   * @param objective what it was made for
   * @param picture the picture
   * @param start the value at the start
   * @param value the value now
   * @param history the value before each step
   */
  public MaximizedPicture {
    history = List.copyOf(history);
  }

  /** Such as {@code channel 3 of features.10: 0.120 to 41.3 in 256 steps}. */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT, "%s: %.3g to %.3g in %d steps", objective, start, value, history.size());
  }
}
