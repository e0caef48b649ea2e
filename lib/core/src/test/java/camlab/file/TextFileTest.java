package camlab.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import camlab.network.Classes;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every file is written byte by byte, as editors on other systems leave it. */
class TextFileTest {

  @TempDir Path folder;

  private Path file(String hex) throws IOException {
    return Files.write(
        folder.resolve("classes.txt"), HexFormat.of().parseHex(hex.replace(" ", "")));
  }

  @ParameterizedTest
  @CsvSource({
    "EFBBBF 636174 0D0A 42C3A472 0D0A", // UTF-8 with its mark, line ends of Windows
    "636174 0A 42C3A472", // UTF-8 without, no line end
    "636174 0D 42C3A472 0D", // line ends of old Macs
    "EFBBBF 636174 20 0A 20 42C3A472 0A0A 20 0A", // spaces, trailing blank lines
    "FFFE 6300 6100 7400 0A00 4200 E400 7200", // UTF-16, low byte first
    "FEFF 0063 0061 0074 000D 000A 0042 00E4 0072", // high byte first
    "FFFE0000 63000000 61000000 74000000 0A000000 42000000 E4000000 72000000", // UTF-32
    "0000FEFF 00000063 00000061 00000074 0000000A 00000042 000000E4 00000072"
  })
  void classesAreReadInTheEncodingTheyHave(String hex) throws IOException {
    Classes classes = Classes.read(file(hex));
    assertEquals(List.of("cat", "Bär"), classes.names());
    assertEquals(0, classes.index("cat"));
  }

  @Test
  void anotherEncodingIsNamedAndReadWhenItIsSaid() throws IOException {
    Path file = file("4B61746572 0A 42E472 0A"); // Kater, Bär in ISO-8859-1
    assertMessage(
        file, "classes.txt: line 2 is not UTF-8: its byte 2 is 0xE4", "windows-1252", "as UTF-8");
    assertEquals(List.of("Kater", "Bär"), Classes.read(file, StandardCharsets.ISO_8859_1).names());
    assertEquals(
        List.of("Kater", "Bär"), Classes.read(file, Charset.forName("windows-1252")).names());
  }

  @Test
  void whatIsNoTextIsToldWithItsPlace() throws IOException {
    assertMessage(file("6300 6100 7400"), "zero byte after 1 characters", "UTF-16 without");
    assertMessage(file("636174 0A C3"), "line 2 is not UTF-8: its byte 1 is 0xC3");
    assertMessage(file("FFFE 63"), "not UTF-16LE");
    assertMessage(file("FFFE 00D8 6300"), "not UTF-16LE");
    assertMessage(file(""), "found none");
    assertMessage(file("EFBBBF 0D0A"), "found none");
    assertMessage(folder, "found a folder");
    assertMessage(folder.resolve("none.txt"), "none.txt: there is no such file");
  }

  private static void assertMessage(Path file, String... parts) {
    String message = assertThrows(TextException.class, () -> Classes.read(file)).getMessage();
    for (String part : parts) {
      assertTrue(message.contains(part), message);
    }
  }
}
