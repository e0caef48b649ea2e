package camlab.cam;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import camlab.TestFiles;
import camlab.capture.Recording;
import camlab.capture.Target;
import camlab.network.Classes;
import camlab.network.GoldenNetworks;
import camlab.network.LayerGraph;
import camlab.network.Network;
import camlab.network.NotApplicableException;
import camlab.network.SmallBlocks;
import camlab.network.export.ExportedProgram;
import camlab.picture.Preprocessing;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Layer-wise relevance propagation against zennit's figures and DeepLIFT against captum's, in
 * double precision: of a sequential network, two with shortcuts, one that joins branches, one with
 * ReLU6.
 */
class RelevanceFiguresTest {

  /** As a share of the largest value. */
  private static final double CLOSE = 1e-5;

  /**
   * Where zennit's own single precision is further from double precision than that, how many times
   * as far this engine's may be: it adds up in another order.
   */
  private static final double FACTOR = 4;

  private static final JsonObject FIGURES = TestFiles.figures("relevance/figures.json");

  private static final JsonObject OPERATORS = TestFiles.figures("relevance/operators.json");

  private static final Map<String, CamMethod> METHODS =
      Stream.of(
              new LayerwiseRelevance(LrpComposite.EPSILON_ONLY),
              new LayerwiseRelevance(LrpComposite.EPSILON_PLUS),
              new LayerwiseRelevance(LrpComposite.EPSILON_PLUS_FLAT),
              new LayerwiseRelevance(LrpComposite.EPSILON_ALPHA2_BETA1),
              new LayerwiseRelevance(LrpComposite.EPSILON_ALPHA2_BETA1_FLAT),
              new LayerwiseRelevance(LrpComposite.EPSILON_GAMMA_BOX),
              new DeepLift())
          .collect(Collectors.toMap(CamMethod::name, Function.identity()));

  static Stream<String> networks() {
    return names(FIGURES);
  }

  private static Stream<String> names(JsonObject all) {
    return StreamSupport.stream(all.getAsJsonArray("cases").spliterator(), false)
        .map(each -> each.getAsJsonObject().get("network").getAsString());
  }

  @ParameterizedTest
  @MethodSource("networks")
  void agreesWithZennitAndCaptum(String name) {
    try (Network network = GoldenNetworks.network(SmallBlocks.named(name), small(FIGURES))) {
      assertFigures(name, network);
    }
  }

  /** The same networks as files of torch.export. */
  @ParameterizedTest
  @MethodSource("networks")
  void anExportedProgramAgreesToo(String name) {
    try (Network network =
        ExportedProgram.load(
            TestFiles.path("export/classics/" + name + ".pt2"),
            Classes.numbered(10),
            small(FIGURES))) {
      assertFigures(name, network);
    }
  }

  static Stream<String> operators() {
    return names(OPERATORS);
  }

  /**
   * Gates, products, SiLU, GELU, hard-swish, layer and group norms, transposed convolutions,
   * tokens, attention with masks, writes into parts of tensors: against the same rules in PyTorch,
   * as functions of autograd.
   */
  @ParameterizedTest
  @MethodSource("operators")
  void whatElseProgramsCallAgreesWithPyTorch(String name) {
    try (Network network =
        ExportedProgram.load(
            TestFiles.path("relevance/" + name + ".pt2"), Classes.numbered(5), small(OPERATORS))) {
      assertFigures(name, network, OPERATORS);
    }
  }

  /**
   * A choice by the picture is no linear map from the baseline to it: where(x > 0, 2x, x/2) rises
   * from below zero by more than 2x does. DeepLIFT says so; LRP, which asks for no other picture,
   * shares it out.
   */
  @Test
  void aChoiceByThePictureIsNamed() {
    try (Network network =
            ExportedProgram.load(
                TestFiles.path("relevance/choosing.pt2"), Classes.numbered(5), small(OPERATORS));
        NDManager scope = network.newScope();
        Recording recording =
            Recording.of(
                network,
                scope.create(GoldenNetworks.input(32), new Shape(1, 3, 32, 32)),
                List.of(LayerGraph.INPUT))) {
      String message =
          assertThrows(
                  NotApplicableException.class,
                  () -> new DeepLift().heatmap(recording, LayerGraph.INPUT, Target.of(1)))
              .getMessage();
      assertTrue(message.contains("layer 'where' (where) chooses"), message);
      float[] map =
          new LayerwiseRelevance(LrpComposite.EPSILON_ONLY)
              .heatmap(recording, LayerGraph.INPUT, Target.of(1))
              .values();
      double sum = 0;
      for (float value : map) {
        sum += value;
      }
      assertTrue(Double.isFinite(sum) && sum != 0, "some relevance arrives");
    }
  }

