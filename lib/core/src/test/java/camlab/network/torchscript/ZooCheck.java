package camlab.network.torchscript;

import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import camlab.cam.GradCam;
import camlab.capture.Recording;
import camlab.capture.Target;
import camlab.heatmap.Heatmap;
import camlab.network.Classes;
import camlab.network.GoldenNetworks;
import camlab.network.Layout;
import camlab.network.Network;
import camlab.network.Stated;
import camlab.network.TorchScriptFiles;
import camlab.network.export.ExportedProgram;
import camlab.picture.Picture;
import camlab.picture.Preprocessing;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Compares TorchScript files and files of torch.export of published networks, layer by layer, with
 * what PyTorch found: no test of the build, because the files are large. How to run it, and the
 * figures, stand in {@code src/test/python/zoo/README.md}.
 */
final class ZooCheck {

  private static final double CLOSE = 1e-4;

  /** A map smaller than this share of what its terms come to without their signs is rounding. */
  private static final double CANCELLED = 0.01;

  /** As {@code reference.py} takes its samples. */
  private static final int WHOLE = 1024;

  private static final long STRIDE = 2654435761L;

  private static final int STEADY_RUNS = 15;
  private static final int SHOWN = 5;

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private static final Gson GSON =
      new GsonBuilder().setPrettyPrinting().serializeSpecialFloatingPointValues().create();

  private ZooCheck() {}

  /** What is found for one file. Times are of this run; NaN is what was not measured. */
  @SuppressWarnings("UnusedVariable") // Gson reads them.
  private static final class Figures {
    String file = "";
    String refused = "";
    String refusedWith = "";
    double plainLoadSeconds = Double.NaN;
    double loadSeconds = Double.NaN;
    double targetSeconds = Double.NaN;
    double surveySeconds = Double.NaN;
    int layers;
    int refusedLayers;
    int notRun;
    int withoutReference;
    int notListed;
    double worstActivation;
    double worstGradient;
    double logits = Double.NaN;
    int wrongLayers;
    int mapsRight;
    int mapsWrong;
    int mapsRefused;
    int stages;
    String target = "";
    String noTarget = "";
    double targetPlace = Double.NaN;
    String targetLayout = "";
    double targetMap = Double.NaN;
    double targetZeroGradients = Double.NaN;
    String last = "";
    double lastMap = Double.NaN;
    boolean lastStated;
    double firstMilliseconds = Double.NaN;
    double steadyMilliseconds = Double.NaN;
    double forwardMilliseconds = Double.NaN;
    double passes = Double.NaN;

    /** What is to be looked at, by kind; a few of each. */
    final TreeMap<String, List<String>> notes = new TreeMap<>();

    void note(String kind, String what) {
      List<String> seen = notes.computeIfAbsent(kind, name -> new ArrayList<>());
      if (seen.size() < SHOWN) {
        seen.add(what);
      }
    }
  }

  /**
   * Checks files.
   *
   * @param arguments the folder of the files, the folder of the results, then parts of names; all
   *     files that have no result yet if there are none
   */
  public static void main(String[] arguments) throws IOException {
    Path files = Path.of(arguments[0]);
    Path results = Files.createDirectories(Path.of(arguments[1]));
    List<String> wanted = Arrays.asList(arguments).subList(2, arguments.length);
    warmUp();
    List<Path> programs;
    try (Stream<Path> all = Files.list(files)) {
      programs = all.filter(path -> path.toString().matches(".*\\.pt2?")).sorted().toList();
    }
    for (Path program : programs) {
      String name = program.getFileName().toString();
      Path result = results.resolve(name.replace(".pt2", ".exported.pt").replace(".pt", ".json"));
      boolean named = wanted.isEmpty() || wanted.stream().anyMatch(name::contains);
      Path reference =
          files.resolve(name.replaceAll("(\\.(traced|scripted)\\.pt|\\.pt2)$", ".json"));
      if (named && !Files.exists(result) && Files.exists(reference)) {
        Figures figures =
            check(program, GSON.fromJson(Files.readString(reference), JsonObject.class));
        Files.writeString(result, GSON.toJson(figures));
        System.out.println(line(figures));
      }
    }
  }

