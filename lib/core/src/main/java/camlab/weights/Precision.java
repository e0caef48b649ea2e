package camlab.weights;

/** How many bits a value takes in a file that is written. */
public enum Precision {
  /**
   * IEEE 754 binary16, 2 bytes a value: 11 significant bits, magnitudes up to 65504. A tensor that
   * holds a larger finite value is written in single precision, so that no value becomes infinite.
   */
  HALF,
  /** IEEE 754 binary32, 4 bytes a value: the values as they are. */
  SINGLE
}
