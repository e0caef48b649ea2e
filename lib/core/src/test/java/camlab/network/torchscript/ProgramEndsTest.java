package camlab.network.torchscript;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import camlab.TestFiles;
import camlab.cam.CamMethod;
import camlab.cam.GradCam;
import camlab.cam.GuidedBackpropagation;
import camlab.cam.LayerwiseRelevance;
import camlab.cam.ScoreCam;
import camlab.capture.Recording;
import camlab.capture.Target;
import camlab.network.Classes;
import camlab.network.GoldenNetworks;
import camlab.network.LayerGraph;
import camlab.network.Layout;
import camlab.network.Meaning;
import camlab.network.Network;
import camlab.network.NotApplicableException;
import camlab.network.Stated;
import camlab.network.export.ExportedProgram;
import camlab.picture.Mask;
import camlab.picture.Picture;
import camlab.picture.Preprocessing;
import com.google.gson.JsonArray;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs that are easily taken for what they are not. */
class ProgramEndsTest {

  private static final int SIZE = 16;
  private static final Classes FOUR = Classes.of("a", "b", "c", "d");
  private static final Preprocessing PLAIN = Preprocessing.builder().rgb().size(SIZE, SIZE).build();

  private static Network load(String file, Classes classes) {
    return load(file, classes, PLAIN);
  }

  private static Network load(String file, Classes classes, Preprocessing preprocessing) {
    return file.endsWith(".pt2")
        ? ExportedProgram.load(TestFiles.path("ends/" + file), classes, preprocessing)
        : TorchScript.load(TestFiles.path("ends/" + file), classes, preprocessing);
  }

  /** A picture of golden.py, and its negative at half its strength. */
  private static NDArray pictures(NDManager scope) {
    NDArray one = scope.create(GoldenNetworks.input(SIZE), new Shape(1, 3, SIZE, SIZE));
    return one.concat(one.mul(-0.5f));
  }

  /** One of the numbers is 1 for every picture, by what they were divided by. */
  @ParameterizedTest
  @ValueSource(strings = {"spread.pt", "largest.pt", "length.pt"})
  void whatIsBetweenZeroAndOneNeedBeNoProbability(String file) {
    try (Network network = load(file, FOUR)) {
      assertEquals(Meaning.UNSTATED, network.meaning());
      String description = network.description();
      assertTrue(description.contains("which is not enough to say so"), description);
    }
  }

  /** What is done behind a softmax or a sigmoid is taken off with it: the logits come out. */
  @ParameterizedTest
  @CsvSource({
    "cut, bare, softmax",
    "cut_above, bare, softmax",
    "cut_logarithm, bare, log_sigmoid",
    "cut_behind_logarithm, bare, log_softmax",
    "moved_log_sigmoid, bare, log_sigmoid",
    "one_place, bare, softmax",
    "exponential, bare, softmax",
    "last_maps, bare_maps, softmax",
    "turned_maps, bare_maps, softmax"
  })
  void whatStandsBehindAnEndIsTakenOffToo(String name, String without, String end) {
    for (String form : List.of(".pt", ".pt2")) {
      try (Network network = load(name + form, FOUR);
          Network bare = load(without + form, FOUR);
          NDManager scope = NDManager.newBaseManager()) {
        NDArray picture = pictures(scope).get("0:1");
        assertArrayEquals(logits(bare, picture), logits(network, picture), 1e-6f, name + form);
        String told = network.description();
        assertTrue(told.contains("end: a " + end + ", taken off"), told);
        assertEquals(Meaning.UNSTATED, bare.meaning());
        if (form.equals(".pt2") && without.equals("bare")) {
          assertArrayEquals(relevance(bare, picture), relevance(network, picture), 1e-5f);
        }
      }
    }
  }

