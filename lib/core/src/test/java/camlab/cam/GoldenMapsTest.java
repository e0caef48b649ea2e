package camlab.cam;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import camlab.capture.Recording;
import camlab.capture.Target;
import camlab.heatmap.ChannelMaps;
import camlab.heatmap.Heatmap;
import camlab.heatmap.Provenance;
import camlab.network.AlexNet;
import camlab.network.Architecture;
import camlab.network.EfficientNetLite;
import camlab.network.GoldenNetworks;
import camlab.network.LayerGraph;
import camlab.network.LayeredNetwork;
import camlab.network.ResNet;
import camlab.network.SqueezeNet;
import camlab.network.Vgg16;
import camlab.network.Xception;
import com.google.gson.JsonArray;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Full-size networks of torchvision's and timm's layout against figures from PyTorch's autograd.
 */
class GoldenMapsTest {

  private static final double SHARE_OF_MAXIMUM = 1e-4;

  /** The share of its largest value that single precision may miss a figure by at most. */
  private static final double DETERMINED = 0.01;

  static Stream<Arguments> networks() {
    return Stream.of(
        Arguments.of("alexnet.json", AlexNet.torchvision(1000), false),
        Arguments.of("vgg16.json", Vgg16.torchvision(1000), false),
        Arguments.of("resnet18.json", ResNet.resNet18(1000), true),
        Arguments.of("resnet50.json", ResNet.resNet50(1000), true),
        Arguments.of("squeezenet1_1.json", SqueezeNet.version1_1(1000), true),
        Arguments.of("xception.json", Xception.legacy(1000), true),
        Arguments.of("efficientnet_lite0.json", EfficientNetLite.lite0(1000), true),
        Arguments.of("clear-alexnet.json", AlexNet.torchvision(1000), false),
        Arguments.of("clear-vgg16.json", Vgg16.torchvision(1000), false),
        Arguments.of("clear-resnet18.json", ResNet.resNet18(1000), true),
        Arguments.of("clear-resnet50.json", ResNet.resNet50(1000), true),
        Arguments.of("clear-squeezenet1_1.json", SqueezeNet.version1_1(1000), true),
        Arguments.of("clear-xception.json", Xception.legacy(1000), true),
        Arguments.of("clear-efficientnet_lite0.json", EfficientNetLite.lite0(1000), true));
  }

  @ParameterizedTest
  @MethodSource("networks")
  void agreesWithPyTorch(String file, Architecture architecture, boolean pooled)
      throws IOException {
    GoldenFile golden = GoldenFile.read(file);
    try (LayeredNetwork network = GoldenNetworks.network(architecture, golden.text("salt"));
        NDManager scope = network.newScope()) {
      int size = golden.number("input");
      NDArray input =
          scope.create(
              GoldenNetworks.input(size, golden.text("salt")), new Shape(1, 3, size, size));
      checkLogits(golden, network.run(input, LayerGraph.Hook.NONE));
      checkMaps(golden, network, input);
      assertEquals(pooled, Cam.refusal(network).isEmpty());
    }
  }

  private static void checkLogits(GoldenFile golden, NDArray logits) {
    float[] head = Arrays.copyOf(logits.toFloatArray(), golden.size("logits_head"));
    golden.close("logits_head", head);
    golden.close("logits_abs_sum", logits.abs().sum().getFloat());
    long target = golden.figures().getAsJsonArray("targets").get(0).getAsLong();
    assertEquals(target, logits.argMax().getLong());
  }

