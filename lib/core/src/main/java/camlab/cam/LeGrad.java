package camlab.cam;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import camlab.capture.Autograd;
import camlab.capture.Recording;
import camlab.capture.Target;
import camlab.engine.PyTorch;
import camlab.heatmap.Heatmap;
import camlab.network.Layout;
import camlab.network.Network;
import camlab.network.NotApplicableException;
import camlab.network.Rest;
import camlab.network.Trace;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * LeGrad: for each block of a transformer, how the score that the block's tokens would get grows
 * with the attention that each token of the picture is paid.
 *
 * <p>s<sub>l</sub> is the score if the network's last block had put out what block l does, and
 * A<sub>l</sub> the shares of attention of block l, shape (heads, T, T). With G<sub>l</sub> = R(∂s
 * <sub>l</sub>/∂A<sub>l</sub>), the map of a block is the mean of G<sub>l</sub> over heads and over
 * the tokens that look, at the tokens of the picture; the map is the mean over the blocks. Values
 * are at least 0.
 *
 * <p>One forward and one backward pass, and for each block and picture one more of each through
 * what is behind the last block (a program knows no such part: there each is a whole one). The
 * layer only says where the tokens lie in the picture. Blocks are found by name: where attention is
 * {@code blocks.0.attn.attention}, the block is {@code blocks.0}. A network has to show its
 * attention, see {@code ExportedProgram.loadShowingAttention}.
 *
 * <p>Source: W. Bousselham et al., "LeGrad: An Explainability Method for Vision Transformers via
 * Feature Formation Sensitivity", ICCV 2025. (The package torchcam takes the mean of all tokens for
 * s<sub>l</sub>, also where the network reads one; here it is what the network does behind its last
 * block. It scales the map between 0 and 1.)
 */
public final class LeGrad implements CamMethod {

  @Override
  public String name() {
    return "LeGrad";
  }

  /**
   * {@inheritDoc}
   *
   * @throws NotApplicableException with the reason, if the network does not show its attention, has
   *     it within windows, or its blocks are no layers
   */
  @Override
  public List<Heatmap> heatmaps(Recording recording, String layer, Target target) {
    Network network = recording.network();
    Map<String, String> blocks = blocks(network);
    Layout.Tokens tokens = AttentionLayers.tokens(recording, layer);
    List<Heatmap> heatmaps = new ArrayList<>(recording.pictures());
    for (int i = 0; i < recording.pictures(); i++) {
      try (NDManager scope = recording.input().getManager().newSubManager()) {
        NDArray input = TrialCam.input(recording, i, scope);
        NDArray values = values(network, input, blocks, recording.target(target, i));
        NDArray map = AttentionLayers.inPicture(values, tokens);
        heatmaps.add(
            Heatmap.of(
                tokens.height(),
                tokens.width(),
                map.toFloatArray(),
                recording.provenance(name(), layer, target, i)));
      }
    }
    return List.copyOf(heatmaps);
  }

  /** The block of each layer of attention. */
  private static Map<String, String> blocks(Network network) {
    Map<String, String> blocks = new LinkedHashMap<>();
    Set<String> layers = Set.copyOf(network.layers());
    for (String attention : AttentionLayers.of(network)) {
      String block = without(without(attention));
      if (!layers.contains(block)) {
        throw new NotApplicableException(
            "LeGrad asks what each block puts out, and the attention '%s' is in no block that is a layer%s. Name it as block.attention.softmax: two names below the block's."
                .formatted(attention, block.isEmpty() ? "" : " ('%s' is none)".formatted(block)));
      }
      blocks.put(attention, block);
    }
    return blocks;
  }

  private static String without(String name) {
    return name.substring(0, Math.max(0, name.lastIndexOf('.')));
  }

  /** The mean over the blocks, of all tokens, shape (1, T). */
  private static NDArray values(
      Network network, NDArray input, Map<String, String> blocks, Target target) {
    Set<String> layers = new LinkedHashSet<>(blocks.keySet());
    layers.addAll(blocks.values());
    Trace trace = network.traceWithGradients(input, layers);
    String last = new ArrayList<>(blocks.values()).get(blocks.size() - 1);
    Rest rest = network.model().rest(input, last);
    NDList blockGrowths = new NDList();
    for (Map.Entry<String, String> each : blocks.entrySet()) {
      Trace.Hooked attention = trace.layers().get(each.getKey());
      NDArray output = trace.layers().get(each.getValue()).activation();
      NDArray gradient = ofScore(network, rest, output, target);
      // A second backward pass would add to what the first one left.
      trace.layers().values().forEach(hooked -> PyTorch.clearGradient(hooked.leaf()));
      Autograd.backward(output, gradient);
      NDArray found = attention.gradient();
      found.attach(input.getManager());
      // Now: clearing the gradients for the next block changes these in place.
      blockGrowths.add(growth(found));
    }
    return mean(blockGrowths);
  }

  /**
   * The mean of R(∂s/∂A) over heads and the tokens that look; shape (N, T).
   *
   * @param gradient of one block's shares, shape (N, heads, T, T)
   */
  static NDArray growth(NDArray gradient) {
    return gradient.maximum(0).mean(new int[] {1}).mean(new int[] {1});
  }

  /** The mean over the blocks, of arrays of one shape. */
  static NDArray mean(NDList blocks) {
    return NDArrays.stack(blocks).mean(new int[] {0});
  }

  /** ∂s/∂Z for tokens Z that the last block might have put out. */
  private static NDArray ofScore(Network network, Rest rest, NDArray tokens, Target target) {
    NDList gradients =
        Autograd.gradients(
            new NDList(tokens.stopGradient().duplicate()),
            leaves -> target.value(rest.run(leaves.head()).get(0), network.classes()),
            tokens.getManager().ones(new Shape()));
    return gradients.head();
  }
}
