package camlab.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Block;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import ai.djl.util.Preconditions;
import camlab.cam.GradCam;
import camlab.cam.Occlusion;
import camlab.capture.Recording;
import camlab.capture.Target;
import camlab.picture.Picture;
import camlab.picture.Preprocessing;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Blocks that somebody wrote, and what of their code would have passed unseen. */
class UserBlocksTest {

  private static final Preprocessing SMALL = Preprocessing.builder().size(2, 2).build();
  private static final Classes CLASSES = Classes.of("a", "b", "c");

  /** A block of one's own, which runs what it has in a way of its own. */
  private abstract static class Own extends AbstractBlock {

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
      return inputShapes;
    }

    @Override
    protected NDList forwardInternal(
        ParameterStore parameters, NDList inputs, boolean training, PairList<String, Object> more) {
      return run(parameters, inputs);
    }

    abstract NDList run(ParameterStore parameters, NDList inputs);
  }

  private static SequentialBlock means(UnaryOperator<NDArray> first) {
    return new SequentialBlock()
        .addSingleton(first, "mine")
        .addSingleton(x -> x.mean(new int[] {3}).mean(new int[] {2}), "means");
  }

  private static RuntimeException assertRefused(Block block, String... parts) {
    RuntimeException refused =
        assertThrows(
            IllegalArgumentException.class, () -> Network.of("own", block, CLASSES, SMALL));
    for (String part : parts) {
      assertTrue(refused.getMessage().contains(part), refused.getMessage());
    }
    return refused;
  }

  /** The picture is its caller's, and the next run gets it as it was. */
  @Test
  void aBlockThatChangesWhatItIsGivenGetsACopy() {
    try (Network network = Network.of("own", means(x -> x.muli(2).addi(1)), CLASSES, SMALL);
        NDManager scope = network.newScope()) {
      NDArray picture = scope.arange(12f).reshape(1, 3, 2, 2);
      for (int run = 0; run < 2; run++) {
        assertArrayEquals(
            new float[] {4, 12, 20}, network.run(picture).toFloatArray(), "run " + run);
      }
      assertEquals(66, picture.sum().getFloat());
    }
  }

  /** It says which layer, on what, what its code threw, and keeps that as the cause. */
  @Test
  void whatTheCodeOfABlockThrowsIsASentence() {
    RuntimeException refused =
        assertRefused(
            means(x -> Objects.requireNonNull((NDArray) null)),
            "Layer '0' (mine) stopped on what it was given, an array of shape (1, 3, 2, 2).",
            "NullPointerException, without a word. Look at its code");
    assertEquals(NullPointerException.class, refused.getCause().getClass());
    assertRefused(
        means(x -> (NDArray) Object.class.cast(List.of(x, x).get(7))),
        "IndexOutOfBoundsException: Index: 7 Size: 2. Look at its code");
    assertRefused(
        means(x -> NDArray.class.cast("no array")),
        "ClassCastException: Cannot cast java.lang.String to ai.djl.ndarray.NDArray. Look at its code.");
    assertRefused(
        means(
            x -> {
              Preconditions.checkArgument(x.size() == 1, "only one is taken");
              return x;
            }),
        "Layer '0' (mine) stopped",
        "IllegalArgumentException: only one is taken. Look at its code.");
    assertRefused(
        new SequentialBlock()
            .add(
                new ParallelBlock(
                    branches -> Objects.requireNonNull((NDList) null),
                    List.of(means(x -> x), means(x -> x)))),
        "Layer '0.join' (Join) stopped on what it was given, arrays of shapes (1, 3) and (1, 3).");
  }

  /** No engine has said the nothing that an exception of Java's says. */
  @Test
  void whatIsNotSupportedWithoutAWord() {
    RuntimeException refused =
        assertThrows(
            RuntimeException.class,
            () -> Network.of("own", means(x -> x.mul(List.of(2).set(0, 3))), CLASSES, SMALL));
    assertTrue(
        refused.getMessage().contains("UnsupportedOperationException, without a word."),
        refused.getMessage());
    assertFalse(refused.getMessage().contains("null"), refused.getMessage());
  }

  /** Behind some calls, too: a network that has been opened says it as one that is opened does. */
  @Test
  void whatItThrowsLaterIsASentence() {
    boolean[] armed = new boolean[1];
    Block block = means(x -> armed[0] ? Objects.requireNonNull((NDArray) null) : x.mul(1));
    try (LayeredNetwork network = Network.of("own", block, CLASSES, SMALL)) {
      armed[0] = true;
      Picture picture = Picture.of(2, 2, new int[4]);
      for (Executable call :
          List.<Executable>of(
              () -> network.predict(picture),
              () -> Recording.of(network, picture, "0"),
              () -> new Occlusion().heatmap(network, picture, "a"))) {
        String refused = assertThrows(IllegalArgumentException.class, call).getMessage();
        assertTrue(refused.contains("Layer '0' (mine) stopped"), refused);
      }
    }
  }

  /** Batch normalisation as in training takes the mean over both pictures. */
  @Test
  void aBlockThatMixesThePicturesOfABatchIsRefused() {
    Own inTraining =
        new Own() {
          private final Block norm = addChildBlock("norm", BatchNorm.builder().build());

          @Override
          NDList run(ParameterStore parameters, NDList inputs) {
            return norm.forward(parameters, new NDList(inputs.head().pow(2)), true);
          }

          @Override
          protected void initializeChildBlocks(NDManager scope, DataType type, Shape... shapes) {
            norm.initialize(scope, type, shapes);
          }
        };
    String mixes = "own puts out other numbers for two pictures together than for each alone (";
    try (NDManager scope = NDManager.newBaseManager()) {
      SequentialBlock block =
          new SequentialBlock()
              .add(inTraining)
              .addSingleton(x -> x.max(new int[] {3}).max(new int[] {2}), "largest");
      block.initialize(scope, DataType.FLOAT32, new Shape(1, 3, 2, 2));
      NDArray running =
          block.getParameters().values().stream()
              .filter(parameter -> parameter.getType() == Parameter.Type.RUNNING_MEAN)
              .findFirst()
              .orElseThrow()
              .getArray();
      assertArrayEquals(new float[3], running.toFloatArray());
      assertRefused(block, mixes, "Let each block run its children with the `training`");
      assertArrayEquals(new float[3], running.toFloatArray(), "looking has changed the block");
    }
    assertRefused(
        means(x -> x).addSingleton(x -> x.softmax(0), "of the batch"),
        mixes,
        "softmax over axis 0");
    // Two pictures of like noise agree about what is a bright one.
    assertRefused(
        means(x -> x)
            .addSingleton(x -> x.mean().gt(0.5).toType(x.getDataType(), false).mul(x), "bright"),
        mixes);
  }

  /** What to do is said of blocks, which no file of Python holds. */
  @Test
  void channelsThatComeLast() {
    SequentialBlock last =
        new SequentialBlock()
            .addSingleton(
                x -> {
                  Preconditions.checkArgument(x.getShape().get(3) == 3, "three channels, last");
                  return x.mean(new int[] {1}).mean(new int[] {1});
                },
                "last");
    assertRefused(
        last,
        "found by trial: it runs with (1, 2, 2, 3), its channels last. Put a block before it, new LambdaBlock(x -> new NDList(x.head().transpose(0, 2, 3, 1))).");
  }

  /** A network for one picture without a batch, which puts out a row without a batch, too. */
  @Test
  void onePictureWithoutABatch() {
    SequentialBlock alone =
        new SequentialBlock()
            .addSingleton(
                x -> {
                  Preconditions.checkArgument(x.getShape().dimension() == 3, "one picture");
                  return x.mean(new int[] {2}).mean(new int[] {1});
                },
                "alone");
    assertRefused(
        alone,
        "found by trial: it runs with (3, 2, 2), one picture without a batch. Put a block before it, new LambdaBlock(x -> new NDList(x.head().get(0))), and one behind it, new LambdaBlock(x -> new NDList(x.head().expandDims(0))).");
  }

  /** What runs for one picture alone is refused only where it is given several. */
  @Test
  void aBlockForOnePictureOpens() {
    Block one = means(x -> x.mul(1)).addSingleton(x -> x.reshape(1, 3), "one row");
    try (LayeredNetwork network = Network.of("own", one, CLASSES, SMALL)) {
      assertEquals(3, network.predict(Picture.of(2, 2, new int[4])).size());
    }
  }

  /** Two networks that differ in such weights alone would have had one identity. */
  @Test
  void weightsThatNoChildHasAreRefused() {
    try (NDManager scope = NDManager.newBaseManager()) {
      Block hidden = Linear.builder().setUnits(3).build();
      hidden.initialize(scope, DataType.FLOAT32, new Shape(1, 3));
      Own own =
          new Own() {
            @Override
            NDList run(ParameterStore parameters, NDList inputs) {
              return hidden.forward(parameters, inputs, false);
            }
          };
      SequentialBlock block = means(x -> x).add(own);
      String refused =
          assertThrows(IllegalStateException.class, () -> Network.of("own", block, CLASSES, SMALL))
              .getMessage();
      assertTrue(
          refused.contains(
              "computes with weights that are of none of its children: 'weight', shape (3, 3)."),
          refused);
    }
  }

  /** What goes between layers is single precision, whatever a function without weights makes. */
  @Test
  void aFunctionThatPutsOutDoublePrecision() {
    Picture picture = Picture.of(2, 2, new int[] {0xff0000, 0x00ff00, 0x0000ff, 0x102030});
    try (LayeredNetwork single = Network.of("own", means(x -> x.mul(1)), CLASSES, SMALL)) {
      for (DataType type : List.of(DataType.FLOAT64, DataType.FLOAT16)) {
        Block block = means(x -> x.mul(1)).addSingleton(x -> x.toType(type, false), "other");
        try (LayeredNetwork other = Network.of("own", block, CLASSES, SMALL)) {
          assertArrayEquals(
              single.scores(List.of(picture))[0], other.scores(List.of(picture))[0], 1e-3f);
        }
      }
    }
  }

  /** A function of one's own is held to what is stated of it, too. */
  @Test
  void noNumberAboveOneIsAProbability() {
    Classes stated = Classes.of("a", "b").as(Meaning.PROBABILITIES);
    Picture picture = Picture.of(2, 2, new int[4]);
    Classifier logits = Classifier.of("mine", stated, pictures -> new float[][] {{1.7f, -0.2f}});
    String refused =
        assertThrows(IllegalArgumentException.class, () -> logits.predict(picture)).getMessage();
    assertTrue(refused.contains("'mine' was stated to give 'probabilities already'"), refused);
    assertTrue(refused.contains("it gave [1.7, -0.2]; expected numbers between 0 and 1"), refused);
    for (float[][] none : new float[][][] {null, {null}}) {
      Classifier nothing = Classifier.of("mine", Classes.of("a", "b"), pictures -> none);
      refused =
          assertThrows(IllegalArgumentException.class, () -> nothing.predict(picture)).getMessage();
      assertTrue(refused.contains("each of so many finite numbers, found null"), refused);
    }
  }

  /** What a block's door takes, the model's takes, too. */
  @Test
  void moreIsStatedOfAModel() {
    try (Model model = Model.newInstance("mine")) {
      model.setBlock(means(x -> x.mul(1)));
      Stated stated = Stated.NOTHING.targetLayer("0");
      try (LayeredNetwork network = Network.of(model, CLASSES, SMALL, stated)) {
        assertEquals("0", network.targetLayer());
        assertEquals("mine", network.name());
      }
    }
  }

  private static void assertMissing(String found, Executable call) {
    String refused = assertThrows(NullPointerException.class, call).getMessage();
    assertNotNull(refused);
    assertTrue(refused.contains(found), refused);
  }

  @Test
  void whatIsMissingIsNamed() {
    Block block = means(x -> x.mul(1));
    assertMissing(
        "Expected a block of DJL, found null", () -> Network.of("own", null, CLASSES, SMALL));
    assertMissing(
        "Expected a name to call the network by", () -> Network.of(null, block, CLASSES, SMALL));
    assertMissing(
        "Expected the network's classes, found null", () -> Network.of("own", block, null, SMALL));
    assertMissing(
        "Expected what is done to a picture", () -> Network.of("own", block, CLASSES, null));
    assertMissing(
        "Stated.NOTHING if nothing is", () -> Network.of("own", block, CLASSES, SMALL, null));
    assertMissing("Expected a name for each class, found null", () -> Classes.of("a", null));
    assertMissing("Expected a name for each class, found null", () -> new Classes(null));
    assertMissing("Expected a name for each class", () -> Classes.of((String[]) null));
    assertMissing("Expected the path of a picture, found null", () -> Picture.read(null));
    assertMissing("Expected the path of a text file", () -> Classes.read((Path) null));
    String picture =
        "Expected a picture, found null: Picture.read(Path.of(\"photo.jpg\")) gives one.";
    try (LayeredNetwork network = Network.of("own", block, CLASSES, SMALL)) {
      Picture some = Picture.of(2, 2, new int[4]);
      assertMissing(picture, () -> network.predict(null));
      assertMissing(picture, () -> network.hookPoints(null));
      assertMissing(picture, () -> Recording.of(network, (Picture) null, "0"));
      assertMissing(picture, () -> Recording.of(network, Arrays.asList(some, null), List.of("0")));
      assertMissing(picture, () -> network.scores(Arrays.asList(some, null)));
      assertMissing(picture, () -> new GradCam().heatmap(network, null, "0", Target.of("a")));
      assertMissing(picture, () -> new Occlusion().heatmap(network, null, "a"));
      assertMissing(
          picture, () -> new Occlusion().heatmap((Classifier) network, null, Target.of("a")));
      assertMissing(
          "Expected the name of a class, found null",
          () -> new GradCam().heatmap(network, some, "0", Target.of((String) null)));
      assertMissing(
          "Expected the name of a layer to record",
          () -> Recording.of(network, some, (String) null));
    }
  }
}
