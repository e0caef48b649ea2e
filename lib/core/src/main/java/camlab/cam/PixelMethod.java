package camlab.cam;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import camlab.capture.Recording;
import camlab.capture.Target;
import camlab.heatmap.ChannelMaps;
import camlab.heatmap.Heatmap;
import camlab.heatmap.Provenance;
import camlab.network.LayerGraph;
import camlab.network.Network;
import camlab.picture.Picture;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A method that says of every pixel, and of each of its channels, what it does to the score. Its
 * whole content is {@link #attribution}.
 *
 * <p>It runs the network on the recording's input once more, unless the plain gradient is all it
 * needs and the input is among the recorded layers; which others were recorded is all the same to
 * it, and but for Guided Grad-CAM so is the layer that is asked for.
 */
public abstract class PixelMethod implements CamMethod {

  PixelMethod() {}

  /**
   * The values of all pictures.
   *
   * @param input what went into the network, shape (N, C, H, W); the result and all that is worked
   *     out on the way belong to its manager
   * @param recording the forward pass
   * @param layer the dotted name of the layer that was asked for
   * @param target the score to explain
   * @return the shape of the input, signed
   */
  abstract NDArray attribution(NDArray input, Recording recording, String layer, Target target);

  /**
   * One value per position: by default the largest magnitude of the channels.
   *
   * @param attribution shape (N, C, H, W)
   * @return shape (N, H, W)
   */
  NDArray map(NDArray attribution) {
    return attribution.abs().max(new int[] {1});
  }

  /** The layer that the provenance names. */
  String shown(String layer) {
    return LayerGraph.INPUT;
  }

  /**
   * {@inheritDoc}
   *
   * <p>Only Guided Grad-CAM looks at a layer.
   */
  @Override
  public String defaultLayer(Network network) {
    return LayerGraph.INPUT;
  }

  /**
   * The signed values of each channel, one entry per recorded picture.
   *
   * @param recording a forward pass
   * @param layer the dotted name of a recorded layer; only Guided Grad-CAM looks at it
   * @param target the score to explain
   * @return one map for each channel of the input, at the network's resolution, C×H×W
   */
  public final List<ChannelMaps> attributions(Recording recording, String layer, Target target) {
    try (NDManager scope = recording.input().getManager().newSubManager()) {
      NDArray values = attribution(recording, layer, target, scope);
      int channels = (int) values.getShape().get(1);
      int height = (int) values.getShape().get(2);
      int width = (int) values.getShape().get(3);
      return IntStream.range(0, recording.pictures())
          .mapToObj(
              i ->
                  ChannelMaps.of(
                      shown(layer),
                      channels,
                      height,
                      width,
                      values.get(i).toFloatArray(),
                      recording.region(i)))
          .toList();
    }
  }

  /**
   * The signed values of each channel for one picture; Guided Grad-CAM looks at the network's
   * default target layer.
   *
   * @param network the network
   * @param picture any picture
   * @param target the score to explain
   * @return one map for each channel of the input, at the network's resolution, C×H×W
   */
  public final ChannelMaps attribution(Network network, Picture picture, Target target) {
    String layer = defaultLayer(network);
    return network.whileOpen(
        () -> {
          try (Recording recording = Recording.of(network, picture, layer)) {
            return attributions(recording, layer, target).get(0);
          }
        });
  }

  @Override
  public final List<Heatmap> heatmaps(Recording recording, String layer, Target target) {
    List<Heatmap> heatmaps = new ArrayList<>(recording.pictures());
    try (NDManager scope = recording.input().getManager().newSubManager()) {
      NDArray maps = map(attribution(recording, layer, target, scope));
      int height = (int) maps.getShape().get(1);
      int width = (int) maps.getShape().get(2);
      for (int i = 0; i < recording.pictures(); i++) {
        Provenance provenance = recording.provenance(name(), shown(layer), target, i);
        heatmaps.add(Heatmap.of(height, width, maps.get(i).toFloatArray(), provenance));
      }
    }
    return List.copyOf(heatmaps);
  }

  private NDArray attribution(Recording recording, String layer, Target target, NDManager scope) {
    NDArray input = recording.input();
    input.attach(scope);
    return attribution(input, recording, layer, settled(recording, target));
  }

  /** A score of each picture's own that stays the same when the pictures are changed. */
  static Target settled(Recording recording, Target target) {
    return Target.oneEach(settledEach(recording, target));
  }

  /** The scores of the pictures, one after the other. */
  static List<Target> settledEach(Recording recording, Target target) {
    return IntStream.range(0, recording.pictures())
        .mapToObj(i -> recording.target(target, i))
        .toList();
  }

  /** ∂y/∂x at an input of shape (N, C, H, W); the same shape, in the input's scope. */
  static NDArray gradient(NDArray input, Recording recording, Target target) {
    // A recording of the input itself needs no second run.
    NDArray gradient =
        recording.layers().contains(LayerGraph.INPUT)
            ? recording.outputGradient(LayerGraph.INPUT, target).stopGradient()
            : recording.shared(
                "gradient at the input",
                target,
                () -> gradient(recording.network(), input, target));
    gradient.attach(input.getManager());
    return gradient;
  }

  private static NDArray gradient(Network network, NDArray input, Target target) {
    try (Recording recording = Recording.of(network, input, List.of(LayerGraph.INPUT))) {
      NDArray gradient = recording.gradient(LayerGraph.INPUT, target).duplicate();
      gradient.attach(input.getManager());
      return gradient;
    }
  }
}