  private static String line(Figures figures) {
    return String.format(
        Locale.ROOT,
        "%s: %s load %.2f s (plain %.2f), %d layers, %d not run, %d wrong (activation %.1e, gradient %.1e), maps %d right %d wrong %d refused, target %s %.1e, last %s %.1e, %.0f ms, then %.0f ms, forward alone %.0f ms, %.2f passes",
        figures.file,
        figures.refused.isEmpty() ? "" : "REFUSED " + figures.refused,
        figures.loadSeconds,
        figures.plainLoadSeconds,
        figures.layers,
        figures.notRun,
        figures.wrongLayers,
        figures.worstActivation,
        figures.worstGradient,
        figures.mapsRight,
        figures.mapsWrong,
        figures.mapsRefused,
        figures.target,
        figures.targetMap,
        figures.last,
        figures.lastMap,
        figures.firstMilliseconds,
        figures.steadyMilliseconds,
        figures.forwardMilliseconds,
        figures.passes);
  }

  /** So that the first file does not pay for loading the engine and the library's classes. */
  private static void warmUp() throws IOException {
    Path file = TorchScriptFiles.path("resnet.traced.pt");
    plainLoad(file);
    try (Network network = TorchScript.load(file, Classes.numbered(10), size(64));
        NDManager scope = network.newScope()) {
      NDArray input = scope.create(GoldenNetworks.input(64), new Shape(1, 3, 64, 64));
      for (int i = 0; i < STEADY_RUNS; i++) {
        gradCam(network, input, "layer4", Target.of(1));
      }
    }
  }

  private static Preprocessing size(int size) {
    return new Preprocessing(
        size, size, Preprocessing.IMAGENET.mean(), Preprocessing.IMAGENET.std());
  }

  private static double plainLoad(Path file) throws IOException {
    long start = System.nanoTime();
    try (Model model = Model.newInstance("plain", "PyTorch")) {
      model.load(file.toAbsolutePath().getParent(), file.getFileName().toString());
      return seconds(start);
    } catch (MalformedModelException | RuntimeException e) {
      return Double.NaN;
    }
  }

  private static double seconds(long start) {
    return (System.nanoTime() - start) / 1e9;
  }

  private static Heatmap gradCam(Network network, NDArray input, String layer, Target target) {
    try (Recording recording = Recording.of(network, input, List.of(layer))) {
      return new GradCam().heatmap(recording, layer, target);
    }
  }

  private static Figures check(Path file, JsonObject reference) throws IOException {
    Figures figures = new Figures();
    figures.file = file.getFileName().toString();
    figures.plainLoadSeconds = plainLoad(file);
    int size = reference.get("size").getAsInt();
    long start = System.nanoTime();
    try (Network network = load(file, reference, Stated.NOTHING)) {
      figures.loadSeconds = seconds(start);
      try (NDManager scope = network.newScope()) {
        NDArray input = scope.create(GoldenNetworks.input(size), new Shape(1, 3, size, size));
        target(network, input, reference, figures);
        last(file, network, input, reference, figures);
        survey(network, size, figures);
        layers(network, input, reference, figures);
      }
    } catch (RuntimeException e) {
      figures.refused = String.valueOf(e.getMessage());
      figures.refusedWith = e.getClass().getSimpleName();
    }
    return figures;
  }

  private static Target score(JsonObject reference) {
    return Target.of(reference.get("target").getAsInt());
  }

  /** The layer that is offered by default: its map, and what a map costs. */
  private static void target(
      Network network, NDArray input, JsonObject reference, Figures figures) {
    long asked = System.nanoTime();
    try {
      figures.target = network.targetLayer();
    } catch (RuntimeException e) {
      figures.noTarget = e.getClass().getSimpleName() + ": " + e.getMessage();
    }
    figures.targetSeconds = seconds(asked);
    String layer = figures.target.isEmpty() ? reference.get("last").getAsString() : figures.target;
    if (layer.isEmpty() || !network.layers().contains(layer)) {
      return;
    }
    JsonObject expected = reference.getAsJsonObject("layers").getAsJsonObject(layer);
    try {
      long start = System.nanoTime();
      Heatmap map = gradCam(network, input, layer, score(reference));
      figures.firstMilliseconds = 1000 * seconds(start);
      alternately(
          () -> gradCam(network, input, layer, score(reference)),
          () -> network.run(input).close(),
          figures);
      if (!figures.target.isEmpty() && expected != null) {
        figures.targetLayout =
            expected.has("layout") ? expected.get("layout").getAsString() : "not known";
        figures.targetMap = map(map, expected, layer, figures);
      }
    } catch (RuntimeException e) {
      figures.note("target", e.getClass().getSimpleName() + ": " + e.getMessage());
    }
    if (!figures.target.isEmpty()) {
      figures.targetPlace = (network.layers().indexOf(layer) + 1.0) / network.layers().size();
      if (expected != null && expected.has("gradient")) {
        JsonObject gradient = expected.getAsJsonObject("gradient");
        figures.targetZeroGradients =
            gradient.get("zeros").getAsDouble() / gradient.get("count").getAsDouble();
      }
    }
    try {
      figures.stages = network.stages().size();
    } catch (RuntimeException e) {
      figures.note("stages", e.getClass().getSimpleName() + ": " + e.getMessage());
    }
  }

