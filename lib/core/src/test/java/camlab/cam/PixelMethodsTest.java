package camlab.cam;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.core.Linear;
import camlab.capture.Recording;
import camlab.capture.SmallNetworks;
import camlab.capture.Target;
import camlab.heatmap.ChannelMaps;
import camlab.heatmap.Heatmap;
import camlab.network.Architecture;
import camlab.network.Classes;
import camlab.network.LayerGraph;
import camlab.network.LayeredNetwork;
import camlab.network.Network;
import camlab.picture.Picture;
import camlab.picture.Preprocessing;
import camlab.progress.Progress;
import camlab.weights.StateDict;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PixelMethodsTest {

  private static final float EXACT = 1e-6f;
  private static final String LAYER = "features.11";
  private static final Target CAT = Target.of("cat");
  private static final Picture PICTURE = SmallNetworks.picture(4);

  private static LayeredNetwork alexNet;

  @BeforeAll
  static void makeNetwork() {
    alexNet = SmallNetworks.alexNet();
  }

  @AfterAll
  static void close() {
    alexNet.close();
  }

  /** The mean of each rectified colour, times 1 and −2: a quarter of that where it is above 0. */
  @Test
  void saliencyIsTheGradient() {
    try (LayeredNetwork network = TinyNetwork.create();
        NDManager scope = network.newScope();
        Recording recording = Recording.of(network, TinyNetwork.input(scope), List.of("relu"))) {
      GradientSaliency method = new GradientSaliency();
      ChannelMaps colours = method.attributions(recording, "relu", Target.of("first")).get(0);
      float[] expected = {0.25f, 0.25f, 0.25f, 0.25f, 0, -0.5f, 0, -0.5f, 0, 0, 0, 0};
      assertArrayEquals(expected, colours.values(), EXACT);
      Heatmap map = method.heatmap(recording, "relu", Target.of("first"));
      assertArrayEquals(new float[] {0.25f, 0.5f, 0.25f, 0.5f}, map.values(), EXACT);
      assertEquals("Gradient saliency · input · first (11.00)", map.provenance().toString());
    }
  }

  /**
   * The gradient above times [1 2; 3 4] and [0 1; 0 2], of both colours together. From the blank
   * picture to this one the score rises from 10 to 11.
   */
  @Test
  void gradientTimesInput() {
    try (LayeredNetwork network = TinyNetwork.create();
        NDManager scope = network.newScope();
        Recording recording = Recording.of(network, TinyNetwork.input(scope), List.of("relu"))) {
      GradientTimesInput method = new GradientTimesInput();
      ChannelMaps colours = method.attributions(recording, "relu", Target.of("first")).get(0);
      float[] expected = {0.25f, 0.5f, 0.75f, 1, 0, -0.5f, 0, -1, 0, 0, 0, 0};
      assertArrayEquals(expected, colours.values(), EXACT);
      Heatmap map = method.heatmap(recording, "relu", Target.of("first"));
      assertArrayEquals(new float[] {0.25f, 0, 0.75f, 0}, map.values(), EXACT);
      assertEquals("Gradient × input · input · first (11.00)", map.provenance().toString());
    }
  }

  /** With the negative gradient of the second colour stopped at the ReLU. */
  @Test
  void guidedBackpropagationLetsNothingNegativeBackThroughAReLU() {
    try (LayeredNetwork network = TinyNetwork.create();
        NDManager scope = network.newScope();
        Recording recording = Recording.of(network, TinyNetwork.input(scope), List.of("relu"))) {
      GuidedBackpropagation method = new GuidedBackpropagation();
      ChannelMaps colours = method.attributions(recording, "relu", Target.of("first")).get(0);
      float[] expected = {0.25f, 0.25f, 0.25f, 0.25f, 0, 0, 0, 0, 0, 0, 0, 0};
      assertArrayEquals(expected, colours.values(), EXACT);
    }
  }

  /**
   * y = Σ R(R(x) − 2 + x) by one ReLU object that runs twice, with a shortcut around its first run.
   * At x = 3: 1 by either path, so 2. At x = 0.5 the second run stops everything. At x = −1 too.
   * For −y the second ReLU lets nothing back, though the gradient −2 is there.
   */
  @Test
  void guidedBackpropagationThroughASharedReLUAndAShortcut() {
    Block shared = Activation.reluBlock();
    Architecture plan =
        new Architecture(
            "Shared",
            () ->
                LayerGraph.builder()
                    .add("relu1", "ReLU", shared)
                    .add("shift", "Shift", LambdaBlock.singleton(x -> x.sub(2), "shift"))
                    .add(
                        "add",
                        "Add",
                        new LambdaBlock(both -> new NDList(both.get(0).add(both.get(1))), "add"),
                        "shift",
                        LayerGraph.INPUT)
                    .add("relu2", "ReLU", shared)
                    .add("flatten", "Flatten", Blocks.batchFlattenBlock())
                    .add("fc", "Linear", Linear.builder().setUnits(2).build())
                    .build(),
            "relu2",
            List.of("relu2"),
            2,
            1);
    StateDict weights =
        StateDict.builder()
            .put("fc.weight", new long[] {2, 3}, new float[] {1, 1, 1, -1, -1, -1})
            .put("fc.bias", new long[] {2}, new float[2])
            .build();
    Preprocessing plain =
        new Preprocessing(1, 1, Preprocessing.IMAGENET.mean(), Preprocessing.IMAGENET.std());
    try (LayeredNetwork network = Network.of(plan, weights, Classes.of("y", "−y"), plain);
        NDManager scope = network.newScope()) {
      NDArray input = scope.create(new float[] {3, 0.5f, -1}, new Shape(1, 3, 1, 1));
      try (Recording recording = Recording.of(network, input, List.of("relu2"))) {
        GuidedBackpropagation method = new GuidedBackpropagation();
        for (int i = 0; i < 2; i++) {
          ChannelMaps up = method.attributions(recording, "relu2", Target.of("y")).get(0);
          assertArrayEquals(new float[] {2, 0, 0}, up.values(), EXACT);
          ChannelMaps down = method.attributions(recording, "relu2", Target.of("−y")).get(0);
          assertArrayEquals(new float[3], down.values(), EXACT);
        }
        ChannelMaps plainGradient =
            new GradientSaliency().attributions(recording, "relu2", Target.of("−y")).get(0);
        assertArrayEquals(new float[] {-2, 0, 0}, plainGradient.values(), EXACT);
      }
    }
  }

  @Test
  void guidedBackpropagationLeavesTheNetworkAsItWas() {
    GuidedBackpropagation method = new GuidedBackpropagation();
    float[] logits = logits();
    ChannelMaps once = method.attribution(alexNet, PICTURE, CAT);
    ChannelMaps saliency = new GradientSaliency().attribution(alexNet, PICTURE, CAT);
    assertEquals(once, method.attribution(alexNet, PICTURE, CAT));
    assertEquals(saliency, new GradientSaliency().attribution(alexNet, PICTURE, CAT));
    assertFalse(once.equals(saliency));
    assertArrayEquals(logits, logits());
    alexNet
        .graph()
        .namedParameters()
        .values()
        .forEach(parameter -> assertFalse(parameter.getArray().hasGradient()));
  }

  private static float[] logits() {
    try (Recording recording = Recording.of(alexNet, PICTURE, LAYER)) {
      return recording.logits().toFloatArray();
    }
  }

  /** Where Grad-CAM is zero nothing is left, and elsewhere the guided gradient is scaled by it. */
  @Test
  void guidedGradCamIsTheProduct() {
    try (Recording recording = Recording.of(alexNet, PICTURE, LAYER)) {
      Target target = Target.predicted();
      ChannelMaps guided =
          new GuidedBackpropagation().attributions(recording, LAYER, target).get(0);
      ChannelMaps both = new GuidedGradCam().attributions(recording, LAYER, target).get(0);
      Heatmap place = new GradCam().heatmap(recording, LAYER, target).resized(96, 96);
      assertTrue(place.max() > 0);
      for (int i = 0; i < 96; i += 5) {
        for (int j = 0; j < 96; j += 5) {
          float expected = guided.at(1, i, j) * place.at(i, j);
          assertEquals(expected, both.at(1, i, j), 1e-6 * Math.max(1, Math.abs(expected)));
        }
      }
      assertEquals(
          LAYER, new GuidedGradCam().heatmap(recording, LAYER, target).provenance().layer());
    }
  }

  /** Of one recording as of a recording for each, whatever was asked before. */
  @Test
  void methodsOfOneRecordingDoNotDisturbEachOther() {
    List<PixelMethod> methods =
        List.of(
            new GradientSaliency(),
            new GuidedGradCam(),
            new GradientTimesInput(),
            new GuidedBackpropagation(),
            new GradientSaliency());
    try (Recording shared = Recording.of(alexNet, PICTURE, LAYER)) {
      for (Target target : List.of(CAT, Target.of("dog"), CAT)) {
        for (PixelMethod method : methods) {
          try (Recording own = Recording.of(alexNet, PICTURE, LAYER)) {
            assertEquals(
                method.attributions(own, LAYER, target),
                method.attributions(shared, LAYER, target),
                method.name());
            assertEquals(method.heatmap(own, LAYER, target), method.heatmap(shared, LAYER, target));
          }
        }
      }
    }
  }

  @Test
  void smoothGradWithoutNoiseIsTheGradient() {
    ChannelMaps gradient = new GradientSaliency().attribution(alexNet, PICTURE, CAT);
    ChannelMaps smooth = new SmoothGrad(3, 0, 1, Progress.NONE).attribution(alexNet, PICTURE, CAT);
    assertArrayEquals(gradient.values(), smooth.values(), 1e-6f);
  }

  @Test
  void smoothGradFollowsFromItsSeed() {
    ChannelMaps one = new SmoothGrad(2, 0.1, 1, Progress.NONE).attribution(alexNet, PICTURE, CAT);
    assertEquals(one, new SmoothGrad(2, 0.1, 1, Progress.NONE).attribution(alexNet, PICTURE, CAT));
    assertFalse(
        one.equals(new SmoothGrad(2, 0.1, 2, Progress.NONE).attribution(alexNet, PICTURE, CAT)));
  }

  /** The map adds up to the score's rise from the black picture to this one. */
  @Test
  void integratedGradientsAreComplete() {
    Picture black = Picture.of(60, 50, new int[60 * 50]);
    try (Recording recording = Recording.of(alexNet, PICTURE, LAYER);
        Recording dark = Recording.of(alexNet, black, LAYER)) {
      double rise = recording.score(CAT, 0) - dark.score(CAT, 0);
      Heatmap map = new IntegratedGradients(100, Progress.NONE).heatmap(recording, LAYER, CAT);
      assertTrue(Math.abs(rise) > 0.1);
      assertEquals(rise, map.sum(), 0.02 * Math.abs(rise));
      assertTrue(map.min() < 0, "signed");
    }
  }

  /** The predicted class of the picture itself, whatever the black one would be. */
  @Test
  void thePredictedClassStaysTheSameOnTheWay() {
    try (Recording recording = Recording.of(alexNet, PICTURE, LAYER)) {
      Target named = Target.of(recording.predictions().get(0).name());
      IntegratedGradients method = new IntegratedGradients(7, Progress.NONE);
      assertEquals(
          method.attributions(recording, LAYER, named),
          method.attributions(recording, LAYER, Target.predicted()));
    }
  }

  private static Picture uniform(int rgb) {
    return Picture.of(2, 2, new int[] {rgb, rgb, rgb, rgb});
  }

  /** [1 2; 3 4] and [½ 1; ½ 2]: with bright references the way never comes to the ReLU's zero. */
  private static Recording bright(Network network, NDManager scope) {
    float[] values = {1, 2, 3, 4, 0.5f, 1, 0.5f, 2, 9, 9, 9, 9};
    return Recording.of(network, scope.create(values, new Shape(1, 3, 2, 2)), List.of("relu"));
  }

  /** ¼ (x − x′) for the first colour, −½ (x − x′) for the second, wherever on the way. */
  private static float[] fromReference(double first, double second) {
    double[] expected = {
      (1 - first) / 4,
      (2 - first) / 4,
      (3 - first) / 4,
      (4 - first) / 4,
      (second - 0.5) / 2,
      (second - 1) / 2,
      (second - 0.5) / 2,
      (second - 2) / 2,
      0,
      0,
      0,
      0
    };
    float[] values = new float[expected.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) expected[i];
    }
    return values;
  }

  @Test
  void expectedGradientsFromOneReference() {
    try (LayeredNetwork network = TinyNetwork.create();
        NDManager scope = network.newScope();
        Recording recording = bright(network, scope)) {
      ExpectedGradients method =
          new ExpectedGradients(List.of(uniform(0xffffff)), 3, 1, Progress.NONE);
      float[] found = method.attributions(recording, "relu", Target.of("first")).get(0).values();
      assertArrayEquals(fromReference((1 - 0.485) / 0.229, (1 - 0.456) / 0.224), found, EXACT);
    }
  }

  /** Each of two references is drawn about as often, and the map is the mean of what they give. */
  @Test
  void expectedGradientsFromTwoReferences() {
    int samples = 40;
    try (LayeredNetwork network = TinyNetwork.create();
        NDManager scope = network.newScope();
        Recording recording = bright(network, scope)) {
      ExpectedGradients method =
          new ExpectedGradients(
              List.of(uniform(0xffffff), uniform(0xcccccc)), samples, 1, Progress.NONE);
      float[] found = method.attributions(recording, "relu", Target.of("first")).get(0).values();
      float[] one = fromReference((1 - 0.485) / 0.229, (1 - 0.456) / 0.224);
      float[] other = fromReference((0.8 - 0.485) / 0.229, (0.8 - 0.456) / 0.224);
      double drawn = samples * (found[0] - other[0]) / (one[0] - other[0]);
      assertEquals(Math.rint(drawn), drawn, 1e-4);
      assertEquals(20, drawn, 10);
      for (int i = 0; i < 8; i++) {
        double share = Math.rint(drawn) / samples;
        assertEquals(share * one[i] + (1 - share) * other[i], found[i], 1e-5);
      }
    }
  }

  /**
   * From black, where the colour is −0.485/0.229, the gradient is ¼ only behind the ReLU's zero: in
   * the mean the whole way is worth ¼ x, what the pixel adds to the score.
   */
  @Test
  void expectedGradientsOfARectifiedPixelAddUp() {
    try (LayeredNetwork network = TinyNetwork.create();
        NDManager scope = network.newScope();
        Recording recording = bright(network, scope)) {
      ExpectedGradients method = new ExpectedGradients(List.of(uniform(0)), 500, 1, Progress.NONE);
      float[] found = method.attributions(recording, "relu", Target.of("first")).get(0).values();
      for (int i = 0; i < 4; i++) {
        double x = i + 1;
        double way = x + 0.485 / 0.229;
        double share = x / way;
        double deviation = way / 4 * Math.sqrt(share * (1 - share) / 500);
        assertEquals(x / 4, found[i], 4 * deviation);
      }
    }
  }

  @Test
  void expectedGradientsFollowFromSeedAndReferences() {
    List<Picture> references = List.of(SmallNetworks.picture(1), SmallNetworks.picture(2));
    ExpectedGradients method = new ExpectedGradients(references, 3, 1, Progress.NONE);
    ChannelMaps one = method.attribution(alexNet, PICTURE, CAT);
    assertEquals(one, method.attribution(alexNet, PICTURE, CAT));
    ExpectedGradients other = new ExpectedGradients(references, 3, 2, Progress.NONE);
    assertFalse(one.equals(other.attribution(alexNet, PICTURE, CAT)));
    assertEquals(
        "ExpectedGradients(references=[%s, %s], samples=3, seed=1)"
            .formatted(references.get(0).checksum(), references.get(1).checksum()),
        method.identity());
    try (Recording both =
        Recording.of(alexNet, List.of(SmallNetworks.picture(9), PICTURE), List.of(LAYER))) {
      assertArrayEquals(one.values(), method.attributions(both, LAYER, CAT).get(1).values(), 1e-6f);
    }
  }

  /** Of two pictures one copy at a time, one and a half, or all: rounding apart, the same. */
  @ParameterizedTest
  @ValueSource(ints = {3, 4, 100})
  void howManyRunAtOnceDoesNotMatter(int batch) {
    List<Picture> references = List.of(uniform(0xffffff), SmallNetworks.picture(9));
    try (Recording both =
        Recording.of(alexNet, List.of(SmallNetworks.picture(9), PICTURE), List.of(LAYER))) {
      assertAlike(
          new SmoothGrad(5, 0.1, 1, 1, Progress.NONE),
          new SmoothGrad(5, 0.1, 1, batch, Progress.NONE),
          both);
      assertAlike(
          new IntegratedGradients(5, 1, Progress.NONE),
          new IntegratedGradients(5, batch, Progress.NONE),
          both);
      assertAlike(
          new ExpectedGradients(references, 5, 1, 1, Progress.NONE),
          new ExpectedGradients(references, 5, 1, batch, Progress.NONE),
          both);
    }
  }

  private static void assertAlike(PixelMethod one, PixelMethod other, Recording recording) {
    for (int picture = 0; picture < recording.pictures(); picture++) {
      float[] expected =
          one.attributions(recording, LAYER, Target.predicted()).get(picture).values();
      float[] found =
          other.attributions(recording, LAYER, Target.predicted()).get(picture).values();
      double most =
          IntStream.range(0, expected.length)
              .mapToDouble(i -> Math.abs(expected[i]))
              .max()
              .orElseThrow();
      assertArrayEquals(expected, found, (float) (1e-5 * most), one.identity());
    }
  }

  @Test
  void interruptingStopsTheWork() {
    Progress interrupting = (work, start) -> done -> Thread.currentThread().interrupt();
    for (PixelMethod method :
        List.of(
            new SmoothGrad(4, 0.1, 0, 3, interrupting),
            new IntegratedGradients(4, 3, interrupting),
            new ExpectedGradients(List.of(PICTURE), 4, 0, 3, interrupting))) {
      String message =
          assertThrows(CancellationException.class, () -> method.attribution(alexNet, PICTURE, CAT))
              .getMessage();
      assertEquals("Interrupted when 3 of 4 passes were done.", message);
      assertTrue(Thread.interrupted());
    }
  }

  @Test
  void refusesWhatMakesNoSense() {
    assertThrows(IllegalArgumentException.class, () -> new IntegratedGradients(0, Progress.NONE));
    assertThrows(
        IllegalArgumentException.class, () -> new IntegratedGradients(5, 0, Progress.NONE));
    assertThrows(IllegalArgumentException.class, () -> new ExpectedGradients(List.of()));
    assertThrows(
        IllegalArgumentException.class,
        () -> new ExpectedGradients(List.of(PICTURE), 0, 1, Progress.NONE));
    assertThrows(IllegalArgumentException.class, () -> new SmoothGrad(0, 0.1, 0, Progress.NONE));
    assertThrows(
        IllegalArgumentException.class, () -> new SmoothGrad(1, Double.NaN, 0, Progress.NONE));
    assertThrows(
        IllegalArgumentException.class,
        () -> new SmoothGrad(1, Double.POSITIVE_INFINITY, 0, Progress.NONE));
    assertTrue(
        assertThrows(
                NullPointerException.class,
                () -> new ExpectedGradients(Arrays.asList(PICTURE, null)))
            .getMessage()
            .startsWith("Expected a picture, found null"));
  }
}