  /** The classes of its maps come last: of its region and of a mask the same means by hand. */
  @Test
  void aRegionOfAClassWhereTheClassesComeLast() {
    try (Network network = load("last_maps.pt", FOUR);
        NDManager scope = network.newScope();
        Recording recording =
            Recording.of(network, pictures(scope).get("0:1"), List.of(network.targetLayer()))) {
      float[] logits = network.run(pictures(scope).get("0:1")).toFloatArray();
      double[] inRegion = new double[FOUR.size()];
      int[] places = new int[FOUR.size()];
      double[] above = new double[FOUR.size()];
      for (int place = 0; place < SIZE * SIZE; place++) {
        int largest = 0;
        for (int k = 0; k < FOUR.size(); k++) {
          float value = logits[place * FOUR.size() + k];
          largest = value > logits[place * FOUR.size() + largest] ? k : largest;
          above[k] += place < SIZE * SIZE / 2 ? value : 0;
        }
        inRegion[largest] += logits[place * FOUR.size() + largest];
        places[largest]++;
      }
      BitSet half = new BitSet();
      half.set(0, SIZE * SIZE / 2);
      Mask upper = Mask.of(SIZE, SIZE, half);
      int found = 0;
      for (int k = 0; k < FOUR.size(); k++) {
        double overMask = recording.score(Target.of(k).over(upper), 0);
        assertEquals(above[k] / (SIZE * SIZE / 2), overMask, 1e-5);
        if (places[k] > 0) {
          found++;
          double overRegion = recording.score(Target.of(k).overItsRegion(), 0);
          assertEquals(inRegion[k] / places[k], overRegion, 1e-5);
        }
      }
      assertTrue(found > 1, "more than one class is found somewhere");
    }
  }

  /** Limits are part of what the program tells of its classes. */
  @Test
  void theLimitsThatAreTakenOffAreTold() {
    try (Network network = load("cut.pt", FOUR)) {
      String told = network.description();
      assertTrue(told.contains("a softmax, taken off with the limits 0.001 and 0.9 behind"), told);
    }
    try (Network network = load("cut_logarithm.pt", FOUR)) {
      String told = network.description();
      assertTrue(told.contains("a log_sigmoid, taken off with the limit -2.303 behind"), told);
    }
    try (Network network = load("exponential.pt", FOUR)) {
      String told = network.description();
      assertTrue(told.contains("a softmax, taken off: what"), told);
    }
  }

  /** Any logits would give the same: so it is not known what goes in. */
  @Test
  void anEndThatMakesTheSameOfAllNumbersStays() {
    try (Network network = load("all_cut.pt", FOUR)) {
      String told = network.description();
      assertFalse(told.contains("taken off"), told);
      assertTrue(told.contains("answer: the same for every picture"), told);
    }
    Classes two = Classes.of("a", "b");
    String message =
        assertThrows(IllegalArgumentException.class, () -> load("one_softmax.pt", two))
            .getMessage();
    assertTrue(message.contains("one number for two classes"), message);
  }

  /**
   * Which end a picture meets depends on the picture: one is seen, and the other would be wrong.
   */
  @ParameterizedTest
  @ValueSource(strings = {"twofold.pt", "unsure.pt"})
  void anEndThatDependsOnThePictureStays(String file) {
    try (Network network = load(file, FOUR)) {
      String told = network.description();
      assertFalse(told.contains("taken off"), told);
    }
  }

  /** In two branches it is the same softmax, here with its logarithm and there without. */
  @Test
  void theLogarithmForTheLossIsTakenOffToo() {
    try (Network network = load("learning.pt", FOUR);
        Network bare = load("bare.pt", FOUR);
        NDManager scope = NDManager.newBaseManager()) {
      NDArray picture = pictures(scope).get("0:1");
      assertArrayEquals(logits(bare, picture), logits(network, picture), 1e-6f);
      assertEquals(Meaning.ONE_OF_SEVERAL, network.meaning());
    }
  }

  /** By its layers, which are run one by one. */
  private static float[] relevance(Network network, NDArray picture) {
    try (Recording recording = Recording.of(network, picture, List.of(LayerGraph.INPUT))) {
      return new LayerwiseRelevance().heatmap(recording, LayerGraph.INPUT, Target.of(1)).values();
    }
  }

