package camlab.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import camlab.cam.Cam;
import camlab.cam.GradCam;
import camlab.cam.ScoreCam;
import camlab.capture.Recording;
import camlab.capture.Target;
import camlab.heatmap.Heatmap;
import camlab.picture.Picture;
import camlab.picture.Preprocessing;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/**
 * Networks that differ in their ends: the mean over all positions of a filter for each output,
 * which is the colour's weights times the picture's mean colour.
 */
class OutputsTest {

  private static final List<Float> ZERO = List.of(0f, 0f, 0f);
  private static final List<Float> ONE = List.of(1f, 1f, 1f);
  private static final Preprocessing PLAIN = new Preprocessing(4, 4, ZERO, ONE);

  /** All pixels red, so that the logits are the first column of the filters. */
  private static final Picture RED = Picture.of(4, 4, filled(0xFF0000));

  private static int[] filled(int rgb) {
    int[] pixels = new int[16];
    Arrays.fill(pixels, rgb);
    return pixels;
  }

  private static Block block(NDManager scope, float[][] filters, UnaryOperator<NDArray> end) {
    SequentialBlock block =
        new SequentialBlock()
            .add(new LambdaBlock(x -> x, "pass"))
            .add(
                Conv2d.builder()
                    .setKernelShape(new Shape(1, 1))
                    .setFilters(filters.length)
                    .optBias(false)
                    .build())
            .add(
                new LambdaBlock(
                    x ->
                        new NDList(
                            end.apply(
                                x.singletonOrThrow().mean(new int[] {3}).mean(new int[] {2}))),
                    "end"));
    block.setInitializer(
        (manager, shape, type) -> manager.create(flat(filters), shape), Parameter.Type.WEIGHT);
    block.initialize(scope, DataType.FLOAT32, new Shape(1, 3, 4, 4));
    return block;
  }

  private static float[] flat(float[][] rows) {
    float[] values = new float[rows.length * rows[0].length];
    for (int i = 0; i < values.length; i++) {
      values[i] = rows[i / rows[0].length][i % rows[0].length];
    }
    return values;
  }

  private static Network network(
      NDManager scope, Classes classes, UnaryOperator<NDArray> end, float[]... filters) {
    return Network.of("coloured", block(scope, filters, end), classes, PLAIN);
  }

  private static final float[][] TWO = {{2, -1, 0}, {1, 1, -3}};
  private static final float[][] ANOTHER = {{0.12368f, -1, 0.5f}};

  private static String said(Classes classes, UnaryOperator<NDArray> end, float[]... filters) {
    try (NDManager scope = NDManager.newBaseManager();
        Network network = network(scope, classes, end, filters)) {
      return network.predict(RED) + " " + outputs(network);
    }
  }

  private static Fact outputs(Network network) {
    return network.describe().stream()
        .filter(fact -> fact.what().equals("outputs"))
        .findFirst()
        .orElseThrow();
  }

  private static String refused(Classes classes, UnaryOperator<NDArray> end, float[]... filters) {
    return assertThrows(IllegalArgumentException.class, () -> said(classes, end, filters).isEmpty())
        .getMessage();
  }

  @Test
  void plainLogits() {
    Classes names = Classes.of("cat", "dog");
    assertEquals(
        "[cat, logit 2.00, dog, logit 1.00] outputs: 2, not stated (not known: to tell"
            + " probabilities, state Classes.oneOf(\"cat\", \"dog\") if exactly one of the classes"
            + " is there (softmax), Classes.independent(\"cat\", \"dog\") if each is a question of"
            + " its own (sigmoid))",
        said(names, x -> x, TWO));
    assertEquals(
        "[cat 73.1 %, dog 26.9 %] outputs: 2, exactly one of the classes (softmax) (stated)",
        said(names.as(Meaning.ONE_OF_SEVERAL), x -> x, TWO));
    assertEquals(
        "[cat 88.1 %, dog 73.1 %] outputs: 2, each class yes or no for itself (sigmoid) (stated)",
        said(names.as(Meaning.INDEPENDENT), x -> x, TWO));
  }

