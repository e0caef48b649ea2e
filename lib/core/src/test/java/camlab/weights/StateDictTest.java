package camlab.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Reads what PyTorch and safetensors wrote; every value is worked out anew here. */
class StateDictTest {

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"zip.pth", "legacy.pth", "protocol4.pth", "plain.safetensors"})
  void everyElementTypeAndLayoutHasItsClosedForm(String name) {
    StateDict weights = StateDict.read(Fixtures.path(name));

    float[] counting = new float[24];
    for (int i = 0; i < 24; i++) {
      counting[i] = i / 8f;
    }
    assertTensor(weights, "counting", new long[] {2, 3, 4}, counting);
    assertTensor(weights, "transposed", new long[] {3, 2}, 0, 3, 1, 4, 2, 5);
    assertTensor(
        weights,
        "shared.all",
        new long[] {12},
        100,
        101,
        102,
        103,
        104,
        105,
        106,
        107,
        108,
        109,
        110,
        111);
    assertTensor(weights, "shared.tail", new long[] {4}, 108, 109, 110, 111);
    assertTensor(weights, "shared.even", new long[] {6}, 100, 102, 104, 106, 108, 110);
    assertTensor(weights, "half", new long[] {5}, -0.5f, -0.25f, 0, 0.25f, 0.5f);
    assertTensor(weights, "bfloat", new long[] {5}, -6, -3, 0, 3, 6);
    assertTensor(weights, "double", new long[] {4}, 0, 0.0625f, 0.125f, 0.1875f);
    assertTensor(weights, "int32", new long[] {5}, -2, -1, 0, 1, 2);
    assertTensor(weights, "int16", new long[] {5}, -2, -1, 0, 1, 2);
    assertTensor(weights, "int8", new long[] {5}, -2, -1, 0, 1, 2);
    assertTensor(weights, "uint8", new long[] {3}, 253, 254, 255);
    assertTensor(weights, "bool", new long[] {3}, 1, 0, 1);
    assertTensor(weights, "expanded", new long[] {2, 3}, 7, 7, 7, 7, 7, 7);
    assertTensor(weights, "empty", new long[] {0, 3});
    assertTensor(weights, "norm.num_batches_tracked", new long[0], 12345);
    assertTensor(weights, "parameter", new long[] {1, 2}, 1.5f, -2.5f);
    assertEquals(17, weights.names().size());
    assertEquals(
        24 + 6 + 12 + 4 + 6 + 5 + 5 + 4 + 15 + 3 + 3 + 6 + 1 + 2, weights.parameterCount());
  }

  @Test
  void namesKeepTheOrderOfTheModule() {
    assertEquals(
        List.of(
            "0.weight",
            "0.bias",
            "1.weight",
            "1.bias",
            "1.running_mean",
            "1.running_var",
            "1.num_batches_tracked"),
        StateDict.read(Fixtures.path("module.pth")).names());
  }

  @ParameterizedTest
  @ValueSource(strings = {"module.pth", "wrapped.pth", "wrapped_legacy.pth"})
  void aCheckpointIsUnwrappedAndLosesTheParallelPrefix(String name) {
    StateDict weights = StateDict.read(Fixtures.path(name));
    assertTensor(weights, "0.weight", new long[] {3, 2}, 0, 1, 2, 3, 4, 5);
    assertTensor(weights, "1.running_var", new long[] {3}, 50, 51, 52);
    assertTensor(weights, "1.num_batches_tracked", new long[0], 60);
    assertEquals(7, weights.names().size());
  }

  @Test
  void theOtherByteOrderIsHonoured() {
    assertTensor(
        StateDict.read(Fixtures.path("big_endian.pth")),
        "big",
        new long[] {2, 3},
        0,
        1,
        2,
        3,
        4,
        5);
  }

  @Test
  void metadataOfSafetensorsIsGiven() {
    assertEquals(
        Map.of("network", "tiny", "classes", "cat,dog"),
        StateDict.read(Fixtures.path("plain.safetensors")).metadata());
    assertEquals(Map.of(), StateDict.read(Fixtures.path("zip.pth")).metadata());
  }

  @Test
  void whatIsWrittenIsReadAgain() {
    StateDict original = StateDict.read(Fixtures.path("zip.pth"));
    Path file = folder.resolve("again.safetensors");
    Map<String, String> about = Map.of("note", "a \"quoted\" café\n");
    original.writeSafetensors(file, Precision.SINGLE, about);
    StateDict again = StateDict.read(file);
    assertEquals(original.names(), again.names());
    assertEquals(about, again.metadata());
    for (String name : original.names()) {
      assertTensor(again, name, original.shape(name), original.floats(name));
    }
  }

  @Test
  void halvesAreRoundedAndWhatIsTooLargeStaysSingle() throws IOException {
    StateDict original =
        StateDict.builder()
            .put("third", new long[] {3}, new float[] {1 / 3f, -1 / 3f, 1e-7f})
            .put("large", new long[] {1}, new float[] {70000})
            .put("edges", new long[] {3}, new float[] {65519, Float.NEGATIVE_INFINITY, Float.NaN})
            .build();
    Path file = folder.resolve("half.safetensors");
    original.writeSafetensors(file, Precision.HALF, Map.of());
    StateDict again = StateDict.read(file);
    assertEquals(List.of("third", "large", "edges"), again.names());
    // 1/3 has the exponent -2, so its halves are 2^-12 apart: 1365 · 2^-12.
    assertTensor(again, "third", new long[] {3}, 0x555p-12f, -0x555p-12f, 0x2p-24f);
    assertTensor(again, "large", new long[] {1}, 70000);
    assertTensor(again, "edges", new long[] {3}, 65504, Float.NEGATIVE_INFINITY, Float.NaN);
    try (var files = Files.list(folder)) {
      assertEquals(1, files.count(), "nothing is left beside the file");
    }
  }

  @Test
  void writingReplacesAFileOnlyWhenItIsWhole() throws IOException {
    Path file = Files.writeString(folder.resolve("kept"), "kept");
    Path source = Files.copy(Fixtures.path("zip.pth"), folder.resolve("source.pth"));
    StateDict weights = StateDict.read(source);
    Files.delete(source);
    assertThrows(
        WeightsException.class, () -> weights.writeSafetensors(file, Precision.SINGLE, Map.of()));
    assertEquals("kept", Files.readString(file));
    StateDict.builder()
        .put("a", new long[0], new float[] {1})
        .build()
        .writeSafetensors(file, Precision.SINGLE, Map.of());
    assertTensor(StateDict.read(file), "a", new long[0], 1);
    assertThrows(
        WeightsException.class,
        () ->
            StateDict.read(file)
                .writeSafetensors(folder.resolve("none/x"), Precision.HALF, Map.of()));
  }

  @Test
  void everyHalfSurvivesTheWayToFloatAndBack() {
    for (int bits = 0; bits <= 0xffff; bits++) {
      float value = HalfFloat.toFloat((short) bits);
      if (Float.isNaN(value)) {
        assertTrue((bits & 0x7c00) == 0x7c00 && (bits & 0x3ff) != 0);
      } else {
        assertEquals((short) bits, HalfFloat.fromFloat(value));
      }
    }
    assertEquals(HalfFloat.fromFloat(1f), HalfFloat.fromFloat(1 + 0x1p-11f), "a tie goes to even");
    assertEquals(
        HalfFloat.fromFloat(1 + 0x1p-9f),
        HalfFloat.fromFloat(1 + 0x3p-11f),
        "a tie goes to even, upwards");
    assertEquals(HalfFloat.fromFloat(65504), HalfFloat.fromFloat(65519));
    assertEquals((short) 0x7c00, HalfFloat.fromFloat(65520));
    assertEquals((short) 0x0400, HalfFloat.fromFloat(Math.nextDown(0x1p-14f)));
  }

  @Test
  void aFileThatChangesIsNoticed() throws IOException {
    Path file = Files.copy(Fixtures.path("zip.pth"), folder.resolve("changing.pth"));
    StateDict weights = StateDict.read(file);
    Files.copy(
        Fixtures.path("legacy.pth"), file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    assertMessage(() -> weights.floats("half"), "changing.pth", "has changed");
    Files.delete(file);
    assertMessage(() -> weights.floats("half"), "changing.pth", "can no longer be read");
  }

  @Test
  void aMatchIsCheckedAndAMismatchIsListed() {
    StateDict weights = StateDict.read(Fixtures.path("module.pth"));
    Map<String, long[]> expected = new LinkedHashMap<>();
    for (String name : weights.names()) {
      expected.put(name, weights.shape(name));
    }
    weights.requireMatch(expected);
    expected.remove("1.num_batches_tracked");
    weights.requireMatch(expected);
    expected.put("other.num_batches_tracked", new long[0]);
    assertDoesNotThrow(() -> weights.requireMatch(expected));

    expected.remove("0.bias");
    expected.put("0.weight", new long[] {4, 2});
    for (int i = 0; i < 13; i++) {
      expected.put("extra." + i, new long[] {i});
    }
    String message =
        assertThrows(WeightsException.class, () -> weights.requireMatch(expected)).getMessage();
    assertTrue(message.contains("module.pth"), message);
    assertTrue(message.contains("13 missing:\n  extra.0 [0]"), message);
    assertTrue(message.contains("extra.9 [9]\n  and 3 more"), message);
    assertTrue(message.contains("1 unexpected:\n  0.bias [3]"), message);
    assertTrue(message.contains("0.weight: expected [4, 2], found [3, 2]"), message);
    assertFalse(message.contains("extra.10"), message);
  }

  @Test
  void valuesAreCopied() {
    float[] values = {1, 2};
    long[] shape = {2};
    StateDict weights = StateDict.builder().put("a", shape, values).build();
    values[0] = 9;
    shape[0] = 9;
    weights.floats("a")[1] = 9;
    weights.shape("a")[0] = 9;
    assertTensor(weights, "a", new long[] {2}, 1, 2);
    assertThrows(
        IllegalArgumentException.class,
        () -> StateDict.builder().put("a", new long[] {3}, new float[2]));
    assertMessage(() -> weights.floats("b"), "\"b\"", "weights in memory");
  }

  @Test
  void otherFilesAreNamedForWhatTheyAre() throws IOException {
    assertMessage(() -> StateDict.read(folder.resolve("none.pth")), "none.pth", "no such file");
    assertMessage(() -> StateDict.read(folder), "found a folder");
    assertMessage(() -> readText(""), "x.pth", "empty");
    assertMessage(() -> readText("hello world"), "x.pth", "text file");
    assertMessage(() -> readText("\n<!DOCTYPE html><html>404"), "x.pth", "web page");
    assertMessage(() -> readText("version https://git-lfs.github.com/spec/v1\n"), "Git LFS");
    assertMessage(() -> readText("\u0001"), "x.pth", "unknown format");
    assertMessage(() -> readText("w.pth" + "\0".repeat(252) + "ustar"), "a tar archive");
    assertMessage(() -> StateDict.read(Fixtures.path("torchscript.pt")), "TorchScript program");
    assertMessage(() -> StateDict.read(Fixtures.path("list.pth")), "found a list");
    assertTensor(StateDict.read(Fixtures.path("mixed.pth")), "weight", new long[] {2}, 0, 0);
    assertMessage(
        () -> StateDict.read(Fixtures.path("whole_module.pth")),
        "\"torch.nn.modules.container.Sequential\"",
        "nothing in it was executed");
    Path other = folder.resolve("other.zip");
    try (var zip = new java.util.zip.ZipOutputStream(Files.newOutputStream(other))) {
      zip.putNextEntry(new java.util.zip.ZipEntry("saved_model.pb"));
    }
    assertMessage(() -> StateDict.read(other), "not from torch.save", "saved_model.pb");
  }

  /** They are a state_dict's values as any others, so nobody is told to save the state_dict. */
  @ParameterizedTest
  @CsvSource({
    "sparse,a sparse tensor. Save it as value.to_dense()",
    "compressed,a sparse tensor. Save it as value.to_dense()",
    "quantized,a quantised tensor. Save it as value.dequantize()",
    "complex,a tensor of complex numbers",
    "eight-bit,a tensor of eight-bit floats",
    "without-values,a tensor without values",
    "negative,a tensor that is read with the other sign. Save it as value.resolve_neg()"
  })
  void tensorsOfOtherKindsAreNamed(String kind, String what) {
    String name = "tensor-" + kind + ".pth";
    WeightsException refused =
        assertThrows(WeightsException.class, () -> StateDict.read(Fixtures.path(name)));
    assertTrue(
        refused.getMessage().contains(name + ": among its values is " + what),
        refused.getMessage());
    assertFalse(refused.getMessage().contains("state_dict"), refused.getMessage());
  }

  private StateDict readText(String text) throws IOException {
    return StateDict.read(
        Files.write(folder.resolve("x.pth"), text.getBytes(StandardCharsets.UTF_8)));
  }

  private static void assertMessage(Executable action, String... parts) {
    String message = assertThrows(WeightsException.class, action).getMessage();
    for (String part : parts) {
      assertTrue(message.contains(part), message);
    }
  }

  private static void assertTensor(StateDict weights, String name, long[] shape, float... values) {
    assertTrue(weights.contains(name), name);
    assertArrayEquals(shape, weights.shape(name), name);
    assertArrayEquals(values, weights.floats(name), name);
  }

  /** What is null is named, and nothing is left out of a file in silence. */
  @Test
  void whatIsNullIsNamed() {
    StateDict weights = StateDict.builder().put("a.b", new long[] {1}, new float[] {1}).build();
    Map<String, String> about = new LinkedHashMap<>();
    about.put("trained on", null);
    Path file = folder.resolve("about.safetensors");
    for (Executable each :
        List.<Executable>of(
            () -> StateDict.read(Fixtures.path("zip.pth"), null),
            () -> weights.under(null),
            () -> weights.named(null),
            () -> weights.requireMatch(null),
            () -> weights.readWeights("a.b", null),
            () -> weights.writeSafetensors(null, Precision.SINGLE, Map.of()),
            () -> weights.writeSafetensors(file, Precision.SINGLE, null),
            () -> weights.writeSafetensors(file, Precision.SINGLE, about),
            () -> StateDict.builder().put(null, new long[0], new float[1]),
            () -> StateDict.builder().put("a", null, new float[1]),
            () -> StateDict.builder().put("a", new long[0], null))) {
      String told = assertThrows(NullPointerException.class, each).getMessage();
      assertTrue(told.contains("found null"), told);
    }
    assertFalse(Files.exists(file));
  }

  @Test
  void weightsWithoutATensorHaveNoFirstNames() {
    StateDict none = StateDict.builder().build();
    assertMessage(() -> none.floats("a"), "there is no tensor \"a\": it holds none at all.");
    assertMessage(() -> none.under("a."), "no name starts with \"a.\": it holds no tensor at all.");
  }
}
