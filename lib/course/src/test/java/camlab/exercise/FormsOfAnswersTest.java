package camlab.exercise;

import static camlab.exercise.Checked.assertSays;
import static camlab.exercise.Checked.message;
import static camlab.exercise.Checked.nearest;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Blocks;
import ai.djl.nn.ParallelBlock;
import camlab.capture.Target;
import camlab.heatmap.ChannelMaps;
import camlab.heatmap.Heatmap;
import camlab.heatmap.Position;
import camlab.measure.CascadingRandomization;
import camlab.measure.EnergyInObject;
import camlab.picture.Mask;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Right answers in a form that nobody thought of, wrong ones that are right for one input by luck,
 * and what a message says of a mistake that is often made.
 */
class FormsOfAnswersTest {

  /** Lesson 01: the plain softmax divides infinity by infinity, and not 0 by 0. */
  @Test
  void whatIsNotNumberComesFromInfinityToo() {
    assertSays(
        "infinity / infinity",
        () ->
            NetworkExercises.safeSoftmax(
                y -> {
                  double sum = Arrays.stream(y).map(Math::exp).sum();
                  return Arrays.stream(y).map(v -> Math.exp(v) / sum).toArray();
                }));
  }

  /** Lesson 01: the larger of the first two logits, and of any others none. */
  @Test
  void aSoftmaxOfTwoClasses() {
    message(
        () ->
            NetworkExercises.safeSoftmax(
                y -> {
                  double largest = Math.max(y[0], y[1]);
                  double sum = Arrays.stream(y).map(v -> Math.exp(v - largest)).sum();
                  return Arrays.stream(y).map(v -> Math.exp(v - largest) / sum).toArray();
                }));
  }

  /** 3 / 4 is 0 in Java, and a share in percent is a hundred times as large. */
  @Test
  void sharesThatAreDividedAsWholeNumbersOrInPercent() {
    assertSays(
        "3 / 4 is 0",
        () ->
            FromPythonExercises.shareRight(
                (shown, answered, order) -> {
                  int right = 0;
                  for (int i = 0; i < shown.length; i++) {
                    right += order[answered[i]] == shown[i] ? 1 : 0;
                  }
                  int share = right / shown.length;
                  return share;
                }));
    assertSays(
        "3 / 4 is 0",
        () ->
            OwnPictureExercises.onlyWhenSure(
                (p, right, threshold) -> {
                  int answered = 0;
                  for (double each : p) {
                    answered += each >= threshold ? 1 : 0;
                  }
                  int coverage = answered / p.length;
                  return new double[] {coverage, 0};
                }));
    assertSays(
        "a hundred times",
        () ->
            FromPythonExercises.shareRight(
                (shown, answered, order) ->
                    100.0
                        * IntStream.range(0, shown.length)
                            .filter(i -> order[answered[i]] == shown[i])
                            .count()
                        / shown.length));
  }

  /** A whole number is no fraction, though 100 is a hundred times 1. */
  @Test
  void aWholeNumberIsNotAskedForAsAFraction() {
    assertSays("Hint: that is too large.", () -> Answer.number("It", 1, 1e-6, () -> 100));
    assertSays("as a fraction", () -> Answer.number("It", 0.5, 1e-6, () -> 50));
  }

  /** A hint on the size says what there is a value for. */
  @Test
  void resultsOfAnotherSize() {
    assertSays(
        "pair of tokens",
        () -> TransformerExercises.rollout(shares -> new double[][] {shares[0][0]}));
    assertSays(
        "fills no block", () -> SanityExercises.inner((map, margin, block) -> new float[3][3]));
    assertSays(
        "a step",
        () ->
            SanityExercises.line(
                (steps, method) -> steps.stream().mapToDouble(s -> s.rankCorrelation()).toArray()));
  }

  /** Lesson 03: a factor of type double makes the score one, too. */
  @Test
  void aScoreOfDoublePrecision() {
    GradCamExercises.rather(
        (first, second, classes) ->
            Target.score(
                "rather", y -> second.score(y, classes).mul(-1.0).add(first.score(y, classes))));
    GradCamExercises.rather(
        (first, second, classes) ->
            Target.score(
                "rather", y -> doubles(first.score(y, classes)).sub(second.score(y, classes))));
  }

