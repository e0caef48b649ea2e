package camlab.training;

import ai.djl.ndarray.NDManager;
import camlab.network.AlexNet;
import camlab.network.LayerGraph;
import camlab.weights.Precision;
import camlab.weights.StateDict;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Writes the averaged weights of a training as the file that ships, in half precision. */
@Command(
    name = "export-pets",
    mixinStandardHelpOptions = true,
    description = "Writes the weights of a training in half precision.")
public final class ExportPets implements Callable<Integer> {

  @Option(names = "--folder", required = true, description = "The training's folder.")
  private Path folder;

  @Option(names = "--to", required = true, description = "The file to write (.safetensors).")
  private Path file;

  /** Runs the command line and exits with its code. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new ExportPets()).execute(arguments));
  }

  @Override
  public Integer call() {
    try (NDManager scope = NDManager.newBaseManager()) {
      LayerGraph last = AlexNet.small(2).allocate(scope);
      LayerGraph average = AlexNet.small(2).allocate(scope);
      int epochs = new Checkpoint(folder).load(last, average, scope, scope);
      StateDict.Builder weights = StateDict.builder();
      average
          .namedParameters()
          .forEach(
              (name, parameter) ->
                  weights.put(
                      name, parameter.getShape().getShape(), parameter.getArray().toFloatArray()));
      weights
          .build()
          .writeSafetensors(
              file,
              Precision.HALF,
              Map.of("network", "AlexNet (small classifier)", "classes", "cat|dog"));
      System.out.printf("%s after %d epochs%n", file, epochs);
    }
    return 0;
  }
}
