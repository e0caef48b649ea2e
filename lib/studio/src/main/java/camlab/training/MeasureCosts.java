package camlab.training;

import camlab.cam.Blank;
import camlab.cam.CamMethod;
import camlab.cam.Catalogue;
import camlab.cam.ExpectedGradients;
import camlab.cam.IsCam;
import camlab.cam.KernelShap;
import camlab.cam.LayerCam;
import camlab.cam.LayerwiseRelevance;
import camlab.cam.Lime;
import camlab.cam.LrpComposite;
import camlab.cam.RegionGrid;
import camlab.cam.Rise;
import camlab.cam.SsCam;
import camlab.capture.Recording;
import camlab.capture.Target;
import camlab.concept.ActivationMaximization;
import camlab.concept.Craft;
import camlab.concept.DeepFeatureFactorization;
import camlab.concept.Examples;
import camlab.concept.Objective;
import camlab.concept.Tcav;
import camlab.course.Gallery;
import camlab.course.Models;
import camlab.file.WholeFile;
import camlab.heatmap.Heatmap;
import camlab.network.Network;
import camlab.network.NotApplicableException;
import camlab.network.Stated;
import camlab.network.UnknownNameException;
import camlab.network.export.ExportedProgram;
import camlab.picture.Picture;
import camlab.progress.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * What a map costs: processor time and memory of every method on five of the shipped networks.
 *
 * <p>One picture, one class, the network's default layer, and the recording is part of the map. A
 * map is made once to warm up and {@value #RUNS} times more, of which the median counts; one that
 * takes longer than {@value #SLOW} s of processor time the first time is not made again. Memory is
 * by how much the process's resident memory rose at most while a map was made; only Linux tells it.
 * Methods that ask as often as they are told to are given fewer questions, and the table says how
 * many.
 *
 * <p>Beside the catalogue's methods stand those that explain one picture and are no line of it: the
 * maps of several layers as one, expected gradients, and the factorisation of a layer. What takes
 * pictures of a concept or of a class has no row.
 */
@Command(
    name = "measure-costs",
    mixinStandardHelpOptions = true,
    description = "Measures what a map by each method costs, and writes the table into a page.")
public final class MeasureCosts implements Callable<Integer> {

  private static final PageTable TABLE = new PageTable("costs");
  private static final int USUAL_BATCH = 16;

  /** One backward pass has the gradients at all layers. */
  private static final String ONE_OF_EACH = "1 forward, 1 backward";

  @Option(
      names = "--networks",
      split = ",",
      defaultValue =
          "alexnet-drawn-pets,vgg16-drawn-wildlife,resnet50-drawn-wildlife,xception-drawn-wildlife,vit-drawn-wildlife",
      description = "Names of shipped networks. Default: ${DEFAULT-VALUE}.")
  private List<String> networks = List.of();

  @Option(
      names = "--methods",
      split = ",",
      description = "Names of rows, with commas between, up to their comma. Default: all.")
  private List<String> names = List.of();

  @Option(
      names = "--to",
      required = true,
      description = "The page, which has the lines <!-- costs --> and <!-- end of costs -->.")
  private Path page;

  /** Runs the command line and exits with its code. */
  public static void main(String[] arguments) {
    System.exit(Programs.of(new MeasureCosts()).execute(arguments));
  }

  @Override
  public Integer call() throws IOException {
    // What is wrong with the page is told now, and not when all is measured.
    TABLE.on(Files.readString(page), List.of());
    List<Row> rows = rows();
    List<List<String>> cells = new ArrayList<>();
    rows.forEach(row -> cells.add(new ArrayList<>()));
    for (String name : networks) {
      try (Network network = network(name)) {
        Picture picture = picture(network);
        for (int i = 0; i < rows.size(); i++) {
          String cell = rows.get(i).cell(network, picture);
          cells.get(i).add(cell);
          System.out.printf(Locale.ROOT, "%s, %s: %s%n", name, rows.get(i).name(), cell);
        }
      }
    }
    List<String> table = new ArrayList<>();
    table.add("| method | passes | " + String.join(" | ", networks) + " |");
    table.add("|---|---|" + "---|".repeat(networks.size()));
    for (int i = 0; i < rows.size(); i++) {
      Row row = rows.get(i);
      table.add(
          "| %s | %s | %s |".formatted(row.name(), row.passes(), String.join(" | ", cells.get(i))));
    }
    WholeFile.write(page, TABLE.on(Files.readString(page), table));
    return 0;
  }

  /** What is done with a network and a picture. */
  private record Row(String name, String passes, BiConsumer<Network, Picture> work) {

    static Row of(String name, String passes, CamMethod method) {
      return new Row(
          name,
          passes,
          (network, picture) ->
              method.heatmap(network, picture, network.targetLayer(), Target.of(0)));
    }

    /** Of all layers behind which maps become smaller. */
    static Row ofStages(String name, String passes, OfLayers method) {
      return new Row(
          name,
          passes,
          (network, picture) -> {
            List<String> stages = network.stages();
            try (Recording recording =
                Recording.of(network, picture, stages.toArray(String[]::new))) {
              method.fused(recording, stages, Target.of(0));
            }
          });
    }

    /** What stands before the comma. */
    String shortName() {
      return name.replaceAll(",.*", "");
    }

    String cell(Network network, Picture picture) {
      try {
        return Cost.of(() -> work.accept(network, picture)).toString();
      } catch (NotApplicableException e) {
        return "—";
      }
    }
  }

  /** A method that makes one map of several layers. */
  private interface OfLayers {
    Heatmap fused(Recording recording, List<String> layers, Target target);
  }

  private List<Row> rows() {
    List<Row> rows = new ArrayList<>();
    Map<String, Row> fewer = fewer();
    for (Catalogue.Entry entry : Catalogue.entries()) {
      Row asItIs = Row.of(entry.name(), entry.passes(), entry.method());
      rows.add(fewer.getOrDefault(entry.name(), asItIs));
      if (entry.method() instanceof LayerwiseRelevance) {
        rows.addAll(otherComposites());
      }
    }
    rows.add(Row.ofStages("LayerCAM of all stages", ONE_OF_EACH, new LayerCam()::fused));
    rows.add(
        new Row(
            "Expected gradients, 1 reference",
            "51 forward, 50 backward (or as many as asked)",
            (network, picture) ->
                new ExpectedGradients(List.of(picture.flipped()))
                    .heatmap(network, picture, network.targetLayer(), Target.of(0))));
    rows.add(
        new Row(
            "Deep feature factorisation, 5 concepts",
            "1 forward, 1 forward behind the layer per concept",
            (network, picture) -> new DeepFeatureFactorization().of(network, List.of(picture))));
    rows.add(
        new Row(
            "CRAFT, 10 concepts of 4 pictures",
            "1 forward per crop and picture, 352 behind the layer per picture",
            (network, picture) -> new Craft().of(network, Target.of(0), some(network, 0, 4))));
    rows.add(
        new Row(
            "TCAV, 4 sets of 8 pictures and 8 of the class",
            "1 forward per picture: 40, 1 backward per picture of the class: 8",
            MeasureCosts::testConcept));
    rows.add(
        new Row(
            "Activation maximisation, 16 steps",
            "16 forward, 16 backward",
            (network, picture) ->
                new ActivationMaximization(16, 0.05, 8, true, 0, Progress.NONE)
                    .of(network, Objective.of(Target.of(0)))));
    List<Row> asked = names.isEmpty() ? rows : names.stream().map(name -> row(name, rows)).toList();
    List<Row> all = new ArrayList<>(asked);
    all.add(0, new Row("(a prediction)", "1 forward", Network::predict));
    return all;
  }

  /** Relevance with other rules than the catalogue's; what has two terms takes a pass more. */
  private static List<Row> otherComposites() {
    return List.of(
        ofComposite("3 forward, 1 backward", LrpComposite.EPSILON_ONLY),
        ofComposite("3 forward, 1 backward", LrpComposite.EPSILON_PLUS_FLAT),
        ofComposite("4 forward, 1 backward", LrpComposite.EPSILON_ALPHA2_BETA1),
        ofComposite("4 forward, 1 backward", LrpComposite.EPSILON_ALPHA2_BETA1_FLAT),
        ofComposite("4 forward, 1 backward", LrpComposite.EPSILON_GAMMA_BOX));
  }

  private static Row ofComposite(String passes, LrpComposite composite) {
    CamMethod method = new LayerwiseRelevance(composite);
    return Row.of(method.name(), passes, method);
  }

  /** Upper and lower case are alike. */
  private static Row row(String name, List<Row> rows) {
    return rows.stream()
        .filter(row -> row.shortName().equalsIgnoreCase(name))
        .findFirst()
        .orElseThrow(
            () -> UnknownNameException.of("row", name, rows.stream().map(Row::shortName).toList()));
  }

  /** The methods whose usual settings would take minutes, and what they are given instead. */
  private static Map<String, Row> fewer() {
    Map<String, Row> fewer = new LinkedHashMap<>();
    add(
        fewer,
        new SsCam(1, 2, 0, USUAL_BATCH, Progress.NONE),
        ", 1 sample",
        "1 forward, 1 forward per channel");
    add(
        fewer,
        new IsCam(1, USUAL_BATCH, Progress.NONE),
        ", 1 step",
        "1 forward, 1 forward per channel");
    add(fewer, new Rise(400, 7, 0.5, 0, Blank.GREY), ", 400 masks", "1 forward, 400 forward");
    add(
        fewer,
        new Lime(RegionGrid.USUAL, Blank.GREY, 200, 0),
        ", 200 samples",
        "1 forward, 200 forward");
    add(
        fewer,
        new KernelShap(RegionGrid.USUAL, Blank.GREY, 200, 0),
        ", 200 samples",
        "1 forward, 202 forward");
    return fewer;
  }

  private static void add(Map<String, Row> rows, CamMethod method, String with, String passes) {
    rows.put(method.name(), Row.of(method.name() + with, passes, method));
  }

  private static Network network(String name) {
    Network network = Models.load(name);
    if (!name.startsWith("vit-")) {
      return network;
    }
    try (network) {
      return ExportedProgram.loadShowingAttention(
          Models.file(name), network.classes(), network.preprocessing(), Stated.NOTHING);
    }
  }

  private static Picture picture(Network network) {
    return gallery(network).entry("both").picture();
  }

  private static Gallery gallery(Network network) {
    return network.classes().names().contains("cat")
        ? Gallery.drawnPets()
        : Gallery.drawnWildlife();
  }

  private static List<Picture> some(Network network, int from, int count) {
    return gallery(network).entries(Gallery.TEST).subList(from, from + count).stream()
        .map(Gallery.Entry::picture)
        .toList();
  }

  /** One set for a concept against three, and what the last eight of the pictures say of it. */
  private static void testConcept(Network network, Picture picture) {
    int count = 8;
    List<Examples> sets =
        IntStream.range(0, 4)
            .mapToObj(i -> new Examples("set " + i, some(network, i * count, count)))
            .toList();
    new Tcav()
        .test(
            network,
            network.targetLayer(),
            Target.of(0),
            sets.get(0),
            sets.subList(1, 4),
            some(network, 4 * count, count));
  }
}
