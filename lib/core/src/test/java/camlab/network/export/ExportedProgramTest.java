package camlab.network.export;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import camlab.TestFiles;
import camlab.cam.GradCam;
import camlab.cam.SmoothGrad;
import camlab.capture.Recording;
import camlab.capture.Target;
import camlab.fuzz.Zips;
import camlab.network.Classes;
import camlab.network.GoldenNetworks;
import camlab.network.LayerGraph;
import camlab.network.Meaning;
import camlab.network.Network;
import camlab.network.torchscript.TorchScriptException;
import camlab.picture.Preprocessing;
import camlab.progress.Progress;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs that PyTorch exported, against the figures its autograd gave for the same networks. */
class ExportedProgramTest {

  private static final double CLOSE = 1e-5;

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
            ExportedProgram.load(
                ExportFiles.path("residual." + version), Classes.numbered(5), size(size));
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

  /** Every layer's output and gradient is single precision, whatever the program computes in. */
  private static double close(String name) {
    return switch (name) {
      case "half" -> 2e-3;
      case "bfloat16" -> 1.5e-2;
      default -> 1e-4;
    };
  }

  private static int size(JsonObject figures) {
    return figures.getAsJsonArray("arguments").get(0).getAsJsonObject().get("image").getAsInt();
  }

  private static JsonArray logits(JsonObject figures) {
    return figures.getAsJsonArray("outputs").get(0).getAsJsonObject().getAsJsonArray("values");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "activations",
        "attention",
        "bfloat16",
        "changes-input.decomposed",
        "changes-input",
        "channels-last",
        "checkpoint",
        "choices",
        "complex",
        "condition",
        "constants.2.5",
        "constants.2.7",
        "constants",
        "counter.2.5",
        "counter",
        "created",
        "dictionary",
        "double",
        "dropouts.decomposed",
        "dropouts",
        "dynamic-size.2.7",
        "dynamic-size",
        "half",
        "in-place.decomposed",
        "in-place",
        "items",
        "lists.decomposed",
        "lists",
        "masked",
        "named-tuple",
        "no-gradient",
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
        "shared.2.5",
        "shared",
        "strided.2.5",
        "strided.2.7",
        "strided",
        "tuple",
        "twice.2.5",
        "twice.2.7",
        "twice",
        "unused",
        "vit.decomposed",
        "vit"
      })
  void scoresAndHeatmapsAgreeWithPyTorch(String name) {
    JsonObject figures = ExportFiles.figures(name);
    JsonObject cam = figures.getAsJsonObject("cam");
    String layer = cam.get("layer").getAsString();
    int size = size(figures);
    try (Network network =
            ExportedProgram.load(ExportFiles.path(name), Classes.numbered(4), size(size));
        NDManager scope = network.newScope()) {
      NDArray input = input(scope, size);
      float[] found = network.run(input).toFloatArray();
      assertClose(logits(figures), found, close(name), "logits");
      assertArrayEquals(found, network.run(input).toFloatArray(), "a second run");
      assertArrayEquals(GoldenNetworks.input(size), input.toFloatArray(), "the picture");
      try (Recording recording = Recording.of(network, input, List.of(layer))) {
        assertClose(
            cam.getAsJsonArray("values"),
            new GradCam()
                .heatmap(recording, layer, Target.of(cam.get("target").getAsInt()))
                .values(),
            close(name),
            "cam");
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"softmax, ONE_OF_SEVERAL", "log-softmax, ONE_OF_SEVERAL", "sigmoid, INDEPENDENT"})
  void anEndIsTakenOff(String name, Meaning meaning) {
    JsonObject figures = ExportFiles.figures(name);
    int size = size(figures);
    try (Network network =
            ExportedProgram.load(
                ExportFiles.path(name), Classes.of("a", "b", "c", "d"), size(size));
        NDManager scope = network.newScope()) {
      assertEquals(meaning, network.meaning());
      NDArray logits = network.run(input(scope, size));
      NDArray ended =
          switch (name) {
            case "softmax" -> logits.softmax(1);
            case "log-softmax" -> logits.logSoftmax(1);
            default -> Activation.sigmoid(logits);
          };
      assertClose(logits(figures), ended.toFloatArray(), 1e-5, "output");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"dynamic-batch", "dynamic-batch.2.5"})
  void aDynamicBatchIsOne(String name) {
    JsonObject figures = ExportFiles.figures(name);
    try (Network network =
            ExportedProgram.load(ExportFiles.path(name), Classes.numbered(4), size(16));
        NDManager scope = network.newScope()) {
      NDArray open = picture(scope, "open-");
      NDArray other = picture(scope, "other-");
      assertClose(
          logits(figures),
          network.run(NDArrays.concat(new NDList(open, other))).toFloatArray(),
          1e-5,
          "two");
      assertClose(
          figures.getAsJsonObject("again").getAsJsonObject("output").getAsJsonArray("values"),
          network.run(NDArrays.concat(new NDList(other, open, other))).toFloatArray(),
          1e-5,
          "three");
    }
  }

  private static NDArray picture(NDManager scope, String salt) {
    return scope.create(GoldenNetworks.input(16, salt), new Shape(1, 3, 16, 16));
  }

  /** Attention with lengths in its text gives nonsense for two pictures at once. */
  @Test
  void severalPicturesRunOneAfterTheOther() {
    try (Network network =
            ExportedProgram.load(ExportFiles.path("vit"), Classes.numbered(4), size(16));
        NDManager scope = network.newScope()) {
      NDArray open = picture(scope, "open-");
      NDArray other = picture(scope, "other-");
      float[] together = network.run(NDArrays.concat(new NDList(open, other))).toFloatArray();
      float[] first = network.run(open).toFloatArray();
      float[] second = network.run(other).toFloatArray();
      for (int i = 0; i < 4; i++) {
        assertEquals(first[i], together[i], 1e-5);
        assertEquals(second[i], together[4 + i], 1e-5);
      }
    }
  }

  /** So do the copies of SmoothGrad, of which others run eight at once. */
  @Test
  void copiesRunOneAfterTheOtherToo() {
    try (Network network =
            ExportedProgram.load(ExportFiles.path("vit"), Classes.numbered(4), size(16));
        NDManager scope = network.newScope();
        Recording recording =
            Recording.of(network, picture(scope, "open-"), List.of(LayerGraph.INPUT))) {
      assertFalse(network.takesSeveral(recording.input()));
      assertEquals(
          new SmoothGrad(3, 0.1, 1, 1, Progress.NONE)
              .attributions(recording, LayerGraph.INPUT, Target.of(0)),
          new SmoothGrad(3, 0.1, 1, Progress.NONE)
              .attributions(recording, LayerGraph.INPUT, Target.of(0)));
    }
  }

  @Test
  void anotherSizeIsRefused() {
    try (Network network =
            ExportedProgram.load(ExportFiles.path("tuple"), Classes.numbered(4), size(16));
        NDManager scope = network.newScope()) {
      NDArray larger = input(scope, 32);
      IllegalArgumentException refused =
          assertThrows(IllegalArgumentException.class, () -> network.run(larger));
      assertTrue(refused.getMessage().contains("3 channels and 16 × 16"), refused.getMessage());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          custom-operator | camlab_test.doubled
          compiled        | AOTInductor
          several         | several programs
          without-weights | too few
          noise           | Chance (torch.rand_like)
          video           | a network of volumes
          arguments       | nothing says what
          """)
  void whatCannotBeRunIsRefused(String name, String why) {
    RuntimeException refused =
        assertThrows(
            RuntimeException.class,
            () ->
                ExportedProgram.load(ExportFiles.path(name), Classes.numbered(4), size(16))
                    .close());
    assertTrue(refused.getMessage().contains(why), refused.getMessage());
    assertTrue(refused.getMessage().contains(name) || name.equals("video"), refused.getMessage());
  }

  /** The engine calls itself for each call in a chain, the first time. */
  @Test
  void aLongProgramRuns(@TempDir Path folder) throws IOException {
    Path longer = folder.resolve("longer.pt2");
    Map<String, byte[]> files = Zips.entries(TestFiles.path("export/hostile/plain.pt2"));
    try (ZipOutputStream copy = new ZipOutputStream(Files.newOutputStream(longer))) {
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        boolean isProgram = file.getKey().endsWith("models/model.json");
        byte[] bytes = file.getValue();
        Zips.store(
            copy,
            file.getKey(),
            isProgram ? longer(new String(bytes, UTF_8)).getBytes(UTF_8) : bytes);
      }
    }
    JsonObject plain = TestFiles.figures("export/hostile/hostile.json");
    int size = plain.get("size").getAsInt();
    try (Network network = ExportedProgram.load(longer, Classes.numbered(2), size(size));
        NDManager scope = network.newScope()) {
      assertClose(
          plain.getAsJsonArray("output"),
          network.run(input(scope, size)).toFloatArray(),
          1e-5,
          "logits");
    }
  }

  /** The program with 20,000 magnitudes between its ReLU and what asks for it: none is negative. */
  private static String longer(String json) {
    JsonObject root = JsonParser.parseString(json).getAsJsonObject();
    JsonObject graph = root.getAsJsonObject("graph_module").getAsJsonObject("graph");
    JsonArray nodes = new JsonArray();
    for (JsonElement node : graph.getAsJsonArray("nodes")) {
      if (node.toString().contains("aten.relu")) {
        String text = node.toString().replace("\"relu\"", "\"magnitude_0\"");
        nodes.add(JsonParser.parseString(text));
        for (int i = 0; i < 20_000; i++) {
          String to = i == 19_999 ? "relu" : "magnitude_" + (i + 1);
          nodes.add(
              JsonParser.parseString(
                  """
                  {"target": "torch.ops.aten.abs.default", "metadata": {},
                   "inputs": [{"name": "self", "arg": {"as_tensor": {"name": "magnitude_%s"}}, "kind": 1}],
                   "outputs": [{"as_tensor": {"name": "%s"}}]}
                  """
                      .formatted(i, to)));
        }
      } else {
        nodes.add(node);
      }
    }
    graph.add("nodes", nodes);
    return root.toString();
  }

  private static List<String> hostile() {
    return List.copyOf(
        TestFiles.figures("export/hostile/hostile.json").getAsJsonObject("files").keySet());
  }

  /** Files that are broken, or mean harm: refused in words, or harmless. */
  @ParameterizedTest
  @MethodSource("hostile")
  void harmIsRefused(String name) {
    JsonObject all = TestFiles.figures("export/hostile/hostile.json");
    String outcome =
        all.getAsJsonObject("files").getAsJsonObject(name).get("outcome").getAsString();
    int size = all.get("size").getAsInt();
    try (Network network =
            ExportedProgram.load(
                TestFiles.path("export/hostile/" + name + ".pt2"),
                Classes.numbered(2),
                size(size));
        NDManager scope = network.newScope()) {
      assertNotEquals("refused", outcome, network.toString());
      assertClose(
          all.getAsJsonArray("output"), network.run(input(scope, size)).toFloatArray(), 1e-5, name);
    } catch (ExportedProgramException | TorchScriptException e) {
      assertNotEquals("same", outcome, e.getMessage());
    }
    assertFalse(Files.exists(Path.of("harm-was-done")));
  }
}
