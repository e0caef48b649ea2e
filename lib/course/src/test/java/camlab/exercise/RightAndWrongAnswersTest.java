package camlab.exercise;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.SequentialBlock;
import camlab.capture.Recording;
import camlab.capture.SmallNetworks;
import camlab.capture.Target;
import camlab.heatmap.ChannelMaps;
import camlab.heatmap.Heatmap;
import camlab.measure.CascadingRandomization;
import camlab.measure.CascadingRandomization.Step;
import camlab.measure.EnergyInObject;
import camlab.measure.PointingGame;
import camlab.network.LayeredNetwork;
import camlab.network.Network;
import camlab.notebook.CheckFailed;
import camlab.picture.Mask;
import camlab.picture.Picture;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;

/**
 * Of every check: two answers that readers may well write pass it, and two mistakes that they may
 * well make do not.
 */
class RightAndWrongAnswersTest {

  private static final String LAYER = "features.11";

  private record Case(String check, List<Executable> right, List<Executable> wrong) {}

  private static Case of(
      String check, Executable right, Executable otherwise, Executable... wrong) {
    return new Case(check, List.of(right, otherwise), List.of(wrong));
  }

  @TestFactory
  Stream<DynamicTest> rightAnswersPassAndWrongOnesDoNot() {
    return cases()
        .map(
            each ->
                DynamicTest.dynamicTest(
                    each.check(),
                    () -> {
                      for (Executable right : each.right()) {
                        assertDoesNotThrow(right);
                      }
                      assertAll(
                          each.wrong().stream()
                              .map(wrong -> () -> assertThrows(CheckFailed.class, wrong)));
                    }));
  }

  @Test
  void everyCheckIsTriedWithTwoWrongAnswers() {
    // Two lessons may have a check of the same name, and each of them counts.
    List<String> checks =
        CLASSES.stream()
            .flatMap(
                exercises ->
                    Arrays.stream(exercises.getDeclaredMethods())
                        .filter(method -> Modifier.isPublic(method.getModifiers()))
                        .map(Method::getName)
                        .distinct())
            .sorted()
            .toList();
    List<String> tried =
        cases()
            .filter(each -> each.wrong().size() >= 2)
            .map(each -> each.check().split(" ", 2)[0])
            .sorted()
            .toList();
    assertEquals(checks, tried);
  }

  private static final List<Class<?>> CLASSES =
      List.of(
          NetworkExercises.class,
          FeatureMapExercises.class,
          GradCamExercises.class,
          LayerCamExercises.class,
          GradCamPlusPlusExercises.class,
          OwnPictureExercises.class,
          OtherNetworksExercises.class,
          OwnModelExercises.class,
          FromPythonExercises.class,
          MethodOrNetworkExercises.class,
          SeveralAnimalsExercises.class,
          PixelExercises.class,
          GuidedExercises.class,
          EveryMethodExercises.class,
          SanityExercises.class,
          ShortcutExercises.class,
          ImbalanceExercises.class,
          AskingExercises.class,
          ConceptExercises.class,
          TransformerExercises.class);

  private static Stream<Case> cases() {
    return Stream.of(
            network(),
            maps(),
            cams(),
            others(),
            animals(),
            pixels(),
            judging(),
            trust(),
            asking(),
            concepts(),
            transformers())
        .flatMap(List::stream);
  }

  /** Lesson 16. */
  private static List<Case> asking() {
    return List.of(
        of(
            "questions",
            () ->
                AskingExercises.questions(
                    (side, window, stride) -> {
                      int places = Math.max(0, -Math.floorDiv(window - side, stride)) + 1;
                      return places * places + 1;
                    }),
            () ->
                AskingExercises.questions(
                    (side, window, stride) -> {
                      int places = 1;
                      for (int end = window; end < side; end += stride) {
                        places++;
                      }
                      return 1 + places * places;
                    }),
            () ->
                AskingExercises.questions(
                    (side, window, stride) -> {
                      int places = (side - window) / stride + 1;
                      return places * places + 1;
                    }),
            () ->
                AskingExercises.questions(
                    (side, window, stride) -> {
                      int places = Math.max(0, -Math.floorDiv(window - side, stride)) + 1;
                      return places * places;
                    }),
            () ->
                AskingExercises.questions(
                    (side, window, stride) -> {
                      int places = -Math.floorDiv(-side, stride);
                      return places * places + 1;
                    })),
        of(
            "contrast",
            () -> AskingExercises.contrast((seen, scores) -> contrast(seen, scores, true)),
            () ->
                AskingExercises.contrast(
                    (seen, scores) ->
                        IntStream.range(0, seen[0].length)
                            .mapToDouble(r -> contrastByStreams(seen, scores, r))
                            .toArray()),
            () -> AskingExercises.contrast((seen, scores) -> contrast(seen, scores, false)),
            () ->
                AskingExercises.contrast(
                    (seen, scores) ->
                        IntStream.range(0, seen[0].length)
                            .mapToDouble(r -> mean(seen, scores, r, true))
                            .toArray()),
            () ->
                AskingExercises.contrast(
                    (seen, scores) ->
                        IntStream.range(0, seen[0].length)
                            .mapToDouble(
                                r ->
                                    Double.isNaN(mean(seen, scores, r, false))
                                        ? 0
                                        : mean(seen, scores, r, true)
                                            - mean(seen, scores, r, false))
                            .toArray())),
        of(
            "shares",
            () ->
                AskingExercises.shares(
                    s ->
                        IntStream.range(0, 3)
                            .mapToDouble(
                                r -> {
                                  int a = 1 << (r + 1) % 3;
                                  int b = 1 << (r + 2) % 3;
                                  int own = 1 << r;
                                  return (2 * (s[own] - s[0])
                                          + s[own | a]
                                          - s[a]
                                          + s[own | b]
                                          - s[b]
                                          + 2 * (s[7] - s[a | b]))
                                      / 6;
                                })
                            .toArray()),
            () ->
                AskingExercises.shares(
                    s -> {
                      int[][] orders = {
                        {0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}
                      };
                      double[] shares = new double[3];
                      for (int[] order : orders) {
                        int seen = 0;
                        for (int r : order) {
                          shares[r] += (s[seen | 1 << r] - s[seen]) / 6;
                          seen |= 1 << r;
                        }
                      }
                      return shares;
                    }),
            // What hiding one of all does: ablation.
            () -> AskingExercises.shares(s -> new double[] {s[7] - s[6], s[7] - s[5], s[7] - s[3]}),
            // All four differences with the same weight.
            () ->
                AskingExercises.shares(
                    s -> {
                      double[] shares = new double[3];
                      for (int r = 0; r < 3; r++) {
                        for (int seen = 0; seen < 8; seen++) {
                          shares[r] += ((seen >> r & 1) == 1 ? s[seen] : -s[seen]) / 4;
                        }
                      }
                      return shares;
                    })));
  }

  /**
   * The contrast of each region.
   *
   * @param guarded whether one that is always or never seen has 0, and not 0/0
   */
  private static double[] contrast(boolean[][] seen, double[] scores, boolean guarded) {
    double[] contrast = new double[seen[0].length];
    for (int r = 0; r < contrast.length; r++) {
      double difference = mean(seen, scores, r, true) - mean(seen, scores, r, false);
      contrast[r] = guarded && Double.isNaN(difference) ? 0 : difference;
    }
    return contrast;
  }

  private static double mean(boolean[][] seen, double[] scores, int region, boolean where) {
    double sum = 0;
    int count = 0;
    for (int i = 0; i < scores.length; i++) {
      if (seen[i][region] == where) {
        sum += scores[i];
        count++;
      }
    }
    return sum / count;
  }

  private static double contrastByStreams(boolean[][] seen, double[] scores, int region) {
    List<Integer> questions = IntStream.range(0, scores.length).boxed().toList();
    Map<Boolean, Double> means =
        questions.stream()
            .collect(
                Collectors.partitioningBy(
                    i -> seen[i][region], Collectors.averagingDouble(i -> scores[i])));
    long hidden = questions.stream().filter(i -> !seen[i][region]).count();
    return hidden == 0 || hidden == scores.length ? 0 : means.get(true) - means.get(false);
  }

