package camlab.cam;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import camlab.capture.Recording;
import camlab.capture.SmallNetworks;
import camlab.capture.Target;
import camlab.heatmap.Heatmap;
import camlab.heatmap.Provenance;
import camlab.network.LayeredNetwork;
import camlab.network.NotApplicableException;
import camlab.picture.Picture;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which layers are multiplied; what comes of it is in {@code MapMethodsTest}. */
class RefineCamTest {

  private static final Target DOG = Target.of("dog");

  @Test
  void theStagesThatLeadToTheLayer() {
    try (LayeredNetwork network = SmallNetworks.alexNet()) {
      Picture picture = SmallNetworks.picture(1);
      List<String> stages = network.stages();
      String last = network.targetLayer();
      assertEquals(last, stages.get(stages.size() - 1));
      assertTrue(stages.size() > 2, stages.toString());
      try (Recording all = Recording.of(network, picture, stages.toArray(String[]::new));
          Recording one = Recording.of(network, picture, last)) {
        Heatmap expected = new RefineCam().fused(all, stages, DOG);
        for (Recording recording : List.of(all, one)) {
          Heatmap map = new RefineCam().heatmap(recording, last, DOG);
          assertEquals(expected.provenance(), map.provenance());
          assertArrayEquals(expected.values(), map.values(), 1e-6f);
        }
        List<String> two = stages.subList(0, 2);
        assertArrayEquals(
            new RefineCam().fused(all, two, DOG).values(),
            new RefineCam().heatmap(all, two.get(1), DOG).values(),
            1e-6f);
        // Alone it is Grad-CAM++, resized and scaled.
        float[] alone = new RefineCam().heatmap(all, stages.get(0), DOG).values();
        assertArrayEquals(
            new GradCamPlusPlus()
                .heatmap(all, stages.get(0), DOG)
                .resized(expected.height(), expected.width())
                .normalized()
                .values(),
            alone,
            1e-6f);
        String message =
            assertThrows(
                    NotApplicableException.class,
                    () -> new RefineCam().heatmap(network, picture, "features.0", DOG))
                .getMessage();
        assertEquals(
            "Refine-CAM multiplies a stage's map with those of the stages before it, and 'features.0' is none of the stages of '%s', which are %s. Ask at one of them, or name layers: new RefineCam(method, layers)."
                .formatted(network.name(), stages),
            message);
        assertNotEquals(Arrays.hashCode(alone), Arrays.hashCode(expected.values()));
      }
    }
  }

  @Test
  void aProductHasASize() {
    Heatmap map = Heatmap.of(new float[][] {{0, 1}}, new Provenance("", "", "", Double.NaN));
    assertEquals(
        "A map is resized to at least 1×1, not to -1×3.",
        assertThrows(IllegalArgumentException.class, () -> RefineCam.fuse(List.of(map), -1, 3))
            .getMessage());
  }

  @Test
  void layersOfOnesOwn() {
    try (LayeredNetwork network = SmallNetworks.alexNet()) {
      Picture picture = SmallNetworks.picture(2);
      List<String> stages = network.stages();
      String first = stages.get(0);
      String last = network.targetLayer();
      CamMethod twoLayers = new RefineCam(new GradCam(), List.of(first));
      try (Recording recording = Recording.of(network, picture, first, last)) {
        Heatmap expected = new RefineCam(new GradCam()).fused(recording, List.of(first, last), DOG);
        Heatmap map = twoLayers.heatmap(network, picture, last, DOG);
        assertArrayEquals(expected.values(), map.values(), 1e-6f);
        assertEquals(first + " × " + last, map.provenance().layer());
        assertEquals(recording.region(0), map.region());
      }
    }
  }
}
