package camlab.cam;

import camlab.capture.Recording;
import camlab.capture.Target;
import camlab.heatmap.Heatmap;
import camlab.heatmap.Provenance;
import camlab.heatmap.Region;
import camlab.network.Network;
import camlab.network.NotApplicableException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Refine-CAM: the product of a method's maps of several layers, so that the deep layers say where
 * and the shallow ones how fine.
 *
 * <p>Each layer's map, resized bilinearly to the picture and scaled to [0, 1] by its own minimum
 * and maximum, is N<sub>l</sub>; the map is Π<sub>l</sub> N<sub>l</sub>, scaled to [0, 1] in the
 * same way. A position is lit only where every layer lights it; a layer whose map is constant puts
 * out everything.
 *
 * <p>As a {@link CamMethod} it takes the layer that it is asked at, and before it layers of one's
 * own, or the {@linkplain Network#stages stages} of the network that lead to this one; {@link
 * #fused} takes all that it is given. It costs what the method costs at each of them; the recording
 * is one, made anew where it did not record all of them.
 *
 * <p>Source: L. Domeniconi et al., "How to Evaluate and Refine your CAM", 2026, in the order of the
 * authors' own program. (The package torchcam 0.5.0 scales before it resizes, to the finest layer
 * and not to the picture.)
 */
public final class RefineCam implements CamMethod {

  private final CamMethod method;
  private final List<String> layers;

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
    this(method, List.of());
  }

  /**
   * Of the maps of layers of one's own.
   *
   * @param method whose maps
   * @param layers the dotted names of the layers that join the one that it is asked at; empty for
   *     the network's stages
   */
  public RefineCam(CamMethod method, List<String> layers) {
    this.method = Objects.requireNonNull(method, "method");
    this.layers = List.copyOf(layers);
  }

  @Override
  public String name() {
    return "Refine-CAM";
  }

  @Override
  public boolean explainsTarget() {
    return method.explainsTarget();
  }

  /**
   * {@inheritDoc}
   *
   * @return values in [0, 1] at the input's resolution
   * @throws NotApplicableException if no layers were named, and the layer is no stage of the
   *     network
   */
  @Override
  public List<Heatmap> heatmaps(Recording recording, String layer, Target target) {
    List<String> joined = joined(recording.network(), layer);
    if (recording.layers().containsAll(joined)) {
      return products(recording, joined, target);
    }
    Target settled = PixelMethod.settled(recording, target);
    try (Recording all = Recording.of(recording.network(), recording.input(), joined)) {
      List<Heatmap> products = products(all, joined, settled);
      return IntStream.range(0, products.size())
          .mapToObj(i -> seen(products.get(i), recording.region(i)))
          .toList();
    }
  }

  private List<String> joined(Network network, String layer) {
    List<String> joined = new ArrayList<>(layers);
    if (layers.isEmpty()) {
      List<String> stages = network.stages();
      if (!stages.contains(layer)) {
        throw new NotApplicableException(
            "Refine-CAM multiplies a stage's map with those of the stages before it, and '%s' is none of the stages of '%s', which are %s. Ask at one of them, or name layers: new RefineCam(method, layers)."
                .formatted(layer, network.name(), stages));
      }
      joined.addAll(stages.subList(0, stages.indexOf(layer)));
    }
    joined.remove(layer);
    joined.add(layer);
    return joined;
  }

  private List<Heatmap> products(Recording recording, List<String> joined, Target target) {
    List<List<Heatmap>> byLayer =
        joined.stream().map(layer -> method.heatmaps(recording, layer, target)).toList();
    long[] size = recording.input().getShape().getShape();
    return IntStream.range(0, recording.pictures())
        .mapToObj(i -> byLayer.stream().map(maps -> maps.get(i)).toList())
        .map(maps -> fuse(maps, (int) size[2], (int) size[3]))
        .toList();
  }

  /** A recording of an input does not know which part of which picture that was made of. */
  private static Heatmap seen(Heatmap map, Optional<Region> region) {
    Provenance made = map.provenance();
    return map.withProvenance(
        new Provenance(made.method(), made.layer(), made.target(), made.score(), region));
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
    return products(recording, layers, target).get(0);
  }

  /**
   * The product of maps that are already there.
   *
   * @param maps of any sizes; at least one
   * @param height rows of the result, at least 1
   * @param width columns of the result, at least 1
   * @return values in [0, 1]
   * @throws IllegalArgumentException if there is none, they lie over different parts of pictures,
   *     or the result has no row or column
   */
  public static Heatmap fuse(List<Heatmap> maps, int height, int width) {
    LayerCam.requireOnePart(maps);
    List<float[]> resized =
        maps.stream().map(map -> map.resized(height, width).normalized().values()).toList();
    float[] product = resized.get(0);
    for (float[] values : resized.subList(1, resized.size())) {
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
