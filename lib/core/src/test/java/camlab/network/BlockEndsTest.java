package camlab.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.training.initializer.NormalInitializer;
import camlab.cam.GradCam;
import camlab.capture.Target;
import camlab.heatmap.Heatmap;
import camlab.picture.Picture;
import camlab.picture.Preprocessing;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/**
 * How a user's block ends: with a softmax or a sigmoid, or with several outputs. The blocks put out
 * the mean of each of two filters over a picture of 2×2 that is red on its left and blue on its
 * right: filter k sees r_k on the left and b_k on the right, and the logit is (r_k + b_k) / 2.
 */
class BlockEndsTest {

  private static final float[] FILTERS = {1, 0, 0.5f, -0.25f, 0, 1.25f};
  private static final float[] LOGITS = {0.75f, 0.5f};

  private static final Preprocessing PLAIN =
      new Preprocessing(2, 2, List.of(0f, 0f, 0f), List.of(1f, 1f, 1f));

  private static final Picture PICTURE =
      Picture.of(2, 2, new int[] {0xFF0000, 0x0000FF, 0xFF0000, 0x0000FF});

  private static SequentialBlock body(NDManager scope, int filters) {
    SequentialBlock block =
        new SequentialBlock()
            .add(
                Conv2d.builder()
                    .setKernelShape(new Shape(1, 1))
                    .setFilters(filters)
                    .optBias(false)
                    .build())
            .addSingleton(x -> x.mean(new int[] {3}).mean(new int[] {2}), "mean");
    float[] values = new float[3 * filters];
    System.arraycopy(FILTERS, FILTERS.length - values.length, values, 0, values.length);
    block.setInitializer(
        (manager, shape, type) -> manager.create(values, shape), Parameter.Type.WEIGHT);
    block.initialize(scope, DataType.FLOAT32, new Shape(1, 3, 2, 2));
    return block;
  }

  private static SequentialBlock ended(NDManager scope, int filters, UnaryOperator<NDArray> end) {
    return body(scope, filters).add(new LambdaBlock(x -> new NDList(end.apply(x.head()))));
  }

  private static <T> T opened(
      Classes classes,
      Stated stated,
      Function<NDManager, SequentialBlock> block,
      Function<Network, T> found) {
    try (NDManager scope = NDManager.newBaseManager();
        Network network = Network.of("block", block.apply(scope), classes, PLAIN, stated)) {
      return found.apply(network);
    }
  }

  private static float[] logits(Network network) {
    try (NDManager scope = network.newScope()) {
      return network.run(network.input(scope, List.of(PICTURE))).toFloatArray();
    }
  }

  /** Of the logit (r₀ + b₀)/2 the map is R(mean gradient · A) = R(A₀) / 4: 1/4 left, 1/8 right. */
  private static void assertTakenOff(UnaryOperator<NDArray> end, Meaning meaning, String word) {
    Classes classes = Classes.of("cat", "dog");
    opened(
        classes,
        Stated.NOTHING,
        scope -> ended(scope, 2, end),
        network -> {
          assertArrayEquals(LOGITS, logits(network), 1e-6f);
          assertEquals(meaning, network.meaning());
          Heatmap map = new GradCam().heatmap(network, PICTURE, "0", Target.of("cat"));
          assertArrayEquals(new float[] {0.25f, 0.125f, 0.25f, 0.125f}, map.values(), 1e-6f);
          assertTrue(
              network
                  .description()
                  .contains(
                      "end: a %s, taken off: what goes into it is the score that is explained (found by trial: given noise, the last layer, '2', puts out its %s)"
                          .formatted(word, word)),
              network.description());
          return network;
        });
  }

  @Test
  void aSoftmaxOrASigmoidAtTheEndIsTakenOff() {
    assertTakenOff(x -> x.softmax(1), Meaning.ONE_OF_SEVERAL, "softmax");
    assertTakenOff(x -> x.softmax(-1), Meaning.ONE_OF_SEVERAL, "softmax");
    assertTakenOff(x -> x.logSoftmax(1), Meaning.ONE_OF_SEVERAL, "log-softmax");
    assertTakenOff(Activation::sigmoid, Meaning.INDEPENDENT, "sigmoid");
    assertTakenOff(x -> Activation.sigmoid(x).log(), Meaning.INDEPENDENT, "log-sigmoid");
  }

  /** σ(1/2) = 62.2 % speaks for the second class. */
  @Test
  void aSigmoidOfOneNumber() {
    opened(
        Classes.oneOf("cat", "dog"),
        Stated.NOTHING,
        scope -> ended(scope, 1, Activation::sigmoid),
        network -> {
          Prediction first = network.predict(PICTURE).get(0);
          assertEquals("dog", first.name());
          assertEquals(1 / (1 + Math.exp(-0.5)), first.probability(), 1e-6);
          assertTrue(network.description().contains("end: a sigmoid, taken off"));
          return network;
        });
  }

