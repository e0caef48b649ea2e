package camlab.download;

import camlab.file.Places;
import camlab.identity.Fingerprint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** SHA-256, the fingerprint that tells whether a file is the one that was meant. */
public final class Checksum {

  private Checksum() {}

  /**
   * The SHA-256 of a file.
   *
   * @param file the file
   * @return 64 lower-case hexadecimal digits
   * @throws UncheckedIOException if the file cannot be read; the message names it
   */
  public static String sha256(Path file) {
    try {
      return Fingerprint.of(Places.required(file, "a file"));
    } catch (IOException e) {
      throw new UncheckedIOException("The file cannot be read: %s (%s).".formatted(file, e), e);
    }
  }
}
