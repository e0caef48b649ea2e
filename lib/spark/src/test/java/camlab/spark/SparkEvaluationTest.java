package camlab.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import camlab.capture.SmallNetworks;
import camlab.evaluation.Evaluation;
import camlab.evaluation.Result;
import camlab.evaluation.Results;
import camlab.evaluation.Subject;
import camlab.network.Network;
import camlab.picture.Mask;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On this machine, with two tasks at a time. */
class SparkEvaluationTest {

  private static final int PICTURES = 11;

  private static SparkSession spark;

  @TempDir private Path folder;

  private List<ListedPicture> listed;
  private List<Subject> subjects;

  @BeforeAll
  static void start() {
    spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", false)
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.hadoop.fs.elsewhere.impl", Elsewhere.class.getName())
            .getOrCreate();
  }

  /** This machine's files, by addresses that do not say so, as a cluster's are. */
  public static final class Elsewhere extends RawLocalFileSystem {
    @Override
    public URI getUri() {
      return URI.create("elsewhere:///");
    }

    @Override
    public String getScheme() {
      return "elsewhere";
    }
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  /** Pictures with a mask, without one, and one that is none; both classes; a quote in a name. */
  @BeforeEach
  void write() throws IOException {
    listed = new ArrayList<>();
    subjects = new ArrayList<>();
    BitSet object = new BitSet();
    object.set(0, 60 * 25);
    Path mask = folder.resolve("mask.png");
    Mask.of(60, 50, object).toPicture().write(mask);
    for (int i = 0; i < PICTURES; i++) {
      Path file = folder.resolve(i + ".png");
      SmallNetworks.picture(i).write(file);
      if (i == 4) {
        Files.writeString(file, "no picture");
      }
      String name = "picture \"" + i + "\", drawn";
      String className = i % 3 == 0 ? "dog" : "cat";
      List<Path> masks = i % 2 == 0 ? List.of(mask) : List.of();
      listed.add(
          new ListedPicture(
              name, file.toString(), className, masks.stream().map(Path::toString).toList()));
      subjects.add(Subject.of(name, className, file, masks));
    }
  }

  private Results oneMachine(Setup setup) {
    try (Network network = setup.network()) {
      return new Evaluation(
              setup.name(),
              network,
              network.targetLayer(),
              subjects,
              setup.methods(),
              setup.measures())
          .run(folder.resolve("one.csv"));
    }
  }

  private SparkEvaluation.Done run(Setup setup) {
    return new SparkEvaluation(setup, folder.resolve("out").toString()).run(spark, listed);
  }

  private String csv() throws IOException {
    return Files.readString(folder.resolve("out/results.csv"));
  }

  /** By the name of each file: when it was written. */
  private Map<String, FileTime> written() throws IOException {
    Map<String, FileTime> times = new TreeMap<>();
    try (Stream<Path> files = Files.list(folder.resolve("out/pictures"))) {
      for (Path file : files.filter(path -> path.toString().endsWith(".csv")).toList()) {
        times.put(file.getFileName().toString(), Files.getLastModifiedTime(file));
      }
    }
    return times;
  }

  @Test
  void rowsAreThoseOfOneMachine() throws IOException {
    Results expected = oneMachine(new SmallSetup(true));
    SparkEvaluation.Done done = run(new SmallSetup(true));

    assertEquals(expected.csv(), csv());
    assertEquals(PICTURES * 4, done.rows().count());
    assertEquals(List.of(), done.unread());
  }

  @Test
  void picturesOfAnotherFileSystemAreCopied() throws IOException {
    Results expected = oneMachine(new SmallSetup(false));
    listed =
        listed.stream()
            .map(
                picture ->
                    new ListedPicture(
                        picture.name(),
                        "elsewhere://" + picture.path(),
                        picture.className(),
                        picture.masks().stream().map(mask -> "elsewhere://" + mask).toList()))
            .toList();
    run(new SmallSetup(false));

    assertEquals(expected.csv(), csv().replace("elsewhere://" + folder, folder.toString()));
  }

