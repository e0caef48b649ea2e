package camlab.training;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Writes the drawings that a network is trained on as bytes, for a training in another language:
 * {@code pictures.bin} holds them one after the other, row by row, each pixel red, green, blue;
 * {@code labels.csv} a line for each, 1 where it shows the class and 0 where it does not.
 */
@Command(
    name = "write-drawings",
    mixinStandardHelpOptions = true,
    description = "Writes drawings to train on as bytes, with their labels.")
public final class WriteDrawings implements Callable<Integer> {

  @Option(
      names = "--network",
      required = true,
      description = "Whose drawings: ${COMPLETION-CANDIDATES}.")
  private DrawnNetwork network;

  @Option(names = "--folder", required = true, description = "Where the two files go.")
  private Path folder;

  @Option(names = "--pictures", required = true, description = "How many.")
  private int pictures;

  @Option(names = "--side", required = true, description = "Their width and height in pixels.")
  private int side;

  @Option(
      names = "--validation",
      description = "Of the seeds that no network is trained on, instead of those that all are.")
  private boolean validation;

  /** Runs the command line and exits with its code. */
  public static void main(String[] arguments) {
    System.exit(Programs.of(new WriteDrawings()).execute(arguments));
  }

  @Override
  public Integer call() throws IOException {
    long seed = validation ? DrawnAnimals.VALIDATION_SEEDS : DrawnAnimals.TRAINING_SEEDS;
    TrainingSet drawings = new DrawnAnimals(network.world(), pictures, side, seed);
    Files.createDirectories(folder);
    try (OutputStream out =
        new BufferedOutputStream(Files.newOutputStream(folder.resolve("pictures.bin")))) {
      for (int i = 0; i < drawings.size(); i++) {
        out.write(drawings.pixels(i));
      }
    }
    Files.write(
        folder.resolve("labels.csv"),
        IntStream.range(0, drawings.size()).mapToObj(i -> line(drawings.labels(i))).toList());
    return 0;
  }

  private static String line(float[] labels) {
    return IntStream.range(0, labels.length)
        .mapToObj(i -> labels[i] == 1 ? "1" : "0")
        .collect(Collectors.joining(","));
  }
}
