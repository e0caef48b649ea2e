package camlab.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import camlab.cam.Catalogue;
import camlab.evaluation.Evaluation;
import camlab.evaluation.Subject;
import camlab.measure.Measures;
import camlab.network.Classes;
import camlab.network.Meaning;
import camlab.network.Network;
import camlab.picture.Preprocessing;
import camlab.zoo.Networks;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The jar, submitted to a cluster of processes on this machine: a master, two workers, and the
 * executors that they start.
 */
class ClusterTest {

  private static final Path BUILT = Path.of(System.getProperty("camlab.spark"));
  private static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();
  private static final Path MODEL = ROOT.resolve("models/resnet50-drawn-wildlife.pt2");
  private static final Path PICTURES = ROOT.resolve("data/wildlife/groups");
  private static final List<String> CLASSES = List.of("African elephant", "black bear");
  private static final String METHODS = "Grad-CAM";
  private static final String MEASURES = "deletion";
  private static final String MASTER = "spark://127.0.0.1:";

  @TempDir private Path folder;

  private final List<Process> processes = new ArrayList<>();
  private int port;

  @BeforeEach
  void start() throws IOException, InterruptedException {
    Files.write(folder.resolve("classes.txt"), CLASSES);
    try (java.net.ServerSocket free = new java.net.ServerSocket(0)) {
      port = free.getLocalPort();
    }
    spark(
        "master",
        "org.apache.spark.deploy.master.Master",
        "--host",
        "127.0.0.1",
        "--port",
        "" + port,
        "--webui-port",
        "0");
    for (int i = 0; i < 2; i++) {
      spark(
          "worker" + i,
          "org.apache.spark.deploy.worker.Worker",
          MASTER + port,
          "--host",
          "127.0.0.1",
          "--webui-port",
          "0",
          "--cores",
          "1",
          "--memory",
          "1g",
          "--work-dir",
          folder.resolve("work" + i).toString());
    }
  }

  @AfterEach
  void stop() throws InterruptedException {
    // Executors are children of their workers.
    for (Process process : processes) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly().waitFor();
    }
  }

  /** Started as Spark's own scripts do. */
  private Process spark(String name, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(System.getProperty("camlab.spark.options").trim().split("\\s+")));
    command.add("-Xmx1g");
    command.add("-cp");
    command.add(BUILT.resolve("spark/jars") + "/*");
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("SPARK_HOME", BUILT.resolve("spark").toString());
    builder.environment().put("SPARK_SCALA_VERSION", "2.13");
    builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
    builder.environment().put("DJL_OFFLINE", "true");
    builder.redirectOutput(folder.resolve(name + ".log").toFile());
    Process process = builder.start();
    processes.add(process);
    return process;
  }

  private Process submit() throws IOException {
    File[] natives = BUILT.resolve("native").toFile().listFiles();
    return spark(
        "submit",
        "org.apache.spark.deploy.SparkSubmit",
        "--master",
        MASTER + port,
        "--conf",
        "spark.ui.enabled=false",
        "--conf",
        "spark.executor.memory=900m",
        "--class",
        "camlab.spark.EvaluateOnSpark",
        "--jars",
        natives[0].toString(),
        BUILT.resolve("camlab-spark.jar").toString(),
        "--network",
        MODEL.toString(),
        "--classes",
        folder.resolve("classes.txt").toString(),
        "--meaning",
        "INDEPENDENT",
        "--preprocessing",
        "IMAGENET",
        "--pictures",
        PICTURES.toString(),
        "--class",
        CLASSES.get(0),
        "--methods",
        METHODS,
        "--measures",
        MEASURES,
        "--out",
        folder.resolve("out").toString());
  }

  /** With one thread, as executors have. */
  private String oneMachine() throws IOException {
    Classes classes = new Classes(CLASSES, Meaning.INDEPENDENT);
    List<Path> files;
    try (Stream<Path> list = Files.walk(PICTURES)) {
      files = list.filter(file -> file.toString().endsWith(".png")).sorted().toList();
    }
    try (Network network = Networks.load(MODEL, classes, Preprocessing.IMAGENET)) {
      return new Evaluation(
              MODEL.getFileName().toString(),
              network,
              network.targetLayer(),
              files.stream()
                  .map(
                      file ->
                          Subject.of(PICTURES.relativize(file).toString(), CLASSES.get(0), file))
                  .toList(),
              Stream.of(METHODS.split(",")).map(Catalogue::method).toList(),
              Measures.named(MEASURES.split(",")))
          .run(folder.resolve("one.csv"))
          .csv();
    }
  }

  /** What the submitted program printed. */
  private String log() {
    try {
      return Files.readString(folder.resolve("submit.log"));
    } catch (IOException e) {
      return e.toString();
    }
  }

  private void end(Process submitted) throws IOException, InterruptedException {
    assertTrue(submitted.waitFor(8, TimeUnit.MINUTES), log());
    assertEquals(0, submitted.exitValue(), log());
  }

  @Test
  void rowsAreThoseOfOneMachineThoughAnExecutorIsKilled() throws Exception {
    Process submitted = submit();
    Path done = folder.resolve("out/pictures");
    while (submitted.isAlive() && count(done) < 3) {
      Thread.sleep(20);
    }
    ProcessHandle executor = executors().findFirst().orElseThrow(() -> new AssertionError(log()));
    final Map<String, FileTime> before = new HashMap<>();
    for (String name : names(done)) {
      before.put(name, Files.getLastModifiedTime(done.resolve(name)));
    }
    executor.destroyForcibly();
    end(submitted);

    assertTrue(before.size() < count(done), "The executor was killed when all was done.");
    assertTrue(log().contains("Lost executor"), log());
    // What was finished has not been worked out again.
    for (Map.Entry<String, FileTime> finished : before.entrySet()) {
      Path file = done.resolve(finished.getKey());
      assertEquals(finished.getValue(), Files.getLastModifiedTime(file), finished.getKey());
    }
    assertSame(oneMachine(), Files.readString(folder.resolve("out/results.csv")));
  }

  /** Line by line: both texts together would fill pages. */
  private static void assertSame(String expected, String found) {
    List<String> one = expected.lines().toList();
    List<String> other = found.lines().toList();
    assertEquals(one.size(), other.size());
    for (int i = 0; i < one.size(); i++) {
      assertEquals(one.get(i), other.get(i));
    }
  }

  /** Nothing but a worker starts processes. */
  private Stream<ProcessHandle> executors() {
    return processes.stream().flatMap(Process::descendants);
  }

  private static List<String> names(Path done) throws IOException {
    if (!Files.isDirectory(done)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(done)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".csv"))
          .toList();
    }
  }

  private static int count(Path done) throws IOException {
    return names(done).size();
  }
}
