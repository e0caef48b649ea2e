package camlab.cam;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.pooling.Pool;
import ai.djl.training.initializer.Initializer;
import camlab.capture.Recording;
import camlab.capture.SmallNetworks;
import camlab.capture.Target;
import camlab.heatmap.ChannelMaps;
import camlab.network.AlexNet;
import camlab.network.Architecture;
import camlab.network.Classes;
import camlab.network.LayerGraph;
import camlab.network.Network;
import camlab.network.NotApplicableException;
import camlab.network.ResNet;
import camlab.network.SqueezeNet;
import camlab.picture.Preprocessing;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

class LayerwiseRelevanceTest {

  /** Black is 0 and white is 1. */
  private static final Preprocessing PLAIN = Preprocessing.builder().size(2, 2).build();

  private static final LrpRule EPSILON = new LrpRule.Epsilon(1e-6);

  private static LrpComposite all(LrpRule rule) {
    return new LrpComposite("all", rule, rule, rule, rule);
  }

  /** A block with the given values for its parameters, one array after the other. */
  private static Network network(NDManager scope, Block block, float[]... values) {
    block.setInitializer(Initializer.ZEROS, parameter -> true);
    block.initialize(scope, DataType.FLOAT32, new Shape(1, 3, 2, 2));
    List<NDArray> parameters =
        block.getParameters().values().stream().map(Parameter::getArray).toList();
    for (int i = 0; i < values.length; i++) {
      parameters.get(i).set(values[i]);
    }
    return Network.of("tiny", block, Classes.of("first", "second"), PLAIN);
  }

  /** One convolution of 1×1 into two channels, averaged: the logits. */
  private static SequentialBlock pointwise(boolean bias, Block... behind) {
    SequentialBlock block =
        new SequentialBlock()
            .add(
                Conv2d.builder()
                    .setFilters(2)
                    .setKernelShape(new Shape(1, 1))
                    .optBias(bias)
                    .build());
    List.of(behind).forEach(block::add);
    return block.add(Pool.globalAvgPool2dBlock()).add(Blocks.batchFlattenBlock());
  }

  /** The relevance of each colour of the first pixel. */
  private static float[] ofFirstPixel(Network network, LrpRule rule, float... colours) {
    try (NDManager scope = network.newScope()) {
      NDArray input = scope.zeros(new Shape(1, 3, 2, 2));
      for (int c = 0; c < 3; c++) {
        input.set(new NDIndex(0, c, 0, 0), colours[c]);
      }
      try (Recording recording = Recording.of(network, input, List.of(LayerGraph.INPUT))) {
        ChannelMaps maps =
            new LayerwiseRelevance(all(rule))
                .attributions(recording, LayerGraph.INPUT, Target.of("first"))
                .get(0);
        float[] values = maps.values();
        return new float[] {values[0], values[4], values[8]};
      }
    }
  }

  /**
   * y is the mean over four positions of z = 2a − b + 3c + 1, which at (1, 4, −1) is −4 and
   * elsewhere 1, so y = −1/4. The average hands the first position z/4: −1.
   */
  @Test
  void rulesByHand() {
    try (NDManager scope = NDManager.newBaseManager();
        Network network =
            network(scope, pointwise(true), new float[] {2, -1, 3, 0, 0, 0}, new float[] {1, 0})) {
      float[] pixel = {1, 4, -1};
      // ε: shares 2, −4 and −3 of −4, but ε = 1 makes the denominator −5.
      assertArrayEquals(
          new float[] {0.5f, -1, -0.75f}, ofFirstPixel(network, EPSILON, pixel), 1e-5f);
      assertArrayEquals(
          new float[] {0.4f, -0.8f, -0.6f},
          ofFirstPixel(network, new LrpRule.Epsilon(1), pixel),
          1e-5f);
      // γ = 1, z below 0: what lowers it counts twice. 2, −8 and −6 with the bias's 1 are −11.
      assertArrayEquals(
          new float[] {2 / 11f, -8 / 11f, -6 / 11f},
          ofFirstPixel(network, new LrpRule.Gamma(1), pixel),
          1e-5f);
      // α1β0: only the 2 and the bias's 1 raise z.
      assertArrayEquals(
          new float[] {-2 / 3f, 0, 0},
          ofFirstPixel(network, new LrpRule.AlphaBeta(1, 0), pixel),
          1e-5f);
      // α2β1: twice that, less −1 shared out as 4 to 3.
      assertArrayEquals(
          new float[] {-4 / 3f, 4 / 7f, 3 / 7f},
          ofFirstPixel(network, new LrpRule.AlphaBeta(2, 1), pixel),
          1e-5f);
      assertArrayEquals(
          new float[] {-1 / 3f, -1 / 3f, -1 / 3f},
          ofFirstPixel(network, new LrpRule.Flat(), pixel),
          1e-5f);
    }
  }

