package camlab.concept;

import camlab.picture.Picture;
import java.util.List;
import java.util.Locale;

/**
 * A concept that the network looks for in pictures of a class.
 *
 * @param number which one, from 0: the most important one first
 * @param vector what the layer's K channels put out for it; none is negative
 * @param importances for each picture the total Sobol index of the concept, at least 0: how much of
 *     the score's variance goes back to it, alone or together with others, when all concepts are
 *     dimmed at random
 * @param crops the parts of the pictures that show it most, the one that does most first, at the
 *     network's size
 */
public record CraftConcept(
    int number, List<Float> vector, List<Double> importances, List<Picture> crops) {

  /**
   * Copies the lists.
   *
   * @param number which one, from 0
   * @param vector one value for each channel
   * @param importances one for each picture
   * @param crops parts of pictures
   */
  public CraftConcept {
    vector = List.copyOf(vector);
    importances = List.copyOf(importances);
    crops = List.copyOf(crops);
  }

  /** {@return the mean of the importances} */
  public double importance() {
    return importances.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
  }

  /** Such as {@code concept 0 · importance 0.61 (12 pictures)}. */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "concept %d · importance %.2f (%d pictures)",
        number,
        importance(),
        importances.size());
  }
}
