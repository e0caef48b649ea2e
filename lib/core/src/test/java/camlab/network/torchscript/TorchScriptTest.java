package camlab.network.torchscript;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import camlab.TestFiles;
import camlab.cam.CamMethod;
import camlab.cam.GradCam;
import camlab.cam.GradCamPlusPlus;
import camlab.cam.LayerCam;
import camlab.capture.Recording;
import camlab.capture.Target;
import camlab.heatmap.ChannelMaps;
import camlab.heatmap.Heatmap;
import camlab.network.Classes;
import camlab.network.Fact;
import camlab.network.GoldenNetworks;
import camlab.network.LayeredNetwork;
import camlab.network.Network;
import camlab.network.SqueezeNet;
import camlab.network.TorchScriptFiles;
import camlab.network.UnknownNameException;
import camlab.picture.Picture;
import camlab.picture.Preprocessing;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs that PyTorch wrote, against the figures its autograd gave for the same networks. */
class TorchScriptTest {

  private static final double CLOSE = 1e-5;

  private static final JsonObject FIGURES = TestFiles.figures("torchscript/figures.json");
  private static final int SIZE = FIGURES.get("size").getAsInt();
  private static final Target TARGET = Target.of(FIGURES.get("target").getAsInt());

  private static Network load(String file) {
    return TorchScript.load(TorchScriptFiles.path(file), Classes.numbered(10), size(SIZE));
  }

  private static Preprocessing size(int size) {
    return new Preprocessing(
        size, size, Preprocessing.IMAGENET.mean(), Preprocessing.IMAGENET.std());
  }

  private static NDArray input(NDManager scope, int size) {
    return scope.create(GoldenNetworks.input(size), new Shape(1, 3, size, size));
  }

  @ParameterizedTest
  @CsvSource({
    "alexnet, traced", "alexnet, scripted",
    "vgg, traced", "vgg, scripted",
    "resnet, traced", "resnet, scripted",
    "squeezenet, traced", "squeezenet, scripted",
    "mobilenet_v2, traced", "mobilenet_v2, scripted",
    "functions, traced", "functions, scripted"
  })
  void agreesWithPyTorch(String name, String kind) {
    JsonObject expected = FIGURES.getAsJsonObject("networks").getAsJsonObject(name);
    JsonObject layers = expected.getAsJsonObject("layers");
    try (Network network = load(name + "." + kind + ".pt");
        NDManager scope = network.newScope()) {
      NDArray input = input(scope, SIZE);
      float[] logits = network.run(input).toFloatArray();
      assertClose(expected.getAsJsonArray("logits"), logits, "logits");
      try (Recording recording = Recording.of(network, input, List.copyOf(layers.keySet()))) {
        assertArrayEquals(logits, recording.logits().toFloatArray());
        for (String layer : layers.keySet()) {
          JsonObject figures = layers.getAsJsonObject(layer);
          NDArray gradient = recording.gradient(layer, TARGET).get(0);
          assertClose(
              figures.getAsJsonArray("activation_mean"),
              recording.activations(layer).meanOverChannels().values(),
              layer);
          assertClose(
              figures.getAsJsonArray("gradient_mean"),
              recording.gradients(layer, TARGET).meanOverChannels().values(),
              layer);
          assertClose(
              figures.getAsJsonArray("gradient_weights"),
              gradient.mean(new int[] {2}).mean(new int[] {1}).toFloatArray(),
              layer);
        }
      }
    }
  }

  private static void assertClose(JsonArray expected, float[] found, String what) {
    assertEquals(expected.size(), found.length, what);
    double largest = 0;
    for (int i = 0; i < found.length; i++) {
      largest = Math.max(largest, Math.abs(expected.get(i).getAsDouble()));
    }
    assertTrue(largest > 0, what);
    for (int i = 0; i < found.length; i++) {
      assertEquals(expected.get(i).getAsDouble(), found[i], CLOSE * largest, what + " " + i);
    }
  }

