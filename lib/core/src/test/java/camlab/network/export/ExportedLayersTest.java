package camlab.network.export;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import camlab.TestFiles;
import camlab.cam.CamMethod;
import camlab.cam.DeepLift;
import camlab.cam.FullGrad;
import camlab.cam.LayerwiseRelevance;
import camlab.capture.Recording;
import camlab.capture.Target;
import camlab.heatmap.Heatmap;
import camlab.network.GoldenNetworks;
import camlab.network.Layer;
import camlab.network.LayerGraph;
import camlab.network.Network;
import camlab.network.NotApplicableException;
import camlab.network.Stated;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Exported programs as graphs of layers that are run one by one. */
class ExportedLayersTest {

  private static final List<CamMethod> METHODS = List.of(new LayerwiseRelevance(), new DeepLift());

  private static Network load(String name, int classes, int size) {
    return ExportFiles.load(ExportFiles.path(name), classes, size, Stated.NOTHING);
  }

  private static NDArray picture(NDManager scope, int size, String salt) {
    return scope.create(GoldenNetworks.input(size, salt), new Shape(1, 3, size, size));
  }

  /** One network, saved by several versions of PyTorch. */
  private static Stream<String> residualOfEachVersion() {
    return Stream.of("2.5", "2.7", "2.8", "2.9", "2.15", "decomposed").map("residual."::concat);
  }

  @ParameterizedTest
  @MethodSource("residualOfEachVersion")
  void theLayersGiveWhatTheProgramGives(String name) {
    int size = ExportFiles.figures("residual").get("size").getAsInt();
    try (Network network = load(name, 5, size);
        NDManager scope = network.newScope()) {
      NDArray input = picture(scope, size, "open-");
      LayerGraph graph = network.model().layered().orElseThrow();
      assertArrayEquals(network.run(input).toFloatArray(), graph.run(input).toFloatArray(), 1e-5f);
    }
  }

  /** A program for one picture: several are shared out as if each were alone. */
  @ParameterizedTest
  @CsvSource({"classics/resnet, 10, 96", "dynamic-batch, 4, 16"})
  void severalPictures(String name, int classes, int size) {
    try (Network network = load(name, classes, size);
        NDManager scope = network.newScope()) {
      NDArray one = picture(scope, size, "open-");
      NDArray other = picture(scope, size, "other-");
      NDArray both = NDArrays.concat(new NDList(one, other));
      try (Recording recording = Recording.of(network, both, List.of(LayerGraph.INPUT));
          Recording alone = Recording.of(network, other, List.of(LayerGraph.INPUT))) {
        for (CamMethod method : METHODS) {
          Heatmap expected = method.heatmap(alone, LayerGraph.INPUT, Target.of(3));
          Heatmap found = method.heatmaps(recording, LayerGraph.INPUT, Target.of(3)).get(1);
          double largest = Math.max(Math.abs(expected.min()), Math.abs(expected.max()));
          assertEquals(0, expected.maxDifference(found) / largest, 1e-4, method.name());
        }
      }
    }
  }

  /** What is no layer is named, and nothing is passed over. */
  @Test
  void whatIsNoLayerIsNamed() {
    try (Network network = load("recurrent", 4, 16);
        NDManager scope = network.newScope();
        Recording recording =
            Recording.of(network, picture(scope, 16, "open-"), List.of(LayerGraph.INPUT))) {
      for (CamMethod method : METHODS) {
        String message =
            assertThrows(
                    NotApplicableException.class,
                    () -> method.heatmap(recording, LayerGraph.INPUT, Target.of(1)))
                .getMessage();
        assertTrue(message.startsWith("The call '"), message);
        assertTrue(message.contains("(lstm)"), message);
        assertTrue(message.contains("after run_decompositions()"), message);
      }
    }
  }

  /**
   * Programs of many operators, as PyTorch exports them and taken apart by it: the layers give what
   * the program gives, and what each pixel adds makes up the score's rise, as closely as single
   * precision adds up so large numbers: those of "norms" have magnitudes of 5,000 in all, where the
   * score is 1.2.
   */
  @ParameterizedTest
  @ValueSource(strings = {"vit", "vit.decomposed", "norms", "resized"})
  void whatPixelsAddMakesUpTheRise(String name) {
    try (Network network = load(name, 4, 16);
        NDManager scope = network.newScope();
        Recording recording =
            Recording.of(network, picture(scope, 16, "open-"), List.of(LayerGraph.INPUT))) {
      DeepLift method = new DeepLift();
      float[] added = method.heatmap(recording, LayerGraph.INPUT, Target.of(1)).values();
      double magnitudes = 0;
      for (float value : added) {
        magnitudes += Math.abs(value);
      }
      double delta = method.completenessDeltas(recording, Target.of(1))[0];
      assertEquals(0, delta, Math.max(1e-5, 1e-6 * magnitudes));
      Heatmap relevance =
          new LayerwiseRelevance().heatmap(recording, LayerGraph.INPUT, Target.of(1));
      assertTrue(relevance.max() > 0, "some relevance arrives");
    }
  }

