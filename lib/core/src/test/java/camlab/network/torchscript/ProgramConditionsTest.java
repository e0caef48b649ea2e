package camlab.network.torchscript;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import camlab.TestFiles;
import camlab.cam.AblationCam;
import camlab.cam.Cam;
import camlab.cam.CamMethod;
import camlab.cam.EigenCam;
import camlab.cam.GradCam;
import camlab.cam.GradientSaliency;
import camlab.cam.GuidedBackpropagation;
import camlab.cam.LayerCam;
import camlab.cam.ScoreCam;
import camlab.capture.Recording;
import camlab.capture.Target;
import camlab.engine.ComputationException;
import camlab.fuzz.Zips;
import camlab.heatmap.Heatmap;
import camlab.network.CaseFiles;
import camlab.network.Classes;
import camlab.network.GoldenNetworks;
import camlab.network.Network;
import camlab.network.NotApplicableException;
import camlab.network.Prediction;
import camlab.picture.Picture;
import camlab.picture.Preprocessing;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Programs as other machines, modes and types of numbers leave them, against PyTorch's autograd.
 */
class ProgramConditionsTest {

  private static final double SINGLE = 1e-5;

  /** A device in a pickle: the length of its name, and the name. */
  private static final String CUDA = "X\u0006\u0000\u0000\u0000cuda:1";

  private static final String MPS = "X\u0003\u0000\u0000\u0000mps";

  private static final JsonObject FIGURES = TestFiles.figures("conditions/figures.json");
  private static final int SIZE = FIGURES.get("size").getAsInt();
  private static final Target TARGET = Target.of(FIGURES.get("target").getAsInt());

  private static final Preprocessing MIDDLE =
      new Preprocessing(SIZE, SIZE, List.of(0.5f, 0.5f, 0.5f), List.of(0.5f, 0.5f, 0.5f));

  private static Network program(String name) {
    return program(name, MIDDLE);
  }

  private static Network program(String name, Preprocessing preprocessing) {
    return TorchScript.load(
        TestFiles.path("conditions/" + name + ".pt"), Classes.numbered(4), preprocessing);
  }

  private static double logit(List<Prediction> predictions, String className) {
    return predictions.stream()
        .filter(each -> each.name().equals(className))
        .findFirst()
        .orElseThrow()
        .logit();
  }

  private static Network caseFile(String name, int classes) {
    return TorchScript.load(CaseFiles.path(name + ".pt"), Classes.numbered(classes), MIDDLE);
  }

  private static Picture picture(String folder) {
    return Picture.read(CaseFiles.path(folder + "/in.png"));
  }

  private static NDArray input(NDManager scope) {
    return scope.create(GoldenNetworks.input(SIZE), new Shape(1, 3, SIZE, SIZE));
  }

  private static String facts(Network network) {
    return network.model().facts().toString();
  }

  private static void assertClose(JsonArray expected, float[] found, double rounding) {
    assertEquals(expected.size(), found.length);
    double largest = 0;
    for (int i = 0; i < found.length; i++) {
      largest = Math.max(largest, Math.abs(expected.get(i).getAsDouble()));
    }
    assertTrue(largest > 0);
    for (int i = 0; i < found.length; i++) {
      assertEquals(expected.get(i).getAsDouble(), found[i], rounding * largest, "value " + i);
    }
  }

