package camlab.drawing;

/** The kinds of animals that can be drawn. */
public enum Animal {
  /** A domestic cat. */
  CAT("cat"),
  /** A domestic dog. */
  DOG("dog");

  private final String label;

  Animal(String label) {
    this.label = label;
  }

  /**
   * The name used in data files and captions.
   *
   * @return the lower-case name, for example {@code cat}
   */
  public String label() {
    return label;
  }
}