  /** By a layer's own run on zeros; those that put out nothing but zeros are not asked. */
  @ParameterizedTest
  @MethodSource("residualOfEachVersion")
  void whatALayerAddsIsWhatItPutsOutForNothing(String name) {
    int size = ExportFiles.figures("residual").get("size").getAsInt();
    try (Network network = load(name, 5, size);
        NDManager scope = network.newScope()) {
      Map<String, NDArray> biases = network.model().biases(scope).orElseThrow();
      LayerGraph graph = network.model().layered().orElseThrow();
      Map<String, Shape> shapes = graph.shapes(picture(scope, size, "open-"));
      int compared = 0;
      for (Layer layer : graph.layers()) {
        Shape input = shapes.get(layer.inputs().get(0));
        if (layer.type().matches("Conv.*|BatchNorm.*|Linear") && input != null) {
          NDArray nothing = graph.run(layer, new NDList(scope.zeros(input)));
          if (nothing.abs().max().getFloat() > 0) {
            NDArray found = biases.get(layer.name()).broadcast(nothing.getShape());
            assertArrayEquals(nothing.toFloatArray(), found.toFloatArray(), 1e-6f, layer.name());
            compared++;
          }
        }
      }
      assertEquals(5, compared);
    }
  }

  /** Numbers of other types come as single precision, and the shares they make add up. */
  @Test
  void whatALayerAddsInOtherTypes() {
    Map<String, float[]> exact = biases("double");
    assertEquals(Set.of("body.0", "head"), exact.keySet());
    for (String name : List.of("half", "bfloat16")) {
      float step = name.equals("half") ? 0x1p-10f : 0x1p-7f;
      Map<String, float[]> found = biases(name);
      assertEquals(exact.keySet(), found.keySet());
      exact.forEach((layer, values) -> assertArrayEquals(values, found.get(layer), step, layer));
    }
  }

  private static Map<String, float[]> biases(String name) {
    try (Network network = load(name, 4, 16);
        NDManager scope = network.newScope();
        Recording recording =
            Recording.of(network, picture(scope, 16, "open-"), List.of(LayerGraph.INPUT))) {
      if (name.equals("double")) {
        assertTrue(new FullGrad().heatmap(recording, LayerGraph.INPUT, Target.of(1)).max() > 0);
      }
      Map<String, float[]> values = new TreeMap<>();
      network
          .model()
          .biases(scope)
          .orElseThrow()
          .forEach((layer, bias) -> values.put(layer, bias.toFloatArray()));
      return values;
    }
  }

  /** A softmax at the end is taken off: what is shared out is the logit. */
  @ParameterizedTest
  @ValueSource(strings = {"softmax", "log-softmax", "sigmoid"})
  void anEndIsTakenOff(String name) {
    try (Network network = load(name, 4, 16);
        NDManager scope = network.newScope()) {
      NDArray input = picture(scope, 16, "open-");
      LayerGraph graph = network.model().layered().orElseThrow();
      assertArrayEquals(network.run(input).toFloatArray(), graph.run(input).toFloatArray(), 1e-5f);
    }
  }

  /** Numbers without a row for each picture, as behind a squeeze, are those of one picture. */
  @ParameterizedTest
  @CsvSource({"column, 2", "number, 2", "column, 1", "number, 1", "row, 4", "deviation, 4"})
  void endsOfOnePicture(String name, int classes) {
    Path file = TestFiles.path("ends/%s.pt2".formatted(name));
    try (Network network = ExportFiles.load(file, classes, 16, Stated.NOTHING);
        NDManager scope = network.newScope();
        Recording recording =
            Recording.of(network, picture(scope, 16, "open-"), List.of(LayerGraph.INPUT))) {
      Target target = Target.of(classes - 1);
      Heatmap relevance = METHODS.get(0).heatmap(recording, LayerGraph.INPUT, target);
      assertTrue(relevance.max() - relevance.min() > 0, name);
      NDArray black = scope.create(network.preprocessing().black()).reshape(1, 3, 1, 1);
      double rise = recording.score(target, 0);
      try (Recording start =
          Recording.of(network, black.broadcast(network.inputShape()), List.of(LayerGraph.INPUT))) {
        rise -= start.score(target, 0);
      }
      assertEquals(rise, METHODS.get(1).heatmap(recording, LayerGraph.INPUT, target).sum(), 1e-5);
    }
  }

  /** DJL ends the process where it is to turn numbers into bfloat16. */
  @Test
  void bfloat16IsRefused() {
    Path file = TestFiles.path("ends/bfloat.pt2");
    try (Network network = ExportFiles.load(file, 4, 16, Stated.NOTHING);
        NDManager scope = network.newScope();
        Recording recording =
            Recording.of(network, picture(scope, 16, "open-"), List.of(LayerGraph.INPUT))) {
      for (CamMethod method : METHODS) {
        String message =
            assertThrows(
                    NotApplicableException.class,
                    () -> method.heatmap(recording, LayerGraph.INPUT, Target.of(1)))
                .getMessage();
        assertTrue(message.contains("bfloat.pt2 computes in bfloat16, which"), message);
        assertTrue(message.contains("model.float()"), message);
      }
    }
  }

  @Test
  void wholeNumbersAreRefused() {
    try (Network network =
            ExportFiles.load(TestFiles.path("ends/bytes.pt2"), 4, 16, Stated.NOTHING);
        NDManager scope = network.newScope();
        Recording recording =
            Recording.of(network, picture(scope, 16, "open-"), List.of(LayerGraph.INPUT))) {
      for (CamMethod method : METHODS) {
        String message =
            assertThrows(
                    NotApplicableException.class,
                    () -> method.heatmap(recording, LayerGraph.INPUT, Target.of(1)))
                .getMessage();
        assertTrue(message.contains("whole numbers go into it"), message);
      }
    }
  }
}