  /** The engine confuses channels and positions there for one picture, but not for two. */
  @Test
  void aGradientComesThroughABatchNormFromTokens() {
    try (Network network =
            TorchScript.load(TorchScriptFiles.path("tokens.pt"), Classes.numbered(2), size(16));
        NDManager scope = network.newScope()) {
      NDArray one = input(scope, 16);
      NDArray two = one.repeat(0, 2);
      Target target = Target.of(1);
      try (Recording alone = Recording.of(network, one, List.of("conv"));
          Recording beside = Recording.of(network, two, List.of("conv"))) {
        float[] expected = beside.gradient("conv", target).get(0).toFloatArray();
        float[] found = alone.gradient("conv", target).get(0).toFloatArray();
        double largest = 0;
        for (float value : expected) {
          largest = Math.max(largest, Math.abs(value));
        }
        assertTrue(largest > 0);
        assertArrayEquals(expected, found, (float) (CLOSE * largest));
      }
    }
  }

  /** A program runs as a whole: an interruption ends the work before the next run. */
  @Test
  void anInterruptionEndsTheWork() {
    try (Network network = load("resnet.scripted.pt");
        NDManager scope = network.newScope()) {
      NDArray input = input(scope, SIZE);
      float[] expected = network.run(input).toFloatArray();
      Thread.currentThread().interrupt();
      assertThrows(CancellationException.class, () -> network.run(input));
      assertThrows(
          CancellationException.class, () -> Recording.of(network, input, List.of("layer2")));
      assertTrue(Thread.interrupted(), "the thread stays interrupted");
      assertArrayEquals(expected, network.run(input).toFloatArray());
    }
  }

  /** The engine rewrites a program that runs again and again; the values stay. */
  @Test
  void recordingAgainGivesTheSame() {
    try (Network network = load("resnet.scripted.pt");
        NDManager scope = network.newScope()) {
      NDArray input = input(scope, SIZE);
      float[] first = null;
      for (int i = 0; i < 6; i++) {
        List<String> layers = i % 2 == 0 ? List.of("layer2") : network.layers();
        try (Recording recording = Recording.of(network, input, layers)) {
          float[] gradient = recording.gradient("layer2", TARGET).toFloatArray();
          first = first == null ? gradient : first;
          assertArrayEquals(first, gradient, 1e-6f);
        }
      }
    }
  }

  @Test
  void layersHaveTheNamesOfModulesInTheOrderTheyEnd() {
    try (Network traced = load("resnet.traced.pt");
        Network scripted = load("resnet.scripted.pt")) {
      List<String> first =
          List.of(
              "conv1",
              "bn1",
              "relu",
              "maxpool",
              "layer1.0.conv1",
              "layer1.0.bn1",
              "layer1.0.relu",
              "layer1.0.conv2",
              "layer1.0.bn2",
              "layer1.0.relu_1",
              "layer1.0");
      assertEquals(first, traced.layers().subList(0, first.size()));
      assertEquals(traced.layers(), scripted.layers());
      assertEquals("BasicBlock", scripted.model().type("layer1.0"));
      assertEquals("ReLU", traced.model().type("layer1.0.relu_1"));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "alexnet, features.6, features.1 features.6",
    "vgg, features.9, features.1 features.4 features.9",
    "resnet, layer4, relu layer1 layer2 layer3 layer4",
    "squeezenet, features, features.1 features.4 features"
  })
  void theDefaultTargetIsTheLastLayerWithPositions(String name, String target, String stages) {
    for (String kind : List.of(".traced.pt", ".scripted.pt")) {
      try (Network network = load(name + kind)) {
        assertEquals(target, network.targetLayer());
        assertEquals(List.of(stages.split(" ", -1)), network.stages());
      }
    }
  }

  /** The block's output is the second ReLU's; the first one's is another. */
  @Test
  void aModuleThatIsCalledTwiceIsTwoLayers() {
    try (Network network = load("resnet.traced.pt");
        NDManager scope = network.newScope();
        Recording recording =
            Recording.of(
                network,
                input(scope, SIZE),
                List.of("layer2.0.bn1", "layer2.0.relu", "layer2.0.relu_1", "layer2.0"))) {
      assertArrayEquals(
          recording.activation("layer2.0").toFloatArray(),
          recording.activation("layer2.0.relu_1").toFloatArray());
      float[] before = recording.activation("layer2.0.bn1").toFloatArray();
      for (int i = 0; i < before.length; i++) {
        before[i] = Math.max(before[i], 0);
      }
      assertArrayEquals(before, recording.activation("layer2.0.relu").toFloatArray());
    }
  }