  /** One sentence for what it predicts and for a class of it: a row more is no class. */
  @Test
  void aRowOfItsOwnForTheNumbers() {
    try (NDManager scope = NDManager.newBaseManager();
        Network network = network(scope, Classes.oneOf("cat", "dog"), x -> x.expandDims(1), TWO);
        Recording recording = Recording.of(network, RED, "1")) {
      assertEquals("(1, 1, 2)", recording.logits().getShape().toString());
      String refused =
          assertThrows(NotApplicableException.class, () -> network.predict(RED)).getMessage();
      assertTrue(refused.contains("found shape (1, 2)"), refused);
      assertTrue(refused.contains("output.flatten(1)"), refused);
      for (Target target :
          List.of(
              Target.of("cat"),
              Target.of("dog"),
              Target.predicted(),
              Target.of("dog").probability(),
              Target.difference(Target.of("cat"), Target.of("dog")))) {
        assertEquals(
            refused,
            assertThrows(NotApplicableException.class, () -> recording.score(target, 0))
                .getMessage());
      }
      Target dog = Target.score("dog", numbers -> numbers.flatten().get(1));
      assertEquals(1, recording.score(dog, 0), 1e-6);
    }
    assertEquals(
        "[height 2.000]",
        said(Classes.values("height"), x -> x.expandDims(1), new float[] {2, -1, 0})
            .replaceFirst(" outputs.*", ""));
  }

  /** Whatever is named: plain values do not help here. */
  @Test
  void numbersWithoutARow() {
    for (Classes named : List.of(Classes.of("cat", "dog"), Classes.values("output"))) {
      String refused = refused(named, x -> x.squeeze(0), TWO);
      assertTrue(refused.contains("puts out (2) for one picture"), refused);
      assertTrue(refused.contains("It has no row for the picture, as behind squeeze()"), refused);
    }
  }

  /** A target that is stated may have no positions itself. */
  @Test
  void aVectorIsNotAdvisedWhereMapsAreMeant() {
    try (NDManager scope = NDManager.newBaseManager();
        Network network =
            Network.of(
                "coloured",
                block(scope, TWO, x -> x),
                Classes.of("cat", "dog"),
                PLAIN,
                Stated.NOTHING.targetLayer("2"))) {
      String refused =
          assertThrows(
                  IllegalArgumentException.class, () -> new GradCam().heatmap(network, RED, "cat"))
              .getMessage();
      assertTrue(
          refused.endsWith(
              "Choose a layer before the flattening; network.hookPoints(picture) lists all layers."),
          refused);
    }
  }

  /** Nor are two rows more a map of the first class. */
  @Test
  void twoRowsOfTheirOwnForTheNumbers() {
    try (NDManager scope = NDManager.newBaseManager();
        Network network =
            network(scope, Classes.oneOf("cat", "dog"), x -> x.expandDims(1).expandDims(1), TWO);
        Recording recording = Recording.of(network, RED, "1")) {
      assertEquals("(1, 1, 1, 2)", recording.logits().getShape().toString());
      String refused =
          assertThrows(NotApplicableException.class, () -> network.predict(RED)).getMessage();
      assertTrue(refused.contains("output.flatten(1)"), refused);
      for (Target target : List.of(Target.of("cat"), Target.of("dog"), Target.predicted())) {
        assertEquals(
            refused,
            assertThrows(NotApplicableException.class, () -> recording.score(target, 0))
                .getMessage());
      }
      String cam =
          assertThrows(
                  NotApplicableException.class,
                  () -> new Cam().heatmap(recording, "1", Target.of("cat")))
              .getMessage();
      assertTrue(cam.contains("output.flatten(1)"), cam);
    }
  }

  /** A map of numbers for each class has no weights of one class either. */
  @Test
  void camOfAMapOfClasses() {
    try (NDManager scope = NDManager.newBaseManager();
        Network network =
            network(
                scope, Classes.oneOf("cat", "dog"), x -> x.reshape(1, 2, 1, 1).repeat(2, 3), TWO)) {
      String refused =
          assertThrows(
                  NotApplicableException.class,
                  () -> new Cam().heatmap(network, RED, "1", Target.of("cat")))
              .getMessage();
      assertTrue(refused.contains("need one number for each of the 2 classes"), refused);
    }
  }

  /** The weights of the filters are not 0, but noise drives the softmax to its bound. */
  @Test
  void camBehindASoftmax() {
    try (NDManager scope = NDManager.newBaseManager();
        Network network =
            network(scope, Classes.of("cat", "dog"), x -> x.mul(1000).softmax(1), TWO)) {
      String refused =
          assertThrows(
                  NotApplicableException.class,
                  () -> new Cam().heatmap(network, RED, "1", Target.of("cat")))
              .getMessage();
      assertTrue(
          refused.contains(
              "the gradient of this class is 0 at every channel there: its weights are 0, or it is not a linear layer alone that lies behind"),
          refused);
    }
  }

