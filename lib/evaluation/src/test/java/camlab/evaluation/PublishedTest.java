package camlab.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import camlab.cam.CamMethod;
import camlab.cam.GradCam;
import camlab.cam.GradientSaliency;
import camlab.capture.Recording;
import camlab.capture.SmallNetworks;
import camlab.capture.Target;
import camlab.heatmap.Heatmap;
import camlab.measure.Adcc;
import camlab.measure.Coherency;
import camlab.measure.Complexity;
import camlab.measure.ConfidenceDrop;
import camlab.measure.Measure;
import camlab.measure.Scale;
import camlab.network.Classes;
import camlab.network.LayeredNetwork;
import camlab.network.Network;
import camlab.picture.Mask;
import camlab.picture.Picture;
import camlab.picture.Preprocessing;
import camlab.progress.Progress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The protocols of published tables, held against arithmetic of their authors' kind. */
class PublishedTest {

  private static final String LAYER = "features.8";
  private static final String LAST = "classifier.4.weight";

  private static LayeredNetwork timid;
  private static LayeredNetwork network;

  @TempDir private Path folder;

  /** Both classes are about equally likely, so that masking changes the probabilities. */
  @BeforeAll
  static void load() {
    timid = SmallNetworks.alexNet();
    float[] weights = timid.graph().namedParameters().get(LAST).getArray().toFloatArray();
    for (int i = 0; i < weights.length; i++) {
      weights[i] *= 0.5f;
    }
    // All other weights are shared.
    network = timid.withParameters(Map.of(LAST, weights));
    double ahead = 0;
    for (int i = 0; i < 4; i += 2) {
      float[] logits = network.scores(List.of(SmallNetworks.picture(i)))[0];
      ahead += (logits[0] - logits[1]) / 2;
    }
    float[] even = {(float) -ahead, 0};
    network = timid.withParameters(Map.of(LAST, weights, "classifier.4.bias", even));
  }

  @AfterAll
  static void close() {
    network.close();
    timid.close();
  }

  /** Four pictures, from a number on. */
  private static List<Subject> subjects(int from) {
    List<Subject> subjects = new ArrayList<>();
    for (int i = from; i < from + 4; i++) {
      int number = i;
      subjects.add(
          new Subject("picture " + i, "dog", () -> SmallNetworks.picture(number), Optional::empty));
    }
    return subjects;
  }

  /** What torchcam does: the tensor times a map that was scaled, then resized. */
  @Test
  void torchCam() {
    Map<String, List<Mean>> found =
        Published.torchCam(network.preprocessing())
            .run(
                network,
                LAYER,
                List.of(new GradCam()),
                subjects(0),
                folder.resolve("numbers.csv"),
                Progress.NONE);
    double drop = 0;
    double increase = 0;
    for (int i = 0; i < 4; i++) {
      Picture picture = SmallNetworks.picture(i);
      int predicted = network.predict(picture).get(0).index();
      Heatmap map = map(picture, Target.of(predicted).probability());
      int side = network.preprocessing().crop();
      Heatmap factors = map.normalized().resized(side, side);
      double before = probability(picture, Optional.empty(), predicted);
      double after = probability(picture, Optional.of(factors), predicted);
      drop += Math.max(0, before - after) / before / 4;
      increase += after > before ? 0.25 : 0;
    }
    assertTrue(drop > 0.01, "there is a drop to find: " + drop);
    List<Mean> row = found.get("Grad-CAM");
    assertEquals(drop, row.get(0).value(), 1e-4);
    assertEquals(increase, row.get(1).value(), 1e-9);
    assertTrue(row.get(0).low() <= row.get(0).value() && row.get(0).value() <= row.get(0).high());
    String line = row.get(0).protocol().toString();
    assertTrue(line.contains("| features.8 | 4 pictures |"), line);
    assertTrue(line.contains("as predicted"), line);
    assertTrue(line.contains("ScoredMethod(method=GradCam(), score=PROBABILITY)"), line);
    assertTrue(
        line.endsWith(
            "{picture times the map over zero, scaled before it is resized} | mean of all, n = 4"),
        line);
  }

  private static Heatmap map(Picture picture, Target target) {
    return new GradCam().heatmap(network, picture, LAYER, target);
  }