  @Test
  void aBatchOfAnySizeAndPicturesOfAnySize() {
    try (Network network = load("resnet.scripted.pt");
        NDManager scope = network.newScope()) {
      NDArray one = input(scope, SIZE);
      NDArray batch = one.concat(one.mul(0.5f)).concat(one.flip(3));
      NDArray larger = input(scope, 96);
      try (Recording alone = Recording.of(network, one.flip(3), List.of("layer3"));
          Recording three = Recording.of(network, batch, List.of("layer3"));
          Recording wide = Recording.of(network, larger, List.of("layer3"))) {
        assertArrayEquals(
            alone.gradients("layer3", TARGET).values(),
            three.gradients("layer3", TARGET, 2).values(),
            1e-6f);
        assertEquals(6, wide.activations("layer3").height());
      }
    }
  }

  @Test
  void nothingInTheNetworkHasAGradient() {
    try (Network network = load("vgg.traced.pt");
        NDManager scope = network.newScope()) {
      NDArray input = input(scope, SIZE);
      float[] before = network.run(input).toFloatArray();
      try (Recording recording = Recording.of(network, input, List.of("features.0"))) {
        recording.gradient("features.0", TARGET);
      }
      assertFalse(network.run(input).hasGradient());
      assertArrayEquals(before, network.run(input).toFloatArray());
      assertEquals(
          4 * 27 + 4 + 8 * 36 + 8 + 16 * 72 + 16 + 16 * 144 + 16 + 24 * 785 + 10 * 25,
          network.parameterCount());
    }
  }

  /** Multiplying by a number multiplies the gradient; adding one does not change it. */
  @Test
  void gradientsThroughBranchesAndSharedModulesAreTheFactors() {
    try (Network network =
            TorchScript.load(TorchScriptFiles.path("forms.pt"), Classes.numbered(2), size(4));
        NDManager scope = network.newScope();
        Recording recording =
            Recording.of(network, input(scope, 4), network.layers().subList(0, 5))) {
      float twice =
          recording.activation("twice.inner").getFloat(0, 0, 0, 0)
              / input(scope, 4).getFloat(0, 0, 0, 0);
      float[] inner = recording.activation("twice.inner").toFloatArray();
      float[] outer = recording.activation("twice").toFloatArray();
      float either = recording.activation("either").getFloat(0, 0, 0, 0) / outer[0];
      Target target = Target.of(0);
      float[] second = recording.gradient("twice_1", target).toFloatArray();
      assertArrayEquals(second, recording.gradient("twice_1.inner", target).toFloatArray());
      for (int i = 0; i < inner.length; i++) {
        assertEquals(inner[i] + 1, outer[i], 1e-6);
        assertEquals(
            twice * second[i], recording.gradient("either", target).toFloatArray()[i], 1e-6);
        assertEquals(
            twice * either * second[i],
            recording.gradient("twice", target).toFloatArray()[i],
            1e-6);
      }
    }
  }

  @Test
  void loopsBranchesAndSharedModules() {
    try (Network network =
        TorchScript.load(TorchScriptFiles.path("forms.pt"), Classes.numbered(2), size(4))) {
      assertEquals(
          List.of("twice.inner", "twice", "either", "twice_1.inner", "twice_1", "head"),
          network.layers());
      assertMessage("loop", () -> network.model().resolve("repeated"));
      assertMessage("loop", () -> network.model().resolve("repeated.inner"));
      assertMessage("Tuple", () -> network.model().resolve("pair"));
      assertMessage("no call of it", () -> network.model().resolve("unused"));
      UnknownNameException near =
          assertThrows(UnknownNameException.class, () -> network.model().resolve("eithr"));
      assertTrue(near.getMessage().contains("'either'"), near.getMessage());
    }
  }