  /** Lesson 01. */
  private static List<Case> network() {
    return List.of(
        of(
            "convolution",
            () ->
                NetworkExercises.convolution(
                    (n, c, k, f, s, p) ->
                        new int[] {
                          (int) Math.floor((n + 2.0 * p - f) / s) + 1, k * (c * f * f + 1)
                        }),
            () ->
                NetworkExercises.convolution(
                    (n, c, k, f, s, p) -> {
                      int side = 0;
                      for (int left = -p; left + f <= n + p; left += s) {
                        side++;
                      }
                      return new int[] {side, c * f * f * k + k};
                    }),
            () ->
                NetworkExercises.convolution(
                    (n, c, k, f, s, p) -> new int[] {(n + p - f) / s + 1, k * (c * f * f + 1)}),
            () ->
                NetworkExercises.convolution(
                    (n, c, k, f, s, p) -> new int[] {(n + 2 * p - f) / s + 1, k * f * f + k}),
            () ->
                NetworkExercises.convolution(
                    (n, c, k, f, s, p) ->
                        new int[] {
                          (int) Math.round((n + 2.0 * p - f) / s + 1), k * (c * f * f + 1)
                        })),
        of(
            "safeSoftmax",
            () -> NetworkExercises.safeSoftmax(y -> softmax(y, largest(y))),
            () ->
                NetworkExercises.safeSoftmax(
                    y -> {
                      double sum = largest(y);
                      double log =
                          sum + Math.log(Arrays.stream(y).map(v -> Math.exp(v - sum)).sum());
                      return Arrays.stream(y).map(v -> Math.exp(v - log)).toArray();
                    }),
            () -> NetworkExercises.safeSoftmax(y -> softmax(y, Math.max(0, largest(y)))),
            () ->
                NetworkExercises.safeSoftmax(
                    y -> softmax(y, Arrays.stream(y).average().getAsDouble())),
            () -> NetworkExercises.safeSoftmax(y -> softmax(y, y[0]))),
        of(
            "accuracyAt",
            () -> accuracyAt((network, pictures) -> side -> accuracy(network, pictures, side)),
            () ->
                accuracyAt(
                    (network, pictures) ->
                        side ->
                            pictures.stream()
                                .map(picture -> picture.resized(side, side))
                                .mapToInt(small -> network.predict(small).get(0).index())
                                .mapToDouble(index -> index == 0 ? 1 : 0)
                                .average()
                                .getAsDouble()),
            () ->
                accuracyAt(
                    (network, pictures) ->
                        side -> pictures.size() * accuracy(network, pictures, side)),
            () ->
                accuracyAt((network, pictures) -> side -> 1 - accuracy(network, pictures, side))));
  }

  /** One of three pictures is named rightly at its own size, so that no wrong answer is 0, too. */
  private static void accuracyAt(BiFunction<Network, List<Picture>, IntFunction<Double>> answer) {
    List<Picture> pictures =
        List.of(SmallNetworks.picture(1), SmallNetworks.picture(2), SmallNetworks.picture(3));
    try (LayeredNetwork plain = SmallNetworks.alexNet()) {
      double[] ahead =
          Arrays.stream(plain.scores(pictures)).mapToDouble(y -> y[0] - y[1]).sorted().toArray();
      float[] shift = {(float) -(ahead[1] + ahead[2]) / 2, 0};
      try (Network network = plain.withParameters(Map.of("classifier.4.bias", shift))) {
        NetworkExercises.accuracyAt(
            network,
            pictures,
            List.of(0, 0, 0),
            side -> answer.apply(network, pictures).apply(side));
      }
    }
  }

  private static double accuracy(Network network, List<Picture> pictures, int side) {
    double right = 0;
    for (Picture picture : pictures) {
      right += network.predict(picture.resized(side, side)).get(0).index() == 0 ? 1 : 0;
    }
    return right / pictures.size();
  }

  private static double largest(double[] values) {
    return Arrays.stream(values).max().getAsDouble();
  }

  private static double[] softmax(double[] y, double less) {
    double sum = Arrays.stream(y).map(value -> Math.exp(value - less)).sum();
    return Arrays.stream(y).map(value -> Math.exp(value - less) / sum).toArray();
  }

  /** Lesson 02. */
  private static List<Case> maps() {
    return List.of(
        of(
            "place",
            () ->
                FeatureMapExercises.place(
                    maps -> FeatureMapExercisesTest.place(maps, -Double.MAX_VALUE)),
            () ->
                FeatureMapExercises.place(
                    maps -> {
                      float[] all = maps.values();
                      int best =
                          IntStream.range(0, all.length)
                              .reduce((a, b) -> all[b] > all[a] ? b : a)
                              .getAsInt();
                      int size = maps.height() * maps.width();
                      return new int[] {
                        best / size, best % size / maps.width(), best % maps.width()
                      };
                    }),
            () ->
                FeatureMapExercises.place(
                    maps -> FeatureMapExercisesTest.place(maps, Double.MIN_VALUE)),
            () ->
                FeatureMapExercises.place(
                    maps -> {
                      int[] at = FeatureMapExercisesTest.place(maps, -Double.MAX_VALUE);
                      return new int[] {at[0] + 1, at[1] + 1, at[2] + 1};
                    })),
        of(
            "dead",
            () ->
                FeatureMapExercises.dead(
                    pictures ->
                        channels(pictures.get(0))
                            .filter(
                                k ->
                                    pictures.stream()
                                        .flatMapToDouble(m -> values(m, k))
                                        .allMatch(v -> v == 0))
                            .boxed()
                            .toList()),
            () ->
                FeatureMapExercises.dead(
                    pictures -> {
                      List<Integer> alive = new ArrayList<>();
                      for (ChannelMaps maps : pictures) {
                        channels(maps)
                            .filter(k -> values(maps, k).map(Math::abs).sum() > 0)
                            .forEach(alive::add);
                      }
                      return channels(pictures.get(0))
                          .filter(k -> !alive.contains(k))
                          .boxed()
                          .toList();
                    }),
            () ->
                FeatureMapExercises.dead(
                    pictures ->
                        channels(pictures.get(0))
                            .filter(k -> pictures.get(0).sum(k) == 0)
                            .boxed()
                            .toList()),
            () ->
                FeatureMapExercises.dead(
                    pictures ->
                        channels(pictures.get(0))
                            .filter(k -> pictures.stream().allMatch(m -> m.sum(k) == 0))
                            .boxed()
                            .toList())),
        of(
            "cosine",
            () -> FeatureMapExercises.cosine((a, b) -> cosine(means(a), means(b), 0)),
            () -> FeatureMapExercises.cosine((a, b) -> cosine(sums(a), sums(b), 0)),
            () -> FeatureMapExercises.cosine((a, b) -> cosine(means(a), means(b), Double.NaN)),
            () -> FeatureMapExercises.cosine((a, b) -> cosine(flat(a), flat(b), 0)),
            () -> FeatureMapExercises.cosine((a, b) -> Math.abs(cosine(means(a), means(b), 0))),
            () ->
                FeatureMapExercises.cosine(
                    (a, b) ->
                        cosine(means(a), means(b), largest(means(b)) == 0 ? 0 : Double.NaN))));
  }

  private static IntStream channels(ChannelMaps maps) {
    return IntStream.range(0, maps.channels());
  }

  private static DoubleStream values(ChannelMaps maps, int channel) {
    float[] values = maps.channel(channel).values();
    return IntStream.range(0, values.length).mapToDouble(at -> values[at]);
  }

  private static double[] means(ChannelMaps maps) {
    return channels(maps).mapToDouble(maps::mean).toArray();
  }

  private static double[] sums(ChannelMaps maps) {
    return channels(maps).mapToDouble(maps::sum).toArray();
  }

  private static double[] flat(ChannelMaps maps) {
    return channels(maps).boxed().flatMapToDouble(k -> values(maps, k)).toArray();
  }

  private static double cosine(double[] a, double[] b, double ofNothing) {
    double product = Math.sqrt(dot(a, a)) * Math.sqrt(dot(b, b));
    return product == 0 ? ofNothing : dot(a, b) / product;
  }

  private static double dot(double[] a, double[] b) {
    return IntStream.range(0, a.length).mapToDouble(i -> a[i] * b[i]).sum();
  }

