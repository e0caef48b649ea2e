package camlab.training;

import camlab.cam.CamMethod;
import camlab.course.Models;
import camlab.drawing.Animal;
import camlab.drawing.Drawing;
import camlab.drawing.DrawingGenerator;
import camlab.drawing.Fauna;
import camlab.drawing.Stamp;
import camlab.evaluation.LabelledAnswers;
import camlab.evaluation.LabelledAnswers.Labelled;
import camlab.evaluation.MapEvidence;
import camlab.evaluation.MapExamination;
import camlab.evaluation.MapReport;
import camlab.evaluation.MapVerdict.Side;
import camlab.evaluation.Named;
import camlab.evaluation.VerdictTrial;
import camlab.file.WholeFile;
import camlab.measure.CascadingRandomization;
import camlab.network.LayeredNetwork;
import camlab.network.Network;
import camlab.network.torchscript.TorchScript;
import camlab.picture.Mask;
import camlab.picture.Picture;
import camlab.picture.Preprocessing;
import camlab.weights.StateDict;
import camlab.zoo.Plans;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * How often {@link MapExamination} is right: faults are planted in shipped networks, and the
 * verdict is asked for with the picture alone, with a mask of the animal, and with pictures whose
 * class is known besides.
 *
 * <p>A network that runs in training mode cannot be planted: whatever is opened runs in evaluation
 * mode. What can be is a file that would: its map is to be the sound network's. And a file whose
 * running averages are those from before the training, as when it was trained without being told to
 * keep them.
 */
@Command(
    name = "examine-maps",
    mixinStandardHelpOptions = true,
    description =
        "Asks for verdicts on maps of networks with planted faults, and counts the right ones.")
public final class ExamineMaps implements Callable<Integer> {

  /** No network was trained or scored on drawings of these seeds. */
  private static final long SEEDS = 8_500_000_000L;

  private static final long KNOWN_SEEDS = SEEDS + 1_000_000;
  private static final int KNOWN = 20;
  private static final int SIDE = 224;

  @Option(
      names = "--pictures",
      defaultValue = "21",
      description = "Pictures of each fault, at least. Default: ${DEFAULT-VALUE}.")
  private int pictures;

  @Option(
      names = "--faults",
      split = ",",
      description = "Which faults, with commas between. Default: all, and none.")
  private List<String> faults = List.of();

  @Option(
      names = "--to",
      required = true,
      description =
          "The CSV file to write: a row for each picture, fault, and amount of knowledge.")
  private Path to;

  @Option(
      names = "--count",
      description = "Ask for nothing: only count what is in the file that was written before.")
  private boolean count;

  /**
   * A network with a fault or without.
   *
   * @param fault what is wrong; several cases may have the same
   * @param right the right verdict
   * @param name of the shipped network
   * @param how in words
   * @param network opens it
   * @param layer where to look; empty for the default
   * @param stamped whether dogs bear a stamp
   */
  record Case(
      String fault,
      Side right,
      String name,
      String how,
      Supplier<Network> network,
      Optional<String> layer,
      boolean stamped) {

    Fauna fauna() {
      return name.endsWith("pets") ? Fauna.PETS : Fauna.WILDLIFE;
    }
  }

  /** Runs the command line and exits with its code. */
  public static void main(String[] arguments) {
    System.exit(Programs.of(new ExamineMaps()).execute(arguments));
  }

  @Override
  public Integer call() throws IOException {
    VerdictTrial trial = count ? VerdictTrial.read(to) : asked();
    trial.lines().forEach(line -> System.out.println(words(line)));
    return 0;
  }

  /**
   * Such as {@code shortcut, picture: NETWORK on 0 of 21 [0.00, 0.15]; NETWORK 0, METHOD 16, …}.
   */
  static String words(VerdictTrial.Line line) {
    return String.format(
        Locale.ROOT,
        "%s, %s: %s on %d of %d [%.2f, %.2f]; %s",
        line.fault(),
        line.known(),
        line.right().name(),
        line.hits(),
        line.total(),
        line.low(),
        line.high(),
        Arrays.stream(Side.values())
            .map(side -> side.name() + " " + line.said().get(side))
            .collect(Collectors.joining(", ")));
  }

  private VerdictTrial asked() throws IOException {
    VerdictTrial trial = new VerdictTrial();
    List<Case> all =
        cases().stream().filter(each -> faults.isEmpty() || faults.contains(each.fault())).toList();
    for (Case tried : all) {
      long same = all.stream().filter(each -> each.fault().equals(tried.fault())).count();
      try (Network network = tried.network().get()) {
        examine(trial, tried, network, Math.toIntExact((pictures + same - 1) / same));
      }
      WholeFile.write(to, String.join("\n", trial.csv()) + "\n");
    }
    return trial;
  }

