package camlab.cam;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.LayerNorm;
import ai.djl.nn.pooling.Pool;
import ai.djl.training.initializer.Initializer;
import camlab.capture.Recording;
import camlab.capture.SmallNetworks;
import camlab.capture.Target;
import camlab.network.AlexNet;
import camlab.network.Architecture;
import camlab.network.Classes;
import camlab.network.LayerGraph;
import camlab.network.Network;
import camlab.network.ResNet;
import camlab.network.SqueezeNet;
import camlab.picture.Picture;
import camlab.picture.Preprocessing;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeepLiftTest {

  /** Grey pictures of 2×2; black is 0 and white is 1. */
  private static final Preprocessing GREY = Preprocessing.builder().grey().size(2, 2).build();

  /** Two hidden units and two logits over the flattened picture, with values for w, b, v. */
  private static Network dense(NDManager scope, Block activation, float... hidden) {
    SequentialBlock block =
        new SequentialBlock()
            .add(Blocks.batchFlattenBlock())
            .add(Linear.builder().setUnits(1).build())
            .add(activation)
            .add(Linear.builder().setUnits(2).optBias(false).build());
    return network(scope, block, hidden, new float[] {-1}, new float[] {3, 0});
  }

  private static Network network(NDManager scope, Block block, float[]... values) {
    block.setInitializer(Initializer.ZEROS, parameter -> true);
    block.initialize(scope, DataType.FLOAT32, new Shape(1, 1, 2, 2));
    List<Parameter> parameters = block.getParameters().values();
    for (int i = 0; i < values.length; i++) {
      parameters.get(i).getArray().set(values[i]);
    }
    return Network.of("tiny", block, Classes.of("first", "second"), GREY);
  }

  private static Recording recording(Network network, NDManager scope, float... pixels) {
    return Recording.of(
        network, scope.create(pixels, new Shape(1, 1, 2, 2)), List.of(LayerGraph.INPUT));
  }

  private static float[] map(DeepLift method, Recording recording) {
    return method.heatmap(recording, LayerGraph.INPUT, Target.of("first")).values();
  }

  /**
   * y = 3 R(4a + 2b − 1). From black, where a ReLU's input is −1, to a = b = 0.5, where it is 2,
   * the ReLU rises by 2 on a way of 3: so y rises by 6, of which a has 2/3 · 12 · 0.5 = 4 and b 2.
   * The gradient there would share out 9.
   */
  @Test
  void rescaleByHand() {
    try (NDManager scope = NDManager.newBaseManager();
        Network network = dense(scope, Activation.reluBlock(), 4, 2, 0, 0);
        Recording recording = recording(network, scope, 0.5f, 0.5f, 0, 0)) {
      assertArrayEquals(new float[] {4, 2, 0, 0}, map(new DeepLift(), recording), 1e-5f);
    }
  }

  /** From a picture in which the ReLU's input is 1 already, so that it is a straight line. */
  @Test
  void againstAPictureOfOnesOwn() {
    Picture start = Picture.of(2, 2, new int[] {0, 0xFFFFFF, 0, 0});
    try (NDManager scope = NDManager.newBaseManager();
        Network network = dense(scope, Activation.reluBlock(), 4, 2, 0, 0);
        Recording recording = recording(network, scope, 0.5f, 0.5f, 0, 0)) {
      assertArrayEquals(new float[] {6, -3, 0, 0}, map(new DeepLift(start), recording), 1e-5f);
      assertNotEquals(new DeepLift(start).identity(), new DeepLift().identity());
    }
  }

  /** Where the two pictures are equal there is nothing to share out, and no quotient of zeros. */
  @Test
  void ofTheBaselineItselfThereIsNothing() {
    try (NDManager scope = NDManager.newBaseManager();
        Network network = dense(scope, Activation.sigmoidBlock(), 4, 2, 1, 1);
        Recording recording = recording(network, scope, 0, 0, 0, 0)) {
      assertArrayEquals(new float[4], map(new DeepLift(), recording));
    }
  }

  /**
   * The largest of four is 0.75, at the second place, where the baseline has 0; the baseline's
   * largest is 0.25, at the first. It rises by 0.5, which goes to the second place; the other way
   * round it falls, and what it falls by goes to the place that was the largest.
   */
  @Test
  void maxPoolingByHand() {
    Block block =
        new SequentialBlock()
            .add(Pool.maxPool2dBlock(new Shape(2, 2), new Shape(2, 2)))
            .add(Blocks.batchFlattenBlock())
            .add(Linear.builder().setUnits(2).optBias(false).build());
    Picture low = Picture.of(2, 2, new int[] {0x404040, 0, 0, 0});
    Picture high = Picture.of(2, 2, new int[] {0, 0, 0xFFFFFF, 0});
    float quarter = 0x40 / 255f;
    try (NDManager scope = NDManager.newBaseManager();
        Network network = network(scope, block, new float[] {8, 0});
        Recording recording = recording(network, scope, 0, 0.75f, 0.5f, 0)) {
      assertArrayEquals(
          new float[] {0, 8 * (0.75f - quarter), 0, 0}, map(new DeepLift(low), recording), 1e-5f);
      assertArrayEquals(
          new float[] {0, 0, -8 * 0.25f, 0}, map(new DeepLift(high), recording), 1e-5f);
    }
  }

  /**
   * DJL's layer norm along rows of two, which the weights of one channel add up: γ = (3, 1), so y
   * is a quarter of 2d / √(d² + ε) with d half of what the first of a row is above the second. Of 1
   * and −0.6 d is 0.8, and with ε = 0.36 the root is one. What the row's mean and root do at black,
   * where d is zero, takes part in both, and is gone from their difference.
   */
  @Test
  void layerNormByHand() {
    Block block =
        new SequentialBlock()
            .add(LayerNorm.builder().axis(3).optEpsilon(0.36f).build())
            .add(Pool.globalAvgPool2dBlock())
            .add(Blocks.batchFlattenBlock())
            .add(Linear.builder().setUnits(2).optBias(false).build());
    try (NDManager scope = NDManager.newBaseManager();
        Network network =
            network(scope, block, new float[] {3, 1}, new float[] {7, -2}, new float[] {1, 0});
        Recording recording = recording(network, scope, 1, -0.6f, 0, 0)) {
      assertArrayEquals(
          new float[] {0.25f, 0.15f, 0, 0}, map(new DeepLift(Blank.zero()), recording), 1e-6f);
    }
  }

  /** In each network the shares add up to the score's rise, whatever the baseline. */
  @Test
  void sharesAreComplete() {
    Preprocessing small =
        new Preprocessing(64, 64, Preprocessing.IMAGENET.mean(), Preprocessing.IMAGENET.std());
    for (Architecture plan :
        List.of(AlexNet.small(2), SqueezeNet.version1_1(2), ResNet.thin50(2, 0.25))) {
      try (Network network =
              Network.of(
                  plan, SmallNetworks.weights(plan, 5, 0.1f), Classes.oneOf("a", "b"), small);
          Recording recording =
              Recording.of(
                  network,
                  List.of(SmallNetworks.picture(2), SmallNetworks.picture(3)),
                  List.of(LayerGraph.INPUT))) {
        for (DeepLift method :
            List.of(
                new DeepLift(),
                new DeepLift(Blank.zero()),
                new DeepLift(SmallNetworks.picture(4)))) {
          double[] deltas = method.completenessDeltas(recording, Target.of("a"));
          assertEquals(2, deltas.length);
          for (int i = 0; i < deltas.length; i++) {
            double magnitude = 1 + Math.abs(recording.score(Target.of("a"), i));
            assertEquals(0, deltas[i] / magnitude, 1e-4, plan.name());
          }
        }
      }
    }
  }

  /** A network that takes any size cannot be compared with a picture of another one. */
  @Test
  void aBaselineOfAnotherSizeIsRefused() {
    Preprocessing any = Preprocessing.IMAGENET.toBuilder().ownSize().build();
    try (Network network = SmallNetworks.alexNet(any);
        NDManager scope = network.newScope();
        Recording recording =
            Recording.of(network, scope.ones(new Shape(1, 3, 96, 96)), List.of("input"))) {
      DeepLift method = new DeepLift(SmallNetworks.picture(1));
      String message =
          assertThrows(
                  IllegalArgumentException.class,
                  () -> method.heatmap(recording, "input", Target.of("cat")))
              .getMessage();
      assertTrue(message.contains("expected (96, 96), found (50, 60)"), message);
    }
  }
}
