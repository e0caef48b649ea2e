package camlab.download;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * A file somewhere else, and how to tell that one has it.
 *
 * @param name what it is called in the cache, a plain file name
 * @param address where it is published, {@code https} or {@code http}
 * @param bytes its size
 * @param sha256 its SHA-256 in lower-case hexadecimal, or the first digits of it (at least 8): some
 *     publishers state no more, as torchvision in its file names
 * @param archive the zip file at the address, if the file is one of those in it
 */
public record RemoteFile(
    String name, URI address, long bytes, String sha256, Optional<Archive> archive) {

  /**
   * A zip file that holds the file, such as a Python wheel.
   *
   * @param bytes its size
   * @param sha256 its SHA-256, as of a file
   * @param entry where in it the file is, such as {@code models/weights.pth}
   */
  public record Archive(long bytes, String sha256, String entry) {

    /**
     * Requires all parts.
     *
     * @param bytes its size
     * @param sha256 its SHA-256, as of a file
     * @param entry where in it the file is
     */
    public Archive {
      Objects.requireNonNull(sha256, "sha256");
      Objects.requireNonNull(entry, "entry");
    }
  }

  private static final String PLAIN_NAME = "[A-Za-z0-9_][A-Za-z0-9._-]*";
  private static final String DIGITS = "[0-9a-f]{8,64}";

  /**
   * Checks the parts.
   *
   * @param name what it is called in the cache, a plain file name
   * @param address where it is published, {@code https} or {@code http}
   * @param bytes its size
   * @param sha256 its SHA-256 in lower-case hexadecimal, or the first digits of it (at least 8)
   * @param archive the zip file at the address, if the file is one of those in it
   * @throws IllegalArgumentException if the name is no plain file name, the address is not of the
   *     web, the size is not positive, or the checksum has not 8 to 64 hexadecimal digits
   */
  public RemoteFile {
    Objects.requireNonNull(archive, "archive");
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(address, "address");
    Objects.requireNonNull(sha256, "sha256");
    boolean web = "https".equals(address.getScheme()) || "http".equals(address.getScheme());
    if (!name.matches(PLAIN_NAME) || !web || bytes < 1 || !sha256.matches(DIGITS)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "A file to fetch needs a plain name, an http(s) address, a size above 0 and 8 to 64"
                  + " digits of its SHA-256; found '%s', %s, %d, '%s'.",
              name,
              address,
              bytes,
              sha256));
    }
  }

  /**
   * A file that is at its address as it is.
   *
   * @param name what it is called in the cache, a plain file name
   * @param address where it is published, {@code https} or {@code http}
   * @param bytes its size
   * @param sha256 its SHA-256 in lower-case hexadecimal, or the first digits of it (at least 8)
   * @throws IllegalArgumentException as for a file in an archive
   */
  public RemoteFile(String name, URI address, long bytes, String sha256) {
    this(name, address, bytes, sha256, Optional.empty());
  }

  /** What is at the address: the archive, or this file itself. */
  RemoteFile published() {
    String path = address.getPath();
    return archive
        .map(
            zip ->
                new RemoteFile(
                    path.substring(path.lastIndexOf('/') + 1), address, zip.bytes(), zip.sha256()))
        .orElse(this);
  }

  /** Whether a file on this machine is this one: of its size, and with its checksum. */
  boolean matches(Path file) {
    return Files.isRegularFile(file)
        && file.toFile().length() == bytes
        && Checksum.sha256(file).startsWith(sha256);
  }

  /** Size and checksum in words. */
  String description() {
    return String.format(
        Locale.ROOT, "%,d bytes, SHA-256 %s%s", bytes, sha256, sha256.length() < 64 ? "…" : "");
  }
}
