package camlab.cam;

import static camlab.cam.LayerMethod.meanOverPositions;
import static camlab.cam.LayerMethod.relu;
import static camlab.cam.LayerMethod.sumOverChannels;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import camlab.capture.Autograd;
import camlab.capture.Recording;
import camlab.capture.SmallNetworks;
import camlab.capture.Target;
import camlab.engine.ComputationException;
import camlab.heatmap.Heatmap;
import camlab.network.Architecture;
import camlab.network.Classes;
import camlab.network.Network;
import camlab.network.ResNet;
import camlab.picture.Picture;
import camlab.picture.Preprocessing;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Methods that a reader writes. */
class FormulaTest {

  private static final CamMethod ONE_LINE =
      CamMethod.of("mine", (A, g) -> relu(sumOverChannels(meanOverPositions(g).mul(A))));

  private static final List<Picture> PICTURES =
      List.of(SmallNetworks.picture(1), SmallNetworks.picture(2));

  @Test
  void oneLineIsGradCamOnASequence() {
    try (Network network = SmallNetworks.alexNet()) {
      requireGradCam(network, "features.8");
    }
  }

  @Test
  void oneLineIsGradCamOnAResidualNetwork() {
    try (Network network = residual()) {
      requireGradCam(network, "layer3.0");
      requireGradCam(network, "layer4");
    }
  }

  private static void requireGradCam(Network network, String layer) {
    double largest = 0;
    try (Recording recording = Recording.of(network, PICTURES, List.of(layer))) {
      for (int index = 0; index < network.classes().size(); index++) {
        Target target = Target.of(index);
        List<Heatmap> expected = new GradCam().heatmaps(recording, layer, target);
        List<Heatmap> found = ONE_LINE.heatmaps(recording, layer, target);
        for (int i = 0; i < PICTURES.size(); i++) {
          Heatmap right = expected.get(i);
          assertEquals(0, found.get(i).maxDifference(right), 1e-6 * right.max());
          assertEquals("mine", found.get(i).provenance().method());
          assertEquals(right.provenance().score(), found.get(i).provenance().score());
          assertEquals(right.region(), found.get(i).region());
          largest = Math.max(largest, right.max());
        }
      }
    }
    assertTrue(largest > 0);
  }

  /** A ResNet-50 of an eighth of its width, with seeded random weights. */
  private static Network residual() {
    Architecture plan = ResNet.thin50(8, 0.125);
    Preprocessing small =
        new Preprocessing(64, 64, Preprocessing.IMAGENET.mean(), Preprocessing.IMAGENET.std());
    return Network.of(plan, SmallNetworks.weights(plan, 3, 1), Classes.numbered(8), small);
  }

  /** Channels 1 2 3 4 and 0 1 0 2, weights 1 and −2 a quarter each: Σ g A = 1/4 (1, 0, 3, 0). */
  @Test
  void aFormulaIsWorkedOutPositionByPosition() {
    CamMethod plain = CamMethod.of("plain", (A, g) -> sumOverChannels(g.mul(A)));
    try (Network network = TinyNetwork.create();
        NDManager scope = network.newScope();
        Recording recording = Recording.of(network, TinyNetwork.input(scope), List.of("relu"))) {
      float[] values = plain.heatmap(recording, "relu", Target.of("first")).values();
      assertArrayEquals(new float[] {0.25f, 0, 0.75f, 0}, values, 1e-6f);
    }
  }

  /** What a recording holds is what the next method gets. */
  @Test
  void aFormulaThatChangesWhatItIsGivenGetsCopies() {
    CamMethod changing = CamMethod.of("changing", (A, g) -> sumOverChannels(g.muli(A.muli(2))));
    try (Network network = TinyNetwork.create();
        NDManager scope = network.newScope();
        Recording recording = Recording.of(network, TinyNetwork.input(scope), List.of("relu"))) {
      for (int i = 0; i < 2; i++) {
        float[] values = changing.heatmap(recording, "relu", Target.of("first")).values();
        assertArrayEquals(new float[] {0.5f, 0, 1.5f, 0}, values, 1e-6f);
      }
    }
  }

