package camlab.cam;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import camlab.TestFiles;
import camlab.capture.Recording;
import camlab.capture.Target;
import camlab.heatmap.Heatmap;
import camlab.network.GoldenNetworks;
import camlab.network.LayerGraph;
import camlab.network.LayeredNetwork;
import camlab.network.Network;
import camlab.network.SmallBlocks;
import camlab.picture.Preprocessing;
import camlab.progress.Progress;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What grad-cam, torchcam and captum make of the same networks, of which {@code make_peers.py} says
 * more. Where a package has another formula than its paper, that formula is worked here.
 */
class PeersTest {

  /** Of maps that lie between 0 and 1. */
  private static final double CLOSE = 2e-6;

  /** Of quotients by a sum that comes close to zero. */
  private static final double DIVIDED = 1e-5;

  private static final JsonObject OTHERS = TestFiles.figures("maps/others.json");
  private static final int BLOCK = OTHERS.get("block").getAsInt();
  private static final int CAPTUM_BLOCK = OTHERS.get("captum_block").getAsInt();

  /** A map at the layer, before a package scales it. */
  @FunctionalInterface
  private interface Formula {
    double[] map(Asked asked);
  }

  private static final Map<String, Formula> GRAD_CAM =
      Map.ofEntries(
          Map.entry("grad_cam", ours(new GradCam())),
          Map.entry("grad_cam_plus_plus", PeersTest::plusPlusWithEpsilon),
          Map.entry("x_grad_cam", ours(new XGradCam())),
          Map.entry("hi_res_cam", ours(new HiResCam())),
          Map.entry("layer_cam", ours(new LayerCam())),
          Map.entry("eigen_cam", ours(new EigenCam())),
          Map.entry("eigen_grad_cam", ours(new EigenGradCam())),
          Map.entry("kpca_cam", ours(new KpcaCam())),
          Map.entry("shapley_cam", PeersTest::shapley),
          Map.entry("score_cam", PeersTest::scoreWithAlignedCorners),
          Map.entry("ablation_cam", PeersTest::ablationFarBelow),
          Map.entry("fem", PeersTest::femOfShares),
          Map.entry("finer_cam", PeersTest::finerByProbabilities));

  private static final Map<String, Formula> TORCHCAM =
      Map.of(
          "cam",
          ours(new Cam()),
          "grad_cam",
          ours(new GradCam()),
          "grad_cam_plus_plus",
          PeersTest::plusPlusUndivided,
          "smooth_grad_cam_plus_plus",
          PeersTest::smoothWithLastGradient,
          "x_grad_cam",
          ours(new XGradCam()),
          "layer_cam",
          ours(new LayerCam()),
          "score_cam",
          PeersTest::scoreOfScaledChannels,
          "finer_cam",
          ours(new FinerCam()),
          "is_cam",
          PeersTest::integratedOneStepOn,
          "ss_cam",
          PeersTest::smoothOfScaledChannels);

  private static final Map<String, PixelMethod> CAPTUM =
      Map.of(
          "gradient_saliency",
          new GradientSaliency(),
          "smooth_grad",
          new SmoothGrad(samples(), spread(), seed(), Progress.NONE),
          "integrated_gradients",
          new IntegratedGradients(OTHERS.get("steps").getAsInt(), Progress.NONE),
          "guided_backpropagation",
          new GuidedBackpropagation(),
          "guided_grad_cam",
          new GuidedGradCam());

  /** Principal components, whose sign grad-cam leaves to chance. */
  private static final Set<String> OF_EITHER_SIGN =
      Set.of("eigen_cam", "eigen_grad_cam", "kpca_cam");

  /** A recording of a layer, and the class with the largest logit. */
  private record Asked(Recording recording, String layer, int index) {

    Target target() {
      return Target.of(index);
    }

    Network network() {
      return recording.network();
    }

    Shape shape() {
      return recording.activation(layer).getShape();
    }

    /** Of the picture, in pixels. */
    int side() {
      return (int) recording.input().getShape().get(2);
    }

