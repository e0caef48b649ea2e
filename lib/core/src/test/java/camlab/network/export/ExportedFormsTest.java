package camlab.network.export;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import camlab.cam.GradCam;
import camlab.capture.Recording;
import camlab.capture.Target;
import camlab.network.Classes;
import camlab.network.Constant;
import camlab.network.Network;
import camlab.network.Stated;
import camlab.network.torchscript.TorchScriptException;
import camlab.picture.Preprocessing;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Forms of programs that are not read as they stand: other inputs, sizes, modes and names. */
class ExportedFormsTest {

  private static final double CLOSE = 1e-5;

  private static Network load(String name, Stated stated) {
    return ExportFiles.load(ExportFiles.path(name), 4, 16, stated);
  }

  /** Of two versions of PyTorch, which write symbols in two ways. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "dynamic-size | (1, 3, from 12 to 400 in steps of 4, from 12 to 400 in steps of 4)",
        "dynamic-size.2.7 | (1, 3, from 12 to 400 in steps of 4, from 12 to 400 in steps of 4)",
        "dynamic-batch | (from 1 to 64, 3, 16, 16)",
        "dynamic-batch.2.5 | (from 1 to 64, 3, 16, 16)"
      })
  void theLimitsOfDynamicSizesAreTold(String name, String limits) {
    try (Network network = load(name, Stated.NOTHING)) {
      assertTrue(
          network.description().contains("declared sizes: x: " + limits + " (read"),
          network.description());
    }
  }

  @Test
  void fixedSizesAreNoLimits() {
    try (Network network = load("in-place.decomposed", Stated.NOTHING)) {
      assertFalse(network.description().contains("declared sizes"), network.description());
    }
  }

  private static void assertClose(JsonArray expected, float[] found, String what) {
    double difference = ExportFiles.difference(expected, found);
    assertTrue(
        difference < CLOSE,
        () -> String.format(Locale.ROOT, "%s: difference %.1e", what, difference));
  }

  private static JsonObject first(JsonObject figures) {
    return figures.getAsJsonArray("outputs").get(0).getAsJsonObject();
  }

  private static NDArray example(NDManager scope, JsonObject figures) {
    return ExportFiles.input(scope, figures.getAsJsonArray("arguments").get(0).getAsJsonObject());
  }

  /** The output, the gradient and the map. */
  private static void assertFigures(String name, Stated stated) {
    JsonObject figures = ExportFiles.figures(name);
    assertFigures(name, figures, figures, stated);
  }

  private static void assertFigures(
      String name, JsonObject figures, JsonObject expected, Stated stated) {
    try (Network network = load(name, stated)) {
      assertFigures(network, figures, expected);
    }
  }

  private static void assertFigures(Network network, JsonObject figures, JsonObject expected) {
    try (NDManager scope = network.newScope()) {
      NDArray input = example(scope, figures);
      float[] before = ExportFiles.floats(input);
      float[] logits = ExportFiles.floats(network.run(input));
      JsonArray known = first(expected).getAsJsonArray("values");
      assertClose(known, logits, "the output");
      assertArrayEquals(before, ExportFiles.floats(input), "the picture itself was changed");
      assertMap(network, input, expected, known);
      assertClose(known, ExportFiles.floats(network.run(input)), "the output, once more");
    }
  }

  private static void assertMap(
      Network network, NDArray input, JsonObject expected, JsonArray logits) {
    JsonObject map = expected.getAsJsonObject("cam");
    String layer = map.get("layer").getAsString();
    Target target = Target.of(map.get("target").getAsInt());
    try (Recording recording = Recording.of(network, input, List.of(layer))) {
      assertClose(logits, ExportFiles.floats(recording.logits()), "the recorded output");
      NDArray gradient = recording.outputGradient(layer, target);
      assertClose(
          expected.getAsJsonArray("gradient"), ExportFiles.floats(gradient.get(0)), "the gradient");
      assertClose(
          map.getAsJsonArray("values"),
          new GradCam().heatmap(recording, layer, target).values(),
          "the map");
    }
  }

  @Test
  void aPictureOfBytes() {
    IllegalArgumentException problem =
        assertThrows(
            IllegalArgumentException.class, () -> load("integers", Stated.NOTHING).close());
    assertTrue(problem.getMessage().contains("whole numbers (Byte)"), problem.getMessage());
    Preprocessing bytes = Preprocessing.builder().size(16, 16).scale255().build();
    JsonObject figures = ExportFiles.figures("integers");
    try (Network network =
        ExportedProgram.load(ExportFiles.path("integers"), Classes.numbered(4), bytes)) {
      assertFigures(network, figures, figures);
    }
  }