  /** Faults by fault, of shipped networks. */
  static List<Case> cases() {
    List<Case> cases = new ArrayList<>();
    for (String name :
        List.of("alexnet-drawn-pets", "vgg16-drawn-wildlife", "resnet50-drawn-wildlife")) {
      cases.add(sound("none", Side.NOTHING_AGAINST, name, Optional.empty()));
    }
    cases.add(
        new Case(
            "shortcut",
            Side.NETWORK,
            "alexnet-stamped-pets",
            "stamped dogs",
            () -> Models.load("alexnet-stamped-pets"),
            Optional.empty(),
            true));
    for (int seed = 21; seed < 23; seed++) {
      cases.add(untrained("alexnet-drawn-pets", seed));
      cases.add(untrained("vgg16-drawn-wildlife", seed));
    }
    cases.add(early("alexnet-drawn-pets", "features.0"));
    cases.add(early("alexnet-drawn-pets", "features.3"));
    cases.add(early("vgg16-drawn-wildlife", "features.2"));
    Preprocessing usual = Models.PREPROCESSING;
    cases.add(prepared("not normalised", Preprocessing.builder().shortSide(224).crop(224).build()));
    cases.add(
        prepared("0 to 255", Preprocessing.builder().shortSide(224).crop(224).scale255().build()));
    cases.add(prepared("colours exchanged", usual.toBuilder().bgr().build()));
    cases.add(
        new Case(
            "traced in training mode",
            Side.NOTHING_AGAINST,
            "resnet50-drawn-wildlife-torchscript",
            "its norms average over the picture",
            ExamineMaps::tracedInTraining,
            Optional.empty(),
            false));
    cases.add(
        new Case(
            "averages not kept",
            Side.NETWORK,
            "resnet50-drawn-wildlife",
            "running averages 0 and 1",
            () -> withoutAverages("resnet50-drawn-wildlife"),
            Optional.empty(),
            false));
    return cases;
  }

  private static Case sound(String fault, Side right, String name, Optional<String> layer) {
    return new Case(
        fault, right, name, layer.orElse("as shipped"), () -> Models.load(name), layer, false);
  }

  private static Case early(String name, String layer) {
    return sound("layer too early", Side.METHOD, name, Optional.of(layer));
  }

  private static Case untrained(String name, long seed) {
    return new Case(
        "untrained",
        Side.NETWORK,
        name,
        "weights by lot, seed " + seed,
        () -> untrainedNetwork(name, seed),
        Optional.empty(),
        false);
  }

  /** Of other weights than the examination's own; with memory of its own. */
  private static Network untrainedNetwork(String name, long seed) {
    Path file = Models.file(name);
    StateDict weights = StateDict.read(file);
    try (LayeredNetwork trained = Models.layered(name)) {
      CascadingRandomization lots = CascadingRandomization.ofAllLayers(trained, seed);
      StateDict.Builder drawn = StateDict.builder();
      lots.values(trained).forEach((key, values) -> drawn.put(key, weights.shape(key), values));
      return Network.of(
          Plans.recognise(weights, file),
          drawn.build(),
          trained.classes(),
          trained.preprocessing());
    }
  }

