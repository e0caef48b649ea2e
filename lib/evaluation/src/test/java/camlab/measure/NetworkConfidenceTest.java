package camlab.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import camlab.cam.GradCam;
import camlab.capture.SmallNetworks;
import camlab.heatmap.Heatmap;
import camlab.network.Network;
import camlab.network.Prediction;
import camlab.network.UnknownNameException;
import camlab.picture.Picture;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class NetworkConfidenceTest {

  private static Network network;

  @BeforeAll
  static void load() {
    network = SmallNetworks.alexNet();
  }

  @AfterAll
  static void close() {
    network.close();
  }

  /** More pictures than fit into one forward pass, each as it is scored alone. */
  @Test
  void isTheProbabilityThatTheNetworkPredicts() {
    List<Picture> views = new ArrayList<>();
    for (int i = 0; i < 11; i++) {
      views.add(network.preprocessing().view(SmallNetworks.picture(i)));
    }
    double[] dog = Confidence.of(network, "dog").of(views);
    double[] cat = Confidence.of(network, 0).of(views);
    assertEquals(11, dog.length);
    for (int i = 0; i < 11; i++) {
      double expected =
          network.predict(SmallNetworks.picture(i)).stream()
              .filter(prediction -> prediction.name().equals("dog"))
              .mapToDouble(Prediction::probability)
              .sum();
      assertEquals(expected, dog[i], 1e-5);
      assertEquals(1 - expected, cat[i], 1e-5);
    }
  }

  @Test
  void takesWhatTheNetworkSees() {
    Confidence confidence = Confidence.of(network, "cat");
    Picture picture = SmallNetworks.picture(1);
    String message =
        assertThrows(IllegalArgumentException.class, () -> confidence.of(picture)).getMessage();
    assertEquals(
        "The network sees pictures of 96×96, found one of 60×50. Take"
            + " preprocessing().view(picture).",
        message);
    assertThrows(UnknownNameException.class, () -> Confidence.of(network, "cow"));
    assertThrows(IndexOutOfBoundsException.class, () -> Confidence.of(network, 2));
  }

  /** A measure of a real map is what its definition says of the two predictions. */
  @Test
  void anExplanationOfANetwork() {
    Picture picture = SmallNetworks.picture(3);
    Heatmap map = new GradCam().heatmap(network, picture, "cat");
    Explanation explanation = Explanation.of(network, picture, "cat", map);
    Picture kept = Perturbation.multiplied(explanation.view(), explanation.scaledMap());
    double y = explanation.confidence().of(explanation.view());
    double o = explanation.confidence().of(kept);
    assertEquals(Math.max(0, y - o) / y, new ConfidenceDrop(Scale.RELATIVE).of(explanation), 1e-6);
    assertEquals(o > y ? 1 : 0, new ConfidenceIncrease().of(explanation));
  }
}
