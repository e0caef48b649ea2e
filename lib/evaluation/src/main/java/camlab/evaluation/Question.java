package camlab.evaluation;

import camlab.measure.Measure;
import camlab.measure.Protocol;
import java.util.List;
import java.util.Objects;

/**
 * What an evaluation asks for a number: the number's whole protocol.
 *
 * @param network its identity is {@link camlab.network.Network#identity()}: weights, preprocessing,
 *     and what its numbers mean
 * @param layer the layer the map is taken at
 * @param picture its identity is the checksum of its content
 * @param className the class that is explained; its identity is its place among the logits, and the
 *     checksum of the object's mask, if there is one
 * @param method its identity has all settings
 * @param measure its identity has all settings
 */
public record Question(
    Named network, String layer, Named picture, Named className, Named method, Named measure) {

  /**
   * Requires all parts.
   *
   * @param network its identity is {@link camlab.network.Network#identity()}
   * @param layer the layer the map is taken at
   * @param picture its identity is the checksum of its content
   * @param className the class that is explained
   * @param method its identity has all settings
   * @param measure its identity has all settings
   */
  public Question {
    Objects.requireNonNull(network, "network");
    layer = Named.oneLine(layer);
    Objects.requireNonNull(picture, "picture");
    Objects.requireNonNull(className, "className");
    Objects.requireNonNull(method, "method");
    Objects.requireNonNull(measure, "measure");
  }

  /**
   * {@return the protocol of the one number that answers it}
   *
   * @param asked the measure, for its words
   */
  public Protocol protocol(Measure asked) {
    return Protocols.of(List.of(this), List.of(asked), Choice.GIVEN, "one number");
  }

  /** What two questions have in common if they ask for the same number: no name is part of it. */
  List<String> identity() {
    return List.of(
        network.identity(),
        layer,
        picture.identity(),
        className.identity(),
        method.identity(),
        measure.identity());
  }
}
