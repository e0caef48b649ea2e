package camlab.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import camlab.cam.GradCam;
import camlab.capture.Box;
import camlab.capture.Recording;
import camlab.capture.Target;
import camlab.heatmap.Heatmap;
import camlab.picture.Picture;
import camlab.picture.Preprocessing;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Networks that put out boxes, and scores of classes in them. */
class DetectorTest {

  private static final int SIDE = 16;
  private static final Preprocessing SMALL = Preprocessing.builder().size(SIDE, SIDE).build();
  private static final Classes THREE = Classes.independent("cat", "dog", "fox");
  private static final Picture PICTURE =
      Picture.of(SIDE, SIDE, (row, column) -> 0x30_40_50 * (1 + row / 6) + 3 * column);

  private final NDManager manager = NDManager.newBaseManager();

  @BeforeEach
  void seed() {
    manager.getEngine().setRandomSeed(7);
  }

  @AfterEach
  void close() {
    manager.close();
  }

  private static Conv2d convolution(int filters, int size) {
    return Conv2d.builder()
        .setKernelShape(new Shape(size, size))
        .optPadding(new Shape(size / 2, size / 2))
        .setFilters(filters)
        .build();
  }

  /** A branch for the scores, and behind it one for the boxes, whose numbers are far larger. */
  private Block detector(UnaryOperator<NDArray> end, UnaryOperator<NDArray> order) {
    Block scores = new SequentialBlock().add(convolution(6, 3)).add(convolution(3, 1));
    Block boxes = new SequentialBlock().add(convolution(6, 3)).add(convolution(4, 1));
    Block block =
        new SequentialBlock()
            .add(convolution(8, 3))
            .add(
                new ParallelBlock(
                    found ->
                        new NDList(
                            order.apply(
                                NDArrays.concat(
                                    new NDList(
                                        columns(found.get(1).head()).abs().mul(100),
                                        end.apply(columns(found.get(0).head()))),
                                    1))),
                    List.of(scores, boxes)));
    initialize(block);
    return block;
  }

  /** Boxes of two kinds, each from a branch of its own. */
  private static Block twoHeads() {
    return new ParallelBlock(
        found ->
            new NDList(
                NDArrays.concat(
                    new NDList(columns(found.get(0).head()), columns(found.get(1).head())), 2)),
        List.of(
            new SequentialBlock().add(convolution(6, 3)).add(convolution(7, 1)),
            new SequentialBlock().add(convolution(6, 3)).add(convolution(7, 1))));
  }

  /** The same boxes as rows. */
  private static Block besideEachOther(Block block) {
    return new SequentialBlock().add(block).addSingleton(all -> all.transpose(0, 2, 1), "rows");
  }

  private void initialize(Block block) {
    block.initialize(manager, DataType.FLOAT32, new Shape(1, 3, SIDE, SIDE));
  }

  private static NDArray columns(NDArray maps) {
    return maps.reshape(maps.getShape().get(0), maps.getShape().get(1), SIDE * SIDE);
  }

  private static LayeredNetwork open(Block block, Classes classes) {
    return Network.of("detector", block, classes, SMALL);
  }

  /** The box with the largest numbers would be looked at, were its four taken for scores. */
  @Test
  void itIsLookedAtWhereTheScoresComeFrom() {
    Block block = detector(scores -> scores, all -> all);
    try (LayeredNetwork network = open(block, THREE)) {
      assertEquals("1.0.0", network.targetLayer());
      String told = network.description();
      assertTrue(
          told.contains(
              "outputs: (1, 7, 256), taken to be 256 boxes of 4 numbers and 3 scores, each class yes or no for itself"),
          told);
      assertTrue(
          told.contains(
              "the largest score of a class in a box depends, and with whose values the scores in nearly all boxes changed in a trial"),
          told);
    }
    try (LayeredNetwork network = open(block, Classes.values("output"))) {
      assertEquals("1.1.0", network.targetLayer());
      assertTrue(network.description().contains("the largest of its values depends"));
    }
  }