    int pixels() {
      return side() * side();
    }

    double[][] activation() {
      return byChannel(recording.activation(layer));
    }

    double[][] gradient() {
      return byChannel(recording.gradient(layer, target()));
    }

    /** Shows values of one grid as a heatmap. */
    Heatmap heatmap(double[] values) {
      return Heatmap.of(
          (int) shape().get(2),
          (int) shape().get(3),
          floats(values),
          recording.provenance("test", layer, target(), 0));
    }

    /** The class's scores of a batch of what one of our passes puts out. */
    double[] scores(NDArray logits) {
      return doubles(logits.get(":, {}", index).toFloatArray());
    }
  }

  private static Formula ours(CamMethod method) {
    return asked ->
        doubles(method.heatmap(asked.recording(), asked.layer(), asked.target()).values());
  }

  private static double[] shapley(Asked asked) {
    int index = asked.index();
    Target score = Target.score("y + ln p", y -> y.get(index).add(y.logSoftmax(0).get(index)));
    return doubles(new ShapleyCam().heatmap(asked.recording(), asked.layer(), score).values());
  }

  /** grad-cam: α = g² / (2g² + S g³ + 10⁻⁶). */
  private static double[] plusPlusWithEpsilon(Asked asked) {
    double[][] a = asked.activation();
    double[][] g = asked.gradient();
    return plusPlus(
        a,
        g,
        (k, i) -> g[k][i] * g[k][i] / (2 * g[k][i] * g[k][i] + sum(a[k]) * cube(g[k][i]) + 1e-6));
  }

  /** torchcam: it divides a copy by the denominator and goes on with g². */
  private static double[] plusPlusUndivided(Asked asked) {
    double[][] g = asked.gradient();
    return plusPlus(asked.activation(), g, (k, i) -> g[k][i] * g[k][i]);
  }

  /**
   * torchcam: means of g² and of g³, in α ⟨g³⟩ under the sum over A, and both g and the weighted A
   * of the last copy alone.
   */
  private static double[] smoothWithLastGradient(Asked asked) {
    double[][] a = asked.activation();
    double[][] second = new double[a.length][a[0].length];
    double[][] third = new double[a.length][a[0].length];
    double[][][] last = new double[2][][];
    for (float[] copy : noisyCopies(asked)) {
      NDArray input = asked.recording().input();
      try (NDManager scope = input.getManager().newSubManager();
          Recording pass =
              Recording.of(
                  asked.network(), scope.create(copy, input.getShape()), List.of(asked.layer()))) {
        last[0] = byChannel(pass.activation(asked.layer()));
        last[1] = byChannel(pass.gradient(asked.layer(), asked.target()));
      }
      for (int k = 0; k < a.length; k++) {
        for (int i = 0; i < a[k].length; i++) {
          second[k][i] += last[1][k][i] * last[1][k][i] / samples();
          third[k][i] += cube(last[1][k][i]) / samples();
        }
      }
    }
    return plusPlus(
        last[0], last[1], (k, i) -> second[k][i] / (2 * second[k][i] + dot(third[k], a[k]) + 1e-8));
  }

  private static List<float[]> noisyCopies(Asked asked) {
    float[] input = asked.recording().input().toFloatArray();
    double deviation =
        spread() * (max(doubles(input)) - Arrays.stream(doubles(input)).min().orElseThrow());
    Random random = new Random(seed());
    List<float[]> copies = new ArrayList<>();
    for (int n = 0; n < samples(); n++) {
      float[] copy = input.clone();
      for (int i = 0; i < copy.length; i++) {
        copy[i] += (float) (deviation * (float) random.nextGaussian());
      }
      copies.add(copy);
    }
    return copies;
  }

  @FunctionalInterface
  private interface Alpha {
    double at(int channel, int position);
  }

