package camlab.measure;

/** How a change of a probability is expressed. */
public enum Scale {
  /** As the difference of two probabilities. */
  ABSOLUTE,
  /** As a share of what could be lost or won. */
  RELATIVE
}
