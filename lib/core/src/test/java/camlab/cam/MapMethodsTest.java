package camlab.cam;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import camlab.TestFiles;
import camlab.capture.Recording;
import camlab.capture.Target;
import camlab.heatmap.Heatmap;
import camlab.network.GoldenNetworks;
import camlab.network.Network;
import camlab.network.SmallBlocks;
import camlab.picture.Preprocessing;
import camlab.progress.Progress;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Methods that give maps of a layer, against PyTorch's figures in double precision. */
class MapMethodsTest {

  /** As a share of the largest value. */
  private static final double CLOSE = 1e-5;

  private static final Map<String, CamMethod> METHODS =
      Map.of(
          "eigen_grad_cam",
          new EigenGradCam(),
          "kpca_cam",
          new KpcaCam(),
          "smooth_grad_cam_plus_plus",
          new SmoothGradCamPlusPlus(3, 0.2, 11, Progress.NONE),
          "shapley_cam",
          new ShapleyCam(),
          "finer_cam",
          new FinerCam(),
          "ss_cam",
          new SsCam(2, 0.5, 5, 7, Progress.NONE),
          "is_cam",
          new IsCam(4, 7, Progress.NONE),
          "faster_score_cam",
          new FasterScoreCam(5, 7, Progress.NONE),
          "recipro_cam",
          new ReciproCam(7, Progress.NONE));

  /** Those of other scores than the largest logit, by the class of that. */
  private static final Map<String, IntFunction<Target>> TARGETS =
      Map.of(
          "shapley_cam",
          index -> Target.score("y + ln p", y -> y.get(index).add(y.logSoftmax(0).get(index))));

  /** At the input's resolution. */
  private static final Map<String, CamMethod> INPUT_METHODS =
      Map.of("full_grad", new FullGrad(), "refine_cam", new Refined());

  /** Of the layers of the network that the figures are of. */
  private record Refined() implements CamMethod {

    @Override
    public String name() {
      return "Refine-CAM";
    }

    @Override
    public List<Heatmap> heatmaps(Recording recording, String layer, Target target) {
      Network network = recording.network();
      List<String> layers =
          network.name().equals("alexnet")
              ? List.of("features.1", "features.4", "features.6")
              : List.of("layer2", "layer3", "layer4");
      return new RefineCam(new GradCamPlusPlus(), layers).heatmaps(recording, layer, target);
    }
  }

  static Stream<Arguments> cases() {
    return cases("maps");
  }

  static Stream<Arguments> inputCases() {
    return cases("input_maps");
  }

  private static Stream<Arguments> cases(String kind) {
    JsonArray cases = TestFiles.figures("maps/figures.json").getAsJsonArray("cases");
    return StreamSupport.stream(cases.spliterator(), false)
        .map(JsonElement::getAsJsonObject)
        .filter(each -> each.has(kind))
        .flatMap(
            each ->
                each.getAsJsonObject(kind).keySet().stream()
                    .map(
                        method ->
                            Arguments.of(
                                Named.of(text(each, "network") + " " + text(each, "layer"), each),
                                method)));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void agreesWithPyTorch(JsonObject figures, String method) {
    assertClose(
        figures.getAsJsonObject("maps").getAsJsonArray(method),
        heatmap(figures, method, METHODS).values());
  }

  @ParameterizedTest
  @MethodSource("inputCases")
  void agreesWithPyTorchAtTheInput(JsonObject figures, String method) {
    assertClose(
        figures.getAsJsonObject("input_maps").getAsJsonArray(method),
        GoldenMethodsTest.blocks(
            heatmap(figures, method, INPUT_METHODS).values(),
            figures.get("input").getAsInt(),
            figures.get("block").getAsInt()));
  }

  /** A method without figures would be tested by nothing here. */
  @Test
  void everyMethodHasFiguresOfThreeLayersOrTwoNetworks() {
    assertEquals(3L * METHODS.size(), cases().count());
    assertEquals(2L * INPUT_METHODS.size(), inputCases().count());
  }

  private static Heatmap heatmap(
      JsonObject figures, String method, Map<String, CamMethod> methods) {
    int size = figures.get("input").getAsInt();
    String layer = text(figures, "layer");
    Preprocessing small =
        new Preprocessing(size, size, Preprocessing.IMAGENET.mean(), Preprocessing.IMAGENET.std());
    try (Network network =
            GoldenNetworks.network(SmallBlocks.named(text(figures, "network")), small);
        NDManager scope = network.newScope()) {
      NDArray input = scope.create(GoldenNetworks.input(size), new Shape(1, 3, size, size));
      try (Recording recording = Recording.of(network, input, List.of(layer))) {
        int index = figures.get("target").getAsInt();
        assertEquals(Target.of(index), recording.target(Target.predicted(), 0));
        Target target = TARGETS.getOrDefault(method, Target::of).apply(index);
        return methods.get(method).heatmap(recording, layer, target);
      }
    }
  }

  private static String text(JsonObject figures, String name) {
    return figures.get(name).getAsString();
  }

  private static void assertClose(JsonArray expected, float[] found) {
    assertEquals(expected.size(), found.length);
    double largest = 0;
    double difference = 0;
    for (int i = 0; i < found.length; i++) {
      double value = expected.get(i).getAsDouble();
      largest = Math.max(largest, Math.abs(value));
      difference = Math.max(difference, Math.abs(value - found[i]));
    }
    assertEquals(0, difference / largest, CLOSE, "as a share of the largest value");
  }
}
