package camlab.measure;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import camlab.cam.CamMethod;
import camlab.cam.EigenCam;
import camlab.cam.GradCam;
import camlab.capture.SmallNetworks;
import camlab.capture.Target;
import camlab.heatmap.Heatmap;
import camlab.measure.CascadingRandomization.Step;
import camlab.network.Classes;
import camlab.network.LayeredNetwork;
import camlab.network.Network;
import camlab.network.NotApplicableException;
import camlab.picture.Picture;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Measures that ask the method for other maps: by hand, and on a small network. */
class ExplainerMeasuresTest {

  private static final double EXACT = 1e-12;
  private static final Picture PICTURE = SmallNetworks.picture(1);

  /** A method that shows how light each pixel is. */
  private static final Explainer LIGHT = ExplainerMeasuresTest::light;

  private static LayeredNetwork network;

  @BeforeAll
  static void load() {
    network = SmallNetworks.alexNet();
  }

  @AfterAll
  static void close() {
    network.close();
  }

  private static Heatmap light(Picture view) {
    return lightTimes(view, 1);
  }

  private static Heatmap lightTimes(Picture view, float factor) {
    float[][] rows = new float[view.height()][view.width()];
    for (int row = 0; row < view.height(); row++) {
      for (int column = 0; column < view.width(); column++) {
        rows[row][column] = factor * (view.rgb(row, column) & 0xFF);
      }
    }
    return Cases.map(rows);
  }

  /**
   * The map 200, 100, 50, 50 scales to 1, ⅓, 0, 0, so 200, 33, 0, 0 is kept, and that is the second
   * map. Its deviations from the mean are 141.75, −25.25, −58.25, −58.25; those of the first 100,
   * 0, −50, −50.
   */
  @Test
  void coherency() {
    Explanation explanation = Cases.of(new float[][] {{200, 100}, {50, 50}}).by(LIGHT);
    double products = 141.75 * 100 + 2 * 58.25 * 50;
    double squares = 141.75 * 141.75 + 25.25 * 25.25 + 2 * 58.25 * 58.25;
    double correlation = products / Math.sqrt(squares * 15000);
    assertEquals((1 + correlation) / 2, new Coherency().of(explanation), 1e-6);
    Explainer inverted = view -> lightTimes(view, -1);
    assertEquals((1 - correlation) / 2, new Coherency().of(explanation.by(inverted)), 1e-6);
    Explainer constant = view -> Cases.map(new float[][] {{1, 1}, {1, 1}});
    assertEquals(0, new Coherency().of(explanation.by(constant)));
    // All of the picture's mean colour is kept, too: 200, 100, 100, 100.
    double overMean = (200 - 125) * 100 + 25 * 2 * 50;
    double deviations = Math.sqrt((75 * 75 + 3 * 25 * 25) * 15000.0);
    assertEquals(
        (1 + overMean / deviations) / 2,
        new Coherency(Kept.over(Baseline.meanColour())).of(explanation),
        1e-6);
  }

  /** The same map: complexity (1 + ⅓) / 4, and 233 of 400 are kept. */
  @Test
  void adcc() {
    Explanation explanation = Cases.of(new float[][] {{200, 100}, {50, 50}}).by(LIGHT);
    double coherency = new Coherency().of(explanation);
    assertEquals(
        3 / (1 / coherency + 1 / (2 / 3.0) + 1 / (233 / 400.0)), new Adcc().of(explanation), 1e-6);
    assertEquals(0.5, Adcc.harmonicMean(0.5, 0.5, 0.5), EXACT);
    assertEquals(0, Adcc.harmonicMean(0, 0.5, 0.5));
    assertEquals(0, Adcc.harmonicMean(0.5, 1, 0.5));
    assertEquals(3 / (1 / 0.9 + 1 / 0.8 + 1 / 0.4), Adcc.harmonicMean(0.9, 0.2, 0.6), EXACT);
  }