  private static float[] logits(Network network, NDArray picture) {
    return network.run(picture).toFloatArray();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void perCentAreRefused(boolean stated) {
    Classes classes = stated ? Classes.oneOf("a", "b", "c", "d") : FOUR;
    String message =
        assertThrows(IllegalArgumentException.class, () -> load("per_cent.pt", classes))
            .getMessage();
    assertTrue(message.contains("puts out per cent"), message);
    load("per_cent.pt", Classes.values(4)).close();
  }

  /** A gradient that passes such a one is the plain one, and the map would be wrong in silence. */
  @ParameterizedTest
  @CsvSource({
    "masked.pt, torch.gt", "masked.pt2, torch.gt",
    "chosen.pt, torch.where", "chosen.pt2, torch.where",
    "halved.pt, torch.abs", "halved.pt2, torch.abs"
  })
  void guidedBackpropagationRefusesAReluThatIsWrittenOut(String file, String function) {
    Picture picture = Picture.of(SIZE, SIZE, new Random(1).ints(SIZE * SIZE, 0, 1 << 24).toArray());
    try (Network network = load(file, FOUR)) {
      String message =
          assertThrows(
                  NotApplicableException.class,
                  () -> new GuidedBackpropagation().attribution(network, picture, Target.of(1)))
              .getMessage();
      assertTrue(message.contains("calls " + function), message);
    }
  }

  /**
   * A program that takes any number of pictures may still mix them. A threshold shows it only where
   * the pictures that are tried are unlike.
   */
  @ParameterizedTest
  @CsvSource({"together, together.pt2", "threshold, threshold.pt"})
  void whatAveragesOverABatchIsRunOneByOne(String name, String file) {
    JsonArray figures = TestFiles.figures("ends/figures.json").getAsJsonArray(name);
    try (Network network = load(file, FOUR);
        NDManager scope = network.newScope()) {
      NDArray pictures = pictures(scope);
      assertEquals(false, network.takesSeveral(pictures));
      NDArray found = network.run(pictures);
      for (int i = 0; i < 2; i++) {
        double[] expected = new double[4];
        for (int k = 0; k < 4; k++) {
          expected[k] = figures.get(i).getAsJsonArray().get(k).getAsDouble();
        }
        double[] row = found.get(i).toType(DataType.FLOAT64, false).toDoubleArray();
        assertArrayEquals(expected, row, 1e-5);
      }
    }
  }

  /** Of two classes that answer yes or no each has its own region, whichever is the larger. */
  @Test
  void aRegionOfAClassThatAnswersYesOrNo() {
    JsonArray figures = TestFiles.figures("ends/figures.json").getAsJsonArray("regions");
    try (Network network = load("regions.pt", Classes.of("faint", "clear"));
        NDManager scope = network.newScope();
        Recording recording =
            Recording.of(network, pictures(scope).get("0:1"), List.of(network.targetLayer()))) {
      assertEquals(Meaning.INDEPENDENT, network.meaning());
      for (int k = 0; k < 2; k++) {
        double found = recording.score(Target.of(k).overItsRegion(), 0);
        assertEquals(figures.get(k).getAsDouble(), found, 1e-5);
      }
      Target predicted = Target.predicted();
      String message =
          assertThrows(
                  NotApplicableException.class,
                  () -> recording.gradient(network.targetLayer(), predicted))
              .getMessage();
      assertTrue(
          message.startsWith("Predictions, probabilities and the score of a class need one number"),
          message);
    }
  }

  /**
   * What one picture takes another does not: nothing is known of such a layer, and that is said.
   */
  @Test
  void aLayerThatATrialDoesNotReachIsUnknown() {
    Picture bright =
        Picture.of(SIZE, SIZE, new Random(1).ints(SIZE * SIZE, 0xE0E0E0, 0xFFFFFF).toArray());
    try (Network network = load("either.pt", FOUR)) {
      assertEquals(true, network.layout("last").isPresent());
      for (CamMethod method : List.of(new GradCam(), new ScoreCam())) {
        String message =
            assertThrows(
                    IllegalArgumentException.class,
                    () -> method.heatmap(network, bright, "bright", Target.of(1)))
                .getMessage();
        assertTrue(message.contains("which way the network goes depends on the picture"), message);
        assertTrue(message.contains("Stated.NOTHING.layout(\"bright\", Layout."), message);
      }
      assertEquals(true, network.layout("bright").isEmpty());
    }
    Stated stated = Stated.NOTHING.layout("bright", Layout.CHANNELS_FIRST);
    try (Network network =
        TorchScript.load(TestFiles.path("ends/either.pt"), FOUR, PLAIN, stated)) {
      assertTrue(new GradCam().heatmap(network, bright, "bright", Target.of(1)).max() > 0);
    }
  }

  @Test
  void dynamicallyQuantisedIsNamed() {
    String message =
        assertThrows(TorchScriptException.class, () -> load("quantised.pt", FOUR)).getMessage();
    assertTrue(message.contains("was quantised: some of its layers"), message);
  }

  /** What normalises inside is told, by the numbers that it was written with. */
  @ParameterizedTest
  @ValueSource(strings = {"normalized.pt", "normalized.pt2"})
  void aNetworkThatNormalizesItself(String file) {
    String inside =
        "inside it: (x − [0.485, 0.456, 0.406]) / [0.229, 0.224, 0.225]%s (found by trial: pictures of one colour, as the filters of body.weight see them)";
    try (Network network = load(file, FOUR)) {
      String description = network.description();
      assertTrue(description.contains(inside.formatted("")), description);
    }
    Preprocessing twice =
        PLAIN.toBuilder().mean(0.485, 0.456, 0.406).deviation(0.229, 0.224, 0.225).build();
    try (Network network = load(file, FOUR, twice)) {
      String description = network.description();
      assertTrue(
          description.contains(
              inside.formatted(
                  ", behind the mean and deviation that are stated: if it learned from pictures that were normalised once, leave those out, preprocessing.toBuilder().mean().deviation().build()")),
          description);
    }
  }

  /** As torchvision's own conversion leaves them, which does nothing to numbers with a fraction. */
  @ParameterizedTest
  @CsvSource({
    "'', ': so it seems to be made for numbers from 0 to 1, and they run from 0 to 255: preprocessing.toBuilder().scale(PixelScale.ZERO_TO_ONE).build()'",
    "128, ', behind the mean and deviation that are stated: if it learned from pictures that were normalised once, leave those out, and give it numbers from 0 to 1, for which it seems to be made: preprocessing.toBuilder().mean().deviation().scale(PixelScale.ZERO_TO_ONE).build()'"
  })
  void aNetworkThatNormalizesNumbersUpToOneIsGivenNumbersUpTo255(String mean, String told) {
    Preprocessing.Builder builder = PLAIN.toBuilder().scale255();
    Preprocessing preprocessing =
        (mean.isEmpty() ? builder : builder.mean(Double.parseDouble(mean)).deviation(64)).build();
    try (Network network = load("normalized.pt", FOUR, preprocessing)) {
      String description = network.description();
      assertTrue(
          description.contains("(x − [0.485, 0.456, 0.406]) / [0.229, 0.224, 0.225]" + told),
          description);
    }
  }

  @Test
  void aNetworkForOtherNumbersInAnotherOrder() {
    try (Network network = load("turned.pt", FOUR)) {
      String description = network.description();
      assertTrue(
          description.contains(
              "inside it: channels in the order [3, 2, 1], then (x − [120, 120, 120]) / [64, 64, 64]: so it seems to be made for numbers from 0 to 255, and they run from 0 to 1: preprocessing.toBuilder().scale255().build()"),
          description);
    }
    // Without them alone its numbers would still run from 0 to 1.
    try (Network network =
        load("turned.pt", FOUR, PLAIN.toBuilder().mean(0.5).deviation(0.5).build())) {
      String description = network.description();
      assertTrue(
          description.contains(
              "leave those out, and give it numbers from 0 to 255, for which it seems to be made: preprocessing.toBuilder().mean().deviation().scale255().build()"),
          description);
    }
  }

  /** Nothing is said where nothing is done, or something else. */
  @ParameterizedTest
  @ValueSource(strings = {"mixed.pt", "clipped.pt", "spread.pt", "together.pt2", "elsewhere.pt"})
  void whatIsNoNormalizationIsNotTold(String file) {
    try (Network network = load(file, FOUR)) {
      String description = network.description();
      assertFalse(description.contains("inside it"), description);
    }
  }

  @Test
  void aSoftmaxOfASoftmaxIsTold() {
    try (Network network = load("twice.pt", FOUR)) {
      assertEquals(Meaning.ONE_OF_SEVERAL, network.meaning());
      String description = network.description();
      assertTrue(
          description.contains(
              "it ended with a softmax; what comes out is what went in. That is a probability already: in 7 trials its numbers lay between 0 and 1 and summed to one"),
          description);
    }
  }

  @Test
  void aNetworkThatSaysTheSameOfEveryPicture() {
    try (Network network = load("deaf.pt", FOUR)) {
      String description = network.description();
      assertTrue(description.contains("answer: the same for every picture"), description);
    }
    try (Network network = load("spread.pt", FOUR)) {
      String description = network.description();
      assertFalse(description.contains("the same for every picture"), description);
    }
  }

  /** Weights that are no numbers show where they do so first. */
  @Test
  void aProgramWithoutNumbersIsRefused() {
    String message =
        assertThrows(IllegalArgumentException.class, () -> load("broken.pt", FOUR)).getMessage();
    assertTrue(message.contains("puts out what is no finite number (NaN)"), message);
    assertTrue(message.contains("has such a number is 'last' (Conv2d)"), message);
  }
}
