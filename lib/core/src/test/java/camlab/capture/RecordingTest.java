package camlab.capture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.pytorch.jni.JniUtils;
import camlab.cam.CamMethod;
import camlab.cam.EigenCam;
import camlab.cam.GradCam;
import camlab.cam.GradientSaliency;
import camlab.heatmap.ChannelMaps;
import camlab.heatmap.Heatmap;
import camlab.heatmap.Region;
import camlab.network.Classes;
import camlab.network.LayerGraph;
import camlab.network.LayeredNetwork;
import camlab.network.Network;
import camlab.network.UnknownNameException;
import camlab.picture.Picture;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class RecordingTest {

  private static final Target CAT = Target.of("cat");
  private static final Target DOG = Target.of("dog");
  private static final String LAYER = "features.11";

  private static LayeredNetwork network;

  @BeforeAll
  static void makeNetwork() {
    network = SmallNetworks.alexNet();
  }

  @AfterAll
  static void close() {
    network.close();
  }

  /** A picture of 60×50 becomes 115×96, and the middle 96 columns of that are the view. */
  @Test
  void everythingKnowsWhatTheNetworkSaw() {
    double column = 60 / 115.0;
    Region seen =
        new Region(
            10 * column, 0, 96 * column, 50, new Region.Size(60, 50), new Region.Size(96, 96));
    Picture picture = SmallNetworks.picture(1);
    try (Recording recording = Recording.of(network, picture, LAYER)) {
      Region found = recording.region(0).orElseThrow();
      assertEquals(seen.left(), found.left(), 1e-12);
      assertEquals(seen.width(), found.width(), 1e-12);
      assertEquals(seen.picture(), found.picture());
      assertEquals(seen.view(), found.view());
      assertEquals(Optional.of(found), recording.activations(LAYER).region());
      assertEquals(Optional.of(found), recording.gradients(LAYER, CAT).region());
      for (CamMethod method : List.of(new GradCam(), new EigenCam(), new GradientSaliency())) {
        assertEquals(
            Optional.of(found), method.heatmap(recording, LAYER, CAT).region(), method.name());
      }
    }
    try (Recording recording =
        Recording.of(network, List.of(picture, Picture.of(8, 8, new int[64])), List.of(LAYER))) {
      assertEquals(new Region.Size(8, 8), recording.region(1).orElseThrow().picture());
      assertEquals(
          recording.region(1), new GradCam().heatmaps(recording, LAYER, CAT).get(1).region());
    }
  }

  /** Of what picture an array was made, nobody knows. */
  @Test
  void mapsOfAnArrayKnowNoRegion() {
    try (NDManager scope = network.newScope();
        Recording recording =
            Recording.of(network, scope.ones(new Shape(1, 3, 96, 96)), List.of(LAYER))) {
      assertEquals(Optional.empty(), recording.region(0));
      assertEquals(Optional.empty(), new GradCam().heatmap(recording, LAYER, CAT).region());
    }
  }

  /** The gradient at the layer behind which everything is linear is the weights themselves. */
  @Test
  void gradientOfALinearLayerIsItsWeights() {
    try (Recording recording = Recording.of(network, SmallNetworks.picture(1), "classifier.3")) {
      float[] weights =
          network.graph().namedParameters().get("classifier.4.weight").getArray().toFloatArray();
      float[] cat = recording.gradient("classifier.3", CAT).toFloatArray();
      float[] dog = recording.gradient("classifier.3", DOG).toFloatArray();
      for (int i = 0; i < cat.length; i++) {
        assertEquals(weights[i], cat[i], 1e-6);
        assertEquals(weights[cat.length + i], dog[i], 1e-6);
      }
    }
  }

  /**
   * With p = 1/(1 + exp(d − c)) for the logits c and d: ∂p/∂A = p(1 − p)(∂c/∂A − ∂d/∂A). Taken of
   * the less likely class, since 1 − p of the other one has few exact digits.
   */
  @Test
  void gradientOfAProbability() {
    try (Recording recording = Recording.of(network, SmallNetworks.picture(1), LAYER)) {
      boolean dog = recording.score(DOG, 0) > recording.score(CAT, 0);
      Target.OfClass less = Target.of(dog ? "cat" : "dog");
      Target.OfClass more = Target.of(dog ? "dog" : "cat");
      double p = 1 / (1 + Math.exp(recording.score(more, 0) - recording.score(less, 0)));
      assertEquals(p, recording.score(less.probability(), 0), 1e-5 * p);
      assertEquals(dog ? "P(cat)" : "P(dog)", recording.label(less.probability(), 0));
      float[] gradient = recording.gradient(LAYER, less).toFloatArray();
      float[] other = recording.gradient(LAYER, more).toFloatArray();
      float[] found = recording.gradient(LAYER, less.probability()).toFloatArray();
      float largest = recording.gradient(LAYER, less.probability()).abs().max().getFloat();
      assertTrue(largest > 0);
      for (int i = 0; i < gradient.length; i++) {
        assertEquals(p * (1 - p) * (gradient[i] - other[i]), found[i], 1e-4 * largest);
      }
    }
  }

  @Test
  void eachPictureItsOwnTarget() {
    List<Picture> pictures = List.of(SmallNetworks.picture(1), SmallNetworks.picture(2));
    Target each = Target.oneEach(List.of(CAT, DOG));
    try (Recording both = Recording.of(network, pictures, List.of(LAYER))) {
      List<Target> targets = List.of(CAT, DOG);
      for (int i = 0; i < 2; i++) {
        try (Recording alone = Recording.of(network, pictures.get(i), LAYER)) {
          float[] expected = alone.gradients(LAYER, targets.get(i)).values();
          assertArrayEquals(expected, both.gradients(LAYER, each, i).values(), 1e-5f);
          assertEquals(alone.score(targets.get(i), 0), both.score(each, i), 1e-4);
        }
      }
      assertEquals("cat", both.label(each, 0));
      assertEquals("dog", both.label(each, 1));
    }
  }

  /** Too many targets are as wrong as too few: none is left out silently. */
  @Test
  void refusesAnotherNumberOfTargetsThanPictures() {
    try (Recording recording = Recording.of(network, SmallNetworks.picture(1), LAYER)) {
      for (List<Target> targets : List.of(List.<Target>of(), List.of(CAT, DOG))) {
        Target each = Target.oneEach(targets);
        String message =
            assertThrows(IllegalArgumentException.class, () -> recording.gradient(LAYER, each))
                .getMessage();
        assertTrue(message.contains("1 pictures, found " + targets.size()), message);
        assertThrows(IllegalArgumentException.class, () -> recording.score(each, 0));
      }
    }
  }

  @Test
  void thePredictedClassIsFixedForAPicture() {
    try (Recording recording = Recording.of(network, SmallNetworks.picture(1), LAYER)) {
      int predicted = recording.predictions().get(0).index();
      assertEquals(Target.of(predicted), recording.target(Target.predicted(), 0));
      assertEquals(
          Target.of(predicted).probability(),
          recording.target(Target.predicted().probability(), 0));
      assertEquals(CAT, recording.target(CAT, 0));
    }
  }

  /** The first layer is a convolution: the gradient before it follows from the one behind it. */
  @Test
  void gradientAtTheInput() {
    try (Recording recording =
        Recording.of(network, SmallNetworks.picture(1), LayerGraph.INPUT, "features.0")) {
      assertEquals(List.of(LayerGraph.INPUT, "features.0"), recording.layers());
      assertArrayEquals(
          recording.input().toFloatArray(), recording.activation(LayerGraph.INPUT).toFloatArray());
      ChannelMaps behind = recording.gradients("features.0", CAT);
      NDArray weight = network.graph().namedParameters().get("features.0.weight").getArray();
      // The pixel in row 20, column 22 is seen by every filter that starts at 4i − 2 above it.
      double expected = 0;
      for (int k = 0; k < behind.channels(); k++) {
        for (int i = 3; i <= 5; i++) {
          for (int j = 4; j <= 6; j++) {
            int row = 20 - (4 * i - 2);
            int column = 22 - (4 * j - 2);
            if (row >= 0 && row < 11 && column >= 0 && column < 11) {
              expected += behind.at(k, i, j) * weight.getFloat(k, 1, row, column);
            }
          }
        }
      }
      float found = recording.gradients(LayerGraph.INPUT, CAT).at(1, 20, 22);
      assertEquals(expected, found, 1e-4 * Math.abs(expected));
    }
  }

  /** ∂y/∂A by differences: change one activation a little, run what lies behind. */
  @Test
  void gradientAgreesWithDifferences() {
    try (Recording recording = Recording.of(network, SmallNetworks.picture(1), LAYER)) {
      ChannelMaps gradients = recording.gradients(LAYER, CAT);
      int strongest = 0;
      float[] values = gradients.values();
      for (int i = 0; i < values.length; i++) {
        strongest = Math.abs(values[i]) > Math.abs(values[strongest]) ? i : strongest;
      }
      double step = 1e-2;
      double slope =
          (scoreWith(SmallNetworks.picture(1), strongest, step)
                  - scoreWith(SmallNetworks.picture(1), strongest, -step))
              / (2 * step);
      assertEquals(slope, values[strongest], Math.abs(slope) * 0.01);
    }
  }

  private static double scoreWith(Picture picture, int index, double step) {
    try (NDManager scope = network.newScope()) {
      NDArray logits =
          network.run(
              network.input(scope, List.of(picture)),
              (layer, output) -> {
                if (!layer.name().equals(LAYER)) {
                  return output;
                }
                float[] change = new float[(int) output.size()];
                change[index] = (float) step;
                return output.add(scope.create(change, output.getShape()));
              });
      return logits.getFloat(0, 0);
    }
  }

  @Test
  void recordingChangesNothing() {
    float[] plain = logits();
    try (Recording recording =
        Recording.of(network, SmallNetworks.picture(1), LAYER, "features.0")) {
      assertArrayEquals(plain, recording.logits().toFloatArray());
      recording.gradient(LAYER, CAT);
    }
    assertArrayEquals(plain, logits());
  }

  private static float[] logits() {
    try (NDManager scope = network.newScope()) {
      return network
          .run(network.input(scope, List.of(SmallNetworks.picture(1))), LayerGraph.Hook.NONE)
          .toFloatArray();
    }
  }

  @Test
  void severalClassesFromOnePassAndTwiceTheSame() {
    try (Recording recording =
        Recording.of(network, SmallNetworks.picture(1), "features.5", LAYER)) {
      float[] cat = recording.gradient(LAYER, CAT).toFloatArray();
      float[] dog = recording.gradient(LAYER, DOG).toFloatArray();
      float[] both =
          recording
              .gradient(LAYER, Target.score("cat + dog", logits -> logits.sum()))
              .toFloatArray();
      for (int i = 0; i < cat.length; i++) {
        assertEquals(cat[i] + dog[i], both[i], 1e-5);
      }
      assertArrayEquals(cat, recording.gradient(LAYER, CAT).toFloatArray());
    }
    try (Recording alone = Recording.of(network, SmallNetworks.picture(1), "features.5")) {
      try (Recording together =
          Recording.of(network, SmallNetworks.picture(1), "features.5", LAYER)) {
        together.gradient(LAYER, DOG);
        assertArrayEquals(
            alone.gradient("features.5", CAT).toFloatArray(),
            together.gradient("features.5", CAT).toFloatArray(),
            1e-6f);
      }
    }
  }

  @Test
  void aBatchGivesEachPictureItsOwnGradient() {
    List<Picture> pictures =
        List.of(SmallNetworks.picture(1), SmallNetworks.picture(2), SmallNetworks.picture(3));
    try (Recording batch = Recording.of(network, pictures, List.of(LAYER))) {
      List<Heatmap> maps = new GradCam().heatmaps(batch, LAYER, DOG);
      for (int i = 0; i < pictures.size(); i++) {
        Heatmap alone = new GradCam().heatmap(network, pictures.get(i), "dog");
        assertTrue(alone.maxDifference(maps.get(i)) <= 1e-4 * alone.max());
        assertEquals(alone.provenance().score(), maps.get(i).provenance().score(), 1e-4);
      }
    }
  }

  @Test
  void thePredictedClassIsNamed() {
    try (Recording recording = Recording.of(network, SmallNetworks.picture(1), LAYER)) {
      String best = recording.predictions().get(0).name();
      assertEquals(best, recording.label(Target.predicted(), 0));
      assertArrayEquals(
          recording.gradient(LAYER, Target.of(best)).toFloatArray(),
          recording.gradient(LAYER, Target.predicted()).toFloatArray());
    }
  }

  /** features.10 is followed by a ReLU: what is recorded is what stood before it. */
  @Test
  void activationsAreThoseBeforeTheNextLayer() {
    try (Recording recording =
        Recording.of(network, SmallNetworks.picture(1), "features.10", LAYER)) {
      ChannelMaps before = recording.activations("features.10");
      ChannelMaps after = recording.activations(LAYER);
      boolean negative = false;
      float[] expected = before.values();
      for (int i = 0; i < expected.length; i++) {
        negative |= expected[i] < 0;
        expected[i] = Math.max(expected[i], 0);
      }
      assertTrue(negative);
      assertArrayEquals(expected, after.values());
    }
  }

  @Test
  void aContainersNameStandsForItsLastLayer() {
    try (Recording recording = Recording.of(network, SmallNetworks.picture(1), "features")) {
      assertEquals(List.of("features.12"), recording.layers());
      assertEquals(256, recording.activations("features").channels());
    }
  }

  @Test
  void noParameterEverHasAGradient() {
    try (Recording recording = Recording.of(network, SmallNetworks.picture(1), "features.0")) {
      recording.gradient("features.0", CAT);
      for (Map.Entry<String, Parameter> entry : network.graph().namedParameters().entrySet()) {
        assertFalse(entry.getValue().getArray().hasGradient(), entry.getKey());
      }
    }
  }

  @Test
  void aThrowingBodyLeavesTheNetworkAsItWas() {
    float[] before = logits();
    boolean mode = JniUtils.isGradMode();
    assertThrows(
        IllegalStateException.class,
        () ->
            network.run(
                network.newScope().zeros(new Shape(1, 3, 96, 96)),
                (layer, output) -> {
                  throw new IllegalStateException("from a hook");
                }));
    assertThrows(
        IllegalStateException.class,
        () -> {
          try (Recording recording = Recording.of(network, SmallNetworks.picture(1), LAYER)) {
            recording.gradient(
                LAYER,
                Target.score(
                    "broken",
                    logits -> {
                      throw new IllegalStateException("from a score");
                    }));
          }
        });
    assertEquals(mode, JniUtils.isGradMode());
    assertArrayEquals(before, logits());
  }

  @Test
  void closingFreesAndPlainValuesStay() {
    Recording recording = Recording.of(network, SmallNetworks.picture(1), LAYER);
    NDArray held = recording.activation(LAYER);
    ChannelMaps plain = recording.activations(LAYER);
    recording.close();
    recording.close();
    assertThrows(IllegalStateException.class, held::toFloatArray);
    assertEquals(256, plain.channels());
    assertThrows(IllegalStateException.class, () -> recording.gradient(LAYER, CAT));
  }

  @Test
  void unknownNamesListTheNearOnes() {
    UnknownNameException layer =
        assertThrows(
            UnknownNameException.class,
            () -> Recording.of(network, SmallNetworks.picture(1), "feature.11"));
    assertTrue(layer.getMessage().contains("'features.11'"), layer.getMessage());
    try (Recording recording = Recording.of(network, SmallNetworks.picture(1), LAYER)) {
      UnknownNameException notRecorded =
          assertThrows(UnknownNameException.class, () -> recording.activation("features.8"));
      assertTrue(notRecorded.getMessage().contains("'features.11'"), notRecorded.getMessage());
      UnknownNameException target =
          assertThrows(
              UnknownNameException.class, () -> recording.gradient(LAYER, Target.of("kat")));
      assertTrue(target.getMessage().contains("'cat'"), target.getMessage());
      assertThrows(IndexOutOfBoundsException.class, () -> recording.gradient(LAYER, Target.of(2)));
    }
  }

  /** Multiplying by a Java double makes the engine's double precision of it. */
  @Test
  void aScoreMayBeInDoublePrecision() {
    try (Recording recording = Recording.of(network, SmallNetworks.picture(1), LAYER)) {
      Target half = Target.score("half", logits -> logits.get(0).mul(0.5));
      assertEquals(recording.score(CAT, 0) / 2, recording.score(half, 0), 1e-6);
      float[] cat = recording.gradient(LAYER, CAT).toFloatArray();
      float[] halved = recording.gradient(LAYER, half).toFloatArray();
      for (int i = 0; i < cat.length; i++) {
        assertEquals(cat[i] / 2, halved[i], 1e-6);
      }
    }
  }

  /** The logits are the recording's, and others ask for them. */
  @Test
  void aScoreThatChangesTheLogitsGetsACopy() {
    try (Recording recording = Recording.of(network, SmallNetworks.picture(1), LAYER)) {
      Target twice = Target.score("twice", logits -> logits.muli(2).get(0));
      double cat = recording.score(CAT, 0);
      float[] gradient = recording.gradient(LAYER, CAT).toFloatArray();
      for (int i = 0; i < 2; i++) {
        assertEquals(2 * cat, recording.score(twice, 0), 1e-6);
      }
      float[] doubled = recording.gradient(LAYER, twice).toFloatArray();
      for (int i = 0; i < gradient.length; i++) {
        assertEquals(2 * gradient[i], doubled[i], 1e-6);
      }
      assertEquals(cat, recording.score(CAT, 0), 0);
    }
  }

  @Test
  void aScoreOfSeveralValuesIsRefused() {
    try (Recording recording = Recording.of(network, SmallNetworks.picture(1), LAYER)) {
      Target two = Target.score("both", logits -> logits);
      assertThrows(IllegalArgumentException.class, () -> recording.gradient(LAYER, two));
    }
  }

  @Test
  void aLayerWithoutPositionsHasNoHeatmap() {
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> new GradCam().heatmap(network, SmallNetworks.picture(1), "classifier.1", CAT));
    assertTrue(refused.getMessage().contains("positions"), refused.getMessage());
  }

  /** Also of a network without a target layer, which could be no example. */
  @Test
  void atLeastOneLayerIsNamed() {
    try (NDManager scope = NDManager.newBaseManager();
        Network dense = SmallNetworks.dense(scope, Classes.of("cat", "dog"))) {
      for (Network each : List.of(network, dense)) {
        assertEquals(
            "Expected the names of layers to record, found none: name at least one of those that network.layers() lists.",
            assertThrows(
                    IllegalArgumentException.class,
                    () -> Recording.of(each, SmallNetworks.picture(1)))
                .getMessage());
      }
    }
  }

  /** Of an index below 0 the engine would take the last picture. */
  @Test
  void thereIsNoOtherPicture() {
    try (Recording recording = Recording.of(network, SmallNetworks.picture(1), LAYER)) {
      for (int picture : new int[] {-1, 1}) {
        for (Executable asked :
            List.<Executable>of(
                () -> recording.predictions(picture),
                () -> recording.score(CAT, picture),
                () -> recording.label(CAT, picture),
                () -> recording.target(CAT, picture),
                () -> recording.target(Target.predicted(), picture),
                () -> recording.target(Target.oneEach(List.of(CAT)), picture),
                () -> recording.provenance("by hand", LAYER, CAT, picture),
                () -> recording.activations(LAYER, picture),
                () -> recording.gradients(LAYER, CAT, picture),
                () -> recording.region(picture))) {
          assertEquals(
              "There is no picture %s: they are counted from 0 to 0.".formatted(picture),
              assertThrows(IndexOutOfBoundsException.class, asked).getMessage());
        }
      }
    }
  }

  @Test
  void aScoreIsNamed() {
    try (Recording recording = Recording.of(network, SmallNetworks.picture(1), LAYER)) {
      for (Executable asked :
          List.<Executable>of(
              () -> recording.score(null, 0),
              () -> recording.label(null, 0),
              () -> recording.gradient(LAYER, null),
              () -> recording.outputGradient(LAYER, null),
              () -> recording.curvature(LAYER, null),
              () -> new GradCam().heatmap(recording, LAYER, null),
              () -> Target.oneEach(Arrays.asList(CAT, null)))) {
        assertEquals(
            "Expected a score to explain, found null: Target.of(\"cat\") is that of a class.",
            assertThrows(NullPointerException.class, asked).getMessage());
      }
    }
  }

  @Test
  void aClosedNetworkSaysSo() {
    LayeredNetwork closed = SmallNetworks.alexNet();
    closed.close();
    assertThrows(IllegalStateException.class, () -> closed.predict(SmallNetworks.picture(1)));
  }

  @Test
  void whatIsSharedIsWorkedOutOnceForEachScore() {
    int[] times = new int[1];
    Recording recording = Recording.of(network, SmallNetworks.picture(1), LAYER);
    try (recording) {
      for (Target target : List.of(CAT, DOG, Target.of("cat"))) {
        try (NDArray twice =
            recording.shared(
                "logits times 2",
                target,
                () -> {
                  times[0]++;
                  return recording.logits().mul(2);
                })) {
          assertArrayEquals(recording.logits().mul(2).toFloatArray(), twice.toFloatArray());
        } // closing it takes nothing from others
      }
      assertEquals(2, times[0]);
      NDArray other = recording.shared("zeros", CAT, () -> recording.logits().zerosLike());
      assertEquals(0, other.sum().getFloat());
    }
    assertThrows(
        IllegalStateException.class,
        () -> recording.shared("zeros", CAT, () -> recording.logits().zerosLike()));
  }
}
