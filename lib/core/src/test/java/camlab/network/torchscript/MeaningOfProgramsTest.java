package camlab.network.torchscript;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import camlab.cam.GradCam;
import camlab.cam.LayerCam;
import camlab.capture.Recording;
import camlab.capture.Target;
import camlab.heatmap.Heatmap;
import camlab.network.CaseFiles;
import camlab.network.Classes;
import camlab.network.Meaning;
import camlab.network.Network;
import camlab.network.NotApplicableException;
import camlab.network.Prediction;
import camlab.network.Stated;
import camlab.picture.Mask;
import camlab.picture.Picture;
import camlab.picture.Preprocessing;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the numbers of programs mean; right values from PyTorch. */
class MeaningOfProgramsTest {

  private static final List<Float> HALF = List.of(0.5f, 0.5f, 0.5f);
  private static final Preprocessing PREPROCESSING = new Preprocessing(32, 32, HALF, HALF);

  private static Network open(String name, Classes classes) {
    return TorchScript.load(CaseFiles.path(name), classes, PREPROCESSING);
  }

  private static Picture picture() {
    return Picture.read(CaseFiles.path("arguments/in.png"));
  }

  /** One value is told as it comes out: sigmoid(0.12368). */
  @Test
  void oneValueKeepsItsSigmoid() {
    try (Network network = open("one-output-bce/sigmoid.pt", Classes.values("share"))) {
      assertEquals(0.53088, network.predict(picture()).get(0).logit(), 1e-4);
      assertTrue(
          network.description().contains("close to such a bound vanishes"), network.description());
    }
  }

  /** One logit, 0.12368, trained with binary cross-entropy; with and without its sigmoid. */
  @Test
  void oneLogitForTwoClasses() {
    for (String file : List.of("one-output-bce/logit.pt", "one-output-bce/sigmoid.pt")) {
      for (Classes classes :
          List.of(Classes.of("healthy", "ill"), Classes.oneOf("healthy", "ill"))) {
        try (Network network = open(file, classes)) {
          List<Prediction> said = network.predict(picture());
          assertEquals(Meaning.ONE_OF_TWO, network.meaning());
          assertEquals("[ill 53.1 %, healthy 46.9 %]", said.toString());
          assertEquals(0.53088, said.get(0).probability(), 1e-5);
          assertEquals(0.12368, said.get(0).logit(), 1e-5);
          assertEquals(-0.12368, said.get(1).logit(), 1e-5);
        }
      }
    }
  }

  @Test
  void oneLogitForOneClass() {
    try (Network logit = open("one-output-bce/logit.pt", Classes.of("ill"));
        Network stated = open("one-output-bce/logit.pt", Classes.independent("ill"));
        Network read = open("one-output-bce/sigmoid.pt", Classes.of("ill"))) {
      assertEquals("[ill, logit 0.12]", logit.predict(picture()).toString());
      assertThrows(
          NotApplicableException.class, () -> logit.predict(picture()).get(0).probability());
      assertEquals("[ill 53.1 %]", stated.predict(picture()).toString());
      assertEquals("[ill 53.1 %]", read.predict(picture()).toString());
    }
  }

  @Test
  void manyLabels() {
    double[] expected = {.9493, .9114, .2599, .0526, .9425, .1220};
    try (Network network =
        open("multi-label/model.pt", Classes.independent("a", "b", "c", "d", "e", "f"))) {
      for (Prediction said : network.predict(picture())) {
        assertEquals(expected[said.index()], said.probability(), 5e-5);
      }
    }
  }

  @Test
  void aSoftmaxThatWasTakenOff() {
    Classes names = Classes.numbered(4);
    try (Network network = open("softmax-at-end/model.pt", names);
        Network stated = open("softmax-at-end/model.pt", names.as(Meaning.ONE_OF_SEVERAL))) {
      assertEquals(Meaning.ONE_OF_SEVERAL, network.meaning());
      assertEquals("class 1 100.0 %", network.predict(picture()).get(0).toString());
      assertTrue(network.predict(picture()).get(0).logit() > 1);
      assertEquals(network.predict(picture()), stated.predict(picture()));
    }
    assertTrue(
        assertThrows(
                IllegalArgumentException.class,
                () -> open("softmax-at-end/model.pt", names.as(Meaning.INDEPENDENT)))
            .getMessage()
            .contains("but it ends with a softmax"));
  }

  @Test
  void aMapOfClasses() {
    try (Network network = open("several-outputs/segmentation.pt", Classes.numbered(4));
        Recording recording = Recording.of(network, picture(), "body.1")) {
      Target target = Target.of("class 1").overItsRegion();
      assertEquals(0.2727258, recording.score(target, 0), 1e-6);
      Heatmap map = new LayerCam().heatmap(recording, "body.1", target);
      assertEquals("class 1 over its region", map.provenance().target());
      assertEquals(0.2330282, map.sum(), 1e-6);
      assertEquals(0.01074113, map.at(29, 22), 1e-7);
      assertEquals(map.max(), map.at(29, 22));
      assertTrue(
          assertThrows(NotApplicableException.class, recording::predictions)
              .getMessage()
              .startsWith(
                  "Predictions, probabilities and the score of a class need one number for each of the 4"));
    }
  }

  /** Rows 4 to 11, columns 16 to 27. Values are PyTorch's. */
  @Test
  void aClassOverAMask() {
    BitSet pixels = new BitSet();
    for (int row = 4; row < 12; row++) {
      pixels.set(32 * row + 16, 32 * row + 28);
    }
    try (Network network = open("several-outputs/segmentation.pt", Classes.numbered(4));
        Recording recording = Recording.of(network, picture(), "body.1")) {
      Target target = Target.of("class 2").over(Mask.of(32, 32, pixels));
      assertEquals(0.2730329, recording.score(target, 0), 1e-6);
      Heatmap average = new GradCam().heatmap(recording, "body.1", target);
      assertEquals(0.05224755, average.sum(), 1e-6);
      assertEquals(1.975453e-4, average.at(0, 21), 1e-9);
      assertEquals("class 2 over a mask", average.provenance().target());
      Heatmap elementwise = new LayerCam().heatmap(recording, "body.1", target);
      assertEquals(0.1821427, elementwise.sum(), 1e-6);
      assertEquals(0.002794701, elementwise.at(7, 20), 1e-8);
      assertEquals(elementwise.max(), elementwise.at(7, 20));
    }
    assertTrue(
        assertThrows(
                TorchScriptException.class,
                () ->
                    TorchScript.load(
                        CaseFiles.path("several-outputs/segmentation.pt"),
                        Classes.numbered(4),
                        PREPROCESSING,
                        Stated.NOTHING.output(1)))
            .getMessage()
            .endsWith("puts out one tensor, so there is no output '1' to choose. Leave it out."));
  }
}
