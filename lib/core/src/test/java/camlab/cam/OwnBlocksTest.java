package camlab.cam;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.basicmodelzoo.cv.classification.ResNetV1;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.nn.pooling.Pool;
import ai.djl.training.ParameterStore;
import ai.djl.training.initializer.Initializer;
import ai.djl.util.PairList;
import camlab.capture.Recording;
import camlab.capture.Target;
import camlab.heatmap.ChannelMaps;
import camlab.network.Classes;
import camlab.network.Network;
import camlab.picture.Preprocessing;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Methods that look for layers of a kind, on blocks that were not made by the library. */
class OwnBlocksTest {

  private static final float EXACT = 1e-6f;
  private static final Classes CLASSES = Classes.of("plus", "minus");

  private static Preprocessing size(int size) {
    return new Preprocessing(
        size, size, Preprocessing.IMAGENET.mean(), Preprocessing.IMAGENET.std());
  }

  private static Network network(Block block) {
    return Network.of("own", block, CLASSES, size(2));
  }

  /** The two classes of a layer's one channel: its mean, and its mean with the sign turned. */
  private static SequentialBlock plusAndMinus(SequentialBlock block) {
    return block
        .addSingleton(a -> NDArrays.concat(new NDList(a, a.neg()), 1), "both")
        .add(Pool.globalAvgPool2dBlock())
        .add(Blocks.batchFlattenBlock());
  }

  /**
   * y = mean of R(2a + a − 3) with a = R(x₀ + x₁ + x₂), both ReLUs in functions without a name: the
   * gradient is 3/4 where a &gt; 1. That of −y is −3/4, of which the last ReLU lets nothing back.
   */
  @Test
  void guidedBackpropagationFindsReLUsInFunctionsWithoutAName() {
    SequentialBlock block =
        plusAndMinus(
            new SequentialBlock()
                .addSingleton(x -> x.sum(new int[] {1}, true))
                .add(Activation::relu)
                .add(
                    new ParallelBlock(
                        arms ->
                            new NDList(Activation.relu(arms.get(0).head().add(arms.get(1).head()))),
                        List.of(
                            LambdaBlock.singleton(a -> a.mul(2)),
                            LambdaBlock.singleton(a -> a.sub(3))))));
    try (Network network = network(block);
        NDManager scope = network.newScope()) {
      NDArray input =
          scope.create(new float[] {-1, 0.5f, 2, 3, 0, 0, 0, 0, 0, 0, 0, 0}, new Shape(1, 3, 2, 2));
      assertEquals(Set.of("1", "2.join"), network.model().rectifiers(input));
      try (Recording recording = Recording.of(network, input, List.of("2"))) {
        assertArrayEquals(new float[] {0, 0, 3, 6}, recording.activations("2").values(), EXACT);
        assertGuided(recording, "plus", 0, 0, 0.75f, 0.75f);
        assertGuided(recording, "minus", 0, 0, 0, 0);
        assertArrayEquals(
            new float[] {0, 0, 0.75f, 0.75f},
            new GradientSaliency().heatmap(recording, "2", Target.of("minus")).values(),
            EXACT);
      }
    }
  }

  private static void assertGuided(Recording recording, String name, float... eachColour) {
    ChannelMaps found =
        new GuidedBackpropagation().attributions(recording, "2", Target.of(name)).get(0);
    for (int colour = 0; colour < 3; colour++) {
      for (int i = 0; i < eachColour.length; i++) {
        assertEquals(eachColour[i], found.at(colour, i / 2, i % 2), EXACT);
      }
    }
  }

  /** None has a name, and half of them are in the functions that join the branches. */
  @Test
  void theReLUsOfDjlsResNet() {
    SequentialBlock block =
        ResNetV1.builder()
            .setImageShape(new Shape(3, 28, 28))
            .setNumLayers(8)
            .setOutSize(2)
            .build();
    try (NDManager scope = NDManager.newBaseManager()) {
      block.initialize(scope, DataType.FLOAT32, new Shape(1, 3, 28, 28));
      try (Network network = Network.of("ResNet of DJL", block, CLASSES, size(28))) {
        NDArray input = scope.zeros(new Shape(2, 3, 28, 28));
        assertEquals(
            Set.of("1.0.2", "1.join", "2.0.2", "2.join", "3.0.2", "3.join"),
            network.model().rectifiers(input));
        assertTrue(Cam.refusal(network).isEmpty());
      }
    }
  }

