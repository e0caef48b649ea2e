package camlab.cam;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import camlab.capture.Recording;
import camlab.capture.SmallNetworks;
import camlab.capture.Target;
import camlab.heatmap.Heatmap;
import camlab.network.Architecture;
import camlab.network.GoldenNetworks;
import camlab.network.LayeredNetwork;
import camlab.network.Prediction;
import camlab.network.ResNet;
import camlab.network.Xception;
import camlab.picture.Picture;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class CamTest {

  private static final float EXACT = 1e-6f;

  /** Logits are the maps' means plus the biases 10 and 20. */
  @Test
  void weightsTheChannelsByTheLinearLayer() {
    try (LayeredNetwork network = TinyNetwork.create();
        NDManager scope = network.newScope();
        Recording recording = Recording.of(network, TinyNetwork.input(scope), List.of("relu"))) {
      assertArrayEquals(new float[] {11, 23.5f}, recording.logits().toFloatArray(), EXACT);
      Heatmap first = new Cam().heatmap(recording, "relu", Target.of("first"));
      assertArrayEquals(new float[] {1, 0, 3, 0}, first.values(), EXACT);
      Heatmap second = new Cam().heatmap(recording, "relu", Target.predicted());
      assertArrayEquals(new float[] {0.5f, 4, 1.5f, 8}, second.values(), EXACT);
      assertEquals("CAM · relu · second (23.50)", second.provenance().toString());
    }
  }

  /** As a sanity check replaces them: the map follows the weights the network runs with. */
  @Test
  void takesWeightsThatWereReplaced() {
    try (LayeredNetwork trained = TinyNetwork.create();
        LayeredNetwork network =
            trained.withParameters(Map.of("fc.weight", new float[] {0, 1, 0, 2}));
        NDManager scope = network.newScope();
        Recording recording = Recording.of(network, TinyNetwork.input(scope), List.of("relu"))) {
      Heatmap first = new Cam().heatmap(recording, "relu", Target.of("first"));
      assertArrayEquals(new float[] {0, 1, 0, 2}, first.values(), EXACT);
      assertArrayEquals(new float[] {10.75f, 21.5f}, recording.logits().toFloatArray(), EXACT);
    }
  }

  /** Behind a global average, a channel's gradient is its weight over the number of positions. */
  @Test
  void gradCamIsTheRectifiedCamOverThePositions() {
    gradCamIsTheRectifiedCamOverThePositions(ResNet.resNet18(1000), "layer4");
    gradCamIsTheRectifiedCamOverThePositions(Xception.legacy(1000), "act4");
  }

  private static void gradCamIsTheRectifiedCamOverThePositions(
      Architecture architecture, String layer) {
    try (LayeredNetwork network = GoldenNetworks.network(architecture);
        NDManager scope = network.newScope()) {
      NDArray input = scope.create(GoldenNetworks.input(96), new Shape(1, 3, 96, 96));
      try (Recording recording = Recording.of(network, input, List.of(layer))) {
        Heatmap cam = new Cam().heatmap(recording, layer, Target.predicted());
        Heatmap gradCam = new GradCam().heatmap(recording, layer, Target.predicted());
        float[] expected = cam.values();
        for (int i = 0; i < expected.length; i++) {
          expected[i] = Math.max(expected[i], 0) / (cam.height() * cam.width());
        }
        assertTrue(gradCam.max() > 0);
        assertArrayEquals(expected, gradCam.values(), 1e-5f * gradCam.max());
      }
    }
  }

  @Test
  void picturesOfABatchHaveTheirOwnClasses() {
    try (LayeredNetwork network = TinyNetwork.create();
        NDManager scope = network.newScope()) {
      NDArray input = TinyNetwork.input(scope);
      NDArray blank = input.zerosLike();
      try (Recording recording = Recording.of(network, input.concat(blank), List.of("relu"))) {
        List<Heatmap> maps = new Cam().heatmaps(recording, "relu", Target.of("first"));
        assertArrayEquals(new float[] {1, 0, 3, 0}, maps.get(0).values(), EXACT);
        assertArrayEquals(new float[4], maps.get(1).values(), EXACT);
        assertEquals(10, maps.get(1).provenance().score(), EXACT);
      }
    }
  }

  /** More pictures than run at once get the maps that each gets alone. */
  @Test
  void severalPictures() {
    List<Picture> pictures = LongStream.range(0, 10).mapToObj(SmallNetworks::picture).toList();
    try (LayeredNetwork network = SmallNetworks.alexNet()) {
      String layer = network.targetLayer();
      CamMethod method = new GradCam();
      List<Heatmap> maps = method.heatmaps(network, pictures, layer, Target.predicted());
      List<List<Prediction>> predictions = network.predictEach(pictures);
      assertEquals(10, maps.size());
      assertEquals(10, predictions.size());
      for (int i = 0; i < 10; i++) {
        Heatmap alone = method.heatmap(network, pictures.get(i), layer, Target.predicted());
        assertArrayEquals(alone.values(), maps.get(i).values(), 1e-5f);
        assertEquals(alone.provenance().target(), maps.get(i).provenance().target());
        Prediction best = network.predict(pictures.get(i)).get(0);
        assertEquals(best.name(), predictions.get(i).get(0).name());
        assertEquals(best.probability(), predictions.get(i).get(0).probability(), 1e-5);
      }
      assertEquals(List.of(), method.heatmaps(network, List.of(), layer, Target.predicted()));
      assertEquals(List.of(), network.predictEach(List.of()));
    }
  }

  @Test
  void saysWhyANetworkHasNone() {
    try (LayeredNetwork network = SmallNetworks.alexNet()) {
      String reason = Cam.refusal(network).orElseThrow();
      assertTrue(
          reason.contains(
              "AlexNet (small classifier) ends with features.11 (ReLU, 256×5×5), features.12"
                  + " (MaxPool2d, 256×2×2), avgpool (AdaptiveAvgPool2d, 256×6×6), classifier.1"
                  + " (Linear, 128)"),
          reason);
    }
  }

  @Test
  void refusesOtherLayersAndScores() {
    try (LayeredNetwork network = TinyNetwork.create();
        NDManager scope = network.newScope();
        Recording recording =
            Recording.of(network, TinyNetwork.input(scope), List.of("conv", "relu"))) {
      Cam cam = new Cam();
      Target first = Target.of("first");
      String layer =
          assertThrows(
                  UnsupportedOperationException.class, () -> cam.heatmap(recording, "conv", first))
              .getMessage();
      assertTrue(layer.contains("'relu', found 'conv'"), layer);
      for (Target other : List.of(Target.of(0).probability(), Target.score("sum", NDArray::sum))) {
        String target =
            assertThrows(
                    UnsupportedOperationException.class,
                    () -> cam.heatmap(recording, "relu", other))
                .getMessage();
        assertTrue(target.contains("'" + recording.label(other, 0) + "'"), target);
      }
    }
  }
}
