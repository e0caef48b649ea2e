package camlab.network.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import camlab.TestFiles;
import camlab.cam.GradCam;
import camlab.capture.Recording;
import camlab.capture.Target;
import camlab.network.Classes;
import camlab.network.GoldenNetworks;
import camlab.network.Network;
import camlab.network.Stated;
import camlab.picture.Preprocessing;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs that PyTorch exported, against the figures its autograd gave for the same networks. */
class ExportedProgramTest {

  private static final double CLOSE = 1e-5;

  private static Path file(String name) {
    return TestFiles.path("export/" + name + ".pt2");
  }

  private static Preprocessing size(int size) {
    return Preprocessing.IMAGENET.toBuilder().size(size, size).build();
  }

  private static NDArray input(NDManager scope, int size) {
    return scope.create(GoldenNetworks.input(size), new Shape(1, 3, size, size));
  }

  private static void assertClose(JsonArray expected, float[] found, double close, String what) {
    assertEquals(expected.size(), found.length, what);
    double largest = 1e-12;
    for (int i = 0; i < found.length; i++) {
      largest = Math.max(largest, Math.abs(expected.get(i).getAsDouble()));
    }
    for (int i = 0; i < found.length; i++) {
      assertEquals(expected.get(i).getAsDouble(), found[i], close * largest, what + " " + i);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"2.5", "2.7", "2.8", "2.9", "2.15", "decomposed"})
  void everyLayerAgreesWithPyTorch(String version) {
    JsonObject figures = TestFiles.figures("export/residual.json");
    JsonObject layers = figures.getAsJsonObject("layers");
    int size = figures.get("size").getAsInt();
    Target target = Target.of(figures.get("target").getAsInt());
    try (Network network =
            ExportedProgram.load(file("residual." + version), Classes.numbered(5), size(size));
        NDManager scope = network.newScope()) {
      NDArray input = input(scope, size);
      assertClose(
          figures.getAsJsonArray("logits"), network.run(input).toFloatArray(), CLOSE, "logits");
      List<String> names = layers.keySet().stream().filter(network.layers()::contains).toList();
      assertTrue(names.size() >= layers.size() - 1, network.layers().toString());
      try (Recording recording = Recording.of(network, input, names)) {
        for (String layer : names) {
          JsonObject expected = layers.getAsJsonObject(layer);
          assertClose(
              expected.getAsJsonArray("activation"),
              recording.output(layer).toFloatArray(),
              CLOSE,
              layer);
          assertClose(
              expected.getAsJsonArray("gradient"),
              recording.outputGradient(layer, target).toFloatArray(),
              CLOSE,
              layer);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "activations",
        "arguments",
        "arguments.2.5",
        "attention",
        "autocast",
        "bfloat16",
        "changes-input.decomposed",
        "changes-input",
        "channels-last",
        "checkpoint",
        "complex",
        "condition",
        "constants.2.5",
        "constants.2.7",
        "constants",
        "counter.2.5",
        "counter.decomposed",
        "counter",
        "created",
        "custom-gradient",
        "custom-operator",
        "dictionary",
        "double",
        "dropouts-in-training",
        "dropouts.decomposed",
        "dropouts",
        "dynamic-batch.2.5",
        "dynamic-batch",
        "dynamic-size.2.7",
        "dynamic-size",
        "half",
        "in-place.decomposed",
        "in-place",
        "integers",
        "items",
        "lists.decomposed",
        "lists",
        "log-softmax",
        "named-tuple",
        "no-gradient",
        "noise",
        "norm-in-training.decomposed",
        "norm-in-training",
        "norms",
        "not-a-number.2.5",
        "not-a-number",
        "numbers.2.5",
        "numbers.2.7",
        "numbers",
        "odd-names",
        "recurrent",
        "resized",
        "scalars",
        "segmentation",
        "shared.2.5",
        "shared",
        "sigmoid",
        "softmax",
        "strided.2.5",
        "strided.2.7",
        "strided",
        "tuple",
        "twice.2.5",
        "twice.2.7",
        "twice",
        "unused",
        "video",
        "vit.decomposed",
        "vit"
      })
  void agreesWithPyTorch(String name) {
    String figuresOf = name.replaceFirst("\\.(2\\.\\d+|decomposed)$", "");
    JsonObject figures = TestFiles.figures("export/" + figuresOf + ".json");
    JsonObject argument = figures.getAsJsonArray("arguments").get(0).getAsJsonObject();
    int size = argument.get("image").getAsInt();
    JsonObject cam = figures.getAsJsonObject("cam");
    try (Network network =
            ExportedProgram.load(file(name), Classes.numbered(4), size(size), Stated.NOTHING);
        NDManager scope = network.newScope()) {
      NDArray input = input(scope, size);
      JsonObject output = figures.getAsJsonArray("outputs").get(0).getAsJsonObject();
      assertClose(
          output.getAsJsonArray("values"), network.run(input).toFloatArray(), 1e-4, "logits");
      String layer = cam.get("layer").getAsString();
      try (Recording recording = Recording.of(network, input, List.of(layer))) {
        assertClose(
            cam.getAsJsonArray("values"),
            new GradCam()
                .heatmap(recording, layer, Target.of(cam.get("target").getAsInt()))
                .values(),
            1e-4,
            "cam");
      }
    }
  }
}
