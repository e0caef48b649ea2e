package camlab.spark;

import camlab.evaluation.Results;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Every method on every picture, judged by every measure, by all machines of a Spark cluster: the
 * rows of {@link camlab.evaluation.Evaluation#run(java.nio.file.Path)}, in its order.
 *
 * <p>An executor loads the network once, and all its tasks share it. Each picture's answers are
 * kept in a file of their own as soon as they are complete: an executor that is lost costs the
 * pictures it was at, and a job that is started again with the same folder works out what is
 * missing, whatever was changed.
 *
 * <p>Let each executor compute with as many threads as it has tasks, and each task with one: set
 * {@code OMP_NUM_THREADS=1} and {@code -Dai.djl.pytorch.num_threads=1} for executors ({@link
 * EvaluateOnSpark} does). Sums of another number of threads differ in their last digits.
 *
 * @param setup the network, the methods and the measures
 * @param folder a folder that every machine can write, as Hadoop names files
 */
public record SparkEvaluation(Setup setup, String folder) {

  /** The first line of an evaluation's file: its columns. */
  private static final String HEAD = new Results(List.of()).csv();

  /** More would be lost with a task that fails, fewer would cost more to schedule. */
  private static final int PICTURES_IN_A_TASK = 8;

  /**
   * What a job has done.
   *
   * @param rows the table, read from {@code results.parquet}; its order is not that of the CSV
   * @param unread pictures without a named class that could not be read, and why; they have no rows
   */
  public record Done(Dataset<Row> rows, List<String> unread) {}

  /**
   * Works out what the folder does not hold yet, and writes {@code results.csv}, which {@link
   * camlab.evaluation.Results#read(java.nio.file.Path)} reads, and {@code results.parquet}.
   *
   * <p>If a task fails as often as Spark allows, Spark's own exception goes on (it is not
   * declared); its causes say why, and what was done is kept.
   *
   * @param spark the session; the caller stops it
   * @param pictures the pictures
   * @return the rows
   * @throws IllegalArgumentException if there are no pictures
   * @throws UncheckedIOException if the results cannot be written
   */
  public Done run(SparkSession spark, List<ListedPicture> pictures) {
    if (pictures.isEmpty()) {
      throw new IllegalArgumentException("There are no pictures to evaluate. Name some.");
    }
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    SerializableConfiguration configuration =
        new SerializableConfiguration(context.hadoopConfiguration());
    Broadcast<SerializableConfiguration> hadoop = context.broadcast(configuration);
    Broadcast<LoadedOnce> loaded = context.broadcast(new LoadedOnce(setup));
    JavaRDD<Answers> answers =
        context
            .parallelize(pictures, tasks(context, pictures.size()))
            .map(new PictureTask(loaded, hadoop, folder))
            .persist(StorageLevel.DISK_ONLY());
    try {
      context.sc().setJobDescription("Evaluation of %s".formatted(setup.name()));
      List<String> unread =
          answers
              .filter(answer -> !answer.unread().isEmpty())
              .map(answer -> "%s: %s".formatted(answer.unread(), answer.reason()))
              .collect();
      Path csv = new Path(folder, "results.csv");
      write(answers.toLocalIterator(), csv, configuration);
      Path parquet = new Path(folder, "results.parquet");
      table(spark, csv).write().mode(SaveMode.Overwrite).parquet(parquet.toString());
      return new Done(spark.read().parquet(parquet.toString()), unread);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "The results cannot be written to %s (%s). May you write there, and is there room?"
              .formatted(folder, e),
          e);
    } finally {
      context.sc().setJobDescription(null);
      answers.unpersist();
      // Where tasks run in this very process.
      loaded.value().close();
      loaded.destroy();
      hadoop.destroy();
    }
  }

  private static int tasks(JavaSparkContext context, int pictures) {
    int enough = (pictures + PICTURES_IN_A_TASK - 1) / PICTURES_IN_A_TASK;
    return Math.min(pictures, Math.max(enough, 4 * context.defaultParallelism()));
  }

  private static void write(
      Iterator<Answers> answers, Path csv, SerializableConfiguration configuration)
      throws IOException {
    WholeFile.write(
        csv,
        configuration.value(),
        (system, part) -> {
          try (Writer text = new OutputStreamWriter(system.create(part), StandardCharsets.UTF_8)) {
            text.write(HEAD);
            while (answers.hasNext()) {
              String rows = answers.next().csv();
              text.write(rows.substring(rows.indexOf('\n') + 1));
            }
          }
        });
  }

  private static Dataset<Row> table(SparkSession spark, Path csv) {
    StructType schema = new StructType();
    for (String column : HEAD.strip().split(",", -1)) {
      schema =
          schema.add(
              column, column.equals("value") ? DataTypes.DoubleType : DataTypes.StringType, true);
    }
    return spark
        .read()
        .schema(schema)
        .option("header", true)
        // A quote within quotes is written twice.
        .option("escape", "\"")
        .csv(csv.toString());
  }
}
