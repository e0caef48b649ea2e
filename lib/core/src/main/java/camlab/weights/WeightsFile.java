package camlab.weights;

import camlab.file.Places;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;

/**
 * A weights file as it was when it was first looked at.
 *
 * @param path where it is
 * @param length its size in bytes
 * @param modified when it was last written
 */
record WeightsFile(Path path, long length, FileTime modified) {

  /**
   * The file at a path.
   *
   * @throws WeightsException if there is none, it is a folder, it cannot be read, or it is empty
   */
  static WeightsFile of(Path path) {
    if (Files.isDirectory(Places.required(path, "a weights file"))) {
      throw new WeightsException(
          path + ": expected a weights file, found a folder. Name the file inside it.");
    }
    if (!Files.exists(path)) {
      throw new WeightsException(
          "%s: there is no such file (full path: %s). Check the name, or fetch the weights first."
              .formatted(path, path.toAbsolutePath()));
    }
    WeightsFile file;
    Places.requireSpeakable(path, WeightsException::new);
    try {
      file = new WeightsFile(path, Files.size(path), Files.getLastModifiedTime(path));
    } catch (IOException e) {
      throw new WeightsException(path + ": cannot be read: " + e, e);
    }
    if (file.length == 0) {
      throw file.problem("the file is empty. Download or save it again.");
    }
    return file;
  }

  /** A stream of the file's bytes from a position on. */
  InputStream open(long position) throws IOException {
    FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
    try {
      return Channels.newInputStream(channel.position(position));
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /** Whether the file is still the one that was looked at: offsets into another are meaningless. */
  void requireUnchanged() {
    boolean unchanged;
    try {
      unchanged =
          Files.size(path) == length && Files.getLastModifiedTime(path).compareTo(modified) == 0;
    } catch (IOException e) {
      throw new WeightsException(
          "%s: the file can no longer be read: %s. Its tensors are read when they are asked for, so keep it until then."
              .formatted(path, e),
          e);
    }
    if (!unchanged) {
      throw problem("the file has changed since it was opened. Read it again.");
    }
  }

  /** An exception that names this file. */
  WeightsException problem(String text) {
    return new WeightsException(path + ": " + text);
  }

  /** An exception for a file whose content stops or contradicts itself. */
  WeightsException damaged(Exception cause) {
    String detail = cause.getMessage() == null ? cause.toString() : cause.getMessage();
    return new WeightsException(
        "%s: the file is damaged or incomplete: %s. Download or save it again."
            .formatted(path, Messages.shown(detail)),
        cause);
  }
}