  /** The largest of 10 %, 20 % and 5 %. */
  @Test
  void maxSensitivity() {
    Heatmap map = Cases.map(new float[][] {{200, 100}, {50, 50}});
    Queue<Float> factors = new ArrayDeque<>(List.of(1.1f, 0.8f, 1.05f));
    Explanation explanation =
        Cases.of(map.rows()).by(view -> lightTimes(Cases.GREYS, factors.remove()));
    assertEquals(0.2, new MaxSensitivity(3, 0.02, 1).of(explanation), 1e-6);
    assertTrue(factors.isEmpty());
    assertThrows(
        NotApplicableException.class,
        () -> new MaxSensitivity().of(Cases.of(new float[][] {{0, 0}, {0, 0}}).by(LIGHT)));
    assertThrows(IllegalArgumentException.class, () -> new MaxSensitivity(0, 0.02, 1));
    assertThrows(IllegalArgumentException.class, () -> new MaxSensitivity(1, 0, 1));
  }

  /** ±0.02 are 5.1 of 255, and what leaves the range is put back. */
  @Test
  void noise() {
    Picture view =
        Cases.grey(
            40,
            40,
            java.util.stream.IntStream.range(0, 1600).map(i -> i % 2 == 0 ? 128 : 254).toArray());
    int[] before = Cases.blues(view);
    int most = 0;
    double sum = 0;
    for (Picture noisy : NoisyViews.uniform(view, 2, 0.02, 7)) {
      int[] after = Cases.blues(noisy);
      for (int i = 0; i < after.length; i++) {
        most = Math.max(most, Math.abs(after[i] - before[i]));
        sum += i % 2 == 0 ? after[i] - before[i] : 0;
        assertTrue(after[i] <= 255);
      }
    }
    assertEquals(5, most);
    assertEquals(0, sum / 1600, 0.3);
    double squares = 0;
    for (int value : Cases.blues(NoisyViews.normal(view, 1, 0.1, 7).get(0))) {
      squares += value < 200 ? Math.pow(value - 128, 2) : 0;
    }
    // Of the 800 pixels of 128; a few of the light ones fall below 200, too.
    assertEquals(25.5, Math.sqrt(squares / 800), 4);
    assertEquals(NoisyViews.normal(view, 2, 0.1, 7), NoisyViews.normal(view, 2, 0.1, 7));
    assertNotEquals(NoisyViews.normal(view, 1, 0.1, 7), NoisyViews.normal(view, 1, 0.1, 8));
  }

  @Test
  void theMeanOfMaps() {
    Heatmap mean = LIGHT.mean(List.of(Cases.GREYS, Cases.grey(2, 2, 0, 50, 50, 150)));
    assertArrayEquals(new float[] {100, 75, 50, 100}, mean.values());
  }

  @Test
  void theMeanIsOfMapsOfOneSize() {
    assertEquals(
        "At least one view is needed for a mean, found none.",
        assertThrows(IllegalArgumentException.class, () -> LIGHT.mean(List.of())).getMessage());
    assertThrows(
        IllegalArgumentException.class,
        () -> LIGHT.mean(List.of(Cases.GREYS, Cases.grey(3, 1, 1, 2, 3))));
  }

  private static Explanation explanation(CamMethod method) {
    Heatmap map = method.heatmap(network, PICTURE, "cat");
    return Explanation.of(network, PICTURE, "cat", map)
        .by(Explainer.of(network, method, network.targetLayer(), "cat"));
  }

  /** The explainer makes the very map that is judged, from the view. */
  @Test
  void theExplainerMakesTheSameMap() {
    Explanation explanation = explanation(new GradCam());
    Heatmap again = explanation.requireExplainer().of(explanation.view());
    assertEquals(0, again.maxDifference(explanation.map()), 1e-6);
    Heatmap dog = new GradCam().heatmap(network, PICTURE, "dog");
    int index = network.classes().index("dog");
    assertEquals(
        0,
        explanation.requireExplainer().ofClass(index).of(explanation.view()).maxDifference(dog),
        1e-6);
  }

  /** Of two classes the other one; a method that asks for none gets the worst number. */
  @Test
  void randomLogit() {
    Explanation explanation = explanation(new GradCam());
    Heatmap dog = new GradCam().heatmap(network, PICTURE, "dog");
    double expected = StructuralSimilarity.of(explanation.scaledMap(), explanation.scaled(dog));
    assertEquals(expected, new RandomLogit().of(explanation), 1e-6);
    assertTrue(expected < 0.99, "the two maps differ");
    assertEquals(1, new RandomLogit().of(explanation(new EigenCam())), 1e-9);
  }