  /** R(Σ w A) with w = Σ α R(g). */
  private static double[] plusPlus(double[][] a, double[][] g, Alpha alpha) {
    return weighted(
        a,
        k ->
            IntStream.range(0, a[k].length)
                .filter(i -> g[k][i] > 0)
                .mapToDouble(i -> alpha.at(k, i) * g[k][i])
                .sum());
  }

  /** grad-cam: each channel by the share of its positions above μ + 2σ. */
  private static double[] femOfShares(Asked asked) {
    double[][] a = asked.activation();
    return weighted(
        a,
        k -> {
          double mean = sum(a[k]) / a[k].length;
          double variance =
              Arrays.stream(a[k]).map(v -> (v - mean) * (v - mean)).average().orElseThrow();
          return Arrays.stream(a[k])
              .map(v -> v > mean + 2 * Math.sqrt(variance) ? 1 : 0)
              .average()
              .orElseThrow();
        });
  }

  /** grad-cam: Grad-CAM of Σ p (y − y′) / Σ p over the three classes whose logits are nearest. */
  private static double[] finerByProbabilities(Asked asked) {
    float[] logits = asked.recording().logits().toFloatArray();
    int[] others =
        IntStream.range(0, logits.length)
            .filter(j -> j != asked.index())
            .boxed()
            .sorted((i, j) -> Float.compare(logits[j], logits[i]))
            .limit(3)
            .mapToInt(Integer::intValue)
            .toArray();
    Target score =
        Target.score(
            "weighted",
            y -> {
              NDArray p = y.softmax(0);
              NDArray sum = p.get(others[0]).zerosLike();
              NDArray all = sum;
              for (int other : others) {
                NDArray lead = y.get(asked.index()).sub(y.get(other));
                sum = sum.add(p.get(other).mul(lead));
                all = all.add(p.get(other));
              }
              return sum.div(all);
            });
    return doubles(new GradCam().heatmap(asked.recording(), asked.layer(), score).values());
  }

  /** grad-cam: channels are resized so that the middles of the corner pixels meet. */
  private static double[] scoreWithAlignedCorners(Asked asked) {
    int height = (int) asked.shape().get(2);
    int width = (int) asked.shape().get(3);
    return scoreCam(
        asked,
        (channel, size) -> {
          double[] mask = new double[size * size];
          for (int i = 0; i < mask.length; i++) {
            int pixelRow = i / size;
            double row = (height - 1.0) / (size - 1) * pixelRow;
            double column = (width - 1.0) / (size - 1) * (i % size);
            int top = Math.min((int) row, height - 2);
            int left = Math.min((int) column, width - 2);
            double down = row - top;
            double along = column - left;
            int at = top * width + left;
            mask[i] =
                (1 - down) * ((1 - along) * channel[at] + along * channel[at + 1])
                    + down * ((1 - along) * channel[at + width] + along * channel[at + width + 1]);
          }
          return scaled(mask, 1e-8);
        });
  }

  /** torchcam: channels are scaled first and resized then. */
  private static double[] scoreOfScaledChannels(Asked asked) {
    return scoreCam(asked, (channel, size) -> scaledAndResized(asked, channel, size));
  }

  private static double[] scaledAndResized(Asked asked, double[] channel, int size) {
    return doubles(asked.heatmap(scaled(channel, 1e-8)).resized(size, size).values());
  }

  /**
   * torchcam: channels likewise, and strengths that begin one step further on than it says, with n
   * = 4 at 1/4, 3/4, 6/4 and 10/4.
   */
  private static double[] integratedOneStepOn(Asked asked) {
    double[] scores = new double[asked.activation().length];
    for (double strength : new double[] {0.25, 0.75, 1.5, 2.5}) {
      double[] each =
          channelScores(
              asked,
              (channel, size) ->
                  Arrays.stream(scaledAndResized(asked, channel, size))
                      .map(v -> strength * v)
                      .toArray());
      Arrays.setAll(scores, k -> scores[k] + each[k] / 4);
    }
    return ofScores(asked, scores);
  }