  /**
   * At (0.5, 0.25, 0) z = 2a − b + 3c is 0.75 and 3/16 of it is the logit. Between 0 and 1 the
   * least that it can be is −1: above that it is 1.75, of which 1 is from a and 0.75 from b, which
   * is not white.
   */
  @Test
  void pixelBoxByHand() {
    try (NDManager scope = NDManager.newBaseManager();
        Network network = network(scope, pointwise(false), new float[] {2, -1, 3, 0, 0, 0})) {
      float relevance = 0.75f / 4;
      assertArrayEquals(
          new float[] {relevance / 1.75f, relevance * 0.75f / 1.75f, 0},
          ofFirstPixel(network, new LrpRule.PixelBox(), 0.5f, 0.25f, 0),
          1e-6f);
    }
  }

  /** γ above 0, with a negative input that speaks for z = 2·1 − 1·(−2) + 3·(−1) = 1. */
  @Test
  void gammaOfPositiveOutputs() {
    try (NDManager scope = NDManager.newBaseManager();
        Network network = network(scope, pointwise(false), new float[] {2, -1, 3, 0, 0, 0})) {
      // 4 and 4 of doubled weights, −3 of a weight that stays: of 5.
      assertArrayEquals(
          new float[] {0.25f * 4 / 5, 0.25f * 4 / 5, 0.25f * -3 / 5},
          ofFirstPixel(network, new LrpRule.Gamma(1), 1, -2, -1),
          1e-6f);
    }
  }

  /**
   * A batch norm behind a convolution without bias: (z − 1)/2·3 + 4 with z = 2a − b + 3c, so
   * weights 3, −1.5, 4.5 and bias 2.5 at (1, 1, 1): 8.5, of which α1β0 sees 10.
   */
  @Test
  void batchNormIsPartOfTheConvolution() {
    Block norm = BatchNorm.builder().optEpsilon(0f).build();
    try (NDManager scope = NDManager.newBaseManager();
        Network network =
            network(
                scope,
                pointwise(false, norm),
                new float[] {2, -1, 3, 1, 1, 1},
                new float[] {3, 1},
                new float[] {4, 0},
                new float[] {1, 0},
                new float[] {4, 1})) {
      float relevance = 8.5f / 4;
      assertArrayEquals(
          new float[] {relevance * 0.3f, 0, relevance * 0.45f},
          ofFirstPixel(network, new LrpRule.AlphaBeta(1, 0), 1, 1, 1),
          1e-5f);
    }
  }

  /** Two branches 1·a and −3·a of a = 2 joined by a function without a name: 2 and −6 of −4. */
  @Test
  void branchesShareByWhatTheyAdd() {
    ParallelBlock branches =
        new ParallelBlock(outputs -> new NDList(outputs.get(0).head().add(outputs.get(1).head())));
    branches.add(
        Conv2d.builder().setFilters(2).setKernelShape(new Shape(1, 1)).optBias(false).build());
    branches.add(
        Conv2d.builder().setFilters(2).setKernelShape(new Shape(1, 1)).optBias(false).build());
    Block block =
        new SequentialBlock()
            .add(branches)
            .add(Pool.globalAvgPool2dBlock())
            .add(Blocks.batchFlattenBlock());
    try (NDManager scope = NDManager.newBaseManager();
        Network network =
            network(
                scope, block, new float[] {1, 0, 0, 0, 0, 0}, new float[] {0, -3, 0, 0, 0, 0})) {
      // z = a − 3b at (2, 2, 0) is −4; the mean hands on −1, of which a has 2/−4 and b −6/−4.
      assertArrayEquals(
          new float[] {0.5f, -1.5f, 0}, ofFirstPixel(network, EPSILON, 2, 2, 0), 1e-5f);
    }
  }