  @Test
  void noTargetIsToldAsNull() {
    assertSays("returns null", () -> GradCamExercises.rather((first, second, classes) -> null));
    assertSays("returns null", () -> GradCamPlusPlusExercises.times((t, factor, classes) -> null));
  }

  /** Lesson 03: the classes of the example, whatever was asked for. */
  @Test
  void aDifferenceOfTwoOtherClasses() {
    message(
        () ->
            GradCamExercises.rather(
                (first, second, classes) ->
                    Target.score("foxes", y -> y.get(classes.index("fox")).sub(y.get(1)))));
    message(
        () ->
            GradCamExercises.rather(
                (first, second, classes) -> Target.score("range", y -> y.min().sub(y.max()))));
  }

  /** Lesson 04: rows and columns exchanged. */
  @Test
  void aFusionThatIsTurned() {
    message(
        () ->
            LayerCamExercises.fusedUnlifted(
                maps -> {
                  float[][] fused = new float[maps.get(0).width()][maps.get(0).height()];
                  for (Heatmap map : maps) {
                    for (int i = 0; i < map.height() && map.max() > 0; i++) {
                      for (int j = 0; j < map.width(); j++) {
                        fused[j][i] = Math.max(fused[j][i], map.at(i, j) / map.max());
                      }
                    }
                  }
                  return fused;
                }));
  }

  /**
   * Sums in whole numbers: {@code int sum; sum += 0.5f;} adds nothing, and the compiler is silent.
   */
  @Test
  void sumsInWholeNumbers() {
    message(
        () ->
            GradCamExercises.counterfactual(
                (a, g) -> {
                  float[][] map = new float[a.height()][a.width()];
                  for (int j = 0; j < a.width(); j++) {
                    int sum = 0;
                    for (int k = 0; k < a.channels(); k++) {
                      sum -= (int) (g.mean(k) * a.at(k, 0, j));
                    }
                    map[0][j] = Math.max(sum, 0);
                  }
                  return map;
                }));
    message(
        () ->
            LayerCamExercises.withoutInnerRelu(
                (a, g) -> {
                  float[][] map = new float[a.height()][a.width()];
                  for (int j = 0; j < a.width(); j++) {
                    map[0][j] = Math.max((int) whole(a, g, j), 0);
                  }
                  return map;
                }));
    message(
        () ->
            GradCamPlusPlusExercises.positiveMeans(
                g ->
                    IntStream.range(0, g.channels())
                        .mapToDouble(
                            k -> {
                              int sum = 0;
                              for (float value : g.channel(k).values()) {
                                sum += (int) Math.max(value, 0);
                              }
                              int mean = sum / (g.height() * g.width());
                              return mean;
                            })
                        .toArray()));
    message(
        () ->
            OtherNetworksExercises.contribution(
                (a, g) -> (int) whole(a, g, 0) + (int) whole(a, g, 1)));
    message(
        () ->
            ShortcutExercises.contribution(
                (a, g, channels) -> {
                  int sum = 0;
                  for (int k : channels) {
                    for (int j = 0; j < a.width(); j++) {
                      sum += (int) (a.at(k, 0, j) * g.at(k, 0, j));
                    }
                  }
                  return sum;
                }));
    message(
        () ->
            SanityExercises.inner(
                (map, margin, block) -> {
                  int height = (map.height() - 2 * margin) / block;
                  int width = (map.width() - 2 * margin) / block;
                  int[][] sums = new int[height][width];
                  for (int i = 0; i < height * block; i++) {
                    for (int j = 0; j < width * block; j++) {
                      sums[i / block][j / block] += (int) map.at(margin + i, margin + j);
                    }
                  }
                  float[][] means = new float[height][width];
                  for (int i = 0; i < height; i++) {
                    for (int j = 0; j < width; j++) {
                      int mean = sums[i][j] / (block * block);
                      means[i][j] = mean;
                    }
                  }
                  return means;
                }));
  }

