package camlab.course;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import camlab.cam.GradCam;
import camlab.capture.Recording;
import camlab.capture.Target;
import camlab.figure.Outline;
import camlab.file.TextException;
import camlab.heatmap.Heatmap;
import camlab.network.Classes;
import camlab.network.Meaning;
import camlab.network.Network;
import camlab.network.Prediction;
import camlab.network.SqueezeNet;
import camlab.network.UnknownNameException;
import camlab.picture.Picture;
import camlab.picture.PictureException;
import camlab.weights.Precision;
import camlab.weights.StateDict;
import camlab.weights.WeightsException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shipped lesson, and lessons with the reader's own pictures and weights. */
class LessonTest {

  private static final int CLASSES = 3;

  @TempDir private static Path shared;
  private static Path weights;

  @TempDir private Path folder;

  @BeforeAll
  static void writeWeights() {
    weights = shared.resolve("squeezenet.safetensors");
    RandomWeights.of(SqueezeNet.version1_1(CLASSES))
        .writeSafetensors(weights, Precision.SINGLE, Map.of());
  }

  @Test
  void theShippedLessonHasACatADogAndBoth() {
    try (Lesson lesson = Lesson.shipped()) {
      assertTrue(lesson.isDrawn());
      assertEquals(
          Gallery.drawnPets().entry("both").mask("dog").orElseThrow(),
          lesson.mask("both", "dog").orElseThrow());
      assertTrue(lesson.mask("cat", "dog").isEmpty());
      assertThrows(UnknownNameException.class, () -> lesson.mask("bird", "cat"));
      Picture cat = lesson.pictures().get("cat");
      assertEquals(cat, lesson.outlined("cat", "dog"));
      assertEquals(
          Outline.of(cat, lesson.mask("cat", "cat").orElseThrow()), lesson.outlined("cat", "cat"));
      assertEquals(List.of("cat", "dog", "both"), List.copyOf(lesson.pictures().keySet()));
      assertEquals(lesson.pictures(), lesson.allPictures());
      assertEquals(List.of("cat", "dog"), lesson.network().classes().names());
      assertEquals("features.11", lesson.network().targetLayer());
      for (Picture picture : lesson.pictures().values()) {
        assertEquals(List.of(Target.of(0), Target.of(1)), lesson.targets(picture));
      }
    }
  }

  @Test
  void aFolderOfPicturesAndWeightsIsALesson() throws IOException {
    addWeights("mine.safetensors");
    for (String name : List.of("d", "b", "c", "a")) {
      addPicture(name + ".png", 40, 30);
    }
    try (Lesson lesson = Lesson.of(folder)) {
      assertFalse(lesson.isDrawn());
      assertEquals(List.of("a", "b", "c"), List.copyOf(lesson.pictures().keySet()));
      assertEquals(List.of("a", "b", "c", "d"), List.copyOf(lesson.allPictures().keySet()));
      assertEquals(40, lesson.pictures().get("a").width());
      assertEquals("SqueezeNet 1.1", lesson.network().name());
      assertEquals(List.of("class 0", "class 1", "class 2"), lesson.network().classes().names());
    }
  }

  @Test
  void whatIsLeftOutOfAFolderIsSaid() throws IOException {
    addWeights("mine.safetensors");
    addPicture("a.png", 40, 30);
    Files.createFile(folder.resolve("IMG_1.HEIC"));
    Files.createFile(folder.resolve("b.avif"));
    PrintStream before = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try (Lesson lesson = Lesson.of(folder)) {
      assertEquals(List.of("a"), List.copyOf(lesson.allPictures().keySet()));
    } finally {
      System.setOut(before);
    }
    assertEquals(
        "Left out of %s: 2 of another kind, such as IMG_1.HEIC. Save them as JPEG or PNG to look at them."
            .formatted(folder),
        printed.toString(StandardCharsets.UTF_8).strip());
  }

  @Test
  void targetsAreTheTwoMostLikelyClasses() throws IOException {
    addWeights("mine.safetensors");
    addPicture("a.png", 64, 64);
    try (Lesson lesson = Lesson.of(folder)) {
      Picture picture = lesson.pictures().get("a");
      List<Prediction> predictions = lesson.network().predict(picture);
      assertEquals(
          List.of(Target.of(predictions.get(0).index()), Target.of(predictions.get(1).index())),
          lesson.targets(picture));
    }
  }

  /** SqueezeNet ends in an average over all positions: the gradient has to come through it. */
  @Test
  void ownNetworksHaveHeatmaps() throws IOException {
    addWeights("mine.safetensors");
    addPicture("a.png", 64, 48);
    try (Lesson lesson = Lesson.of(folder)) {
      Network network = lesson.network();
      try (Recording recording =
          Recording.of(network, lesson.pictures().get("a"), network.targetLayer())) {
        boolean someGradient = false;
        for (int target = 0; target < CLASSES; target++) {
          float[] gradients =
              recording.gradients(network.targetLayer(), Target.of(target)).values();
          for (float gradient : gradients) {
            someGradient |= gradient != 0;
          }
        }
        assertTrue(someGradient, "no class has a gradient");
      }
    }
  }

