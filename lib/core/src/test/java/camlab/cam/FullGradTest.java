package camlab.cam;

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
import ai.djl.nn.pooling.Pool;
import ai.djl.training.initializer.Initializer;
import camlab.capture.Recording;
import camlab.capture.Target;
import camlab.heatmap.Heatmap;
import camlab.network.Classes;
import camlab.network.Network;
import camlab.picture.Preprocessing;
import java.util.List;
import org.junit.jupiter.api.Test;

/** On y = 10 + mean R(x₁ − 1.5) − 2 mean R(x₂ + 0.5), with x₁ = [1 2; 3 4] and x₂ = [0 1; 0 2]. */
class FullGradTest {

  private static final Preprocessing SMALL =
      new Preprocessing(2, 2, Preprocessing.IMAGENET.mean(), Preprocessing.IMAGENET.std());

  private static Network network(NDManager scope, Block nonlinear) {
    SequentialBlock block =
        new SequentialBlock()
            .add(Conv2d.builder().setFilters(2).setKernelShape(new Shape(1, 1)).build())
            .add(nonlinear)
            .add(Pool.globalAvgPool2dBlock())
            .add(Blocks.batchFlattenBlock())
            .add(Linear.builder().setUnits(2).build());
    block.setInitializer(Initializer.ZEROS, parameter -> true);
    block.initialize(scope, DataType.FLOAT32, new Shape(1, 3, 2, 2));
    List<NDArray> values =
        block.getParameters().values().stream().map(Parameter::getArray).toList();
    values.get(0).addi(scope.create(new float[] {1, 0, 0, 0, 1, 0}, new Shape(2, 3, 1, 1)));
    values.get(1).addi(scope.create(new float[] {-1.5f, 0.5f}));
    values.get(2).addi(scope.create(new float[] {1, -2, 0.5f, 3}, new Shape(2, 2)));
    values.get(3).addi(scope.create(new float[] {10, 20}));
    return Network.of("biased", block, Classes.of("first", "second"), SMALL);
  }

  /**
   * ∂y/∂z is 0 1/4 1/4 1/4 in the first channel and −1/2 in the second. The pixels' shares are 0
   * 0.5 0.75 1 and 0 −0.5 0 −1, of which the largest is 1; the biases' −0.375 where the first
   * channel is let through and −0.25 in the second, of which the largest is 0.375. All of them are
   * 0.75 − 1.125 − 1, and with the last layer's 10 they are y = 8.625.
   */
  @Test
  void sharesOutTheScoreAmongPixelsAndBiases() {
    try (NDManager scope = NDManager.newBaseManager();
        Network network = network(scope, Activation.reluBlock());
        Recording recording = Recording.of(network, TinyNetwork.input(scope), List.of("1"))) {
      assertEquals(8.625, recording.score(Target.of("first"), 0), 1e-6);
      Heatmap map = new FullGrad().heatmap(recording, "1", Target.of("first"));
      float third = 2 / 3f;
      float[] expected = {third, 1 + 1 + third, 0.75f + 1 + third, 2 + 1 + third};
      assertArrayEquals(expected, map.values(), 1e-6f);
      assertEquals("input", map.provenance().layer());
    }
  }

  /** The difference of two logits is a sum of logits, too; their product is none. */
  @Test
  void ofSumsOfLogitsOnly() {
    try (NDManager scope = NDManager.newBaseManager();
        Network network = network(scope, Activation.reluBlock());
        Recording recording = Recording.of(network, TinyNetwork.input(scope), List.of("1"))) {
      Target difference = Target.difference(Target.of("first"), Target.of("second"));
      assertTrue(new FullGrad().heatmap(recording, "1", difference).max() > 0);
      Target square = Target.score("y²", logits -> logits.get(0).square());
      assertRefused("the shares add up to 148.8 and the score is 74.39", recording, square);
    }
  }

  /** At z = 0 a sigmoid is 1/2, and beside it no straight line. */
  @Test
  void isRefusedWhereALayerIsNeitherLinearNorARelu() {
    try (NDManager scope = NDManager.newBaseManager();
        Network network = network(scope, Activation.sigmoidBlock());
        Recording recording = Recording.of(network, TinyNetwork.input(scope), List.of("1"))) {
      assertRefused("a layer is neither linear nor a ReLU", recording, Target.of("first"));
    }
  }

  private static void assertRefused(String part, Recording recording, Target target) {
    String message =
        assertThrows(
                UnsupportedOperationException.class,
                () -> new FullGrad().heatmap(recording, "1", target))
            .getMessage();
    assertTrue(message.contains(part), message);
  }
}