  /** Lessons 03, 04 and 05. */
  private static List<Case> cams() {
    return List.of(
        of(
            "counterfactual",
            () ->
                GradCamExercises.counterfactual(
                    (a, g) -> map(a, (k, at) -> -g.mean(k) * at, v -> Math.max(v, 0))),
            () ->
                GradCamExercises.counterfactual(
                    (a, g) -> map(a, (k, at) -> g.mean(k) * at, v -> v < 0 ? -v : 0)),
            () ->
                GradCamExercises.counterfactual(
                    (a, g) -> map(a, (k, at) -> Math.max(-g.mean(k) * at, 0), v -> v)),
            () ->
                GradCamExercises.counterfactual(
                    (a, g) -> map(a, (k, at) -> g.mean(k) * at, v -> -Math.max(v, 0)))),
        of(
            "bySize",
            () -> GradCamExercises.bySize((a, g) -> order(a, k -> -Math.abs(g.mean(k) * a.sum(k)))),
            () ->
                GradCamExercises.bySize(
                    (a, g) -> order(a, k -> -Math.pow(g.sum(k) * a.mean(k), 2))),
            () -> GradCamExercises.bySize((a, g) -> order(a, k -> -g.mean(k) * a.sum(k))),
            () -> GradCamExercises.bySize((a, g) -> order(a, k -> Math.abs(g.mean(k) * a.sum(k)))),
            () -> GradCamExercises.bySize((a, g) -> order(a, k -> -Math.abs(g.mean(k)))),
            () ->
                GradCamExercises.bySize(
                    (a, g) ->
                        order(
                            a,
                            k -> -values(g, k).map(Math::abs).average().getAsDouble() * a.sum(k))),
            () -> GradCamExercises.bySize((a, g) -> order(a, k -> -Math.abs(product(a, g, k))))),
        of(
            "rather",
            () ->
                GradCamExercises.rather(
                    (first, second, classes) ->
                        Target.score(
                            "rather", y -> first.score(y, classes).sub(second.score(y, classes)))),
            () ->
                GradCamExercises.rather(
                    (first, second, classes) ->
                        Target.score(
                            "rather",
                            y -> second.score(y, classes).neg().add(first.score(y, classes)))),
            () ->
                GradCamExercises.rather(
                    (first, second, classes) ->
                        Target.score(
                            "rather", y -> second.score(y, classes).sub(first.score(y, classes)))),
            () -> GradCamExercises.rather((first, second, classes) -> first)),
        of(
            "withoutInnerRelu",
            () -> LayerCamExercises.withoutInnerRelu((a, g) -> hiRes(a, g, v -> Math.max(v, 0))),
            () -> LayerCamExercises.withoutInnerRelu((a, g) -> hiRes(a, g, v -> v > 0 ? v : 0)),
            () -> LayerCamExercises.withoutInnerRelu((a, g) -> hiRes(a, g, Math::abs)),
            () ->
                LayerCamExercises.withoutInnerRelu(
                    (a, g) -> map(a, (k, at) -> g.mean(k) * at, v -> Math.max(v, 0)))),
        of(
            "fusedUnlifted",
            () -> LayerCamExercises.fusedUnlifted(maps -> fused(maps, Math::max, Heatmap::max)),
            () ->
                LayerCamExercises.fusedUnlifted(
                    maps ->
                        fused(
                            maps.stream().filter(map -> map.max() > 0).toList(),
                            Math::max,
                            Heatmap::max)),
            () ->
                LayerCamExercises.fusedUnlifted(
                    maps ->
                        fused(maps.stream().map(Heatmap::normalized).toList(), Math::max, m -> 1)),
            () -> LayerCamExercises.fusedUnlifted(maps -> fused(maps, Double::sum, Heatmap::max)),
            () ->
                LayerCamExercises.fusedUnlifted(
                    maps ->
                        fused(
                            maps,
                            Math::max,
                            m -> maps.stream().mapToDouble(Heatmap::max).max().getAsDouble()))),
        of(
            "dropWithout",
            () -> dropWithout((score, without) -> score - without),
            () -> dropWithout((score, without) -> -(without - score)),
            () -> dropWithout((score, without) -> (score - without) / score),
            () -> dropWithout((score, without) -> without - score)),
        of(
            "heights",
            () ->
                GradCamPlusPlusExercises.heights(
                    (n, a, g, all) -> {
                      double s = Math.max(0, n * a * g);
                      return new double[] {s / all, s / (2 + s)};
                    }),
            () ->
                GradCamPlusPlusExercises.heights(
                    (n, a, g, all) -> {
                      double alpha = 1 / (2 + n * a * g);
                      double weight = n * alpha * Math.max(g, 0);
                      return new double[] {Math.max(g * n / all * a, 0), Math.max(weight * a, 0)};
                    }),
            () ->
                GradCamPlusPlusExercises.heights(
                    (n, a, g, all) -> {
                      double s = Math.max(0, n * a * g);
                      return new double[] {s / all, s / (2 + s) / n};
                    }),
            () ->
                GradCamPlusPlusExercises.heights(
                    (n, a, g, all) -> {
                      double s = n * a * Math.abs(g);
                      return new double[] {s / all, s / (2 + s)};
                    }),
            () ->
                GradCamPlusPlusExercises.heights(
                    (n, a, g, all) -> {
                      double s = n * a * g;
                      return new double[] {Math.max(0, s / all), Math.max(0, s / (2 + s))};
                    })),
        of(
            "positiveMeans",
            () ->
                GradCamPlusPlusExercises.positiveMeans(
                    g ->
                        channels(g)
                            .mapToDouble(
                                k ->
                                    values(g, k).filter(v -> v > 0).sum()
                                        / (g.height() * g.width()))
                            .toArray()),
            () ->
                GradCamPlusPlusExercises.positiveMeans(
                    g ->
                        channels(g)
                            .mapToDouble(
                                k -> values(g, k).map(v -> Math.max(v, 0)).average().getAsDouble())
                            .toArray()),
            () ->
                GradCamPlusPlusExercises.positiveMeans(
                    g ->
                        channels(g)
                            .mapToDouble(k -> values(g, k).filter(v -> v > 0).average().orElse(0))
                            .toArray()),
            () ->
                GradCamPlusPlusExercises.positiveMeans(
                    g -> channels(g).mapToDouble(k -> Math.max(g.mean(k), 0)).toArray())),
        of(
            "times",
            () ->
                GradCamPlusPlusExercises.times(
                    (target, factor, classes) ->
                        Target.score("times", y -> target.score(y, classes).mul(factor))),
            () ->
                GradCamPlusPlusExercises.times(
                    (target, factor, classes) ->
                        Target.score("times", y -> target.score(y.mul((float) factor), classes))),
            () ->
                GradCamPlusPlusExercises.times(
                    (target, factor, classes) -> Target.score("times", y -> y.get(0).mul(factor))),
            () ->
                GradCamPlusPlusExercises.times(
                    (target, factor, classes) ->
                        Target.score("times", y -> target.score(y, classes).add(factor)))));
  }

  /** What a channel's activation adds, and what becomes of the sum. */
  private static float[][] map(
      ChannelMaps a, BiFunction<Integer, Double, Double> part, ToDoubleFunction<Double> end) {
    float[][] rows = new float[a.height()][a.width()];
    for (int i = 0; i < a.height(); i++) {
      for (int j = 0; j < a.width(); j++) {
        double sum = 0;
        for (int k = 0; k < a.channels(); k++) {
          sum += part.apply(k, (double) a.at(k, i, j));
        }
        rows[i][j] = (float) end.applyAsDouble(sum);
      }
    }
    return rows;
  }

  private static float[][] hiRes(ChannelMaps a, ChannelMaps g, ToDoubleFunction<Double> end) {
    float[][] rows = new float[a.height()][a.width()];
    for (int i = 0; i < a.height(); i++) {
      for (int j = 0; j < a.width(); j++) {
        double sum = 0;
        for (int k = 0; k < a.channels(); k++) {
          sum += g.at(k, i, j) * a.at(k, i, j);
        }
        rows[i][j] = (float) end.applyAsDouble(sum);
      }
    }
    return rows;
  }

  private static List<Integer> order(ChannelMaps maps, ToDoubleFunction<Integer> size) {
    return channels(maps).boxed().sorted(Comparator.comparingDouble(size)).toList();
  }

  private static float[][] fused(
      List<Heatmap> maps, DoubleBinaryOperator join, ToDoubleFunction<Heatmap> scale) {
    float[][] rows = new float[maps.get(0).height()][maps.get(0).width()];
    for (Heatmap each : maps) {
      double top = scale.applyAsDouble(each);
      for (int i = 0; i < rows.length; i++) {
        for (int j = 0; j < rows[i].length; j++) {
          double value = top == 0 ? 0 : each.at(i, j) / top;
          rows[i][j] = (float) join.applyAsDouble(rows[i][j], value);
        }
      }
    }
    return rows;
  }

  private static void dropWithout(DoubleBinaryOperator drop) {
    try (Network network = SmallNetworks.alexNet();
        Recording recording = Recording.of(network, SmallNetworks.picture(3), LAYER)) {
      Target target = Target.of("cat");
      ChannelMaps maps = recording.activations(LAYER);
      int most = order(maps, k -> -maps.sum(k)).get(0);
      double score = recording.score(target, 0);
      LayerCamExercises.dropWithout(
          recording,
          LAYER,
          target,
          List.of(most),
          k -> {
            NDArray kept = recording.activation(LAYER).duplicate();
            kept.set(new NDIndex(":," + k), 0);
            NDArray logits = network.model().rest(recording.input(), LAYER).run(kept);
            return drop.applyAsDouble(score, logits.get(0).getFloat(0));
          });
    }
  }

