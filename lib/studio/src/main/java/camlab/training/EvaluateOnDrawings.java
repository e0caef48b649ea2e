package camlab.training;

import camlab.cam.CamMethod;
import camlab.cam.GradCam;
import camlab.cam.GradCamPlusPlus;
import camlab.cam.LayerCam;
import camlab.capture.Recording;
import camlab.capture.Target;
import camlab.course.Models;
import camlab.drawing.Animal;
import camlab.drawing.Drawing;
import camlab.drawing.DrawingGenerator;
import camlab.drawing.DrawnAnimal;
import camlab.heatmap.Heatmap;
import camlab.measure.PointingGame;
import camlab.network.Network;
import camlab.picture.Picture;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Scores a network of drawn animals on drawings it was never trained on. */
@Command(
    name = "evaluate-on-drawings",
    mixinStandardHelpOptions = true,
    description = "Scores a network on drawings it was never trained on.")
public final class EvaluateOnDrawings implements Callable<Integer> {

  private static final long SEEDS = 3_000_000_000L;
  private static final long PAIR_SEEDS = SEEDS + 1_000_000;
  private static final int SIDE = 224;
  private static final int PAPER_TOLERANCE = 15;

  @Option(names = "--network", required = true, description = "Which: ${COMPLETION-CANDIDATES}.")
  private DrawnNetwork drawn;

  @ArgGroup(multiplicity = "1")
  private Subject subject;

  /** What is scored. */
  private static final class Subject {

    @Option(names = "--weights", required = true, description = "The weights file.")
    private Path weights;

    @Option(
        names = "--shipped",
        required = true,
        description = "A shipped network that was trained on the same drawings, by its name.")
    private String shipped;
  }

  @Option(
      names = "--singles",
      defaultValue = "1000",
      description = "Pictures of one animal. Default: ${DEFAULT-VALUE}.")
  private int singles;

  @Option(
      names = "--pairs",
      defaultValue = "200",
      description = "Pictures of both kinds. Default: ${DEFAULT-VALUE}.")
  private int pairs;

  /** Runs the command line and exits with its code. */
  public static void main(String[] arguments) {
    System.exit(Programs.of(new EvaluateOnDrawings()).execute(arguments));
  }

  @Override
  public Integer call() {
    try (Network network = network()) {
      accuracy(network, "", World.Stamped.NEVER);
      World.Stamped stamped = drawn.world().stamped();
      if (!stamped.equals(World.Stamped.NEVER)) {
        accuracy(network, ", stamped as in training", stamped);
        accuracy(network, ", stamps exchanged", stamped.exchanged());
      }
      pointing(network);
    }
    return 0;
  }

  private Network network() {
    if (subject.weights == null) {
      return Models.load(subject.shipped);
    }
    Recipe recipe = drawn.recipe();
    return Network.load(
        recipe.plan(),
        subject.weights,
        recipe.classes(drawn.world().fauna().animals().stream().map(Animal::label).toList()),
        recipe.preprocessing());
  }

  private void accuracy(Network network, String how, World.Stamped stamped) {
    List<Animal> kinds = drawn.world().fauna().animals();
    DrawingGenerator generator = new DrawingGenerator(drawn.world().fauna()).withoutMasks();
    SplittableRandom random = new SplittableRandom(SEEDS);
    int right = 0;
    for (Animal animal : kinds) {
      int rightOfKind = 0;
      for (int i = 0; i < singles / 2; i++) {
        Picture plain = Picture.of(generator.single(animal, SEEDS + i, SIDE).image());
        Picture picture = stamped.on(plain, animal == kinds.get(0), random);
        String answer = network.predict(picture).get(0).name();
        rightOfKind += answer.equals(animal.label()) ? 1 : 0;
      }
      System.out.printf(
          Locale.ROOT,
          "%s alone%s: %d of %d right%n",
          animal.label(),
          how,
          rightOfKind,
          singles / 2);
      right += rightOfKind;
    }
    System.out.printf(
        Locale.ROOT,
        "accuracy on %d single animals%s: %.2f %%%n",
        singles,
        how,
        100.0 * right / singles);
  }

  /** Every pair is drawn and run once; all methods share its recording. */
  private void pointing(Network network) {
    DrawingGenerator generator = new DrawingGenerator(drawn.world().fauna());
    Map<String, Integer> hits = new LinkedHashMap<>();
    for (int i = 0; i < pairs; i++) {
      Drawing drawing = generator.pair(PAIR_SEEDS + i, SIDE);
      try (Recording recording =
          Recording.of(network, Picture.of(drawing.image()), network.targetLayer())) {
        for (CamMethod method : List.of(new GradCam(), new LayerCam(), new GradCamPlusPlus())) {
          play(recording, method, drawing, hits);
        }
      }
    }
    hits.forEach(
        (game, count) ->
            System.out.printf(
                Locale.ROOT,
                "pointing game on %d pairs, %s: %.1f %%%n",
                pairs,
                game,
                100.0 * count / pairs));
  }

  private static void play(
      Recording recording, CamMethod method, Drawing drawing, Map<String, Integer> hits) {
    for (DrawnAnimal drawn : drawing.animals()) {
      String animal = drawn.animal().label();
      Heatmap map = method.heatmap(recording, recording.network().targetLayer(), Target.of(animal));
      for (int tolerance : List.of(0, PAPER_TOLERANCE)) {
        boolean hit = new PointingGame(tolerance).hits(map, drawn.mask());
        String game =
            String.format(Locale.ROOT, "%s, tolerance %d, %s", method.name(), tolerance, animal);
        hits.merge(game, hit ? 1 : 0, Integer::sum);
      }
    }
  }
}