  private static double whole(ChannelMaps a, ChannelMaps g, int column) {
    double sum = 0;
    for (int k = 0; k < a.channels(); k++) {
      sum += a.at(k, 0, column) * g.at(k, 0, column);
    }
    return sum;
  }

  /** Lesson 05: α as the paper writes it is 0/0 where the gradient is 0. */
  @Test
  void aRegionWithoutGradient() {
    assertSays(
        "gradient 0",
        () ->
            GradCamPlusPlusExercises.heights(
                (n, a, g, all) -> {
                  double alpha = g * g / (2 * g * g + n * a * g * g * g);
                  double weight = n * alpha * Math.max(g, 0);
                  return new double[] {Math.max(n * a * g / all, 0), Math.max(weight * a, 0)};
                }));
  }

  /** Lesson 07: rows as long as there are classes, and not channels. */
  @Test
  void rowsOfAnotherLength() {
    message(
        () ->
            OtherNetworksExercises.wholeScore(
                (a, weights, bias, c) -> {
                  float[][] map = new float[a.height()][a.width()];
                  for (int i = 0; i < a.height(); i++) {
                    for (int j = 0; j < a.width(); j++) {
                      map[i][j] = bias[c];
                      for (int k = 0; k < a.channels(); k++) {
                        map[i][j] += weights[c * bias.length + k] * a.at(k, i, j);
                      }
                    }
                  }
                  return map;
                }));
  }

  /** Lesson 08: {@code ==} of two names. */
  @Test
  void namesThatAreComparedAsObjects() {
    assertSays(
        "with equals",
        () ->
            OwnModelExercises.standsFor(
                (layers, name) -> {
                  String last = null;
                  for (String layer : layers) {
                    boolean same = System.identityHashCode(layer) == System.identityHashCode(name);
                    last = same || layer.startsWith(name + ".") ? layer : last;
                  }
                  return last;
                }));
  }

  @Test
  void aBlockThatPutsOutBothBranches() {
    assertSays(
        "2 arrays",
        () ->
            OwnModelExercises.residual(
                f ->
                    new ParallelBlock(
                        outputs -> new NDList(outputs.get(0).head(), outputs.get(1).head()),
                        List.of(f, Blocks.identityBlock()))));
  }

  /** Lesson 08b: equals of activations, which compares the names, finds none. */
  @Test
  void aNullHasTheHintOfItsExercise() {
    assertSays(
        "two layers never have the same name",
        () ->
            FromPythonExercises.outputOf(
                (whole, calls) ->
                    calls.keySet().stream()
                        .filter(call -> calls.get(call).equals(whole))
                        .findFirst()
                        .orElse(null)));
    assertSays(
        "return an array of no numbers",
        () ->
            TransformerExercises.place(
                (token, columns, patch) ->
                    token == 0 ? null : TransformerExercisesTest.place(token, columns, patch)));
  }

  /** Lesson 09: the share of the map's positions, and not of the picture's. */
  @Test
  void anAreaInPositionsOfTheMap() {
    assertSays(
        "the same everywhere",
        () ->
            MethodOrNetworkExercises.timesEven(
                (map, animal) ->
                    new EnergyInObject().of(map, animal)
                        * (map.height() * map.width())
                        / animal.count()));
  }

  @Test
  void aWrongSignAndAFactor() {
    String halved =
        message(
            () ->
                MethodOrNetworkExercises.interaction(
                    (rg, rf, xg, xf) ->
                        IntStream.range(0, rg.length)
                            .mapToDouble(p -> (rf[p] - rg[p] - xf[p] + xg[p]) / 2)
                            .toArray()));
    assertTrue(halved.contains("too small by one and the same factor, and the signs"), halved);
    String doubled =
        message(
            () ->
                MethodOrNetworkExercises.interaction(
                    (rg, rf, xg, xf) ->
                        IntStream.range(0, rg.length)
                            .mapToDouble(p -> (rf[p] - rg[p] - xf[p] + xg[p]) * 2)
                            .toArray()));
    assertTrue(doubled.contains("too large by one and the same factor, and the signs"), doubled);
  }