  private static double probability(Picture picture, Optional<Heatmap> factors, int index) {
    try (NDManager scope = network.newScope()) {
      NDArray logits = network.run(input(scope, picture, factors));
      return network.classes().probabilities(logits).toFloatArray()[index];
    }
  }

  /**
   * The tensor, times what is to be kept of it, as a picture has it: the colour that is zero, and
   * what is kept, are of 8 bits, and a half goes up. One pixel that is one step darker moved a map
   * of so dark a picture by a tenth.
   */
  private static NDArray input(NDManager scope, Picture picture, Optional<Heatmap> factors) {
    NDArray input = network.input(scope, List.of(picture));
    if (factors.isEmpty()) {
      return input;
    }
    Heatmap map = factors.get();
    NDArray values = scope.create(map.values(), new Shape(1, 1, map.height(), map.width()));
    NDArray mean = colours(scope, network.preprocessing().mean());
    NDArray deviation = colours(scope, network.preprocessing().std());
    NDArray zero = mean.mul(255).round();
    NDArray ahead = input.mul(deviation).add(mean).mul(255).round().sub(zero);
    float[] kept = ahead.mul(values).add(zero).toFloatArray();
    int[] pixels = new int[kept.length / 3];
    for (int i = 0; i < kept.length; i++) {
      pixels[i % pixels.length] |= Math.round(kept[i]) << (16 - 8 * (i / pixels.length));
    }
    Picture view = Picture.of(map.width(), map.height(), pixels);
    return network.inputOfViews(scope, List.of(view));
  }

  private static NDArray colours(NDManager scope, List<Float> values) {
    float[] three = {values.get(0), values.get(1), values.get(2)};
    return scope.create(three, new Shape(1, 3, 1, 1));
  }

  /**
   * The score that is explained is y + ln softmax(y), and ADCC is made of the three means. Of these
   * four pictures two get a smaller probability and two a larger one.
   */
  @Test
  void shapleyCam() {
    List<Mean> row =
        Published.shapleyCam(network.preprocessing())
            .run(
                network,
                LAYER,
                List.of(new GradCam()),
                subjects(3),
                folder.resolve("numbers.csv"),
                Progress.NONE)
            .get("Grad-CAM");
    assertEquals(
        List.of("drop", "increase", "coherency", "complexity", "ADCC"),
        row.stream().map(Mean::name).toList());
    double drop = 0;
    double increase = 0;
    double coherency = 0;
    double complexity = 0;
    for (int i = 3; i < 7; i++) {
      Picture picture = SmallNetworks.picture(i);
      int predicted = network.predict(picture).get(0).index();
      Target both = restTarget(predicted);
      int side = network.preprocessing().crop();
      Heatmap factors = map(picture, both).resized(side, side).normalized();
      double before = probability(picture, Optional.empty(), predicted);
      double after = probability(picture, Optional.of(factors), predicted);
      drop += Math.max(0, before - after) / before / 4;
      increase += after > before ? 0.25 : 0;
      complexity += factors.sum() / (side * side) / 4;
      try (NDManager scope = network.newScope();
          Recording kept =
              Recording.of(network, input(scope, picture, Optional.of(factors)), List.of(LAYER))) {
        Heatmap again = new GradCam().heatmap(kept, LAYER, both).resized(side, side);
        coherency += (1 + correlation(factors.values(), again.values())) / 2 / 4;
      }
    }
    assertTrue(drop > 0.01, "there is a drop to find: " + drop);
    assertEquals(0.5, increase);
    assertTrue(coherency < 0.999, "there is something to lose: " + coherency);
    assertEquals(drop, row.get(0).value(), 1e-4);
    assertEquals(increase, row.get(1).value(), 1e-9);
    assertEquals(coherency, row.get(2).value(), 1e-4);
    assertEquals(complexity, row.get(3).value(), 1e-6);
    assertEquals(
        3 / (1 / row.get(2).value() + 1 / (1 - row.get(3).value()) + 1 / (1 - row.get(0).value())),
        row.get(4).value(),
        1e-12);
    assertEquals(12, row.get(4).protocol().numbers());
    assertTrue(row.get(4).protocol().toString().contains("ADCC of the means"));
  }

  /** y + ln softmax(y) of one of two classes, written out. */
  private static Target restTarget(int index) {
    return Target.score(
        "logit and log softmax of class " + index,
        logits -> {
          NDArray own = logits.get(index);
          return own.add(own).sub(logits.exp().sum().log());
        });
  }

