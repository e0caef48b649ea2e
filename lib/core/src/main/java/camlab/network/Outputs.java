package camlab.network;

/**
 * What a network puts out: the classes, what their numbers mean, and where that is known from.
 *
 * @param classes one name for each number, and what the numbers mean
 * @param origin where the meaning is known from
 * @param evidence what was stated, read or tried, in words; may be empty
 */
record Outputs(Classes classes, Fact.Origin origin, String evidence) {

  /** What somebody says; if nobody does, it is not known. */
  static Outputs stated(Classes classes) {
    return classes.meaning() == Meaning.UNSTATED
        ? new Outputs(classes, Fact.Origin.UNKNOWN, "")
        : new Outputs(classes, Fact.Origin.STATED, "");
  }

  /** Such as {@code outputs: 2, exactly one of the classes (softmax) (stated)}. */
  Fact fact() {
    return new Fact("outputs", classes.size() + ", " + classes.meaning(), origin, evidence);
  }
}
