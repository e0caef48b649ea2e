package camlab.course;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import camlab.network.AlexNet;
import camlab.network.Architecture;
import camlab.network.Network;
import camlab.network.ResNet;
import camlab.network.SqueezeNet;
import camlab.network.UnknownNameException;
import camlab.weights.StateDict;
import camlab.weights.WeightsException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tech.tablesaw.api.Row;
import tech.tablesaw.api.Table;

class ModelsTest {

  private static final Path FILE = Path.of("some.pth");
  private static final long MOST_BYTES = 12_000_000;

  @TempDir private Path folder;

  @Test
  void theManifestDescribesTheFiles() throws IOException {
    Table manifest = Models.manifest();
    assertTrue(manifest.stringColumn("name").asList().contains("alexnet-drawn-pets"));
    for (Row row : manifest) {
      Path file = Root.find().resolve("models").resolve(row.getString("file"));
      assertEquals(row.getInt("bytes"), Files.size(file), file.toString());
      assertEquals(row.getString("sha256"), Models.sha256(file), file.toString());
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

  @Test
  void unknownNetworksAreNamed() {
    assertMessage(
        assertThrows(UnknownNameException.class, () -> Models.load("alexnet")),
        "no shipped network 'alexnet'",
        "'alexnet-drawn-pets'");
  }

  @Test
  void digestsAreThoseOfSha256() throws IOException {
    Path file = Files.writeString(folder.resolve("abc.txt"), "abc");
    assertEquals(
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", Models.sha256(file));
    Files.writeString(file, "");
    assertEquals(
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", Models.sha256(file));
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