  /** torchcam: channels likewise, and noise that is drawn for all channels before the next copy. */
  private static double[] smoothOfScaledChannels(Asked asked) {
    Random random = new Random(seed());
    double[] scores = new double[asked.activation().length];
    for (int copy = 0; copy < 2; copy++) {
      double[] each =
          channelScores(
              asked,
              (channel, size) ->
                  Arrays.stream(scaledAndResized(asked, channel, size))
                      .map(v -> v + (float) (0.5 * random.nextGaussian()))
                      .toArray());
      Arrays.setAll(scores, k -> scores[k] + each[k] / 2);
    }
    return ofScores(asked, scores);
  }

  @FunctionalInterface
  private interface Masks {
    double[] of(double[] channel, int size);
  }

  private static double[] scoreCam(Asked asked, Masks masks) {
    return ofScores(asked, channelScores(asked, masks));
  }

  private static double[] channelScores(Asked asked, Masks masks) {
    NDArray input = asked.recording().input();
    int size = (int) input.getShape().get(2);
    double[][] a = asked.activation();
    double[] scores = new double[a.length];
    for (int k = 0; k < a.length; k++) {
      try (NDManager scope = input.getManager().newSubManager()) {
        float[] mask = floats(masks.of(a[k], size));
        NDArray seen = scope.create(mask, new Shape(1, 1, size, size)).mul(input);
        scores[k] = asked.scores(asked.network().run(seen))[0];
      }
    }
    return scores;
  }

  private static double[] ofScores(Asked asked, double[] scores) {
    double largest = max(scores);
    double[] powers = Arrays.stream(scores).map(y -> Math.exp(y - largest)).toArray();
    return weighted(asked.activation(), k -> powers[k] / sum(powers));
  }

  /**
   * grad-cam: where the least activation is not 0, a channel that is switched off is put 10⁷ below
   * it, and each channel that far below the one before.
   */
  private static double[] ablationFarBelow(Asked asked) {
    double[][] a = asked.activation();
    double least = Arrays.stream(a).flatMapToDouble(Arrays::stream).min().orElseThrow();
    if (least == 0) {
      return ours(new AblationCam()).map(asked);
    }
    NDArray input = asked.recording().input();
    double score = asked.recording().score(asked.target(), 0);
    double[] scores = new double[a.length];
    for (int k = 0; k < a.length; k++) {
      try (NDManager scope = input.getManager().newSubManager()) {
        double[][] without = a.clone();
        without[k] = new double[a[k].length];
        Arrays.fill(without[k], least - 1e7 * (k + 1));
        float[] values = floats(Arrays.stream(without).flatMapToDouble(Arrays::stream).toArray());
        NDArray off = scope.create(values, asked.shape());
        scores[k] = asked.scores(asked.network().rest(input, asked.layer()).run(off))[0];
      }
    }
    return weighted(a, k -> (score - scores[k]) / score);
  }

  static Stream<Arguments> maps() {
    return Stream.of("grad-cam", "torchcam").flatMap(PeersTest::cases);
  }

  static Stream<Arguments> attributions() {
    return cases("captum");
  }

  private static Stream<Arguments> cases(String peer) {
    List<Arguments> cases = new ArrayList<>();
    for (JsonElement element : OTHERS.getAsJsonArray("cases")) {
      JsonObject each = element.getAsJsonObject();
      if (each.has(peer)) {
        String place = each.get("network").getAsString() + " " + each.get("layer").getAsString();
        for (String method : each.getAsJsonObject(peer).keySet()) {
          cases.add(Arguments.of(Named.of(place, each), peer, method));
        }
      }
    }
    return cases.stream();
  }

