package camlab.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import camlab.cam.CamMethod;
import camlab.cam.GradCam;
import camlab.cam.LayerCam;
import camlab.capture.Recording;
import camlab.capture.SmallNetworks;
import camlab.capture.Target;
import camlab.heatmap.Heatmap;
import camlab.measure.Complexity;
import camlab.measure.ConfidenceDrop;
import camlab.measure.EnergyInObject;
import camlab.measure.Explanation;
import camlab.measure.Measure;
import camlab.measure.Scale;
import camlab.network.Network;
import camlab.network.UnknownNameException;
import camlab.picture.Mask;
import camlab.picture.Picture;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tech.tablesaw.api.Table;

class EvaluationTest {

  private static final String HEADER = "network,layer,picture,class,method,measure,value,reason\n";

  private static Network network;

  @TempDir private Path folder;

  private Path file;

  @BeforeAll
  static void load() {
    network = SmallNetworks.alexNet();
  }

  @AfterAll
  static void close() {
    network.close();
  }

  @BeforeEach
  void write() {
    file = folder.resolve("results.csv");
    for (int i = 0; i < 3; i++) {
      SmallNetworks.picture(i).write(folder.resolve(i + ".png"));
    }
  }

  @Test
  void everyMethodOnEveryPictureByEveryMeasure() {
    Measure drop = new ConfidenceDrop(Scale.RELATIVE);
    Evaluation evaluation =
        Evaluation.of(
            network,
            List.of(subject(0, "cat"), subject(0, "dog"), subject(1, "cat")),
            List.of(new GradCam(), new LayerCam()),
            List.of(drop, new Complexity()));
    Table table = evaluation.run(file, Progress.NONE);
    assertEquals(
        List.of("network", "layer", "picture", "class", "method", "measure", "value", "reason"),
        table.columnNames());
    assertEquals(12, table.rowCount());
    assertEquals(0, table.column("value").countMissing());
    Table row =
        table.where(
            table
                .stringColumn("picture")
                .isEqualTo("1")
                .and(table.stringColumn("method").isEqualTo("LayerCAM"))
                .and(table.stringColumn("measure").isEqualTo("drop")));
    Picture picture = SmallNetworks.picture(1);
    Heatmap map = new LayerCam().heatmap(network, picture, "cat");
    double expected = drop.of(Explanation.of(network, picture, "cat", map));
    assertEquals(1, row.rowCount());
    assertEquals(expected, row.doubleColumn("value").getDouble(0), 1e-6);
    assertEquals("AlexNet (small classifier)", row.getString(0, "network"));
    assertEquals("features.11", row.getString(0, "layer"));
  }

  /** Killed after every possible number of lines, and in the middle of one: the file ends alike. */
  @Test
  void goesOnWhereItWasKilled() throws IOException {
    List<String> asked = new ArrayList<>();
    evaluation(asked, Integer.MAX_VALUE).run(file, Progress.NONE);
    String whole = Files.readString(file);
    assertEquals(8, asked.size());
    for (int killedAfter = 0; killedAfter < 8; killedAfter++) {
      Path killed = folder.resolve("killed-" + killedAfter + ".csv");
      List<String> askedBefore = new ArrayList<>();
      Evaluation first = evaluation(askedBefore, killedAfter);
      assertThrows(Killed.class, () -> first.run(killed, Progress.NONE));
      assertTrue(whole.startsWith(Files.readString(killed)));
      Files.writeString(killed, "AlexNet,features.11,0,c", StandardOpenOption.APPEND);
      Table table = evaluation(askedBefore, Integer.MAX_VALUE).run(killed, Progress.NONE);
      assertEquals(whole, Files.readString(killed));
      assertEquals(8, table.rowCount());
      assertEquals(asked, askedBefore);
    }
  }

  /** A line cut anywhere, even inside its number, is not a result. */
  @Test
  void everyTornLineIsRepaired() throws IOException {
    evaluation(new ArrayList<>(), Integer.MAX_VALUE).run(file, Progress.NONE);
    byte[] whole = Files.readAllBytes(file);
    for (int length : new int[] {0, 3, HEADER.length() - 1, whole.length - 1, whole.length - 4}) {
      Path torn = folder.resolve("torn.csv");
      Files.write(torn, Arrays.copyOf(whole, length));
      evaluation(new ArrayList<>(), Integer.MAX_VALUE).run(torn, Progress.NONE);
      assertEquals(Files.readString(file), Files.readString(torn));
    }
  }

  @Test
  void aSecondRunDoesNothing() throws IOException {
    evaluation(new ArrayList<>(), Integer.MAX_VALUE).run(file, Progress.NONE);
    String whole = Files.readString(file);
    List<String> asked = new ArrayList<>();
    Table table = evaluation(asked, Integer.MAX_VALUE).run(file, Progress.NONE);
    assertEquals(List.of(), asked);
    assertEquals(whole, Files.readString(file));
    assertEquals(8, table.rowCount());
  }