  @Test
  void aSoftmaxAtTheEnd() {
    String found = said(Classes.of("cat", "dog"), x -> x.softmax(1), TWO);
    assertTrue(
        found.startsWith(
            "[cat 73.1 %, dog 26.9 %] outputs: 2, probabilities already (found by trial: in 7"
                + " trials its numbers lay between 0 and 1 and summed to one, as if a softmax were at"
                + " its end; gradients of a probability close to 0 or 1 vanish"),
        found);
    assertEquals(found, said(Classes.oneOf("cat", "dog"), x -> x.softmax(1), TWO));
    String refused = refused(Classes.independent("cat", "dog"), x -> x.softmax(1), TWO);
    assertTrue(
        refused.startsWith(
            "coloured was stated to put out 'each class yes or no for itself (sigmoid)', but in 7"
                + " trials"),
        refused);
  }

  @Test
  void theLogarithmOfASoftmaxAtTheEnd() {
    String found = said(Classes.of("cat", "dog"), x -> x.logSoftmax(1), TWO);
    assertTrue(
        found.startsWith(
            "[cat 73.1 %, dog 26.9 %] outputs: 2, exactly one of the classes (softmax) (found by"
                + " trial: in 7 trials the exponentials of its numbers summed to one"),
        found);
    refused(Classes.independent("cat", "dog"), x -> x.logSoftmax(1), TWO);
  }

  @Test
  void sigmoidsAtTheEnd() {
    String found = said(Classes.of("cat", "dog"), Activation::sigmoid, TWO);
    assertTrue(
        found.startsWith(
            "[cat 88.1 %, dog 73.1 %] outputs: 2, probabilities already (found by trial: in 7"
                + " trials its numbers lay between 0 and 1, and strong noise drove them there"),
        found);
    assertEquals(found, said(Classes.independent("cat", "dog"), Activation::sigmoid, TWO));
    refused(Classes.oneOf("cat", "dog"), Activation::sigmoid, TWO);
  }

  /**
   * A network of the numbers z = 0.7 + 2 m − 4 a, where m is the mean of a channel and a that of
   * all magnitudes. Of noise a is 0.8 of its strength and m about nothing, so that z is far below
   * 0; a picture of one colour alone has a = m / 3, and z grows with it.
   *
   * @param classes the first one or two channels are theirs
   * @param numbers how many of them come out
   * @param end what is done to z, shape (N, numbers)
   */
  private static Network leaning(Classes classes, int numbers, UnaryOperator<NDArray> end) {
    SequentialBlock block =
        new SequentialBlock()
            .addSingleton(
                x -> {
                  NDArray means = x.mean(new int[] {3}).mean(new int[] {2});
                  NDArray all = x.abs().reshape(-1, 48).mean(new int[] {1}, true);
                  NDArray z = means.get(":, :{}", numbers).mul(2).sub(all.mul(4)).add(0.7);
                  return end.apply(z);
                },
                "leaning");
    return Network.of("leaning", block, classes, PLAIN);
  }

  private static String leaningRefused(Classes classes, int numbers, UnaryOperator<NDArray> end) {
    return assertThrows(
            IllegalArgumentException.class, () -> leaning(classes, numbers, end).close())
        .getMessage();
  }

  /** Noise of any strength drives such numbers down alone; a gradient leads one of them up, too. */
  @Test
  void perCentThatNoiseDrivesToZeroAloneAreRefused() {
    UnaryOperator<NDArray> perCent = z -> Activation.sigmoid(z).mul(100);
    for (Classes classes :
        List.of(
            Classes.of("cat", "dog"),
            Classes.independent("cat", "dog"),
            Classes.oneOf("cat", "dog"))) {
      String refused = leaningRefused(classes, 2, perCent);
      assertTrue(refused.startsWith("leaning puts out per cent: in 7 trials"), refused);
    }
    String one = leaningRefused(Classes.oneOf("cat", "dog"), 1, perCent);
    assertTrue(one.contains("take them for plain values, Classes.values(1)"), one);
    try (Network values = leaning(Classes.values(2), 2, perCent)) {
      // z = 0.7 + 2 − 4/3 for red.
      Prediction first = values.predict(RED).get(0);
      assertEquals(100 / (1 + Math.exp(-41 / 30.0)), first.logit(), 1e-4);
    }
  }

