package camlab.evaluation;

import camlab.heatmap.Heatmap;
import camlab.measure.Protocol;
import camlab.network.Fact;
import camlab.network.Meaning;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/**
 * What {@link MapExamination} found: a map, what it claims to explain, and what speaks against it.
 *
 * @param network the network's name
 * @param className the class that is explained
 * @param meaning what the network's numbers mean
 * @param confidence the probability of the class, in [0, 1]; empty where the numbers tell none
 * @param hookPoint where the map was taken, and where that is known from
 * @param mode that of training or of evaluation, and what was found of it; of a network that has no
 *     other empty
 * @param map the map that was examined
 * @param evidence the numbers
 * @param protocol how they came about
 */
public record MapReport(
    String network,
    String className,
    Meaning meaning,
    OptionalDouble confidence,
    Fact hookPoint,
    Optional<Fact> mode,
    Heatmap map,
    MapEvidence evidence,
    Protocol protocol) {

  /** {@return what follows from the numbers} */
  public MapVerdict verdict() {
    return MapVerdict.of(evidence);
  }

  /** The verdict, then a line for each number. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    line(text, verdict().toString());
    line(text, "  %s says %s%s: %s", network, className, percent(), meaning);
    line(text, "  map: %s, %s", map.provenance().method(), hookPoint);
    mode.ifPresent(fact -> line(text, "  %s", fact));
    line(text, "  rank correlation with other methods: %s", list(evidence.agreement()));
    line(
        text,
        "  loss by covering that its ten highest of 49 cells find: %.2f; best of 20 random maps %.2f",
        evidence.covering(),
        evidence.random());
    line(text, "  rank correlation with maps of random weights: %s", word(evidence.randomized()));
    line(text, "  rank correlation with the next class's map: %s", word(evidence.otherClass()));
    line(text, "  scrambled pictures with at least this score: %d of 19", evidence.scrambled());
    if (!evidence.inside().isEmpty()) {
      line(text, "  on the object, times its area: %s", list(evidence.inside()));
    }
    evidence
        .labelled()
        .ifPresent(
            answers ->
                line(
                    text,
                    "  known pictures: %d of %d right; calibration error %s",
                    answers.right(),
                    answers.total(),
                    word(answers.calibrationError())));
    line(text, "  protocol: %s", protocol);
    return text.toString().stripTrailing();
  }

  private String percent() {
    return confidence.isPresent()
        ? String.format(Locale.ROOT, " (%.1f %%)", 100 * confidence.getAsDouble())
        : "";
  }

  private static String word(OptionalDouble number) {
    return number.isPresent()
        ? String.format(Locale.ROOT, "%.2f", number.getAsDouble())
        : "not asked";
  }

  private static String list(Map<String, Double> numbers) {
    return numbers.entrySet().stream()
        .map(entry -> String.format(Locale.ROOT, "%s %.2f", entry.getKey(), entry.getValue()))
        .collect(Collectors.joining(", "));
  }

  private static void line(StringBuilder text, String format, Object... parts) {
    text.append(parts.length == 0 ? format : String.format(Locale.ROOT, format, parts))
        .append('\n');
  }
}
