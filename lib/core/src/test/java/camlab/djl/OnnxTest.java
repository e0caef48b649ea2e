package camlab.djl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.inference.Predictor;
import ai.djl.modality.Classifications;
import ai.djl.modality.cv.Image;
import ai.djl.modality.cv.transform.Resize;
import ai.djl.modality.cv.transform.ToTensor;
import ai.djl.modality.cv.translator.ImageClassificationTranslator;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ZooModel;
import camlab.cam.Blank;
import camlab.cam.Occlusion;
import camlab.heatmap.Heatmap;
import camlab.network.Classes;
import camlab.network.Meaning;
import camlab.network.Network;
import camlab.network.NotApplicableException;
import camlab.picture.Picture;
import camlab.picture.Preprocessing;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/**
 * An ONNX file, which ONNX Runtime runs. Its jar has 137 MB, so that it is on the class path only
 * with {@code ./mvnw -Ponnx}, as {@code camlab.py test} calls it; without the jar this is skipped.
 */
@EnabledIf("isOnTheClassPath")
class OnnxTest {

  private static final String ENGINE = "OnnxRuntime";

  static boolean isOnTheClassPath() {
    return OnnxTest.class.getResource("/ai/djl/onnxruntime/engine/OrtEngine.class") != null;
  }

  /** Of one colour (51, 102, 204), so with mean channels 0.2, 0.4 and 0.8. */
  private static Picture picture() {
    int[] pixels = new int[8 * 8];
    Arrays.fill(pixels, 0x3366cc);
    return Picture.of(8, 8, pixels);
  }

  private static ZooModel<Image, Classifications> model() throws Exception {
    Path file = Path.of(OnnxTest.class.getResource("/camlab/djl/mean-colours.onnx").toURI());
    return Criteria.builder()
        .setTypes(Image.class, Classifications.class)
        .optEngine(ENGINE)
        .optModelPath(file)
        .optTranslator(
            ImageClassificationTranslator.builder()
                .setImageSize(8, 8)
                .addTransform(new Resize(8, 8))
                .addTransform(new ToTensor())
                .optSynset(List.of("a", "b", "c"))
                .build())
        .build()
        .loadModel();
  }

  /** The weights of make_onnx.py, by hand: 0.2 + 2·0.4 + 3·0.8 + 0.5 = 3.9, and so on. */
  @Test
  void aFileOfOnnxIsAskedForPredictions() throws Exception {
    try (ZooModel<Image, Classifications> model = model();
        Predictor<Image, Classifications> predictor = model.newPredictor()) {
      DjlPredictor classifier = DjlPredictor.of("onnx", predictor, Meaning.INDEPENDENT);
      assertArrayEquals(
          new float[] {3.9f, -0.05f, 0.925f}, classifier.scores(List.of(picture()))[0], 1e-5f);
      assertEquals("a", classifier.predict(picture()).get(0).name());
      assertEquals(
          1 / (1 + Math.exp(-0.925)), classifier.predict(picture()).get(1).probability(), 1e-5);
      assertEquals(Meaning.UNSTATED, DjlPredictor.of("onnx", predictor).classes().meaning());
    }
  }

  /** A window is half of the coloured left half, and hiding it takes a quarter of 3.4 from "a". */
  @Test
  void itCanBeAskedWhatCounts() throws Exception {
    int[] pixels = new int[8 * 8];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = i % 8 < 4 ? 0x3366cc : 0;
    }
    try (ZooModel<Image, Classifications> model = model();
        Predictor<Image, Classifications> predictor = model.newPredictor()) {
      DjlPredictor classifier = DjlPredictor.of("onnx", predictor, Meaning.VALUES);
      Heatmap map =
          new Occlusion(4, 4, Blank.BLACK).heatmap(classifier, Picture.of(8, 8, pixels), "a");
      assertEquals(0.5 + 3.4 / 2, map.provenance().score(), 1e-5);
      for (int i = 0; i < pixels.length; i++) {
        assertEquals(i % 8 < 4 ? 3.4 / 4 : 0, map.values()[i], 1e-5);
      }
    }
  }

  /** The translator leaves an image as large as it is, and the file takes one size. */
  @Test
  void anotherSizeIsTold() throws Exception {
    ImageClassificationTranslator asItIs =
        ImageClassificationTranslator.builder()
            .addTransform(new ToTensor())
            .optSynset(List.of("a", "b", "c"))
            .build();
    try (ZooModel<Image, Classifications> model = model();
        Predictor<Image, Classifications> predictor = model.newPredictor(asItIs)) {
      String refused =
          assertThrows(IllegalArgumentException.class, () -> DjlPredictor.of("onnx", predictor))
              .getMessage();
      assertTrue(
          refused.contains(
              "Dimension 2 (counted from 0) of its input 'x' is 8, and it was given 224."),
          refused);
    }
  }

  @Test
  void itsBlockIsNoNetwork() throws Exception {
    try (ZooModel<Image, Classifications> model = model()) {
      Classes classes = Classes.of("a", "b", "c");
      Preprocessing small = Preprocessing.builder().size(8, 8).build();
      String advice = "DjlPredictor.of(\"mean-colours\", model.newPredictor())";
      String refused =
          assertThrows(NotApplicableException.class, () -> Network.of(model, classes, small))
              .getMessage();
      assertTrue(refused.contains(advice), refused);
      refused =
          assertThrows(
                  IllegalArgumentException.class,
                  () -> Network.of("onnx", model.getBlock(), classes, small))
              .getMessage();
      assertTrue(refused.contains("one of another engine can only be asked"), refused);
    }
  }

  @Test
  void itsLayersCannotBeRecorded() throws Exception {
    try (ZooModel<Image, Classifications> model = model()) {
      NotApplicableException refused =
          assertThrows(NotApplicableException.class, () -> TranslatedNetwork.of(model));
      assertTrue(
          refused.getMessage().contains("DjlPredictor.of(\"mean-colours\", model.newPredictor())"),
          refused.getMessage());
    }
  }
}
