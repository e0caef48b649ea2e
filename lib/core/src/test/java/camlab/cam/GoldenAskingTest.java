package camlab.cam;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import camlab.capture.Recording;
import camlab.capture.Target;
import camlab.network.AlexNet;
import camlab.network.Architecture;
import camlab.network.GoldenNetworks;
import camlab.network.LayerGraph;
import camlab.network.Network;
import camlab.network.ResNet;
import camlab.picture.Picture;
import camlab.picture.Preprocessing;
import camlab.progress.Progress;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Methods that only ask, against captum's figures; the settings are those of make_asking.py. */
class GoldenAskingTest {

  private static final RegionGrid FEW = new RegionGrid(2, 2);
  private static final RegionGrid MANY = new RegionGrid(3, 5);
  private static final int SAMPLES = 60;
  private static final int SEED = 5;

  static Stream<Arguments> networks() {
    return Stream.of(
        Arguments.of("asking-alexnet.json", AlexNet.torchvision(1000)),
        Arguments.of("asking-resnet18.json", ResNet.resNet18(1000)));
  }

  @ParameterizedTest
  @MethodSource("networks")
  void agreesWithPyTorch(String file, Architecture architecture) {
    GoldenFile golden = GoldenFile.read(file);
    int side = golden.number("input");
    String salt = golden.text("salt");
    Preprocessing small =
        new Preprocessing(side, side, Preprocessing.IMAGENET.mean(), Preprocessing.IMAGENET.std());
    Target target = Target.predicted();
    try (Network network = GoldenNetworks.network(architecture, small, salt);
        NDManager scope = network.newScope()) {
      NDArray input = scope.create(GoldenNetworks.input(side, salt), new Shape(1, 3, side, side));
      try (Recording recording = Recording.of(network, input, List.of(LayerGraph.INPUT))) {
        assertEquals(Target.of(golden.number("target")), recording.target(target, 0));
        Map<String, CamMethod> methods = methods(side);
        assertEquals(golden.figures().getAsJsonObject("maps").keySet(), methods.keySet());
        methods.forEach(
            (name, method) -> {
              float[] map = method.heatmap(recording, LayerGraph.INPUT, target).values();
              golden
                  .at("maps")
                  .close(name, GoldenMethodsTest.blocks(map, side, golden.number("block")));
            });
      }
    }
  }

  private static Map<String, CamMethod> methods(int side) {
    return new TreeMap<>(
        Map.of(
            "gradient_times_input",
            new GradientTimesInput(),
            "expected_gradients",
            new ExpectedGradients(references(side), 6, SEED, Progress.NONE),
            "occlusion",
            new Occlusion(12, 8, Blank.GREY),
            "rise",
            new Rise(40, 5, 0.4, SEED, Blank.GREY),
            "region_ablation",
            new RegionAblation(MANY, Blank.GREY),
            "lime",
            new Lime(MANY, Blank.GREY, SAMPLES, SEED),
            "kernel_shap",
            new KernelShap(MANY, Blank.GREY, SAMPLES, SEED),
            "shapley_values",
            new ShapleyValues(FEW, Blank.GREY)));
  }

  /** Three pictures of noise. */
  private static List<Picture> references(int side) {
    return IntStream.range(0, 3)
        .mapToObj(i -> GoldenNetworks.uniform("reference-" + i, 3 * side * side, "open-"))
        .map(
            noise -> {
              int[] pixels = new int[side * side];
              for (int i = 0; i < noise.length; i++) {
                int shift = 16 - 8 * (i / pixels.length);
                pixels[i % pixels.length] |= (int) (noise[i] * 256) << shift;
              }
              return Picture.of(side, side, pixels);
            })
        .toList();
  }
}
