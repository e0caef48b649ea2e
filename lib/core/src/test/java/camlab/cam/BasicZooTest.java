package camlab.cam;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Model;
import ai.djl.basicmodelzoo.basic.Mlp;
import ai.djl.basicmodelzoo.cv.classification.AlexNet;
import ai.djl.basicmodelzoo.cv.classification.GoogLeNet;
import ai.djl.basicmodelzoo.cv.classification.LeNet;
import ai.djl.basicmodelzoo.cv.classification.MobileNetV1;
import ai.djl.basicmodelzoo.cv.classification.MobileNetV2;
import ai.djl.basicmodelzoo.cv.classification.NiN;
import ai.djl.basicmodelzoo.cv.classification.ResNetV1;
import ai.djl.basicmodelzoo.cv.classification.SqueezeNet;
import ai.djl.basicmodelzoo.cv.classification.VGG;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import camlab.capture.Recording;
import camlab.capture.Target;
import camlab.network.Classes;
import camlab.network.LayeredNetwork;
import camlab.network.Network;
import camlab.network.NotApplicableException;
import camlab.picture.Picture;
import camlab.picture.Preprocessing;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The networks of DJL's basic model zoo against DJL itself: its blocks run one after another, and
 * the gradient is that of its own collector.
 */
class BasicZooTest {

  private static final int CLASSES = 4;
  private static final Target TARGET = Target.of(1);

  /** Networks of the basic zoo, thin where DJL lets them be. */
  @SuppressWarnings("ImmutableEnumChecker")
  enum Zoo {
    RES_NET_V1(3, 28) {
      @Override
      Block block() {
        return ResNetV1.builder()
            .setImageShape(new Shape(3, 28, 28))
            .setNumLayers(8)
            .setOutSize(CLASSES)
            .build();
      }
    },
    MOBILE_NET_V1(3, 64) {
      @Override
      Block block() {
        return MobileNetV1.builder().optWidthMultiplier(0.25f).setOutSize(CLASSES).build();
      }
    },
    MOBILE_NET_V2(3, 64) {
      @Override
      Block block() {
        return MobileNetV2.builder().setOutSize(CLASSES).build();
      }
    },
    SQUEEZE_NET(3, 64) {
      @Override
      Block block() {
        return SqueezeNet.squeezenet(CLASSES);
      }
    },
    GOOG_LE_NET(1, 96) {
      @Override
      Block block() {
        return GoogLeNet.builder().setOutSize(CLASSES).build();
      }
    },
    VGG_11(1, 64) {
      @Override
      Block block() {
        return VGG.builder()
            .setNumLayers(11)
            .setConvArch(new int[][] {{1, 8}, {1, 8}, {2, 16}, {2, 16}, {2, 32}})
            .setOutSize(CLASSES)
            .build();
      }
    },
    ALEX_NET(1, 96) {
      @Override
      Block block() {
        return AlexNet.builder()
            .setNumChannels(new int[] {8, 16, 24, 24, 16, 64, 64})
            .setDropOutRate(0.5f)
            .setOutSize(CLASSES)
            .build();
      }
    },
    LE_NET(1, 28) {
      @Override
      Block block() {
        return LeNet.builder()
            .setNumChannels(new int[] {6, 16, 32, 24})
            .setOutSize(CLASSES)
            .build();
      }
    },
    NI_N(1, 96) {
      @Override
      Block block() {
        return NiN.builder()
            .setNumChannels(new int[] {8, 16, 24, CLASSES})
            .setDropOutRate(0.5f)
            .build();
      }
    };

    final int channels;
    final int size;

    Zoo(int channels, int size) {
      this.channels = channels;
      this.size = size;
    }

    abstract Block block();

    Shape picture(int pictures) {
      return new Shape(pictures, channels, size, size);
    }
  }

  private static Preprocessing preprocessing(int channels, int size) {
    Preprocessing.Builder builder = Preprocessing.builder().size(size, size);
    return (channels == 1 ? builder.grey() : builder.rgb()).build();
  }

