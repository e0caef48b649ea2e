package camlab.drawing;

/** The kinds of animals that can be drawn. */
public enum Animal {
  /** A domestic cat. */
  CAT("cat"),
  /** A domestic dog. */
  DOG("dog"),
  /** An African elephant, cow, bull or calf. */
  ELEPHANT("African elephant"),
  /** An American black bear, which may be brown. */
  BEAR("black bear");

  private final String label;

  Animal(String label) {
    this.label = label;
  }

  /**
   * The name used in data files, for classes and in captions.
   *
   * @return the name, for example {@code cat} or {@code African elephant}
   */
  public String label() {
    return label;
  }
}