  /** Pearson's; of a constant map −1, for which coherency is 0. */
  private static double correlation(float[] first, float[] second) {
    double[] means = new double[2];
    for (int i = 0; i < first.length; i++) {
      means[0] += (double) first[i] / first.length;
      means[1] += (double) second[i] / first.length;
    }
    double product = 0;
    double firstSquare = 0;
    double secondSquare = 0;
    for (int i = 0; i < first.length; i++) {
      double ahead = first[i] - means[0];
      double other = second[i] - means[1];
      product += ahead * other;
      firstSquare += ahead * ahead;
      secondSquare += other * other;
    }
    double length = Math.sqrt(firstSquare * secondSquare);
    return length == 0 ? -1 : product / length;
  }

  /** Of two logits: y₀ + y₀ − ln(e^y₀ + e^y₁), and its gradient is another one than the logit's. */
  @Test
  void theExplainedNumbers() {
    Picture picture = SmallNetworks.picture(1);
    try (Recording recording = Recording.of(network, picture, LAYER)) {
      float[] y = recording.logits().toFloatArray();
      double softmax = Math.exp(y[0]) / (Math.exp(y[0]) + Math.exp(y[1]));
      Target both = Explained.LOGIT_AND_LOG_SOFTMAX.of(0);
      assertEquals(y[0] + Math.log(softmax), recording.score(both, 0), 1e-5);
      assertEquals(y[0], recording.score(Explained.LOGIT.of(0), 0), 1e-6);
      CamMethod method = Explained.LOGIT_AND_LOG_SOFTMAX.by(new GradCam());
      Heatmap map = method.heatmap(recording, LAYER, Target.of("cat"));
      assertEquals(0, map.maxDifference(new GradCam().heatmap(recording, LAYER, both)), 1e-6);
      assertNotEquals(map, new GradCam().heatmap(recording, LAYER, Target.of("cat")));
      assertEquals("Grad-CAM", method.name());
      assertEquals(new GradCam().identity(), Explained.LOGIT.by(new GradCam()).identity());
      assertThrows(
          IllegalArgumentException.class,
          () -> method.heatmap(recording, LAYER, Target.of("cat").probability()));
    }
  }

  /** What pixels do to any number can be told of a network of dense layers, too. */
  @Test
  void theExplainedNumberNeedsNoTargetLayerMore() {
    Picture picture = SmallNetworks.picture(1);
    try (NDManager scope = NDManager.newBaseManager();
        Network any = SmallNetworks.dense(scope, Classes.oneOf("cat", "dog"))) {
      Target probability = Target.of("dog").probability();
      assertEquals(
          new GradientSaliency().heatmap(any, picture, "input", probability),
          Explained.PROBABILITY.by(new GradientSaliency()).heatmap(any, picture, "dog"));
    }
  }

  /** A map with its peak in the first of 4×4 cells: over 400×300 pixels that is the corner. */
  private static CamMethod corner() {
    return new CamMethod() {
      @Override
      public String name() {
        return "corner";
      }

      @Override
      public String identity() {
        return "corner, version 1";
      }

      @Override
      public List<Heatmap> heatmaps(Recording recording, String layer, Target target) {
        float[] values = new float[16];
        values[0] = 1;
        return List.of(Heatmap.of(4, 4, values, recording.provenance(name(), layer, target, 0)));
      }
    };
  }

  private static Subject at(String name, String className, int column) {
    BitSet pixels = new BitSet();
    pixels.set(column);
    Picture picture = SmallNetworks.picture(2).resized(400, 300);
    return new Subject(
        name, className, () -> picture, () -> Optional.of(Mask.of(400, 300, pixels)));
  }

