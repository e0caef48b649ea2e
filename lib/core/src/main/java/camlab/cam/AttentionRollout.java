package camlab.cam;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import camlab.capture.Recording;
import camlab.capture.Target;
import camlab.heatmap.Heatmap;
import camlab.heatmap.Provenance;
import camlab.network.Layout;
import camlab.network.NotApplicableException;
import java.util.ArrayList;
import java.util.List;

/**
 * Attention rollout: from which tokens of the picture what the last block puts out is mixed, if
 * attention and the paths around it were all that mixes.
 *
 * <p>With A<sub>l</sub> the shares of attention of block l, shape (heads, T, T), the mean over its
 * heads and the path around it give Â<sub>l</sub> = (mean A<sub>l</sub> + I) / 2, and all blocks
 * together R = Â<sub>L</sub> … Â<sub>1</sub>. The map is the row of R of the token that the score
 * is read from, at the tokens of the picture; the mean of the rows, if it is read from several.
 * Which these are is found and not assumed: those whose last attention has a gradient.
 *
 * <p>It shows where the network looks at all, for whatever class: of the target nothing counts but
 * the tokens it is read from. One forward pass and one backward pass beside the recording. The
 * layer only says where the tokens lie in the picture: any that puts out tokens will do. A network
 * has to show its attention, see {@code ExportedProgram.loadShowingAttention}.
 *
 * <p>Source: S. Abnar, W. Zuidema, "Quantifying Attention Flow in Transformers", ACL 2020, equation
 * 1, with the mean over the heads; used for pictures by A. Dosovitskiy et al., "An Image is Worth
 * 16x16 Words", ICLR 2021.
 */
public final class AttentionRollout implements CamMethod {

  @Override
  public String name() {
    return "Attention rollout";
  }

  @Override
  public boolean explainsTarget() {
    return false;
  }

  /**
   * {@inheritDoc}
   *
   * @throws NotApplicableException with the reason, if the network does not show its attention, has
   *     it within windows, or the score has no gradient at the last one
   */
  @Override
  public List<Heatmap> heatmaps(Recording recording, String layer, Target target) {
    List<String> layers = AttentionLayers.of(recording.network());
    Layout.Tokens tokens = AttentionLayers.tokens(recording, layer);
    try (NDManager scope = recording.input().getManager().newSubManager();
        Recording pass = Recording.of(recording.network(), recording.input(), layers)) {
      NDList shares = new NDList();
      layers.forEach(each -> shares.add(AttentionLayers.shares(pass, each)));
      shares.attach(scope);
      Target settled = PixelMethod.settled(recording, target);
      NDArray gradient = pass.outputGradient(layers.get(layers.size() - 1), settled);
      gradient.attach(scope);
      NDArray maps = AttentionLayers.inPicture(read(rolled(shares), gradient), tokens);
      List<Heatmap> heatmaps = new ArrayList<>(recording.pictures());
      for (int i = 0; i < recording.pictures(); i++) {
        Provenance provenance = new Provenance(name(), layer, "", Double.NaN, recording.region(i));
        heatmaps.add(
            Heatmap.of(tokens.height(), tokens.width(), maps.get(i).toFloatArray(), provenance));
      }
      return List.copyOf(heatmaps);
    }
  }

  /**
   * R, shape (N, T, T), of the shares of all blocks in their order, shape (N, heads, T, T) each.
   */
  static NDArray rolled(NDList shares) {
    NDArray rolled = null;
    for (NDArray each : shares) {
      int count = (int) each.getShape().get(3);
      NDArray around = each.getManager().eye(count, count, 0, DataType.FLOAT32);
      NDArray mixed = each.mean(new int[] {1}).add(around).div(2);
      rolled = rolled == null ? mixed : mixed.matMul(rolled);
    }
    return rolled;
  }

  /**
   * The mean of R's rows of those tokens whose last attention has a gradient; shape (N, T).
   *
   * @param rolled R, shape (N, T, T)
   * @param gradient of the last block's shares, shape (N, heads, T, T)
   */
  static NDArray read(NDArray rolled, NDArray gradient) {
    NDArray used =
        gradient.abs().sum(new int[] {1, 3}).gt(0).toType(DataType.FLOAT32, false).expandDims(2);
    NDArray count = used.sum(new int[] {1}, true);
    if (count.min().getFloat() == 0) {
      throw new NotApplicableException(
          "Attention rollout shows the tokens that a score is read from, and at the last attention this one has no gradient at any token of a picture. If it is a probability: take the logit, since one that is 0 or 1 in single precision has none.");
    }
    return used.div(count).mul(rolled).sum(new int[] {1});
  }
}
