package camlab.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import camlab.capture.SmallNetworks;
import camlab.picture.Preprocessing;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NetworkIdentityTest {

  @Test
  void theSameWeightsHaveOneIdentity() {
    try (Network network = SmallNetworks.alexNet();
        Network again = SmallNetworks.alexNet()) {
      assertEquals(network.identity(), again.identity());
      assertTrue(
          network
              .identity()
              .matches(
                  "sha256:[0-9a-f]{64} Preprocessing\\(crop=96, mean=\\[0.485, 0.456, 0.406],"
                      + " resize=96, std=\\[0.229, 0.224, 0.225]\\)"),
          network.identity());
    }
  }

  /** One bit of one weight; and back again. */
  @Test
  void everyWeightCounts() {
    try (Network network = SmallNetworks.alexNet()) {
      float[] bias = {0, Float.MIN_VALUE};
      try (Network changed = network.withParameters(Map.of("classifier.4.bias", bias));
          Network back = changed.withParameters(Map.of("classifier.4.bias", new float[2]))) {
        assertNotEquals(network.identity(), changed.identity());
        assertEquals(network.identity(), back.identity());
      }
    }
  }

  @Test
  void thePreprocessingCounts() {
    List<Float> half = List.of(0.5f, 0.5f, 0.5f);
    try (Network network = SmallNetworks.alexNet();
        Network other = SmallNetworks.alexNet(new Preprocessing(96, 96, half, half))) {
      assertEquals(network.model().checksum(), other.model().checksum());
      assertNotEquals(network.identity(), other.identity());
    }
  }
}