  /** Without noise it is the plain test: the mean of the steps of the cascade. */
  @Test
  void smoothMprt() {
    Explanation explanation = explanation(new GradCam());
    List<Step> steps =
        CascadingRandomization.ofAllLayers(network, 4)
            .run(network, other -> List.of(map(other, PICTURE)));
    double mean = steps.stream().mapToDouble(Step::similarity).average().orElseThrow();
    assertEquals(mean, new SmoothMprt(1, 0, 4).of(explanation), 1e-6);
    assertNotEquals(mean, new SmoothMprt(2, 0.1, 4).of(explanation), 1e-4);
  }

  private static Heatmap map(LayeredNetwork other, Picture picture) {
    return new GradCam().heatmap(other, picture, other.targetLayer(), Target.of("cat"));
  }

  /** Two of four values in each half of the range: ln 2; all alike: 0. */
  @Test
  void entropy() {
    Heatmap half = Cases.map(new float[][] {{0, 0}, {1, 2}});
    assertEquals(Math.log(2), EfficientMprt.entropy(half, 2), EXACT);
    // Bins of ⅔: 0, 0 | 1 | 2.
    assertEquals(0.5 * Math.log(2) + 0.5 * Math.log(4), EfficientMprt.entropy(half, 3), EXACT);
    assertEquals(0, EfficientMprt.entropy(Cases.map(new float[][] {{3, 3}}), 5), EXACT);
  }

  @Test
  void efficientMprt() {
    Explanation explanation = explanation(new GradCam());
    List<Step> steps =
        CascadingRandomization.ofAllLayers(network, 4)
            .run(network, other -> List.of(map(other, PICTURE)));
    double trained = EfficientMprt.entropy(explanation.map(), 100);
    double random = EfficientMprt.entropy(steps.get(steps.size() - 1).map(), 100);
    assertEquals(random / trained - 1, new EfficientMprt(100, 4).of(explanation), 1e-6);
    assertThrows(
        NotApplicableException.class,
        () ->
            new EfficientMprt()
                .of(Cases.of(new float[][] {{1, 1}}).by(explanation.requireExplainer())));
  }

  /** Somebody's map, of which nobody knows how it was made. */
  @Test
  void whatIsNotKnownIsSaid() {
    Explanation unknown = Cases.of(new float[][] {{1, 0}, {0, 0}});
    for (Measure measure : List.of(new Coherency(), new MaxSensitivity(), new RandomLogit())) {
      String message =
          assertThrows(NotApplicableException.class, () -> measure.of(unknown)).getMessage();
      assertTrue(message.contains("explanation.by(Explainer.of("), message);
    }
    for (Measure measure : Measures.dependence()) {
      assertThrows(NotApplicableException.class, () -> measure.of(unknown.by(LIGHT)));
    }
    assertFalse(unknown.by(LIGHT).explainer().isEmpty());
  }

  /** A network with one layer exchanged stands for the one trained on labels by lot. */
  private static LayeredNetwork shuffled() {
    return network.withParameters(Map.of("classifier.4.weight", constant(2 * 128, 0.25f)));
  }

  /** All three likenesses of the maps of the two networks. */
  @Test
  void dataRandomization() {
    try (LayeredNetwork shuffled = shuffled()) {
      DataRandomization check = new DataRandomization(shuffled);
      List<DataRandomization.Pair> pairs =
          check.run(network, other -> List.of(new GradCam().heatmap(other, PICTURE, "cat")));
      Heatmap one = new GradCam().heatmap(network, PICTURE, "cat");
      Heatmap other = new GradCam().heatmap(shuffled, PICTURE, "cat");
      int side = network.preprocessing().crop();
      assertEquals(1, pairs.size());
      assertEquals(RankCorrelation.of(one, other), pairs.get(0).rankCorrelation(), 1e-6);
      double similarity =
          StructuralSimilarity.of(
              one.resized(side, side).normalized(), other.resized(side, side).normalized());
      assertEquals(similarity, pairs.get(0).similarity(), 1e-6);
      assertEquals(0, pairs.get(0).shuffled().maxDifference(other), 1e-6);
      assertEquals(similarity, check.of(explanation(new GradCam())), 1e-6);
      assertTrue(similarity < 0.99, "the two maps differ");
      assertFalse(check.higherIsBetter());
      assertEquals(
          "DataRandomization(shuffled=%s)".formatted(shuffled.identity()), check.identity());
    }
  }

