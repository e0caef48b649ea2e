package camlab.file;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.UUID;

/**
 * Writes a file that is the old one or the new one, whatever ends the writing in between: a full
 * disk, an exception, the power. Who reads meanwhile has the old one.
 */
public final class WholeFile {

  private static final int BUFFER = 1 << 16;

  private WholeFile() {}

  /** What a file is to hold. */
  @FunctionalInterface
  public interface Content {

    /**
     * Writes all of it.
     *
     * @param out buffered; is closed by the caller
     * @throws IOException if it cannot be written
     */
    void writeTo(OutputStream out) throws IOException;
  }

  /**
   * Writes a file, over an older one if there is one.
   *
   * @param target the file, in a folder that exists
   * @param content what it is to hold
   * @throws IOException if it cannot be written; then the folder is as it was
   */
  public static void write(Path target, Content content) throws IOException {
    Places.required(target, "a file to write");
    Objects.requireNonNull(content, "Expected what the file is to hold, found null.");
    Path neighbour =
        target.resolveSibling(target.getFileName() + "." + UUID.randomUUID() + ".part");
    try {
      try (FileChannel disk =
              FileChannel.open(neighbour, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
          OutputStream out = new BufferedOutputStream(Channels.newOutputStream(disk), BUFFER)) {
        content.writeTo(out);
        out.flush();
        disk.force(true); // or a power cut leaves the new name with no content behind it
      }
      moveOver(neighbour, target);
    } finally {
      Files.deleteIfExists(neighbour);
    }
  }

  /**
   * Writes a text, in UTF-8, over an older file if there is one.
   *
   * @param target the file, in a folder that exists
   * @param text what it is to hold
   * @throws IOException if it cannot be written; then the folder is as it was
   */
  public static void write(Path target, String text) throws IOException {
    Objects.requireNonNull(text, "Expected a text, found null.");
    write(target, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
  }

  private static void moveOver(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }
}
