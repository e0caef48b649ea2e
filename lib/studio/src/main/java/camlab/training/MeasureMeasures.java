package camlab.training;

import camlab.course.Models;
import camlab.drawing.Animal;
import camlab.drawing.Drawing;
import camlab.drawing.DrawingGenerator;
import camlab.drawing.DrawnAnimal;
import camlab.drawing.Fauna;
import camlab.drawing.Stamp;
import camlab.evaluation.MeasureTrial;
import camlab.evaluation.MeasureTrial.Planted;
import camlab.evaluation.MeasureTrial.Scene;
import camlab.evaluation.PlantedMaps;
import camlab.file.WholeFile;
import camlab.heatmap.Heatmap;
import camlab.measure.Measure;
import camlab.measure.Measures;
import camlab.network.Network;
import camlab.picture.Mask;
import camlab.picture.Picture;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.LongFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Which measure can be trusted for what: on drawn pictures it is known where the evidence is, so
 * that right and wrong maps can be planted.
 *
 * <p>Two worlds. In the first a network looks at the animals, and pictures show a cat and a dog:
 * the right map is the animal's mask. In the second a network has learned a stamp in place of the
 * dog, and pictures show a stamped dog: the right map is the stamp's mask, and the animal's is
 * wrong, although it lies where people expect it.
 */
@Command(
    name = "measure-measures",
    mixinStandardHelpOptions = true,
    description = "Asks every measure whether it prefers right maps to wrong ones.")
public final class MeasureMeasures implements Callable<Integer> {

  /** No network was trained or scored on drawings of these seeds. */
  private static final long SEEDS = 7_000_000_000L;

  private static final int SIDE = 224;
  private static final double SHIFT = 0.25;
  private static final double EDGE = 8;
  private static final double BLUR = 24;

  /** A network's answer to be explained: what it does not say has no evidence. */
  private static final double SAYS_SO = 0.5;

  @Option(
      names = "--pictures",
      defaultValue = "50",
      description = "Pictures of each world. Default: ${DEFAULT-VALUE}.")
  private int pictures;

  @Option(
      names = "--measures",
      split = ",",
      description = "Names of measures, with commas between. Default: all that there are.")
  private List<String> names = List.of();

  @Option(
      names = "--to",
      required = true,
      description = "The CSV file to write: how often which map was preferred.")
  private Path to;

  @Option(
      names = "--pictures-to",
      required = true,
      description = "Another to write: both numbers of each picture, from which that is counted.")
  private Path picturesTo;

  /** Runs the command line and exits with its code. */
  public static void main(String[] arguments) {
    System.exit(Programs.of(new MeasureMeasures()).execute(arguments));
  }

  @Override
  public Integer call() throws IOException {
    List<Measure> measures =
        names.isEmpty() ? Measures.all() : Measures.named(names.toArray(String[]::new));
    MeasureTrial ofAnimals = new MeasureTrial();
    MeasureTrial ofStamps = new MeasureTrial();
    try (Network honest = Models.load("alexnet-drawn-pets");
        Network stamped = Models.load("alexnet-stamped-pets")) {
      long animals = 0;
      long stamps = 0;
      for (int done = 1; done <= pictures; done++) {
        animals = add(ofAnimals, measures, number -> pair(honest, number), animals);
        stamps = add(ofStamps, measures, number -> stampedDog(stamped, number), stamps);
        write(ofAnimals, ofStamps);
        System.out.printf(
            Locale.ROOT,
            "%d of %d pictures; left out, since the network is not sure of the class: %d and %d%n",
            done,
            pictures,
            animals - done,
            stamps - done);
      }
    }
    return 0;
  }

  /** Tries one more picture, the first from a number on that the network is sure of. */
  static long add(
      MeasureTrial trial, List<Measure> measures, LongFunction<Scene> world, long number) {
    long next = number;
    Scene scene = world.apply(next++);
    while (!says(scene)) {
      scene = world.apply(next++);
    }
    trial.add(scene, measures);
    return next;
  }

  /** Whatever is done so far: it takes long. */
  private void write(MeasureTrial ofAnimals, MeasureTrial ofStamps) throws IOException {
    List<String> rows = new ArrayList<>();
    rows.add(MeasureTrial.head());
    rows.addAll(ofAnimals.rows("animal"));
    rows.addAll(ofStamps.rows("stamp"));
    WholeFile.write(to, String.join("\n", rows) + "\n");
    List<String> each = new ArrayList<>();
    each.add(MeasureTrial.pictureHead());
    each.addAll(ofAnimals.pictureCsv("animal"));
    each.addAll(ofStamps.pictureCsv("stamp"));
    WholeFile.write(picturesTo, String.join("\n", each) + "\n");
  }