  /** Lessons 06, 07 and 08. */
  private static List<Case> others() {
    return List.of(
        of(
            "mirrored",
            () ->
                OwnPictureExercises.mirrored(
                    map -> turned(map, (i, j) -> map.at(i, map.width() - 1 - j))),
            () ->
                OwnPictureExercises.mirrored(
                    map -> {
                      float[][] rows = map.rows();
                      for (float[] row : rows) {
                        for (int j = 0; j < row.length / 2; j++) {
                          float left = row[j];
                          row[j] = row[row.length - 1 - j];
                          row[row.length - 1 - j] = left;
                        }
                      }
                      return rows;
                    }),
            () ->
                OwnPictureExercises.mirrored(
                    map ->
                        turned(map, (i, j) -> map.at(map.height() - 1 - i, map.width() - 1 - j))),
            () ->
                OwnPictureExercises.mirrored(
                    map -> turned(map, (i, j) -> map.at(map.height() - 1 - i, j)))),
        of(
            "onlyWhenSure",
            () -> OwnPictureExercises.onlyWhenSure((p, r, limit) -> sure(p, r, limit, p.length)),
            () ->
                OwnPictureExercises.onlyWhenSure(
                    (p, r, limit) -> {
                      List<Integer> answered =
                          IntStream.range(0, p.length).filter(i -> p[i] >= limit).boxed().toList();
                      double share =
                          answered.stream().mapToInt(i -> r.get(i) ? 1 : 0).average().orElse(0);
                      return new double[] {answered.size() / (double) p.length, share};
                    }),
            () ->
                OwnPictureExercises.onlyWhenSure(
                    (p, r, limit) -> {
                      double[] found = sure(p, r, limit, p.length);
                      return new double[] {found[0], found[0] * found[1]};
                    }),
            () -> OwnPictureExercises.onlyWhenSure((p, r, limit) -> sure(p, r, limit, 1))),
        of(
            "stack",
            () ->
                OtherNetworksExercises.stack(
                    (k, s, n) -> new long[] {(long) n * k * k * s * s, n * (s - 1L) + 1}),
            () ->
                OtherNetworksExercises.stack(
                    (k, s, n) -> {
                      long seen = 1;
                      long weights = 0;
                      for (int layer = 0; layer < n; layer++) {
                        seen += s - 1;
                        weights += (long) k * s * s * k;
                      }
                      return new long[] {weights, seen};
                    }),
            () ->
                OtherNetworksExercises.stack(
                    (k, s, n) -> new long[] {(long) n * k * s * s, n * (s - 1L) + 1}),
            () ->
                OtherNetworksExercises.stack(
                    (k, s, n) -> new long[] {(long) n * k * k * s * s, (long) n * s}),
            () ->
                OtherNetworksExercises.stack(
                    (k, s, n) -> new long[] {(long) n * k * k * s * s, s + 2L * (n - 1)})),
        of(
            "separable",
            () -> OtherNetworksExercises.separable((in, out, s) -> (long) in * (s * s + out)),
            () -> OtherNetworksExercises.separable((in, out, s) -> in * s * s + in * out),
            () -> OtherNetworksExercises.separable((in, out, s) -> s * s + in * out),
            () -> OtherNetworksExercises.separable((in, out, s) -> in * s * s + out)),
        of(
            "wholeScore",
            () ->
                OtherNetworksExercises.wholeScore(
                    (a, w, b, c) -> map(a, (k, at) -> w[c * a.channels() + k] * at, v -> v + b[c])),
            () ->
                OtherNetworksExercises.wholeScore(
                    (a, w, b, c) ->
                        map(
                            a,
                            (k, at) -> w[c * a.channels() + k] * at + b[c] / (double) a.channels(),
                            v -> v)),
            () ->
                OtherNetworksExercises.wholeScore(
                    (a, w, b, c) ->
                        map(
                            a,
                            (k, at) -> w[c * a.channels() + k] * at,
                            v -> v + b[c] / (a.height() * a.width()))),
            () ->
                OtherNetworksExercises.wholeScore(
                    (a, w, b, c) -> map(a, (k, at) -> w[c + 2 * k] * at, v -> v + b[c]))),
        of(
            "contribution (lesson 07)",
            () -> OtherNetworksExercises.contribution((a, g) -> dot(flat(a), flat(g))),
            () ->
                OtherNetworksExercises.contribution(
                    (a, g) -> channels(a).mapToDouble(k -> product(a, g, k)).sum()),
            () ->
                OtherNetworksExercises.contribution(
                    (a, g) -> channels(a).mapToDouble(k -> g.mean(k) * a.sum(k)).sum()),
            () ->
                OtherNetworksExercises.contribution(
                    (a, g) ->
                        IntStream.range(0, a.values().length)
                            .mapToDouble(at -> Math.max(0, g.values()[at] * a.values()[at]))
                            .sum())),
        of(
            "standsFor",
            () ->
                OwnModelExercises.standsFor(
                    (layers, name) ->
                        layers.stream()
                            .filter(each -> (each + ".").startsWith(name + "."))
                            .reduce((a, b) -> b)
                            .get()),
            () ->
                OwnModelExercises.standsFor(
                    (layers, name) -> {
                      List<String> reversed = new ArrayList<>(layers);
                      Collections.reverse(reversed);
                      return reversed.stream()
                          .filter(each -> each.equals(name) || each.startsWith(name + "."))
                          .findFirst()
                          .get();
                    }),
            () ->
                OwnModelExercises.standsFor(
                    (layers, name) ->
                        layers.stream()
                            .filter(each -> each.startsWith(name))
                            .reduce((a, b) -> b)
                            .get()),
            () ->
                OwnModelExercises.standsFor(
                    (layers, name) ->
                        layers.stream()
                            .filter(each -> (each + ".").startsWith(name + "."))
                            .max(Comparator.naturalOrder())
                            .get()),
            () ->
                OwnModelExercises.standsFor(
                    (layers, name) ->
                        last(layers, each -> each.equals(name) || each.contains(name + "."))),
            () ->
                OwnModelExercises.standsFor(
                    (layers, name) ->
                        last(layers, each -> each.equals(name) || each.matches(name + "\\.\\w+")))),
        of(
            "outputOf",
            () ->
                FromPythonExercises.outputOf(
                    (whole, calls) ->
                        calls.keySet().stream()
                            .filter(call -> Arrays.equals(calls.get(call).values(), whole.values()))
                            .findFirst()
                            .get()),
            () ->
                FromPythonExercises.outputOf(
                    (whole, calls) ->
                        calls.keySet().stream()
                            .min(
                                Comparator.comparingDouble(
                                    call -> distance(flat(calls.get(call)), flat(whole))))
                            .get()),
            () ->
                FromPythonExercises.outputOf(
                    (whole, calls) ->
                        calls.keySet().stream()
                            .filter(call -> sums(calls.get(call))[0] == sums(whole)[0])
                            .findFirst()
                            .get()),
            () ->
                FromPythonExercises.outputOf(
                    (whole, calls) -> calls.keySet().stream().max(String::compareTo).get())),
        of(
            "shareRight",
            () ->
                FromPythonExercises.shareRight(
                    (shown, answered, order) -> {
                      int right = 0;
                      for (int i = 0; i < shown.length; i++) {
                        right += order[answered[i]] == shown[i] ? 1 : 0;
                      }
                      return (double) right / shown.length;
                    }),
            () ->
                FromPythonExercises.shareRight(
                    (shown, answered, order) ->
                        IntStream.range(0, shown.length)
                                .filter(i -> shown[i] == order[answered[i]])
                                .count()
                            / (1.0 * shown.length)),
            // The order of the names, read the other way round.
            () ->
                FromPythonExercises.shareRight(
                    (shown, answered, order) ->
                        IntStream.range(0, shown.length)
                                .filter(i -> answered[i] == order[shown[i]])
                                .count()
                            / (1.0 * shown.length)),
            // How many, in place of the share.
            () ->
                FromPythonExercises.shareRight(
                    (shown, answered, order) ->
                        IntStream.range(0, shown.length)
                            .filter(i -> shown[i] == order[answered[i]])
                            .count())),
        of(
            "residual",
            () -> OwnModelExercises.residual(f -> joined(List.of(f, Blocks.identityBlock()), 1)),
            () -> OwnModelExercises.residual(f -> joined(List.of(Blocks.identityBlock(), f), 1)),
            () -> OwnModelExercises.residual(f -> joined(List.of(f, Blocks.identityBlock()), -1)),
            () ->
                OwnModelExercises.residual(
                    f -> new SequentialBlock().add(Blocks.identityBlock()).add(f))));
  }

  private static float[][] turned(Heatmap map, BiFunction<Integer, Integer, Float> at) {
    float[][] rows = new float[map.height()][map.width()];
    for (int i = 0; i < rows.length; i++) {
      for (int j = 0; j < rows[i].length; j++) {
        rows[i][j] = at.apply(i, j);
      }
    }
    return rows;
  }