  /** Logits and Grad-CAM are the evaluated network's, and the same at every call. */
  private static void assertFigures(String name, double rounding, String fact) {
    JsonObject expected = FIGURES.getAsJsonObject("networks").getAsJsonObject(name);
    try (Network network = program(name);
        NDManager scope = network.newScope()) {
      assertTrue(facts(network).contains(fact), facts(network));
      NDArray input = input(scope);
      float[] logits = network.run(input).toFloatArray();
      assertClose(expected.getAsJsonArray("logits"), logits, rounding);
      assertArrayEquals(logits, network.run(input).toFloatArray());
      try (Recording recording = Recording.of(network, input, List.of("body.1"))) {
        assertEquals(DataType.FLOAT32, recording.activation("body.1").getDataType());
        assertEquals(DataType.FLOAT32, recording.gradient("body.1", TARGET).getDataType());
        assertClose(
            expected.getAsJsonArray("cam"),
            new GradCam().heatmap(recording, "body.1", TARGET).values(),
            rounding);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "dropouts, torch.feature_dropout (1 call)",
    "slopes, torch.rrelu (1 call)",
    "norms, torch.batch_norm (2 calls)",
    "depth, torch.bernoulli_ (1 call)",
    "always, torch.nn.functional.dropout2d (1 call)",
    "averages, torch.nn.functional.batch_norm (1 call)",
    "averages, torch.nn.functional.instance_norm (1 call)"
  })
  void trainingModeIsLeft(String name, String fact) {
    assertFigures(name, SINGLE, fact);
  }

  /** A norm that keeps no averages computes with the picture's own, in evaluation as well. */
  @Test
  void whatKeepsNoAveragesTakesThePicturesOwn() {
    assertFigures("own", SINGLE, "mode: evaluation (read: no layer is traced in training mode");
  }

  @ParameterizedTest
  @CsvSource({"encoder, _transformer_encoder_layer_fwd", "pre-encoder, _encoder_layer_fwd"})
  void attentionInOnePieceIsTakenApart(String name, String fact) {
    assertFigures(name, SINGLE, fact);
  }

  @ParameterizedTest
  @CsvSource({
    "double, double precision, 1e-5",
    "half, half precision, 4e-3",
    "bfloat16, bfloat16, 4e-2"
  })
  void otherTypesOfNumbers(String name, String fact, double rounding) {
    assertFigures(name, rounding, fact);
  }

  @Test
  void aProgramFromAGpuRunsHere() {
    assertFigures("gpu", SINGLE, "cpu instead of cuda");
  }

  /** Its name is as long as that of the CPU. */
  @Test
  void weightsStoredOnAnAppleGpu(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("mps.pt");
    Map<String, byte[]> files = Zips.entries(TestFiles.path("conditions/gpu.pt"));
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(file))) {
      for (Map.Entry<String, byte[]> entry : files.entrySet()) {
        byte[] bytes = entry.getValue();
        if (entry.getKey().endsWith("/data.pkl")) {
          String pickle = new String(bytes, StandardCharsets.ISO_8859_1);
          assertTrue(pickle.contains(CUDA));
          bytes = pickle.replace(CUDA, MPS).getBytes(StandardCharsets.ISO_8859_1);
        }
        Zips.store(out, entry.getKey(), bytes);
      }
    }
    JsonObject expected = FIGURES.getAsJsonObject("networks").getAsJsonObject("gpu");
    try (Network network = TorchScript.load(file, Classes.numbered(4), MIDDLE);
        NDManager scope = network.newScope()) {
      assertClose(
          expected.getAsJsonArray("logits"), network.run(input(scope)).toFloatArray(), SINGLE);
    }
  }

  private static void assertBegins(float[] found, double rounding, double... expected) {
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], found[i], rounding * expected[expected.length - 1], "value " + i);
    }
  }

  /** The trace itself has moved the averages that the file holds; the scripted file's are older. */
  @Test
  void theCasesInTrainingMode() {
    Picture picture = picture("traced-in-train-mode");
    try (Network scripted = caseFile("traced-in-train-mode/scripted-train", 4);
        Network traced = caseFile("traced-in-train-mode/train", 4);
        Network averages = caseFile("traced-in-train-mode/train-bn-only", 4)) {
      assertBegins(gradCam(scripted, picture), 1e-4, 2.6008e-05, 0, 0, 0, 0, 0, 0, 0, .00020969);
      assertBegins(gradCam(traced, picture), 1e-4, 2.1170e-05, 0, 0, 0, 0, 0, 0, 0, .00030541);
      assertBegins(gradCam(averages, picture), 1e-4, 2.1943e-05, 0, 0, 0, 0, 0, 0, 0, .00030183);
      for (Network network : List.of(traced, averages)) {
        assertArrayEquals(gradCam(network, picture), gradCam(network, picture));
        assertTrue(facts(network).contains("torch.batch_norm (1 call)"), facts(network));
      }
    }
  }

  private static float[] gradCam(Network network, Picture picture) {
    return new GradCam().heatmap(network, picture, "r2", TARGET).values();
  }

  /** A scripted file's modules say which mode they were saved in; the engine evaluates them all. */
  @ParameterizedTest
  @CsvSource({
    "cases/traced-in-train-mode/scripted-train.pt, the file was saved with 9 of 9 modules in training mode)",
    "conditions/dropouts.pt, the file was saved with 10 of 10 modules in training mode)",
    "torchscript/resnet.scripted.pt, '(read: no layer is traced in training mode, and none of the 50 modules was saved in it)'",
    "torchscript/frozen.pt, (read: no layer is traced in training mode)"
  })
  void theModeThatModulesWereSavedIn(String file, String expected) {
    ScriptRepairs repairs = new ScriptRepairs(TorchScriptArchive.read(TestFiles.path(file)), "cpu");
    assertTrue(repairs.facts().get(0).toString().endsWith(expected), repairs.facts().toString());
  }

  @Test
  void theCaseFromAGpu() {
    try (Network network = caseFile("traced-on-gpu/model", 3)) {
      assertBegins(
          new GradCam().heatmap(network, picture("traced-on-gpu"), "r", TARGET).values(),
          1e-4,
          3.2716e-05,
          0,
          0,
          8.1592e-05);
    }
  }

  /** Whatever the method: its map in half precision is that of the program around it. */
  @Test
  void theCasesInHalfPrecision() {
    Picture picture = picture("half-precision");
    try (Network half = caseFile("half-precision/half", 4);
        Network inside = caseFile("half-precision/half-inside", 4)) {
      assertBegins(
          new GradCam().heatmap(half, picture, "r2", TARGET).values(),
          1e-3,
          .0037041,
          .0044746,
          .0036545);
      for (CamMethod method :
          List.of(
              new GradCam(),
              new LayerCam(),
              new Cam(),
              new ScoreCam(),
              new GradientSaliency(),
              new GuidedBackpropagation())) {
        float[] own = method.heatmap(half, picture, "r2", TARGET).values();
        float[] other = method.heatmap(inside, picture, "m.r2", TARGET).values();
        float largest = 0;
        for (float value : own) {
          largest = Math.max(largest, Math.abs(value));
        }
        assertArrayEquals(own, other, 5e-2f * largest, method.name());
      }
      assertTrue(new AblationCam().heatmap(half, picture, "r2", TARGET).values()[0] > 0);
    }
  }

  /** The same weights, traced with gradients and without. */
  @Test
  void theCaseOfAttentionInOnePiece() {
    try (Network network = caseFile("vit-tokens/nograd", 5);
        NDManager scope = network.newScope()) {
      NDArray input = network.input(scope, List.of(picture("vit-tokens")));
      assertArrayEquals(
          new float[] {-3.1378f, 0.0343f, -0.5386f, 2.0582f, -1.0993f},
          network.run(input).toFloatArray(),
          5e-5f);
      try (Recording recording = Recording.of(network, input, List.of("conv_proj"))) {
        assertTrue(recording.gradient("conv_proj", TARGET).abs().max().getFloat() > 0);
      }
    }
  }

  private static void assertRefused(String part, Runnable action) {
    RuntimeException refused = assertThrows(RuntimeException.class, action::run);
    assertTrue(refused.getClass().getName().startsWith("camlab."), refused.toString());
    assertTrue(refused.getMessage().contains(part), refused.getMessage());
    assertFalse(refused.getMessage().contains("\n"), refused.getMessage());
  }

  private static void assertLoadRefused(String file, String part) {
    assertRefused(
        part,
        () ->
            TorchScript.load(TestFiles.path("conditions/" + file), Classes.numbered(4), MIDDLE)
                .close());
  }

  @Test
  void whatCannotBeMendedIsNamed() {
    assertLoadRefused("noise.pt", "Chance (torch.rand_like)");
    assertLoadRefused("mobile.ptl", "optimised for mobile phones");
    assertLoadRefused("quantized.pt", "was quantised");
  }

  @ParameterizedTest
  @ValueSource(strings = {"stops", "without"})
  void aGradientThatIsCutOffIsToldAsSuch(String name) {
    try (Network network = program(name);
        NDManager scope = network.newScope();
        Recording recording = Recording.of(network, input(scope), List.of("body.1"))) {
      NotApplicableException refused =
          assertThrows(NotApplicableException.class, () -> recording.gradient("body.1", TARGET));
      assertTrue(refused.getMessage().contains("detach"), refused.getMessage());
      assertEquals(64, new EigenCam().heatmap(recording, "body.1", TARGET).values().length);
    }
  }

  /** Behind the cut there are layers that a gradient reaches: so it is not said that none does. */
  @ParameterizedTest
  @ValueSource(strings = {"stops", "without"})
  void aGradientThatIsCutOffOnItsWayIsNotToldAsNone(String name) {
    try (Network network = program(name)) {
      assertFalse(network.description().contains("gradient: none"), network.description());
      assertFalse(network.hookPoints(Picture.of(SIZE, SIZE, new int[SIZE * SIZE])).isEmpty());
    }
  }

  @Test
  void whatTheEngineSaysIsItsCauseOnly() {
    try (Network network = program("double");
        NDManager scope = network.newScope()) {
      for (Shape shape :
          List.of(
              new Shape(1, 1, SIZE, SIZE),
              new Shape(1, 3, 2, 2),
              new Shape(1, 3, 4, SIZE, SIZE),
              new Shape(SIZE))) {
        RuntimeException refused =
            assertThrows(ComputationException.class, () -> network.model().run(scope.zeros(shape)));
        assertFalse(refused.getMessage().contains("\n"), refused.getMessage());
        assertTrue(refused.getCause().getMessage().length() > 0);
      }
    }
  }

  /** The cause is found by trial: it is neither the size nor the type of the weights. */
  @ParameterizedTest
  @CsvSource({
    "bytes-asked, 'The engine says: AssertionError: expected uint8.'",
    "bytes-bits, 'PyTorch has an operation of this network for other types of numbers, but not for Float on this device.'",
    "bytes-listed, 'The engine says: index'"
  })
  void whatTakesBytesAloneIsRefusedWithWhatToDo(String name, String engine) {
    String message = assertThrows(IllegalArgumentException.class, () -> program(name)).getMessage();
    String found =
        " takes whole numbers from 0 to 255 of type uint8, and no others (found by trial: it runs with such a picture, and not with one of numbers with a fraction). ";
    assertTrue(message.contains(found + engine), message);
    assertTrue(
        message.contains("return network(x.round().clamp(0, 255).to(torch.uint8))"), message);
    assertTrue(
        message.endsWith("preprocessing.toBuilder().mean().deviation().scale255().build()."));
  }

  /** What the refusal says to do: the same numbers as of a network for numbers from 0 to 1. */
  @ParameterizedTest
  @ValueSource(strings = {"bytes-asked", "bytes-bits", "bytes-listed"})
  void whatIsGivenBytesAsToldIsRight(String name) {
    Preprocessing plain = MIDDLE.toBuilder().mean().deviation().build();
    Picture picture = Picture.of(SIZE, SIZE, new Random(1).ints((long) SIZE * SIZE).toArray());
    GradCam method = new GradCam();
    try (Network bytes = program(name + "-rounded", plain.toBuilder().scale255().build());
        Network numbers = program("plain", plain)) {
      for (Prediction each : numbers.predict(picture)) {
        assertEquals(each.logit(), logit(bytes.predict(picture), each.name()), SINGLE);
      }
      Heatmap expected = method.heatmap(numbers, picture, "body.1", TARGET);
      Heatmap found = method.heatmap(bytes, picture, "network.body.1", TARGET);
      assertArrayEquals(expected.values(), found.values(), (float) SINGLE * expected.max());
      assertEquals("network.body", bytes.targetLayer());
      NotApplicableException refused =
          assertThrows(
              NotApplicableException.class,
              () -> new GradientSaliency().heatmap(bytes, picture, "class 1"));
      assertTrue(refused.getMessage().contains("gradient"), refused.getMessage());
    }
  }

  /** In PyTorch 2.7.1 the processor has no such operations for half precision. */
  @ParameterizedTest
  @ValueSource(strings = {"norm-half", "spectrum-half"})
  void whatTheProcessorLacksInHalfPrecisionIsRefusedWithWhatToDo(String name) {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> program(name));
    assertTrue(
        refused
            .getMessage()
            .endsWith(
                " cannot be run here, whatever the picture. PyTorch has an operation of this network for other types of numbers, but not for Half on this device. Save the network in single precision, model.float(), and load it again."),
        refused.getMessage());
  }
}
