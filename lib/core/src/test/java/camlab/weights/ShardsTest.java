package camlab.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Weights in several files, as a hub of models keeps the large ones. */
class ShardsTest {

  private static final String INDEX = "{\"metadata\": {\"total_size\": 10}, \"weight_map\": {%s}}";

  @TempDir Path folder;

  /** The names of module.pth lie in one file, those of plain.safetensors in another. */
  @BeforeEach
  void files() throws IOException {
    Files.copy(Fixtures.path("module.pth"), folder.resolve("pytorch_model-00001-of-00002.bin"));
    Files.copy(
        Fixtures.path("plain.safetensors"), folder.resolve("pytorch_model-00002-of-00002.bin"));
  }

  private void index(String map) throws IOException {
    Files.writeString(folder.resolve("pytorch_model.bin.index.json"), INDEX.formatted(map));
  }

  private void goodIndex() throws IOException {
    index(
        "\"0.weight\": \"pytorch_model-00001-of-00002.bin\", \"half\": \"pytorch_model-00002-of-00002.bin\"");
  }

  private String refusal(String name) {
    return assertThrows(WeightsException.class, () -> StateDict.read(folder.resolve(name)))
        .getMessage();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "pytorch_model-00001-of-00002.bin",
        "pytorch_model-00002-of-00002.bin",
        "pytorch_model.bin.index.json"
      })
  void allFilesAreReadWhicheverIsNamed(String name) throws IOException {
    goodIndex();
    StateDict weights = StateDict.read(folder.resolve(name));
    assertEquals(7 + 17, weights.names().size());
    assertEquals("0.weight", weights.names().get(0));
    assertArrayEquals(new float[] {0, 1, 2, 3, 4, 5}, weights.floats("0.weight"));
    assertArrayEquals(new float[] {-0.5f, -0.25f, 0, 0.25f, 0.5f}, weights.floats("half"));
    assertTrue(weights.origin().contains("with all 2 files of these weights"), weights.origin());
  }

  @Test
  void withoutAnIndexTheNamesSayHowManyThereAre() throws IOException {
    Path first = folder.resolve("pytorch_model-00001-of-00002.bin");
    assertEquals(24, StateDict.read(first).names().size());
    Files.delete(folder.resolve("pytorch_model-00002-of-00002.bin"));
    assertTrue(
        refusal("pytorch_model-00001-of-00002.bin")
            .endsWith(
                "it belongs to weights in 2 files, as its name says, and pytorch_model-00002-of-00002.bin is not beside it. Fetch all of them into one folder."));
    Path alone = folder.resolve("whole.bin");
    Files.move(first, alone);
    assertEquals(7, StateDict.read(alone).names().size());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"0.weight\": \"pytorch_model-00003-of-00002.bin\" | pytorch_model-00003-of-00002.bin is not beside it",
        "\"0.weight\": \"../pytorch_model-00001-of-00002.bin\" | expected files beside it, found",
        "\"0.weight\": \"pytorch_model-00002-of-00002.bin\" | and it lies in none",
        "\"1.weight\": \"pytorch_model-00001-of-00002.bin\", \"gone\": \"pytorch_model-00001-of-00002.bin\" | \"gone\" lies in pytorch_model-00001-of-00002.bin, and it lies in none",
        "\"0.weight\": 1 | expected the name of a file for \"0.weight\", found 1",
        "\"0.weight\": [1] | expected the name of a file for \"0.weight\", found [1]",
        " '' | found other JSON"
      })
  void anIndexThatDoesNotFitIsRefused(String map, String part) throws IOException {
    index(map);
    String message = refusal("pytorch_model.bin.index.json");
    assertTrue(message.contains(part), message);
  }

  @Test
  void whatLiesInTwoFilesAndPartsAreRefused() throws IOException {
    Files.copy(Fixtures.path("module.pth"), folder.resolve("model-00001-of-00002.safetensors"));
    Files.copy(Fixtures.path("module.pth"), folder.resolve("model-00002-of-00002.safetensors"));
    String twice = refusal("model-00001-of-00002.safetensors");
    assertTrue(
        twice.contains(
            "\"0.weight\" lies in model-00001-of-00002.safetensors and in model-00002-of-00002.safetensors"),
        twice);
    goodIndex();
    String part =
        assertThrows(
                WeightsException.class,
                () -> StateDict.read(folder.resolve("pytorch_model.bin.index.json"), "ema"))
            .getMessage();
    assertTrue(part.contains("weights in several files have no parts"), part);
  }

  /** Other JSON, and an index without its end. */
  @Test
  void otherJsonIsRefused() throws IOException {
    Files.writeString(folder.resolve("config.json"), "{\"architectures\": [\"ResNet\"]}");
    assertTrue(refusal("config.json").contains("found other JSON"), refusal("config.json"));
    Files.writeString(folder.resolve("half.json"), "{\"weight_map\": {\"a\": ");
    assertTrue(refusal("half.json").contains("damaged or incomplete"), refusal("half.json"));
  }
}