  private static double[] sure(double[] p, List<Boolean> right, double limit, int all) {
    double answered = 0;
    double rightly = 0;
    for (int i = 0; i < p.length; i++) {
      if (p[i] >= limit) {
        answered++;
        rightly += right.get(i) ? 1 : 0;
      }
    }
    return new double[] {answered / all, answered == 0 ? 0 : rightly / answered};
  }

  private static double product(ChannelMaps a, ChannelMaps g, int channel) {
    return dot(values(a, channel).toArray(), values(g, channel).toArray());
  }

  private static double distance(double[] a, double[] b) {
    return IntStream.range(0, a.length).mapToDouble(i -> Math.abs(a[i] - b[i])).sum();
  }

  private static Block joined(List<Block> branches, int factor) {
    return new ParallelBlock(
        outputs ->
            new NDList(
                outputs
                    .get(0)
                    .singletonOrThrow()
                    .add(outputs.get(1).singletonOrThrow().mul(factor))),
        branches);
  }

  /** Lessons 09 and 10. */
  private static List<Case> animals() {
    return List.of(
        of(
            "fem",
            () -> MethodOrNetworkExercises.fem((a, sigmas) -> fem(a, sigmas, a.width(), 1)),
            () ->
                MethodOrNetworkExercises.fem(
                    (a, sigmas) ->
                        map(
                            a,
                            (k, at) ->
                                (at - a.mean(k)) / deviation(a, k) >= sigmas ? a.mean(k) : 0.0,
                            v -> v)),
            () -> MethodOrNetworkExercises.fem((a, sigmas) -> fem(a, sigmas, a.width() - 1, 1)),
            () -> MethodOrNetworkExercises.fem((a, sigmas) -> fem(a, sigmas, a.width(), 0))),
        of(
            "interaction",
            () ->
                MethodOrNetworkExercises.interaction(
                    (rg, rf, xg, xf) ->
                        IntStream.range(0, rg.length)
                            .mapToDouble(p -> xf[p] - xg[p] - (rf[p] - rg[p]))
                            .toArray()),
            () ->
                MethodOrNetworkExercises.interaction(
                    (rg, rf, xg, xf) -> {
                      double[] result = xf.clone();
                      for (int p = 0; p < result.length; p++) {
                        result[p] += rg[p] - xg[p] - rf[p];
                      }
                      return result;
                    }),
            () ->
                MethodOrNetworkExercises.interaction(
                    (rg, rf, xg, xf) ->
                        IntStream.range(0, rg.length)
                            .mapToDouble(p -> xf[p] - xg[p] - rf[p] - rg[p])
                            .toArray()),
            () ->
                MethodOrNetworkExercises.interaction(
                    (rg, rf, xg, xf) ->
                        IntStream.range(0, rg.length).mapToDouble(p -> xf[p] - rf[p]).toArray())),
        of(
            "timesEven",
            () ->
                MethodOrNetworkExercises.timesEven(
                    (m, o) -> energy(m, o) * o.width() * o.height() / o.count()),
            () ->
                MethodOrNetworkExercises.timesEven(
                    (m, o) -> energy(m, o) / (o.count() / (double) (o.width() * o.height()))),
            () ->
                MethodOrNetworkExercises.timesEven(
                    (m, o) -> energy(m, o) * o.count() / (o.width() * o.height())),
            () ->
                MethodOrNetworkExercises.timesEven(
                    (m, o) -> energy(m, o) / Math.max(1, o.count() / (o.width() * o.height())))),
        of(
            "positivePart",
            () -> SeveralAnimalsExercises.positivePart(map -> scaled(cut(map, 0))),
            () -> SeveralAnimalsExercises.positivePart(map -> cut(map, 0).normalized().rows()),
            () -> SeveralAnimalsExercises.positivePart(map -> cut(map.normalized(), 0).rows()),
            () ->
                SeveralAnimalsExercises.positivePart(
                    map -> turned(map, (i, j) -> Math.max(map.at(i, j), 0) / map.max()))),
        of(
            "winsEverything",
            () -> SeveralAnimalsExercises.winsEverything((h, w) -> filled(h, w, h - 1, w - 1)),
            () -> SeveralAnimalsExercises.winsEverything((h, w) -> filled(h, w, h / 2, w / 2)),
            () -> SeveralAnimalsExercises.winsEverything((h, w) -> new float[h][w]),
            () ->
                SeveralAnimalsExercises.winsEverything(
                    (h, w) -> {
                      float[][] rows = new float[h][w];
                      for (int i = 0; i < h; i++) {
                        for (int j = 0; j < w; j++) {
                          rows[i][j] = i;
                        }
                      }
                      return rows;
                    })),
        of(
            "relativeHeat",
            () -> SeveralAnimalsExercises.relativeHeat((m, all) -> relative(m, all, true)),
            () ->
                SeveralAnimalsExercises.relativeHeat(
                    (m, all) -> {
                      List<Double> heats = all.stream().map(each -> heat(m, each)).toList();
                      double best = Math.max(Collections.max(heats), 1e-30);
                      return heats.stream().mapToDouble(heat -> heat / best).toArray();
                    }),
            () -> SeveralAnimalsExercises.relativeHeat((m, all) -> relative(m, all, false)),
            () ->
                SeveralAnimalsExercises.relativeHeat(
                    (m, all) -> all.stream().mapToDouble(each -> heat(m, each)).toArray()),
            () ->
                SeveralAnimalsExercises.relativeHeat(
                    (m, all) ->
                        all.stream()
                            .mapToDouble(each -> heat(m, each) / Math.max(m.max(), 1e-30))
                            .toArray()),
            () ->
                SeveralAnimalsExercises.relativeHeat(
                    (m, all) ->
                        all.stream()
                            .mapToDouble(
                                each -> heat(m, each) / Math.max(heat(m, all.get(0)), 1e-30))
                            .toArray())));
  }

  private static double deviation(ChannelMaps a, int k) {
    return Math.sqrt(values(a, k).map(v -> Math.pow(v - a.mean(k), 2)).average().getAsDouble());
  }

  private static float[][] fem(ChannelMaps a, double sigmas, int divisor, int byMean) {
    return map(
        a,
        (k, at) -> {
          double squares = values(a, k).map(v -> Math.pow(v - a.mean(k), 2)).sum();
          boolean strong = at >= a.mean(k) + sigmas * Math.sqrt(squares / divisor);
          return strong ? (byMean == 1 ? a.mean(k) : at) : 0.0;
        },
        v -> v);
  }

  private static double energy(Heatmap map, Mask mask) {
    return new EnergyInObject().of(map, mask);
  }

  private static Heatmap cut(Heatmap map, float lowest) {
    float[] values = map.values();
    for (int at = 0; at < values.length; at++) {
      values[at] = Math.max(values[at], lowest);
    }
    return Heatmap.of(map.height(), map.width(), values, map.provenance());
  }

  private static float[][] scaled(Heatmap map) {
    float range = map.max() - map.min();
    return turned(map, (i, j) -> range == 0 ? 0 : (map.at(i, j) - map.min()) / range);
  }

  private static float[][] filled(int height, int width, int row, int column) {
    float[][] rows = new float[height][width];
    for (float[] each : rows) {
      Arrays.fill(each, 3);
    }
    rows[row][column] = 2;
    return rows;
  }

  private static double heat(Heatmap given, Mask animal) {
    Heatmap map = given.resized(animal.height(), animal.width());
    double sum = 0;
    for (int i = 0; i < map.height(); i++) {
      for (int j = 0; j < map.width(); j++) {
        sum += animal.contains(i, j) ? Math.max(map.at(i, j), 0) : 0;
      }
    }
    return sum / animal.count();
  }

  private static double[] relative(Heatmap map, List<Mask> animals, boolean byBest) {
    double[] heats = animals.stream().mapToDouble(each -> heat(map, each)).toArray();
    double by = byBest ? largest(heats) : Arrays.stream(heats).sum();
    return Arrays.stream(heats).map(heat -> by == 0 ? 0 : heat / by).toArray();
  }

