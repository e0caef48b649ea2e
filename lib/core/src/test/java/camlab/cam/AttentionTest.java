package camlab.cam;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import camlab.TestFiles;
import camlab.capture.Recording;
import camlab.capture.Target;
import camlab.heatmap.Heatmap;
import camlab.network.Classes;
import camlab.network.GoldenNetworks;
import camlab.network.Network;
import camlab.network.NotApplicableException;
import camlab.network.Stated;
import camlab.network.export.ExportedProgram;
import camlab.network.torchscript.TorchScript;
import camlab.picture.Preprocessing;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Methods that look at attention, on exported transformers whose figures are PyTorch's. */
class AttentionTest {

  private static final JsonObject FIGURES = TestFiles.figures("attention/figures.json");
  private static final JsonObject PEERS = TestFiles.figures("attention/others.json");
  private static final int SIZE = FIGURES.get("input").getAsInt();
  private static final Target TARGET = Target.of(FIGURES.get("target").getAsInt());
  private static final String LAYER = "blocks.1";

  @ParameterizedTest
  @ValueSource(strings = {"class-token", "mean", "function", "module"})
  void agreesWithPyTorch(String name) {
    JsonObject figures = FIGURES.getAsJsonObject("cases").getAsJsonObject(name);
    String shares = "blocks.1.self_attention." + (name.equals("module") ? "softmax" : "attention");
    try (Network network = network(name, true);
        NDManager scope = network.newScope();
        Recording recording = Recording.of(network, input(scope), List.of(LAYER, shares))) {
      close(figures.getAsJsonArray("logits"), recording.logits().toFloatArray());
      close(figures.getAsJsonArray("shares"), recording.output(shares).toFloatArray());
      Heatmap rollout = new AttentionRollout().heatmap(recording, LAYER, TARGET);
      close(figures.getAsJsonArray("rollout"), rollout.values());
      Heatmap leGrad = new LeGrad().heatmap(recording, LAYER, TARGET);
      close(figures.getAsJsonArray("le_grad"), leGrad.values());
      assertEquals("LeGrad", leGrad.provenance().method());
    }
  }

  /**
   * What torchcam makes of the same weights, of which {@code make_attention_peers.py} says more; in
   * what form the attention is changes no figure. Its own score is of the mean of all tokens, and
   * gives other maps: scaled between 0 and 1, by 0.60 at most where the network reads a class
   * token, and by 0.19 where it takes the mean behind the last norm.
   */
  @ParameterizedTest
  @CsvSource({
    "class-token, class-token, 0.60",
    "module, class-token, 0.60",
    "mean, mean, 0.19",
    "function, mean, 0.19"
  })
  void leGradAgreesWithTorchcam(String name, String figuresOf, double ofMeanToken) {
    JsonObject figures = PEERS.getAsJsonObject("cases").getAsJsonObject(figuresOf);
    try (Network network = network(name, true);
        NDManager scope = network.newScope();
        Recording recording = Recording.of(network, input(scope), List.of(LAYER))) {
      float[] found = new LeGrad().heatmap(recording, LAYER, TARGET).values();
      close(figures.getAsJsonArray("le_grad"), found);
      double[] own = scaled(IntStream.range(0, found.length).mapToDouble(i -> found[i]).toArray());
      double[] mean =
          scaled(
              figures.getAsJsonArray("le_grad, mean token").asList().stream()
                  .mapToDouble(JsonElement::getAsDouble)
                  .toArray());
      double largest =
          IntStream.range(0, own.length)
              .mapToDouble(i -> Math.abs(own[i] - mean[i]))
              .max()
              .orElseThrow();
      assertEquals(ofMeanToken, largest, 0.005);
    }
  }

  private static double[] scaled(double[] values) {
    double least = Arrays.stream(values).min().orElseThrow();
    double extent = Arrays.stream(values).max().orElseThrow() - least;
    return Arrays.stream(values).map(value -> (value - least) / extent).toArray();
  }

  /**
   * Three tokens, two heads, two blocks. The means over the heads, each with the path around it,
   * are Â₁ = (¾ ⅛ ⅛; 0 1 0; 0 0 1) and Â₂ = (¾ ¼ 0; ¼ ¾ 0; 0 0 1); Â₂Â₁ has the rows (9/16 11/32
   * 3/32), (3/16 25/32 1/32) and (0 0 1). Read from the first token, and from the first two.
   */
  @Test
  void rolloutByHand() {
    try (NDManager scope = NDManager.newBaseManager()) {
      Shape shape = new Shape(1, 2, 3, 3);
      float[] first = {.5f, .5f, 0, 0, 1, 0, 0, 0, 1, /* head */ .5f, 0, .5f, 0, 1, 0, 0, 0, 1};
      float[] second = {0, 1, 0, .5f, .5f, 0, 0, 0, 1, /* head */ 1, 0, 0, .5f, .5f, 0, 0, 0, 1};
      NDArray rolled =
          AttentionRollout.rolled(
              new NDList(scope.create(first, shape), scope.create(second, shape)));
      float[] expected = {9 / 16f, 11 / 32f, 3 / 32f, 3 / 16f, 25 / 32f, 1 / 32f, 0, 0, 1};
      assertArrayEquals(expected, rolled.toFloatArray(), 1e-6f);
      float[] ofOne = new float[18];
      ofOne[1] = -2;
      float[] ofTwo = ofOne.clone();
      ofTwo[9 + 3] = 0.1f;
      assertArrayEquals(
          new float[] {9 / 16f, 11 / 32f, 3 / 32f},
          AttentionRollout.read(rolled, scope.create(ofOne, shape)).toFloatArray(),
          1e-6f);
      assertArrayEquals(
          new float[] {3 / 8f, 9 / 16f, 1 / 16f},
          AttentionRollout.read(rolled, scope.create(ofTwo, shape)).toFloatArray(),
          1e-6f);
    }
  }

