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
import camlab.network.GoldenNetworks;
import camlab.network.LayerGraph;
import camlab.network.LayeredNetwork;
import camlab.network.ResNet;
import camlab.network.SqueezeNet;
import camlab.network.Vgg16;
import camlab.network.Xception;
import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
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

  static Stream<Arguments> networks() {
    return Stream.of(
        Arguments.of("alexnet.json", AlexNet.torchvision(1000), false),
        Arguments.of("vgg16.json", Vgg16.torchvision(1000), false),
        Arguments.of("resnet18.json", ResNet.resNet18(1000), true),
        Arguments.of("resnet50.json", ResNet.resNet50(1000), true),
        Arguments.of("squeezenet1_1.json", SqueezeNet.version1_1(1000), true),
        Arguments.of("xception.json", Xception.legacy(1000), true));
  }

  @ParameterizedTest
  @MethodSource("networks")
  void agreesWithPyTorch(String file, Architecture architecture, boolean pooled)
      throws IOException {
    JsonObject golden = read(file);
    try (LayeredNetwork network = GoldenNetworks.network(architecture);
        NDManager scope = network.newScope()) {
      int size = golden.get("input").getAsInt();
      NDArray input = scope.create(GoldenNetworks.input(size), new Shape(1, 3, size, size));
      checkLogits(golden, network.run(input, LayerGraph.Hook.NONE));
      checkMaps(golden, network, input);
      assertEquals(pooled, Cam.refusal(network).isEmpty());
    }
  }

  private static JsonObject read(String file) throws IOException {
    try (Reader reader =
        new InputStreamReader(
            GoldenMapsTest.class.getResourceAsStream("/camlab/golden/" + file),
            StandardCharsets.UTF_8)) {
      return new Gson().fromJson(reader, JsonObject.class);
    }
  }

  private static void checkLogits(JsonObject golden, NDArray logits) {
    float[] values = logits.toFloatArray();
    double largest = logits.abs().max().getFloat();
    JsonArray head = golden.getAsJsonArray("logits_head");
    for (int i = 0; i < head.size(); i++) {
      assertEquals(head.get(i).getAsFloat(), values[i], 1e-4 * largest, "logit " + i);
    }
    double sum = golden.get("logits_abs_sum").getAsDouble();
    assertEquals(sum, logits.abs().sum().getFloat(), 5e-5 * sum);
    assertEquals(golden.getAsJsonArray("targets").get(0).getAsLong(), logits.argMax().getLong());
  }

  /** All layers and both classes from one forward pass. */
  private static void checkMaps(JsonObject golden, LayeredNetwork network, NDArray input) {
    List<String> layers = new ArrayList<>(List.of(LayerGraph.INPUT));
    for (JsonElement entry : golden.getAsJsonArray("maps")) {
      layers.add(entry.getAsJsonObject().get("layer").getAsString());
    }
    try (Recording recording = Recording.of(network, input, layers)) {
      checkInputGradients(golden, recording);
      for (JsonElement element : golden.getAsJsonArray("maps")) {
        JsonObject entry = element.getAsJsonObject();
        String layer = entry.get("layer").getAsString();
        Target target = Target.of(entry.get("target").getAsInt());
        JsonObject expected = entry.getAsJsonObject("map");
        JsonArray shape = entry.getAsJsonArray("shape");
        ChannelMaps activations = recording.activations(layer);
        assertEquals(shape.get(0).getAsInt(), activations.channels());
        close(expected, "activation_mean", activations.meanOverChannels(), layer);
        close(
            expected,
            "gradient_mean",
            recording.gradients(layer, target).meanOverChannels(),
            layer);
        close(expected, "grad_cam", new GradCam().heatmap(recording, layer, target), layer);
        close(expected, "layer_cam", new LayerCam().heatmap(recording, layer, target), layer);
        close(expected, "x_grad_cam", new XGradCam().heatmap(recording, layer, target), layer);
        close(expected, "hi_res_cam", new HiResCam().heatmap(recording, layer, target), layer);
        Heatmap counterfactual = new CounterfactualGradCam().heatmap(recording, layer, target);
        close(expected, "counterfactual", counterfactual, layer);
        Heatmap fem = new Fem().heatmap(recording, layer, target);
        double agreement = fem.correlation(map(expected, "fem_k2", fem));
        assertTrue(agreement >= 0.999, layer + " fem_k2 " + agreement);
        if (expected.has("cam")) {
          close(expected, "cam", new Cam().heatmap(recording, layer, target), layer);
        }
        ChannelMaps gradients = recording.gradients(layer, target);
        Heatmap withEpsilon = plusPlus(activations, gradients, 1e-7);
        double correlation =
            withEpsilon.correlation(map(expected, "grad_cam_plus_plus", withEpsilon));
        assertTrue(correlation >= 0.999, layer + " grad_cam_plus_plus " + correlation);
        Heatmap exact = plusPlus(activations, gradients, 0);
        Heatmap found = new GradCamPlusPlus().heatmap(recording, layer, target);
        assertTrue(exact.maxDifference(found) <= SHARE_OF_MAXIMUM * exact.max(), layer);
      }
    }
  }

  private static void checkInputGradients(JsonObject golden, Recording recording) {
    for (JsonElement element : golden.getAsJsonArray("input_gradient")) {
      JsonObject entry = element.getAsJsonObject();
      NDArray gradient =
          recording.gradient(LayerGraph.INPUT, Target.of(entry.get("target").getAsInt()));
      double sum = entry.get("abs_sum").getAsDouble();
      assertEquals(sum, gradient.abs().sum().getFloat(), 1e-4 * sum);
      double largest = gradient.abs().max().getFloat();
      JsonArray head = entry.getAsJsonArray("row0_head");
      for (int i = 0; i < head.size(); i++) {
        assertEquals(head.get(i).getAsFloat(), gradient.getFloat(0, 0, 0, i), 1e-4 * largest);
      }
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

  private static void close(JsonObject expected, String name, Heatmap found, String layer) {
    Heatmap map = map(expected, name, found);
    double largest = Math.max(Math.abs(map.max()), Math.abs(map.min()));
    double difference = map.maxDifference(found);
    assertTrue(
        difference <= SHARE_OF_MAXIMUM * largest,
        "%s of %s: %s of %s".formatted(name, layer, difference, largest));
  }

  private static Heatmap map(JsonObject expected, String name, Heatmap like) {
    JsonArray array = expected.getAsJsonArray(name);
    float[] values = new float[array.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = array.get(i).getAsFloat();
    }
    return Heatmap.of(like.height(), like.width(), values, new Provenance(name, "", "", 0));
  }
}