  @Test
  void guidedBackpropagationIsRefusedWhereAReLUMayBeHidden() {
    assertRefused("'1' (Own) may hide one: it runs code of its own", new Own());
    assertRefused("'1' (LambdaBlock) may hide one: it is a function", function(NDArray::exp));
    assertRefused("neither a ReLU nor free of one", function(a -> Activation.relu(a).add(a)));
    assertRefused(
        "neither a ReLU nor free of one", function(a -> Activation.relu(a.add(100)).sub(100)));
  }

  private static Block function(Function<NDArray, NDArray> function) {
    return LambdaBlock.singleton(function);
  }

  private static void assertRefused(String part, Block hiding) {
    SequentialBlock block =
        new SequentialBlock().addSingleton(x -> x.sum(new int[] {1}, true)).add(hiding);
    try (Network network = network(plusAndMinus(block));
        NDManager scope = network.newScope()) {
      NDArray input = scope.ones(new Shape(1, 3, 2, 2));
      try (Recording recording = Recording.of(network, input, List.of("1"))) {
        for (CamMethod method : List.of(new GuidedBackpropagation(), new GuidedGradCam())) {
          String message =
              assertThrows(
                      UnsupportedOperationException.class,
                      () -> method.heatmap(recording, "1", Target.of(0)))
                  .getMessage();
          assertTrue(message.contains(part), message);
        }
      }
    }
  }

  /** A block that keeps to itself what it does. */
  private static final class Own extends AbstractBlock {

    @Override
    protected NDList forwardInternal(
        ParameterStore parameters, NDList inputs, boolean training, PairList<String, Object> more) {
      return Activation.relu(inputs);
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
      return inputShapes;
    }
  }

  /** Smooth functions that DJL names hide nothing, so here the gradient is the plain one. */
  @Test
  void functionsThatDjlNamesAreKnown() {
    SequentialBlock block =
        new SequentialBlock()
            .addSingleton(x -> x.sum(new int[] {1}, true))
            .add(Activation.sigmoidBlock());
    try (Network network = network(plusAndMinus(block));
        NDManager scope = network.newScope();
        Recording recording =
            Recording.of(network, scope.zeros(new Shape(1, 3, 2, 2)), List.of("1"))) {
      ChannelMaps found =
          new GuidedBackpropagation().attributions(recording, "1", Target.of("minus")).get(0);
      assertEquals(-1 / 16f, found.at(2, 1, 1), EXACT);
    }
  }

  /** The figures of {@link TinyNetwork}, by DJL's pooling and by one of the user's own. */
  @Test
  void camReadsTheWeightsOfDjlsBlocksAndTriesWhereItCannot() {
    assertCam(Pool.globalAvgPool2dBlock(), EXACT);
    assertCam(LambdaBlock.singleton(x -> x.mean(new int[] {2}).mean(new int[] {2})), 1e-4f);
  }

  private static void assertCam(Block pooling, float tolerance) {
    SequentialBlock block =
        new SequentialBlock()
            .add(Blocks.identityBlock())
            .add(Activation.reluBlock())
            .add(pooling)
            .add(Blocks.batchFlattenBlock())
            .add(Linear.builder().setUnits(2).build());
    try (NDManager scope = NDManager.newBaseManager()) {
      block.setInitializer(Initializer.ZEROS, parameter -> true);
      block.initialize(scope, DataType.FLOAT32, new Shape(1, 3, 2, 2));
      List<NDArray> values =
          block.getParameters().values().stream().map(parameter -> parameter.getArray()).toList();
      values.get(0).addi(scope.create(new float[] {1, -2, 0, 0.5f, 3, 0}, new Shape(2, 3)));
      values.get(1).addi(scope.create(new float[] {10, 20}));
      try (Network network = network(block);
          Recording recording =
              Recording.of(network, TinyNetwork.input(scope), List.of("0", "1"))) {
        assertArrayEquals(new float[] {11, 23.5f}, recording.logits().toFloatArray(), EXACT);
        Cam cam = new Cam();
        assertArrayEquals(
            new float[] {1, 0, 3, 0},
            cam.heatmap(recording, "1", Target.of("plus")).values(),
            tolerance);
        assertArrayEquals(
            new float[] {0.5f, 4, 1.5f, 8},
            cam.heatmap(recording, "1", Target.of("minus")).values(),
            tolerance);
        assertThrows(
            UnsupportedOperationException.class,
            () -> cam.heatmap(recording, "0", Target.of("plus")));
      }
    }
  }
}