  private static void assertMessage(String part, Runnable action) {
    String message = assertThrows(TorchScriptException.class, action::run).getMessage();
    assertTrue(message.contains(part), message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"frozen.pt", "tuple.pt"})
  void whatCannotBeHookedIsRefusedWithTheReason(String file) {
    String reason = file.startsWith("frozen") ? "no submodules" : "puts out 2 tensors";
    assertMessage(
        reason, () -> TorchScript.load(TorchScriptFiles.path(file), Classes.numbered(2), size(4)));
  }

  /** Its weights are constants of the program, and its convolution no module any more. */
  @Test
  void aFrozenProgramIsNamed() {
    try (Network network =
        TorchScript.load(
            TorchScriptFiles.path("frozen-with-relu.pt"), Classes.numbered(2), size(16))) {
      assertEquals(
          List.of(
              "none that are parameters: those of a frozen program (torch.jit.freeze) are numbers in its text, and layers may have been joined with others"),
          network.describe().stream()
              .filter(fact -> fact.what().equals("weights"))
              .map(Fact::value)
              .toList());
    }
  }

  @Test
  void theNumberOfClassesIsChecked() {
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                TorchScript.load(
                    TorchScriptFiles.path("vgg.traced.pt"), Classes.numbered(9), size(SIZE)));
    assertTrue(refused.getMessage().contains("(1, 10)"), refused.getMessage());
  }

  /** What a program cannot do, its type does not offer: there is nothing left to be refused. */
  @Test
  void aProgramCanDoWhatANetworkCan() throws ReflectiveOperationException {
    try (Network network = load("vgg.traced.pt");
        NDManager scope = network.newScope()) {
      assertFalse(network instanceof LayeredNetwork);
      int asked = 0;
      for (Method method : Network.class.getDeclaredMethods()) {
        boolean question =
            Modifier.isPublic(method.getModifiers())
                && method.getParameterCount() == 0
                && !method.getName().equals("close");
        if (question) {
          assertNotNull(method.invoke(network), method.getName());
          asked++;
        }
      }
      assertTrue(asked >= 10, "asked " + asked);
      assertEquals(10, network.predict(Picture.of(8, 8, new int[64])).size());
      assertEquals(new Shape(1, 10), network.run(input(scope, SIZE)).getShape());
    }
  }

  /** The same published weights as blocks and as a program. */
  @Test
  void squeezeNetAsBlocksAndAsAProgram() {
    Path folder = Path.of("..", "..", "..", "shared", "weights");
    Path program = folder.resolve("squeezenet1_1.torchscript.pt");
    Path weights = folder.resolve("squeezenet1_1.pth");
    Assumptions.assumeTrue(Files.exists(program) && Files.exists(weights));
    Classes classes = Classes.numbered(1000);
    try (Network blocks =
            Network.load(SqueezeNet.version1_1(1000), weights, classes, Preprocessing.IMAGENET);
        Network script = TorchScript.load(program, classes, Preprocessing.IMAGENET);
        NDManager scope = script.newScope()) {
      NDArray input = input(scope, 224);
      List<String> layers = List.of("features.12", "features.7", "features.9.expand3x3");
      try (Recording expected = Recording.of(blocks, input, layers);
          Recording found = Recording.of(script, input, layers)) {
        Target target = Target.predicted();
        for (String layer : layers) {
          close(expected.activations(layer), found.activations(layer));
          close(expected.gradients(layer, target), found.gradients(layer, target));
          for (CamMethod method : List.of(new GradCam(), new LayerCam(), new GradCamPlusPlus())) {
            Heatmap map = method.heatmap(expected, layer, target);
            double difference = map.maxDifference(method.heatmap(found, layer, target));
            assertTrue(difference <= CLOSE * map.max(), method.name() + " " + layer);
          }
        }
      }
    }
  }

  private static void close(ChannelMaps expected, ChannelMaps found) {
    float[] values = expected.values();
    float largest = 0;
    for (float value : values) {
      largest = Math.max(largest, Math.abs(value));
    }
    assertTrue(largest > 0);
    assertArrayEquals(values, found.values(), (float) CLOSE * largest);
  }
}
