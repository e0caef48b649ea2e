package camlab.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import camlab.TestFiles;
import camlab.weights.RawTensors.OfProgram;
import camlab.weights.RawTensors.Raw;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** 9, 1.5, −2 and 0.375, of which the first belongs to another tensor, in each type. */
class RawTensorsTest {

  private static Raw row(String type, ByteBuffer bytes, long size, long stride) {
    return new Raw(
        "0",
        type,
        4,
        1,
        List.of(size),
        List.of(stride),
        () -> new ByteArrayInputStream(copied(bytes)));
  }

  private static byte[] copied(ByteBuffer bytes) {
    byte[] copy = new byte[bytes.capacity()];
    bytes.duplicate().clear().get(copy);
    return copy;
  }

  private static ByteBuffer bytes(int count) {
    return ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static void assertRow(String type, ByteBuffer bytes) throws IOException {
    assertArrayEquals(new float[] {1.5f, -2, 0.375f}, row(type, bytes, 3, 1).row(), type);
  }

  @Test
  void aRowOfEachType() throws IOException {
    assertRow("FloatStorage", bytes(16).putFloat(9).putFloat(1.5f).putFloat(-2).putFloat(0.375f));
    assertRow(
        "DoubleStorage", bytes(32).putDouble(9).putDouble(1.5).putDouble(-2).putDouble(0.375));
    short[] halves = {0x4880, 0x3e00, (short) 0xc000, 0x3600};
    short[] brains = {0x4110, 0x3fc0, (short) 0xc000, 0x3ec0};
    ByteBuffer half = bytes(8);
    ByteBuffer brain = bytes(8);
    for (int i = 0; i < halves.length; i++) {
      half.putShort(halves[i]);
      brain.putShort(brains[i]);
    }
    assertRow("HalfStorage", half);
    assertRow("BFloat16Storage", brain);
  }

  @Test
  void onlyRowsOfNumbersThatAreThere() {
    ByteBuffer two = bytes(8).putFloat(9).putFloat(1.5f);
    assertThrows(EOFException.class, () -> row("FloatStorage", two, 3, 1).row());
    IllegalArgumentException spread =
        assertThrows(IllegalArgumentException.class, () -> row("FloatStorage", two, 2, 2).row());
    assertEquals(
        "Expected elements one behind the other, found shape [2] with strides [2].",
        spread.getMessage());
    IllegalArgumentException kind =
        assertThrows(
            IllegalArgumentException.class, () -> row("ComplexFloatStorage", two, 2, 1).row());
    assertEquals("Expected numbers, found ComplexFloatStorage", kind.getMessage());
  }

  /** None of them is damaged. */
  @Test
  void filesOfOtherFormatsAreNamedForWhatTheyAre() {
    for (String name : List.of("legacy.pth", "plain.safetensors")) {
      String told =
          assertThrows(WeightsException.class, () -> RawTensors.read(Fixtures.path(name)))
              .getMessage();
      assertTrue(told.contains("expected a file of torch.save since PyTorch 1.6"), told);
      assertFalse(told.contains("damaged"), told);
    }
  }

  /** {@code src/test/python/export/layouts.py} has its rows divided by 3, then by 4, and by 2. */
  @Test
  void aProgramsTensorsGoByTheAttributesThatLeadToThem() throws IOException {
    Map<String, Raw> windows =
        RawTensors.ofProgram(TestFiles.path("export/layouts/windows.pt"), "windows").tensors();
    assertEquals(List.of(16L, 48L), windows.get("embed.weight").shape());
    assertEquals(List.of(48L), windows.get("qkv.bias").shape());
    assertEquals(OptionalDouble.of(3), windows.get("CONSTANTS.c0").number());
    assertEquals(OptionalDouble.of(4), windows.get("CONSTANTS.c1").number());
    assertEquals(OptionalDouble.empty(), windows.get("embed.bias").number());
    OfProgram lost = RawTensors.ofProgram(TestFiles.path("export/layouts/lost.pt"), "lost");
    assertEquals(List.of(1L, 12L, 16L, 2L), lost.tensors().get("where").shape());
    assertFalse(lost.tensors().containsKey("training"));
    assertEquals(false, lost.values().get("training"));
  }

  /** Whoever opens weights is not given a program's. */
  @Test
  void aProgramIsNoDictionary() {
    Path program = TestFiles.path("export/layouts/windows.pt");
    assertThrows(WeightsException.class, () -> RawTensors.read(program));
  }

  /** Nor does a module that holds itself, twice, keep its reader for ever. */
  @Test
  void aModuleThatHoldsItselfHasNoEnd(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("itself.pt");
    String pickle = "\u0080\2c__torch__\nM\nq\0)\u0081q\1}(X\1\0\0\0ah\1X\1\0\0\0bh\1ub.";
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      zip.setMethod(ZipOutputStream.STORED);
      stored(zip, "itself/data.pkl", pickle);
      stored(zip, "itself/constants.pkl", "\u0080\2).");
    }
    assertEquals(new OfProgram(Map.of(), Map.of()), RawTensors.ofProgram(file, "itself"));
  }

  private static void stored(ZipOutputStream zip, String name, String content) throws IOException {
    byte[] bytes = content.getBytes(StandardCharsets.ISO_8859_1);
    CRC32 sum = new CRC32();
    sum.update(bytes);
    ZipEntry entry = new ZipEntry(name);
    entry.setSize(bytes.length);
    entry.setCrc(sum.getValue());
    zip.putNextEntry(entry);
    zip.write(bytes);
    zip.closeEntry();
  }
}