  /** The file as a trace of the network in training mode would have it. */
  private static Network tracedInTraining() {
    String name = "resnet50-drawn-wildlife-torchscript";
    try (Network sound = Models.load(name)) {
      Path traced = Files.createTempFile("training", ".pt");
      try {
        Files.copy(Models.file(name), traced, StandardCopyOption.REPLACE_EXISTING);
        // Uncompressed and with the old times, so that the file is the same whenever it is written.
        try (FileSystem zip = FileSystems.newFileSystem(traced, Map.of("noCompression", "true"));
            Stream<Path> files = Files.walk(zip.getPath("/"))) {
          for (Path file : files.filter(each -> each.toString().endsWith(".py")).toList()) {
            FileTime written = Files.getLastModifiedTime(file);
            Files.writeString(
                file,
                Files.readString(file)
                    .replace("running_var, False, 0.1", "running_var, True, 0.1"));
            Files.setLastModifiedTime(file, written);
          }
        }
        return TorchScript.load(traced, sound.classes(), sound.preprocessing());
      } finally {
        Files.delete(traced);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Norms with the averages that they have before they saw a picture. */
  private static Network withoutAverages(String name) {
    Path file = Models.file(name);
    StateDict weights = StateDict.read(file);
    StateDict.Builder reset = StateDict.builder();
    for (String key : weights.names()) {
      float[] values = weights.floats(key);
      if (key.endsWith(".running_mean")) {
        Arrays.fill(values, 0);
      } else if (key.endsWith(".running_var")) {
        Arrays.fill(values, 1);
      }
      reset.put(key, weights.shape(key), values);
    }
    try (Network sound = Models.load(name)) {
      return Network.of(
          Plans.recognise(weights, file), reset.build(), sound.classes(), sound.preprocessing());
    }
  }

  private static Case prepared(String how, Preprocessing preprocessing) {
    String name = "alexnet-drawn-pets";
    return new Case(
        "wrong preprocessing",
        Side.NETWORK,
        name,
        how,
        () -> {
          Path file = Models.file(name);
          StateDict weights = StateDict.read(file);
          try (Network sound = Models.load(name)) {
            return Network.of(
                Plans.recognise(weights, file), weights, sound.classes(), preprocessing);
          }
        },
        Optional.empty(),
        false);
  }

  /** Asks about several pictures, each with less and with more known. */
  static void examine(VerdictTrial trial, Case tried, Network network, int pictures) {
    MapExamination examination = new MapExamination().with(answers(tried, network));
    MapExamination placed = tried.layer().map(examination::at).orElse(examination);
    for (int i = 0; i < pictures; i++) {
      Shown shown = shown(tried, i);
      String said = network.predict(shown.picture()).get(0).name();
      MapReport report = placed.of(network, shown.picture(), said, Optional.of(shown.mask()));
      add(trial, tried, network, shown, placed, report);
      System.out.printf(
          Locale.ROOT,
          "%s, %s, %s: %s %s%n",
          tried.fault(),
          tried.name(),
          tried.how(),
          said,
          report.evidence());
    }
  }

  /**
   * A picture that is asked about.
   *
   * @param name tells its seed
   * @param picture the picture
   * @param mask of its animal
   */
  record Shown(String name, Picture picture, Mask mask) {}

  /** The picture of a number from 0. */
  static Shown shown(Case tried, int number) {
    long seed = SEEDS + number;
    Animal animal = tried.fauna().animals().get(tried.stamped() ? 1 : number % 2);
    Drawing drawing = new DrawingGenerator(tried.fauna()).single(animal, seed, SIDE);
    return new Shown(
        animal.label() + ", seed " + seed, picture(tried, animal, drawing, seed), drawing.mask());
  }

  private static void add(
      VerdictTrial trial,
      Case tried,
      Network network,
      Shown shown,
      MapExamination examination,
      MapReport report) {
    MapEvidence all = report.evidence();
    MapEvidence withMask = all.withoutLabels();
    Map<String, MapEvidence> byKnowledge = new LinkedHashMap<>();
    byKnowledge.put("picture", withMask.withoutObject());
    byKnowledge.put("picture and mask", withMask);
    byKnowledge.put("picture, mask, 20 labelled", all);
    Named className =
        new Named(
            report.className(),
            network.classes().index(report.className()) + " in " + shown.mask().checksum());
    Named named = new Named(tried.name(), network.identity());
    byKnowledge.forEach(
        (known, evidence) ->
            trial.add(
                new VerdictTrial.Row(
                    tried.fault(),
                    tried.how(),
                    tried.right(),
                    named,
                    report.hookPoint().value(),
                    new Named(shown.name(), shown.picture().checksum()),
                    className,
                    examination.method().identity(),
                    examination.others().stream().map(CamMethod::identity).toList(),
                    known,
                    evidence)));
  }

  private static Picture picture(Case tried, Animal animal, Drawing drawing, long seed) {
    Picture plain = Picture.of(drawing.image());
    boolean stamp = tried.stamped() && animal == tried.fauna().animals().get(1);
    return stamp ? Stamp.any(new SplittableRandom(seed)).on(plain) : plain;
  }

  /** Of pictures as those that the network was trained on, stamps included. */
  private static LabelledAnswers answers(Case tried, Network network) {
    List<Labelled> known = new ArrayList<>();
    for (int i = 0; i < KNOWN; i++) {
      Animal animal = tried.fauna().animals().get(i % 2);
      long seed = KNOWN_SEEDS + i;
      known.add(
          new Labelled(
              () ->
                  picture(
                      tried,
                      animal,
                      new DrawingGenerator(tried.fauna()).withoutMasks().single(animal, seed, SIDE),
                      seed),
              animal.label()));
    }
    return LabelledAnswers.of(network, known);
  }
}
