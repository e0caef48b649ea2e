package camlab.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import camlab.cam.Catalogue;
import camlab.cam.GradCam;
import camlab.capture.Recording;
import camlab.capture.SmallNetworks;
import camlab.capture.Target;
import camlab.heatmap.Heatmap;
import camlab.picture.Picture;
import camlab.picture.Preprocessing;
import camlab.weights.Precision;
import camlab.weights.StateDict;
import camlab.weights.WeightsException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Weights and pictures that no network was made for: what comes out is right, or a reason. */
class BrokenNumbersTest {

  private static final Preprocessing SMALL =
      new Preprocessing(64, 64, Preprocessing.IMAGENET.mean(), Preprocessing.IMAGENET.std());

  private static StateDict changed(String tensor, float value, boolean all) {
    StateDict weights = SmallNetworks.alexNetWeights();
    StateDict.Builder changed = StateDict.builder();
    for (String name : weights.names()) {
      float[] values = weights.floats(name);
      if (name.equals(tensor)) {
        Arrays.fill(values, 0, all ? values.length : 1, value);
      }
      changed.put(name, weights.shape(name), values);
    }
    return changed.build();
  }

  @ParameterizedTest
  @CsvSource({
    "features.0.weight, NaN",
    "classifier.1.bias, Infinity",
    "features.6.bias, -Infinity"
  })
  void weightsThatAreNoNumbersAreRefused(String tensor, float value) {
    StateDict weights = changed(tensor, value, false);
    String message =
        assertThrows(
                WeightsException.class,
                () -> Network.of(AlexNet.small(2), weights, Classes.oneOf("cat", "dog"), SMALL))
            .getMessage();
    assertTrue(message.contains("1 of the "), message);
    assertTrue(
        message.contains("'%s' are no finite numbers (value 0 is ".formatted(tensor)), message);
    assertTrue(message.contains("take an earlier checkpoint"), message);
  }

  /** The bytes of a float, read as a whole number, would be a weight of a billion. */
  @Test
  void weightsThatAreWholeNumbersAreRefused(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("whole.safetensors");
    SmallNetworks.alexNetWeights().writeSafetensors(file, Precision.SINGLE, Map.of());
    String bytes = Files.readString(file, StandardCharsets.ISO_8859_1);
    String entry = "\"features.3.weight\":{\"dtype\":\"";
    Files.writeString(
        file, bytes.replace(entry + "F32", entry + "I32"), StandardCharsets.ISO_8859_1);
    assertTrue(bytes.contains(entry + "F32"));
    String message =
        assertThrows(
                WeightsException.class,
                () -> Network.load(AlexNet.small(2), file, Classes.oneOf("cat", "dog"), SMALL))
            .getMessage();
    assertTrue(
        message.contains("'features.3.weight' has a type of whole numbers. Weights that are quant"),
        message);
  }

  /** Weights that are numbers, and too large for single precision when they are added up. */
  @Test
  void whatOverflowsIsRefusedWithTheLayer() {
    StateDict weights = changed("features.3.weight", 1e38f, true);
    try (Network network =
        Network.of(AlexNet.small(2), weights, Classes.oneOf("cat", "dog"), SMALL)) {
      Picture picture = SmallNetworks.picture(1);
      for (String message :
          List.of(
              refusal(() -> network.predict(picture)),
              refusal(() -> network.scores(List.of(picture))),
              refusal(() -> Recording.of(network, picture, "features.11")),
              refusal(() -> new GradCam().heatmap(network, picture, "cat")))) {
        assertTrue(message.contains("puts out what is no finite number for this picture"), message);
        assertTrue(
            message.contains("The first layer whose output has such a number is 'features.3'"),
            message);
      }
    }
  }

