package camlab.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.LambdaBlock;
import ai.djl.training.ParameterStore;
import camlab.capture.Recording;
import camlab.capture.Target;
import camlab.engine.PyTorch;
import camlab.picture.Preprocessing;
import camlab.weights.StateDict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

class LayerGraphTest {

  /** Two branches that join: relu and stay beside each other, both behind the same input. */
  private static LayerGraph branches() {
    return LayerGraph.builder()
        .add("stem.relu", "ReLU", Layers.relu())
        .add("stem.left", "ReLU", Layers.relu())
        .add("stem.right", "ReLU", Layers.relu(), "stem.relu")
        .add("join", "Concatenate", Layers.concatenate(), "stem.left", "stem.right", "input")
        .build();
  }

  @Test
  void layersRunInOrder() {
    LayerGraph graph = branches();
    assertEquals(List.of("stem.relu", "stem.left", "stem.right", "join"), graph.names());
    assertEquals(List.of("input"), graph.layer("stem.relu").inputs());
    assertEquals(List.of("stem.relu"), graph.layer("stem.left").inputs());
    assertEquals("join", graph.last().name());
  }

  @Test
  void aContainerStandsForItsLastLayer() {
    assertEquals("stem.right", branches().layer("stem").name());
    LayerGraph squeezeNet = SqueezeNet.version1_1(2).layers().get();
    assertEquals("features.12.cat", squeezeNet.layer("features.12").name());
    assertEquals("features.12.cat", squeezeNet.layer("features").name());
    // features.1 is a layer, and no container of features.10 to features.12
    assertEquals("features.1", squeezeNet.layer("features.1").name());
  }

  @Test
  void unknownLayersAreNamed() {
    for (String name : List.of("stem.middle", "ste", "", "stem.", "input")) {
      String message =
          assertThrows(UnknownNameException.class, () -> branches().layer(name)).getMessage();
      assertTrue(message.startsWith("There is no layer '" + name + "'."), message);
      assertTrue(message.contains("All of the 4 there are"), message);
    }
  }

  @Test
  void everyOutputPassesTheHook() {
    try (NDManager scope = NDManager.newBaseManager()) {
      NDArray input = scope.create(new float[] {-1, 2}, new Shape(1, 1, 1, 2));
      List<String> seen = new ArrayList<>();
      NDArray output =
          run(
              branches(),
              input,
              (layer, values) -> {
                seen.add(layer.name());
                return values;
              });
      assertEquals(branches().names(), seen);
      assertEquals(new Shape(1, 3, 1, 2), output.getShape());
      assertArrayEquals(new float[] {0, 2, 0, 2, -1, 2}, output.toFloatArray());
    }
  }

  @Test
  void theHookMayReplaceAnOutput() {
    try (NDManager scope = NDManager.newBaseManager()) {
      NDArray input = scope.create(new float[] {-1, 2}, new Shape(1, 1, 1, 2));
      NDArray output =
          run(
              branches(),
              input,
              (layer, values) -> layer.name().equals("stem.left") ? values.add(10) : values);
      assertArrayEquals(new float[] {10, 12, 0, 2, -1, 2}, output.toFloatArray());
    }
  }

  @Test
  void anInterruptionEndsThePassBeforeTheNextLayer() {
    try (NDManager scope = NDManager.newBaseManager()) {
      NDArray input = scope.create(new float[] {-1, 2}, new Shape(1, 1, 1, 2));
      Rest rest = branches().rest(input, "stem.left");
      List<String> seen = new ArrayList<>();
      assertThrows(
          CancellationException.class,
          () ->
              run(
                  branches(),
                  input,
                  (layer, values) -> {
                    seen.add(layer.name());
                    Thread.currentThread().interrupt();
                    return values;
                  }));
      assertEquals(List.of("stem.relu"), seen);
      assertThrows(CancellationException.class, () -> rest.run(input));
      assertTrue(Thread.interrupted(), "the thread stays interrupted");
      assertArrayEquals(new float[] {0, 2, 0, 2, -1, 2}, branches().run(input).toFloatArray());
    }
  }

  /** Two variants behind the left branch; the right one and the input are kept for both. */
  @Test
  void theRestRunsWithOtherOutputs() {
    try (NDManager scope = NDManager.newBaseManager()) {
      NDArray input = scope.create(new float[] {-1, 2}, new Shape(1, 1, 1, 2));
      Rest rest = branches().rest(input, "stem.left");
      NDArray variants = scope.create(new float[] {5, 6, 7, 8}, new Shape(2, 1, 1, 2));
      NDArray outputs = rest.run(variants);
      assertEquals(new Shape(2, 3, 1, 2), outputs.getShape());
      assertArrayEquals(new float[] {5, 6, 0, 2, -1, 2, 7, 8, 0, 2, -1, 2}, outputs.toFloatArray());
      assertArrayEquals(
          new float[] {5, 6, 5, 6, -1, 2, 7, 8, 7, 8, -1, 2},
          branches().rest(input, "stem.relu").run(variants).toFloatArray());
    }
  }

