package camlab.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import camlab.fuzz.Zips;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files made to do harm, files cut short, files with a wrong byte: each a WeightsException. */
class HostileWeightsTest {

  @TempDir Path folder;

  /** Pickles, as Latin-1 text, that would run a command or make an object in Python. */
  static Map<String, String> attacks() {
    String run = "(S'touch ran'\n";
    return Map.ofEntries(
        Map.entry("os.system", "cos\nsystem\n" + run + "tR."),
        Map.entry("posix.system", "cposix\nsystem\n" + run + "tR."),
        Map.entry("builtins.eval", "cbuiltins\neval\n(S'1'\ntR."),
        Map.entry("builtins.getattr", "\u008c\bbuiltins\u008c\u0007getattr\u0093)R."),
        Map.entry("subprocess.Popen", "\u008c\nsubprocess\u008c\u0005Popen\u0093)\u0081."),
        Map.entry("nt.system", run + "int\nsystem\n."),
        Map.entry("commands.getoutput", "(ccommands\ngetoutput\n" + run.substring(1) + "o."),
        Map.entry("pty.spawn", "cpty\nspawn\n)\u0081."),
        Map.entry("runpy.run_path", "crunpy\nrun_path\n)}\u0092."),
        // What the pickle library would make by itself.
        Map.entry("array.array", "carray\narray\n)R."),
        Map.entry("builtins.ValueError", "cbuiltins\nValueError\n)R."),
        Map.entry("exceptions.Exception", "cexceptions\nException\n)R."),
        Map.entry("copy_reg._reconstructor", "ccopy_reg\n_reconstructor\n)R."),
        Map.entry("some.Class", "csome\nClass\n)R."),
        Map.entry("torch.load", "ctorch\nload\n)R."),
        Map.entry(
            "torch._utils._rebuild_tensor_v2.__globals__",
            "ctorch._utils\n_rebuild_tensor_v2.__globals__\n."));
  }

  @ParameterizedTest
  @MethodSource("attackNames")
  void aGlobalIsRefusedByNameInEitherFormat(String global) throws IOException {
    byte[] pickle = pickle(attacks().get(global));
    for (byte[] content : new byte[][] {pickle, zip(pickle)}) {
      Path file = Files.write(folder.resolve("attack.pth"), content);
      String message =
          assertThrows(WeightsException.class, () -> StateDict.read(file)).getMessage();
      assertTrue(message.contains("\"" + global + "\""), message);
      assertTrue(message.contains("nothing in it was executed"), message);
      assertTrue(message.contains("attack.pth"), message);
      assertFalse(Files.exists(Path.of("ran")));
    }
  }