  /** As YOLO's: large and small boxes come from heads of their own, each with two layers. */
  @Test
  void aLayerOfSomeBoxesOnlyIsNoDefault() {
    Block block = new SequentialBlock().add(convolution(8, 3)).add(twoHeads());
    initialize(block);
    try (LayeredNetwork network = open(block, THREE)) {
      assertEquals("0", network.targetLayer(), "what both heads take");
      for (int box : new int[] {0, 2 * SIDE * SIDE - 1}) {
        Target score = Target.score("fox", found -> found.get(6, box));
        try (Recording recording = Recording.of(network, PICTURE, "0", "1.0.0", "1.1.0")) {
          assertTrue(recording.gradient("0", score).abs().sum().getFloat() > 0);
          String other = box == 0 ? "1.1.0" : "1.0.0";
          assertEquals(0, recording.gradient(other, score).abs().sum().getFloat());
        }
      }
    }
  }

  @Test
  void boxesBelowAndBesideEachOtherGiveTheSameMap() {
    Block block = detector(scores -> scores, all -> all);
    Block rows = besideEachOther(block);
    Target target =
        Target.inBox(Target.of("dog"), new Box(0, 0, 500, 500), Box.Form.CORNER_AND_SIZE);
    Heatmap[] maps = new Heatmap[2];
    double[] scores = new double[2];
    for (int i = 0; i < 2; i++) {
      try (LayeredNetwork network = open(i == 0 ? block : rows, THREE)) {
        String layer = network.targetLayer();
        try (Recording recording = Recording.of(network, PICTURE, layer)) {
          maps[i] = new GradCam().heatmap(recording, layer, target);
          scores[i] = recording.score(target, 0);
        }
      }
    }
    assertTrue(maps[0].max() > 0 || maps[0].min() < 0, "something is there to compare");
    assertEquals(scores[0], scores[1], 1e-6);
    assertArrayEquals(maps[0].values(), maps[1].values(), 1e-6f);
  }

