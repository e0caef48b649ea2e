package camlab.course;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import camlab.cam.GradCam;
import camlab.download.Checksum;
import camlab.heatmap.Heatmap;
import camlab.network.Network;
import camlab.network.Prediction;
import camlab.network.UnknownNameException;
import camlab.network.torchscript.TorchScript;
import camlab.picture.Picture;
import camlab.weights.WeightsException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.Row;
import tech.tablesaw.api.Table;

class ModelsTest {

  private static final int PICTURES_NAMED = 24;

  private static final long MOST_BYTES = 12_000_000;

  @TempDir private Path folder;

  @Test
  void theManifestDescribesTheFiles() throws IOException {
    Table manifest = Models.manifest();
    assertTrue(manifest.stringColumn("name").asList().contains("alexnet-drawn-pets"));
    for (Row row : manifest) {
      Path file = Root.find().resolve("models").resolve(row.getString("file"));
      assertEquals(row.getInt("bytes"), Files.size(file), file.toString());
      assertEquals(row.getString("sha256"), Checksum.sha256(file), file.toString());
      assertTrue(Files.size(file) <= MOST_BYTES, file.toString());
    }
  }

  @Test
  void aShippedNetworkIsReadyToUse() {
    try (Network network = Models.load("alexnet-drawn-pets")) {
      assertEquals(List.of("cat", "dog"), network.classes().names());
      assertEquals(3_649_730, network.parameterCount());
      assertEquals(Models.PREPROCESSING, network.preprocessing());
      assertEquals(224, network.preprocessing().crop());
    }
  }

  /** Two networks that the cell of lesson 14 does not name, in the order that its text tells of. */
  @Test
  void theCandidatesOfLesson14() {
    List<Network> candidates = Models.candidates();
    try (Network a = candidates.get(0);
        Network b = candidates.get(1)) {
      assertEquals(a.predict(blank()), loaded("alexnet-drawn-pets"));
      assertEquals(b.predict(blank()), loaded("alexnet-stamped-pets"));
    }
  }

  private static List<Prediction> loaded(String name) {
    try (Network network = Models.load(name)) {
      return network.predict(blank());
    }
  }

  private static Picture blank() {
    return Picture.of(1, 1, new int[] {0x808080});
  }

  /** The same weights as blocks and as the program that torchvision's own code was traced to. */
  @ParameterizedTest
  @ValueSource(strings = {"torchscript", "exported"})
  void theShippedProgramsAnswerAsTheBlocksDo(String kind) {
    try (Network blocks = Models.load("resnet50-drawn-wildlife");
        Network program = Models.load("resnet50-drawn-wildlife-" + kind)) {
      assertTrue(program.model() instanceof TorchScript);
      assertEquals(blocks.parameterCount(), program.parameterCount());
      assertEquals(blocks.classes().names(), program.classes().names());
      assertEquals(blocks.preprocessing(), program.preprocessing());
      assertEquals("layer4", program.targetLayer());
      for (Gallery.Entry entry : Gallery.drawnWildlife().entries(Gallery.LESSON)) {
        Picture picture = entry.picture();
        Heatmap map = new GradCam().heatmap(blocks, picture, "black bear");
        Heatmap same = new GradCam().heatmap(program, picture, "black bear");
        assertEquals(map.provenance().score(), same.provenance().score(), 1e-4, entry.name());
        assertTrue(map.maxDifference(same) <= 1e-4 * map.max(), entry.name());
        assertTrue(map.max() > 0, entry.name());
      }
    }
  }

  @Test
  void aShippedFileIsFoundByItsName() {
    assertEquals(
        Root.find().resolve("models").resolve("resnet50-drawn-wildlife.torchscript.pt"),
        Models.file("resnet50-drawn-wildlife-torchscript"));
    assertMessage(
        assertThrows(UnknownNameException.class, () -> Models.file("resnet50-imagenet")),
        "no shipped network 'resnet50-imagenet'",
        "'resnet50-drawn-wildlife'");
  }

