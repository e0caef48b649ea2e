package camlab.measure;

import camlab.identity.Identified;

/** Judges one map by one number. Measures hold no state: the same map gets the same number. */
public interface Measure extends Identified {

  /**
   * {@return a short name for people, such as {@code deletion}; {@link #identity} has all settings}
   */
  String name();

  /** {@return whether a larger number speaks for the map} */
  boolean higherIsBetter();

  /**
   * The number.
   *
   * @param explanation a map, and what it explains
   * @return a finite number
   * @throws camlab.network.NotApplicableException with the reason, if the measure does not apply:
   *     it needs a mask of the object, say, and there is none
   */
  double of(Explanation explanation);
}