  /** α2β1 where all raises z: 2a at (1, 0, 0) is handed on twice. */
  @Test
  void alphaBetaWithoutAnythingThatLowers() {
    try (NDManager scope = NDManager.newBaseManager();
        Network network = network(scope, pointwise(false), new float[] {2, -1, 3, 0, 0, 0})) {
      assertArrayEquals(
          new float[] {2 * 2 / 4f, 0, 0},
          ofFirstPixel(network, new LrpRule.AlphaBeta(2, 1), 1, 0, 0),
          1e-5f);
    }
  }

  /** Max pooling gives all to the largest of its window, here a = 3 of 1, 3, 2 and 0. */
  @Test
  void maxPoolingGivesToTheLargest() {
    Block block =
        new SequentialBlock()
            .add(Pool.maxPool2dBlock(new Shape(2, 2), new Shape(2, 2)))
            .add(Blocks.batchFlattenBlock())
            .add(Linear.builder().setUnits(2).optBias(false).build());
    try (NDManager scope = NDManager.newBaseManager();
        Network network = network(scope, block, new float[] {5, 0, 0, 0, 0, 0});
        Recording recording =
            Recording.of(
                network,
                scope
                    .create(new float[] {1, 3, 2, 0}, new Shape(1, 1, 2, 2))
                    .broadcast(new Shape(1, 3, 2, 2)),
                List.of(LayerGraph.INPUT))) {
      float[] map =
          new LayerwiseRelevance()
              .heatmap(recording, LayerGraph.INPUT, Target.of("first"))
              .values();
      assertArrayEquals(new float[] {0, 15, 0, 0}, map, 1e-4f);
    }
  }

  /**
   * A function of two inputs without a name is a product where it is one on noise, one of a single
   * input an activation where each value makes one of its own: x² passes, x·y halves.
   */
  @Test
  void functionsWithoutANameAreTried() {
    Block halves =
        new ParallelBlock(
            branches -> new NDList(branches.get(0).head().mul(branches.get(1).head())),
            List.of(LambdaBlock.singleton(x -> x.mul(3)), LambdaBlock.singleton(x -> x.square())));
    Block block =
        new SequentialBlock()
            .add(halves)
            .add(Pool.globalAvgPool2dBlock())
            .add(Linear.builder().setUnits(2).optBias(false).build());
    try (NDManager scope = NDManager.newBaseManager();
        Network network = network(scope, block, new float[] {1, 0, 0, 0, 0, 0});
        Recording recording =
            Recording.of(
                network,
                scope
                    .create(new float[] {1, -2, 0, 2}, new Shape(1, 1, 2, 2))
                    .broadcast(new Shape(1, 3, 2, 2)),
                List.of(LayerGraph.INPUT))) {
      // 3x³/4 of each pixel: half by 3x, half by x²; for DeepLIFT against grey 0 the whole, too.
      float[] expected = {0.75f, -6, 0, 6};
      for (CamMethod method :
          List.of(new LayerwiseRelevance(LrpComposite.EPSILON_ONLY), new DeepLift(Blank.zero()))) {
        float[] map = method.heatmap(recording, LayerGraph.INPUT, Target.of("first")).values();
        assertArrayEquals(expected, map, 1e-4f, method.name());
      }
    }
  }

