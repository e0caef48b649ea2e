package camlab.cam;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import camlab.capture.Recording;
import camlab.capture.Target;
import camlab.heatmap.Heatmap;
import camlab.network.Network;

/**
 * Guided Grad-CAM: guided backpropagation for the fine structure, Grad-CAM for the place.
 *
 * <p>The guided gradient at the input, times the Grad-CAM map of the layer resized bilinearly to
 * the input. The map is the largest magnitude of the channels.
 *
 * <p>Two forward passes, the recording included, and two backward.
 *
 * <p>Source: R. R. Selvaraju et al., "Grad-CAM: Visual Explanations from Deep Networks via
 * Gradient-based Localization", ICCV 2017, section 3.2.
 */
public final class GuidedGradCam extends PixelMethod {

  @Override
  public String name() {
    return "Guided Grad-CAM";
  }

  @Override
  String shown(String layer) {
    return layer;
  }

  @Override
  public String defaultLayer(Network network) {
    return network.targetLayer();
  }

  @Override
  NDArray attribution(NDArray input, Recording recording, String layer, Target target) {
    int height = (int) input.getShape().get(2);
    int width = (int) input.getShape().get(3);
    NDList places = new NDList(recording.pictures());
    for (Heatmap map : new GradCam().heatmaps(recording, layer, target)) {
      float[] values = map.resized(height, width).values();
      places.add(input.getManager().create(values, new Shape(1, height, width)));
    }
    NDArray guided = GuidedBackpropagation.guidedGradient(input, recording, target);
    return guided.mul(NDArrays.stack(places));
  }
}
