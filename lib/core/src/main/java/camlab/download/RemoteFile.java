package camlab.download;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file somewhere else, and how to tell that one has it.
 *
 * @param name what it is called in the cache, a plain file name
 * @param address where it is published, {@code https}, or {@code http} of this machine; for one
 *     inside a package of Python, which pip fetches from wherever it takes packages from, {@code
 *     pkg:pypi/name@version}
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
   * @param name what it is called, a plain file name
   * @param bytes its size
   * @param sha256 its SHA-256, as of a file
   * @param entry where in it the file is, such as {@code models/weights.pth}
   */
  public record Archive(String name, long bytes, String sha256, String entry) {

    /**
     * Checks the parts.
     *
     * @param name what it is called
     * @param bytes its size
     * @param sha256 its SHA-256, as of a file
     * @param entry where in it the file is
     * @throws IllegalArgumentException if the name is no plain file name, the size is not positive,
     *     or the checksum has not 8 to 64 hexadecimal digits
     */
    public Archive {
      Objects.requireNonNull(name, "name");
      Objects.requireNonNull(sha256, "sha256");
      Objects.requireNonNull(entry, "entry");
      if (!isDescribed(name, bytes, sha256)) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "An archive to fetch needs a plain name, a size above 0 and 8 to 64 digits of its SHA-256; found '%s', %d, '%s'.",
                name,
                bytes,
                sha256));
      }
    }
  }

  private static final Set<String> THIS_MACHINE = Set.of("127.0.0.1", "localhost", "[::1]");

  private static final String PLAIN_NAME = "[A-Za-z0-9_][A-Za-z0-9._-]*";
  private static final Pattern PACKAGE = Pattern.compile("pypi/([\\w.-]+)@([\\w.-]+)");
  private static final String DIGITS = "[0-9a-f]{8,64}";

  /**
   * Checks the parts.
   *
   * @param name what it is called in the cache, a plain file name
   * @param address where it is published
   * @param bytes its size
   * @param sha256 its SHA-256 in lower-case hexadecimal, or the first digits of it (at least 8)
   * @param archive the zip file at the address, if the file is one of those in it
   * @throws IllegalArgumentException if the name is no plain file name, the address is neither of
   *     the web nor of a package, the size is not positive, or the checksum has not 8 to 64
   *     hexadecimal digits
   */
  public RemoteFile {
    Objects.requireNonNull(archive, "archive");
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(address, "address");
    Objects.requireNonNull(sha256, "sha256");
    boolean web = isOfTheWeb(address) || isOfThisMachine(address);
    boolean packed = archive.isPresent() && requirement(address).isPresent();
    if (!(web || packed) || !isDescribed(name, bytes, sha256)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "A file to fetch needs a plain name, an https address, a size above 0 and 8 to 64"
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
   * @param address where it is published, {@code https}, or {@code http} of this machine
   * @param bytes its size
   * @param sha256 its SHA-256 in lower-case hexadecimal, or the first digits of it (at least 8)
   * @throws IllegalArgumentException as for a file in an archive
   */
  public RemoteFile(String name, URI address, long bytes, String sha256) {
    this(name, address, bytes, sha256, Optional.empty());
  }

  private static boolean isDescribed(String name, long bytes, String sha256) {
    return name.matches(PLAIN_NAME) && bytes >= 1 && sha256.matches(DIGITS);
  }

  private static boolean isOfTheWeb(URI address) {
    return "https".equals(address.getScheme()) && address.getHost() != null;
  }

  /** Between a server on this machine and its user nobody listens. */
  private static boolean isOfThisMachine(URI address) {
    return "http".equals(address.getScheme())
        && address.getHost() != null
        && THIS_MACHINE.contains(address.getHost());
  }

  /** What is at the address: the archive, or this file itself. */
  RemoteFile published() {
    return archive
        .map(zip -> new RemoteFile(zip.name(), address, zip.bytes(), zip.sha256(), archive))
        .orElse(this);
  }

  /**
   * What to tell pip, such as {@code weights==0.1.0}, if the file is inside a package of Python.
   */
  Optional<String> requirement() {
    return requirement(address);
  }

  private static Optional<String> requirement(URI address) {
    Matcher parts =
        PACKAGE.matcher("pkg".equals(address.getScheme()) ? address.getSchemeSpecificPart() : "");
    return parts.matches() ? Optional.of(parts.group(1) + "==" + parts.group(2)) : Optional.empty();
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