  private static String facts(Network network) {
    return network.describe().toString();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"norm-in-training", "norm-in-training.decomposed", "dropouts-in-training"})
  void exportedInTrainingMode(String name) {
    JsonObject figures = ExportFiles.figures(name);
    assertFigures(name, figures, figures.getAsJsonObject("evaluation"), Stated.NOTHING);
    try (Network network = load(name, Stated.NOTHING)) {
      assertTrue(facts(network).contains("training mode"), facts(network));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"counter", "counter.decomposed"})
  void whatItWouldKeepIsToldOf(String name) {
    try (Network network = load(name, Stated.NOTHING)) {
      assertTrue(facts(network).contains("the program changes count, seen"), facts(network));
    }
  }

  private static Constant filled(double start, double step, long... shape) {
    int size = 1;
    for (long length : shape) {
      size *= (int) length;
    }
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) (start + step * i);
    }
    return Constant.floats(values, shape);
  }

  @ParameterizedTest
  @ValueSource(strings = {"arguments", "arguments.2.5"})
  void moreThanAPicture(String name) {
    Stated stated =
        Stated.NOTHING
            .input("parts_0", filled(0, 0.1, 1, 6))
            .input("parts_1", filled(1, 0, 1, 6))
            .input("named_age", filled(0.25, 0, 1, 6))
            .input("mask", filled(0, 1.0 / 16, 1, 1, 4, 4));
    assertFigures(name, stated);
  }

  /** The file says which shape the other inputs have. */
  @Test
  void anotherInputOfTheWrongShape() {
    TorchScriptException missing =
        assertThrows(TorchScriptException.class, () -> load("arguments", Stated.NOTHING).close());
    assertTrue(
        missing.getMessage().contains(".input(\"mask\", Constant.floats(values, 1, 1, 4, 4))"),
        missing.getMessage());
    Stated stated = Stated.NOTHING.input("mask", filled(0, 1.0 / 16, 1, 16));
    TorchScriptException wrong =
        assertThrows(TorchScriptException.class, () -> load("arguments", stated).close());
    assertTrue(
        wrong
            .getMessage()
            .contains(
                "an array of shape (1, 1, 4, 4) as 'mask', and an array of shape [1, 16] is stated"),
        wrong.getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"dynamic-size", "dynamic-size.2.7", "choices"})
  void anotherSizeThanTheExamplesOrAnotherBranch(String name) {
    JsonObject again = ExportFiles.figures(name).getAsJsonObject("again");
    try (Network network = load(name, Stated.NOTHING);
        NDManager scope = network.newScope()) {
      float[] found =
          ExportFiles.floats(
              network.run(ExportFiles.input(scope, again.getAsJsonObject("argument"))));
      assertClose(again.getAsJsonObject("output").getAsJsonArray("values"), found, "the output");
    }
  }

  @Test
  void namesOfModules() {
    try (Network network = load("odd-names", Stated.NOTHING)) {
      assertEquals(
          List.of(
              "body.0",
              "body.1",
              "body",
              "kinds.a-b",
              "kinds.with space",
              "kinds.0",
              "ü(1,2)",
              "head"),
          network.layers());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"twice", "twice.2.5", "twice.2.7"})
  void aModuleCalledTwiceIsTwoLayers(String name) {
    try (Network network = load(name, Stated.NOTHING)) {
      assertEquals(
          List.of(
              "body.0",
              "body.1",
              "body",
              "step.0",
              "step.1",
              "step",
              "step.0_1",
              "step.1_1",
              "step_1",
              "step.0_2",
              "head"),
          network.layers());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"another-self", "another-self.2.7"})
  void aNetworkThatCallsItselfOtherwiseHasTheSameNames(String name) {
    try (Network network = load(name, Stated.NOTHING)) {
      assertEquals(List.of("body.0", "body.1", "body", "head"), network.layers());
      assertEquals("body", network.targetLayer());
    }
  }

  @Test
  void oneOfAListOrOfADictionaryHasADottedName() {
    try (Network network = load("another-self-lists.2.7", Stated.NOTHING)) {
      assertEquals(List.of("body.0", "body.1", "heads.far"), network.layers());
    }
  }

  /** Each norm in training mode changes three. */
  @Test
  void ofManyBuffersTheFirstAreNamed() {
    assertEquals("a, b", ExportedProgram.named(new TreeSet<>(List.of("b", "a"))));
    assertEquals(
        "a, b, c, d and 2 more",
        ExportedProgram.named(new TreeSet<>(List.of("f", "b", "c", "a", "e", "d"))));
  }
}