  @Test
  void aPictureOfOnePixelRunsThroughTheNetwork() {
    Picture dot = Picture.of(1, 1, new int[] {0x336699});
    try (Lesson lesson = Lesson.shipped()) {
      List<Prediction> predictions = lesson.network().predict(dot);
      for (Prediction said : predictions) {
        // It was trained with a sigmoid for each class.
        assertEquals(1 / (1 + Math.exp(-said.logit())), said.probability(), 1e-6);
      }
      Heatmap map = new GradCam().heatmap(lesson.network(), dot, "cat");
      assertEquals(13, map.height());
      assertEquals(13, map.width());
    }
  }

  @Test
  void unknownLayersAndClassesAreNamed() {
    try (Lesson lesson = Lesson.shipped()) {
      Network network = lesson.network();
      Picture picture = lesson.pictures().get("cat");
      assertMessage(
          assertThrows(
              UnknownNameException.class, () -> Recording.of(network, picture, "features.99")),
          "no layer 'features.99'",
          "of the 20 there are",
          "'features.9'");
      assertMessage(
          assertThrows(
              UnknownNameException.class, () -> new GradCam().heatmap(network, picture, "cow")),
          "no class 'cow'",
          "'cat', 'dog'");
    }
  }

  @Test
  void aClosedLessonSaysSo() {
    Lesson lesson = Lesson.shipped();
    Picture picture = lesson.pictures().get("cat");
    lesson.close();
    lesson.close();
    assertMessage(
        assertThrows(IllegalStateException.class, () -> lesson.network().predict(picture)),
        "has been closed");
    // What takes no network is still there.
    assertEquals(List.of(Target.of(0), Target.of(1)), lesson.targets(picture));
    assertTrue(lesson.mask("cat", "cat").isPresent());
  }

  /** Of three classes, the network is asked which are the likeliest. */
  @Test
  void aClosedLessonOfOnesOwnSaysSo() throws IOException {
    addWeights("mine.safetensors");
    addPicture("a.png", 64, 64);
    Lesson lesson = Lesson.of(folder);
    lesson.close();
    lesson.close();
    Picture picture = lesson.pictures().get("a");
    assertMessage(
        assertThrows(IllegalStateException.class, () -> lesson.targets(picture)),
        "SqueezeNet 1.1",
        "has been closed. Load it again.");
  }

  @Test
  void classNamesComeFromAFile() throws IOException {
    addWeights("mine.safetensors");
    addPicture("a.png", 8, 8);
    Files.writeString(folder.resolve("classes.txt"), "  lynx\nwölf\r\n\nbear\n");
    try (Lesson lesson = Lesson.of(folder)) {
      assertEquals(List.of("lynx", "wölf", "bear"), lesson.network().classes().names());
    }
  }

  /** Nobody says how a network of one's own was trained but its owner. */
  @Test
  void theFileSaysWhatTheNumbersMean() throws IOException {
    addWeights("mine.safetensors");
    addPicture("a.png", 8, 8);
    Path classes = folder.resolve("classes.txt");
    Files.writeString(classes, "lynx\nwolf\nbear\n");
    try (Lesson lesson = Lesson.of(folder)) {
      assertEquals(Meaning.UNSTATED, lesson.network().meaning());
    }
    Files.writeString(classes, "meaning: independent\nlynx\nwolf\nbear\n");
    try (Lesson lesson = Lesson.of(folder)) {
      assertEquals(Classes.independent("lynx", "wolf", "bear"), lesson.network().classes());
    }
    Files.writeString(classes, "meaning: softmax\nlynx\nwolf\nbear\n");
    assertMessage(
        assertThrows(TextException.class, () -> Lesson.of(folder)),
        "classes.txt: its first line says 'meaning: softmax'; expected one of"
            + " 'meaning: one of several', 'meaning: independent', 'meaning: values'.");
  }

  @Test
  void theNumberOfClassNamesHasToFit() throws IOException {
    addWeights("mine.safetensors");
    addPicture("a.png", 8, 8);
    Files.writeString(folder.resolve("classes.txt"), "lynx\nwolf\n");
    assertMessage(
        assertThrows(IllegalArgumentException.class, () -> Lesson.of(folder)),
        "puts out 3 logits, but 2 classes are named");
  }

  @Test
  void anEmptyListOfClassNamesIsRefused() throws IOException {
    addWeights("mine.safetensors");
    addPicture("a.png", 8, 8);
    Files.writeString(folder.resolve("classes.txt"), "\n\n");
    assertMessage(
        assertThrows(TextException.class, () -> Lesson.of(folder)),
        "classes.txt: expected the name of a class in each line");
  }

  @Test
  void foldersWithoutPicturesAreRefused() throws IOException {
    assertMessage(
        assertThrows(PictureException.class, () -> Lesson.of(folder)), "There is no picture in");
    addWeights("mine.safetensors");
    assertMessage(
        assertThrows(PictureException.class, () -> Lesson.of(folder)), "There is no picture in");
    Path missing = folder.resolve("missing");
    assertMessage(
        assertThrows(PictureException.class, () -> Lesson.of(missing)),
        "found nothing",
        missing.toString());
  }

