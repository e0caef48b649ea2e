package camlab.evaluation;

import camlab.measure.Measure;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * How a number came about, in one line: what has to be the same before two numbers may be compared.
 * It says nothing that the {@linkplain Question questions} behind the number do not say; what
 * differs among them is counted.
 *
 * @param network its name, and its identity: weights, preprocessing, what its numbers mean
 * @param layer where the maps are taken
 * @param pictures one with its checksum, or how many
 * @param classes which, and who chose them
 * @param method its identity, or how many
 * @param measure its identity
 * @param asks what the network is shown, in words; empty if it is not asked
 * @param averaging how many numbers became one
 * @param numbers how many there are
 */
public record Protocol(
    String network,
    String layer,
    String pictures,
    String classes,
    String method,
    String measure,
    String asks,
    String averaging,
    int numbers) {

  private static final int FEW = 3;

  /**
   * Requires all parts.
   *
   * @param network its name, and its identity
   * @param layer where the maps are taken
   * @param pictures one with its checksum, or how many
   * @param classes which, and who chose them
   * @param method its identity, or how many
   * @param measure its identity
   * @param asks what the network is shown, in words
   * @param averaging how many numbers became one
   * @param numbers how many there are
   */
  public Protocol {
    Objects.requireNonNull(network, "network");
    Objects.requireNonNull(layer, "layer");
    Objects.requireNonNull(pictures, "pictures");
    Objects.requireNonNull(classes, "classes");
    Objects.requireNonNull(method, "method");
    Objects.requireNonNull(measure, "measure");
    Objects.requireNonNull(asks, "asks");
    Objects.requireNonNull(averaging, "averaging");
  }

  /** Who chose the classes that are explained. */
  public enum Choice {
    /** Whoever made the questions: labels, mostly. */
    GIVEN("as given"),
    /** The network: what it finds most likely. */
    PREDICTED("as predicted");

    private final String words;

    Choice(String words) {
      this.words = words;
    }
  }

  /**
   * {@return the protocol of one number}
   *
   * @param question what was asked
   * @param measure the measure, for its words
   */
  public static Protocol of(Question question, Measure measure) {
    return of(List.of(question), List.of(measure), Choice.GIVEN, "one number");
  }

  /**
   * {@return the protocol of what became of many numbers}
   *
   * @param questions what was asked, at least one
   * @param measures the measures, for their words
   * @param choice who chose the classes
   * @param averaging how they became one
   */
  static Protocol of(
      List<Question> questions, List<Measure> measures, Choice choice, String averaging) {
    return new Protocol(
        one("networks", questions.stream().map(Question::network).distinct().toList(), true),
        questions.stream().map(Question::layer).distinct().collect(Collectors.joining(", ")),
        one("pictures", questions.stream().map(Question::picture).distinct().toList(), true),
        classes(questions, choice),
        one("methods", questions.stream().map(Question::method).distinct().toList(), false),
        questions.stream()
            .map(question -> question.measure().identity())
            .distinct()
            .collect(Collectors.joining(", ")),
        measures.stream()
            .map(Measure::asks)
            .filter(asks -> !asks.isEmpty())
            .distinct()
            .collect(Collectors.joining("; ")),
        averaging,
        questions.size());
  }

  private static String classes(List<Question> questions, Choice choice) {
    List<String> names =
        questions.stream().map(question -> question.className().name()).distinct().toList();
    String which =
        names.size() <= FEW
            ? String.join(", ", names)
            : String.format(Locale.ROOT, "%d classes", names.size());
    return which + " " + choice.words;
  }

  private static String one(String what, List<Named> found, boolean name) {
    List<String> identities = found.stream().map(Named::identity).distinct().toList();
    if (identities.size() > 1) {
      return String.format(Locale.ROOT, "%d %s", identities.size(), what);
    }
    Named only = found.get(0);
    return !name || only.name().equals(only.identity())
        ? only.identity()
        : only.name() + " [" + only.identity() + "]";
  }

  /** {@return the line} */
  @Override
  public String toString() {
    String shown = asks.isEmpty() ? "" : " {" + asks + "}";
    return String.format(
        Locale.ROOT,
        "%s | %s | %s | %s | %s | %s%s | %s, n = %d",
        network,
        layer,
        pictures,
        classes,
        method,
        measure,
        shown,
        averaging,
        numbers);
  }
}
