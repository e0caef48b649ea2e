package camlab.training;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.IntFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Trains one of the networks of drawn animals. */
@Command(
    name = "train-on-drawings",
    mixinStandardHelpOptions = true,
    description = "Trains a network on drawings; goes on where it was stopped.")
public final class TrainOnDrawings implements Callable<Integer> {

  /** Room around the crop, so that a crop can move. */
  private static final double MARGIN = 1.07;

  @Option(names = "--network", required = true, description = "Which: ${COMPLETION-CANDIDATES}.")
  private DrawnNetwork network;

  @Option(names = "--folder", required = true, description = "Where checkpoints and curve go.")
  private Path folder;

  @Option(names = "--seed", defaultValue = "1", description = "Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(
      names = "--pictures",
      defaultValue = "16000",
      description = "Pictures to draw for each stage. Default: ${DEFAULT-VALUE}.")
  private int pictures;

  @Option(
      names = "--validation",
      defaultValue = "600",
      description = "Pictures to draw for the curve. Default: ${DEFAULT-VALUE}.")
  private int validation;

  @Option(
      names = "--epochs",
      description =
          "Passes over the pictures of each stage. Default: as the network's recipe has it.")
  private Optional<Integer> epochs = Optional.empty();

  @Option(
      names = "--labels-by-lot",
      description =
          "Train on the same pictures with their labels shuffled by the seed, which a network can only learn by heart. The accuracy of the curve is then that on these pictures and labels.")
  private boolean labelsByLot;

  /** Runs the command line and exits with its code. */
  public static void main(String[] arguments) {
    System.exit(Programs.of(new TrainOnDrawings()).execute(arguments));
  }

  @Override
  public Integer call() {
    Recipe recipe = network.recipe();
    IntFunction<TrainingSet> validated =
        crop -> new DrawnAnimals(network.world(), validation, crop, DrawnAnimals.VALIDATION_SEEDS);
    new Training(epochs.map(recipe::withEpochs).orElse(recipe), seed, folder)
        .run(this::pictures, labelsByLot ? this::pictures : validated, new CurveFile(folder));
    return 0;
  }

  private TrainingSet pictures(int crop) {
    TrainingSet drawn =
        new DrawnAnimals(network.world(), pictures, side(crop), trainingSeeds(crop));
    return labelsByLot ? new LabelsByLot(drawn, seed) : drawn;
  }

  /** Every stage sees drawings of its own. */
  private static long trainingSeeds(int crop) {
    return DrawnAnimals.TRAINING_SEEDS + crop * 1_000_000L;
  }

  private static int side(int crop) {
    return (int) Math.round(crop * MARGIN);
  }
}
