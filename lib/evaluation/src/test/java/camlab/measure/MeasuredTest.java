package camlab.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import camlab.cam.CamMethod;
import camlab.cam.GradCam;
import camlab.capture.SmallNetworks;
import camlab.heatmap.Heatmap;
import camlab.network.Network;
import camlab.picture.Picture;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A number with how it came about. */
class MeasuredTest {

  /** Half of the light is kept; nobody knows who measured it, or what made the map. */
  @Test
  void whatIsNotKnownIsNotTold() {
    Measured half =
        new ConfidenceDrop(Scale.RELATIVE).measured(Cases.of(new float[][] {{1, 0}, {0, 0}}));
    assertEquals(0.5, half.value(), 1e-12);
    assertEquals(
        "not told | no layer | view ["
            + Cases.GREYS.checksum()
            + "] | not told as given | test (settings not told) | ConfidenceDrop(scale=RELATIVE)"
            + " {picture times the map} | one number, n = 1",
        half.protocol().toString());
    assertEquals("0.5000 (" + half.protocol() + ")", half.toString());
  }

  @Test
  void aNetworkAndAMethodAreToldWithAllSettings() {
    try (Network network = SmallNetworks.alexNet()) {
      Picture picture = SmallNetworks.picture(1);
      String layer = network.targetLayer();
      GradCam gradCam = new GradCam();
      Heatmap map = gradCam.heatmap(network, picture, "dog");
      Explanation alone = Explanation.of(network, picture, "dog", map);
      Measure deletion = new Deletion();
      Protocol protocol = deletion.measured(alone).protocol();
      assertEquals(network.name() + " [" + network.identity() + "]", protocol.network());
      assertEquals(layer, protocol.layer());
      assertEquals(
          "view [" + network.preprocessing().view(picture).checksum() + "]", protocol.pictures());
      assertEquals("dog as given", protocol.classes());
      assertEquals("Grad-CAM (settings not told)", protocol.method());
      assertEquals(deletion.identity(), protocol.measure());
      assertTrue(protocol.asks().startsWith("highest pixels removed in 28 steps"), protocol.asks());
      Explanation made = alone.by(Explainer.of(network, gradCam, layer, "dog"));
      assertEquals("GradCam()", deletion.measured(made).protocol().method());
      assertEquals(deletion.of(made), deletion.measured(made).value());
      Explanation remembering =
          new Explanation(alone.view(), map, alone.confidence().remembering(2), alone.object());
      assertEquals(protocol, deletion.measured(remembering).protocol());
      CamMethod mine =
          CamMethod.of("mine", (activation, gradient) -> activation.sum(new int[] {1}));
      assertEquals(
          "mine (settings not told)",
          new MeasuredMean()
              .measured(alone.by(Explainer.of(network, mine, layer, "dog")))
              .protocol()
              .method());
    }
  }

  /** A measure of one's own, without an identity. */
  private static final class MeasuredMean implements Measure {

    @Override
    public String name() {
      return "mean";
    }

    @Override
    public String identity() {
      throw new IllegalArgumentException("It has none.");
    }

    @Override
    public boolean higherIsBetter() {
      return true;
    }

    @Override
    public double of(Explanation explanation) {
      return explanation.map().sum() / explanation.map().values().length;
    }
  }

  @Test
  void aMeasureOfOnesOwnIsNamed() {
    Measured mean = new MeasuredMean().measured(Cases.of(new float[][] {{1, 0}, {0, 0}}));
    assertEquals(0.25, mean.value());
    assertEquals("mean (settings not told)", mean.protocol().measure());
  }

  @Test
  void onlyFiniteNumbers() {
    Protocol protocol = new MeasuredMean().measured(Cases.of(new float[][] {{1}})).protocol();
    for (double broken : List.of(Double.NaN, Double.POSITIVE_INFINITY)) {
      String message =
          assertThrows(IllegalArgumentException.class, () -> new Measured(broken, protocol))
              .getMessage();
      assertEquals(
          "A measure's number is finite, found %s by mean (settings not told).".formatted(broken),
          message);
    }
  }
}