  /** Another network, another measure: more lines in the same file. */
  @Test
  void theFileGrows() throws IOException {
    evaluation(new ArrayList<>(), Integer.MAX_VALUE).run(file, Progress.NONE);
    String before = Files.readString(file);
    Evaluation other =
        new Evaluation(
            "another",
            network,
            "features.8",
            List.of(subject(0, "cat")),
            List.of(new GradCam()),
            List.of(new Complexity()));
    Table table = other.run(file, Progress.NONE);
    assertTrue(Files.readString(file).startsWith(before));
    assertEquals(9, table.rowCount());
    assertEquals("another", table.getString(8, "network"));
    assertEquals("features.8", table.getString(8, "layer"));
  }

  @Test
  void aPictureThatCannotBeReadIsALineWithTheReason() throws IOException {
    Files.writeString(folder.resolve("broken.png"), "no picture");
    List<Subject> subjects =
        List.of(
            Subject.of("gone, \"lost\"", "cat", folder.resolve("gone.png")),
            Subject.of("broken", "dog", folder.resolve("broken.png")),
            subject(0, "cat"));
    List<Long> done = new ArrayList<>();
    Evaluation evaluation =
        Evaluation.of(network, subjects, List.of(new GradCam()), List.of(new Complexity()));
    Table table = evaluation.run(file, (now, total, left) -> done.add(now));
    assertEquals(3, table.rowCount());
    assertEquals("gone, \"lost\"", table.getString(0, "picture"));
    assertEquals("", table.getString(0, "method"));
    assertTrue(table.getString(0, "reason").contains("gone.png"));
    assertTrue(table.getString(1, "reason").contains("broken.png"));
    assertTrue(table.column("value").isMissing(0));
    assertEquals("", table.getString(2, "reason"));
    assertFalse(table.column("value").isMissing(2));
    assertEquals(List.of(0L, 1L, 2L, 3L), done);
    String whole = Files.readString(file);
    evaluation.run(file, Progress.NONE);
    assertEquals(whole, Files.readString(file));
  }

  @Test
  void aMeasureWithoutItsMaskIsALineWithTheReason() {
    BitSet all = new BitSet();
    all.set(0, 60 * 50);
    Subject masked =
        new Subject(
            "masked",
            "cat",
            () -> SmallNetworks.picture(1),
            () -> Optional.of(Mask.of(60, 50, all)));
    Subject wrong =
        new Subject(
            "wrong",
            "cat",
            () -> SmallNetworks.picture(1),
            () -> Optional.of(Mask.of(50, 60, all)));
    Table table =
        Evaluation.of(
                network,
                List.of(subject(0, "cat"), masked, wrong),
                List.of(new GradCam()),
                List.of(new EnergyInObject(), new Complexity()))
            .run(file, Progress.NONE);
    assertEquals(5, table.rowCount());
    assertEquals("This measure needs a mask of the object.", table.getString(0, "reason"));
    assertTrue(table.column("value").isMissing(0));
    assertFalse(table.column("value").isMissing(1));
    assertEquals(1, table.doubleColumn("value").getDouble(2), 1e-6);
    assertEquals(
        "The mask is 50×60, but the picture is 60×50. Take the mask of this picture.",
        table.getString(4, "reason"));
  }

  @Test
  void aMethodThatRefusesIsALineWithTheReason() {
    Table table =
        Evaluation.of(
                network,
                List.of(subject(0, "cat")),
                List.of(new Refusing(), new GradCam()),
                List.of(new Complexity(), new Unlimited()))
            .run(file, Progress.NONE);
    assertEquals(3, table.rowCount());
    assertEquals("Refusing", table.getString(0, "method"));
    assertEquals("", table.getString(0, "measure"));
    assertEquals("Not for this network, for two reasons.", table.getString(0, "reason"));
    assertEquals("The measure is Infinity.", table.getString(2, "reason"));
    assertTrue(table.column("value").isMissing(2));
  }

  @Test
  void tellsHowFarItIsAndHowLongItTakes() {
    List<Long> done = new ArrayList<>();
    List<Boolean> timed = new ArrayList<>();
    boolean[] ended = {false};
    Progress progress =
        new Progress() {
          @Override
          public void reached(long now, long total, Optional<Duration> left) {
            assertEquals(8, total);
            done.add(now);
            timed.add(left.isPresent());
            left.ifPresent(time -> assertEquals(now == total, time.isZero()));
          }

          @Override
          public void ended() {
            ended[0] = true;
          }
        };
    Evaluation killed = evaluation(new ArrayList<>(), 3);
    assertThrows(Killed.class, () -> killed.run(file, progress));
    assertEquals(List.of(0L, 1L, 2L, 3L), done);
    assertTrue(ended[0]);
    done.clear();
    timed.clear();
    evaluation(new ArrayList<>(), Integer.MAX_VALUE).run(file, progress);
    assertEquals(List.of(3L, 4L, 5L, 6L, 7L, 8L), done);
    assertEquals(List.of(false, true, true, true, true, true), timed);
  }

