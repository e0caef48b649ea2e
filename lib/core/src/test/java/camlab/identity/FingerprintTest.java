package camlab.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FingerprintTest {

  /** FIPS 180-2, appendix B.1. */
  @Test
  void ofAFile(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("abc.txt"), "abc");
    assertEquals(
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", Fingerprint.of(file));
  }

  @Test
  void partsAreToldApart() {
    assertNotEquals(
        new Fingerprint().add("ab").add("c").hex(), new Fingerprint().add("a").add("bc").hex());
    assertNotEquals(
        new Fingerprint().add(1, 2).add(3).hex(), new Fingerprint().add(1).add(2, 3).hex());
    assertNotEquals(new Fingerprint().add("").add("a").hex(), new Fingerprint().add("a").hex());
  }

  /** The length in four bytes, then the bytes, as a file would have them. */
  @Test
  void ofParts(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("parts");
    Files.write(file, new byte[] {0, 0, 0, 2, 'h', 'i', 0, 0, 0, 4, 0, 0, 1, 0});
    assertEquals(Fingerprint.of(file), new Fingerprint().add("hi").add(256).hex());
    ByteBuffer direct = ByteBuffer.allocateDirect(2).put((byte) 'h').put((byte) 'i').flip();
    assertEquals(new Fingerprint().add("hi").hex(), new Fingerprint().add(direct).hex());
  }
}