  /** A block goes on being trained after it was opened, and its training diverges. */
  @Test
  void aBlockThatDivergedLater() {
    try (NDManager manager = NDManager.newBaseManager()) {
      SequentialBlock block =
          new SequentialBlock()
              .add(Conv2d.builder().setKernelShape(new Shape(3, 3)).setFilters(4).build())
              .add(Activation.reluBlock())
              .add(Blocks.batchFlattenBlock())
              .add(Linear.builder().setUnits(2).build());
      block.initialize(manager, DataType.FLOAT32, new Shape(1, 3, 8, 8));
      Preprocessing eight = Preprocessing.builder().rgb().size(8, 8).build();
      try (Network network = Network.of("mine", block, Classes.oneOf("a", "b"), eight)) {
        Picture picture = SmallNetworks.picture(1);
        assertEquals(2, network.predict(picture).size());
        for (Parameter parameter : block.getParameters().values()) {
          // Otherwise the engine refuses where gradients happen to be on for this thread.
          parameter.getArray().setRequiresGradient(false);
          parameter.getArray().muli(Float.NaN);
        }
        String message = refusal(() -> network.predict(picture));
        assertTrue(message.contains("is '0' ("), message);
      }
    }
  }

  /** The number that is named is the one that is none, and not the first. */
  @Test
  void aBlockWithOneBrokenClass() {
    try (NDManager manager = NDManager.newBaseManager()) {
      Block last = Linear.builder().setUnits(2).build();
      SequentialBlock block = new SequentialBlock().add(Blocks.batchFlattenBlock()).add(last);
      block.initialize(manager, DataType.FLOAT32, new Shape(1, 3, 8, 8));
      NDArray bias = last.getParameters().get("bias").getArray();
      bias.setRequiresGradient(false);
      bias.addi(manager.create(new float[] {0, Float.POSITIVE_INFINITY}));
      Preprocessing eight = Preprocessing.builder().rgb().size(8, 8).build();
      String message =
          assertThrows(
                  IllegalArgumentException.class,
                  () -> Network.of("mine", block, Classes.oneOf("a", "b"), eight))
              .getMessage();
      assertTrue(message.contains("puts out what is no finite number (Infinity)"), message);
    }
  }

  @Test
  void anArrayThatHoldsWhatIsNoNumber() {
    try (Network network = SmallNetworks.alexNet();
        NDManager scope = network.newScope()) {
      NDArray broken = scope.zeros(network.inputShape()).div(0);
      String message = refusal(() -> network.run(broken));
      assertTrue(message.contains("What goes in has such a number itself"), message);
      assertTrue(
          refusal(() -> Recording.of(network, broken, List.of("features.11"))).contains("itself"));
    }
  }

  private static String refusal(Executable task) {
    return assertThrows(NotApplicableException.class, task).getMessage();
  }

  /** Nothing behind the layer depends on it: every map is zero, and so is a scaled one. */
  @Test
  void zeroGradientsGiveZeroMaps() {
    StateDict weights = changed("classifier.1.weight", 0, true);
    try (LayeredNetwork network =
        Network.of(AlexNet.small(2), weights, Classes.oneOf("cat", "dog"), SMALL)) {
      Picture picture = SmallNetworks.picture(1);
      for (String name :
          List.of(
              "Grad-CAM",
              "Counterfactual Grad-CAM",
              "Grad-CAM++",
              "LayerCAM",
              "XGrad-CAM",
              "HiResCAM",
              "Ablation-CAM",
              "Eigen-Grad-CAM",
              "Shapley-CAM",
              "Finer-CAM",
              "Gradient saliency",
              "Gradient × input",
              "Integrated gradients",
              "Guided backpropagation",
              "Guided Grad-CAM",
              "FullGrad",
              "DeepLIFT",
              "Region ablation")) {
        Heatmap map = Catalogue.method(name).heatmap(network, picture, "cat");
        assertEquals(0, map.min(), name);
        assertEquals(0, map.max(), name);
        assertEquals(0, map.normalized().max(), name);
        assertEquals(0, map.resized(64, 64).max(), name);
      }
    }
  }

  /**
   * Every channel is the same everywhere: what is centred is zero, and nothing is divided by it.
   */
  @Test
  void constantMaps() {
    StateDict weights = changed("features.10.weight", 0, true);
    StateDict.Builder raised = StateDict.builder();
    weights
        .names()
        .forEach(
            name -> {
              float[] values = weights.floats(name);
              if (name.equals("features.10.bias")) {
                Arrays.fill(values, 2);
              }
              raised.put(name, weights.shape(name), values);
            });
    try (Network network =
        Network.of(AlexNet.small(2), raised.build(), Classes.oneOf("cat", "dog"), SMALL)) {
      Picture picture = SmallNetworks.picture(1);
      for (String name : List.of("Eigen-CAM", "KPCA-CAM")) {
        Heatmap map = Catalogue.method(name).heatmap(network, picture, "cat");
        assertEquals(map.min(), map.max(), 1e-5, name);
      }
      // Every position is at its channel's mean, which is at least mean plus two deviations of 0.
      Heatmap fem = Catalogue.method("FEM").heatmap(network, picture, "cat");
      assertEquals(2 * 256, fem.min());
      assertEquals(2 * 256, fem.max());
    }
  }