  /** Softmaxes that were added up, such as those of three networks, are no logits. */
  @Test
  void sharesOfAnyNumberAreRefused() {
    for (String sum : List.of("3", "1.5", "255")) {
      UnaryOperator<NDArray> shares = z -> z.softmax(1).mul(Double.parseDouble(sum));
      for (Classes classes : List.of(Classes.of("a", "b"), Classes.oneOf("a", "b", "c"))) {
        String refused = leaningRefused(classes, classes.size(), shares);
        assertTrue(
            refused.startsWith("leaning puts out shares of %s: in 7 trials".formatted(sum)),
            refused);
      }
      leaning(Classes.values(2), 2, shares).close();
    }
    // Half of a softmax tells no likely class.
    String half = leaningRefused(Classes.of("a", "b"), 2, z -> z.softmax(1).mul(0.5));
    assertTrue(half.startsWith("leaning puts out shares of 0.5: in 7 trials"), half);
    // The sum of these is no number of its own: it changes with the picture.
    leaning(Classes.oneOf("a", "b"), 2, z -> Activation.softPlus(z)).close();
  }

  /** One minus each share of a softmax: the largest is that of the least likely class. */
  @Test
  void whatIsLeftOfSharesIsRefused() {
    UnaryOperator<NDArray> rest = z -> z.softmax(1).neg().add(1);
    for (Classes classes : List.of(Classes.of("a", "b", "c"), Classes.independent("a", "b", "c"))) {
      String refused = leaningRefused(classes, 3, rest);
      assertTrue(refused.startsWith("leaning puts out shares of 2: in 7 trials"), refused);
      assertTrue(refused.contains("or each number of one taken from 1"), refused);
    }
    // A class more than there are: the same sum, and nothing is left of anything.
    String four = leaningRefused(Classes.of("a", "b"), 2, z -> z.softmax(1).mul(3));
    assertFalse(four.contains("taken from 1"), four);
  }

  /** As a loss is: the largest is that of the least likely class. */
  @Test
  void logarithmsWithTheOtherSignAreRefused() {
    UnaryOperator<NDArray> end = z -> z.logSoftmax(1).neg();
    for (Classes classes :
        List.of(
            Classes.of("a", "b", "c"),
            Classes.oneOf("a", "b", "c"),
            Classes.independent("a", "b", "c"))) {
      String refused = leaningRefused(classes, 3, end);
      assertTrue(
          refused.startsWith(
              "leaning puts out logarithms of probabilities with the other sign: in 7 trials"),
          refused);
      assertTrue(refused.contains("the least likely class"), refused);
    }
    try (Network values = leaning(Classes.values(3), 3, end)) {
      // z of red is 0.7 + 2 − 4/3, that of the other colours 0.7 − 4/3.
      double red = Math.exp(41 / 30.0);
      double other = Math.exp(-19 / 30.0);
      assertEquals(-Math.log(other / (red + 2 * other)), values.predict(RED).get(0).logit(), 1e-5);
    }
  }

  /** Nothing shows whether more or less is better. */
  @Test
  void numbersThatAreNeverBelowZeroMayBeDistances() {
    UnaryOperator<NDArray> distance = z -> z.sub(1).square();
    String words = "none of its numbers lay below 0. If they are distances, the smallest tells";
    assertTrue(said(Classes.of("a", "b"), distance, TWO).contains(words));
    assertFalse(said(Classes.oneOf("a", "b"), distance, TWO).contains(words));
    assertFalse(said(Classes.of("a", "b"), z -> z, TWO).contains(words));
  }

  /** A sigmoid times ten and what is cut off at six: their sigmoid would not leave 50 to 100 %. */
  @Test
  void endsThatNumbersCameToAreTold() {
    UnaryOperator<NDArray> ten = z -> Activation.sigmoid(z).mul(10);
    String words = "came to 0 and to 10 and not beyond";
    for (Classes classes : List.of(Classes.of("a", "b"), Classes.independent("a", "b"))) {
      String told = said(classes, ten, TWO);
      assertTrue(told.contains(words), told);
      assertTrue(told.contains("export the network without that end"), told);
    }
    String one = said(Classes.values("age"), ten, TWO[0]);
    assertTrue(one.contains("it " + words + "; the gradient of a value close to"), one);
    String cut = said(Classes.of("a", "b"), Activation::relu6, TWO);
    assertTrue(cut.contains("came to 0 and to 6 and not beyond"), cut);
    String tanh = said(Classes.oneOf("a", "b"), z -> z.tanh(), TWO);
    assertTrue(tanh.contains("lay between −1 and 1 and came to one of them"), tanh);
    // The largest of all is met once.
    String open = said(Classes.oneOf("a", "b"), Activation::relu, TWO);
    assertFalse(open.contains("not beyond"), open);
    String largest =
        said(
            Classes.oneOf("a", "b"),
            z -> Activation.relu(z).div(z.max(new int[] {1}, true).abs().add(1e-9)).mul(7),
            TWO);
    assertTrue(largest.contains("came to 0 and to 7 and not beyond"), largest);
  }

