package camlab.concept;

import ai.djl.ndarray.NDArray;
import camlab.capture.Target;
import camlab.heatmap.Position;
import camlab.network.Layout;
import camlab.network.Network;
import camlab.network.Trace;
import java.util.Objects;
import java.util.Set;

/** What a picture shall make as large as possible. */
public sealed interface Objective {

  /**
   * {@return the mean of a channel over its positions}
   *
   * @param layer the dotted name of a layer; of one before its ReLU, so that a channel that is off
   *     has a gradient, too
   * @param channel which one, from 0; of a layer without positions, which of its values
   */
  static Objective channel(String layer, int channel) {
    return new OfChannel(layer, channel);
  }

  /**
   * {@return a score, such as the logit of a class}
   *
   * @param target the score
   */
  static Objective of(Target target) {
    return new OfTarget(target);
  }

  /**
   * {@return the layers that have to be recorded}
   *
   * @param network the network
   */
  Set<String> layers(Network network);

  /**
   * The value for one picture.
   *
   * @param network the network
   * @param trace a run of it that recorded the layers
   * @return shape ()
   */
  NDArray value(Network network, Trace trace);

  /**
   * {@return what to call it in a title}
   *
   * @param network the network
   * @param trace a run of it
   */
  String label(Network network, Trace trace);

  /**
   * The mean of a channel.
   *
   * @param layer the dotted name of a layer
   * @param channel which one, from 0
   */
  record OfChannel(String layer, int channel) implements Objective {

    /**
     * Requires a layer.
     *
     * @param layer the dotted name of a layer
     * @param channel which one, from 0
     */
    public OfChannel {
      Objects.requireNonNull(layer, "layer");
    }

    @Override
    public Set<String> layers(Network network) {
      return Set.of(network.model().resolve(layer));
    }

    @Override
    public NDArray value(Network network, Trace trace) {
      NDArray output = trace.layers().get(network.model().resolve(layer)).activation();
      NDArray channels =
          network
              .layout(layer)
              .filter(Layout::hasPositions)
              .map(layout -> layout.maps(output))
              .orElse(output);
      NDArray rows = channels.reshape(channels.getShape().get(1), -1);
      Position.requireIndex("channel", channel, Math.toIntExact(rows.getShape().get(0)));
      return rows.get(channel).mean();
    }

    @Override
    public String label(Network network, Trace trace) {
      return "channel " + channel + " of " + layer;
    }
  }

  /**
   * A score.
   *
   * @param target the score
   */
  record OfTarget(Target target) implements Objective {

    /**
     * Requires a score.
     *
     * @param target the score
     */
    public OfTarget {
      Objects.requireNonNull(target, "target");
    }

    @Override
    public Set<String> layers(Network network) {
      return Set.of();
    }

    @Override
    public NDArray value(Network network, Trace trace) {
      return target.sum(trace.logits(), network.classes());
    }

    @Override
    public String label(Network network, Trace trace) {
      return target
          .ofPicture(trace.logits(), 0, network.classes())
          .label(trace.logits().get(0), network.classes());
    }
  }
}