  @Test
  void theBarShowsTheCount() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Progress bar = Progress.bar(new PrintStream(out, true, StandardCharsets.UTF_8));
    evaluation(new ArrayList<>(), Integer.MAX_VALUE).run(file, bar);
    String text = out.toString(StandardCharsets.UTF_8);
    assertTrue(text.contains("Evaluation 100%") && text.contains("8/8"), text);
  }

  @Test
  void anInterruptStopsIt() throws IOException {
    Evaluation evaluation = evaluation(new ArrayList<>(), Integer.MAX_VALUE);
    Progress stop =
        (now, total, left) -> {
          if (now == 5) {
            Thread.currentThread().interrupt();
          }
        };
    assertThrows(CancellationException.class, () -> evaluation.run(file, stop));
    assertEquals(6, Files.readAllLines(file).size());
    assertEquals(8, evaluation.run(file, Progress.NONE).rowCount());
  }

  @Test
  void oneWriterAtATime() {
    Progress nested =
        (now, total, left) -> {
          if (now == 0) {
            Evaluation second = evaluation(new ArrayList<>(), Integer.MAX_VALUE);
            String message =
                assertThrows(IllegalStateException.class, () -> second.run(file, Progress.NONE))
                    .getMessage();
            assertTrue(message.startsWith("Another evaluation is writing to "), message);
          }
        };
    Table table = evaluation(new ArrayList<>(), Integer.MAX_VALUE).run(file, nested);
    assertEquals(8, table.rowCount());
  }

  @Test
  void anotherFileIsLeftAlone() throws IOException {
    Files.writeString(file, "file,set\na,b\n");
    Evaluation evaluation = evaluation(new ArrayList<>(), Integer.MAX_VALUE);
    assertThrows(IllegalArgumentException.class, () -> evaluation.run(file, Progress.NONE));
    assertEquals("file,set\na,b\n", Files.readString(file));
  }

  @Test
  void mistakesAreFoundBeforeAnythingRuns() {
    List<CamMethod> methods = List.of(new GradCam());
    List<Measure> measures = List.of(new Complexity());
    Evaluation cow = Evaluation.of(network, List.of(subject(0, "cow")), methods, measures);
    assertThrows(UnknownNameException.class, () -> cow.run(file, Progress.NONE));
    Evaluation layer =
        new Evaluation("a", network, "features.99", List.of(subject(0, "cat")), methods, measures);
    assertThrows(UnknownNameException.class, () -> layer.run(file, Progress.NONE));
    assertFalse(Files.exists(file));
    List<Subject> twice = List.of(subject(0, "cat"), subject(0, "cat"));
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> Evaluation.of(network, twice, methods, measures))
            .getMessage();
    assertEquals(
        "Two subjects are called '0 · cat': their results could not be told apart.", message);
  }

  @Test
  void masksOfSeveralObjectsAreOne() {
    write("left.png", 0);
    write("right.png", 5);
    Subject subject =
        Subject.of(
            "two",
            "cat",
            folder.resolve("0.png"),
            List.of(folder.resolve("left.png"), folder.resolve("right.png")));
    Mask mask = subject.object().get().orElseThrow();
    assertEquals(2, mask.count());
    assertTrue(mask.contains(0, 0) && mask.contains(0, 5));
    assertNotEquals(Optional.empty(), subject.object().get());
    assertEquals(
        Optional.empty(), Subject.of("two", "cat", folder.resolve("0.png")).object().get());
  }

  private void write(String name, int pixel) {
    BitSet bits = new BitSet();
    bits.set(pixel);
    Mask.of(60, 50, bits).toPicture().write(folder.resolve(name));
  }

  private Subject subject(int picture, String className) {
    return Subject.of(String.valueOf(picture), className, folder.resolve(picture + ".png"));
  }

  /** Two pictures, two methods and two measures, which note what they are asked. */
  private Evaluation evaluation(List<String> asked, int killedAfter) {
    return Evaluation.of(
        network,
        List.of(subject(0, "cat"), subject(1, "dog")),
        List.of(new GradCam(), new LayerCam()),
        List.of(new Noting("mean", asked, killedAfter), new Noting("sum", asked, killedAfter)));
  }

  /** What a kill is to the code that runs. */
  private static final class Killed extends Error {
    private static final long serialVersionUID = 1;
  }

  /** The sum of the map; dies after some questions. */
  private record Noting(String name, List<String> asked, int killedAfter) implements Measure {

    @Override
    public boolean higherIsBetter() {
      return true;
    }

    @Override
    public double of(Explanation explanation) {
      if (asked.size() == killedAfter) {
        throw new Killed();
      }
      asked.add(name + " of " + explanation.map().provenance().method());
      return explanation.map().sum();
    }
  }

  private record Unlimited() implements Measure {

    @Override
    public String name() {
      return "unlimited";
    }

    @Override
    public boolean higherIsBetter() {
      return true;
    }

    @Override
    public double of(Explanation explanation) {
      return Double.POSITIVE_INFINITY;
    }
  }

  private static final class Refusing implements CamMethod {

    @Override
    public String name() {
      return "Refusing";
    }

    @Override
    public List<Heatmap> heatmaps(Recording recording, String layer, Target target) {
      throw new UnsupportedOperationException("Not for this network,\nfor two reasons.");
    }
  }
}