  @ParameterizedTest
  @MethodSource("maps")
  void maps(JsonObject figures, String peer, String method) {
    double[] expected = doubles(figures.getAsJsonObject(peer).getAsJsonArray(method));
    asked(
        figures,
        asked -> {
          Formula formula = peer.equals("torchcam") ? TORCHCAM.get(method) : GRAD_CAM.get(method);
          double[] own = formula.map(asked);
          double difference = difference(expected, shown(asked, own, peer, method));
          if (OF_EITHER_SIGN.contains(method)) {
            double[] turned = Arrays.stream(own).map(v -> -v).toArray();
            difference =
                Math.min(difference, difference(expected, shown(asked, turned, peer, method)));
          }
          assertEquals(0, difference, method.startsWith("smooth") ? DIVIDED : CLOSE);
        });
  }

  /** As the package scales and resizes a map. */
  private static double[] shown(Asked asked, double[] map, String peer, String method) {
    if (peer.equals("torchcam")) {
      return scaled(method.equals("cam") ? map : cut(map), 1e-8);
    }
    return means(shownByGradCam(asked, map));
  }

  private static double[] shownByGradCam(Asked asked, double[] map) {
    int size = asked.side();
    double[] resized = doubles(asked.heatmap(scaled(cut(map), 1e-7)).resized(size, size).values());
    return scaled(resized, 1e-7);
  }

  /** Over blocks of pixels. */
  private static double[] means(double[] pixels) {
    int size = (int) Math.sqrt(pixels.length);
    float[] sums = GoldenMethodsTest.blocks(floats(pixels), size, BLOCK);
    return Arrays.stream(doubles(sums)).map(sum -> sum / (BLOCK * BLOCK)).toArray();
  }

  static Stream<Arguments> several() {
    return OTHERS.getAsJsonArray("cases").asList().stream()
        .map(JsonElement::getAsJsonObject)
        .filter(each -> each.has("several"))
        .map(each -> Arguments.of(Named.of(each.get("network").getAsString(), each)));
  }

  /** grad-cam: its own Grad-CAM++, each map as it shows it, then the product scaled once more. */
  @ParameterizedTest
  @MethodSource("several")
  void refineCamOfGradCam(JsonObject figures) {
    JsonObject several = figures.getAsJsonObject("several");
    severalAsked(
        figures,
        layers -> {
          double[] product = new double[layers.get(0).pixels()];
          Arrays.fill(product, 1);
          for (Asked asked : layers) {
            double[] map = shownByGradCam(asked, plusPlusWithEpsilon(asked));
            Arrays.setAll(product, i -> product[i] * map[i]);
          }
          double[] found = means(scaled(product, 1e-7));
          double[] expected =
              doubles(several.getAsJsonObject("grad-cam").getAsJsonArray("refine_cam"));
          assertEquals(0, difference(expected, found), CLOSE);
        });
  }

  /** torchcam: its own Grad-CAM++, scaled twice before it is resized to the finest layer. */
  @ParameterizedTest
  @MethodSource("several")
  void refineCamOfTorchcam(JsonObject figures) {
    JsonObject several = figures.getAsJsonObject("several");
    severalAsked(
        figures,
        layers -> {
          int finest =
              layers.stream().mapToInt(asked -> (int) asked.shape().get(2)).max().orElseThrow();
          double[] product = new double[finest * finest];
          Arrays.fill(product, 1);
          for (Asked asked : layers) {
            double[] once = scaled(plusPlusUndivided(asked), 1e-8);
            double[] map =
                doubles(asked.heatmap(scaled(once, 1e-8)).resized(finest, finest).values());
            Arrays.setAll(product, i -> product[i] * map[i]);
          }
          double[] expected =
              doubles(several.getAsJsonObject("torchcam").getAsJsonArray("refine_cam"));
          assertEquals(0, difference(expected, scaled(product, 1e-8)), CLOSE);
        });
  }