  /** As of most detectors that are exported: what the reader says holds for what went in. */
  @Test
  void scoresThatAreProbabilitiesAreToldSo() {
    try (LayeredNetwork network = open(detector(Activation::sigmoid, all -> all), THREE)) {
      assertEquals(Meaning.PROBABILITIES, network.meaning());
      String told = network.description();
      assertTrue(
          told.contains(
              "probabilities already (found by trial: in 7 trials its scores lay between 0 and 1"),
          told);
      assertTrue(told.contains("may be all zero"), told);
    }
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                open(
                        detector(scores -> scores.softmax(1), all -> all),
                        Classes.independent("cat", "dog", "fox"))
                    .close());
    assertTrue(refused.getMessage().contains("summed to one"), refused.getMessage());
  }

  /** As of detectors that find masks or key points, too. */
  @Test
  void numbersBehindTheScoresAreTakenOffByTheirExport() {
    Block block = detector(scores -> scores, all -> all);
    Block rows = besideEachOther(block);
    Classes one = Classes.independent("cat");
    String message =
        assertThrows(IllegalArgumentException.class, () -> open(block, one).close()).getMessage();
    assertTrue(
        message.contains(
            "puts out (1, 7, 256) for one picture, but 1 classes are named; expected (1, 1). Of a map of classes, name as many classes as it has channels. Of boxes with more numbers than four and a score for each class, such as those of masks or key points, export the first 5 of each: output[:, :5] or output[..., :5]."),
        message);
    message =
        assertThrows(IllegalArgumentException.class, () -> open(rows, one).close()).getMessage();
    assertTrue(message.contains("export the first 5 of each"), message);
  }

  /** As behind the suppression of boxes that overlap: their number depends on the picture. */
  @Test
  void asManyBoxesAsAPictureHas() {
    for (long ofBlank : new long[] {0, 9}) {
      Block some =
          detector(
              Activation::sigmoid,
              all ->
                  all.get(":, :, :{}", all.get(":, :4").abs().max().getFloat() == 0 ? ofBlank : 5));
      try (LayeredNetwork network = open(some, THREE)) {
        assertEquals(Meaning.INDEPENDENT, network.meaning(), "as stated: nothing was compared");
      }
    }
    try (LayeredNetwork network =
        open(detector(scores -> scores, all -> all.get(":, :, :0")), THREE)) {
      assertEquals(Meaning.INDEPENDENT, network.meaning());
      assertThrows(NotApplicableException.class, network::targetLayer, "no box, no score");
    }
  }

  /** As of trained detectors, which find nothing in noise: coordinates say nothing of scores. */
  @Test
  void scoresThatNoiseDrivesToZeroAreProbabilities() {
    try (LayeredNetwork network =
        open(detector(scores -> Activation.sigmoid(scores.sub(9)), all -> all), THREE)) {
      assertEquals(Meaning.PROBABILITIES, network.meaning(), network.description());
    }
  }

  /** Scores that are decisions are refused, whatever gradient the coordinates have. */
  @Test
  void decisionsBesideCoordinatesAreRefused() {
    String refused =
        assertThrows(
                IllegalArgumentException.class,
                () ->
                    open(
                            detector(
                                scores -> scores.gt(0).toType(DataType.FLOAT32, false), all -> all),
                            THREE)
                        .close())
            .getMessage();
    assertTrue(refused.contains("puts out scores that are whole numbers alone"), refused);
  }

  @Test
  void coordinatesThatAreNoNumbersAreRefused() {
    UnaryOperator<NDArray> broken =
        all -> all.get(":, :4").mul(Float.NaN).concat(all.get(":, 4:"), 1);
    assertThrows(
        IllegalArgumentException.class,
        () -> open(detector(scores -> scores, broken), THREE).close());
  }

  /** Each tower sees the picture itself, so that nothing lies before both. */
  @Test
  void withoutACommonLayerThereIsNoDefault() {
    Block towers = new SequentialBlock().add(twoHeads());
    initialize(towers);
    try (LayeredNetwork network = open(towers, THREE)) {
      String refused =
          assertThrows(NotApplicableException.class, network::targetLayer).getMessage();
      assertTrue(refused.contains("with them the scores in nearly all boxes change"), refused);
    }
  }

  /** The rest of a network takes pictures first, so that tokens before them cannot be tried. */
  @Test
  void tokensBeforeThePicturesAreNotTriedOnBoxes() {
    Block block =
        new SequentialBlock()
            .add(convolution(7, 3))
            .addSingleton(maps -> columns(maps).transpose(2, 0, 1).mul(3), "tokens")
            .addSingleton(
                tokens -> tokens.add(tokens.sum(new int[] {2}, true)).transpose(1, 2, 0), "boxes");
    initialize(block);
    Stated stated = Stated.NOTHING.layout("1", Layout.tokensFirst(0, SIDE, SIDE));
    try (LayeredNetwork network = Network.of("detector", block, THREE, SMALL, stated)) {
      assertEquals("1", network.targetLayer());
      assertFalse(network.description().contains("nearly all boxes"), network.description());
    }
  }

  /** A share of each token is none of each class; the dimensions are those that come out. */
  @Test
  void sharesOfTokensAreRefused() {
    Block tokens =
        new SequentialBlock()
            .add(convolution(3, 3))
            .addSingleton(maps -> columns(maps).transpose(0, 2, 1).softmax(1), "shares");
    initialize(tokens);
    String refused =
        assertThrows(
                IllegalArgumentException.class,
                () -> open(tokens, Classes.oneOf("cat", "dog", "fox")).close())
            .getMessage();
    assertTrue(refused.contains("shares of the places of (1, 256, 3)"), refused);
    assertTrue(refused.contains("not over the classes, dimension 2"), refused);
  }

  /** A score for each class and place, as of words or tokens, is held against what is said, too. */
  @Test
  void tokensWithProbabilitiesAreToldSo() {
    Block tokens =
        new SequentialBlock()
            .add(convolution(3, 3))
            .addSingleton(maps -> columns(maps).mul(20).transpose(0, 2, 1), "rows")
            .addSingleton(rows -> rows.softmax(2).mul(1), "shares");
    initialize(tokens);
    try (LayeredNetwork network = open(tokens, Classes.oneOf("cat", "dog", "fox"))) {
      assertEquals(Meaning.PROBABILITIES, network.meaning(), network.description());
    }
  }
}
