package camlab.measure;

/** Judges one map by one number. Measures hold no state: the same map gets the same number. */
public interface Measure {

  /** A short name, with the settings that change the number, such as {@code deletion}. */
  String name();

  /** Whether a larger number speaks for the map. */
  boolean higherIsBetter();

  /**
   * The number.
   *
   * @param explanation a map, and what it explains
   * @return a finite number
   * @throws IllegalArgumentException if the measure needs a mask of the object and there is none
   */
  double of(Explanation explanation);
}