  /** Two formulas of one name would be taken for the same in a file of results. */
  @Test
  void aFormulaHasTheIdentityThatItIsGiven() {
    String message = assertThrows(IllegalArgumentException.class, ONE_LINE::identity).getMessage();
    assertTrue(message.contains("withIdentity(\"mine, version 1\")"), message);
    assertEquals("mine, version 1", ONE_LINE.withIdentity("mine, version 1").identity());
    assertEquals("mine", ONE_LINE.withIdentity("mine, version 1").name());
  }

  @Test
  void anotherShapeIsASentence() {
    try (Network network = SmallNetworks.alexNet();
        Recording recording = Recording.of(network, PICTURES, List.of("features.8"))) {
      Target cat = Target.of("cat");
      assertEquals(
          "no sum made (2, 256, 5, 5) of activations of shape (2, 256, 5, 5); expected (2, 5, 5), one map for each picture. Sum over the channels, axis 1, and keep the positions, axes 2 and 3.",
          refusal(CamMethod.of("no sum", (A, g) -> g.mul(A)), recording, cat));
      assertTrue(
          refusal(CamMethod.of("kept", (A, g) -> A.sum(new int[] {1}, true)), recording, cat)
              .startsWith("kept made (2, 1, 5, 5) of"));
      assertTrue(
          refusal(CamMethod.of("number", (A, g) -> A.sum()), recording, cat)
              .startsWith("number made () of"));
      assertTrue(
          refusal(
                  CamMethod.of("by zero", (A, g) -> sumOverChannels(A).div(0).sub(g.sum())),
                  recording,
                  cat)
              .startsWith("A heatmap holds finite values only"));
    }
  }

  private static String refusal(CamMethod method, Recording recording, Target target) {
    return assertThrows(
            IllegalArgumentException.class, () -> method.heatmaps(recording, "features.8", target))
        .getMessage();
  }

  /**
   * Whoever writes a formula with shapes that do not fit is told where, and what the engine said.
   */
  @Test
  void whatCannotBeWorkedOutIsOneSentence() {
    CamMethod wrong = CamMethod.of("wrong", (A, g) -> A.add(A.getManager().ones(new Shape(3, 5))));
    Target score =
        Target.score("odd", logits -> logits.add(logits.getManager().ones(new Shape(7))));
    try (Network network = TinyNetwork.create();
        NDManager scope = network.newScope();
        Recording recording = Recording.of(network, TinyNetwork.input(scope), List.of("relu"))) {
      assertSaid(
          "wrong cannot be worked out at 'relu', of activations of shape (1, 2, 2, 2). The engine says: The size of tensor",
          () -> wrong.heatmap(recording, "relu", Target.of("first")));
      for (CamMethod method : List.of(new GradCam(), new ScoreCam(), new GradientSaliency())) {
        assertSaid(
            "The score that is to be explained cannot be worked out of one picture's output of shape (2). The engine says: The size of tensor",
            () -> method.heatmap(recording, "relu", score));
      }
      assertSaid(
          "The function whose gradient is asked for cannot be worked out. The engine says: ",
          () ->
              Autograd.gradients(
                  new NDList(scope.ones(new Shape(2))),
                  x -> x.head().add(scope.ones(new Shape(3))),
                  scope.ones(new Shape(2))));
    }
  }

  private static void assertSaid(String start, Executable run) {
    ComputationException said = assertThrows(ComputationException.class, run);
    assertTrue(said.getMessage().startsWith(start), said.getMessage());
    assertFalse(said.getMessage().contains("preprocessing"), said.getMessage());
    assertInstanceOf(EngineException.class, said.getCause());
  }
}
