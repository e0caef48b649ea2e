package camlab.cam;

import ai.djl.ndarray.NDArray;
import camlab.capture.Recording;
import camlab.capture.Target;
import camlab.heatmap.Heatmap;
import camlab.heatmap.Provenance;
import java.util.List;

/**
 * LayerCAM: every position of every channel is weighted by its own gradient, where that is
 * positive. It therefore works at shallow layers too, where a channel has no single meaning.
 *
 * <p>map = R(Σ<sub>k</sub> R(g<sub>k</sub>) ⊙ A<sub>k</sub>).
 *
 * <p>Source: P.-T. Jiang et al., "LayerCAM: Exploring Hierarchical Class Activation Maps for
 * Localization", IEEE Transactions on Image Processing 2021, equations 6 to 8.
 */
public final class LayerCam extends GradientCam {

  /** How strongly {@link #amplified} lifts a shallow map before it is fused (the paper's γ). */
  private static final double GAMMA = 2;

  @Override
  public String name() {
    return "LayerCAM";
  }

  @Override
  public NDArray map(NDArray activation, NDArray gradient) {
    return relu(sumOverChannels(relu(gradient).mul(activation)));
  }

  /**
   * The maps of several layers as one: the elementwise maximum, so that a position is lit where any
   * of the layers lights it.
   *
   * <p>The last one named is divided by its maximum. Each of the others, the shallow ones, becomes
   * tanh(2M / max M), at most 0.96, since most of their values are small (the paper's equation 9,
   * with γ = 2). A map without positive values becomes zeros. Each is then resized bilinearly.
   *
   * @param recording a forward pass that recorded the layers
   * @param layers their dotted names, shallow to deep; at least one
   * @param target the score to explain
   * @return values in [0, 1] at the finest of the layers' resolutions
   * @throws IllegalArgumentException if there is no layer
   */
  public Heatmap fused(Recording recording, List<String> layers, Target target) {
    List<Heatmap> maps = layers.stream().map(layer -> heatmap(recording, layer, target)).toList();
    return fuse(maps);
  }

  /**
   * Fuses maps that are already there.
   *
   * @param maps shallow to deep, of any sizes; at least one
   * @return values in [0, 1] at the finest resolution
   * @throws IllegalArgumentException if there is none, or they lie over different parts of pictures
   * @see #fused
   */
  public static Heatmap fuse(List<Heatmap> maps) {
    requireOnePart(maps);
    Heatmap deepest = maps.get(maps.size() - 1);
    int height = maps.stream().mapToInt(Heatmap::height).max().orElseThrow();
    int width = maps.stream().mapToInt(Heatmap::width).max().orElseThrow();
    float[] fused = new float[height * width];
    for (int i = 0; i < maps.size(); i++) {
      boolean shallow = i < maps.size() - 1;
      float[] values = scaledToOne(maps.get(i), shallow).resized(height, width).values();
      for (int j = 0; j < fused.length; j++) {
        fused[j] = Math.max(fused[j], values[j]);
      }
    }
    String layers = String.join(" + ", maps.stream().map(map -> map.provenance().layer()).toList());
    Provenance last = deepest.provenance();
    return Heatmap.of(
        height,
        width,
        fused,
        new Provenance("LayerCAM", layers, last.target(), last.score(), last.region()));
  }

  /** Requires at least one map, and all of the same part of a picture. */
  static void requireOnePart(List<Heatmap> maps) {
    if (maps.isEmpty()) {
      throw new IllegalArgumentException("Give at least one map to fuse, found none.");
    }
    if (maps.stream().map(Heatmap::region).distinct().count() > 1) {
      throw new IllegalArgumentException(
          "Only maps of one part of one picture are fused, found these parts: %s."
              .formatted(maps.stream().map(Heatmap::region).distinct().toList()));
    }
  }

  private static Heatmap scaledToOne(Heatmap map, boolean amplify) {
    double max = map.max();
    float[] values = map.values();
    for (int i = 0; i < values.length; i++) {
      double share = max > 0 ? values[i] / max : 0;
      values[i] = (float) (amplify ? amplified(share) : share);
    }
    return Heatmap.of(map.height(), map.width(), values, map.provenance());
  }

  private static double amplified(double share) {
    return Math.tanh(GAMMA * share);
  }
}
