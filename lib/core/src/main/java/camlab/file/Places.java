package camlab.file;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;

/**
 * Files and folders that a person has named, in an environment variable or on a command line.
 *
 * <p>Java writes the names of files in the encoding of the locale it was started in. In the locale
 * {@code C} or {@code POSIX}, as containers and remote shells often have it, that is ASCII, and no
 * name with another letter can be said.
 */
public final class Places {

  private Places() {}

  /**
   * {@return the path that a text names}
   *
   * @param text the name of a file or folder
   * @throws IllegalArgumentException if no file can have this name here; says why, and what to do
   */
  public static Path of(String text) {
    Objects.requireNonNull(text, "Expected the name of a file or folder, found null.");
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException(
          isAscii(text)
              ? "'%s' is no name of a file: %s.".formatted(text, e.getReason())
              : advice(text, System.getProperty("sun.jnu.encoding", "")),
          e);
    }
  }

  /**
   * Checks that a file's name can be handed to libraries that take it as text.
   *
   * @param path a path that was found in a folder, or named
   * @param refusal makes what is thrown if it cannot, of a message that says what to do
   */
  public static void requireSpeakable(
      Path path, Function<String, ? extends RuntimeException> refusal) {
    String encoding = System.getProperty("sun.jnu.encoding", "");
    String text = path.toString();
    if (!isAscii(text) && !writes(encoding, text)) {
      throw refusal.apply(advice(text, encoding));
    }
  }

  /**
   * {@return the path that was handed over}
   *
   * @param path a path
   * @param expected what is there, such as {@code a file of torch.jit.save}
   * @throws NullPointerException if it is null; the message says what was expected
   */
  public static Path required(Path path, String expected) {
    return Objects.requireNonNull(
        path,
        () ->
            "Expected the path of %s, found null: Path.of(\"…\") makes one of a name."
                .formatted(expected));
  }

  /**
   * Checks that there is a file, and says what there is instead.
   *
   * @param path the file that was named
   * @param expected what it should be, such as {@code a file of torch.jit.save}
   * @param refusal makes what is thrown if there is none, of a message that says what to do
   */
  public static void requireFile(
      Path path, String expected, Function<String, ? extends RuntimeException> refusal) {
    if (Files.isDirectory(required(path, expected))) {
      throw refusal.apply(
          "%s: expected %s, found a folder. Name the file inside it.".formatted(path, expected));
    }
    if (!Files.isRegularFile(path)) {
      throw refusal.apply(
          "%s: there is no such file (full path: %s). Check the name: expected %s."
              .formatted(path, path.toAbsolutePath(), expected));
    }
  }

  /**
   * Checks that a file is one of the operating system, which libraries can open that take its name
   * as text. A file inside a jar, or in memory, is none.
   *
   * @param path the file that was named
   * @param refusal makes what is thrown if it is not, of a message that says what to do
   */
  public static void requireOnDisk(
      Path path, Function<String, ? extends RuntimeException> refusal) {
    if (!path.getFileSystem().equals(FileSystems.getDefault())) {
      throw refusal.apply(
          "%s is no file of its own: it lies inside another one, such as a jar, or in memory (%s). Copy it out and name the copy: Path copy = Files.createTempFile(\"network\", \".pt\"); Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING)."
              .formatted(path, path.toUri()));
    }
  }

  /**
   * {@return what is thrown where a program has to go through a temporary file, and none can be
   * made}
   *
   * @param cause the failure that was met
   */
  public static UncheckedIOException noTemporaryFile(IOException cause) {
    return new UncheckedIOException(
        "No temporary file can be written in %s (%s). Let that folder exist, be writable and have room, or name another one: java -Djava.io.tmpdir=…"
            .formatted(System.getProperty("java.io.tmpdir"), cause),
        cause);
  }

  /**
   * {@return what is said where a part of a file could not be copied into a temporary file, of
   * which nobody can tell whether reading or writing failed}
   *
   * @param source what was read
   * @param copy the temporary file
   * @param cause the failure that was met
   */
  public static String noCopy(String source, Path copy, IOException cause) {
    return "%s cannot be read, or its copy %s cannot be written: %s. If it is not damaged, let the folder of the copy be writable and have room, or name another one: java -Djava.io.tmpdir=…"
        .formatted(source, copy, cause.getMessage());
  }

  private static boolean writes(String encoding, String text) {
    return !Charset.isSupported(encoding) || Charset.forName(encoding).newEncoder().canEncode(text);
  }

  private static boolean isAscii(String text) {
    return text.chars().allMatch(c -> c < 0x80);
  }

  private static String advice(String text, String encoding) {
    return String.format(
        Locale.ROOT,
        "'%s' cannot be named here: this Java was started in a locale whose file names are %s, without such letters. Set LC_ALL to C.UTF-8 (or en_US.UTF-8) and start it again: export LC_ALL=C.UTF-8. Or use a name of plain letters.",
        text,
        encoding.startsWith("ANSI_X3.4") ? "ASCII" : encoding);
  }
}