  /** The same of a sigmoid: its sigmoid would never leave 50 to 73 %. */
  @Test
  void sigmoidsThatNoiseDoesNotDriveToOne() {
    for (Classes classes : List.of(Classes.of("cat", "dog"), Classes.independent("cat", "dog"))) {
      // Noise leads far below 0, or, of a thousandth, to no end at all.
      for (double times : new double[] {1, 1e-3}) {
        try (Network network = leaning(classes, 2, z -> Activation.sigmoid(z.mul(times)))) {
          assertEquals(
              1 / (1 + Math.exp(-times * 41 / 30)),
              network.predict(RED).get(0).probability(),
              1e-6);
          assertEquals(times < 1, outputs(network).evidence().contains("steps along the gradient"));
        }
      }
    }
    assertTrue(
        leaningRefused(Classes.oneOf("cat", "dog"), 2, Activation::sigmoid)
            .contains("as if a sigmoid were at its end"));
  }

  /** Nothing is said of logits that a gradient leads beyond 0 or 100, whatever noise does. */
  @Test
  void logitsThatAreNeverBelowZeroAreLogits() {
    for (UnaryOperator<NDArray> end :
        List.<UnaryOperator<NDArray>>of(
            Activation::relu,
            z -> z.mul(0.01).add(50),
            z -> Activation.softPlus(z),
            z -> z.tanh().mul(200).add(20))) {
      try (Network network = leaning(Classes.independent("cat", "dog"), 2, end)) {
        assertEquals("", outputs(network).evidence());
      }
    }
  }

  /** Between 10 and 90 whatever is tried: neither logits nor per cent can be told of it. */
  @Test
  void whatNothingLeadsOutOfZeroToAHundredIsToldAsThat() {
    UnaryOperator<NDArray> between = z -> z.tanh().mul(40).add(50);
    String words =
        "its numbers lay between 0 and 100, and no gradient led out of that, as per cent do";
    try (Network network = leaning(Classes.independent("cat", "dog"), 2, between)) {
      assertEquals(Fact.Origin.STATED, outputs(network).origin());
      assertTrue(outputs(network).evidence().contains(words), outputs(network)::toString);
    }
    try (Network network = leaning(Classes.oneOf("cat", "dog"), 1, between)) {
      assertTrue(outputs(network).evidence().contains(words), outputs(network)::toString);
    }
  }

  private static Network mapped(Classes classes, UnaryOperator<NDArray> end) {
    SequentialBlock block =
        new SequentialBlock().addSingleton(x -> end.apply(x.mul(3).add(0.1)), "mapped");
    return Network.of("mapped", block, classes, PLAIN);
  }

  private static String mappedRefused(Classes classes, UnaryOperator<NDArray> end) {
    return assertThrows(IllegalArgumentException.class, () -> mapped(classes, end).close())
        .getMessage();
  }

  /** At each place the numbers are shares of one; all of a map's together sum to its places. */
  @Test
  void mapsOfProbabilitiesAreFoundPlaceByPlace() {
    Classes classes = Classes.of("a", "b", "c");
    UnaryOperator<NDArray> cut = z -> z.softmax(1).clip(1e-6, 1 - 1e-6);
    for (UnaryOperator<NDArray> end :
        List.<UnaryOperator<NDArray>>of(cut, z -> cut.apply(z).transpose(0, 2, 3, 1))) {
      for (Classes stated : List.of(classes, Classes.oneOf("a", "b", "c"))) {
        try (Network network = mapped(stated, end)) {
          assertEquals(Meaning.PROBABILITIES, network.meaning());
          assertTrue(outputs(network).evidence().contains("summed to one"));
        }
      }
      assertTrue(
          mappedRefused(Classes.independent("a", "b", "c"), end)
              .contains("as if a softmax were at its end"));
      String shares = mappedRefused(classes, z -> end.apply(z).mul(4));
      assertTrue(shares.contains("shares of 4"), shares);
      String perCent = mappedRefused(classes, z -> end.apply(z).mul(100));
      assertTrue(perCent.contains("per cent"), perCent);
      String loss = mappedRefused(classes, z -> end.apply(z).log().neg());
      assertTrue(loss.contains("with the other sign"), loss);
    }
    try (Network network = mapped(Classes.oneOf("a", "b", "c"), z -> z)) {
      assertEquals(Meaning.ONE_OF_SEVERAL, network.meaning());
      assertEquals("", outputs(network).evidence());
    }
    UnaryOperator<NDArray> sigmoid = z -> Activation.sigmoid(z).clip(1e-4, 1 - 1e-4);
    try (Network network = mapped(Classes.independent("a", "b", "c"), sigmoid)) {
      assertEquals(Meaning.PROBABILITIES, network.meaning());
    }
  }

