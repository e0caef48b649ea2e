package camlab.cam;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import camlab.capture.Recording;
import camlab.capture.Target;
import camlab.heatmap.Heatmap;
import camlab.network.CaseFiles;
import camlab.network.Classes;
import camlab.network.Fact;
import camlab.network.HookPoint;
import camlab.network.Layout;
import camlab.network.Network;
import camlab.network.Rest;
import camlab.network.Stated;
import camlab.network.torchscript.TorchScript;
import camlab.picture.Picture;
import camlab.picture.Preprocessing;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Layers whose positions lie elsewhere than in the last two dimensions. Values are PyTorch's. */
class LayoutCasesTest {

  private static final List<Float> HALF = Collections.nCopies(3, 0.5f);

  private static Network open(String file, int side, int classes, Stated stated) {
    return TorchScript.load(
        CaseFiles.path(file),
        Classes.numbered(classes),
        new Preprocessing(side, side, HALF, HALF),
        stated);
  }

  private static Picture picture(String folder) {
    return Picture.read(CaseFiles.path(folder + "/in.png"));
  }

  private static void assertMap(
      Heatmap map, int height, int width, float[] begin, double relative) {
    assertEquals(height, map.height());
    assertEquals(width, map.width());
    float[] found = Arrays.copyOf(map.values(), begin.length);
    float largest = 0;
    for (float value : begin) {
      largest = Math.max(largest, value);
    }
    assertArrayEquals(begin, found, (float) (relative * largest), Arrays.toString(found));
  }

  @Test
  void channelsLastOfSwin() {
    try (Network network = open("swin-channels-last/model.pt", 64, 5, Stated.NOTHING)) {
      assertEquals("norm", network.targetLayer());
      assertEquals(Optional.of(Layout.CHANNELS_LAST), network.layout("norm"));
      assertEquals(Optional.of(Layout.CHANNELS_FIRST), network.layout("permute"));
      assertEquals(Optional.of(Layout.VECTOR), network.layout("head"));
      assertEquals(List.of("features.1", "norm"), network.stages());
      Picture picture = picture("swin-channels-last");
      float[] begin = {5.1455e-05f, 0, 0, .00093313f, 6.7479e-05f};
      for (String layer : List.of("norm", "permute")) {
        assertMap(new GradCam().heatmap(network, picture, layer, Target.of(2)), 8, 8, begin, 1e-4);
      }
    }
  }

  @Test
  void aConvolutionThenChannelsLast() {
    try (Network network =
        open("swin-channels-last/cnn-then-layernorm.pt", 64, 3, Stated.NOTHING)) {
      assertEquals("norm", network.targetLayer());
      Heatmap map =
          new GradCam().heatmap(network, picture("swin-channels-last"), "norm", Target.of(1));
      assertMap(map, 16, 16, new float[] {.0033481f, .0029922f, .0031238f}, 1e-4);
      assertEquals(8, map.peak().row());
      assertEquals(11, map.peak().column());
    }
  }

  @Test
  void tokensOfAVisionTransformer() {
    String layer = "encoder.layers.encoder_layer_1.ln_1";
    try (Network network = open("vit-tokens/model.pt", 32, 5, Stated.NOTHING)) {
      assertEquals(layer, network.targetLayer());
      assertEquals(Optional.of(Layout.tokens(1, 4, 4)), network.layout(layer));
      assertMap(
          new GradCam().heatmap(network, picture("vit-tokens"), layer, Target.of(2)),
          4,
          4,
          new float[] {0, 0, .020731f, .0598f, 0, 0, .009562f, 0},
          1e-4);
    }
  }

  /** As many channels as classes are no reason to pass a layer over. */
  @Test
  void asManyChannelsAsClasses() {
    try (Network network = open("channels-equal-classes/model.pt", 32, 12, Stated.NOTHING)) {
      assertEquals("r2", network.targetLayer());
    }
  }

