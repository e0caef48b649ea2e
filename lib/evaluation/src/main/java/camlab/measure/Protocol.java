package camlab.measure;

import camlab.identity.Identified;
import java.util.Locale;
import java.util.Objects;

/**
 * How a number came about, in one line: what has to be the same before two numbers may be compared.
 * Where many numbers became one, what differs among them is counted. What is not known is said to
 * be not told.
 *
 * @param network its name, and its identity: weights, preprocessing, what its numbers mean
 * @param layer where the maps are taken
 * @param pictures one with its checksum, or how many
 * @param classes which, and who chose them
 * @param method its identity, or how many
 * @param measure its identity
 * @param asks what the network is shown, in words; empty if it is not asked
 * @param averaging how many numbers became one
 * @param numbers how many there are
 */
public record Protocol(
    String network,
    String layer,
    String pictures,
    String classes,
    String method,
    String measure,
    String asks,
    String averaging,
    int numbers) {

  private static final String NOT_TOLD = "not told";

  /**
   * Requires all parts.
   *
   * @param network its name, and its identity
   * @param layer where the maps are taken
   * @param pictures one with its checksum, or how many
   * @param classes which, and who chose them
   * @param method its identity, or how many
   * @param measure its identity
   * @param asks what the network is shown, in words
   * @param averaging how many numbers became one
   * @param numbers how many there are
   */
  public Protocol {
    Objects.requireNonNull(network, "network");
    Objects.requireNonNull(layer, "layer");
    Objects.requireNonNull(pictures, "pictures");
    Objects.requireNonNull(classes, "classes");
    Objects.requireNonNull(method, "method");
    Objects.requireNonNull(measure, "measure");
    Objects.requireNonNull(asks, "asks");
    Objects.requireNonNull(averaging, "averaging");
  }

  /**
   * {@return the protocol of one number of a map}
   *
   * @param explanation the map, and what it explains
   * @param measure the measure
   */
  static Protocol of(Explanation explanation, Measure measure) {
    Confidence confidence = explanation.confidence();
    String layer = explanation.map().provenance().layer();
    return new Protocol(
        confidence.network().orElse(NOT_TOLD),
        layer.isEmpty() ? "no layer" : layer,
        named("view", explanation.view().checksum()),
        confidence.className().orElse(NOT_TOLD) + " as given",
        explanation
            .explainer()
            .flatMap(Explainer::method)
            .orElse(untold(explanation.map().provenance().method())),
        settings(measure.name(), measure),
        measure.asks(),
        "one number",
        1);
  }

  /**
   * {@return all settings of a method or a measure; of one that has no identity the name, and that
   * its settings are not told}
   *
   * @param name for people
   * @param of the method or the measure
   */
  public static String settings(String name, Identified of) {
    try {
      return of.identity();
    } catch (IllegalArgumentException e) {
      return untold(name);
    }
  }

  private static String untold(String name) {
    return name + " (settings " + NOT_TOLD + ")";
  }

  /**
   * {@return a name with its identity, such as {@code AlexNet [checksum, …]}; the name alone, if it
   * is the identity}
   *
   * @param name for people
   * @param identity what two things have in common that are the same
   */
  public static String named(String name, String identity) {
    return name.equals(identity) ? identity : name + " [" + identity + "]";
  }

  /** {@return the line} */
  @Override
  public String toString() {
    String shown = asks.isEmpty() ? "" : " {" + asks + "}";
    return String.format(
        Locale.ROOT,
        "%s | %s | %s | %s | %s | %s%s | %s, n = %d",
        network,
        layer,
        pictures,
        classes,
        method,
        measure,
        shown,
        averaging,
        numbers);
  }
}