  static NDArray noise(NDManager scope, long seed, Shape shape) {
    Random random = new Random(seed);
    float[] values = new float[(int) shape.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return scope.create(values, shape);
  }

  /** Seeded values: the engine's own come from a generator that all tests share. */
  static void fill(Block block) {
    long seed = 5;
    for (Parameter parameter : block.getParameters().values()) {
      NDArray array = parameter.getArray();
      if (array.getShape().dimension() > 1) {
        float scale = (float) Math.sqrt(2.0 * array.getShape().get(0) / array.size());
        array.subi(array.stopGradient().duplicate());
        array.addi(noise(array.getManager(), seed++, array.getShape()).mul(scale));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Zoo.class)
  void outputsAndGradCamAreThoseOfDjlToTheLastBit(Zoo zoo) {
    try (NDManager scope = NDManager.newBaseManager()) {
      Block block = zoo.block();
      block.initialize(scope, DataType.FLOAT32, zoo.picture(1));
      fill(block);
      NDArray input = noise(scope, 1, zoo.picture(2));
      try (LayeredNetwork network =
          Network.of(
              zoo.name(),
              block,
              Classes.oneOf("a", "b", "c", "d"),
              preprocessing(zoo.channels, zoo.size))) {
        assertLikeDjl(network, block, input);
        Set<String> rectifiers = network.model().rectifiers(input);
        assertEquals(zoo == Zoo.LE_NET, rectifiers.isEmpty(), rectifiers.toString());
      }
    }
  }

  /** What runs in sequence, by its names; branches run side by side and are one step. */
  private static Map<String, Block> steps(String prefix, Block block) {
    Map<String, Block> steps = new LinkedHashMap<>();
    List<Block> children = block.getChildren().values();
    for (int i = 0; i < children.size(); i++) {
      if (children.get(i) instanceof SequentialBlock) {
        steps.putAll(steps(prefix + i + ".", children.get(i)));
      } else {
        steps.put(prefix + i, children.get(i));
      }
    }
    return steps;
  }

  /** At the step that ends with the target layer. */
  private static void assertLikeDjl(LayeredNetwork network, Block block, NDArray input) {
    Map<String, Block> steps = steps("", block);
    String layer = network.targetLayer();
    String container =
        steps.containsKey(layer) ? layer : layer.substring(0, layer.length() - ".join".length());
    int last = List.copyOf(steps.keySet()).indexOf(container);
    List<Block> children = List.copyOf(steps.values());
    NDManager scope = input.getManager();
    ParameterStore parameters = new ParameterStore(scope, false);
    NDArray activation =
        run(parameters, children.subList(0, last + 1), input).stopGradient().duplicate();
    activation.setRequiresGradient(true);
    NDArray logits;
    try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
      logits = run(parameters, children.subList(last + 1, children.size()), activation);
      collector.backward(logits.get(":, 1").sum());
    }
    NDArray gradient = activation.getGradient();
    assertTrue(gradient.abs().max().getFloat() > 0);
    NDArray maps =
        gradient
            .mean(new int[] {2}, true)
            .mean(new int[] {3}, true)
            .mul(activation.stopGradient())
            .sum(new int[] {1})
            .maximum(0);
    assertArrayEquals(logits.toFloatArray(), network.run(input).toFloatArray());
    try (Recording recording = Recording.of(network, input, List.of(container))) {
      assertArrayEquals(logits.toFloatArray(), recording.logits().toFloatArray());
      assertArrayEquals(
          gradient.toFloatArray(), recording.gradient(container, TARGET).toFloatArray());
      for (int i = 0; i < 2; i++) {
        assertArrayEquals(
            maps.get(i).toFloatArray(),
            new GradCam().heatmaps(recording, container, TARGET).get(i).values());
      }
    }
  }

  private static NDArray run(ParameterStore parameters, List<Block> blocks, NDArray input) {
    NDList flowing = new NDList(input);
    for (Block block : blocks) {
      flowing = block.forward(parameters, flowing, false);
    }
    return flowing.singletonOrThrow();
  }

  /** It has no layer to look at, but the gradient at its input says which pixels count. */
  @Test
  void anMlpHasNoPositionsAndIsExplainedByTheGradientOfItsInput() {
    try (NDManager scope = NDManager.newBaseManager()) {
      Block block = new Mlp(64, CLASSES, new int[] {16});
      block.initialize(scope, DataType.FLOAT32, new Shape(1, 1, 8, 8));
      fill(block);
      try (Network network =
          Network.of("MLP", block, Classes.oneOf("a", "b", "c", "d"), preprocessing(1, 8))) {
        Picture picture = Picture.of(8, 8, IntStream.range(0, 64).map(i -> i * 0x030303).toArray());
        NDArray pixels = network.input(scope, List.of(picture)).duplicate();
        pixels.setRequiresGradient(true);
        try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
          collector.backward(
              run(new ParameterStore(scope, false), List.of(block), pixels).get(":, 1").sum());
        }
        float[] expected = pixels.getGradient().abs().toFloatArray();
        assertArrayEquals(
            expected, new GradientSaliency().heatmap(network, picture, "b").values(), 0);
        assertTrue(pixels.getGradient().abs().max().getFloat() > 0);
        assertEquals(
            Math.abs(new GradientSaliency().attribution(network, picture, TARGET).at(0, 3, 4)),
            expected[28]);
        GradCam needsALayer = new GradCam();
        NotApplicableException refused =
            assertThrows(
                NotApplicableException.class, () -> needsALayer.heatmap(network, picture, "b"));
        assertTrue(
            refused.getMessage().contains("none of its layers has positions"),
            refused.getMessage());
        assertTrue(refused.getMessage().contains("GradientSaliency"), refused.getMessage());
      }
    }
  }

  /** A model that is saved, and loaded into a block of the same plan. */
  @Test
  void whatDjlLoadsFromDiskOpensLikewise(@TempDir Path folder) throws Exception {
    try (Model saved = Model.newInstance("small");
        Model loaded = Model.newInstance("small")) {
      Block block = Zoo.RES_NET_V1.block();
      saved.setBlock(block);
      block.initialize(saved.getNDManager(), DataType.FLOAT32, Zoo.RES_NET_V1.picture(1));
      fill(block);
      saved.save(folder, "small");
      loaded.setBlock(Zoo.RES_NET_V1.block());
      loaded.load(folder, "small");
      NDArray input = noise(saved.getNDManager(), 1, Zoo.RES_NET_V1.picture(2));
      Classes classes = Classes.oneOf("a", "b", "c", "d");
      try (LayeredNetwork network = Network.of(loaded, classes, preprocessing(3, 28))) {
        assertEquals("small", network.name());
        float[] expected =
            run(new ParameterStore(saved.getNDManager(), false), List.of(block), input)
                .toFloatArray();
        assertArrayEquals(expected, network.run(input).toFloatArray());
        assertLikeDjl(network, block, input);
      }
    }
  }

  /** LeNet's sigmoids have no name and no ReLU: the guided gradient is the gradient. */
  @Test
  void guidedBackpropagationPassesSigmoids() {
    try (NDManager scope = NDManager.newBaseManager()) {
      Block block = Zoo.LE_NET.block();
      block.initialize(scope, DataType.FLOAT32, Zoo.LE_NET.picture(1));
      fill(block);
      try (Network network =
          Network.of("LeNet", block, Classes.oneOf("a", "b", "c", "d"), preprocessing(1, 28))) {
        NDArray input = noise(scope, 1, Zoo.LE_NET.picture(1));
        try (Recording recording = Recording.of(network, input, List.of("input"))) {
          float[] guided = new GuidedBackpropagation().heatmap(recording, "input", TARGET).values();
          assertArrayEquals(
              new GradientSaliency().heatmap(recording, "input", TARGET).values(), guided);
        }
      }
    }
  }
}