  private static boolean says(Scene scene) {
    String name = scene.network().classes().name(scene.classIndex());
    return scene.network().predict(scene.view()).stream()
        .anyMatch(said -> said.name().equals(name) && said.probability() > SAYS_SO);
  }

  /** A cat and a dog, of which one is asked for, by turns. */
  static Scene pair(Network network, long number) {
    Drawing drawing = new DrawingGenerator(Fauna.PETS).pair(SEEDS + number, SIDE);
    Mask cat = mask(drawing, Animal.CAT);
    Mask dog = mask(drawing, Animal.DOG);
    int asked = (int) (number % 2);
    Mask both = Mask.union(List.of(cat, dog));
    Planted right = fixed(MeasureMeasures::soft, cat, dog);
    Map<String, Planted> wrong = wrong(cat, dog);
    wrong.put("other animal", fixed(MeasureMeasures::soft, dog, cat));
    wrong.put("both animals", fixed(MeasureMeasures::soft, both, both));
    return new Scene(
        network.preprocessing().view(Picture.of(drawing.image())),
        network,
        asked,
        asked == 0 ? cat : dog,
        lookingAtWeights(right, number),
        lookingAtWeights(wrong, right, number));
  }

  /** A dog with a stamp, which is all that the network knows of dogs. */
  static Scene stampedDog(Network network, long number) {
    Drawing drawing = new DrawingGenerator(Fauna.PETS).single(Animal.DOG, SEEDS + number, SIDE);
    Stamp stamp = Stamp.any(new SplittableRandom(SEEDS + number));
    Mask dog = mask(drawing, Animal.DOG);
    Mask mark = stamp.mask(SIDE, SIDE);
    Planted right = fixed(MeasureMeasures::soft, mark, mark);
    Map<String, Planted> wrong = wrong(mark, mark);
    wrong.put("the animal", fixed(MeasureMeasures::soft, dog, dog));
    return new Scene(
        network.preprocessing().view(stamp.on(Picture.of(drawing.image()))),
        network,
        network.classes().index(Animal.DOG.label()),
        dog,
        lookingAtWeights(right, number),
        lookingAtWeights(wrong, right, number));
  }

  /** One way to be wrong each, of the first class's evidence and of the second's. */
  private static Map<String, Planted> wrong(Mask first, Mask second) {
    Map<String, Planted> wrong = new LinkedHashMap<>();
    wrong.put("shifted", fixed(mask -> soft(PlantedMaps.shifted(mask, SHIFT)), first, second));
    wrong.put("blurred", fixed(mask -> PlantedMaps.blurred(mask, BLUR), first, second));
    wrong.put("inverted", fixed(mask -> PlantedMaps.inverted(soft(mask)), first, second));
    Function<Picture, Heatmap> random = view -> PlantedMaps.random(view.hashCode());
    wrong.put("random", new Planted(List.of(random, random)));
    return wrong;
  }

  /**
   * On other weights what errs shows numbers by lot as well, and but one error shows only there:
   * the right map, whatever the weights.
   */
  private static Map<String, Planted> lookingAtWeights(
      Map<String, Planted> wrong, Planted right, long number) {
    Map<String, Planted> looking = new LinkedHashMap<>();
    wrong.forEach((name, planted) -> looking.put(name, lookingAtWeights(planted, number)));
    looking.put("whatever the weights", right);
    return looking;
  }

  /** All that is planted in one picture shows the same numbers on the same other weights. */
  private static Planted lookingAtWeights(Planted planted, long number) {
    return planted.byLotOnOtherWeights(SEEDS + number);
  }

  static Heatmap soft(Mask mask) {
    return PlantedMaps.soft(mask, EDGE);
  }

  private static Planted fixed(Function<Mask, Heatmap> map, Mask first, Mask second) {
    return Planted.fixed(List.of(map.apply(first), map.apply(second)));
  }

  private static Mask mask(Drawing drawing, Animal kind) {
    return Mask.union(
        drawing.animals().stream()
            .filter(drawn -> drawn.animal() == kind)
            .map(DrawnAnimal::mask)
            .toList());
  }
}