  /** Lessons 11 and 11b. */
  private static List<Case> pixels() {
    return List.of(
        of(
            "strongestColour",
            () -> PixelExercises.strongestColour(g -> colours(g, (most, v) -> v > most ? 1 : 0)),
            () ->
                PixelExercises.strongestColour(
                    g -> {
                      int[] wins = new int[3];
                      for (int at = 0; at < g.height() * g.width(); at++) {
                        double r = Math.abs(g.channel(0).values()[at]);
                        double green = Math.abs(g.channel(1).values()[at]);
                        double b = Math.abs(g.channel(2).values()[at]);
                        wins[r >= green && r >= b ? 0 : green >= b ? 1 : 2]++;
                      }
                      return wins;
                    }),
            () -> PixelExercises.strongestColour(g -> colours(g, (most, v) -> v >= most ? 1 : 0)),
            () ->
                PixelExercises.strongestColour(
                    g -> {
                      int[] wins = new int[3];
                      for (int at = 0; at < g.height() * g.width(); at++) {
                        double r = Math.abs(g.channel(0).values()[at]);
                        double green = Math.abs(g.channel(1).values()[at]);
                        double b = Math.abs(g.channel(2).values()[at]);
                        wins[r >= green && r >= b ? 0 : green > b ? 1 : 2]++;
                      }
                      return wins;
                    })),
        of(
            "integrated",
            () -> PixelExercises.integrated((x, s, m, g) -> steps(x, s, m, 0.5, g)),
            () -> PixelExercises.integrated((x, s, m, g) -> steps(x, s, m, 1, g)),
            () -> PixelExercises.integrated((x, s, m, g) -> steps(x, s, 1000, 0.5, g)),
            () -> PixelExercises.integrated((x, s, m, g) -> steps(x, s, m, 0, g)),
            () ->
                PixelExercises.integrated(
                    (x, s, m, g) -> {
                      float[] result = steps(x, s, m, 0.5, g);
                      System.arraycopy(result, 0, x, 0, x.length);
                      return x;
                    })),
        of(
            "thirdRule",
            () -> GuidedExercises.thirdRule((z, above) -> above.mul(above.gt(0))),
            () -> GuidedExercises.thirdRule((z, above) -> above.add(above.abs()).div(2)),
            () -> GuidedExercises.thirdRule((z, above) -> above.mul(z.gt(0))),
            () -> GuidedExercises.thirdRule((z, above) -> above.abs())),
        of(
            "cosine",
            () -> GuidedExercises.cosine((a, b) -> cosine(a, b)),
            () ->
                GuidedExercises.cosine((a, b) -> dot(a, a) == 0 || dot(b, b) == 0 ? 0 : bare(a, b)),
            () -> GuidedExercises.cosine((a, b) -> dot(a, b)),
            () -> GuidedExercises.cosine((a, b) -> Math.abs(cosine(a, b))),
            () -> GuidedExercises.cosine((a, b) -> dot(b, b) == 0 ? 0 : bare(a, b)),
            () -> GuidedExercises.cosine((a, b) -> dot(a, a) == 0 ? 0 : bare(a, b))));
  }

  private static double cosine(float[] a, float[] b) {
    double scale = Math.sqrt(dot(a, a) * dot(b, b));
    return scale == 0 ? 0 : dot(a, b) / scale;
  }

  /** Not a number where one list is all zeros. */
  private static double bare(float[] a, float[] b) {
    return dot(a, b) / (Math.sqrt(dot(a, a)) * Math.sqrt(dot(b, b)));
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  /** Whether the colour with the value v takes the lead from the one before. */
  private static int[] colours(ChannelMaps g, DoubleBinaryOperator leads) {
    int[] wins = new int[3];
    for (int i = 0; i < g.height(); i++) {
      for (int j = 0; j < g.width(); j++) {
        int best = 0;
        for (int c = 1; c < 3; c++) {
          boolean more =
              leads.applyAsDouble(Math.abs(g.at(best, i, j)), Math.abs(g.at(c, i, j))) > 0;
          best = more ? c : best;
        }
        wins[best]++;
      }
    }
    return wins;
  }

  private static float[] steps(
      float[] x,
      float[] start,
      int steps,
      double within,
      java.util.function.UnaryOperator<float[]> gradient) {
    double[] sum = new double[x.length];
    for (int s = 0; s < steps; s++) {
      float[] between = x.clone();
      for (int i = 0; i < x.length; i++) {
        between[i] = (float) (start[i] + (s + within) / steps * (x[i] - start[i]));
      }
      float[] slope = gradient.apply(between);
      for (int i = 0; i < x.length; i++) {
        sum[i] += slope[i];
      }
    }
    float[] result = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      result[i] = (float) (sum[i] / steps * (x[i] - start[i]));
    }
    return result;
  }

  /** Lesson 12. */
  private static List<Case> judging() {
    return List.of(
        of(
            "energy",
            () -> EveryMethodExercises.energy((m, a) -> squares(m, a, 2)),
            () ->
                EveryMethodExercises.energy(
                    (m, a) -> {
                      float inside = 0;
                      float total = 0;
                      Heatmap large = m.resized(a.height(), a.width());
                      for (int at = 0; at < a.height() * a.width(); at++) {
                        float value = Math.max(large.at(at / a.width(), at % a.width()), 0);
                        total += value * value;
                        inside += a.contains(at / a.width(), at % a.width()) ? value * value : 0;
                      }
                      return total > 0 ? inside / total : 0;
                    }),
            () -> EveryMethodExercises.energy((m, a) -> energy(m, a)),
            () -> EveryMethodExercises.energy((m, a) -> Math.pow(energy(m, a), 2)),
            () -> EveryMethodExercises.energy((m, a) -> squares(m, a, 1))),
        of(
            "aloneAndBoth",
            () ->
                EveryMethodExercises.aloneAndBoth(
                    values -> new double[] {mean(values, false), mean(values, true)}),
            () ->
                EveryMethodExercises.aloneAndBoth(
                    values -> {
                      double[] sum = new double[2];
                      double[] count = new double[2];
                      for (String name : values.keySet()) {
                        int group = name.contains("both") ? 1 : 0;
                        for (double value : values.get(name)) {
                          sum[group] += value;
                          count[group]++;
                        }
                      }
                      return new double[] {sum[0] / count[0], sum[1] / count[1]};
                    }),
            () ->
                EveryMethodExercises.aloneAndBoth(
                    values -> {
                      values.replaceAll((name, all) -> all.subList(0, 1));
                      return new double[] {mean(values, false), mean(values, true)};
                    }),
            () ->
                EveryMethodExercises.aloneAndBoth(
                    values -> {
                      values.replaceAll(
                          (name, all) ->
                              List.of(all.stream().mapToDouble(v -> v).average().getAsDouble()));
                      return new double[] {mean(values, false), mean(values, true)};
                    })),
        of(
            "aheadInDraws",
            () ->
                EveryMethodExercises.aheadInDraws(
                    (ranking, than) ->
                        ranking.places().stream()
                            .map(place -> place.method())
                            .filter(name -> ranking.better(name, than) > 0.975)
                            .toList()),
            () ->
                EveryMethodExercises.aheadInDraws(
                    (ranking, than) -> {
                      List<String> names = new ArrayList<>();
                      ranking.places().forEach(place -> names.add(0, place.method()));
                      names.removeIf(name -> !(ranking.better(name, than) > 0.975));
                      return names;
                    }),
            () ->
                EveryMethodExercises.aheadInDraws(
                    (ranking, than) ->
                        ranking.places().stream()
                            .map(place -> place.method())
                            .filter(name -> ranking.better(name, than) >= 0.975)
                            .toList()),
            () ->
                EveryMethodExercises.aheadInDraws(
                    (ranking, than) ->
                        ranking.places().stream()
                            .map(place -> place.method())
                            .filter(name -> ranking.better(than, name) > 0.975)
                            .toList())));
  }

  private static double squares(Heatmap map, Mask mask, int power) {
    Heatmap large = map.resized(mask.height(), mask.width());
    double inside = 0;
    double total = 0;
    for (int i = 0; i < mask.height(); i++) {
      for (int j = 0; j < mask.width(); j++) {
        double value = Math.pow(Math.max(large.at(i, j), 0), power);
        inside += mask.contains(i, j) ? value : 0;
        total += value;
      }
    }
    return total == 0 ? 0 : inside / total;
  }

  private static double mean(java.util.Map<String, List<Double>> values, boolean both) {
    return values.keySet().stream()
        .filter(name -> name.contains("both") == both)
        .flatMap(name -> values.get(name).stream())
        .mapToDouble(v -> v)
        .average()
        .getAsDouble();
  }

