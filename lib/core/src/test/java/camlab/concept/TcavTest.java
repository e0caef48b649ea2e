package camlab.concept;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.nn.Blocks;
import ai.djl.nn.core.Linear;
import camlab.TestFiles;
import camlab.capture.Target;
import camlab.network.Architecture;
import camlab.network.Classes;
import camlab.network.GoldenNetworks;
import camlab.network.LayerGraph;
import camlab.network.Network;
import camlab.network.NotApplicableException;
import camlab.network.SmallBlocks;
import camlab.picture.Picture;
import camlab.picture.Preprocessing;
import camlab.progress.Progress;
import camlab.weights.StateDict;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TcavTest {

  private static final int SIDE = 64;
  private static final int SETS = 4;

  static Stream<Named<JsonObject>> cases() {
    JsonArray cases = TestFiles.figures("concept/tcav.json").getAsJsonArray("cases");
    return StreamSupport.stream(cases.spliterator(), false)
        .map(JsonElement::getAsJsonObject)
        .map(each -> Named.of(each.get("network").getAsString(), each));
  }

  /** The scores are captum's, the directions scikit-learn's, the probabilities SciPy's. */
  @ParameterizedTest
  @MethodSource("cases")
  void agreesWithCaptumAndScikitLearn(JsonObject figures) {
    Preprocessing small =
        new Preprocessing(SIDE, SIDE, Preprocessing.IMAGENET.mean(), Preprocessing.IMAGENET.std());
    try (Network network =
        GoldenNetworks.network(SmallBlocks.named(figures.get("network").getAsString()), small)) {
      TcavResult found =
          new Tcav()
              .test(
                  network,
                  figures.get("layer").getAsString(),
                  Target.of(figures.get("target").getAsInt()),
                  new Examples("stripes", madeUp("stripes", 12, 0.5)),
                  IntStream.range(0, SETS)
                      .mapToObj(i -> new Examples("random " + i, madeUp("random " + i, 9, 0)))
                      .toList(),
                  madeUp("class", 10, 0.25));
      JsonArray scores = figures.getAsJsonArray("scores");
      for (int i = 0; i < SETS; i++) {
        assertEquals(scores.get(i).getAsDouble(), found.scores().get(i), 1e-6);
        assertEquals(scores.get(SETS + i).getAsDouble(), found.controls().get(i), 1e-6);
        ConceptVector vector = found.vectors().get(i);
        double accuracy = figures.getAsJsonArray("accuracies").get(i).getAsDouble();
        assertEquals(accuracy, vector.accuracy(), 1e-9);
        JsonArray some = figures.getAsJsonArray("vectors").get(i).getAsJsonArray();
        int step = vector.vector().size() / 40;
        for (int j = 0; j < some.size(); j++) {
          assertEquals(some.get(j).getAsDouble(), vector.vector().get(j * step), 2e-5);
        }
      }
      assertEquals(figures.get("against_half").getAsDouble(), found.probabilityAgainstHalf(), 1e-6);
      assertEquals(
          figures.get("against_random").getAsDouble(), found.probabilityAgainstRandom(), 1e-6);
    }
  }

  static List<Picture> madeUp(String name, int count, double stripes) {
    return IntStream.range(0, count).mapToObj(i -> madeUp(name + " " + i, stripes)).toList();
  }

  private static Picture madeUp(String name, double stripes) {
    double[] noise = GoldenNetworks.uniform(name, 3 * SIDE * SIDE, "open-");
    int[] rgb = new int[SIDE * SIDE];
    for (int i = 0; i < noise.length; i++) {
      int stripe = i % SIDE / 4 % 2;
      double value = (1 - stripes) * noise[i] + stripes * stripe;
      rgb[i % rgb.length] |= (int) (255 * value) << (8 * (2 - i / rgb.length));
    }
    return Picture.of(SIDE, SIDE, rgb);
  }

  @Test
  void theTailsAreThoseOfSciPy() {
    for (JsonElement each : TestFiles.figures("concept/tcav.json").getAsJsonArray("tails")) {
      JsonArray row = each.getAsJsonArray();
      double expected = row.get(2).getAsDouble();
      double found = StudentT.twoSided(row.get(0).getAsDouble(), row.get(1).getAsDouble());
      assertEquals(1, found / expected, 1e-7, row.toString());
    }
  }

  /** By the formulas: means 2 and 5, variances 1 and 7, so t = −3 / √(1/3 + 7/3) = −1.837. */
  @Test
  void testsByHand() {
    assertEquals(0.422650, StudentT.oneSample(List.of(1.0, 2.0, 3.0), 1.422650), 1e-5);
    List<Double> one = List.of(1.0, 2.0, 3.0);
    List<Double> other = List.of(2.0, 6.0, 7.0);
    double freedom = Math.pow(8 / 3.0, 2) / (1 / 18.0 + 49 / 18.0);
    assertEquals(
        StudentT.twoSided(3 / Math.sqrt(8 / 3.0), freedom), StudentT.twoSample(one, other), 1e-12);
  }

  @Test
  void scoresWithoutScatter() {
    assertEquals(0, StudentT.oneSample(List.of(1.0, 1.0), 0.5));
    assertEquals(1, StudentT.twoSample(List.of(1.0, 1.0), List.of(1.0, 1.0)));
  }

  /**
   * Two outputs of one pixel's red, green and blue: 2 red − green, and green + blue. Reddish
   * pictures differ from others in their red alone, so that the direction is about (1, 0, 0), along
   * which the first score grows by 2, for every picture.
   */
  @Test
  void ofALinearNetwork() {
    try (Network network = linear()) {
      Random random = new Random(5);
      Examples red = new Examples("red", pictures(random, 12, 0x80));
      List<Examples> others = randomSets(random, 6, 12);
      List<Picture> ofClass = pictures(random, 5, 0);
      TcavResult first =
          new Tcav().test(network, "flatten", Target.of("first"), red, others, ofClass);
      assertEquals(List.of(1.0, 1.0, 1.0, 1.0, 1.0, 1.0), first.scores());
      assertEquals("first", first.target());
      assertTrue(first.accuracy() > 0.9, first.toString());
      for (ConceptVector vector : first.vectors()) {
        assertTrue(vector.vector().get(0) > 0.9, vector.toString());
      }
      assertEquals(0, first.probabilityAgainstHalf());
      assertTrue(first.toString().startsWith("red for first at flatten: score 1.00"));
    }
  }

  @Test
  void severalConceptsHaveWhatEachHasAlone() {
    try (Network network = linear()) {
      Random random = new Random(6);
      List<Examples> concepts =
          List.of(
              new Examples("red", pictures(random, 12, 0x80)),
              new Examples("nothing", pictures(random, 9, 0)));
      List<Examples> others = randomSets(random, 4, 12);
      List<Picture> ofClass = pictures(random, 5, 0);
      Target target = Target.of("first");
      assertEquals(
          concepts.stream()
              .map(each -> new Tcav().test(network, "flatten", target, each, others, ofClass))
              .toList(),
          new Tcav().test(network, "flatten", target, concepts, others, ofClass));
    }
  }

  private static List<Examples> randomSets(Random random, int sets, int size) {
    return IntStream.range(0, sets)
        .mapToObj(i -> new Examples("random " + i, pictures(random, size, 0)))
        .toList();
  }

  /** Of the sizes 0.3, 0.3, 0.1, 0.4 and 0.2 three are at least as large as the concept's. */
  @Test
  void aRankByHand() {
    TcavRank rank = new TcavRank("c", "l", "t", 0.3, List.of(-0.3, 0.1, 0.4, -0.2));
    assertEquals(3 / 5.0, rank.probability(), 1e-12);
    assertEquals(1 / 3.0, new TcavRank("c", "l", "t", -1, List.of(0.4, 0.6)).probability(), 1e-12);
    assertEquals("c for t at l: cosine 0.300, p 0.60 among 4 random sets", rank.toString());
  }

  /**
   * Three sets of two or one directions each. Between the first two it is (0.6, 0.8), from the
   * third to the first (1, 0), to the second (0, 1); the gradients are (2, 0) and (0, 0). The
   * cosines with the first gradient are 0.6, 1 and 0, and half of that in the mean.
   */
  @Test
  void cosinesByHand() {
    List<Double> found =
        Tcav.cosines(
            List.of(List.of(), List.of(vector(0.6f, 0.8f)), List.of(vector(1, 0), vector(0, 1))),
            List.of(new float[] {2, 0}, new float[] {0, 0}));
    List<Double> expected = List.of((0.6 + 1) / 4, (0 - 0.6) / 4, (-1 - 0) / 4.0);
    for (int i = 0; i < 3; i++) {
      assertEquals(expected.get(i), found.get(i), 1e-7);
    }
  }

  private static ConceptVector vector(float... values) {
    return new ConceptVector("c", "a", "l", List.of(values[0], values[1]), 1);
  }

  /** Reddish pictures among 19 sets that are not: along red the first score grows. */
  @Test
  void whatIsThereRanksHigh() {
    try (Network network = linear()) {
      Random random = new Random(5);
      Examples red = new Examples("red", pictures(random, 6, 0x80));
      List<Examples> others = randomSets(random, 19, 6);
      List<Picture> ofClass = pictures(random, 5, 0);
      TcavRank rank = new Tcav().rank(network, "flatten", Target.of("first"), red, others, ofClass);
      assertTrue(rank.cosine() > 0.7, rank.toString());
      assertTrue(rank.probability() <= 0.1, "in three dimensions one may lie as far by chance");
      List<Examples> larger = List.of(red, red, new Examples("large", pictures(random, 7, 0)));
      String message =
          assertThrows(
                  IllegalArgumentException.class,
                  () ->
                      new Tcav().rank(network, "flatten", Target.of("first"), red, larger, ofClass))
              .getMessage();
      assertTrue(message.contains("'red' has 6, 'large' has 7"), message);
    }
  }

  /**
   * 200 concepts of nothing: six points each, drawn by lot like those of four random sets, and ten
   * gradients. At a level of 0.2 a test may alarm for 40 of them; 57 would be three deviations
   * more. The t test against 0.5 alarms more often, since all its scores share the six points.
   */
  @Test
  void theRankHoldsItsLevelWhereTheTestsOfStudentDoNot() {
    Random random = new Random(11);
    int byRank = 0;
    int byStudent = 0;
    for (int trial = 0; trial < 200; trial++) {
      List<float[]> gradients = points(random, 10);
      List<ConceptVector.Values> sets =
          IntStream.range(0, 5)
              .mapToObj(i -> new ConceptVector.Values("set " + i, points(random, 6)))
              .toList();
      List<List<ConceptVector>> pairs = Tcav.pairs("l", sets, 0.01);
      List<Double> all = Tcav.cosines(pairs, gradients);
      TcavRank rank = new TcavRank("nothing", "l", "t", all.get(0), all.subList(1, 5));
      byRank += rank.probability() <= 0.2 ? 1 : 0;
      byStudent += student(pairs, gradients).probabilityAgainstHalf() <= 0.2 ? 1 : 0;
    }
    String found = byRank + " by rank, " + byStudent + " by t tests";
    assertTrue(byRank <= 57, found);
    assertTrue(byStudent >= 58, found);
  }

  /** What {@link Tcav#test} makes of the first set, against the others and each to the next. */
  private static TcavResult student(List<List<ConceptVector>> pairs, List<float[]> gradients) {
    List<Double> scores = new ArrayList<>();
    List<Double> controls = new ArrayList<>();
    for (int i = 1; i < pairs.size(); i++) {
      scores.add(Tcav.share(pairs.get(i).get(0), gradients));
      ConceptVector control = i + 1 < pairs.size() ? pairs.get(i + 1).get(i) : pairs.get(i).get(1);
      double share = Tcav.share(control, gradients);
      controls.add(i + 1 < pairs.size() ? share : 1 - share);
    }
    return new TcavResult("nothing", "l", "t", List.of(), scores, controls);
  }

  private static List<float[]> points(Random random, int count) {
    List<float[]> points = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      float[] point = new float[8];
      for (int d = 0; d < point.length; d++) {
        point[d] = (float) random.nextGaussian();
      }
      points.add(point);
    }
    return points;
  }

  /** The level is shared out among the tests, and both tests have to hold. */
  @Test
  void manyTestsAskForMore() {
    List<Double> high = List.of(0.9, 0.8, 0.95, 0.85, 0.9);
    List<Double> low = List.of(0.4, 0.6, 0.3, 0.55, 0.5);
    TcavResult result = new TcavResult("c", "l", "t", List.of(), high, low);
    double worse = Math.max(result.probabilityAgainstHalf(), result.probabilityAgainstRandom());
    assertTrue(worse > 0.0005 && worse < 0.05, "p " + worse);
    assertTrue(result.isSignificant(0.05, 1));
    assertFalse(result.isSignificant(0.05, 1000));
    TcavResult asRandom = new TcavResult("c", "l", "t", List.of(), high, high);
    assertEquals(1, asRandom.probabilityAgainstRandom(), 1e-9);
    assertFalse(asRandom.isSignificant(0.05, 1));
  }

  /** Between sets for which a layer puts out the same there is no direction. */
  @Test
  void setsThatNothingTellsApart() {
    List<Picture> same = Collections.nCopies(3, Picture.of(1, 1, new int[] {0x123456}));
    Examples concept = new Examples("grey", same);
    Examples other = new Examples("lot", same);
    try (Network network = linear()) {
      String message =
          assertThrows(
                  NotApplicableException.class,
                  () ->
                      new Tcav()
                          .test(
                              network,
                              "flatten",
                              Target.of("first"),
                              concept,
                              List.of(other, other, other),
                              same))
              .getMessage();
      assertEquals(
          "No direction leads from 'lot' to 'grey' at 'flatten': the layer puts out the same for all pictures that it learns from. Take other pictures, or a layer that tells them apart.",
          message);
    }
  }

  @Test
  void aLevelIsAProbability() {
    List<Double> scores = List.of(0.9, 0.8, 0.95);
    TcavResult result = new TcavResult("c", "l", "t", List.of(), scores, scores);
    for (double level : new double[] {0, 1, -0.05, 5, Double.NaN}) {
      assertThrows(IllegalArgumentException.class, () -> result.isSignificant(level, 1));
    }
  }

  @Test
  void askedForTooLittle() {
    Random random = new Random(1);
    List<Picture> some = pictures(random, 3, 0);
    assertThrows(IllegalArgumentException.class, () -> new Examples("few", some.subList(0, 2)));
    Examples examples = new Examples("enough", some);
    try (Network network = linear()) {
      Target target = Target.of("first");
      assertThrows(
          IllegalArgumentException.class,
          () ->
              new Tcav()
                  .test(network, "flatten", target, examples, List.of(examples, examples), some));
      Thread.currentThread().interrupt();
      assertThrows(
          CancellationException.class,
          () ->
              new Tcav()
                  .test(
                      network,
                      "flatten",
                      target,
                      examples,
                      List.of(examples, examples, examples),
                      some));
      assertTrue(Thread.interrupted());
    }
    assertThrows(IllegalArgumentException.class, () -> new Tcav(0, 1, Progress.NONE));
    assertThrows(
        IllegalArgumentException.class, () -> new Tcav(Double.POSITIVE_INFINITY, 1, Progress.NONE));
    assertEquals("Tcav(batch=16, penalty=0.01)", new Tcav().identity());
  }

  private static List<Picture> pictures(Random random, int count, int red) {
    return IntStream.range(0, count)
        .mapToObj(
            i -> Picture.of(1, 1, new int[] {(random.nextInt(0x808080) & 0x7F7F7F) | (red << 16)}))
        .toList();
  }

  private static Network linear() {
    Architecture plan =
        new Architecture(
            "linear",
            () ->
                LayerGraph.builder()
                    .add("flatten", "Flatten", Blocks.batchFlattenBlock())
                    .add("fc", "Linear", Linear.builder().setUnits(2).build())
                    .build(),
            "flatten",
            List.of("flatten"),
            2,
            1);
    StateDict weights =
        StateDict.builder()
            .put("fc.weight", new long[] {2, 3}, new float[] {2, -1, 0, 0, 1, 1})
            .put("fc.bias", new long[] {2}, new float[] {0, 0})
            .build();
    return Network.of(
        plan, weights, Classes.of("first", "second"), Preprocessing.builder().size(1, 1).build());
  }
}