  /** A method that shows one map of one network, and another of any other. */
  private record Known(Network network, Heatmap map, Heatmap ofOthers) implements Explainer {
    @Override
    public Heatmap of(Picture view) {
      return map;
    }

    @Override
    public Explainer on(Network other) {
      return new Known(other, ofOthers, ofOthers);
    }
  }

  /**
   * Maps as large as SSIM's one window, a Gaussian of deviation 1.5: the five columns at the left
   * are 1 of the one, and 0 of the other, and the rest is the other way round. So the means are m
   * and 1 − m, both variances m − m², and the covariance is their negative.
   */
  @Test
  void dataRandomizationByHand() {
    float[][] left = new float[11][11];
    float[][] rest = new float[11][11];
    for (int row = 0; row < 11; row++) {
      for (int column = 0; column < 11; column++) {
        left[row][column] = column < 5 ? 1 : 0;
        rest[row][column] = column < 5 ? 0 : 1;
      }
    }
    double side = 0;
    for (int k = 1; k <= 5; k++) {
      side += Math.exp(-k * k / 4.5);
    }
    double m = side / (1 + 2 * side);
    double variance = m - m * m;
    double expected =
        (2 * m * (1 - m) + 0.0001)
            * (-2 * variance + 0.0009)
            / ((m * m + (1 - m) * (1 - m) + 0.0001) * (2 * variance + 0.0009));
    Heatmap map = Cases.map(left);
    Explanation explanation =
        new Explanation(
                Cases.grey(11, 11, new int[121]), map, views -> new double[1], Optional.empty())
            .by(new Known(network, map, Cases.map(rest)));
    try (LayeredNetwork shuffled = shuffled()) {
      assertEquals(expected, new DataRandomization(shuffled).of(explanation), 1e-6);
    }
    assertTrue(expected < 0, "light and dark are exchanged");
  }

  /** One network for both shows nothing, and other classes are no comparison. */
  @Test
  void dataRandomizationRefuses() {
    Explanation explanation = explanation(new GradCam());
    assertRefused("of the same weights and settings", network, explanation);
    try (LayeredNetwork otherOrder = SmallNetworks.alexNet(Classes.oneOf("dog", "cat"))) {
      assertRefused(
          "[cat, dog] of one network, and of the other [dog, cat]", otherOrder, explanation);
    }
    try (LayeredNetwork shuffled = shuffled()) {
      DataRandomization measure = new DataRandomization(shuffled);
      String message =
          assertThrows(
                  IllegalArgumentException.class,
                  () ->
                      measure.run(
                          network,
                          each ->
                              each == network ? List.of(explanation.map()) : List.<Heatmap>of()))
              .getMessage();
      assertTrue(message.startsWith("There are 1 maps of one network, and 0"), message);
      Explanation unknown = Cases.of(new float[][] {{1, 0}, {0, 0}});
      assertThrows(NotApplicableException.class, () -> measure.of(unknown));
      assertThrows(NotApplicableException.class, () -> measure.of(unknown.by(LIGHT)));
    }
  }

  private static void assertRefused(String why, Network shuffled, Explanation explanation) {
    DataRandomization measure = new DataRandomization(shuffled);
    for (Executable asked :
        List.<Executable>of(
            () -> measure.run(network, each -> List.of()), () -> measure.of(explanation))) {
      String message = assertThrows(IllegalArgumentException.class, asked).getMessage();
      assertTrue(message.contains(why), message);
      assertTrue(message.contains("Give the network that was trained on labels by lot"), message);
    }
  }

  private static float[] constant(int size, float value) {
    float[] values = new float[size];
    java.util.Arrays.fill(values, value);
    return values;
  }
}