  /** The cards' figures come from a thousand drawings; this sees that the file still answers. */
  @ParameterizedTest
  @ValueSource(strings = {"vgg16", "resnet50", "xception"})
  void theWildlifeNetworksNameTheirAnimals(String name) {
    int right = 0;
    try (Network network = Models.load(name + "-drawn-wildlife")) {
      for (Gallery.Entry entry :
          Gallery.drawnWildlife().entries(Gallery.TEST).subList(0, PICTURES_NAMED)) {
        String answer = network.predict(entry.picture()).get(0).name();
        right += answer.equals(entry.animals().get(0).label()) ? 1 : 0;
      }
    }
    assertTrue(right >= PICTURES_NAMED - 2, right + " of " + PICTURES_NAMED);
  }

  @Test
  void unknownNetworksAreNamed() {
    assertMessage(
        assertThrows(UnknownNameException.class, () -> Models.load("alexnet")),
        "no network 'alexnet'",
        "'alexnet-drawn-pets'");
    assertMessage(
        assertThrows(UnknownNameException.class, () -> Models.load("alexnet-image")),
        "'alexnet-imagenet'");
  }

  /** The model card's figure, counted again from every single answer. */
  @Test
  void theAnswersToPicturesSetAsideGiveTheAccuracyOfTheManifest() {
    Table answers = Models.heldOutAnswers("alexnet-photographed-pets");
    int right = 0;
    for (Row row : answers) {
      right += row.getString("class").equals(row.getString("answer")) ? 1 : 0;
    }
    Row listed =
        Models.manifest()
            .where(Models.manifest().stringColumn("name").isEqualTo("alexnet-photographed-pets"))
            .row(0);
    assertEquals(2000, answers.rowCount());
    assertEquals(
        String.format(Locale.ROOT, "%.1f %%", 100.0 * right / answers.rowCount()),
        listed.getString("accuracy"));
    assertTrue(right >= 1880, "at least 94 %: " + right);
  }

  @Test
  void aTrainingCurveRises() {
    DoubleColumn accuracy =
        Models.trainingCurve("alexnet-photographed-pets").doubleColumn("accuracy");
    assertTrue(accuracy.get(0) < 0.8, "at the start " + accuracy.get(0));
    assertTrue(accuracy.get(accuracy.size() - 1) > 0.95, "in the end " + accuracy);
  }

  @Test
  void reportsOfUnknownNetworksAreRefused() {
    assertMessage(
        assertThrows(UnknownNameException.class, () -> Models.trainingCurve("alexnet-drawn-pet")),
        "'alexnet-drawn-pets'");
  }

  @Test
  void aChangedFileIsRefused() throws Exception {
    Path file = Files.writeString(folder.resolve("weights.safetensors"), "abd");
    String expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assertMessage(
        assertThrows(WeightsException.class, () -> Models.requireDigest(file, expected)),
        "weights.safetensors",
        "not the file the manifest describes",
        "expected " + expected,
        "Restore it");
  }

  @Test
  void aMissingFileIsNamed() throws Exception {
    Path file = folder.resolve("gone.safetensors");
    assertMessage(
        assertThrows(UncheckedIOException.class, () -> Models.requireDigest(file, "")),
        "gone.safetensors");
  }

  private static void assertMessage(Throwable thrown, String... parts) {
    for (String part : parts) {
      assertTrue(thrown.getMessage().contains(part), thrown.getMessage());
    }
  }

  /** Three shipped networks have none: two are programs of another one's weights. */
  @Test
  void aNetworkWithoutAReportIsToldWhichHaveOne() {
    assertMessage(
        assertThrows(UnknownNameException.class, () -> Models.trainingCurve("alexnet-drawn-pets")),
        "no training curve of a network 'alexnet-drawn-pets'",
        "'alexnet-stamped-pets'");
    assertMessage(
        assertThrows(UnknownNameException.class, () -> Models.heldOutAnswers("vit-drawn-wildlife")),
        "'alexnet-photographed-pets'");
  }
}