  /**
   * A network of all else that has a rule: its layers give what the program gives, which both
   * methods ask for, and what each pixel adds makes up the score's rise.
   */
  @Test
  void whatPixelsAddMakesUpTheRiseOfManyOperators() {
    try (Network network =
            ExportedProgram.load(
                TestFiles.path("relevance/many.pt2"), Classes.numbered(5), small(OPERATORS));
        NDManager scope = network.newScope();
        Recording recording =
            Recording.of(
                network,
                scope.create(GoldenNetworks.input(32), new Shape(1, 3, 32, 32)),
                List.of(LayerGraph.INPUT))) {
      for (int logit = 0; logit < 5; logit++) {
        double score = recording.score(Target.of(logit), 0);
        double delta = new DeepLift().completenessDeltas(recording, Target.of(logit))[0];
        assertEquals(0, delta / Math.max(1, Math.abs(score)), 1e-5, "logit " + logit);
        float[] map =
            new LayerwiseRelevance()
                .heatmap(recording, LayerGraph.INPUT, Target.of(logit))
                .values();
        double sum = 0;
        for (float value : map) {
          sum += Math.abs(value);
        }
        assertTrue(Double.isFinite(sum) && sum > 0, "some relevance arrives");
      }
    }
  }

  /** Of the size that figures are for. */
  private static Preprocessing small(JsonObject figures) {
    int size = figures.get("size").getAsInt();
    return new Preprocessing(
        size, size, Preprocessing.IMAGENET.mean(), Preprocessing.IMAGENET.std());
  }

  private static void assertFigures(String name, Network network) {
    assertFigures(name, network, FIGURES);
    assertEquals(METHODS.keySet(), of(name, FIGURES).getAsJsonObject("maps").keySet());
  }

  private static void assertFigures(String name, Network network, JsonObject all) {
    int size = all.get("size").getAsInt();
    JsonObject figures = of(name, all);
    try (NDManager scope = network.newScope()) {
      NDArray input = scope.create(GoldenNetworks.input(size), new Shape(1, 3, size, size));
      try (Recording recording = Recording.of(network, input, List.of(LayerGraph.INPUT))) {
        int index = figures.get("target").getAsInt();
        assertEquals(Target.of(index), recording.target(Target.predicted(), 0));
        JsonObject maps = figures.getAsJsonObject("maps");
        maps.keySet()
            .forEach(
                method -> {
                  float[] map =
                      METHODS
                          .get(method)
                          .heatmap(recording, LayerGraph.INPUT, Target.of(index))
                          .values();
                  assertClose(
                      method,
                      maps.getAsJsonArray(method),
                      GoldenMethodsTest.blocks(map, size, all.get("block").getAsInt()),
                      allowed(figures, method));
                });
      }
    }
  }

  /** Of a map in which single precision itself is further off, a few times as much. */
  private static double allowed(JsonObject figures, String method) {
    JsonObject measured = figures.getAsJsonObject("single_precision");
    return measured.has(method)
        ? Math.max(CLOSE, FACTOR * measured.get(method).getAsDouble())
        : CLOSE;
  }

  private static JsonObject of(String name, JsonObject all) {
    return StreamSupport.stream(all.getAsJsonArray("cases").spliterator(), false)
        .map(JsonElement::getAsJsonObject)
        .filter(each -> each.get("network").getAsString().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static void assertClose(
      String method, JsonArray expected, float[] found, double allowed) {
    assertEquals(expected.size(), found.length);
    double largest = 0;
    double difference = 0;
    for (int i = 0; i < found.length; i++) {
      double value = expected.get(i).getAsDouble();
      largest = Math.max(largest, Math.abs(value));
      difference = Math.max(difference, Math.abs(value - found[i]));
    }
    assertEquals(0, difference / largest, allowed, method + ", as a share of the largest value");
  }
}
