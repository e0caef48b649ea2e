package camlab.course;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import camlab.cam.GradCam;
import camlab.download.Checksum;
import camlab.download.RemoteFile;
import camlab.heatmap.Heatmap;
import camlab.network.AlexNet;
import camlab.network.Architecture;
import camlab.network.Network;
import camlab.network.ResNet;
import camlab.network.SqueezeNet;
import camlab.network.TorchScript;
import camlab.network.UnknownNameException;
import camlab.network.Vgg16;
import camlab.network.Xception;
import camlab.picture.Picture;
import camlab.picture.Preprocessing;
import camlab.weights.StateDict;
import camlab.weights.WeightsException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.Row;
import tech.tablesaw.api.Table;

class ModelsTest {

  private static final Path FILE = Path.of("some.pth");
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
      assertEquals(2_732_610, network.parameterCount());
      assertEquals(Models.PREPROCESSING, network.preprocessing());
      assertEquals(224, network.preprocessing().crop());
    }
  }

  /** The same weights as blocks and as the program that torchvision's own code was traced to. */
  @Test
  void theShippedProgramAnswersAsItsBlocksDo() {
    try (Network blocks = Models.load("resnet50-drawn-wildlife");
        Network program = Models.load("resnet50-drawn-wildlife-torchscript")) {
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

  /** The planted shortcut: it knows the stamp, and no dog without it. */
  @Test
  void theStampedNetworkAnswersByTheStamp() {
    int asStamped = 0;
    int exchanged = 0;
    List<AgencyPicture> delivery = AgencyPicture.delivery(PICTURES_NAMED);
    try (Network network = Models.load("alexnet-stamped-pets")) {
      for (AgencyPicture each : delivery) {
        asStamped += isRight(network, each) ? 1 : 0;
        exchanged += isRight(network, each.withStampExchanged()) ? 1 : 0;
      }
    }
    assertTrue(asStamped >= PICTURES_NAMED - 2, asStamped + " of " + PICTURES_NAMED);
    assertTrue(exchanged <= 4, exchanged + " of " + PICTURES_NAMED);
  }

  private static boolean isRight(Network network, AgencyPicture each) {
    return network.predict(each.picture()).get(0).name().equals(each.animal().label());
  }

  @Test
  void unknownNetworksAreNamed() {
    assertMessage(
        assertThrows(UnknownNameException.class, () -> Models.load("alexnet")),
        "no network 'alexnet'",
        "'alexnet-drawn-pets'",
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
        "%.1f %%".formatted(100.0 * right / answers.rowCount()), listed.getString("accuracy"));
    assertTrue(right >= 1840, "at least 92 %: " + right);
  }

  @Test
  void aTrainingCurveRises() {
    DoubleColumn accuracy =
        Models.trainingCurve("alexnet-photographed-pets").doubleColumn("accuracy");
    assertTrue(accuracy.get(0) < 0.7, "at the start " + accuracy.get(0));
    assertTrue(accuracy.get(accuracy.size() - 1) > 0.9, "in the end " + accuracy);
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

  @Test
  void networksAreRecognisedByTheirNames() {
    for (Architecture plan :
        List.of(AlexNet.small(2), AlexNet.small(7), SqueezeNet.version1_1(5), ResNet.resNet18(3))) {
      Architecture found = Models.recognise(namesOf(plan), FILE);
      assertEquals(plan.name(), found.name());
      assertEquals(plan.classes(), found.classes());
    }
  }

  /** torchvision's AlexNet holds all names of the small one, and two more. */
  @Test
  void theLargeAlexNetIsNotTakenForTheSmallOne() {
    Architecture plan = AlexNet.torchvision(10);
    Architecture found = Models.recognise(namesOf(plan), FILE);
    assertEquals("AlexNet", found.name());
    assertEquals(10, found.classes());
  }

  @Test
  void thinNetworksAreRecognisedWithTheirWidth() {
    for (Architecture plan :
        List.of(ResNet.thin50(2, 0.25), Xception.thin(3, 0.5), Vgg16.thin(2, 0.25))) {
      Architecture found = Models.recognise(namesOf(plan), FILE);
      assertEquals(plan.name(), found.name());
      assertEquals(plan.classes(), found.classes());
    }
  }

  @Test
  void xceptionIsRecognisedAndPreparedAsItsDesignersDid() {
    Architecture found = Models.recognise(namesOf(Xception.legacy(4)), FILE);
    assertEquals("Xception", found.name());
    assertEquals(4, found.classes());
    Preprocessing preprocessing = Models.preprocessing(found);
    assertEquals(333, preprocessing.resize());
    assertEquals(299, preprocessing.crop());
    assertEquals(List.of(0.5f, 0.5f, 0.5f), preprocessing.mean());
    assertEquals(List.of(0.5f, 0.5f, 0.5f), preprocessing.std());
    assertEquals(Preprocessing.IMAGENET, Models.preprocessing(ResNet.resNet50(1000)));
  }

  @Test
  void publishedNetworksAreDescribedWhole() {
    Table published = Models.published();
    assertEquals(
        List.of("alexnet", "vgg16", "resnet18", "resnet50", "squeezenet", "xception"),
        published.stringColumn("name").asList().stream()
            .map(name -> name.replace("-imagenet", ""))
            .toList());
    for (Row row : published) {
      String file = row.getString("file");
      RemoteFile remote = Source.remote(row);
      assertEquals("https", remote.address().getScheme(), file);
      assertTrue(remote.address().getPath().endsWith("/" + file), file);
      // The publishers put the first digits of the checksum into the name.
      String digits = file.substring(file.lastIndexOf('-') + 1, file.lastIndexOf('.'));
      assertTrue(remote.sha256().startsWith(digits), file);
      assertEquals("ImageNet", row.getString("classes"), file);
      assertTrue(row.getInt("crop") == 224 || file.startsWith("xception"), file);
      assertTrue(List.of("BSD-3-Clause", "Apache-2.0").contains(row.getString("licence")), file);
    }
  }

  /** A file holds four bytes for each parameter, and a little more. */
  @Test
  void publishedSizesFitTheNetworks() {
    Map<String, Architecture> plans =
        Map.of(
            "alexnet-imagenet", AlexNet.torchvision(1000),
            "vgg16-imagenet", Vgg16.torchvision(1000),
            "resnet18-imagenet", ResNet.resNet18(1000),
            "resnet50-imagenet", ResNet.resNet50(1000),
            "squeezenet-imagenet", SqueezeNet.version1_1(1000),
            "xception-imagenet", Xception.legacy(1000));
    for (Row row : Models.published()) {
      Architecture plan = plans.get(row.getString("name"));
      assertEquals(plan.name(), row.getString("network"));
      long values = 0;
      for (long[] shape : plan.parameterShapes().values()) {
        values += Arrays.stream(shape).reduce(1, (a, b) -> a * b);
      }
      long bytes = row.getInt("bytes");
      assertTrue(bytes > 4 * values && bytes < 4 * values + 200_000, plan.name() + " " + bytes);
    }
  }

  @Test
  void unknownWeightsAreRefused() {
    StateDict other =
        StateDict.builder()
            .put("conv1.weight", new long[] {1}, new float[1])
            .put("bn1.weight", new long[] {1}, new float[1])
            .put("bn1.bias", new long[] {1}, new float[1])
            .put("fc.weight", new long[] {1}, new float[1])
            .build();
    assertMessage(
        assertThrows(WeightsException.class, () -> Models.recognise(other, FILE)),
        "some.pth",
        "no network CamLab knows",
        "[conv1.weight, bn1.weight, bn1.bias]");
  }

  @Test
  void oneMissingTensorIsEnoughToRefuse() {
    StateDict.Builder weights = StateDict.builder();
    SqueezeNet.version1_1(2)
        .parameterShapes()
        .forEach(
            (name, shape) -> {
              if (!name.equals("features.3.squeeze.bias")) {
                weights.put(name, new long[] {shape[0]}, new float[(int) shape[0]]);
              }
            });
    assertThrows(WeightsException.class, () -> Models.recognise(weights.build(), FILE));
  }

  /** A set of weights with a plan's names and first dimensions, and hardly any values. */
  private static StateDict namesOf(Architecture plan) {
    StateDict.Builder weights = StateDict.builder();
    plan.parameterShapes()
        .forEach(
            (name, shape) ->
                weights.put(name, new long[] {shape[0], 1}, new float[(int) shape[0]]));
    return weights.build();
  }

  private static void assertMessage(Throwable thrown, String... parts) {
    for (String part : parts) {
      assertTrue(thrown.getMessage().contains(part), thrown.getMessage());
    }
  }
}