  /** Shares of one, but not of the classes: of places, or of classes that are elsewhere. */
  @Test
  void mapsThatAreSharesOfPlacesAreRefused() {
    Classes classes = Classes.of("a", "b", "c");
    for (int axis : new int[] {2, 3}) {
      for (Classes stated : List.of(classes, classes.as(Meaning.INDEPENDENT))) {
        String refused = mappedRefused(stated, z -> z.softmax(axis));
        String words = "mapped puts out shares along dimension " + axis + " of (1, 3, 4, 4): in 7";
        assertTrue(refused.startsWith(words), refused);
        assertTrue(refused.contains("and not over the classes, dimension 1"), refused);
      }
      mapped(Classes.values(3), z -> z.softmax(axis)).close();
    }
    UnaryOperator<NDArray> places = z -> z.reshape(1, 3, 16).softmax(2).reshape(1, 3, 4, 4);
    String heat = mappedRefused(classes, places);
    assertTrue(heat.startsWith("mapped puts out shares of the places of (1, 3, 4, 4)"), heat);
    // As many rows as classes, which are last.
    UnaryOperator<NDArray> square = z -> z.get(":, :, :3, :3").softmax(1).transpose(0, 2, 3, 1);
    String last = mappedRefused(classes, square);
    assertTrue(last.contains("shares along dimension 3 of (1, 3, 3, 3)"), last);
    // All of them are a third: they are shares of the classes, too.
    mapped(classes, z -> z.get(":, :, :3, :3").mul(1e-9).softmax(1)).close();
  }

  /** Each map has a 1, for noise that drives nothing anywhere, too: no sigmoid does that. */
  @Test
  void mapsThatAreDividedByTheirLargestAreNoProbabilities() {
    UnaryOperator<NDArray> end =
        z -> z.sub(z.max(new int[] {2}, true).max(new int[] {3}, true)).exp();
    try (Network network = mapped(Classes.of("a", "b", "c"), end)) {
      assertEquals(Meaning.UNSTATED, network.meaning());
      assertTrue(outputs(network).evidence().contains("which is not enough to say so"));
    }
  }

  /** Of as many rows, or columns, as classes nothing shows which are which. */
  @Test
  void whichDimensionTheClassesAreIsTold() {
    Classes classes = Classes.of("a", "b", "c");
    String words = "outputs: (1, 3, 3, 3), the classes taken to be the first 3, not stated";
    try (Network network = mapped(classes, z -> z.get(":, :, :3, :3"))) {
      assertTrue(outputs(network).toString().startsWith(words), outputs(network)::toString);
    }
    try (Network network = mapped(classes, z -> z)) {
      assertTrue(outputs(network).toString().startsWith("outputs: (1, 3, 4, 4), not stated"));
    }
  }

  /** What lies between 0 and 1 for all that was tried may be anything. */
  @Test
  void numbersBetweenZeroAndOneMayBeAnything() {
    String found = said(Classes.of("cat", "dog"), x -> x.tanh().mul(0.1).add(0.5), TWO);
    assertTrue(
        found.contains("outputs: 2, not stated (not known: in 7 trials its numbers lay between"),
        found);
  }

  @Test
  void plainValues() {
    assertEquals(
        "[age 2.000] outputs: 1, plain values (stated)",
        said(Classes.values("age"), x -> x, new float[] {2, 0, 0}));
    assertTrue(
        said(Classes.of("age"), x -> x, new float[] {2, 0, 0}).startsWith("[age, logit 2.00]"));
    assertTrue(
        said(Classes.independent("dog"), x -> x, new float[] {2, 0, 0}).startsWith("[dog 88.1 %]"));
  }

