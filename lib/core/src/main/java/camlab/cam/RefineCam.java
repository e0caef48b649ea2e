package camlab.cam;

import camlab.capture.Recording;
import camlab.capture.Target;
import camlab.heatmap.Heatmap;
import camlab.heatmap.Provenance;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Refine-CAM: the product of a method's maps of several layers, so that the deep layers say where
 * and the shallow ones how fine.
 *
 * <p>Each layer's map, resized bilinearly to the picture and scaled to [0, 1] by its own minimum
 * and maximum, is N<sub>l</sub>; the map is Π<sub>l</sub> N<sub>l</sub>, scaled to [0, 1] in the
 * same way. A position is lit only where every layer lights it; a layer whose map is constant puts
 * out everything.
 *
 * <p>It is made of several layers, and so is no {@link CamMethod} and not in the {@link Catalogue},
 * like {@link LayerCam#fused}. It costs what the method costs at each layer; the recording is one.
 *
 * <p>Source: L. Domeniconi et al., "How to Evaluate and Refine your CAM", 2026, in the order of the
 * authors' own program. (The package torchcam 0.5.0 scales before it resizes, to the finest layer
 * and not to the picture.)
 */
public final class RefineCam {

  private final CamMethod method;

  /** Of the maps of Grad-CAM++. */
  public RefineCam() {
    this(new GradCamPlusPlus());
  }

  /**
   * Of the maps of another method.
   *
   * @param method which one
   */
  public RefineCam(CamMethod method) {
    this.method = Objects.requireNonNull(method, "method");
  }

  /**
   * The product of the maps of several layers for the first recorded picture.
   *
   * <pre>{@code
   * try (Recording recording = Recording.of(network, picture, "layer2", "layer3", "layer4")) {
   *   Heatmap map = new RefineCam().fused(recording, recording.layers(), Target.of("cat"));
   * }
   * }</pre>
   *
   * @param recording a forward pass that recorded the layers
   * @param layers their dotted names; at least one
   * @param target the score to explain
   * @return values in [0, 1] at the input's resolution
   * @throws IllegalArgumentException if there is no layer
   */
  public Heatmap fused(Recording recording, List<String> layers, Target target) {
    List<Heatmap> maps =
        layers.stream().map(layer -> method.heatmap(recording, layer, target)).toList();
    long[] size = recording.input().getShape().getShape();
    return fuse(maps, (int) size[2], (int) size[3]);
  }

  /**
   * The product of maps that are already there.
   *
   * @param maps of any sizes; at least one
   * @param height rows of the result
   * @param width columns of the result
   * @return values in [0, 1]
   * @throws IllegalArgumentException if there is none, or they lie over different parts of pictures
   */
  public static Heatmap fuse(List<Heatmap> maps, int height, int width) {
    LayerCam.requireOnePart(maps);
    float[] product = new float[height * width];
    Arrays.fill(product, 1);
    for (Heatmap map : maps) {
      float[] values = map.resized(height, width).normalized().values();
      for (int i = 0; i < product.length; i++) {
        product[i] *= values[i];
      }
    }
    String layers = String.join(" × ", maps.stream().map(map -> map.provenance().layer()).toList());
    Provenance last = maps.get(maps.size() - 1).provenance();
    Provenance all =
        new Provenance("Refine-CAM", layers, last.target(), last.score(), last.region());
    return Heatmap.of(height, width, product, all).normalized();
  }
}