  /** All layers and both classes from one forward pass. */
  private static void checkMaps(GoldenFile golden, LayeredNetwork network, NDArray input) {
    List<String> layers = new ArrayList<>(List.of(LayerGraph.INPUT));
    for (int i = 0; i < golden.size("maps"); i++) {
      layers.add(golden.at("maps", i).text("layer"));
    }
    try (Recording recording = Recording.of(network, input, layers)) {
      checkInputGradients(golden, recording);
      for (int i = 0; i < golden.size("maps"); i++) {
        GoldenFile entry = golden.at("maps", i);
        String layer = entry.text("layer");
        Target target = Target.of(entry.number("target"));
        GoldenFile expected = entry.at("map");
        JsonArray shape = entry.figures().getAsJsonArray("shape");
        ChannelMaps activations = recording.activations(layer);
        assertEquals(shape.get(0).getAsInt(), activations.channels());
        close(expected, "activation_mean", activations.meanOverChannels());
        close(expected, "gradient_mean", recording.gradients(layer, target).meanOverChannels());
        close(expected, "grad_cam", new GradCam().heatmap(recording, layer, target));
        close(expected, "layer_cam", new LayerCam().heatmap(recording, layer, target));
        close(expected, "x_grad_cam", new XGradCam().heatmap(recording, layer, target));
        close(expected, "hi_res_cam", new HiResCam().heatmap(recording, layer, target));
        Heatmap counterfactual = new CounterfactualGradCam().heatmap(recording, layer, target);
        close(expected, "counterfactual", counterfactual);
        Heatmap fem = new Fem().heatmap(recording, layer, target);
        similar(expected, "fem_k2", fem, layer);
        if (expected.figures().has("cam")) {
          close(expected, "cam", new Cam().heatmap(recording, layer, target));
        }
        ChannelMaps gradients = recording.gradients(layer, target);
        Heatmap withEpsilon = plusPlus(activations, gradients, 1e-7);
        similar(expected, "grad_cam_plus_plus", withEpsilon, layer);
        Heatmap exact = plusPlus(activations, gradients, 0);
        Heatmap found = new GradCamPlusPlus().heatmap(recording, layer, target);
        assertTrue(exact.maxDifference(found) <= SHARE_OF_MAXIMUM * exact.max(), layer);
      }
    }
  }

  private static void checkInputGradients(GoldenFile golden, Recording recording) {
    for (int i = 0; i < golden.size("input_gradient"); i++) {
      GoldenFile entry = golden.at("input_gradient", i);
      NDArray gradient = recording.gradient(LayerGraph.INPUT, Target.of(entry.number("target")));
      entry.close("abs_sum", gradient.abs().sum().getFloat());
      float[] values = gradient.toFloatArray();
      entry.close("row0_head", Arrays.copyOf(values, entry.size("row0_head")));
    }
  }

  /**
   * Grad-CAM++ in plain loops. The reference figures were made with an absolute epsilon in the
   * denominator, which the library leaves out because it changes the maps of small gradients: so
   * the loops with epsilon are held against the figures, and without it against the library.
   */
  private static Heatmap plusPlus(ChannelMaps activations, ChannelMaps gradients, double epsilon) {
    int height = activations.height();
    int width = activations.width();
    double[] map = new double[height * width];
    for (int k = 0; k < activations.channels(); k++) {
      double sum = activations.sum(k);
      double weight = 0;
      for (int i = 0; i < height; i++) {
        for (int j = 0; j < width; j++) {
          double g = gradients.at(k, i, j);
          double denominator = 2 * g * g + sum * g * g * g + epsilon;
          double alpha = g == 0 || denominator == 0 ? 0 : g * g / denominator;
          weight += alpha * Math.max(g, 0);
        }
      }
      for (int i = 0; i < height * width; i++) {
        map[i] += weight * activations.at(k, i / width, i % width);
      }
    }
    float[] values = new float[map.length];
    for (int i = 0; i < map.length; i++) {
      values[i] = (float) Math.max(map[i], 0);
    }
    return Heatmap.of(height, width, values, new Provenance("", "", "", 0));
  }

  private static void close(GoldenFile expected, String name, Heatmap found) {
    expected.close(name, found.values());
  }

  /**
   * By correlation, for maps that threshold or divide by a difference that can come close to zero.
   * A figure that PyTorch's own single precision misses by more is not determined by it, and holds
   * nobody to anything.
   */
  private static void similar(GoldenFile expected, String name, Heatmap found, String layer) {
    if (expected.measured(name) > DETERMINED) {
      return;
    }
    Heatmap map = map(expected, name, found);
    if (map.max() == map.min()) {
      close(expected, name, found);
      return;
    }
    double correlation = map.correlation(found);
    assertTrue(correlation >= 0.999, layer + " " + name + " " + correlation);
  }

  private static Heatmap map(GoldenFile expected, String name, Heatmap like) {
    return Heatmap.of(
        like.height(), like.width(), expected.values(name), new Provenance(name, "", "", 0));
  }
}