  /** grad-cam: each channel of each layer is scaled by itself, and resized then. */
  @ParameterizedTest
  @MethodSource("several")
  void fullGradOfGradCam(JsonObject figures) {
    JsonObject several = figures.getAsJsonObject("several");
    severalAsked(
        figures,
        layers -> {
          Asked any = layers.get(0);
          NDArray input = any.recording().input();
          double[] map = new double[any.pixels()];
          try (NDManager scope = input.getManager().newSubManager()) {
            Map<String, NDArray> biases =
                FullGrad.biases(((LayeredNetwork) any.network()).graph(), input, scope);
            List<String> hooked = new ArrayList<>(biases.keySet());
            hooked.add(LayerGraph.INPUT);
            try (Recording pass = Recording.of(any.network(), input, hooked)) {
              for (String name : hooked) {
                NDArray gradient = pass.outputGradient(name, any.target());
                NDArray factor = name.equals(LayerGraph.INPUT) ? input : biases.get(name);
                if (gradient.getShape().dimension() == 4) {
                  Asked layer = new Asked(pass, name, any.index());
                  for (double[] channel : byChannel(gradient.mul(factor).abs())) {
                    double[] share =
                        doubles(
                            layer
                                .heatmap(scaled(channel, 1e-7))
                                .resized(any.side(), any.side())
                                .values());
                    Arrays.setAll(map, i -> map[i] + share[i]);
                  }
                }
              }
            }
          }
          double[] expected =
              doubles(several.getAsJsonObject("grad-cam").getAsJsonArray("full_grad"));
          assertEquals(0, difference(expected, means(scaled(map, 1e-7))), CLOSE);
        });
  }

  /** One recording of all layers, and each of them. */
  private static void severalAsked(JsonObject figures, Consumer<List<Asked>> check) {
    List<String> layers =
        figures.getAsJsonObject("several").getAsJsonArray("layers").asList().stream()
            .map(JsonElement::getAsString)
            .toList();
    recorded(
        figures,
        layers,
        (recording, index) ->
            check.accept(
                layers.stream().map(layer -> new Asked(recording, layer, index)).toList()));
  }

  @ParameterizedTest
  @MethodSource("attributions")
  void attributions(JsonObject figures, String peer, String method) {
    double[] expected = doubles(figures.getAsJsonObject(peer).getAsJsonArray(method));
    asked(
        figures,
        asked -> {
          float[] own =
              switch (method) {
                case "gradient_saliency, abs" ->
                    floats(
                        Arrays.stream(doubles(attribution(asked, "gradient_saliency")))
                            .map(Math::abs)
                            .toArray());
                case "guided_grad_cam, nearest" -> timesNearest(asked);
                default -> attribution(asked, method);
              };
          int size = (int) asked.recording().input().getShape().get(2);
          double[] found = doubles(GoldenMethodsTest.blocks(own, size, CAPTUM_BLOCK));
          double largest = max(Arrays.stream(expected).map(Math::abs).toArray());
          assertEquals(0, difference(expected, found) / largest, CLOSE, "share of the largest");
        });
  }

  private static float[] attribution(Asked asked, String method) {
    return CAPTUM
        .get(method)
        .attributions(asked.recording(), asked.layer(), asked.target())
        .get(0)
        .values();
  }

  /** captum, unless asked otherwise: each pixel has the value of the position it lies in. */
  private static float[] timesNearest(Asked asked) {
    float[] guided = attribution(asked, "guided_backpropagation");
    Heatmap place = new GradCam().heatmap(asked.recording(), asked.layer(), asked.target());
    int size = (int) asked.recording().input().getShape().get(2);
    for (int i = 0; i < guided.length; i++) {
      int row = i / size % size * place.height() / size;
      int column = i % size * place.width() / size;
      guided[i] *= place.at(row, column);
    }
    return guided;
  }

  /**
   * A formula without figures, or a package's method without a formula, would be tested by none.
   */
  @Test
  void everyFormulaHasFigures() {
    assertEquals(new TreeSet<>(GRAD_CAM.keySet()), methods("grad-cam"));
    assertEquals(new TreeSet<>(TORCHCAM.keySet()), methods("torchcam"));
    Set<String> captum = new TreeSet<>(CAPTUM.keySet());
    captum.addAll(Set.of("gradient_saliency, abs", "guided_grad_cam, nearest"));
    assertEquals(captum, methods("captum"));
    assertEquals(3 * (13 + 9) + 1, maps().count());
    assertEquals(2, several().count());
    assertEquals(2 * 7, attributions().count());
  }