  /** Lessons 13, 14 and 15. */
  private static List<Case> trust() {
    return List.of(
        of(
            "line",
            () -> SanityExercises.line((steps, method) -> line(steps, method, String::equals)),
            () ->
                SanityExercises.line(
                    (steps, method) ->
                        DoubleStream.concat(
                                DoubleStream.of(1),
                                steps.stream()
                                    .filter(step -> method.equals(nameOf(step)))
                                    .mapToDouble(Step::rankCorrelation))
                            .toArray()),
            () ->
                SanityExercises.line(
                    (steps, method) -> line(steps, method, RightAndWrongAnswersTest::sameObject)),
            () ->
                SanityExercises.line(
                    (steps, method) -> {
                      double[] line = line(steps, method, String::equals);
                      Arrays.sort(line);
                      return line;
                    })),
        of(
            "oneAtATime",
            () ->
                SanityExercises.oneAtATime(
                    (layers, seed) ->
                        layers.stream()
                            .map(each -> new CascadingRandomization(List.of(each), seed))
                            .toList()),
            () ->
                SanityExercises.oneAtATime(
                    (layers, seed) -> {
                      List<CascadingRandomization> plan = new ArrayList<>();
                      for (int at = 0; at < layers.size(); at++) {
                        plan.add(new CascadingRandomization(layers.subList(at, at + 1), seed));
                      }
                      return plan;
                    }),
            () ->
                SanityExercises.oneAtATime(
                    (layers, seed) -> {
                      List<CascadingRandomization> plan = new ArrayList<>();
                      for (int at = 0; at < layers.size(); at++) {
                        plan.add(new CascadingRandomization(layers.subList(0, at + 1), seed));
                      }
                      return plan;
                    }),
            () ->
                SanityExercises.oneAtATime(
                    (layers, seed) -> {
                      List<CascadingRandomization> plan = new ArrayList<>();
                      for (String layer : layers) {
                        plan.add(0, new CascadingRandomization(List.of(layer), seed));
                      }
                      return plan;
                    })),
        of(
            "upwards",
            () ->
                SanityExercises.upwards(
                    (layers, seed) -> {
                      List<String> order = new ArrayList<>();
                      layers.forEach(layer -> order.add(0, layer));
                      return new CascadingRandomization(order, seed);
                    }),
            () ->
                SanityExercises.upwards(
                    (layers, seed) ->
                        new CascadingRandomization(
                            IntStream.rangeClosed(1, layers.size())
                                .mapToObj(back -> layers.get(layers.size() - back))
                                .toList(),
                            seed)),
            () ->
                SanityExercises.upwards(
                    (layers, seed) ->
                        new CascadingRandomization(layers.stream().sorted().toList(), seed + 1)),
            () ->
                SanityExercises.upwards(
                    (layers, seed) -> {
                      Collections.reverse(layers);
                      return new CascadingRandomization(layers, seed);
                    })),
        of(
            "inner",
            () -> SanityExercises.inner((map, margin, block) -> blocks(map, margin, margin, block)),
            () ->
                SanityExercises.inner(
                    (map, margin, block) -> {
                      float[][] means = blocks(map, margin, margin, 1);
                      return blocks(Heatmap.of(means, map.provenance()), 0, 0, block);
                    }),
            () -> SanityExercises.inner((map, margin, block) -> blocks(map, 0, margin, block)),
            () -> SanityExercises.inner((map, margin, block) -> blocks(map, margin, 0, block))),
        of(
            "alarm",
            () -> ShortcutExercises.alarm((maps, masks) -> alarm(maps, masks, 15)),
            () ->
                ShortcutExercises.alarm(
                    (maps, masks) ->
                        IntStream.range(0, maps.size())
                            .mapToDouble(at -> nearest(maps.get(at), masks.get(at)) > 15 ? 1 : 0)
                            .average()
                            .getAsDouble()),
            () ->
                ShortcutExercises.alarm(
                    (maps, masks) ->
                        IntStream.range(0, maps.size())
                            .mapToDouble(at -> squareHit(maps.get(at), masks.get(at)) ? 0 : 1)
                            .average()
                            .getAsDouble()),
            () -> ShortcutExercises.alarm((maps, masks) -> 1 - alarm(maps, masks, 15)),
            () -> ShortcutExercises.alarm((maps, masks) -> alarm(maps, masks, 14)),
            () -> ShortcutExercises.alarm((maps, masks) -> alarm(maps, masks, 16)),
            () ->
                ShortcutExercises.alarm(
                    (maps, masks) ->
                        alarm(maps, Collections.nCopies(maps.size(), masks.get(0)), 15))),
        of(
            "covered",
            () -> ShortcutExercises.covered((s, p, columns) -> covered(s, p, columns, 0)),
            () ->
                ShortcutExercises.covered(
                    (s, p, columns) -> {
                      int[] rgb = new int[s.width() * s.height()];
                      for (int row = 0; row < s.height(); row++) {
                        for (int column = 0; column < s.width(); column++) {
                          Picture from = column >= columns ? s : p;
                          rgb[row * s.width() + column] = from.rgb(row, column);
                        }
                      }
                      return Picture.of(s.width(), s.height(), rgb);
                    }),
            () -> ShortcutExercises.covered((s, p, columns) -> covered(s, p, columns, 1)),
            () -> ShortcutExercises.covered((s, p, columns) -> covered(p, s, columns, 0))),
        of(
            "contribution (lesson 14)",
            () ->
                ShortcutExercises.contribution(
                    (a, g, chosen) -> chosen.stream().mapToDouble(k -> product(a, g, k)).sum()),
            () ->
                ShortcutExercises.contribution(
                    (a, g, chosen) -> {
                      float sum = 0;
                      for (int k : chosen) {
                        float[] of = a.channel(k).values();
                        for (int at = 0; at < of.length; at++) {
                          sum += of[at] * g.channel(k).values()[at];
                        }
                      }
                      return sum;
                    }),
            () ->
                ShortcutExercises.contribution(
                    (a, g, chosen) ->
                        IntStream.range(0, chosen.size()).mapToDouble(k -> product(a, g, k)).sum()),
            () ->
                ShortcutExercises.contribution(
                    (a, g, chosen) -> chosen.stream().mapToDouble(a::sum).sum())),
        of(
            "cheapest",
            () -> ImbalanceExercises.cheapest((c, d, t, price) -> cheapest(c, d, t, price, false)),
            () ->
                ImbalanceExercises.cheapest(
                    (c, d, t, price) -> least(t, at -> cost(c, d, at, price))),
            () -> ImbalanceExercises.cheapest((c, d, t, price) -> cheapest(c, d, t, price, true)),
            () ->
                ImbalanceExercises.cheapest(
                    (c, d, t, price) -> least(t, at -> above(d, at) - price * above(c, at) * 0.01)),
            () ->
                ImbalanceExercises.cheapest(
                    (c, d, t, price) -> least(t, at -> cost(c, d, Math.nextDown(at), price)))),
        of(
            "precision",
            () ->
                ImbalanceExercises.precision(
                    (c, d, share) -> {
                      double right = share * above(c, 0);
                      double called = right + (1 - share) * above(d, 0);
                      return called == 0 ? 0 : right / called;
                    }),
            () ->
                ImbalanceExercises.precision(
                    (c, d, share) ->
                        share == 0 || above(c, 0) == 0
                            ? 0
                            : 1 / (1 + (1 - share) * above(d, 0) / (share * above(c, 0)))),
            () ->
                ImbalanceExercises.precision(
                    (c, d, share) -> {
                      double right = share * above(c, -1e-9);
                      double called = right + (1 - share) * above(d, -1e-9);
                      return called == 0 ? 0 : right / called;
                    }),
            () ->
                ImbalanceExercises.precision(
                    (c, d, share) -> {
                      double right = share * above(c, 0) * c.length;
                      double called = right + (1 - share) * above(d, 0) * d.length;
                      return called == 0 ? 0 : right / called;
                    })));
  }

  /** Lesson 17. */
  private static List<Case> concepts() {
    return List.of(
        of(
            "mattering",
            () ->
                ConceptExercises.mattering(
                    (half, random, level) ->
                        (int)
                            IntStream.range(0, half.length)
                                .filter(i -> half[i] * half.length < level)
                                .filter(i -> random[i] * half.length < level)
                                .count()),
            () ->
                ConceptExercises.mattering(
                    (half, random, level) -> {
                      int count = 0;
                      for (int i = 0; i < random.length; i++) {
                        count += Math.max(half[i], random[i]) < level / random.length ? 1 : 0;
                      }
                      return count;
                    }),
            () ->
                ConceptExercises.mattering(
                    (half, random, level) ->
                        (int)
                            IntStream.range(0, half.length)
                                .filter(i -> Math.max(half[i], random[i]) < level)
                                .count()),
            () ->
                ConceptExercises.mattering(
                    (half, random, level) ->
                        (int)
                            IntStream.range(0, half.length)
                                .filter(i -> Math.min(half[i], random[i]) < level / half.length)
                                .count()),
            () ->
                ConceptExercises.mattering(
                    (half, random, level) ->
                        (int) Arrays.stream(half).filter(p -> p < level / half.length).count()),
            () ->
                ConceptExercises.mattering(
                    (half, random, level) ->
                        (int)
                            IntStream.range(0, half.length)
                                .filter(i -> Math.max(half[i], random[i]) <= level / half.length)
                                .count())),
        of(
            "conceptOn",
            () ->
                ConceptExercises.conceptOn(
                    (maps, mask) ->
                        IntStream.range(0, maps.size())
                            .boxed()
                            .max(
                                Comparator.comparingDouble(
                                    k -> new EnergyInObject().of(maps.get(k), mask)))
                            .orElseThrow()),
            () ->
                ConceptExercises.conceptOn(
                    (maps, mask) -> {
                      int best = 0;
                      double most = 0;
                      for (int k = 0; k < maps.size(); k++) {
                        double all = sum(maps.get(k));
                        double share =
                            all == 0 ? 0 : ConceptExercisesTest.inside(maps.get(k), mask) / all;
                        best = share > most ? k : best;
                        most = Math.max(share, most);
                      }
                      return best;
                    }),
            () ->
                ConceptExercises.conceptOn(
                    (maps, mask) ->
                        IntStream.range(0, maps.size())
                            .boxed()
                            .max(
                                Comparator.comparingDouble(
                                    k -> ConceptExercisesTest.inside(maps.get(k), mask)))
                            .orElseThrow()),
            () ->
                ConceptExercises.conceptOn(
                    (maps, mask) ->
                        IntStream.range(0, maps.size())
                            .boxed()
                            .max(
                                Comparator.comparingDouble(
                                    k ->
                                        ConceptExercisesTest.inside(maps.get(k), mask)
                                            / sum(maps.get(k))))
                            .orElseThrow())));
  }