  /** Lesson 10: some zeros at one place of the map are as good as at another. */
  @Test
  void zerosInAnyCorner() {
    for (int last : new int[] {0, 1}) {
      SeveralAnimalsExercises.winsEverything(
          (rows, columns) -> {
            float[][] map = ones(rows, columns);
            Arrays.fill(map[last * (rows - 1)], last * (columns - 3), 3 + last * (columns - 3), 0);
            return map;
          });
    }
  }

  @Test
  void mapsThatWinNothing() {
    assertSays(
        "no value above 0",
        () ->
            SeveralAnimalsExercises.winsEverything(
                (rows, columns) -> {
                  float[][] map = new float[rows][columns];
                  map[0][0] = -1;
                  return map;
                }));
    for (float value : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
      assertSays(
          "no finite number",
          () ->
              SeveralAnimalsExercises.winsEverything(
                  (rows, columns) -> {
                    float[][] map = ones(rows, columns);
                    map[0][0] = value;
                    return map;
                  }));
    }
    assertSays(
        "another size",
        () -> SeveralAnimalsExercises.winsEverything((rows, columns) -> new float[rows][]));
    assertSays(
        "another size",
        () ->
            SeveralAnimalsExercises.winsEverything(
                (rows, columns) -> {
                  float[][] map = ones(rows, columns);
                  map[rows - 1] = new float[columns - 1];
                  return map;
                }));
  }

  private static float[][] ones(int rows, int columns) {
    float[][] map = new float[rows][columns];
    for (float[] row : map) {
      Arrays.fill(row, 1);
    }
    return map;
  }

  /** Lesson 10: the map's own grid taken for the picture's. */
  @Test
  void heatWithoutResizing() {
    message(
        () ->
            SeveralAnimalsExercises.relativeHeat(
                (map, animals) -> {
                  double[] heats =
                      animals.stream().mapToDouble(animal -> unsized(map, animal)).toArray();
                  double best = Arrays.stream(heats).max().getAsDouble();
                  return Arrays.stream(heats).map(h -> best == 0 ? 0 : h / best).toArray();
                }));
  }

  private static double unsized(Heatmap map, Mask animal) {
    double sum = 0;
    for (int i = 0; i < map.height(); i++) {
      for (int j = 0; j < map.width(); j++) {
        sum += animal.contains(i, j) ? Math.max(map.at(i, j), 0) : 0;
      }
    }
    return sum / animal.count();
  }

  /** Lesson 11: the colours in the order blue, green, red. */
  @Test
  void coloursInAnotherOrder() {
    message(
        () ->
            PixelExercises.strongestColour(
                g -> {
                  int[] wins = new int[3];
                  for (int at = 0; at < g.height() * g.width(); at++) {
                    wins[2 - strongest(g, at / g.width(), at % g.width())]++;
                  }
                  return wins;
                }));
    message(() -> PixelExercises.strongestColour(g -> new int[] {2, 2, 2}));
  }

  private static int strongest(ChannelMaps g, int row, int column) {
    int best = 0;
    for (int c = 1; c < 3; c++) {
      best = Math.abs(g.at(c, row, column)) > Math.abs(g.at(best, row, column)) ? c : best;
    }
    return best;
  }

  /** Lesson 11b: arrays of other types than the one that was given. */
  @Test
  void theThirdRuleInAnotherPrecision() {
    GuidedExercises.thirdRule((z, above) -> above.mul(doubles(above.gt(0))));
    GuidedExercises.thirdRule(
        (z, above) -> {
          float[] values = above.toFloatArray();
          double[] positive = new double[values.length];
          Arrays.setAll(positive, i -> Math.max(values[i], 0));
          return above.getManager().create(positive, above.getShape());
        });
    message(() -> GuidedExercises.thirdRule((z, above) -> above.gt(0)));
  }

  private static NDArray doubles(NDArray array) {
    return array.toType(DataType.FLOAT64, true);
  }

