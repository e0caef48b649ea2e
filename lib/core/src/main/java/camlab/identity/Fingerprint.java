package camlab.identity;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The SHA-256 of several parts, each of which is told apart from the next. */
public final class Fingerprint {

  private static final int BUFFER = 1 << 16;

  private final MessageDigest digest;

  /** Of nothing yet. */
  public Fingerprint() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256.", e);
    }
  }

  /**
   * The SHA-256 of a file, as {@code sha256sum} gives it.
   *
   * @param file the file
   * @return 64 lower-case hexadecimal digits
   * @throws IOException if the file cannot be read
   */
  public static String of(Path file) throws IOException {
    MessageDigest digest = new Fingerprint().digest;
    ByteBuffer piece = ByteBuffer.allocateDirect(BUFFER);
    try (FileChannel in = FileChannel.open(file)) {
      while (in.read(piece.clear()) >= 0) {
        digest.update(piece.flip());
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /**
   * Adds a text.
   *
   * @param text the text
   * @return this fingerprint
   */
  public Fingerprint add(String text) {
    return add(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
  }

  /**
   * Adds whole numbers.
   *
   * @param numbers the numbers
   * @return this fingerprint
   */
  public Fingerprint add(int... numbers) {
    ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES * numbers.length);
    bytes.asIntBuffer().put(numbers);
    return add(bytes);
  }

  /**
   * Adds all remaining bytes of a buffer.
   *
   * @param bytes the buffer; none of its bytes remain afterwards
   * @return this fingerprint
   */
  public Fingerprint add(ByteBuffer bytes) {
    // The length first: otherwise "ab" and "c" would be the same as "a" and "bc".
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.remaining()).flip());
    digest.update(bytes);
    return this;
  }

  /**
   * {@return the SHA-256 of all that was added, 64 lower-case hexadecimal digits; then it is empty
   * again}
   */
  public String hex() {
    return HexFormat.of().formatHex(digest.digest());
  }
}
