package camlab.cam;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import camlab.capture.Recording;
import camlab.capture.SmallNetworks;
import camlab.capture.Target;
import camlab.heatmap.Heatmap;
import camlab.network.Network;
import camlab.picture.Picture;
import java.util.List;
import org.junit.jupiter.api.Test;

class RandomMapTest {

  private static final String LAYER = "features.1";

  @Test
  void followsFromSeedAndPictureAlone() {
    List<Picture> pictures = List.of(SmallNetworks.picture(1), SmallNetworks.picture(2));
    try (Network network = SmallNetworks.alexNet();
        Recording both = Recording.of(network, pictures, List.of(LAYER));
        Recording second = Recording.of(network, pictures.get(1), LAYER)) {
      List<Heatmap> maps = new RandomMap().heatmaps(both, LAYER, Target.of("cat"));
      assertEquals(maps.get(1), new RandomMap().heatmap(second, LAYER, Target.of("dog")));
      assertNotEquals(maps.get(0), maps.get(1));
      assertNotEquals(maps.get(1), new RandomMap(1).heatmap(second, LAYER, Target.of("dog")));
      assertEquals("Random · features.1", maps.get(0).provenance().toString());
    }
  }

  /** 23·23 values: their mean lies within 0.04 of a half, three times what chance allows. */
  @Test
  void valuesAreSpreadEvenly() {
    try (Network network = SmallNetworks.alexNet();
        Recording recording = Recording.of(network, SmallNetworks.picture(1), LAYER)) {
      Heatmap map = new RandomMap().heatmap(recording, LAYER, Target.of("cat"));
      assertEquals(23 * 23, map.values().length);
      assertEquals(0.5, map.sum() / map.values().length, 0.04);
      assertTrue(map.min() >= 0 && map.min() < 0.02 && map.max() < 1 && map.max() > 0.98);
    }
  }
}
