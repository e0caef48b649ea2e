package camlab.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * A text file that fits the memory, such as a list of classes or a table.
 *
 * <p>Its encoding is told by its first bytes (a byte-order mark: UTF-8, UTF-16 or UTF-32, either
 * order); without a mark it is UTF-8. What is neither is not guessed: the file and the place are
 * named, and the reader says which encoding it is.
 */
public final class TextFile {

  private static final char MARK = '\uFEFF';

  private TextFile() {}

  /**
   * {@return the text of a file, without a byte-order mark}
   *
   * @param file the file
   * @throws TextException if there is no such file, it cannot be read, or it is not text in UTF-8
   *     or with a byte-order mark
   */
  public static String read(Path file) {
    byte[] bytes = bytes(file);
    return decoded(file, bytes, marked(bytes));
  }

  /**
   * {@return the text of a file in an encoding that the reader knows, without a byte-order mark}
   *
   * @param file the file
   * @param encoding how its characters are written
   * @throws TextException if there is no such file, it cannot be read, or it is not in this
   *     encoding
   */
  public static String read(Path file, Charset encoding) {
    Objects.requireNonNull(
        encoding, "Expected an encoding, found null: read(file) tells it by the first bytes.");
    return decoded(file, bytes(file), encoding);
  }

  /**
   * {@return the lines of a file as {@link #read(Path)} reads it, whichever line ends it has}
   *
   * @param file the file
   * @throws TextException as {@link #read(Path)}
   */
  public static List<String> lines(Path file) {
    return read(file).lines().toList();
  }

  private static byte[] bytes(Path file) {
    if (Files.isDirectory(Places.required(file, "a text file"))) {
      throw new TextException(
          "%s: expected a text file, found a folder. Name the file inside it.".formatted(file));
    }
    if (!Files.exists(file)) {
      throw new TextException(
          "%s: there is no such file (full path: %s). Check the name."
              .formatted(file, file.toAbsolutePath()));
    }
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new TextException("%s: cannot be read (%s).".formatted(file, e), e);
    }
  }

  /** What the byte-order mark says; UTF-8 if there is none. */
  private static Charset marked(byte[] bytes) {
    // UTF-32's mark starts with UTF-16's.
    if (startsWith(bytes, 0xFF, 0xFE, 0, 0)) {
      return Charset.forName("UTF-32LE");
    } else if (startsWith(bytes, 0, 0, 0xFE, 0xFF)) {
      return Charset.forName("UTF-32BE");
    } else if (startsWith(bytes, 0xFF, 0xFE)) {
      return StandardCharsets.UTF_16LE;
    } else if (startsWith(bytes, 0xFE, 0xFF)) {
      return StandardCharsets.UTF_16BE;
    }
    return StandardCharsets.UTF_8;
  }

  private static boolean startsWith(byte[] bytes, int... mark) {
    for (int i = 0; i < mark.length; i++) {
      if (i >= bytes.length || (bytes[i] & 0xFF) != mark[i]) {
        return false;
      }
    }
    return true;
  }

  private static String decoded(Path file, byte[] bytes, Charset encoding) {
    ByteBuffer source = ByteBuffer.wrap(bytes);
    CharBuffer text = CharBuffer.allocate(bytes.length + 1);
    try {
      var result =
          encoding
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .onUnmappableCharacter(CodingErrorAction.REPORT)
              .decode(source, text, true);
      if (result.isError()) {
        result.throwException();
      }
    } catch (CharacterCodingException e) {
      throw unreadable(file, bytes, source.position(), encoding, e);
    }
    String whole = text.flip().toString();
    int zero = whole.indexOf('\0');
    if (zero >= 0) {
      throw new TextException(
          String.format(
              Locale.ROOT,
              "%s: expected text, found a zero byte after %,d characters. It is no text, or UTF-16 without a byte-order mark: save it as UTF-8.",
              file,
              zero));
    }
    return !whole.isEmpty() && whole.charAt(0) == MARK ? whole.substring(1) : whole;
  }

  private static TextException unreadable(
      Path file, byte[] bytes, int position, Charset encoding, Exception cause) {
    int line = 1;
    int start = 0;
    for (int i = 0; i < position; i++) {
      if (bytes[i] == '\n') {
        line++;
        start = i + 1;
      }
    }
    String advice =
        encoding.equals(StandardCharsets.UTF_8)
            ? "Save it as UTF-8; if it is in an older encoding, such as windows-1252 or ISO-8859-1, it can be read by naming that."
            : "Save it as UTF-8.";
    return new TextException(
        String.format(
            Locale.ROOT,
            "%s: line %,d is not %s: its byte %,d is 0x%02X. %s",
            file,
            line,
            encoding.name(),
            position - start + 1,
            bytes[Math.min(position, bytes.length - 1)],
            advice),
        cause);
  }
}