  /** Lesson 12: a list that names methods twice, or holds nothing. */
  @Test
  void namesThatAreThereTwice() {
    assertSays(
        "twice",
        () ->
            EveryMethodExercises.aheadInDraws(
                (ranking, than) ->
                    ranking.places().stream()
                        .map(place -> place.method())
                        .filter(name -> ranking.better(name, than) > 0.975)
                        .flatMap(name -> Stream.of(name, name))
                        .toList()));
    message(() -> EveryMethodExercises.aheadInDraws((r, than) -> Arrays.asList((String) null)));
  }

  /** Lesson 13: the order of the alphabet, which is no network's. */
  @Test
  void layersInTheOrderOfTheAlphabet() {
    message(
        () ->
            SanityExercises.upwards(
                (layers, seed) ->
                    new CascadingRandomization(layers.stream().sorted().toList(), seed)));
    String turned =
        message(
            () ->
                SanityExercises.upwards(
                    (layers, seed) -> {
                      List<String> copy = new ArrayList<>(layers);
                      Collections.reverse(copy);
                      Collections.reverse(layers);
                      return new CascadingRandomization(copy, seed);
                    }));
    assertFalse(turned.contains("your method returns"), turned);
  }

  /** Lesson 14: the row and column of a small map taken for those of a pixel. */
  @Test
  void aPeakWithoutResizing() {
    assertSays(
        "map of 4×4",
        () ->
            ShortcutExercises.alarm(
                (maps, masks) ->
                    IntStream.range(0, maps.size())
                            .filter(at -> nearest(maps.get(at).peak(), masks.get(at)) > 15)
                            .count()
                        / (double) maps.size()));
    // The middle of the cell, as lesson 02 has it: in a corner it is another pixel than the peak.
    assertSays(
        "resized to 40×40",
        () ->
            ShortcutExercises.alarm(
                (maps, masks) ->
                    IntStream.range(0, maps.size())
                            .filter(at -> middle(maps.get(at), masks.get(at)) > 15)
                            .count()
                        / (double) maps.size()));
  }

  private static double middle(Heatmap map, Mask mask) {
    Position peak = map.peak();
    int row = (int) ((peak.row() + 0.5) * mask.height() / map.height());
    int column = (int) ((peak.column() + 0.5) * mask.width() / map.width());
    return nearest(new Position(row, column), mask);
  }

  /** Lesson 15: a cat at the threshold is not above it, so it is missed. */
  @Test
  void aCatAtTheThreshold() {
    message(
        () ->
            ImbalanceExercises.cheapest(
                (cats, dogs, thresholds, price) ->
                    Arrays.stream(thresholds)
                        .boxed()
                        .min(
                            Comparator.comparingDouble(
                                t ->
                                    price
                                            * Arrays.stream(cats).filter(d -> d < t).count()
                                            / cats.length
                                        + Arrays.stream(dogs).filter(d -> d > t).count()
                                            / (double) dogs.length))
                        .get()));
  }

  /** Lesson 17: the first row only. */
  @Test
  void aConceptInTheFirstRow() {
    message(
        () ->
            ConceptExercises.conceptOn(
                (maps, mask) ->
                    IntStream.range(0, maps.size())
                        .boxed()
                        .max(
                            Comparator.comparingDouble(
                                k -> {
                                  double inside = 0;
                                  double all = 0;
                                  for (int j = 0; j < mask.width(); j++) {
                                    all += maps.get(k).at(0, j);
                                    inside += mask.contains(0, j) ? maps.get(k).at(0, j) : 0;
                                  }
                                  return all == 0 ? 0 : inside / all;
                                }))
                        .orElseThrow()));
  }

  /** Lesson 18: an answer that writes into the shares that it was given. */
  @Test
  void aRolloutInPlace() {
    TransformerExercises.rollout(
        shares -> {
          double[][] result = null;
          for (double[][] block : shares) {
            for (int i = 0; i < block.length; i++) {
              for (int j = 0; j < block.length; j++) {
                block[i][j] = (block[i][j] + (i == j ? 1 : 0)) / 2;
              }
            }
            result = result == null ? block : TransformerExercisesTest.product(block, result);
          }
          return result;
        });
  }
}
