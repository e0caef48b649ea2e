package camlab.download;

import camlab.progress.Progress;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Brings one file to the disk, over as many connections as it takes: each goes on where the one
 * before stopped (RFC 9110, section 14). A server that knows no ranges sends all of it again.
 */
final class Download {

  private static final int BUFFER_BYTES = 1 << 16;
  private static final int OK = 200;
  private static final int PARTIAL_CONTENT = 206;
  private static final int RANGE_NOT_SATISFIABLE = 416;
  private static final int REQUEST_TIMEOUT = 408;
  private static final int TOO_MANY_REQUESTS = 429;
  private static final int SERVER_ERRORS = 500;

  private final RemoteFile file;
  private final Path part;
  private final Patience patience;
  private final Progress.Running running;
  private final HttpClient client;

  /** What the server calls the version whose bytes are in the part; null if that is not known. */
  private String version;

  /** When bytes arrived last, by the system's clock of nanoseconds. */
  private volatile long lastByte;

  /** Whether the part was put together from several connections. */
  private boolean pieced;

  /** A problem that another attempt would meet again. */
  private static final class Lasting extends IOException {

    private static final long serialVersionUID = 1L;

    Lasting(String message) {
      super(message);
    }
  }

  Download(RemoteFile file, Path part, Patience patience, Progress.Running running) {
    this.file = file;
    this.part = part;
    this.patience = patience;
    this.running = running;
    this.client =
        HttpClient.newBuilder()
            // Never from https to http.
            .followRedirects(HttpClient.Redirect.NORMAL)
            .connectTimeout(patience.silence())
            .build();
    this.pieced = arrived() > 0;
  }

  /**
   * Fetches what is missing and verifies the whole.
   *
   * @throws IOException if it cannot be had; the message fits into the middle of a sentence
   */
  void run() throws IOException, InterruptedException {
    complete();
    if (!file.matches(part)) {
      boolean again = pieced;
      discard();
      if (again) {
        // The pieces may come from different versions of the file: once more, from the start.
        complete();
      }
      if (!file.matches(part)) {
        discard();
        throw new IOException("what " + file.address().getHost() + " sends is another file");
      }
    }
  }

  /** Connects until all bytes are there. */
  private void complete() throws IOException, InterruptedException {
    if (arrived() > file.bytes()) {
      discard();
    }
    int inVain = 0;
    long furthest = arrived();
    while (arrived() < file.bytes()) {
      try {
        connect(arrived());
      } catch (Lasting e) {
        throw e;
      } catch (IOException e) {
        // Not just more than last time: a server without ranges starts from 0 every time.
        inVain = arrived() > furthest ? 1 : inVain + 1;
        furthest = Math.max(furthest, arrived());
        if (inVain >= patience.attempts()) {
          throw e;
        }
        Thread.sleep(patience.pause().toMillis() << (inVain - 1));
      }
    }
  }

  private void connect(long from) throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(file.address()).timeout(patience.silence());
    if (from > 0) {
      request.header("Range", "bytes=" + from + "-");
      Optional.ofNullable(version).ifPresent(tag -> request.header("If-Range", tag));
    }
    HttpResponse<InputStream> response =
        client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    try (InputStream body = response.body()) {
      long start = start(response, from);
      requireSize(response, start);
      version =
          response.headers().firstValue("ETag").filter(tag -> tag.startsWith("\"")).orElse(null);
      pieced = start > 0;
      save(body, start);
    }
  }

  /** Where in the file the answer begins. */
  private long start(HttpResponse<?> response, long from) throws IOException {
    int status = response.statusCode();
    String host = response.uri().getHost();
    if (status == OK) {
      return 0;
    }
    if (status == PARTIAL_CONTENT) {
      String range = response.headers().firstValue("Content-Range").orElse("");
      if (range.startsWith("bytes " + from + "-")) {
        return from;
      }
      discard();
      throw new IOException(
          String.format(
              Locale.ROOT, "%s was asked for the bytes from %d and sends '%s'", host, from, range));
    }
    if (status == RANGE_NOT_SATISFIABLE) {
      discard();
      throw new IOException(host + " has no bytes from " + from);
    }
    String message = String.format(Locale.ROOT, "%s answers with status %d", host, status);
    boolean passing =
        status == REQUEST_TIMEOUT || status == TOO_MANY_REQUESTS || status >= SERVER_ERRORS;
    throw passing ? new IOException(message) : new Lasting(message);
  }

  private void requireSize(HttpResponse<?> response, long start) throws Lasting {
    long length = response.headers().firstValueAsLong("Content-Length").orElse(-1);
    if (length >= 0 && start + length != file.bytes()) {
      throw new Lasting(
          String.format(
              Locale.ROOT,
              "%s announces %,d bytes, expected %,d",
              response.uri().getHost(),
              start + length,
              file.bytes()));
    }
  }

  /**
   * Saves a body that must not fall silent. A read waits for ever and cannot be interrupted, so
   * another thread reads, and this one watches it.
   */
  private void save(InputStream body, long start) throws IOException, InterruptedException {
    FutureTask<Void> copy =
        new FutureTask<>(
            () -> {
              copy(body, start);
              return null;
            });
    Thread reader = new Thread(copy, "download of " + file.name());
    reader.setDaemon(true);
    lastByte = System.nanoTime();
    reader.start();
    try {
      while (!ended(copy)) {
        if (System.nanoTime() - lastByte > patience.silence().toNanos()) {
          throw new IOException(
              String.format(
                  Locale.ROOT,
                  "nothing arrived for %.1f seconds",
                  patience.silence().toMillis() / 1000.0));
        }
      }
    } finally {
      body.close(); // ends a read that still waits
      reader.join(); // nobody writes the part any more
    }
  }

  /** Waits a moment for the copy to end, and says whether it has. */
  private boolean ended(FutureTask<Void> copy) throws IOException, InterruptedException {
    try {
      copy.get(Math.max(1, patience.silence().toMillis() / 4), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException problem ? problem : new IOException(e.getCause());
    }
  }

  private void copy(InputStream body, long start) throws IOException {
    byte[] buffer = new byte[BUFFER_BYTES];
    try (FileChannel channel =
        FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      channel.truncate(start);
      long done = start;
      running.reached(done);
      for (int read = body.read(buffer); read >= 0; read = body.read(buffer)) {
        lastByte = System.nanoTime();
        if (done + read > file.bytes()) {
          throw new Lasting(
              String.format(
                  Locale.ROOT,
                  "%s sends more than %,d bytes",
                  file.address().getHost(),
                  file.bytes()));
        }
        ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, read);
        try {
          while (bytes.hasRemaining()) {
            channel.write(bytes, done + bytes.position());
          }
        } catch (IOException e) {
          throw new Lasting("the disk refuses it: " + e.getMessage()); // no server can help
        }
        done += read;
        running.reached(done);
      }
      channel.force(true);
      if (done < file.bytes()) {
        throw new IOException(
            String.format(
                Locale.ROOT, "the connection ended after %,d of %,d bytes", done, file.bytes()));
      }
    }
  }

  private long arrived() {
    return part.toFile().length();
  }

  private void discard() throws IOException {
    Files.deleteIfExists(part);
    version = null;
    pieced = false;
  }
}