  /** Lesson 18. */
  private static List<Case> transformers() {
    return List.of(
        of(
            "place",
            () -> TransformerExercises.place(TransformerExercisesTest::place),
            () ->
                TransformerExercises.place(
                    (token, columns, patch) -> {
                      int row = 0;
                      int column = -1;
                      for (int t = 1; t <= token; t++) {
                        column++;
                        row += column == columns ? 1 : 0;
                        column %= columns;
                      }
                      return token == 0 ? new int[] {} : new int[] {patch * row, patch * column};
                    }),
            () -> TransformerExercises.place((t, c, p) -> new int[] {t / c * p, t % c * p}),
            () ->
                TransformerExercises.place(
                    (t, c, p) -> t == 0 ? new int[0] : new int[] {t / c * p, t % c * p}),
            () ->
                TransformerExercises.place(
                    (t, c, p) -> t == 0 ? new int[0] : new int[] {(t - 1) / c, (t - 1) % c})),
        of(
            "rollout",
            () ->
                TransformerExercises.rollout(s -> TransformerExercisesTest.rollout(s, false, 0.5)),
            () ->
                TransformerExercises.rollout(
                    shares -> {
                      double[][] result = new double[shares[0].length][shares[0].length];
                      for (int i = 0; i < result.length; i++) {
                        result[i][i] = 1;
                      }
                      for (double[][] block : shares) {
                        double[][] through = TransformerExercisesTest.product(block, result);
                        for (int i = 0; i < result.length; i++) {
                          for (int j = 0; j < result.length; j++) {
                            through[i][j] = (through[i][j] + result[i][j]) / 2;
                          }
                        }
                        result = through;
                      }
                      return result;
                    }),
            () -> TransformerExercises.rollout(s -> TransformerExercisesTest.rollout(s, true, 0.5)),
            () -> TransformerExercises.rollout(s -> TransformerExercisesTest.rollout(s, false, 0)),
            () ->
                TransformerExercises.rollout(
                    shares -> {
                      double[][] mean = new double[shares[0].length][shares[0].length];
                      for (double[][] block : shares) {
                        for (int i = 0; i < mean.length; i++) {
                          for (int j = 0; j < mean.length; j++) {
                            mean[i][j] += block[i][j] / shares.length;
                          }
                        }
                      }
                      return mean;
                    })),
        of(
            "distance",
            () ->
                TransformerExercises.distance(
                    (s, t, c) -> TransformerExercisesTest.distance(s, t, c, 1)),
            () ->
                TransformerExercises.distance(
                    (s, t, c) ->
                        IntStream.range(0, s.length - 1)
                                .mapToDouble(
                                    i ->
                                        s[i + 1]
                                            * Math.sqrt(
                                                Math.pow(i / c - (t - 1) / c, 2)
                                                    + Math.pow(i % c - (t - 1) % c, 2)))
                                .sum()
                            / (Arrays.stream(s).sum() - s[0])),
            () ->
                TransformerExercises.distance(
                    (s, t, c) -> TransformerExercisesTest.distance(s, t, c, 0)),
            () ->
                TransformerExercises.distance(
                    (s, t, c) -> TransformerExercisesTest.distance(s, t, c, 1) * (1 - s[0])),
            () ->
                TransformerExercises.distance(
                    (s, t, c) -> {
                      double sum = 0;
                      for (int other = 1; other < s.length; other++) {
                        sum += s[other] * Math.abs(other - t);
                      }
                      return sum / (1 - s[0]);
                    })));
  }

  /** What {@code ==} asks of two strings, the mistake of beginners. */
  private static boolean sameObject(Object a, Object b) {
    return System.identityHashCode(a) == System.identityHashCode(b);
  }

  private static String nameOf(Step step) {
    return step.map().provenance().method();
  }

  private static double[] line(
      List<Step> steps, String method, BiFunction<String, String, Boolean> same) {
    List<Double> line = new ArrayList<>(List.of(1.0));
    for (Step step : steps) {
      if (same.apply(nameOf(step), method)) {
        line.add(step.rankCorrelation());
      }
    }
    return line.stream().mapToDouble(v -> v).toArray();
  }

  private static float[][] blocks(Heatmap map, int before, int behind, int block) {
    int height = (map.height() - before - behind) / block;
    int width = (map.width() - before - behind) / block;
    float[][] means = new float[height][width];
    for (int i = 0; i < height * block; i++) {
      for (int j = 0; j < width * block; j++) {
        means[i / block][j / block] += map.at(before + i, before + j) / (block * block);
      }
    }
    return means;
  }

  private static double alarm(List<Heatmap> maps, List<Mask> masks, int tolerance) {
    double off = 0;
    for (int at = 0; at < maps.size(); at++) {
      off += new PointingGame(tolerance).hits(maps.get(at), masks.get(at)) ? 0 : 1;
    }
    return off / maps.size();
  }

  private static double sum(Heatmap map) {
    double sum = 0;
    for (int i = 0; i < map.height(); i++) {
      for (int j = 0; j < map.width(); j++) {
        sum += map.at(i, j);
      }
    }
    return sum;
  }

  private static double nearest(Heatmap given, Mask mask) {
    return Checked.nearest(given.resized(mask.height(), mask.width()).peak(), mask);
  }

  private static boolean squareHit(Heatmap given, Mask mask) {
    Heatmap map = given.resized(mask.height(), mask.width());
    for (int i = 0; i < mask.height(); i++) {
      for (int j = 0; j < mask.width(); j++) {
        int down = Math.abs(map.peak().row() - i);
        int right = Math.abs(map.peak().column() - j);
        if (mask.contains(i, j) && Math.max(down, right) <= 15) {
          return true;
        }
      }
    }
    return false;
  }

  private static Picture covered(Picture stamped, Picture plain, int columns, int more) {
    int[] rgb = new int[stamped.width() * stamped.height()];
    for (int at = 0; at < rgb.length; at++) {
      int column = at % stamped.width();
      Picture from = column < columns + (columns > 0 ? more : 0) ? plain : stamped;
      rgb[at] = from.rgb(at / stamped.width(), column);
    }
    return Picture.of(stamped.width(), stamped.height(), rgb);
  }

  private static double above(double[] differences, double threshold) {
    return Arrays.stream(differences).filter(d -> d > threshold).count()
        / (double) differences.length;
  }

  /** The last name that is one of those asked for, or no name. */
  private static String last(List<String> names, Predicate<String> asked) {
    return names.stream().filter(asked).reduce((a, b) -> b).orElse("");
  }

  /** The first of the numbers that cost least. */
  private static double least(double[] numbers, DoubleUnaryOperator cost) {
    return Arrays.stream(numbers)
        .boxed()
        .min(Comparator.comparingDouble(cost::applyAsDouble))
        .get();
  }

  private static double cost(double[] cats, double[] dogs, double threshold, double price) {
    return price * (1 - above(cats, threshold)) + above(dogs, threshold);
  }

  private static double cheapest(
      double[] cats, double[] dogs, double[] thresholds, double price, boolean last) {
    double best = Double.NaN;
    double least = Double.POSITIVE_INFINITY;
    for (double threshold : thresholds) {
      double cost = cost(cats, dogs, threshold, price);
      if (cost < least || (last && cost == least)) {
        least = cost;
        best = threshold;
      }
    }
    return best;
  }
}
