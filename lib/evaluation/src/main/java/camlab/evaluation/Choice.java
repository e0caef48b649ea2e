package camlab.evaluation;

/** Who chose the classes that are explained. */
public enum Choice {
  /** Whoever made the questions: labels, mostly. */
  GIVEN("as given"),
  /** The network: what it finds most likely. */
  PREDICTED("as predicted");

  private final String words;

  Choice(String words) {
    this.words = words;
  }

  String words() {
    return words;
  }
}