  @Test
  void whatOnlyLooksLikeItStays() {
    for (UnaryOperator<NDArray> other :
        List.<UnaryOperator<NDArray>>of(x -> x.mul(2).softmax(1), Activation::tanh, x -> x)) {
      String text =
          opened(
              Classes.of("cat", "dog"),
              Stated.NOTHING,
              scope -> ended(scope, 2, other),
              Network::description);
      assertTrue(!text.contains("taken off"), text);
    }
  }

  private static SequentialBlock twice(NDManager scope) {
    return body(scope, 2).add(new LambdaBlock(x -> new NDList(x.head(), x.head().mul(-2)), "two"));
  }

  @Test
  void oneOfSeveralOutputs() {
    Classes classes = Classes.oneOf("cat", "dog");
    String first =
        opened(
            classes,
            Stated.NOTHING.output(0),
            BlockEndsTest::twice,
            network -> {
              assertArrayEquals(LOGITS, logits(network), 1e-6f);
              return network.identity();
            });
    opened(
        classes,
        Stated.NOTHING.output(1),
        BlockEndsTest::twice,
        network -> {
          assertArrayEquals(new float[] {-1.5f, -1}, logits(network), 1e-6f);
          assertNotEquals(first, network.identity());
          assertTrue(
              network.description().contains("output: 1 (stated: counted from 0 among those"),
              network.description());
          assertEquals(List.of("0", "1", "2"), network.layers());
          // ∂(−2 · mean)/∂A = −1/2 at each place: nothing of the map is left.
          Heatmap map = new GradCam().heatmap(network, PICTURE, "0", Target.of("cat"));
          assertArrayEquals(new float[4], map.values());
          return network;
        });
  }

  @Test
  void whichOutputIsSaid() {
    assertRefused("which of them is explained", Stated.NOTHING, BlockEndsTest::twice);
    assertRefused("State one from 0 to 1.", Stated.NOTHING.output(2), BlockEndsTest::twice);
    assertRefused("have no names", Stated.NOTHING.output("logits"), BlockEndsTest::twice);
    assertRefused("one array. State no output.", Stated.NOTHING.output(0), scope -> body(scope, 2));
  }

  private static void assertRefused(
      String part, Stated stated, Function<NDManager, SequentialBlock> block) {
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> opened(Classes.oneOf("cat", "dog"), stated, block, network -> network));
    assertTrue(refused.getMessage().contains(part), refused.getMessage());
  }

  /** What a function before the first filters does to the numbers is told. */
  @Test
  void aBlockThatNormalizesItself() {
    Function<NDManager, SequentialBlock> made =
        scope -> {
          SequentialBlock block =
              new SequentialBlock()
                  .addSingleton(x -> x.sub(0.5f).div(0.25f), "normalize")
                  .add(Conv2d.builder().setKernelShape(new Shape(1, 1)).setFilters(5).build())
                  .addSingleton(x -> x.mean(new int[] {3}).mean(new int[] {2}), "mean");
          block.setInitializer(new NormalInitializer(), Parameter.Type.WEIGHT);
          block.initialize(scope, DataType.FLOAT32, new Shape(1, 3, 2, 2));
          return block;
        };
    String description = opened(Classes.numbered(5), Stated.NOTHING, made, Network::description);
    assertTrue(
        description.contains(
            "inside it: (x − [0.5, 0.5, 0.5]) / [0.25, 0.25, 0.25], behind the mean and deviation that are stated"),
        description);
  }

  /** One value is told as it comes out: its sigmoid gives it its bounds, and stays. */
  @Test
  void oneValueKeepsItsSigmoid() {
    String said =
        opened(
            Classes.values("share"),
            Stated.NOTHING,
            scope -> ended(scope, 1, Activation::sigmoid),
            network -> network.predict(PICTURE) + network.description());
    assertTrue(said.startsWith("[share 0.6225]"), said); // sigmoid(0.5)
    assertTrue(said.contains("outputs: 1, plain values (stated: in 7 trials"), said);
    assertTrue(said.contains("close to such a bound vanishes"), said);
  }

  /** A value between 0 and 1 that was trained behind a sigmoid is not what goes into it. */
  @Test
  void aValueThatEndsInASigmoidIsRefused() {
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                opened(
                    Classes.values(2),
                    Stated.NOTHING,
                    scope -> ended(scope, 2, Activation::sigmoid),
                    Network::name));
    assertTrue(
        refused.getMessage().contains("ends with a sigmoid, which is taken off"),
        refused.getMessage());
  }
}
