package camlab.training;

import camlab.course.Models;
import camlab.file.TextFile;
import camlab.measure.Calibration;
import camlab.network.Network;
import camlab.network.Prediction;
import camlab.picture.Picture;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** Scores an AlexNet on the photographs that were set aside before its training. */
@Command(
    name = "evaluate-on-photographs",
    mixinStandardHelpOptions = true,
    description = "Scores an AlexNet on the photographs that were set aside before its training.")
public final class EvaluateOnPhotographs implements Callable<Integer> {

  private static final int BINS = 10;

  @Option(names = "--pictures", required = true, description = "The folder of the pictures.")
  private Path pictures;

  @Option(names = "--folder", required = true, description = "The training's folder.")
  private Path folder;

  @Option(names = "--weights", required = true, description = "The weights file.")
  private Path weights;

  @Option(names = "--to", required = true, description = "The table to write (.csv).")
  private Path table;

  /** Runs the command line and exits with its code. */
  public static void main(String[] arguments) {
    System.exit(Programs.of(new EvaluateOnPhotographs()).execute(arguments));
  }

  @Override
  public Integer call() throws IOException {
    List<String> names = TextFile.lines(folder.resolve("classes.txt"));
    StringColumn file = StringColumn.create("file");
    StringColumn truth = StringColumn.create("class");
    StringColumn answer = StringColumn.create("answer");
    DoubleColumn probability = DoubleColumn.create("probability");
    List<Boolean> right = new ArrayList<>();
    Recipe recipe = Recipe.alexNetOfPhotographs(names.size());
    try (Network network =
        Network.load(recipe.plan(), weights, recipe.classes(names), Models.PREPROCESSING)) {
      for (String name : TextFile.lines(folder.resolve("held-out.txt"))) {
        Prediction best = network.predict(Picture.read(pictures.resolve(name))).get(0);
        String label = name.substring(0, name.indexOf('/'));
        file.append(name);
        truth.append(label);
        answer.append(best.name());
        probability.append(Math.round(best.probability() * 1e4) / 1e4);
        right.add(best.name().equals(label));
      }
    }
    Table answers = Table.create(file, truth, answer, probability);
    answers.write().csv(table.toFile());
    System.out.println(answers.xTabCounts("class", "answer"));
    System.out.printf(
        Locale.ROOT,
        "accuracy %.2f %%, expected calibration error %.4f%n",
        100.0 * right.stream().filter(Boolean::booleanValue).count() / right.size(),
        Calibration.of(probability.asList(), right, BINS).expectedError());
    return 0;
  }
}