  /**
   * The way back: channels switched off in maps of tokens are switched off in the tokens, and the
   * class token stays. Its own weights follow from the logits when this is done by hand.
   */
  @Test
  void ablationOfTokensLeavesTheClassTokenAlone() {
    String layer = "encoder.layers.encoder_layer_1.ln_1";
    try (Network network = open("vit-tokens/model.pt", 32, 5, Stated.NOTHING);
        Recording recording = Recording.of(network, picture("vit-tokens"), layer)) {
      NDArray output = recording.output(layer);
      assertEquals(new Shape(1, 17, output.getShape().get(2)), output.getShape());
      NDArray maps = recording.activation(layer);
      Rest rest = network.rest(recording.input(), layer);
      assertArrayEquals(recording.logits().toFloatArray(), rest.run(maps).toFloatArray(), 1e-6f);
      NDArray without = output.duplicate();
      without.set(new NDIndex(":, 1:, 3"), 0);
      float[] expected = network.model().rest(recording.input(), layer).run(without).toFloatArray();
      NDArray mapsWithout = maps.duplicate();
      mapsWithout.set(new NDIndex(":, 3"), 0);
      assertArrayEquals(expected, rest.run(mapsWithout).toFloatArray(), 1e-6f);
      assertEquals(4, new AblationCam().heatmap(recording, layer, Target.of(2)).height());
      assertEquals(4, new ScoreCam().heatmap(recording, layer, Target.of(2)).width());
    }
  }

  @Test
  void averagedChannelsLastHaveCam() {
    try (Network network = open("swin-channels-last/cnn-then-layernorm.pt", 64, 3, Stated.NOTHING);
        Recording recording = Recording.of(network, picture("swin-channels-last"), "norm")) {
      Heatmap first = new Cam().heatmap(recording, "norm", Target.of(1));
      Heatmap second = new Cam().heatmap(recording, "norm", Target.of(2));
      // The mean of a map is the logit without the bias, which both classes' maps show.
      float[] logits = recording.logits().toFloatArray();
      NDArray zeros = recording.activation("norm").zerosLike();
      float[] biases = network.rest(recording.input(), "norm").run(zeros).toFloatArray();
      assertEquals(logits[1] - biases[1], mean(first), 1e-5);
      assertEquals(logits[2] - biases[2], mean(second), 1e-5);
    }
  }

  private static double mean(Heatmap map) {
    double sum = 0;
    for (float value : map.values()) {
      sum += value;
    }
    return sum / map.values().length;
  }

  @Test
  void whatIsStatedHolds() {
    String layer = "encoder.layers.encoder_layer_1.ln_1";
    Stated stated = Stated.NOTHING.layout(layer, Layout.tokens(13, 2, 2)).targetLayer("conv_proj");
    try (Network network = open("vit-tokens/model.pt", 32, 5, stated)) {
      assertEquals("conv_proj", network.targetLayer());
      assertEquals(Fact.Origin.STATED, network.layoutFact(layer).origin());
      assertEquals(
          2, new GradCam().heatmap(network, picture("vit-tokens"), layer, Target.of(2)).height());
    }
    Stated wrong = Stated.NOTHING.layout(layer, Layout.CHANNELS_LAST);
    try (Network network = open("vit-tokens/model.pt", 32, 5, wrong)) {
      String message =
          assertThrows(IllegalArgumentException.class, () -> network.layout(layer)).getMessage();
      assertTrue(message.contains("channels last (N, h, w, K)"), message);
    }
  }

  @Test
  void placesToLookAt() {
    try (Network network = open("vit-tokens/model.pt", 32, 5, Stated.NOTHING)) {
      Map<String, HookPoint> points =
          network.hookPoints(picture("vit-tokens")).stream()
              .collect(Collectors.toMap(HookPoint::layer, point -> point));
      assertEquals(Optional.of(Layout.tokens(1, 4, 4)), points.get("encoder.ln").layout());
      // Behind the last attention the class token alone goes on.
      assertEquals(1, points.get("encoder.ln").zeroGradients());
      assertEquals(0, points.get("encoder.layers.encoder_layer_1.ln_1").zeroGradients());
      assertEquals(Optional.of(Layout.VECTOR), points.get("heads.head").layout());
      assertEquals(0.8, points.get("heads.head").zeroGradients(), 1e-6);
    }
  }

  /** What puts all its places into all its places has none that are known. */
  @Test
  void aLayerWithoutPlacesIsRefusedWithWhatToSay() {
    try (Network network = open("vit-tokens/model.pt", 32, 5, Stated.NOTHING)) {
      String message =
          assertThrows(
                  IllegalArgumentException.class,
                  () ->
                      new GradCam()
                          .heatmap(network, picture("vit-tokens"), "heads.head", Target.of(2)))
              .getMessage();
      assertTrue(
          message.contains("Choose a layer before the flattening, such as 'encoder.layers"),
          message);
    }
  }
}
