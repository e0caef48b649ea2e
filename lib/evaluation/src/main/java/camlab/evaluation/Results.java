package camlab.evaluation;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Results of one evaluation or several.
 *
 * @param rows one for each question
 */
public record Results(List<Result> rows) {

  /**
   * Copies the list.
   *
   * @param rows one for each question
   */
  public Results {
    rows = List.copyOf(rows);
  }

  /**
   * {@return all that the file of an evaluation holds, whatever network, settings or pictures it is
   * of, in the order it was written}
   *
   * @param file the file
   * @throws IllegalArgumentException if it is no such file, or damaged
   * @throws java.io.UncheckedIOException if it cannot be read
   */
  public static Results read(Path file) {
    return ResultFile.read(file);
  }

  /** {@return the text of the file of an evaluation with these results} */
  public String csv() {
    return ResultFile.text(this);
  }

  /**
   * {@return only those that fulfil a condition, such as {@code result ->
   * result.method().equals("FEM")}}
   *
   * @param condition what a result has to be
   */
  public Results where(Predicate<Result> condition) {
    return new Results(rows.stream().filter(condition).toList());
  }

  /**
   * {@return these, and then others}
   *
   * @param others the results to add
   */
  public Results and(Results others) {
    return new Results(Stream.concat(rows.stream(), others.rows.stream()).toList());
  }

  /** {@return the numbers there are, in the order of the rows} */
  public double[] values() {
    return rows.stream()
        .filter(result -> result.value().isPresent())
        .mapToDouble(result -> result.value().getAsDouble())
        .toArray();
  }
}
