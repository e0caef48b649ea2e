package camlab.evaluation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.pytorch.jni.JniUtils;
import camlab.cam.Cam;
import camlab.cam.CamMethod;
import camlab.cam.Fem;
import camlab.cam.GradCam;
import camlab.cam.LayerCam;
import camlab.cam.RandomMap;
import camlab.capture.Recording;
import camlab.capture.SmallNetworks;
import camlab.capture.Target;
import camlab.heatmap.Heatmap;
import camlab.measure.Baseline;
import camlab.measure.Coherency;
import camlab.measure.Complexity;
import camlab.measure.ConfidenceAfterRemoval;
import camlab.measure.ConfidenceDrop;
import camlab.measure.ConfidenceMeasure;
import camlab.measure.Deletion;
import camlab.measure.EnergyInObject;
import camlab.measure.Explainer;
import camlab.measure.Explanation;
import camlab.measure.Measure;
import camlab.measure.RandomLogit;
import camlab.measure.Scale;
import camlab.network.LayeredNetwork;
import camlab.network.NotApplicableException;
import camlab.network.UnknownNameException;
import camlab.picture.Mask;
import camlab.picture.Picture;
import camlab.picture.Preprocessing;
import camlab.progress.Progress;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class EvaluationTest {

  private static final String HEADER =
      "network,layer,picture,class,method,measure,value,reason,network identity,"
          + "picture identity,class identity,method identity,measure identity\n";

  private static final String STOPPED =
      "The evaluation was stopped. Run again, it goes on where its file ends; without a file it begins anew.";

  private static LayeredNetwork network;

  /** What the engine takes for an operation. */
  private static int threads;

  @TempDir private Path folder;

  private Path file;

  @BeforeAll
  static void load() {
    network = SmallNetworks.alexNet();
    threads = JniUtils.getNumThreads();
  }

  @AfterAll
  static void close() {
    network.close();
  }

  /** One subject after the other, whatever machine this is. */
  @BeforeEach
  void oneAtATime() {
    JniUtils.setNumThreads(1);
  }

  @AfterEach
  void asItWas() {
    JniUtils.setNumThreads(threads);
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
    Results results = evaluation.run(file, Progress.NONE);
    assertEquals(12, results.rows().size());
    assertEquals(12, results.values().length);
    Results found =
        results.where(
            each ->
                each.picture().equals("1")
                    && each.method().equals("LayerCAM")
                    && each.measure().equals("drop"));
    Picture picture = SmallNetworks.picture(1);
    Heatmap map = new LayerCam().heatmap(network, picture, "cat");
    double expected = drop.of(Explanation.of(network, picture, "cat", map));
    assertEquals(1, found.rows().size());
    Result result = found.rows().get(0);
    assertEquals(expected, result.value().orElseThrow(), 1e-6);
    assertEquals(Optional.empty(), result.reason());
    assertEquals("AlexNet (small classifier)", result.network());
    assertEquals("features.11", result.layer());
    assertEquals("cat", result.className());
    assertEquals(results, Results.read(file));
  }

  /** What measures ask about a few pictures is asked for several maps at once, in two batches. */
  @Test
  void picturesOfSeveralMapsRunTogether() {
    List<String> order = new ArrayList<>();
    Measure measure = new Collected(order);
    List<CamMethod> nine =
        IntStream.range(0, 9).<CamMethod>mapToObj(seed -> new RandomMap(seed)).toList();
    Results results =
        Evaluation.of(network, List.of(subject(0, "cat")), nine, List.of(measure, new Complexity()))
            .run();
    String asked = "picture ".repeat(8) + "number ".repeat(8) + "picture number";
    assertEquals(asked, String.join(" ", order));
    double[] found = results.where(each -> each.measure().equals("collected")).values();
    for (int i = 0; i < 9; i++) {
      Heatmap map = nine.get(i).heatmap(network, SmallNetworks.picture(0), "cat");
      assertEquals(
          measure.of(Explanation.of(network, SmallNetworks.picture(0), "cat", map)),
          found[i],
          1e-6);
    }
  }

  /** The confidence for what is left without the map's top, and when it was asked for. */
  private record Collected(List<String> order) implements ConfidenceMeasure {

    @Override
    public String name() {
      return "collected";
    }

    @Override
    public String identity() {
      return name();
    }

    @Override
    public boolean higherIsBetter() {
      return true;
    }

    @Override
    public List<Picture> pictures(Explanation explanation) {
      order.add("picture");
      return new ConfidenceAfterRemoval().pictures(explanation);
    }

    @Override
    public double of(double[] confidences) {
      order.add("number");
      return confidences[1];
    }
  }

  /** Where the engine has threads, several subjects are judged at a time: the same rows. */
  @Test
  void severalSubjectsAtATimeGiveTheSameRows() throws IOException {
    Set<Thread> used = ConcurrentHashMap.newKeySet();
    List<Long> done = new ArrayList<>();
    JniUtils.setNumThreads(3);
    Results together = eight(new OnThreads(used, new CountDownLatch(3))).run(file, seenBy(done));
    assertEquals(3, used.size());
    assertFalse(used.contains(Thread.currentThread()));
    assertEquals(done.stream().sorted().distinct().toList(), done, "it only grows");
    assertEquals(72, done.get(done.size() - 1));
    JniUtils.setNumThreads(1);
    used.clear();
    Path alone = folder.resolve("alone.csv");
    assertEquals(eight(new OnThreads(used, new CountDownLatch(0))).run(alone), together);
    assertEquals(Set.of(Thread.currentThread()), used);
    assertEquals(
        Files.readAllLines(alone).stream().sorted().toList(),
        Files.readAllLines(file).stream().sorted().toList());
  }

  /** Eight subjects, some of them one picture and class; 72 answers, of which 24 are reasons. */
  private Evaluation eight(Measure measure) {
    List<Subject> subjects = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      Path picture = folder.resolve(i % 3 + ".png");
      subjects.add(Subject.of("picture " + i, i < 3 ? "cat" : "dog", picture));
    }
    CamMethod none = new Failing("None", new NotApplicableException("Not here."));
    return Evaluation.of(
        network,
        subjects,
        List.of(new GradCam(), none, new LayerCam()),
        List.of(measure, new ConfidenceDrop(Scale.RELATIVE), new Deletion()));
  }

  /** The sum of the map, once so many threads are at it at a time. */
  private record OnThreads(Set<Thread> used, CountDownLatch together) implements Measure {

    @Override
    public String name() {
      return "sum";
    }

    @Override
    public String identity() {
      return name();
    }

    @Override
    public boolean higherIsBetter() {
      return true;
    }

    @Override
    public double of(Explanation explanation) {
      if (used.add(Thread.currentThread())) {
        together.countDown();
      }
      try {
        assertTrue(together.await(60, TimeUnit.SECONDS), "the threads work one after the other");
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
      return explanation.map().sum();
    }
  }

  /** The bug ends the run, after what is under way; what other threads found is kept. */
  @Test
  void aBugOnOneOfSeveralThreadsEndsTheRun() throws IOException {
    JniUtils.setNumThreads(2);
    Evaluation evaluation = evaluation(new CopyOnWriteArrayList<>(), 3);
    assertThrows(Killed.class, () -> evaluation.run(file, Progress.NONE));
    int lines = Files.readAllLines(file).size();
    assertTrue(lines == 4 || lines == 5, "both threads may have asked the third: " + lines);
    assertEquals(2, JniUtils.getNumThreads());
    Results all = evaluation(new ArrayList<>(), Integer.MAX_VALUE).run(file, Progress.NONE);
    assertEquals(8, all.rows().size());
    assertEquals(9, Files.readAllLines(file).size(), "nothing twice");
  }

  @Test
  void anInterruptStopsAllThreads() throws IOException {
    JniUtils.setNumThreads(2);
    Evaluation evaluation = evaluation(new CopyOnWriteArrayList<>(), Integer.MAX_VALUE);
    Thread main = Thread.currentThread();
    Progress stop =
        (work, start) ->
            done -> {
              if (done == 2) {
                main.interrupt();
                assertThrows(InterruptedException.class, () -> Thread.sleep(60_000));
                Thread.currentThread().interrupt();
              }
            };
    String stopped =
        assertThrows(CancellationException.class, () -> evaluation.run(file, stop)).getMessage();
    assertEquals(STOPPED, stopped);
    assertTrue(Thread.interrupted(), "the thread stays interrupted");
    int lines = Files.readAllLines(file).size();
    assertTrue(lines == 3 || lines == 4, "the other thread may be at a line: " + lines);
    assertEquals(8, evaluation.run(file, Progress.NONE).rows().size());
    assertEquals(9, Files.readAllLines(file).size(), "nothing twice");
  }

  /** A second run, into another file, works nothing out, and its file holds the same lines. */
  @Test
  void whatAnotherFileKeepsIsNotWorkedOutAgain() throws IOException {
    Optional<Path> kept = Optional.of(folder.resolve("kept.csv"));
    CountingDrop drop = new CountingDrop(new ArrayList<>());
    Evaluation evaluation =
        Evaluation.of(
            network,
            List.of(subject(0, "cat"), subject(1, "dog")),
            List.of(new GradCam()),
            List.of(drop));
    Results first = evaluation.run(file, kept, Progress.NONE);
    assertEquals(2, drop.asked().size());
    assertEquals(Files.readString(file), Files.readString(kept.orElseThrow()));
    Path second = folder.resolve("second.csv");
    assertEquals(first, evaluation.run(second, kept, Progress.NONE));
    assertEquals(2, drop.asked().size());
    assertEquals(Files.readString(file), Files.readString(second));
    assertEquals(
        first, evaluation.run(folder.resolve("third.csv"), Optional.empty(), Progress.NONE));
    assertEquals(4, drop.asked().size(), "without the other file all is worked out");
  }

  /** Nothing is read from an earlier run, and the numbers are those that a file gets. */
  @Test
  void aRunWithoutAFileAnswersTheSame() {
    CountingDrop drop = new CountingDrop(new ArrayList<>());
    Evaluation evaluation =
        Evaluation.of(
            network,
            List.of(
                subject(0, "cat"),
                subject(1, "dog"),
                Subject.of("again", "cat", folder.resolve("0.png"))),
            List.of(new GradCam()),
            List.of(drop));
    Results results = evaluation.run();
    assertEquals(2, drop.asked().size(), "the same picture under another name is not asked again");
    assertEquals(evaluation.run(file).values()[1], results.values()[1]);
    assertEquals(evaluation.run(file).rows(), results.rows());
    evaluation.run();
    assertEquals(6, drop.asked().size(), "each run without a file begins anew");
  }

  @Test
  void aRunWithoutAFileThatIsStoppedBeginsAnew() {
    List<String> asked = new ArrayList<>();
    Evaluation evaluation =
        Evaluation.of(
            network,
            List.of(subject(0, "cat")),
            List.of(new GradCam()),
            List.of(new Noting("mean", asked, 9), new Interrupting(), new Noting("sum", asked, 9)));
    for (int run = 1; run <= 2; run++) {
      assertEquals(
          STOPPED, assertThrows(CancellationException.class, evaluation::run).getMessage());
      assertTrue(Thread.interrupted(), "the thread stays interrupted");
      assertEquals(Collections.nCopies(run, "mean of Grad-CAM"), asked);
    }
  }

  /** Tells whom it has judged, which is no part of its identity. */
  private record CountingDrop(List<Picture> asked) implements Measure {

    @Override
    public String name() {
      return "drop";
    }

    @Override
    public String identity() {
      return "CountingDrop()";
    }

    @Override
    public String asks() {
      return "nothing";
    }

    @Override
    public boolean higherIsBetter() {
      return false;
    }

    @Override
    public double of(Explanation explanation) {
      asked.add(explanation.view());
      return asked.size() % 2;
    }
  }

  /** Measures that need other maps get what makes them: of the same method, layer and class. */
  @Test
  void measuresMayAskForMoreMaps() {
    Measure coherency = new Coherency();
    Measure logit = new RandomLogit();
    Evaluation evaluation =
        new Evaluation(
            "net",
            network,
            "features.8",
            List.of(subject(1, "dog")),
            List.of(new GradCam()),
            List.of(coherency, logit));
    double[] values = evaluation.run(file).values();
    Picture picture = SmallNetworks.picture(1);
    Heatmap map = new GradCam().heatmap(network, picture, "features.8", Target.of("dog"));
    Explanation explanation =
        Explanation.of(network, picture, "dog", map)
            .by(Explainer.of(network, new GradCam(), "features.8", "dog"));
    assertEquals(coherency.of(explanation), values[0], 1e-6);
    assertEquals(logit.of(explanation), values[1], 1e-6);
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
      Results results = evaluation(askedBefore, Integer.MAX_VALUE).run(killed, Progress.NONE);
      assertEquals(whole, Files.readString(killed));
      assertEquals(8, results.rows().size());
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
    Results results = evaluation(asked, Integer.MAX_VALUE).run(file, Progress.NONE);
    assertEquals(List.of(), asked);
    assertEquals(whole, Files.readString(file));
    assertEquals(8, results.rows().size());
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
    Results results = other.run(file, Progress.NONE);
    assertTrue(Files.readString(file).startsWith(before));
    assertEquals(1, results.rows().size());
    assertEquals("another", results.rows().get(0).network());
    assertEquals("features.8", results.rows().get(0).layer());
    Results all = Results.read(file);
    assertEquals(9, all.rows().size());
    assertEquals(results.rows().get(0), all.rows().get(8));
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
    List<Result> results = evaluation.run(file, seenBy(done)).rows();
    assertEquals(3, results.size());
    assertEquals("gone, \"lost\"", results.get(0).picture());
    assertTrue(results.get(0).reason().orElseThrow().contains("gone.png"));
    assertTrue(results.get(1).reason().orElseThrow().contains("broken.png"));
    assertEquals(OptionalDouble.empty(), results.get(0).value());
    assertEquals(Optional.empty(), results.get(2).reason());
    assertTrue(results.get(2).value().isPresent());
    assertEquals(List.of(0L, 1L, 2L, 3L), done);
    String whole = Files.readString(file);
    evaluation.run(file, Progress.NONE);
    assertEquals(whole, Files.readString(file));
    SmallNetworks.picture(7).write(folder.resolve("gone.png"));
    Results repaired = evaluation.run(file, Progress.NONE);
    assertTrue(repaired.rows().get(0).value().isPresent(), "now it can be read");
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
    List<Result> results =
        Evaluation.of(
                network,
                List.of(subject(0, "cat"), masked, wrong),
                List.of(new GradCam()),
                List.of(new EnergyInObject(), new Complexity()))
            .run(file, Progress.NONE)
            .rows();
    assertEquals(6, results.size());
    assertEquals(Optional.of("This measure needs a mask of the object."), results.get(0).reason());
    assertEquals(OptionalDouble.empty(), results.get(0).value());
    assertTrue(results.get(1).value().isPresent());
    assertEquals(1, results.get(2).value().orElseThrow(), 1e-6);
    for (Result ofWrong : results.subList(4, 6)) {
      assertEquals(
          Optional.of(
              "The mask is 50×60, but the picture is 60×50. Take the mask of this picture."),
          ofWrong.reason());
    }
  }

  @Test
  void aMethodThatRefusesIsALineWithTheReason() {
    NotApplicableException reason =
        new NotApplicableException("Not for this network,\nfor two reasons.");
    Results results =
        Evaluation.of(
                network,
                List.of(subject(0, "cat")),
                List.of(new Failing("Refusing", reason), new GradCam()),
                List.of(new Complexity(), new EnergyInObject()))
            .run(file, Progress.NONE);
    assertEquals(4, results.rows().size());
    for (Result refused : results.rows().subList(0, 2)) {
      assertEquals("Refusing", refused.method());
      assertEquals(Optional.of("Not for this network, for two reasons."), refused.reason());
    }
    assertEquals(1, results.values().length);
    assertEquals(results, Results.read(file));
  }

  /** CAM itself, on a network without a global average. */
  @Test
  void camOnAlexNetIsALineWithTheReason() {
    Results results =
        Evaluation.of(
                network, List.of(subject(0, "cat")), List.of(new Cam()), List.of(new Complexity()))
            .run(file, Progress.NONE);
    String reason = results.rows().get(0).reason().orElseThrow();
    assertTrue(reason.startsWith("CAM needs a layer whose channels are averaged"), reason);
  }

  /** Any exception but the one with a reason, even of the kinds that methods throw for reasons. */
  @Test
  void aBugInAMethodEndsTheRun() throws IOException {
    for (RuntimeException bug :
        List.of(
            new IllegalArgumentException("a bug"),
            new UnsupportedOperationException("a bug"),
            new IndexOutOfBoundsException("a bug"))) {
      Path results = folder.resolve(bug.getClass().getSimpleName() + ".csv");
      Evaluation evaluation =
          Evaluation.of(
              network,
              List.of(subject(0, "cat")),
              List.of(new GradCam(), new Failing("Broken", bug)),
              List.of(new Complexity()));
      assertSame(
          bug, assertThrows(RuntimeException.class, () -> evaluation.run(results, Progress.NONE)));
      assertEquals(HEADER, Files.readString(results));
    }
  }

  @Test
  void aBugInAMeasureEndsTheRunAndTheRowsSoFarAreKept() throws IOException {
    Evaluation broken =
        Evaluation.of(
            network,
            List.of(subject(0, "cat")),
            List.of(new GradCam()),
            List.of(new Complexity(), new Unlimited()));
    String message =
        assertThrows(IllegalStateException.class, () -> broken.run(file, Progress.NONE))
            .getMessage();
    assertTrue(message.startsWith("Unlimited() is Infinity for GradCam() on picture '0'"), message);
    assertEquals(2, Files.readAllLines(file).size());
    List<String> asked = new ArrayList<>();
    Evaluation mended =
        Evaluation.of(
            network,
            List.of(subject(0, "cat")),
            List.of(new GradCam()),
            List.of(new Complexity(), new Noting("mean", asked, 9)));
    assertEquals(2, mended.run(file, Progress.NONE).values().length);
    assertEquals(List.of("mean of Grad-CAM"), asked);
  }

  /** Same names throughout: only the settings differ. */
  @Test
  void aChangedSettingIsANewRow() throws IOException {
    List<CamMethod> methods = List.of(new Fem(1), new Fem(2));
    Evaluation first =
        Evaluation.of(
            network,
            List.of(subject(0, "cat")),
            methods,
            List.of(new Deletion(2, Baseline.black(), 1)));
    Results results = first.run(file, Progress.NONE);
    assertEquals(2, results.rows().size());
    assertEquals(3, Files.readAllLines(file).size());
    assertEquals("FEM", results.rows().get(0).method());
    assertEquals("FEM", results.rows().get(1).method());
    for (Measure changed :
        List.of(
            new Deletion(3, Baseline.black(), 1),
            new Deletion(2, Baseline.black(), 2),
            new Deletion(2, Baseline.blurred(11, 5), 1),
            new Deletion(2, Baseline.blurred(11, 4), 1))) {
      int before = Files.readAllLines(file).size();
      Evaluation.of(network, List.of(subject(0, "cat")), methods, List.of(changed))
          .run(file, Progress.NONE);
      assertEquals(before + 2, Files.readAllLines(file).size(), changed.identity());
    }
    String whole = Files.readString(file);
    assertEquals(results, first.run(file, Progress.NONE));
    assertEquals(whole, Files.readString(file));
  }

  /** The network's, the picture's, the mask's and the class's content counts; names do not. */
  @Test
  void changedContentIsANewRow() throws IOException {
    Evaluation evaluation = complexity(network, subject(0, "cat"));
    Results results = evaluation.run(file, Progress.NONE);
    Evaluation renamed =
        new Evaluation(
            "another name",
            network,
            evaluation.layer(),
            List.of(Subject.of("renamed", "cat", folder.resolve("0.png"))),
            evaluation.methods(),
            evaluation.measures());
    Results again = renamed.run(file, Progress.NONE);
    assertEquals(2, Files.readAllLines(file).size());
    assertEquals("another name", again.rows().get(0).network());
    assertEquals("renamed", again.rows().get(0).picture());
    assertEquals(results.rows().get(0).value(), again.rows().get(0).value());

    try (LayeredNetwork trained =
            network.withParameters(Map.of("classifier.4.bias", new float[] {1, 2}));
        LayeredNetwork brighter = SmallNetworks.alexNet(new Preprocessing(96, 96, MEAN, MEAN))) {
      complexity(trained, subject(0, "cat")).run(file, Progress.NONE);
      assertEquals(3, Files.readAllLines(file).size());
      complexity(brighter, subject(0, "cat")).run(file, Progress.NONE);
      assertEquals(4, Files.readAllLines(file).size());
    }
    complexity(network, subject(0, "dog")).run(file, Progress.NONE);
    assertEquals(5, Files.readAllLines(file).size());
    write("mask.png", 3);
    Subject masked =
        Subject.of("0", "cat", folder.resolve("0.png"), List.of(folder.resolve("mask.png")));
    complexity(network, masked).run(file, Progress.NONE);
    assertEquals(6, Files.readAllLines(file).size());
    write("mask.png", 4);
    complexity(network, masked).run(file, Progress.NONE);
    assertEquals(7, Files.readAllLines(file).size());
    SmallNetworks.picture(9).write(folder.resolve("0.png"));
    evaluation.run(file, Progress.NONE);
    assertEquals(8, Files.readAllLines(file).size());
  }

  private static final List<Float> MEAN = List.of(0.5f, 0.5f, 0.5f);

  private static Evaluation complexity(LayeredNetwork network, Subject subject) {
    return Evaluation.of(
        network, List.of(subject), List.of(new GradCam()), List.of(new Complexity()));
  }

  /** A file under two names is worked out once, and counted twice. */
  @Test
  void theSamePictureTwiceIsWorkedOutOnce() throws IOException {
    List<Long> done = new ArrayList<>();
    Subject same = Subject.of("same", "cat", folder.resolve("0.png"));
    Results results =
        Evaluation.of(
                network,
                List.of(subject(0, "cat"), same),
                List.of(new GradCam()),
                List.of(new Complexity()))
            .run(file, seenBy(done));
    assertEquals(2, Files.readAllLines(file).size());
    assertEquals(List.of("0", "same"), results.rows().stream().map(Result::picture).toList());
    assertEquals(List.of(0L, 1L, 2L), done);
  }

  @Test
  void aMethodWithoutAnIdentityIsRefused() {
    CamMethod own =
        new CamMethod() {
          @Override
          public String name() {
            return "Mine";
          }

          @Override
          public List<Heatmap> heatmaps(Recording recording, String layer, Target target) {
            return new GradCam().heatmaps(recording, layer, target);
          }
        };
    List<Subject> subjects = List.of(subject(0, "cat"));
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> Evaluation.of(network, subjects, List.of(own), List.of(new Complexity())))
            .getMessage();
    assertTrue(message.contains("Let it override identity()"), message);
    CamMethod named = own.withIdentity("Mine, version 1");
    Evaluation evaluation =
        Evaluation.of(network, subjects, List.of(named), List.of(new Complexity()));
    Result result = evaluation.run(file, Progress.NONE).rows().get(0);
    assertEquals(new Named("Mine", "Mine, version 1"), result.question().method());
  }

  @Test
  void filesThatCannotBeReadBack() throws IOException {
    Evaluation evaluation = complexity(network, subject(0, "cat"));
    Files.writeString(file, "network,layer,picture,class,method,measure,value,reason\na,b\n");
    String older =
        assertThrows(IllegalArgumentException.class, () -> evaluation.run(file, Progress.NONE))
            .getMessage();
    assertTrue(older.contains("was written by an older version"), older);
    Files.writeString(file, HEADER + "a,b,c\n");
    String damaged =
        assertThrows(IllegalArgumentException.class, () -> Results.read(file)).getMessage();
    assertTrue(damaged.contains("is damaged behind its result 0 (13 fields"), damaged);
    assertThrows(IllegalArgumentException.class, () -> evaluation.run(file, Progress.NONE));
    assertEquals(HEADER + "a,b,c\n", Files.readString(file));
  }

  @Test
  void tellsHowFarItIs() {
    List<Long> done = new ArrayList<>();
    boolean[] ended = {false};
    Progress progress =
        (work, start) -> {
          assertEquals(new Progress.Work("Evaluation", 8, Progress.Unit.STEPS), work);
          done.add(start);
          return new Progress.Running() {
            @Override
            public void reached(long now) {
              done.add(now);
            }

            @Override
            public void close() {
              ended[0] = true;
            }
          };
        };
    Evaluation killed = evaluation(new ArrayList<>(), 3);
    assertThrows(Killed.class, () -> killed.run(file, progress));
    assertEquals(List.of(0L, 1L, 2L, 3L), done);
    assertTrue(ended[0]);
    done.clear();
    evaluation(new ArrayList<>(), Integer.MAX_VALUE).run(file, progress);
    assertEquals(List.of(3L, 4L, 5L, 6L, 7L, 8L), done);
    done.clear();
    evaluation(new ArrayList<>(), Integer.MAX_VALUE).run(file, progress);
    assertEquals(List.of(8L), done);
  }

  private static Progress seenBy(List<Long> done) {
    return (work, start) -> {
      done.add(start);
      return done::add;
    };
  }

  @Test
  void anInterruptStopsIt() throws IOException {
    Evaluation evaluation = evaluation(new ArrayList<>(), Integer.MAX_VALUE);
    Progress stop =
        (work, start) ->
            done -> {
              if (done == 5) {
                Thread.currentThread().interrupt();
              }
            };
    assertThrows(CancellationException.class, () -> evaluation.run(file, stop));
    assertTrue(Thread.interrupted(), "the thread stays interrupted");
    assertEquals(6, Files.readAllLines(file).size());
    assertEquals(8, evaluation.run(file, Progress.NONE).values().length);
  }

  /** The number is there, so it is kept; an interrupted channel would have been closed instead. */
  @Test
  void anInterruptWhileALineIsWrittenStopsItBehindTheLine() throws IOException {
    List<String> asked = new ArrayList<>();
    Evaluation evaluation =
        Evaluation.of(
            network,
            List.of(subject(0, "cat")),
            List.of(new GradCam()),
            List.of(new Interrupting(), new Noting("mean", asked, 9)));
    assertThrows(CancellationException.class, () -> evaluation.run(file, Progress.NONE));
    assertTrue(Thread.interrupted(), "the thread stays interrupted");
    Results kept = Results.read(file);
    assertEquals(1, kept.rows().size());
    assertEquals("interrupting", kept.rows().get(0).measure());
    assertEquals(2, kept.rows().get(0).value().orElseThrow());
    assertEquals(List.of(), asked);
    assertEquals(2, evaluation.run(file, Progress.NONE).values().length);
    assertEquals(List.of("mean of Grad-CAM"), asked);
  }

  @Test
  void anInterruptInsideAMethodIsNoReason() {
    CancellationException stopped = new CancellationException("Interrupted during a pass.");
    Evaluation evaluation =
        Evaluation.of(
            network,
            List.of(subject(0, "cat")),
            List.of(new Failing("Stopped", stopped)),
            List.of(new Complexity()));
    assertSame(
        stopped,
        assertThrows(CancellationException.class, () -> evaluation.run(file, Progress.NONE)));
    assertEquals(0, Results.read(file).rows().size());
  }

  @Test
  void oneWriterAtATime() {
    Progress nested =
        (work, start) -> {
          if (start == 0) {
            Evaluation second = evaluation(new ArrayList<>(), Integer.MAX_VALUE);
            String message =
                assertThrows(IllegalStateException.class, () -> second.run(file, Progress.NONE))
                    .getMessage();
            assertTrue(message.startsWith("Another evaluation is writing to "), message);
          }
          return Progress.Running.UNSEEN;
        };
    Results results = evaluation(new ArrayList<>(), Integer.MAX_VALUE).run(file, nested);
    assertEquals(8, results.rows().size());
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
    public String identity() {
      return name;
    }

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

  /** A whole number, and an interrupt before it is written. */
  private record Interrupting() implements Measure {

    @Override
    public String name() {
      return "interrupting";
    }

    @Override
    public boolean higherIsBetter() {
      return true;
    }

    @Override
    public double of(Explanation explanation) {
      Thread.currentThread().interrupt();
      return 2;
    }
  }

  /** Throws; known by its name. */
  private record Failing(String name, RuntimeException exception) implements CamMethod {

    @Override
    public String identity() {
      return name;
    }

    @Override
    public List<Heatmap> heatmaps(Recording recording, String layer, Target target) {
      throw exception;
    }
  }

  /** Two results fit, and half of the third: then no file of that process may grow. */
  @Test
  @EnabledOnOs(
      value = {OS.LINUX, OS.MAC},
      disabledReason = "sh limits the size of files")
  void onAFullDiskItSaysSoAndGoesOnWhenThereIsRoom() throws IOException, InterruptedException {
    List<String> asked = new ArrayList<>();
    evaluation(asked, Integer.MAX_VALUE).run(file, Progress.NONE);
    List<String> lines = Files.readAllLines(file);
    assertEquals(9, lines.size());
    Path full = folder.resolve("full.csv");
    int room = lines.get(1).length() + lines.get(2).length() + 2 + lines.get(3).length() / 2;
    String command = "ulimit -f 4096; exec \"$@\"";
    Process process =
        new ProcessBuilder(
                "sh",
                "-c",
                command,
                "sh",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:-UsePerfData",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                FullDisk.class.getName(),
                full.toString(),
                String.valueOf(room))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String message = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertEquals(0, process.waitFor(), message);
    assertTrue(message.startsWith(full + " cannot be written ("), message);
    assertTrue(message.endsWith("Is the disk full?"), message);
    List<String> before = Files.readAllLines(full);
    assertEquals(lines.subList(1, 3), before.subList(2, 4));
    assertEquals(lines.get(3).substring(0, lines.get(3).length() / 2), before.get(4));
    assertEquals(5, before.size());
    asked.clear();
    Results results = evaluation(asked, Integer.MAX_VALUE).run(full, Progress.NONE);
    assertEquals(6, asked.size(), "what had been written is not worked out again");
    assertEquals(Results.read(file), results);
    List<String> after = Files.readAllLines(full);
    assertEquals(before.subList(0, 2), after.subList(0, 2));
    assertEquals(lines.subList(1, 9), after.subList(2, 10));
    assertTrue(Files.readString(full).endsWith("\n"));
  }

  /** Runs the evaluation into a file for which there is only so much room, and prints why not. */
  static final class FullDisk {

    private FullDisk() {}

    public static void main(String[] arguments) throws IOException {
      Path results = Path.of(arguments[0]);
      String filling = HEADER + "a,b,c,d,e,f,,%s,a,c,d,e,f\n";
      int most = mostBytes(results.resolveSibling("filled"));
      int length = most - Integer.parseInt(arguments[1]) - filling.length() + 2;
      Files.writeString(results, filling.formatted("x".repeat(length)));
      load();
      EvaluationTest test = new EvaluationTest();
      test.oneAtATime();
      test.folder = results.getParent();
      Evaluation evaluation = test.evaluation(new ArrayList<>(), Integer.MAX_VALUE);
      UncheckedIOException full =
          assertThrows(UncheckedIOException.class, () -> evaluation.run(results, Progress.NONE));
      System.out.print(full.getMessage());
      close();
    }

    /** To which size a file of this process can grow. */
    private static int mostBytes(Path file) throws IOException {
      try (OutputStream out = Files.newOutputStream(file)) {
        byte[] block = new byte[512];
        assertThrows(
            IOException.class,
            () -> {
              while (true) {
                out.write(block);
              }
            });
      }
      return Math.toIntExact(Files.size(file));
    }
  }
}