  private static Set<String> methods(String peer) {
    Set<String> found = new TreeSet<>();
    cases(peer).forEach(each -> found.add((String) each.get()[2]));
    return found;
  }

  private static void asked(JsonObject figures, Consumer<Asked> check) {
    String layer = figures.get("layer").getAsString();
    recorded(
        figures,
        List.of(layer),
        (recording, index) -> check.accept(new Asked(recording, layer, index)));
  }

  private static void recorded(
      JsonObject figures, List<String> layers, BiConsumer<Recording, Integer> check) {
    int size = figures.get("input").getAsInt();
    Preprocessing small =
        new Preprocessing(size, size, Preprocessing.IMAGENET.mean(), Preprocessing.IMAGENET.std());
    try (Network network =
            GoldenNetworks.network(SmallBlocks.named(figures.get("network").getAsString()), small);
        NDManager scope = network.newScope()) {
      NDArray input = scope.create(GoldenNetworks.input(size), new Shape(1, 3, size, size));
      try (Recording recording = Recording.of(network, input, layers)) {
        int index = figures.get("target").getAsInt();
        assertEquals(Target.of(index), recording.target(Target.predicted(), 0));
        check.accept(recording, index);
      }
    }
  }

  private static int samples() {
    return OTHERS.getAsJsonObject("noise").get("samples").getAsInt();
  }

  private static double spread() {
    return OTHERS.getAsJsonObject("noise").get("spread").getAsDouble();
  }

  private static long seed() {
    return OTHERS.getAsJsonObject("noise").get("seed").getAsLong();
  }

  /** R(Σ w A). */
  private static double[] weighted(double[][] a, IntToDoubleFunction weight) {
    double[] map = new double[a[0].length];
    for (int k = 0; k < a.length; k++) {
      double w = weight.applyAsDouble(k);
      for (int i = 0; i < map.length; i++) {
        map[i] += w * a[k][i];
      }
    }
    return cut(map);
  }

  private static double[] cut(double[] values) {
    return Arrays.stream(values).map(v -> Math.max(v, 0)).toArray();
  }

  /** Between 0 and 1, with the epsilon that the packages add to the largest value. */
  private static double[] scaled(double[] values, double epsilon) {
    double least = Arrays.stream(values).min().orElseThrow();
    double extent = max(values) - least + epsilon;
    return Arrays.stream(values).map(v -> (v - least) / extent).toArray();
  }

  private static double difference(double[] expected, double[] found) {
    assertEquals(expected.length, found.length);
    return IntStream.range(0, found.length)
        .mapToDouble(i -> Math.abs(expected[i] - found[i]))
        .max()
        .orElseThrow();
  }

  private static double[][] byChannel(NDArray values) {
    int positions = (int) (values.getShape().get(2) * values.getShape().get(3));
    double[] all = doubles(values.toFloatArray());
    double[][] channels = new double[all.length / positions][];
    for (int k = 0; k < channels.length; k++) {
      channels[k] = Arrays.copyOfRange(all, k * positions, (k + 1) * positions);
    }
    return channels;
  }

  private static double cube(double value) {
    return value * value * value;
  }

  private static double dot(double[] one, double[] other) {
    return IntStream.range(0, one.length).mapToDouble(i -> one[i] * other[i]).sum();
  }

  private static double sum(double[] values) {
    return Arrays.stream(values).sum();
  }

  private static double max(double[] values) {
    return Arrays.stream(values).max().orElseThrow();
  }

  private static double[] doubles(JsonArray values) {
    return values.asList().stream().mapToDouble(JsonElement::getAsDouble).toArray();
  }

  private static double[] doubles(float[] values) {
    return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
  }

  private static float[] floats(double[] values) {
    float[] result = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      result[i] = (float) values[i];
    }
    return result;
  }
}