  /**
   * The first highest pixel is the first of all. Cats at 14 and at 15 pixels: a hit, and a miss,
   * since the circle has no edge; a dog at 3: half of the cats and all dogs, 0.75.
   */
  @Test
  void pointing() {
    Preprocessing own = network.preprocessing().toBuilder().ownSize().build();
    LayeredNetwork any = SmallNetworks.alexNet(own);
    List<Subject> subjects =
        List.of(at("one", "cat", 14), at("two", "cat", 15), at("three", "dog", 3));
    Mean mean = PublishedPointing.run(any, LAYER, List.of(corner()), subjects).get("corner");
    assertEquals(0.75, mean.value(), 1e-12);
    String line = mean.protocol().toString();
    assertTrue(line.contains("PointingGame(edge=false, tolerance=15)"), line);
    assertTrue(line.endsWith("mean of the classes' means, n = 3"), line);
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> PublishedPointing.run(network, LAYER, List.of(corner()), subjects))
            .getMessage();
    assertTrue(message.contains("ownSize"), message);
    assertEquals(
        "Two methods are called 'corner'. Run them one after the other.",
        assertThrows(
                IllegalArgumentException.class,
                () -> PublishedPointing.run(any, LAYER, List.of(corner(), corner()), subjects))
            .getMessage());
  }

  private static Result result(String picture, String className, Measure measure, double value) {
    return Result.of(
        new Question(
            new Named("net", "net"),
            "conv",
            new Named(picture, picture + " checksum"),
            new Named(className, className),
            new Named("A", "A()"),
            new Named(measure.name(), measure.identity())),
        value);
  }

  /** Two cats with 1 and 0, a dog with 1. */
  @Test
  void averaging() {
    Measure drop = new ConfidenceDrop(Scale.RELATIVE);
    List<Result> results =
        List.of(
            result("one", "cat", drop, 1),
            result("two", "cat", drop, 0),
            result("three", "dog", drop, 1));
    assertEquals(2 / 3.0, Averaging.ALL.of(results), 1e-12);
    assertEquals(0.75, Averaging.CLASSES.of(results), 1e-12);
    List<Result> three = new ArrayList<>();
    Measure coherency = new Coherency();
    for (double[] values : new double[][] {{0.9, 0.2, 0.1}, {0.7, 0.4, 0.3}}) {
      three.add(result("one", "cat", coherency, values[0]));
      three.add(result("one", "cat", new Complexity(), values[1]));
      three.add(result("one", "cat", drop, values[2]));
    }
    assertEquals(3 / (1 / 0.8 + 1 / 0.7 + 1 / 0.8), Averaging.ADCC_OF_MEANS.of(three), 1e-12);
    assertEquals(Adcc.harmonicMean(0.8, 0.3, 0.2), Averaging.ADCC_OF_MEANS.of(three), 1e-12);
    for (Averaging averaging : Averaging.values()) {
      assertThrows(IllegalArgumentException.class, () -> averaging.of(List.of()));
    }
    assertEquals(
        "There is no number of 'coherency', so no mean.",
        assertThrows(IllegalArgumentException.class, () -> Averaging.ADCC_OF_MEANS.of(results))
            .getMessage());
    Result refused = Result.refused(results.get(0).question(), "why");
    assertThrows(IllegalArgumentException.class, () -> Averaging.ALL.of(List.of(refused)));
  }

  /** Draws of two pictures with 1 and 0: a quarter is 0, a quarter is 1. */
  @Test
  void aMeanHasAnIntervalAndAProtocol() {
    Measure drop = new ConfidenceDrop(Scale.RELATIVE);
    Results results =
        new Results(List.of(result("one", "cat", drop, 1), result("two", "dog", drop, 0)));
    Mean mean = Mean.of(results, "A", drop, 500, 1);
    assertEquals(0.5, mean.value());
    assertEquals(0, mean.low());
    assertEquals(1, mean.high());
    assertEquals(
        "net | conv | 2 pictures | cat, dog as given | A() | ConfidenceDrop(scale=RELATIVE) {picture times the map} | mean of all, n = 2",
        mean.protocol().toString());
    assertEquals(
        "net | conv | one [one checksum] | cat as given | A() | ConfidenceDrop(scale=RELATIVE) {picture times the map} | one number, n = 1",
        results.rows().get(0).question().protocol(drop).toString());
    assertThrows(IllegalArgumentException.class, () -> Mean.of(results, "B", drop, 500, 1));
    for (int draws : new int[] {0, -1}) {
      assertEquals(
          "At least one draw is needed, found %s.".formatted(draws),
          assertThrows(IllegalArgumentException.class, () -> Mean.of(results, "A", drop, draws, 1))
              .getMessage());
    }
    assertEquals(mean.protocol().measure(), Ranking.of(results, drop, 10, 1).protocol().measure());
  }
}
