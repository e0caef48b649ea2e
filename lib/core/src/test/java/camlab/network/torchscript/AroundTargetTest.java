package camlab.network.torchscript;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import camlab.TestFiles;
import camlab.network.Classes;
import camlab.network.Fact;
import camlab.network.Layout;
import camlab.network.Network;
import camlab.network.NotApplicableException;
import camlab.network.Stated;
import camlab.picture.Preprocessing;
import camlab.zoo.Networks;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is said of a default layer that is not all that counts, and of pictures turned a little. */
class AroundTargetTest {

  private static final String AROUND =
      "it is not all that counts: with its values held, what the network puts out still changed with the picture";

  private static final Preprocessing MIDDLE =
      new Preprocessing(32, 32, List.of(0.5f, 0.5f, 0.5f), List.of(0.5f, 0.5f, 0.5f));

  private static Network network(String file) {
    return Networks.load(TestFiles.path("trials/" + file), Classes.numbered(4), MIDDLE);
  }

  private static Fact target(Network network) {
    return network.describe().stream()
        .filter(fact -> fact.what().equals("target layer"))
        .findFirst()
        .orElseThrow();
  }

  @ParameterizedTest
  @CsvSource({"beside.pt, body", "beside.pt2, body", "around.pt, rest.0", "around.pt2, rest.0"})
  void whatLeadsBesideTheLastLayerIsTold(String file, String beside) {
    try (Network network = network(file)) {
      Fact target = target(network);
      assertTrue(target.value().startsWith("rest"), target.value());
      assertTrue(target.evidence().contains(AROUND), target.evidence());
      assertTrue(
          target
              .evidence()
              .contains("(the last one with positions that ends before it is '" + beside + "')"),
          target.evidence());
    }
  }

  /** A sum inside a stage goes around its convolution, and not around the stage. */
  @Test
  void aStageThatAddsWhatItWasGivenTakesAll() {
    try (Network network = network("stage.pt")) {
      assertEquals("rest", target(network).value());
      assertFalse(target(network).evidence().contains("it is not all"), target(network).evidence());
    }
  }

  @Test
  void tokensWhosePlacesAreLostAreToldOfTheLastMapBeforeThem() {
    try (Network network = network("left-out.pt")) {
      Fact target = target(network);
      assertEquals("body", target.value());
      assertTrue(
          target
              .evidence()
              .contains(
                  "puts out tokens that count and whose places are not known (1 × 40 × 6), as where some are left out or merged"),
          target.evidence());
    }
  }

  /** By ten degrees: two pictures mixed in stripes cannot tell that from a map as it is. */
  @ParameterizedTest
  @ValueSource(strings = {"tilted.pt", "tilted.pt2"})
  void aPictureThatIsTurnedALittleHasNoLayout(String file) {
    try (Network network = network(file)) {
      String message =
          assertThrows(NotApplicableException.class, network::targetLayer).getMessage();
      assertTrue(
          message.contains("its program takes values at places that it works out (grid_sample)"),
          message);
    }
    Stated stated = Stated.NOTHING.targetLayer("body").layout("body", Layout.CHANNELS_FIRST);
    try (Network network =
        Networks.load(TestFiles.path("trials/" + file), Classes.numbered(4), MIDDLE, stated)) {
      assertEquals("body", network.targetLayer());
    }
  }
}