  /**
   * Medians of a Grad-CAM and of a forward pass, by turns, so that other work on the machine meets
   * both; and how many passes a Grad-CAM takes, by what this thread computed, which is all there is
   * with one thread, and which other work hardly changes.
   */
  private static void alternately(Runnable gradCam, Runnable forward, Figures figures) {
    double[][] times = new double[2][STEADY_RUNS];
    double[][] computed = new double[2][STEADY_RUNS];
    for (int run = 0; run < STEADY_RUNS; run++) {
      for (int which = 0; which < 2; which++) {
        long computedBefore = THREADS.getCurrentThreadCpuTime();
        long start = System.nanoTime();
        (which == 0 ? gradCam : forward).run();
        times[which][run] = 1000 * seconds(start);
        computed[which][run] = THREADS.getCurrentThreadCpuTime() - computedBefore;
      }
    }
    figures.steadyMilliseconds = median(times[0]);
    figures.forwardMilliseconds = median(times[1]);
    figures.passes = median(computed[0]) / median(computed[1]);
  }

  private static double median(double[] values) {
    Arrays.sort(values);
    return values[values.length / 2];
  }

  /** Where the map of the last block is taken: as it is found, or else with its layout stated. */
  private static void last(
      Path file, Network network, NDArray input, JsonObject reference, Figures figures) {
    figures.last = reference.get("last").getAsString();
    if (figures.last.isEmpty()) {
      return;
    }
    JsonObject layer = reference.getAsJsonObject("layers").getAsJsonObject(figures.last);
    try {
      Heatmap map = gradCam(network, input, figures.last, score(reference));
      figures.lastMap = map(map, layer, figures.last, figures);
      return;
    } catch (RuntimeException e) {
      figures.note("last block", e.getClass().getSimpleName() + ": " + e.getMessage());
    }
    Stated stated = Stated.NOTHING.layout(figures.last, layout(layer));
    try (Network other = load(file, reference, stated)) {
      Heatmap map = gradCam(other, input, figures.last, score(reference));
      figures.lastMap = map(map, layer, figures.last, figures);
      figures.lastStated = true;
    } catch (RuntimeException e) {
      figures.note("last block stated", e.getClass().getSimpleName() + ": " + e.getMessage());
    }
  }

  private static Network load(Path file, JsonObject reference, Stated stated) {
    Classes classes = Classes.numbered(reference.get("classes").getAsInt());
    Preprocessing size = size(reference.get("size").getAsInt());
    return file.toString().endsWith(".pt2")
        ? ExportedProgram.load(file, classes, size, stated)
        : TorchScript.load(file, classes, size, stated);
  }

  private static Layout layout(JsonObject layer) {
    String layout = layer.get("layout").getAsString();
    if (layout.equals("first")) {
      return Layout.CHANNELS_FIRST;
    }
    if (layout.equals("last")) {
      return Layout.CHANNELS_LAST;
    }
    JsonObject map = layer.getAsJsonObject("map");
    int before = Integer.parseInt(layout.substring(layout.indexOf(' ') + 1));
    return Layout.tokens(before, map.get("height").getAsInt(), map.get("width").getAsInt());
  }

  /** Finds the layouts of all layers at once, which one by one takes many more passes. */
  private static void survey(Network network, int size, Figures figures) {
    long start = System.nanoTime();
    try {
      network.hookPoints(Picture.of(size, size, new int[size * size]));
    } catch (RuntimeException e) {
      figures.note("hook points", e.getClass().getSimpleName() + ": " + e.getMessage());
    }
    figures.surveySeconds = seconds(start);
  }