  @Test
  void severalWeightsFilesAreOneTooMany() throws IOException {
    addPicture("a.png", 8, 8);
    addWeights("one.safetensors");
    Files.write(folder.resolve("two.pth"), new byte[] {1});
    assertMessage(
        assertThrows(IllegalStateException.class, () -> Lesson.of(folder)),
        "found 2",
        folder.toString());
  }

  @Test
  void textCalledPngIsRefused() throws IOException {
    addWeights("mine.safetensors");
    Files.writeString(folder.resolve("notes.png"), "buy milk\n");
    assertMessage(
        assertThrows(PictureException.class, () -> Lesson.of(folder)), "found text", "notes.png");
  }

  @Test
  void truncatedWeightsAreRefused() throws IOException {
    addPicture("a.png", 8, 8);
    byte[] whole = Files.readAllBytes(weights);
    Path cut = folder.resolve("cut.safetensors");
    for (int length : new int[] {0, 7, 100, whole.length / 2, whole.length - 1}) {
      Files.write(cut, Arrays.copyOf(whole, length));
      assertMessage(
          assertThrows(WeightsException.class, () -> Lesson.of(folder)), "cut.safetensors");
    }
  }

  @Test
  void aTruncatedPthIsRefused() throws IOException {
    addPicture("a.png", 8, 8);
    Path fixtures = Root.find().resolve("lib/core/src/test/resources/camlab/weights");
    byte[] whole = Files.readAllBytes(fixtures.resolve("zip.pth"));
    Path cut = folder.resolve("cut.pth");
    for (int length : new int[] {0, 4, whole.length / 2, whole.length - 1}) {
      Files.write(cut, Arrays.copyOf(whole, length));
      assertMessage(assertThrows(WeightsException.class, () -> Lesson.of(folder)), "cut.pth");
    }
  }

  @Test
  void weightsOfAnUnknownNetworkAreRefused() throws IOException {
    addPicture("a.png", 8, 8);
    StateDict.builder()
        .put("stem.weight", new long[] {2}, new float[2])
        .put("head.weight", new long[] {3, 2}, new float[6])
        .build()
        .writeSafetensors(folder.resolve("other.safetensors"), Precision.SINGLE, Map.of());
    assertMessage(
        assertThrows(WeightsException.class, () -> Lesson.of(folder)),
        "no network CamLab knows",
        "stem.weight, head.weight",
        "other.safetensors");
  }

  @Test
  void weightsOfAnotherShapeAreListed() throws IOException {
    addPicture("a.png", 8, 8);
    StateDict right = StateDict.read(weights);
    StateDict.Builder wrong = StateDict.builder();
    for (String name : right.names()) {
      boolean bias = name.equals("features.0.bias");
      wrong.put(
          name,
          bias ? new long[] {63} : right.shape(name),
          bias ? new float[63] : right.floats(name));
    }
    wrong.build().writeSafetensors(folder.resolve("wrong.safetensors"), Precision.SINGLE, Map.of());
    assertMessage(
        assertThrows(WeightsException.class, () -> Lesson.of(folder)),
        "1 of another shape",
        "features.0.bias: expected [64], found [63]");
  }

  private void addWeights(String name) throws IOException {
    Files.copy(weights, folder.resolve(name));
  }

  /** A picture with an edge in it. */
  private void addPicture(String name, int width, int height) {
    int[] pixels = new int[width * height];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = i % width < width / 2 ? 0xE0A030 : 0x203070 + i % 31;
    }
    Picture.of(width, height, pixels).write(folder.resolve(name));
  }

  private static void assertMessage(Throwable thrown, String... parts) {
    for (String part : parts) {
      assertTrue(thrown.getMessage().contains(part), thrown.getMessage());
    }
  }

  /** A JPEG beside a PNG of the same name was not there. */
  @Test
  void noPictureOfAFolderIsLost() throws IOException {
    addWeights("mine.safetensors");
    addPicture("a.png", 8, 8);
    addPicture("b.png", 8, 8);
    Files.copy(folder.resolve("a.png"), folder.resolve("a.PNG.png"));
    try (Lesson lesson = Lesson.of(folder)) {
      assertEquals(Set.of("a", "a.PNG", "b"), lesson.allPictures().keySet());
    }
    Files.copy(folder.resolve("a.png"), folder.resolve("b.jpg"));
    try (Lesson lesson = Lesson.of(folder)) {
      assertEquals(Set.of("a.png", "a.PNG.png", "b.png", "b.jpg"), lesson.allPictures().keySet());
    }
  }

  @Test
  void aNetworkOfOneClassHasNoTwoToCompare() throws IOException {
    RandomWeights.of(SqueezeNet.version1_1(1))
        .writeSafetensors(folder.resolve("one.safetensors"), Precision.SINGLE, Map.of());
    addPicture("a.png", 64, 64);
    try (Lesson lesson = Lesson.of(folder)) {
      Picture picture = lesson.pictures().get("a");
      assertMessage(
          assertThrows(IllegalStateException.class, () -> lesson.targets(picture)),
          "one class, 'class 0'");
    }
  }
}