  /** However it is said, of a network, a function, or what a translator was found to do. */
  @Test
  void oneNumberIsNeverOneOfSeveral() {
    List<Executable> sayings =
        List.of(
            () -> Classes.oneOf("dog"),
            () -> Classes.of("dog").as(Meaning.ONE_OF_SEVERAL),
            () -> new Classes(List.of("dog"), Meaning.ONE_OF_SEVERAL));
    for (Executable saying : sayings) {
      String told = assertThrows(IllegalArgumentException.class, saying).getMessage();
      assertTrue(told.contains("the softmax of one number is always 1"), told);
      assertTrue(told.contains("Classes.independent(\"dog\")"), told);
    }
  }

  /** A value that a sigmoid keeps within its bounds is told as it comes out. */
  @Test
  void oneValueWithBounds() {
    Classes age = Classes.values("age");
    String found = said(age, Activation::sigmoid, ANOTHER);
    assertTrue(found.startsWith("[age 0.5309] outputs: 1, plain values (stated: in 7 t"), found);
    assertTrue(found.contains("lay between 0 and 1, and strong noise drove them there"), found);
    assertTrue(found.contains("close to such a bound vanishes"), found);
    String perCent = said(age, x -> Activation.sigmoid(x).mul(100), ANOTHER);
    assertTrue(perCent.startsWith("[age 53.09] outputs: 1, plain values (stated: in 7"), perCent);
    assertTrue(
        perCent.contains("it lay between 0 and 100, and came to 100 and not beyond"), perCent);
    assertTrue(perCent.contains("close to such a bound vanishes"), perCent);
    assertFalse(said(age, x -> x, ANOTHER).contains("bound"));
  }

  @Test
  void statedProbabilitiesThatAreNone() {
    assertEquals(
        "coloured was stated to put out 'probabilities already', but numbers below 0 or above 1"
            + " came out. State Classes.of(…) without a meaning, and what it shows counts.",
        refused(Classes.of("cat", "dog").as(Meaning.PROBABILITIES), x -> x, TWO));
  }

  @Test
  void oneNumberForTwoClasses() {
    String one = "outputs: 2, one of two classes, told by one number (sigmoid) (";
    String found = said(Classes.of("cat", "dog"), x -> x, ANOTHER);
    assertEquals(
        "[dog 53.1 %, cat 46.9 %] "
            + one
            + "found by trial: one number comes out, which speaks for 'dog')",
        found);
    assertTrue(said(Classes.oneOf("cat", "dog"), x -> x, ANOTHER).contains(one + "stated: one"));
    assertTrue(
        refused(Classes.independent("cat", "dog"), x -> x, ANOTHER)
            .contains("one number cannot answer for both"));
    String squashed = said(Classes.oneOf("cat", "dog"), Activation::sigmoid, ANOTHER);
    assertTrue(
        squashed.startsWith("[dog 53.1 %, cat 46.9 %] outputs: 2, probabilities already (stated:"),
        squashed);
    assertTrue(
        said(Classes.of("cat", "dog"), Activation::sigmoid, ANOTHER)
            .contains("probabilities already (found by trial"));
    assertTrue(
        refused(Classes.of("cat", "dog"), x -> x.tanh().mul(0.1).add(0.5), ANOTHER)
            .contains("State which: Classes.oneOf(\"cat\", \"dog\") for a logit"));
  }

  /** A sigmoid of what is never below 0 would never tell the first class. */
  @Test
  void oneNumberThatIsNeverBelowZeroIsNoLogit() {
    for (UnaryOperator<NDArray> end :
        List.<UnaryOperator<NDArray>>of(
            z -> Activation.softPlus(z.neg()), z -> Activation.sigmoid(z).mul(10))) {
      String refused = refused(Classes.of("cat", "dog"), end, ANOTHER);
      assertTrue(refused.contains("none of its numbers lay below 0"), refused);
      assertTrue(refused.contains("State Classes.oneOf(\"cat\", \"dog\") if"), refused);
      said(Classes.oneOf("cat", "dog"), end, ANOTHER);
    }
    // Noise leads above 0 alone, a gradient below.
    leaning(Classes.of("cat", "dog"), 1, NDArray::neg).close();
  }