  /** All layers in one recording. */
  private static void layers(
      Network network, NDArray input, JsonObject reference, Figures figures) {
    JsonObject expected = reference.getAsJsonObject("layers");
    List<String> names = network.layers();
    figures.layers = names.size();
    TorchScript model = (TorchScript) network.model();
    figures.refusedLayers = model.refused().size();
    for (String name : expected.keySet()) {
      if (!names.contains(name) && !model.refused().containsKey(name)) {
        figures.notListed++;
        figures.note("not listed", name);
      }
    }
    try (Recording recording = Recording.of(network, input, names)) {
      figures.logits =
          difference(recording.logits().toFloatArray(), reference.getAsJsonObject("logits"));
      List<String> ran = recording.layers();
      for (String name : names) {
        if (!ran.contains(name)) {
          figures.notRun++;
          figures.note("not run", name);
        } else if (!expected.has(name)) {
          figures.withoutReference++;
          figures.note("without reference", name);
        } else {
          layer(recording, name, expected.getAsJsonObject(name), score(reference), figures);
        }
      }
    }
  }

  private static void layer(
      Recording recording, String name, JsonObject expected, Target target, Figures figures) {
    NDArray activation = recording.output(name);
    long[] shape = GSON.fromJson(expected.get("shape"), long[].class);
    if (shape == null || !activation.getShape().equals(new Shape(shape))) {
      figures.wrongLayers++;
      figures.note(
          "wrong",
          "%s puts out %s, found %s"
              .formatted(name, Arrays.toString(shape), activation.getShape()));
      return;
    }
    if (!expected.has("gradient")) {
      return;
    }
    double ofActivation =
        difference(activation.toFloatArray(), expected.getAsJsonObject("activation"));
    double ofGradient =
        difference(
            recording.outputGradient(name, target).toFloatArray(),
            expected.getAsJsonObject("gradient"));
    figures.worstActivation = Math.max(figures.worstActivation, ofActivation);
    figures.worstGradient = Math.max(figures.worstGradient, ofGradient);
    if (!(ofActivation <= CLOSE && ofGradient <= CLOSE)) {
      figures.wrongLayers++;
      figures.note(
          "wrong",
          String.format(
              Locale.ROOT,
              "%s: activation differs by %.1e, gradient by %.1e of the largest",
              name,
              ofActivation,
              ofGradient));
    }
    if (expected.has("map")) {
      try {
        Heatmap map = new GradCam().heatmap(recording, name, target);
        if (map(map, expected, name, figures) <= CLOSE) {
          figures.mapsRight++;
        } else {
          figures.mapsWrong++;
        }
      } catch (RuntimeException e) {
        figures.mapsRefused++;
        figures.note("map refused", e.getClass().getSimpleName() + ": " + e.getMessage());
      }
    }
  }

  private static double map(Heatmap found, JsonObject layer, String name, Figures figures) {
    if (!layer.has("map")) {
      return Double.NaN;
    }
    JsonObject expected = layer.getAsJsonObject("map");
    int height = expected.get("height").getAsInt();
    int width = expected.get("width").getAsInt();
    double difference =
        found.height() == height && found.width() == width
            ? difference(found.values(), expected)
            : Double.POSITIVE_INFINITY;
    if (!(difference <= CLOSE)) {
      figures.note(
          "map wrong",
          String.format(
              Locale.ROOT,
              "%s (%s): %d×%d up to %.3g, found %d×%d up to %.3g, difference %.1e",
              name,
              layer.get("layout").getAsString(),
              height,
              width,
              expected.get("largest").getAsDouble(),
              found.height(),
              found.width(),
              found.max(),
              difference));
    }
    return difference;
  }

  /**
   * {@return the largest difference from a reference, as a share of its largest magnitude; of the
   * sum as a share of the sum of magnitudes}
   */
  private static double difference(float[] found, JsonObject expected) {
    JsonArray values = expected.getAsJsonArray("values");
    int count = expected.get("count").getAsInt();
    if (found.length != count) {
      return Double.POSITIVE_INFINITY;
    }
    double largest = expected.get("largest").getAsDouble();
    if (expected.has("terms")) {
      largest = Math.max(largest, CANCELLED * expected.get("terms").getAsDouble());
    }
    double difference = 0;
    double sum = 0;
    for (float value : found) {
      sum += value;
      difference = largest == 0 ? Math.max(difference, Math.abs(value)) : difference;
    }
    if (largest == 0) {
      return difference;
    }
    for (int i = 0; i < values.size(); i++) {
      int place = count > WHOLE ? (int) (STRIDE * i % count) : i;
      double off = Math.abs(found[place] - values.get(i).getAsDouble()) / largest;
      difference = Double.isNaN(off) ? Double.POSITIVE_INFINITY : Math.max(difference, off);
    }
    double magnitude = Math.max(expected.get("magnitude").getAsDouble(), largest);
    return Math.max(difference, Math.abs(sum - expected.get("sum").getAsDouble()) / magnitude);
  }
}
