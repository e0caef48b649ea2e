package camlab.cam;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import camlab.capture.Recording;
import camlab.capture.Target;
import camlab.heatmap.ChannelMaps;
import camlab.network.AlexNet;
import camlab.network.Architecture;
import camlab.network.GoldenNetworks;
import camlab.network.Network;
import camlab.network.ResNet;
import camlab.progress.Progress;
import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Methods of many passes, and those in pixel space, against figures from PyTorch. */
class GoldenMethodsTest {

  private static final float SHARE_OF_MAXIMUM = 1e-4f;

  static Stream<Arguments> networks() {
    return Stream.of(
        Arguments.of("methods-alexnet.json", AlexNet.torchvision(1000)),
        Arguments.of("methods-resnet18.json", ResNet.resNet18(1000)));
  }

  @ParameterizedTest
  @MethodSource("networks")
  void agreesWithPyTorch(String file, Architecture architecture) throws IOException {
    JsonObject golden = read(file);
    String layer = golden.get("layer").getAsString();
    int size = golden.get("input").getAsInt();
    Target target = Target.predicted();
    try (Network network = GoldenNetworks.network(architecture);
        NDManager scope = network.newScope()) {
      NDArray input = scope.create(GoldenNetworks.input(size), new Shape(1, 3, size, size));
      try (Recording recording = Recording.of(network, input, List.of(layer))) {
        assertEquals(Target.of(golden.get("target").getAsInt()), recording.target(target, 0));
        maps()
            .forEach(
                (name, method) ->
                    close(
                        golden.getAsJsonObject("maps").getAsJsonArray(name),
                        method.heatmap(recording, layer, target).values(),
                        name));
        pixelMethods(golden)
            .forEach(
                (name, method) -> {
                  JsonObject expected =
                      golden.getAsJsonObject("attributions").getAsJsonObject(name);
                  int block = golden.get("block").getAsInt();
                  ChannelMaps colours = method.attributions(recording, layer, target).get(0);
                  float[] map = method.heatmap(recording, layer, target).values();
                  close(
                      expected.getAsJsonArray("colours"),
                      blocks(colours.values(), size, block),
                      name);
                  close(expected.getAsJsonArray("map"), blocks(map, size, block), name);
                });
      }
    }
  }

  private static Map<String, CamMethod> maps() {
    return Map.of(
        "eigen_cam", new EigenCam(),
        "score_cam", new ScoreCam(),
        "ablation_cam", new AblationCam());
  }

  private static Map<String, PixelMethod> pixelMethods(JsonObject golden) {
    JsonObject noise = golden.getAsJsonObject("smooth_grad");
    return Map.of(
        "gradient_saliency",
        new GradientSaliency(),
        "smooth_grad",
        new SmoothGrad(
            noise.get("samples").getAsInt(),
            noise.get("spread").getAsDouble(),
            noise.get("seed").getAsLong(),
            Progress.NONE),
        "integrated_gradients",
        new IntegratedGradients(
            golden.getAsJsonObject("integrated_gradients").get("steps").getAsInt(), Progress.NONE),
        "guided_backpropagation",
        new GuidedBackpropagation(),
        "guided_grad_cam",
        new GuidedGradCam());
  }

  /** Sums over blocks of an array of shape (c, size, size), in the order of the blocks. */
  private static float[] blocks(float[] values, int size, int block) {
    int side = size / block;
    double[] sums = new double[values.length / (block * block)];
    for (int i = 0; i < values.length; i++) {
      int channel = i / (size * size);
      int row = i / size % size / block;
      int column = i % size / block;
      sums[(channel * side + row) * side + column] += values[i];
    }
    float[] rounded = new float[sums.length];
    for (int i = 0; i < sums.length; i++) {
      rounded[i] = (float) sums[i];
    }
    return rounded;
  }

  private static void close(JsonArray expected, float[] found, String name) {
    float[] values = new float[expected.size()];
    float largest = 0;
    for (int i = 0; i < values.length; i++) {
      values[i] = expected.get(i).getAsFloat();
      largest = Math.max(largest, Math.abs(values[i]));
    }
    assertTrue(largest > 0, name);
    assertArrayEquals(values, found, SHARE_OF_MAXIMUM * largest, name);
  }

  private static JsonObject read(String file) throws IOException {
    try (Reader reader =
        new InputStreamReader(
            GoldenMethodsTest.class.getResourceAsStream("/camlab/golden/" + file),
            StandardCharsets.UTF_8)) {
      return new Gson().fromJson(reader, JsonObject.class);
    }
  }
}