  /** What no rule covers is refused with its name. */
  @Test
  void whatHasNoRuleIsRefusedByName() {
    Block shares = LambdaBlock.singleton(x -> x.div(x.abs().sum().add(1)), "shares of a sum");
    try (NDManager scope = NDManager.newBaseManager();
        Network network = network(scope, pointwise(false, shares), new float[6]);
        Recording recording =
            Recording.of(network, scope.ones(new Shape(1, 3, 2, 2)), List.of(LayerGraph.INPUT))) {
      for (CamMethod method : List.of(new LayerwiseRelevance(), new DeepLift())) {
        String message =
            assertThrows(
                    NotApplicableException.class,
                    () -> method.heatmap(recording, LayerGraph.INPUT, Target.of("first")))
                .getMessage();
        assertTrue(message.contains("no rule for layer '1' (shares of a sum)"), message);
      }
    }
  }

  @Test
  void scoresThatAreNoSumOfLogitsAreRefused() {
    try (Network network = SmallNetworks.alexNet();
        Recording recording = Recording.of(network, SmallNetworks.picture(1), "input")) {
      for (CamMethod method : List.of(new LayerwiseRelevance(), new DeepLift())) {
        assertThrows(
            NotApplicableException.class,
            () ->
                method.heatmap(
                    recording, "input", Target.score("y²", logits -> logits.get(0).square())));
      }
    }
  }

  /**
   * Of weights without biases all of the relevance arrives: by any rule but α2β1, of which an
   * output that nothing lowers hands on twice what it has.
   */
  @Test
  void relevanceIsNeitherMadeNorLost() {
    for (Architecture plan :
        List.of(AlexNet.small(2), SqueezeNet.version1_1(2), ResNet.thin50(2, 0.25))) {
      Preprocessing small =
          new Preprocessing(64, 64, Preprocessing.IMAGENET.mean(), Preprocessing.IMAGENET.std());
      try (Network network =
              Network.of(plan, SmallNetworks.weights(plan, 5, 0), Classes.oneOf("a", "b"), small);
          Recording recording = Recording.of(network, SmallNetworks.picture(2), "input")) {
        for (LrpComposite composite :
            List.of(
                LrpComposite.EPSILON_ONLY,
                LrpComposite.EPSILON_PLUS,
                LrpComposite.EPSILON_PLUS_FLAT,
                LrpComposite.EPSILON_GAMMA_BOX)) {
          float[] map =
              new LayerwiseRelevance(composite)
                  .heatmap(recording, "input", Target.of("a"))
                  .values();
          double sum = 0;
          for (float value : map) {
            sum += value;
          }
          double score = recording.score(Target.of("a"), 0);
          assertEquals(score, sum, 1e-3 * Math.abs(score), plan.name() + " " + composite.name());
        }
      }
    }
  }

  /** A pass is stopped between two layers, and the thread stays interrupted. */
  @Test
  void interruptingStopsTheWork() {
    try (Network network = SmallNetworks.alexNet();
        Recording recording = Recording.of(network, SmallNetworks.picture(1), "input")) {
      for (CamMethod method : List.of(new LayerwiseRelevance(), new DeepLift())) {
        Thread.currentThread().interrupt();
        assertThrows(
            CancellationException.class,
            () -> method.heatmap(recording, "input", Target.of("cat")));
        assertTrue(Thread.interrupted());
      }
    }
  }

  @Test
  void settingsThatMakeNoSenseAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> new LrpRule.Epsilon(0));
    assertThrows(IllegalArgumentException.class, () -> new LrpRule.Gamma(-1));
    assertThrows(
        IllegalArgumentException.class, () -> new LrpRule.Epsilon(Double.POSITIVE_INFINITY));
    assertThrows(IllegalArgumentException.class, () -> new LrpRule.Gamma(Double.POSITIVE_INFINITY));
    assertThrows(IllegalArgumentException.class, () -> new LrpRule.AlphaBeta(2, 0));
    assertThrows(IllegalArgumentException.class, () -> new LrpRule.AlphaBeta(0, -1));
  }

  /** Every setting of every rule counts. */
  @Test
  void compositesHaveIdentities() {
    String identity = new LayerwiseRelevance(LrpComposite.epsilonGammaBox(0.5)).identity();
    assertTrue(identity.contains("PixelBox()"), identity);
    assertTrue(identity.contains("Gamma(gamma=0.5)"), identity);
    assertTrue(identity.contains("Epsilon(epsilon=1.0E-6)"), identity);
  }
}
