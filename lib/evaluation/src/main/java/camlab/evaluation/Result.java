package camlab.evaluation;

/**
 * One line of an evaluation: a number, or why there is none.
 *
 * @param network what the network is called in this evaluation
 * @param layer the layer the map was taken at
 * @param picture the picture's name
 * @param className the class that was explained
 * @param method the method; empty if the picture could not be read
 * @param measure the measure; empty if there is no map
 * @param value the number; NaN if there is none
 * @param reason why there is no number; empty if there is one
 */
record Result(
    String network,
    String layer,
    String picture,
    String className,
    String method,
    String measure,
    double value,
    String reason) {

  /** Line breaks would break the file's lines, and outer spaces are lost when it is read. */
  Result {
    network = plain(network);
    layer = plain(layer);
    picture = plain(picture);
    className = plain(className);
    method = plain(method);
    measure = plain(measure);
    reason = plain(reason);
  }

  private static String plain(String text) {
    return text.replaceAll("\\s+", " ").strip();
  }

  /** What was asked for, without the answer. */
  Result question() {
    return new Result(network, layer, picture, className, method, measure, Double.NaN, "");
  }

  /** The same question, answered. */
  Result answered(double number) {
    return new Result(network, layer, picture, className, method, measure, number, "");
  }

  /** The same question, with the reason why there is no answer. */
  Result unanswered(String why) {
    return new Result(network, layer, picture, className, method, measure, Double.NaN, why);
  }
}