  static List<String> attackNames() {
    return attacks().keySet().stream().sorted().toList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // A state for something other than an ordered dictionary; a call of what is no function.
        "ctorch\nSize\n}b.",
        "S'text'\n)R.",
        "ctorch\nFloatStorage\n)R.",
        "ccollections\nOrderedDict\n)\u0081.",
        "(ccollections\nOrderedDict\no.",
        "(icollections\nOrderedDict\n.",
        // External objects of another form; extension codes; buffers.
        "Pstorage\n.",
        "S'x'\nQ.",
        "(S'module'\nctorch\nSize\ntQ.",
        "\u0082\u0001.",
        "\u0097."
      })
  void everythingElseIsRefusedToo(String program) throws IOException {
    Path file = Files.write(folder.resolve("attack.pth"), zip(pickle(program)));
    String message = assertThrows(WeightsException.class, () -> StateDict.read(file)).getMessage();
    assertTrue(message.contains("nothing in it was executed"), message);
  }

  /** The pickle library would make a date or an array of these; here nothing is made or called. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "cdatetime\ndatetime\n)R",
        "cdecimal\nDecimal\n(S'1'\ntR",
        "c_codecs\nencode\n(X\u0001\u0000\u0000\u0000aS'latin1'\ntR",
        "cbuiltins\nbytearray\n)R",
        "c__builtin__\nset\n(]tR",
        "cargparse\nNamespace\n)\u0081}b",
        "cpathlib\nPosixPath\n(S'/etc'\nS'passwd'\ntR",
        "cnumpy\nndarray\n)}\u0092",
        "\u008f(K\u0001\u0090",
        "(K\u0001\u0091",
        "C\u0001a",
        "B\u0001\u0000\u0000\u0000a",
        "]]a"
      })
  void plainSettingsBesideTheWeightsAreLeftAlone(String setting) throws IOException {
    String tensor =
        "ctorch._utils\n_rebuild_tensor_v2\n("
            + "(S'storage'\nctorch\nFloatStorage\nS'0'\nS'cpu'\nK\u0006tQ"
            + "K\u0001(K\u0002t(K\u0001tI00\n}tR";
    String program = "}(S'a'\n" + tensor + "S'setting'\n" + setting + "u.";
    StateDict weights =
        StateDict.read(Files.write(folder.resolve("plain.pth"), zip(pickle(program))));
    assertArrayEquals(new float[] {1, 2}, weights.floats("a"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // Texts and numbers that declare gigabytes.
        "X\u00ff\u00ff\u00ff\u007f",
        "\u008d\u0000\u0000\u0000\u0000\u0001\u0000\u0000\u0000",
        "\u008d\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff",
        "\u008b\u00ff\u00ff\u00ff\u007f",
        "T\u00ff\u00ff\u00ff\u00ff",
        // Nonsense: empty stack, no mark, wrong kinds, a list that holds itself as a key.
        ".",
        "R.",
        "t.",
        "u.",
        "h\u0007.",
        "Nb.",
        "I12x\n.",
        "F1e\n.",
        "Labc\n.",
        "S'open\n.",
        "V\\u12\n.",
        "]q\u0000h\u0000a}h\u0000Ns.",
        "]q\u0000h\u0000a.",
        "}(K\u0001K\u0002K\u0003u.",
        "ccollections\nOrderedDict\n(]K\u0001atR."
      })
  void sizesAndNonsenseAreMetCalmly(String program) throws IOException {
    Path file = Files.write(folder.resolve("bomb.pth"), zip(pickle(program)));
    assertThrows(WeightsException.class, () -> StateDict.read(file));
  }

  @Test
  void nestingRepeatingAndLongNumbersAreBounded() throws IOException {
    for (String program :
        new String[] {
          "(".repeat(100_000) + ".",
          "]".repeat(100_000) + "a".repeat(99_999) + ".",
          ")" + "\u0085".repeat(1_000_000) + ".",
          "]" + "2".repeat(5_000_000) + ".",
          "L" + "9".repeat(3_000_000) + "L\n.",
          "}S'" + "a".repeat(3_000_000) + "'\nNs."
        }) {
      Path file = Files.write(folder.resolve("bomb.pth"), zip(pickle(program)));
      assertTimeoutPreemptively(
          Duration.ofSeconds(20),
          () -> assertThrows(WeightsException.class, () -> StateDict.read(file)));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // Offset, shape, strides of a tensor over a storage of six elements.
        "K\u0000 (J\u00ff\u00ff\u00ff\u007fJ\u00ff\u00ff\u00ff\u007ft (K\u0000K\u0000t",
        "K\u0000 (\u008a\u0008\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u007fK\u0002t"
            + " (K\u0000K\u0000t",
        "K\u0000 (J\u0000\u00ca\u009a;t (K\u0000t",
        "K\u0000 (K\u0007t (K\u0001t",
        "K\u0001 (K\u0006t (K\u0001t",
        "J\u00ff\u00ff\u00ff\u00ff (K\u0001t (K\u0001t",
        "K\u0000 (K\u0002t (J\u00ff\u00ff\u00ff\u00fft",
        "K\u0000 (K\u0003t (\u008a\u0008\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u007ft",
        "K\u0000 (J\u00ff\u00ff\u00ff\u00fft (K\u0001t",
        "K\u0000 (K\u0002t )",
        "\u008a\u0008\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u007f (K\u0002t (K\u0001t",
        "N (K\u0002t (K\u0001t"
      })
  void aTensorStaysInsideItsStorage(String place) throws IOException {
    assertThrows(WeightsException.class, () -> readTensor(place));
  }

  @Test
  void theHandMadeTensorIsReadWhenItIsRight() throws IOException {
    // Proves that the cases above fail for their sizes, not for how they are made.
    assertArrayEquals(
        new float[] {1, 3, 2, 4},
        readTensor("K\u0001 (K\u0002K\u0002t (K\u0001K\u0002t").floats("a"));
  }

  @Test
  void olderSpellingsOfPyTorchAndPythonAreRead() throws IOException {
    // Python 2 passes an OrderedDict its pairs; PyTorch before 0.4 described stretches of storages.
    String tensor =
        "ctorch._utils\n_rebuild_tensor\n("
            + "(S'storage'\nctorch\nFloatStorage\nS'0'\nS'cpu'\nK\u0006(S'v'\nK\u0002K\u0003ttQ"
            + "K\u0001(K\u0002t(K\u0001ttR";
    String program = "ccollections\nOrderedDict\n(](U\u0001a" + tensor + "latR.";
    StateDict weights =
        StateDict.read(Files.write(folder.resolve("old.pth"), zip(pickle(program))));
    assertArrayEquals(new float[] {3, 4}, weights.floats("a"));
  }

  private StateDict readTensor(String place) throws IOException {
    String program =
        "}S'a'\nctorch._utils\n_rebuild_tensor_v2\n("
            + "(S'storage'\nctorch\nFloatStorage\nS'0'\nS'cpu'\nK\u0006tQ"
            + place.replace(" ", "")
            + "I00\n}tRs.";
    return StateDict.read(Files.write(folder.resolve("tensor.pth"), zip(pickle(program))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,12]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},"
            + "\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},"
            + "\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}",
        "{\"a\":{\"dtype\":\"F9\",\"shape\":[2],\"data_offsets\":[0,8]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[4294967296,4294967296],\"data_offsets\":[0,8]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[4611686018427387905],\"data_offsets\":[0,4]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[-2],\"data_offsets\":[0,8]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,0]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2.5],\"data_offsets\":[0,8]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8],\"x\":1}}",
        "{\"a\":[[[[[]]]]]}",
        "{\"__metadata__\":{\"n\":1},\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}} x",
        "{\"a\":{\"dtype\":\"F32\"",
        "{}"
      })
  void aSafetensorsHeaderIsHeldToTheFormat(String header) throws IOException {
    Path file = Files.write(folder.resolve("x.safetensors"), safetensors(header));
    assertThrows(WeightsException.class, () -> StateDict.read(file));
  }

  @Test
  void aHeaderOfAnExabyteIsRefused() throws IOException {
    for (long length : new long[] {1L << 60, -1, 100_000_001, Long.MIN_VALUE}) {
      byte[] bytes = safetensors("{}");
      ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(length);
      Path file = Files.write(folder.resolve("x.safetensors"), bytes);
      assertThrows(WeightsException.class, () -> StateDict.read(file));
    }
  }

  @Test
  void aCompressedEntryCannotSwell() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(new ZipEntry("archive/data.pkl"));
      zip.write(new byte[10_000_000]);
    }
    Path file = Files.write(folder.resolve("swell.pth"), bytes.toByteArray());
    assertThrows(WeightsException.class, () -> StateDict.read(file));
  }

  @ParameterizedTest
  @ValueSource(strings = {"module.pth", "wrapped_legacy.pth", "plain.safetensors"})
  void everyPrefixIsRefused(String name) throws IOException {
    byte[] whole = Fixtures.bytes(name);
    Path file = folder.resolve("prefix.pth");
    for (int length = 0; length < whole.length; length++) {
      Files.write(file, Arrays.copyOf(whole, length));
      assertThrows(WeightsException.class, () -> StateDict.read(file), name + " " + length);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"zip.pth", "legacy.pth", "protocol4.pth", "plain.safetensors"})
  void flippedBytesGiveValuesOrAWeightsException(String name) throws IOException {
    byte[] whole = Fixtures.bytes(name);
    Random random = new Random(20260101);
    Path file = folder.resolve("flipped.pth");
    for (int round = 0; round < 2000; round++) {
      byte[] flipped = whole.clone();
      for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
        // Half of the flips go where the structure is: the start and the end.
        int range = random.nextBoolean() ? whole.length : Math.min(whole.length, 1200);
        int at = random.nextInt(range);
        flipped[random.nextInt(4) == 0 ? whole.length - 1 - at : at] = (byte) random.nextInt(256);
      }
      Files.write(file, flipped);
      try {
        StateDict weights = StateDict.read(file);
        weights.names().forEach(weights::floats);
      } catch (WeightsException e) {
        assertTrue(e.getMessage().contains("flipped.pth"), e.getMessage());
      }
    }
  }

  private static byte[] safetensors(String header) {
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(8 + text.length + 8)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(text.length)
        .put(text)
        .array();
  }

  private static byte[] pickle(String program) {
    return ("\u0080\u0002" + program).getBytes(StandardCharsets.ISO_8859_1);
  }

  /** An archive as torch.save makes it, with one storage: the floats 0 to 5. */
  private static byte[] zip(byte[] pickle) throws IOException {
    ByteBuffer values = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < 6; i++) {
      values.putFloat(i);
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      Zips.store(zip, "archive/data.pkl", pickle);
      Zips.store(zip, "archive/data/0", values.array());
    }
    return bytes.toByteArray();
  }
}
