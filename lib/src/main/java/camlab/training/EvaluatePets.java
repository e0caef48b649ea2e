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
import camlab.measure.PointingGame;
import camlab.network.AlexNet;
import camlab.network.Classes;
import camlab.network.Network;
import camlab.picture.Mask;
import camlab.picture.Picture;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Scores a network of drawn pets on drawings it was never trained on. */
@Command(
    name = "evaluate-pets",
    mixinStandardHelpOptions = true,
    description = "Scores a network on drawings it was never trained on.")
public final class EvaluatePets implements Callable<Integer> {

  private static final long SEEDS = 3_000_000_000L;
  private static final long PAIR_SEEDS = SEEDS + 1_000_000;
  private static final int SIDE = 224;
  private static final int PAPER_TOLERANCE = 15;

  @Option(names = "--weights", required = true, description = "The weights file.")
  private Path weights;

  @Option(
      names = "--singles",
      defaultValue = "1000",
      description = "Pictures of one animal. Default: ${DEFAULT-VALUE}.")
  private int singles;

  @Option(
      names = "--pairs",
      defaultValue = "200",
      description = "Pictures of a cat and a dog. Default: ${DEFAULT-VALUE}.")
  private int pairs;

  /** Runs the command line and exits with its code. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new EvaluatePets()).execute(arguments));
  }

  @Override
  public Integer call() {
    try (Network network =
        Network.load(AlexNet.small(2), weights, Classes.of("cat", "dog"), Models.PREPROCESSING)) {
      accuracy(network);
      pointing(network);
    }
    return 0;
  }

  private void accuracy(Network network) {
    DrawingGenerator generator = new DrawingGenerator().withoutMasks();
    int[][] confusion = new int[2][2];
    for (int i = 0; i < singles; i++) {
      int truth = i % 2;
      Drawing drawing = generator.single(Animal.values()[truth], SEEDS + i, SIDE);
      confusion[truth][network.predict(Picture.of(drawing.image())).get(0).index()]++;
    }
    System.out.printf(
        "accuracy on %d single animals: %.2f %% (cats %d right, %d taken for dogs; dogs %d right,"
            + " %d taken for cats)%n",
        singles,
        100.0 * (confusion[0][0] + confusion[1][1]) / singles,
        confusion[0][0],
        confusion[0][1],
        confusion[1][1],
        confusion[1][0]);
  }

  private void pointing(Network network) {
    List<CamMethod> methods = List.of(new GradCam(), new LayerCam(), new GradCamPlusPlus());
    int[][][] hits = new int[methods.size()][2][2];
    DrawingGenerator generator = new DrawingGenerator();
    List<PointingGame> games = List.of(new PointingGame(0), new PointingGame(PAPER_TOLERANCE));
    for (int i = 0; i < pairs; i++) {
      Drawing drawing = generator.pair(PAIR_SEEDS + i, SIDE);
      try (Recording recording =
          Recording.of(network, Picture.of(drawing.image()), network.targetLayer())) {
        for (int m = 0; m < methods.size(); m++) {
          for (DrawnAnimal animal : drawing.animals()) {
            Mask mask = animal.mask();
            var map =
                methods
                    .get(m)
                    .heatmap(recording, network.targetLayer(), Target.of(animal.animal().label()));
            for (int g = 0; g < games.size(); g++) {
              hits[m][animal.animal().ordinal()][g] += games.get(g).hits(map, mask) ? 1 : 0;
            }
          }
        }
      }
    }
    for (int m = 0; m < methods.size(); m++) {
      for (int g = 0; g < games.size(); g++) {
        System.out.printf(
            "pointing game on %d pairs, %s, tolerance %d: %.1f %% (cat %.1f %%, dog %.1f %%)%n",
            pairs,
            methods.get(m).name(),
            games.get(g).tolerance(),
            50.0 * (hits[m][0][g] + hits[m][1][g]) / pairs,
            100.0 * hits[m][0][g] / pairs,
            100.0 * hits[m][1][g] / pairs);
      }
    }
  }
}
