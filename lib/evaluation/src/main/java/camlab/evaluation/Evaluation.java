package camlab.evaluation;

import camlab.cam.CamMethod;
import camlab.measure.Measure;
import camlab.network.Network;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import tech.tablesaw.api.Table;

/**
 * Every method on every picture, judged by every measure.
 *
 * @param name what to call the network in the results; two networks in one file need two names
 * @param network the network
 * @param layer the layer the maps are taken at
 * @param subjects the pictures, each with the class to explain
 * @param methods the methods, told apart by their names
 * @param measures the measures, told apart by their names
 */
public record Evaluation(
    String name,
    Network network,
    String layer,
    List<Subject> subjects,
    List<CamMethod> methods,
    List<Measure> measures) {

  /**
   * Copies the lists.
   *
   * @throws IllegalArgumentException if two subjects, methods or measures cannot be told apart
   */
  public Evaluation {
    Objects.requireNonNull(name, "name");
    subjects = List.copyOf(subjects);
    methods = List.copyOf(methods);
    measures = List.copyOf(measures);
    requireDistinct(
        "subjects", subjects.stream().map(s -> s.name() + " · " + s.className()).toList());
    requireDistinct("methods", methods.stream().map(CamMethod::name).toList());
    requireDistinct("measures", measures.stream().map(Measure::name).toList());
  }

  private static void requireDistinct(String what, List<String> names) {
    for (int i = 0; i < names.size(); i++) {
      if (names.indexOf(names.get(i)) < i) {
        throw new IllegalArgumentException(
            "Two %s are called '%s': their results could not be told apart."
                .formatted(what, names.get(i)));
      }
    }
  }

  /** An evaluation at the network's default layer, under the network's own name. */
  public static Evaluation of(
      Network network, List<Subject> subjects, List<CamMethod> methods, List<Measure> measures) {
    return new Evaluation(
        network.name(), network, network.targetLayer(), subjects, methods, measures);
  }

  /**
   * Works out what the file does not yet hold, line by line, and returns all the file holds.
   *
   * <p>The run can be stopped at any time, also by ending the process: called again with the same
   * file it goes on where it was, and no number is lost or worked out twice. Several evaluations
   * (of several networks, say) may fill one file, one after the other.
   *
   * <p>A picture that cannot be read is one line with the reason and no method; a method that
   * refuses the network, one with the method and no measure; a measure that does not apply (there
   * is no mask), one with both. They too are not tried again: to do so, delete the line.
   *
   * @param file a CSV file, in a folder that exists, with the columns network, layer, picture,
   *     class, method, measure, value, reason
   * @param progress is told of every number
   * @return the same columns
   * @throws camlab.network.UnknownNameException if the layer or a class does not exist; nothing has
   *     run then
   * @throws CancellationException if the thread was interrupted; the file holds what was done
   * @throws IllegalStateException if another evaluation is writing to the file
   * @throws IllegalArgumentException if the file holds something else
   * @throws java.io.UncheckedIOException if the file cannot be written
   */
  public Table run(Path file, Progress progress) {
    network.model().resolve(layer);
    subjects.forEach(subject -> network.classes().index(subject.className()));
    try (ResultFile results = ResultFile.open(file)) {
      new EvaluationRun(this, results, progress).run();
      return results.table();
    } finally {
      progress.ended();
    }
  }
}
