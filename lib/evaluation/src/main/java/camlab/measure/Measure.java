package camlab.measure;

import camlab.identity.Identified;

/**
 * Judges one map by one number. Measures hold no state: the same map gets the same number, and one
 * instance serves any number of threads.
 */
public interface Measure extends Identified {

  /**
   * {@return a short name for people, such as {@code deletion}; {@link #identity} has all settings}
   */
  String name();

  /** {@return whether a larger number speaks for the map} */
  boolean higherIsBetter();

  /**
   * {@return what of the picture the network is asked about, in words, such as {@code picture times
   * the map}; empty if it is not asked} {@link #identity} has the settings.
   */
  default String asks() {
    return "";
  }

  /**
   * The number.
   *
   * @param explanation a map, and what it explains
   * @return a finite number
   * @throws camlab.network.NotApplicableException with the reason, if the measure does not apply:
   *     it needs a mask of the object, say, and there is none
   */
  double of(Explanation explanation);

  /**
   * The number, with how it came about: what has to be the same before it may be compared with
   * another.
   *
   * @param explanation a map, and what it explains; which method made the map, with all settings,
   *     is known if it has an {@linkplain Explanation#by explainer}
   * @return a finite number
   * @throws camlab.network.NotApplicableException with the reason, if the measure does not apply
   * @throws IllegalArgumentException if the number is not finite
   */
  default Measured measured(Explanation explanation) {
    return new Measured(of(explanation), Protocol.of(explanation, this));
  }
}
