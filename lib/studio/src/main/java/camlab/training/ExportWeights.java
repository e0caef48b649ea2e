package camlab.training;

import ai.djl.ndarray.NDManager;
import camlab.drawing.Animal;
import camlab.file.TextFile;
import camlab.network.Architecture;
import camlab.network.LayerGraph;
import camlab.weights.Precision;
import camlab.weights.StateDict;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Writes the averaged weights of a training as the file that ships, in half precision and with any
 * batch normalisation that only the training needed folded in.
 */
@Command(
    name = "export-weights",
    mixinStandardHelpOptions = true,
    description = "Writes the weights of a training in half precision.")
public final class ExportWeights implements Callable<Integer> {

  @Option(
      names = "--network",
      description = {
        "Which network of drawings: ${COMPLETION-CANDIDATES}.",
        "Without it, the AlexNet of photographs."
      })
  private DrawnNetwork network;

  @Option(names = "--folder", required = true, description = "The training's folder.")
  private Path folder;

  @Option(names = "--to", required = true, description = "The file to write (.safetensors).")
  private Path file;

  /** Runs the command line and exits with its code. */
  public static void main(String[] arguments) {
    System.exit(Programs.of(new ExportWeights()).execute(arguments));
  }

  @Override
  public Integer call() throws IOException {
    List<String> classes =
        network == null
            ? TextFile.lines(folder.resolve("classes.txt"))
            : network.world().fauna().animals().stream().map(Animal::label).toList();
    Recipe recipe =
        network == null ? Recipe.alexNetOfPhotographs(classes.size()) : network.recipe();
    Architecture trained = recipe.trainedPlan();
    try (NDManager scope = NDManager.newBaseManager()) {
      LayerGraph last = trained.allocate(scope);
      LayerGraph average = trained.allocate(scope);
      int epochs = new Checkpoint(folder).load(last, average, scope, scope);
      StateDict.Builder weights = StateDict.builder();
      average
          .namedParameters()
          .forEach(
              (name, parameter) ->
                  weights.put(
                      name, parameter.getShape().getShape(), parameter.getArray().toFloatArray()));
      NormalisedPlan.fold(weights.build())
          .writeSafetensors(
              file,
              Precision.HALF,
              Map.of("network", recipe.plan().name(), "classes", String.join("|", classes)));
      System.out.printf(Locale.ROOT, "%s after %d epochs%n", file, epochs);
    }
    return 0;
  }
}
