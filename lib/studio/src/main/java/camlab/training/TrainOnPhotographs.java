package camlab.training;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Trains an AlexNet on photographs of the user's. */
@Command(
    name = "train-on-photographs",
    mixinStandardHelpOptions = true,
    description = {
      "Trains an AlexNet on a folder with one subfolder of pictures for each class.",
      "Goes on where it was stopped."
    })
public final class TrainOnPhotographs implements Callable<Integer> {

  /** Photographs are kept in memory with sides of at most this many pixels. */
  private static final int LARGEST_SIDE = 256;

  @Option(
      names = "--pictures",
      required = true,
      description = "The folder with one subfolder per class.")
  private Path pictures;

  @Option(
      names = "--folder",
      required = true,
      description = "Where checkpoints, the curve and the list of pictures set aside go.")
  private Path folder;

  @Option(
      names = "--held-out",
      defaultValue = "2000",
      description = "Pictures set aside for the score. Default: ${DEFAULT-VALUE}.")
  private int heldOut;

  @Option(
      names = "--validation",
      defaultValue = "600",
      description = "Pictures set aside for the curve. Default: ${DEFAULT-VALUE}.")
  private int validation;

  @Option(names = "--seed", defaultValue = "1", description = "Default: ${DEFAULT-VALUE}.")
  private long seed;

  /** Runs the command line and exits with its code. */
  public static void main(String[] arguments) {
    System.exit(Programs.of(new TrainOnPhotographs()).execute(arguments));
  }

  @Override
  public Integer call() throws IOException {
    PhotographFolder photographs = PhotographFolder.of(pictures);
    PhotographFolder.Split split = photographs.split(validation, heldOut, seed);
    int classes = photographs.classes().size();
    Files.createDirectories(folder);
    Files.write(folder.resolve("held-out.txt"), names(split.heldOut()));
    Files.write(folder.resolve("classes.txt"), photographs.classes());
    System.out.printf(
        Locale.ROOT,
        "%s: %d pictures to train on, %d for the curve, %d set aside%n",
        photographs.classes(),
        split.training().size(),
        split.validation().size(),
        split.heldOut().size());
    TrainingSet training = new TrainingPhotographs(split.training(), classes, LARGEST_SIDE);
    TrainingSet held = new TrainingPhotographs(split.validation(), classes, LARGEST_SIDE);
    new Training(Recipe.alexNetOfPhotographs(classes), seed, folder)
        .run(stage -> training, stage -> held, new CurveFile(folder));
    return 0;
  }

  private List<String> names(List<PhotographFolder.File> files) {
    return files.stream()
        .map(file -> pictures.relativize(file.path()).toString().replace('\\', '/'))
        .toList();
  }
}