  /** Every path leads through the layer, so that nothing needs to run before it. */
  @Test
  void nothingBeforeTheLayerRuns() {
    try (NDManager scope = NDManager.newBaseManager()) {
      LayerGraph graph =
          LayerGraph.builder()
              .add(
                  "first",
                  "Fails",
                  new LambdaBlock(
                      inputs -> {
                        throw new IllegalStateException("This layer must not run.");
                      },
                      "fails"))
              .add("second", "ReLU", Layers.relu())
              .add("third", "ReLU", Layers.relu())
              .build();
      NDArray input = scope.ones(new Shape(1, 1, 1, 2));
      assertThrows(IllegalStateException.class, () -> graph.run(input));
      NDArray output = scope.create(new float[] {-3, 4}, new Shape(1, 1, 1, 2));
      assertArrayEquals(new float[] {0, 4}, graph.rest(input, "second").run(output).toFloatArray());
    }
  }

  /** Max pooling is several times quicker where nobody will walk backward. */
  @Test
  void gradientsAreRecordedFromTheFirstHookedLayerOn() {
    List<Boolean> recording = new ArrayList<>();
    LayerGraph.Builder builder = LayerGraph.builder();
    for (String name : List.of("first", "second", "third")) {
      builder.add(
          name,
          "Notes",
          new LambdaBlock(
              inputs -> {
                recording.add(PyTorch.isRecordingGradients());
                return new NDList(inputs.head().mul(2));
              },
              name));
    }
    boolean before = PyTorch.isRecordingGradients();
    try (NDManager scope = NDManager.newBaseManager()) {
      Trace trace =
          builder.build().traceWithGradients(scope.ones(new Shape(1, 2)), Set.of("second"));
      assertEquals(List.of(false, false, true), recording);
      assertEquals(before, PyTorch.isRecordingGradients());
      PyTorch.backward(trace.logits(), scope.ones(new Shape(1, 2)));
      assertArrayEquals(new float[] {2, 2}, trace.layers().get("second").gradient().toFloatArray());
      assertArrayEquals(new float[] {8, 8}, trace.logits().toFloatArray());
    }
  }

  /** Of a batch of 16 of a ResNet-50's, that is 324 MB in place of 2,700. */
  @Test
  void whatNoLaterLayerTakesIsFreed() {
    try (NDManager scope = NDManager.newBaseManager()) {
      NDArray input = scope.create(new float[] {-1, 2}, new Shape(1, 1, 1, 2));
      NDArray output = branches().run(input);
      assertArrayEquals(new float[] {0, 2, 0, 2, -1, 2}, output.toFloatArray());
      assertEquals(2, scope.getManagedArrays().size(), "the input and the output");
    }
  }

  /** Dropout, say, hands on the very array that it was given. */
  @Test
  void whatIsHandedOnOrKeptStays() {
    LayerGraph.Builder builder = LayerGraph.builder();
    for (String name : List.of("first", "second", "third")) {
      builder.add(name, "Identity", new LambdaBlock(inputs -> inputs, name));
    }
    builder.add("relu", "ReLU", Layers.relu());
    builder.add("last", "Identity", new LambdaBlock(inputs -> inputs, "last"));
    LayerGraph graph = builder.build();
    float[] rectified = {0, 2};
    try (NDManager scope = NDManager.newBaseManager()) {
      NDArray input = scope.create(new float[] {-1, 2}, new Shape(1, 2));
      assertArrayEquals(rectified, graph.run(input).toFloatArray());
      Trace trace = graph.traceWithGradients(input, Set.of("second", "third", "last"));
      assertArrayEquals(rectified, trace.logits().toFloatArray());
      for (String name : List.of("second", "third")) {
        assertArrayEquals(
            new float[] {-1, 2}, trace.layers().get(name).activation().toFloatArray(), name);
      }
      assertArrayEquals(rectified, trace.layers().get("last").activation().toFloatArray());
      assertArrayEquals(new float[] {-1, 2}, input.toFloatArray());
    }
  }

  @Test
  void shapesFollowFromTheInput() {
    Map<String, Shape> shapes = branches().outputShapes(new Shape(5, 2, 3, 4));
    assertEquals(new Shape(5, 2, 3, 4), shapes.get("stem.right"));
    assertEquals(new Shape(5, 6, 3, 4), shapes.get("join"));
  }

