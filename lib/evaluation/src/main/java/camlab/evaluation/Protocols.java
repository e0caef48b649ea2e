package camlab.evaluation;

import camlab.measure.Measure;
import camlab.measure.Protocol;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The {@link Protocol} of numbers that answer questions; what differs among these is counted. */
final class Protocols {

  private static final int FEW = 3;

  private Protocols() {}

  /**
   * The protocol of what became of many numbers.
   *
   * @param questions what was asked, at least one
   * @param measures the measures, for their words
   * @param choice who chose the classes
   * @param averaging how the numbers became one
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
    return which + " " + choice.words();
  }

  private static String one(String what, List<Named> found, boolean name) {
    List<String> identities = found.stream().map(Named::identity).distinct().toList();
    if (identities.size() > 1) {
      return String.format(Locale.ROOT, "%d %s", identities.size(), what);
    }
    Named only = found.get(0);
    return name ? Protocol.named(only.name(), only.identity()) : only.identity();
  }
}
