package camlab.training;

import camlab.network.AlexNet;
import camlab.picture.Preprocessing;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Trains the AlexNet of the drawn cats and dogs. */
@Command(
    name = "train-pets",
    mixinStandardHelpOptions = true,
    description = "Trains the AlexNet of the drawn cats and dogs; goes on where it was stopped.")
public final class TrainPets implements Callable<Integer> {

  /** Room around the crop, so that a crop can move. */
  private static final double MARGIN = 1.07;

  @Option(names = "--folder", required = true, description = "Where checkpoints and curve go.")
  private Path folder;

  @Option(names = "--seed", defaultValue = "1", description = "Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(
      names = "--pictures",
      defaultValue = "16000",
      description = "Pictures to draw. Default: ${DEFAULT-VALUE}.")
  private int pictures;

  @Option(
      names = "--validation",
      defaultValue = "600",
      description = "Pictures to draw for the curve. Default: ${DEFAULT-VALUE}.")
  private int validation;

  @Option(
      names = "--small-epochs",
      defaultValue = "14",
      description = "Epochs at 128 pixels. Default: ${DEFAULT-VALUE}.")
  private int smallEpochs;

  @Option(
      names = "--full-epochs",
      defaultValue = "12",
      description = "Epochs at 224 pixels. Default: ${DEFAULT-VALUE}.")
  private int fullEpochs;

  /** Runs the command line and exits with its code. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new TrainPets()).execute(arguments));
  }

  @Override
  public Integer call() throws IOException {
    Files.createDirectories(folder);
    Path curve = folder.resolve("curve.csv");
    if (Files.notExists(curve)) {
      append(curve, "epoch,crop,loss,accuracy,seconds\n");
    }
    List<Stage> stages =
        List.of(new Stage(128, smallEpochs, 3e-4f), new Stage(224, fullEpochs, 3e-4f));
    new Training(AlexNet.small(2), Preprocessing.IMAGENET, stages, 64, seed, folder)
        .run(
            crop -> new DrawnPets(pictures, side(crop), trainingSeeds(crop)),
            crop -> new DrawnPets(validation, crop, DrawnPets.VALIDATION_SEEDS),
            epoch -> {
              String line =
                  String.format(
                      Locale.ROOT,
                      "%d,%d,%.4f,%.4f,%.0f%n",
                      epoch.number(),
                      epoch.crop(),
                      epoch.loss(),
                      epoch.accuracy(),
                      epoch.seconds());
              append(curve, line);
              System.out.print(line);
            });
    return 0;
  }

  /** Every stage sees drawings of its own. */
  private static long trainingSeeds(int crop) {
    return DrawnPets.TRAINING_SEEDS + crop * 1_000_000L;
  }

  private static int side(int crop) {
    return (int) Math.round(crop * MARGIN);
  }

  private static void append(Path file, String line) {
    try {
      Files.writeString(
          file, line, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException("The curve could not be written: " + file, e);
    }
  }
}