  /** Of a score that attention does not change, or a probability that is one, nothing is read. */
  @Test
  void aScoreThatIsReadFromNoToken() {
    try (NDManager scope = NDManager.newBaseManager()) {
      NDArray gradient = scope.zeros(new Shape(1, 2, 3, 3));
      String message =
          assertThrows(
                  NotApplicableException.class,
                  () -> AttentionRollout.read(scope.ones(new Shape(1, 3, 3)), gradient))
              .getMessage();
      assertEquals(
          "Attention rollout shows the tokens that a score is read from, and at the last attention this one has no gradient at any token of a picture. If it is a probability: take the logit, since one that is 0 or 1 in single precision has none.",
          message);
    }
  }

  /**
   * Two tokens, two heads, two blocks. What grows is, over heads and lookers, (1 + 3 + 0 + 1)/4 and
   * (0 + 0 + 4 + 2)/4 in the first block and (0 + 0 + 2 + 0)/4 and (0 + 2 + 0 + 0)/4 in the second.
   */
  @Test
  void leGradByHand() {
    try (NDManager scope = NDManager.newBaseManager()) {
      Shape shape = new Shape(1, 2, 2, 2);
      float[] first = {1, -2, 3, 0, /* head */ -1, 4, 1, 2};
      float[] second = {0, -1, -1, 2, /* head */ 2, 0, 0, 0};
      assertArrayEquals(
          new float[] {(5 / 4f + 2 / 4f) / 2, (6 / 4f + 2 / 4f) / 2},
          LeGrad.mean(
                  new NDList(
                      LeGrad.growth(scope.create(first, shape)),
                      LeGrad.growth(scope.create(second, shape))))
              .toFloatArray(),
          1e-6f);
    }
  }

  /** To 1e-5 of the largest value. */
  private static void close(JsonArray expected, float[] found) {
    assertEquals(expected.size(), found.length);
    double largest = 0;
    for (JsonElement each : expected) {
      largest = Math.max(largest, Math.abs(each.getAsDouble()));
    }
    for (int i = 0; i < found.length; i++) {
      assertEquals(expected.get(i).getAsDouble(), found[i], 1e-5 * largest, "value " + i);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"class-token", "mean"})
  void batchesEqualOneByOne(String name) {
    try (Network network = network(name, true);
        NDManager scope = network.newScope()) {
      NDArray one = input(scope);
      NDArray other = one.flip(3).mul(0.7);
      List<Target> targets = List.of(TARGET, Target.of(0));
      for (CamMethod method : List.of(new AttentionRollout(), new LeGrad())) {
        try (Recording both = Recording.of(network, one.concat(other), List.of(LAYER));
            Recording second = Recording.of(network, other, List.of(LAYER))) {
          List<Heatmap> maps = method.heatmaps(both, LAYER, Target.oneEach(targets));
          Heatmap alone = method.heatmap(second, LAYER, targets.get(1));
          assertEquals(0, alone.maxDifference(maps.get(1)), 1e-6);
          assertTrue(alone.maxDifference(maps.get(0)) > 1e-4, "two pictures, two maps");
        }
      }
    }
  }

  /** Only who asks for it pays for attention in steps; the answers are the same. */
  @Test
  void attentionIsShownWhenAskedFor() {
    try (Network plain = network("class-token", false);
        Network shown = network("class-token", true);
        NDManager scope = plain.newScope()) {
      NDArray input = input(scope);
      assertEquals(0, plain.run(input).sub(shown.run(input)).abs().max().getFloat(), 1e-5);
      assertEquals(
          List.of(
              "blocks.0.self_attention.attention",
              "blocks.1.self_attention.attention",
              "blocks.2.self_attention.attention"),
          AttentionLayers.of(shown));
      assertEquals(plain.targetLayer(), shown.targetLayer());
      try (Recording recording = Recording.of(plain, input, List.of(LAYER))) {
        for (CamMethod method : List.of(new AttentionRollout(), new LeGrad())) {
          String message =
              assertThrows(
                      NotApplicableException.class, () -> method.heatmaps(recording, LAYER, TARGET))
                  .getMessage();
          assertTrue(message.contains("ExportedProgram.loadShowingAttention"), message);
        }
      }
    }
  }

  static NDArray input(NDManager scope) {
    return scope.create(GoldenNetworks.input(SIZE), new Shape(1, 3, SIZE, SIZE));
  }

  static Network network(String name, boolean attention) {
    Preprocessing small =
        new Preprocessing(SIZE, SIZE, Preprocessing.IMAGENET.mean(), Preprocessing.IMAGENET.std());
    Classes classes = Classes.numbered(5);
    if (name.equals("module")) {
      return TorchScript.load(TestFiles.path("attention/module.pt"), classes, small);
    }
    Path path = TestFiles.path("attention/" + name + ".pt2");
    return attention
        ? ExportedProgram.loadShowingAttention(path, classes, small, Stated.NOTHING)
        : ExportedProgram.load(path, classes, small, Stated.NOTHING);
  }
}