  @Test
  void parametersHavePyTorchsNames() {
    try (NDManager scope = NDManager.newBaseManager()) {
      LayerGraph graph =
          LayerGraph.builder()
              .add("features.0", "Conv2d", Layers.convolution(2, 3, 1, 1))
              .add("flatten", "Flatten", Layers.flatten())
              .add("classifier", "Linear", Layers.linear(4))
              .build();
      graph.initialize(scope, DataType.FLOAT32, new Shape(1, 3, 5, 5));
      assertEquals(
          List.of("features.0.weight", "features.0.bias", "classifier.weight", "classifier.bias"),
          List.copyOf(graph.namedParameters().keySet()));
      assertEquals(new Shape(4, 50), graph.namedParameters().get("classifier.weight").getShape());
    }
  }

  @Test
  void mistakesInAPlanAreNamed() {
    LayerGraph.Builder builder = LayerGraph.builder().add("a", "ReLU", Layers.relu());
    assertEquals("a", builder.previous());
    assertMessage("two layers called 'a'", () -> builder.add("a", "ReLU", Layers.relu()));
    assertMessage("two layers called 'input'", () -> builder.add("input", "ReLU", Layers.relu()));
    assertMessage("its input from 'c'", () -> builder.add("b", "ReLU", Layers.relu(), "c"));
    assertMessage("its input from 'b'", () -> builder.add("b", "ReLU", Layers.relu(), "b"));
    assertThrows(IllegalStateException.class, () -> LayerGraph.builder().build());
  }

  /** PyTorch's windows: 3 rows into 2 overlap in the middle one, 1 row serves both. */
  @Test
  void adaptiveAveragesTakeAnySize() {
    try (NDManager scope = NDManager.newBaseManager()) {
      NDArray three = scope.create(new float[] {1, 2, 3, 4, 5, 6, 7, 8, 9}, new Shape(1, 1, 3, 3));
      assertArrayEquals(new float[] {5}, average(three, 1), 1e-6f);
      assertArrayEquals(new float[] {3, 4, 6, 7}, average(three, 2), 1e-6f);
      assertArrayEquals(new float[] {1, 2, 3, 4, 5, 6, 7, 8, 9}, average(three, 3), 1e-6f);
      NDArray one = scope.create(new float[] {7}, new Shape(1, 1, 1, 1));
      assertArrayEquals(new float[] {7, 7, 7, 7}, average(one, 2), 1e-6f);
    }
  }

  private static float[] average(NDArray input, int size) {
    LayerGraph graph =
        LayerGraph.builder()
            .add("pool", "AdaptiveAvgPool2d", Layers.adaptiveAveragePool(size))
            .build();
    return run(graph, input, LayerGraph.Hook.NONE).toFloatArray();
  }

  /** y is the mean of the ReLU's 2×2 outputs: each position's gradient is 1/4. */
  @Test
  void gradientsComeThroughAnAverageOverAllPositions() {
    Architecture plan =
        new Architecture(
            "tiny",
            () ->
                LayerGraph.builder()
                    .add("conv", "Conv2d", Layers.convolution(1, 1, 1, 0))
                    .add("relu", "ReLU", Layers.relu())
                    .add("pool", "AdaptiveAvgPool2d", Layers.adaptiveAveragePool(1))
                    .add("flatten", "Flatten", Layers.flatten())
                    .build(),
            "relu",
            List.of("relu"),
            1,
            2);
    StateDict weights =
        StateDict.builder()
            .put("conv.weight", new long[] {1, 3, 1, 1}, new float[] {1, 1, 1})
            .put("conv.bias", new long[] {1}, new float[] {0})
            .build();
    Preprocessing two =
        new Preprocessing(2, 2, Preprocessing.IMAGENET.mean(), Preprocessing.IMAGENET.std());
    try (Network network = Network.of(plan, weights, Classes.of("bright"), two);
        NDManager scope = NDManager.newBaseManager();
        Recording recording =
            Recording.of(network, scope.ones(new Shape(1, 3, 2, 2)), List.of("relu"))) {
      assertEquals(3, recording.score(Target.of(0), 0), 1e-6);
      assertArrayEquals(
          new float[] {0.25f, 0.25f, 0.25f, 0.25f},
          recording.gradients("relu", Target.of(0)).values(),
          1e-6f);
    }
  }

  private static NDArray run(LayerGraph graph, NDArray input, LayerGraph.Hook hook) {
    return graph.run(new ParameterStore(input.getManager(), false), input, false, hook);
  }

  private static void assertMessage(String part, Runnable action) {
    String message = assertThrows(IllegalArgumentException.class, action::run).getMessage();
    assertTrue(message.contains(part), message);
  }
}
