package camlab.cam;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import camlab.capture.Recording;
import camlab.network.Layout;
import camlab.network.Network;
import camlab.network.NotApplicableException;
import java.util.List;
import java.util.Locale;

/**
 * The layers in which a network shows its attention: a softmax that puts out shape (N, heads, T,
 * T), for each of T tokens the shares of all tokens in what it is given.
 */
final class AttentionLayers {

  private AttentionLayers() {}

  /**
   * {@return their names, in the order they run}
   *
   * @param network the network
   * @throws NotApplicableException if there is none; the message says how to get it
   */
  static List<String> of(Network network) {
    List<String> layers =
        network.layers().stream()
            .filter(layer -> network.model().type(layer).equals("Softmax"))
            .toList();
    if (layers.isEmpty()) {
      throw new NotApplicableException(
          "'%s' does not show its attention: no layer of it is a softmax. Of a transformer that was exported by torch.export, open the file with ExportedProgram.loadShowingAttention; in TorchScript, write softmax(Q Kᵀ / √d) with a module nn.Softmax(-1) instead of scaled_dot_product_attention. A network without attention has Grad-CAM."
              .formatted(network.name()));
    }
    return layers;
  }

  /**
   * {@return what such a layer has put out, shape (N, heads, T, T)}
   *
   * @param recording a forward pass that recorded it
   * @param layer its name
   * @throws NotApplicableException if it is of another shape
   */
  static NDArray shares(Recording recording, String layer) {
    NDArray shares = recording.output(layer);
    Shape shape = shares.getShape();
    if (shape.dimension() != 4
        || shape.get(0) != recording.pictures()
        || shape.get(2) != shape.get(3)) {
      throw new NotApplicableException(
          "The attention of '%s' has the shape %s; expected (%s, heads, T, T), each of all tokens looking at all. Attention within windows, as Swin has it, has no such paths through the network."
              .formatted(layer, shape, recording.pictures()));
    }
    return shares;
  }

  /**
   * {@return where the tokens lie in the picture, as a layer has them}
   *
   * @param recording a forward pass
   * @param layer a layer that puts out tokens on a grid
   * @throws NotApplicableException if it puts out something else
   */
  static Layout.Tokens tokens(Recording recording, String layer) {
    Layout layout = recording.requirePositions(layer);
    if (layout instanceof Layout.Tokens tokens) {
      return tokens;
    }
    if (layout instanceof Layout.TokensFirst first) {
      return first.tokens();
    }
    throw new NotApplicableException(
        "Attention is between tokens, and '%s' puts out %s. Name a layer that puts out tokens, such as the last block."
            .formatted(layer, layout));
  }

  /**
   * {@return the part of some values of tokens that lies in the picture, shape (N, h, w)}
   *
   * @param values shape (N, T)
   * @param tokens where they lie
   */
  static NDArray inPicture(NDArray values, Layout.Tokens tokens) {
    int count = tokens.height() * tokens.width();
    if (values.getShape().get(1) < tokens.before() + count) {
      throw new NotApplicableException(
          String.format(
              Locale.ROOT,
              "Attention is between %d tokens, and the layer has %d before a grid of %d×%d. Name a layer of the same blocks.",
              values.getShape().get(1),
              tokens.before(),
              tokens.height(),
              tokens.width()));
    }
    return values
        .get(":, {}:{}", tokens.before(), tokens.before() + count)
        .reshape(-1, tokens.height(), tokens.width());
  }
}