  @Test
  void parquetHoldsTheSameRows() {
    List<Row> rows = run(new SmallSetup(true)).rows().collectAsList();

    Results csv = Results.read(folder.resolve("out/results.csv"));
    assertEquals(
        csv.rows().stream().map(SparkEvaluationTest::text).sorted().toList(),
        rows.stream().map(SparkEvaluationTest::text).sorted().toList());
    assertTrue(rows.stream().anyMatch(row -> row.isNullAt(6)));
    assertTrue(rows.stream().anyMatch(row -> !row.isNullAt(6)));
  }

  private static String text(Result result) {
    return String.join(
        "|",
        result.picture(),
        result.className(),
        result.method(),
        result.measure(),
        result.value().isPresent() ? Double.toString(result.value().getAsDouble()) : "",
        result.reason().orElse(""),
        result.question().measure().identity());
  }

  private static String text(Row row) {
    return String.join(
        "|",
        row.getString(2),
        row.getString(3),
        row.getString(4),
        row.getString(5),
        row.isNullAt(6) ? "" : Double.toString(row.getDouble(6)),
        row.isNullAt(7) ? "" : row.getString(7),
        row.getString(12));
  }

  @Test
  void theNetworkIsLoadedOnceForAllTasks() {
    int before = SmallSetup.LOADED.get();
    run(new SmallSetup(true));

    assertEquals(before + 1, SmallSetup.LOADED.get());
  }

  @Test
  void aSecondRunWritesNothingAnew() throws IOException {
    run(new SmallSetup(true));
    Map<String, FileTime> before = written();
    String csv = csv();
    run(new SmallSetup(true));

    assertEquals(PICTURES, before.size());
    assertEquals(before, written());
    assertEquals(csv, csv());
  }

  @Test
  void anotherMethodIsAddedToWhatThereIs() throws IOException {
    run(new SmallSetup(false));
    Path one;
    try (Stream<Path> files = Files.list(folder.resolve("out/pictures"))) {
      one = files.filter(path -> path.toString().endsWith(".csv")).findFirst().orElseThrow();
    }
    String before = Files.readString(one);
    run(new SmallSetup(true));

    assertTrue(Files.readString(one).startsWith(before));
    assertEquals(PICTURES * 4, Results.read(folder.resolve("out/results.csv")).rows().size());
  }

  @Test
  void whatWasLeftOfAStoppedRunIsTaken() throws IOException {
    run(new SmallSetup(true));
    String csv = csv();
    List<String> names = List.copyOf(written().keySet());
    Path kept = folder.resolve("out/pictures").resolve(names.get(0));
    Path lost = folder.resolve("out/pictures").resolve(names.get(1));
    FileTime before = Files.getLastModifiedTime(kept);
    Files.delete(lost);
    Files.delete(folder.resolve("out/results.csv"));
    run(new SmallSetup(true));

    assertTrue(Files.exists(lost));
    assertEquals(before, Files.getLastModifiedTime(kept));
    assertEquals(csv, csv());
  }

  @Test
  void theMostLikelyClassIsExplainedWhereNoneIsNamed() throws IOException {
    listed =
        listed.stream()
            .map(picture -> ListedPicture.of(picture.name(), picture.path(), ""))
            .toList();
    SparkEvaluation.Done done = run(new SmallSetup(false));

    assertEquals(1, done.unread().size());
    assertTrue(done.unread().get(0).contains("4.png"), done.unread().get(0));
    try (Network network = new SmallSetup(false).network()) {
      List<String> expected =
          subjects.stream()
              .filter(subject -> !subject.name().contains("\"4\""))
              .map(subject -> subject.predictedBy(network).className())
              .flatMap(name -> Stream.of(name, name))
              .toList();
      assertEquals(
          expected,
          Results.read(folder.resolve("out/results.csv")).rows().stream()
              .map(Result::className)
              .toList());
    }
  }

  @Test
  void noPicturesAreRefused() {
    listed = List.of();
    assertThrows(IllegalArgumentException.class, () -> run(new SmallSetup(true)));
  }
}
