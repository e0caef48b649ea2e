package camlab.download;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChecksumTest {

  @TempDir private Path folder;

  @Test
  void digestsAreThoseOfSha256() throws IOException {
    Path file = Files.writeString(folder.resolve("abc.txt"), "abc");
    assertEquals(
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", Checksum.sha256(file));
    Files.writeString(file, "");
    assertEquals(
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", Checksum.sha256(file));
  }

  @Test
  void aMissingFileIsNamed() {
    Path file = folder.resolve("gone.bin");
    String message =
        assertThrows(UncheckedIOException.class, () -> Checksum.sha256(file)).getMessage();
    assertTrue(message.contains("gone.bin"), message);
  }
}