  /** Every method sees two logits: −y and y; the map of one class is the other's, negated. */
  @Test
  void bothOfTwoClassesCanBeExplained() {
    try (NDManager scope = NDManager.newBaseManager();
        Network network = network(scope, Classes.oneOf("cat", "dog"), x -> x, ANOTHER);
        Recording recording = Recording.of(network, RED, "1")) {
      assertArrayEquals(
          new float[] {-0.12368f, 0.12368f}, recording.logits().get(0).toFloatArray(), 1e-6f);
      assertEquals(-0.12368, recording.score(Target.of("cat"), 0), 1e-6);
      assertEquals("dog", recording.label(Target.predicted(), 0));
      // y is the mean of the 16 positions.
      for (float gradient : recording.gradients("1", Target.of("cat")).values()) {
        assertEquals(-1 / 16f, gradient, 1e-7);
      }
      double p = 1 / (1 + Math.exp(0.12368));
      assertEquals(p, recording.score(Target.of("cat").probability(), 0), 1e-6);
      for (float gradient : recording.gradients("1", Target.of("cat").probability()).values()) {
        assertEquals(-p * (1 - p) / 16, gradient, 1e-7);
      }
      Heatmap map = new GradCam().heatmap(recording, "1", Target.of("dog"));
      assertEquals(0.12368 / 16, map.at(0, 0), 1e-7);
      assertEquals(0.12368, new Cam().heatmap(recording, "1", Target.of("dog")).at(2, 2), 1e-5);
      new ScoreCam().heatmap(recording, "1", Target.of("dog"));
    }
  }

  @Test
  void theNumberOfClassesHasToFit() {
    assertEquals(
        "coloured puts out (1, 2) for one picture, but 3 classes are named; expected (1, 3). Name"
            + " one class for each logit; for numbers that are no classes, Classes.values(2).",
        refused(Classes.of("cat", "dog", "fox"), x -> x, TWO));
    assertTrue(said(Classes.values(2), x -> x, TWO).startsWith("[value 0 2.000, value 1 1.000]"));
  }

  /** What was not seen is not said: numbers that are no classes may sum to one, too. */
  @Test
  void plainValuesThatSumToOneAreSaidToDoSo() {
    assertTrue(
        said(Classes.values(2), x -> x.softmax(1), TWO)
            .endsWith(
                "plain values (stated: in 7 trials its numbers lay between 0 and 1 and summed to"
                    + " one)"));
  }

  /** A tanh is no logit, whose sigmoid would never leave 27 and 73 %. */
  @Test
  void oneNumberThatNeverLeavesOneIsNoLogit() {
    String refused = refused(Classes.of("cat", "dog"), NDArray::tanh, ANOTHER);
    assertTrue(
        refused.contains("it came to −1 or 1 and never left them, as if a tanh were at its end"),
        refused);
    assertTrue(
        said(Classes.oneOf("cat", "dog"), NDArray::tanh, ANOTHER)
            .contains("one of two classes, told by one number (sigmoid) (stated"));
  }

  /** A block that says something else each time. */
  @Test
  void chanceInABlockIsRefused() {
    try (NDManager other = NDManager.newBaseManager()) {
      String refused =
          refused(
              Classes.of("cat", "dog"), x -> x.add(other.randomUniform(0, 1, x.getShape())), TWO);
      assertTrue(
          refused.startsWith(
              "coloured puts out other numbers each time it is run: of a blank picture, number"),
          refused);
    }
  }

  /** Or the first class would always win. */
  @Test
  void numbersThatAFunctionSortsAreNoClasses() {
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class, () -> open(x -> x.sort(1), Classes.numbered(4)));
    assertTrue(refused.getMessage().contains("sorted by size, whatever the picture"));
    open(x -> x.sort(1), Classes.values(4));
    open(x -> x.mul(2), Classes.numbered(4));
  }

  /** A network whose biases put its numbers in order, and a function behind it. */
  private static void open(UnaryOperator<NDArray> function, Classes classes) {
    Linear linear = Linear.builder().setUnits(4).build();
    SequentialBlock block =
        new SequentialBlock()
            .add(Blocks.batchFlattenBlock())
            .add(linear)
            .add(LambdaBlock.singleton(function));
    try (NDManager scope = NDManager.newBaseManager()) {
      block.initialize(scope, DataType.FLOAT32, new Shape(1, 3, 8, 8));
      linear.getParameters().get("bias").getArray().set(new float[] {400, 300, 200, 100});
      Preprocessing small = Preprocessing.builder().size(8, 8).build();
      Network.of("sorting", block, classes, small).close();
    }
  }

  /** A question that is not handed on would get another answer than the model's. */
  @Test
  void allIsAskedOfTheModelItself() {
    for (Method method : LayeredModel.class.getDeclaredMethods()) {
      if (method.isSynthetic()) {
        continue; // a lambda inside one of them
      }
      assertDoesNotThrow(
          () -> BothClasses.class.getDeclaredMethod(method.getName(), method.getParameterTypes()));
    }
  }
}
