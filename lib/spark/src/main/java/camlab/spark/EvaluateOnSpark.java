package camlab.spark;

import camlab.network.Meaning;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Judges maps of many pictures, on this machine or, through {@code spark-submit}, on a cluster. */
@Command(
    name = "evaluate-on-spark",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Judges maps of many pictures, on this machine or on a cluster.")
public final class EvaluateOnSpark implements Callable<Integer> {

  @Option(
      names = "--network",
      required = true,
      description = "A file of torch.export or TorchScript on the machine that submits.")
  private Path network;

  @Option(
      names = "--classes",
      required = true,
      description = "A text file with the classes' names, one a line, in the order of the logits.")
  private Path classes;

  @Option(
      names = "--meaning",
      required = true,
      description = "What the network's numbers mean: ${COMPLETION-CANDIDATES}.")
  private Meaning meaning;

  @Option(
      names = "--preprocessing",
      required = true,
      description = "What the network was trained with: ${COMPLETION-CANDIDATES}.")
  private SavedNetwork.Preset preprocessing;

  @Option(
      names = "--pictures",
      required = true,
      description =
          "A folder of pictures, or a CSV file with the columns picture, class and mask (the last two"
              + " may be missing), as Hadoop names files.")
  private String pictures;

  @Option(
      names = "--class",
      defaultValue = "",
      description =
          "The class to explain where the list states none. Default: the network's most likely.")
  private String className;

  @Option(
      names = "--layer",
      defaultValue = "",
      description = "Where the maps are taken. Default: the network's target layer.")
  private String layer;

  @Option(
      names = "--methods",
      split = ",",
      required = true,
      description = "Names of the catalogue, such as Grad-CAM,LayerCAM.")
  private List<String> methods;

  @Option(
      names = "--measures",
      split = ",",
      required = true,
      description = "Names of measures, such as deletion,insertion.")
  private List<String> measures;

  @Option(
      names = "--out",
      required = true,
      description = "A folder that every machine can write; the same one goes on.")
  private String out;

  /** Runs the command line and exits with its code. */
  public static void main(String[] arguments) {
    System.exit(
        new CommandLine(new EvaluateOnSpark())
            .setExecutionExceptionHandler(EvaluateOnSpark::explain)
            .execute(arguments));
  }

  @Override
  public Integer call() throws IOException {
    try (SparkSession spark = session()) {
      spark.sparkContext().addFile(network.toString());
      spark.sparkContext().addFile(classes.toString());
      SavedNetwork setup =
          new SavedNetwork(
              network.getFileName().toString(),
              network.getFileName().toString(),
              classes.getFileName().toString(),
              meaning,
              preprocessing,
              layer,
              List.copyOf(methods),
              List.copyOf(measures));
      // A name that does not exist is told before anything runs.
      setup.methods();
      setup.measures();
      List<ListedPicture> listed =
          PictureList.of(pictures, className, spark.sparkContext().hadoopConfiguration());
      SparkEvaluation.Done done = new SparkEvaluation(setup, out).run(spark, listed);
      System.out.println(listed.size() + " pictures, " + done.rows().count() + " rows: " + out);
      done.unread().forEach(line -> System.err.println("Not read: " + line));
      return 0;
    }
  }

  /** As spark-submit says, or this machine with all its cores; a thread for each task. */
  private static SparkSession session() {
    SparkConf configuration =
        new SparkConf()
            .setIfMissing("spark.app.name", "CamLab")
            .setIfMissing("spark.master", "local[*]")
            .setIfMissing("spark.ui.showConsoleProgress", "true")
            .setIfMissing("spark.executorEnv.OMP_NUM_THREADS", "1")
            .setIfMissing("spark.executor.extraJavaOptions", "-Dai.djl.pytorch.num_threads=1");
    if (configuration.get("spark.master").startsWith("local")) {
      System.setProperty("ai.djl.pytorch.num_threads", "1");
    }
    return SparkSession.builder().config(configuration).getOrCreate();
  }

  private static int explain(
      Exception problem, CommandLine command, CommandLine.ParseResult arguments) {
    Throwable cause = problem;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    command.getErr().println(cause.getMessage());
    return 1;
  }
}
