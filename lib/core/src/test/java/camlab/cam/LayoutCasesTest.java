package camlab.cam;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import camlab.capture.Target;
import camlab.heatmap.Heatmap;
import camlab.network.CaseFiles;
import camlab.network.Classes;
import camlab.network.Layout;
import camlab.network.Network;
import camlab.network.Stated;
import camlab.network.torchscript.TorchScript;
import camlab.picture.Picture;
import camlab.picture.Preprocessing;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
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
}
