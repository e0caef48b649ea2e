package camlab.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Checkpoints as training scripts leave them, written by {@code make_checkpoints.py}. */
class CheckpointTest {

  private static final float[] WEIGHT = {0, 1, 2, 3, 4, 5};
  private static final float[] BIAS = {10, 11, 12};

  private static StateDict read(String name) {
    return StateDict.read(Fixtures.path("checkpoint-" + name + ".pth"));
  }

  private static void assertNetwork(StateDict weights) {
    assertEquals(List.of("conv.weight", "conv.bias"), weights.names());
    assertArrayEquals(new long[] {3, 2}, weights.shape("conv.weight"));
    assertArrayEquals(WEIGHT, weights.floats("conv.weight"));
    assertArrayEquals(BIAS, weights.floats("conv.bias"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "plain",
        "counter-set",
        "numpy-scalar",
        "orig_mod",
        "module-orig_mod",
        "orig_mod-module",
        "model",
        "net-module",
        "fsdp",
        "trainer",
        "trainer-protocol4",
        "trainer-legacy",
        "ema",
        "only-ema",
        "deep",
        "own-name",
        "beside",
        "attributes",
        "builtins",
        "builtins-protocol4"
      })
  void theNetworkIsFound(String name) {
    assertNetwork(read(name));
  }

  @Test
  void compiledPartsLoseTheirWrapper() {
    assertEquals(
        List.of("stem.conv.weight", "stem.conv.bias", "head.conv.weight", "head.conv.bias"),
        read("orig_mod-inside").names());
  }

  @Test
  void anotherSetOfWeightsIsToldAndTakenWhenAskedFor() {
    assertTrue(read("ema").toString().contains("\"model\" (beside it: \"ema/module\")"));
    StateDict average = StateDict.read(Fixtures.path("checkpoint-ema.pth"), "ema/module");
    assertArrayEquals(new float[] {110, 111, 112}, average.floats("conv.bias"));
  }

  @Test
  void ofSeveralNetworksTheReaderSaysWhich() {
    assertMessage(
        () -> read("several"),
        "2 sets of weights: \"generator\" (2 tensors), \"discriminator\" (2 tensors)",
        "checkpoint-several.pth\"), \"generator\")");
    StateDict second = StateDict.read(Fixtures.path("checkpoint-several.pth"), "discriminator");
    assertArrayEquals(new float[] {110, 111, 112}, second.floats("conv.bias"));
    assertMessage(
        () -> StateDict.read(Fixtures.path("checkpoint-several.pth"), "encoder"),
        "no weights under \"encoder\"",
        "\"generator\"");
    assertMessage(() -> StateDict.read(Fixtures.path("plain.safetensors"), "encoder"), "no parts");
  }

  @Test
  void aFileWithoutWeightsSaysWhatItHolds() {
    assertMessage(
        () -> read("no-weights"),
        "\"epoch\" is a number, \"args\" is an object of argparse.Namespace");
  }

  @Test
  void whatStandsBeforeAllNamesIsTakenOffOrPutOn() {
    assertNetwork(read("backbone").named(List.of("conv.weight", "conv.bias")));
    StateDict longer = read("model").named(List.of("features.conv.weight", "features.conv.bias"));
    assertArrayEquals(BIAS, longer.floats("features.conv.bias"));
    StateDict other = read("backbone");
    assertEquals(other.names(), other.named(List.of("conv.weight")).names());
  }

  @Test
  void aPartIsTakenByTheStartOfItsNames() {
    StateDict lightning = read("lightning");
    assertEquals(
        List.of("model.conv.weight", "model.conv.bias", "criterion.weight"), lightning.names());
    assertNetwork(lightning.under("model."));
    assertMessage(() -> lightning.under("encoder."), "no name starts with \"encoder.\"");
  }

  @Test
  void aMismatchTellsWhatWasCountedAndOnlyACauseThatShows() {
    Map<String, long[]> network = shapes("conv.weight", 3, 2, "conv.bias", 3);
    assertMismatch(
        read("lightning"),
        network,
        "it has 2 parameters, the file 3; 0 names are in both",
        "under(\"model.\")");
    assertMismatch(
        read("model"),
        shapes("conv.weight", 5, 2, "conv.bias", 5),
        "2 names are in both",
        "Only the layer \"conv\" differs: it puts out 3 values in the file and 5 in the network");
    assertMismatch(
        read("model"),
        shapes("conv.weight", 3, 4, "conv.bias", 3),
        "same names, but 1 of them other sizes");
    assertMismatch(
        read("model"),
        shapes("conv.weight", 3, 2, "fc.weight", 3),
        "1 names are in both",
        "Some parts are the same");
    String other =
        assertMismatch(read("model"), shapes("a.weight", 3, 2, "a.bias", 3), "0 names are in both");
    assertTrue(other.contains("another network's"), other);
    for (Map<String, long[]> near :
        List.of(shapes("conv.weight", 5, 2), shapes("conv.weight", 3, 2, "fc.weight", 3))) {
      assertFalse(assertMismatch(read("model"), near, "").contains("another network's"));
    }
  }

  private static Map<String, long[]> shapes(Object... namesAndSizes) {
    Map<String, long[]> shapes = new LinkedHashMap<>();
    String name = "";
    for (Object part : namesAndSizes) {
      if (part instanceof String next) {
        name = next;
      } else {
        shapes.merge(name, new long[] {(Integer) part}, (a, b) -> new long[] {a[0], b[0]});
      }
    }
    return shapes;
  }

  private static String assertMismatch(
      StateDict weights, Map<String, long[]> network, String... parts) {
    return assertMessage(() -> weights.requireMatch(network), parts);
  }

  private static String assertMessage(Executable action, String... parts) {
    String message = assertThrows(WeightsException.class, action).getMessage();
    for (String part : parts) {
      assertTrue(message.contains(part), message);
    }
    return message;
  }
}
