package camlab.cam;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import camlab.capture.Recording;
import camlab.capture.Target;
import camlab.heatmap.ChannelMaps;
import camlab.network.AlexNet;
import camlab.network.Architecture;
import camlab.network.EfficientNetLite;
import camlab.network.GoldenNetworks;
import camlab.network.Network;
import camlab.network.ResNet;
import camlab.progress.Progress;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Methods of many passes, and those in pixel space, against figures from PyTorch. */
class GoldenMethodsTest {

  static Stream<Arguments> networks() {
    return Stream.of(
        Arguments.of("methods-alexnet.json", AlexNet.torchvision(1000)),
        Arguments.of("methods-resnet18.json", ResNet.resNet18(1000)),
        Arguments.of("methods-efficientnet_lite0.json", EfficientNetLite.lite0(1000)),
        Arguments.of("clear-methods-alexnet.json", AlexNet.torchvision(1000)),
        Arguments.of("clear-methods-resnet18.json", ResNet.resNet18(1000)));
  }

  @ParameterizedTest
  @MethodSource("networks")
  void agreesWithPyTorch(String file, Architecture architecture) throws IOException {
    GoldenFile golden = GoldenFile.read(file);
    String layer = golden.text("layer");
    int size = golden.number("input");
    Target target = Target.predicted();
    try (Network network = GoldenNetworks.network(architecture, golden.text("salt"));
        NDManager scope = network.newScope()) {
      NDArray input =
          scope.create(
              GoldenNetworks.input(size, golden.text("salt")), new Shape(1, 3, size, size));
      try (Recording recording = Recording.of(network, input, List.of(layer))) {
        assertEquals(Target.of(golden.number("target")), recording.target(target, 0));
        maps()
            .forEach(
                (name, method) ->
                    golden
                        .at("maps")
                        .close(name, method.heatmap(recording, layer, target).values()));
        pixelMethods(golden)
            .forEach(
                (name, method) -> {
                  GoldenFile expected = golden.at("attributions").at(name);
                  int block = golden.number("block");
                  ChannelMaps colours = method.attributions(recording, layer, target).get(0);
                  float[] map = method.heatmap(recording, layer, target).values();
                  expected.close("colours", blocks(colours.values(), size, block));
                  expected.close("map", blocks(map, size, block));
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

  private static Map<String, PixelMethod> pixelMethods(GoldenFile golden) {
    JsonObject noise = golden.figures().getAsJsonObject("smooth_grad");
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
        new IntegratedGradients(golden.at("integrated_gradients").number("steps"), Progress.NONE),
        "guided_backpropagation",
        new GuidedBackpropagation(),
        "guided_grad_cam",
        new GuidedGradCam());
  }

  /** Sums over blocks of an array of shape (c, size, size), in the order of the blocks. */
  static float[] blocks(float[] values, int size, int block) {
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
}