  @Test
  void aBatchOfNone() {
    try (Network network = SmallNetworks.alexNet();
        NDManager scope = network.newScope()) {
      NDArray none = scope.zeros(new Shape(0, 3, 96, 96));
      assertEquals(new Shape(0, 2), network.run(none).getShape());
      for (Executable task :
          List.<Executable>of(
              () -> network.scores(List.of()),
              () -> Recording.of(network, List.of(), List.of("features.11")),
              () -> Recording.of(network, none, List.of("features.11")),
              () -> Recording.ofView(network, none, List.of("features.11")))) {
        String message = assertThrows(IllegalArgumentException.class, task).getMessage();
        assertTrue(message.startsWith("At least one picture is needed, found "), message);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"INDEPENDENT", "VALUES", "UNSTATED"})
  void oneClass(Meaning meaning) {
    Architecture plan = AlexNet.small(1);
    StateDict weights = SmallNetworks.weights(plan, 5, 0);
    try (Network network = Network.of(plan, weights, Classes.of("it").as(meaning), SMALL)) {
      Picture picture = SmallNetworks.picture(1);
      Prediction prediction = network.predict(picture).get(0);
      if (meaning == Meaning.INDEPENDENT) {
        assertEquals(1 / (1 + Math.exp(-prediction.logit())), prediction.probability(), 1e-6);
      } else {
        assertThrows(NotApplicableException.class, prediction::probability);
      }
      Heatmap map = new GradCam().heatmap(network, picture, "it");
      assertEquals(prediction.logit(), map.provenance().score(), 1e-5);
      assertTrue(map.max() > 0);
    }
  }

  /** The map of a class is that of a network that has this class alone. */
  @ParameterizedTest
  @ValueSource(ints = {0, 9_999})
  void tenThousandClasses(int index) {
    Architecture many = AlexNet.small(10_000);
    StateDict weights = SmallNetworks.weights(many, 5, 0);
    Architecture one = AlexNet.small(1);
    StateDict.Builder single = StateDict.builder();
    for (String name : one.parameterNames()) {
      float[] values = weights.floats(name);
      long[] shape = weights.shape(name).clone();
      if (shape[0] == 10_000) {
        int row = values.length / 10_000;
        values = Arrays.copyOfRange(values, index * row, (index + 1) * row);
        shape[0] = 1;
      }
      single.put(name, shape, values);
    }
    Picture picture = SmallNetworks.picture(1);
    try (Network whole =
            Network.of(many, weights, Classes.numbered(10_000).as(Meaning.ONE_OF_SEVERAL), SMALL);
        Network part = Network.of(one, single.build(), Classes.values("it"), SMALL)) {
      assertEquals(
          1, whole.predict(picture).stream().mapToDouble(Prediction::probability).sum(), 1e-4);
      float[] found =
          new GradCam()
              .heatmap(whole, picture, whole.targetLayer(), Target.of(index))
              .normalized()
              .values();
      float[] expected = new GradCam().heatmap(part, picture, "it").normalized().values();
      assertArrayEquals(expected, found, 1e-4f);
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "1, 5000", "5000, 1", "3, 2"})
  void picturesOfAnyShape(int width, int height) {
    int[] rgb = IntStream.range(0, width * height).map(i -> i * 7919 & 0xFFFFFF).toArray();
    Picture picture = Picture.of(width, height, rgb);
    try (Network network = SmallNetworks.alexNet()) {
      Heatmap map = new GradCam().heatmap(network, picture, "cat");
      assertEquals(width, map.region().orElseThrow().picture().width());
      Heatmap laid = map.placed(width, height).map();
      assertTrue(laid.width() >= 1 && laid.width() <= width);
      assertTrue(laid.height() >= 1 && laid.height() <= height);
    }
  }
}
