package camlab.network;

import camlab.file.TextException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names of classes in lines that carry numbers, {@code 0 tench}, {@code 0: tench}, {@code 0,tench},
 * or the names of synsets, {@code n01440764 tench}.
 *
 * <p>That digits are a number and not the start of a name is told by all lines together: they count
 * from 0 or from 1, each number once. Behind a mere space they may be of the names all the same
 * ({@code 1 series}, {@code 2 series}), which shows by what is left being the same again and again.
 */
final class NumberedNames {

  private static final Pattern NUMBERED =
      Pattern.compile("\"?(\\d+)\"?(\\s*[:,;=\\t)]\\s*|\\.\\s+|\\s+-\\s+|\\s+)(\\S.*)");

  private static final Pattern SYNSET = Pattern.compile("n\\d{8}\\s*[:,;\\t ]\\s*(\\S.*)");

  /** A line of a file that is not empty; lines count from 1. */
  record Line(int at, String text) {}

  /** A line without its number. */
  private record Numbered(Line line, String number, boolean mark, String name) {

    int value() {
      BigInteger all = new BigInteger(number);
      return all.bitLength() < Integer.SIZE - 1 ? all.intValue() : Integer.MAX_VALUE;
    }
  }

  private NumberedNames() {}

  /**
   * {@return the names that lines hold, in the order of their numbers if they have some}
   *
   * @param file what they were read from
   * @param lines those with a name
   * @throws TextException if most have a number, and one has none, or another one's
   */
  static List<String> of(Path file, List<Line> lines) {
    List<Line> ordered = ordered(file, withoutSynsets(lines));
    return withoutSynsets(ordered).stream().map(Line::text).toList();
  }

  /** As {@code n01440764 tench}, where all lines are so. */
  private static List<Line> withoutSynsets(List<Line> lines) {
    List<Line> rest = new ArrayList<>();
    for (Line line : lines) {
      Matcher synset = SYNSET.matcher(line.text());
      if (!synset.matches()) {
        return lines;
      }
      rest.add(new Line(line.at(), synset.group(1)));
    }
    return rest;
  }

  private static List<Line> ordered(Path file, List<Line> lines) {
    List<Optional<Numbered>> read = lines.stream().map(NumberedNames::numbered).toList();
    List<Numbered> numbered = read.stream().flatMap(Optional::stream).toList();
    if (!areNumbers(read, numbered)) {
      return lines;
    }
    for (int i = 0; i < lines.size(); i++) {
      if (read.get(i).isEmpty()) {
        throw refusal(file, lines.get(i), "none", "");
      }
    }
    Map<Integer, Numbered> places = new HashMap<>();
    for (Numbered line : numbered) {
      Numbered other = places.putIfAbsent(line.value(), line);
      if (other != null) {
        throw refusal(
            file,
            line.line(),
            "number " + line.number(),
            String.format(Locale.ROOT, ", which line %d has, too", other.line().at()));
      }
    }
    int first = places.containsKey(0) || !places.containsKey(1) ? 0 : 1;
    int missing = first;
    while (places.containsKey(missing)) {
      missing++;
    }
    Line[] ordered = new Line[numbered.size()];
    for (Numbered line : numbered) {
      if (line.value() > missing) {
        throw refusal(
            file,
            line.line(),
            "number " + line.number(),
            ", and no line has " + (missing == 0 ? "0 or 1" : missing));
      }
      ordered[line.value() - first] = new Line(line.line().at(), unquoted(line.name()));
    }
    return Arrays.asList(ordered);
  }

  /** As {@code 'tench'} in Python, or {@code "tench, Tinca tinca"} in a table. */
  private static String unquoted(String name) {
    return name.matches("\"[^\"]+\"|'[^']+'") ? name.substring(1, name.length() - 1) : name;
  }

  private static Optional<Numbered> numbered(Line line) {
    Matcher parts = NUMBERED.matcher(line.text());
    return parts.matches()
        ? Optional.of(
            new Numbered(line, parts.group(1), !parts.group(2).matches(" +"), parts.group(3)))
        : Optional.empty();
  }

  /**
   * Whether the digits number the lines, in order or with a slip: all of them before a mark, or
   * most lines say their place, or the place behind the last one's; what is left are names.
   */
  private static boolean areNumbers(List<Optional<Numbered>> read, List<Numbered> numbered) {
    int lines = read.size();
    if (2 * numbered.size() <= lines) {
      return false;
    }
    boolean all = numbered.size() == lines;
    boolean marked = numbered.stream().allMatch(Numbered::mark);
    long different = numbered.stream().map(Numbered::name).distinct().count();
    if (!marked && 2 * different <= numbered.size() && numbered.size() > 1) {
      return false;
    }
    if (all && (marked || (isCount(numbered) && (lines > 1 || numbered.get(0).value() == 0)))) {
      return true;
    }
    int counted = 0;
    int before = -1;
    for (int i = 0; i < lines; i++) {
      if (read.get(i).isPresent()) {
        int value = read.get(i).get().value();
        counted += value == before + 1 || value == i || value == i + 1 ? 1 : 0;
        before = value;
      }
    }
    return lines > 2 && 2 * counted > lines;
  }

  /** Each number from 0, or from 1, once. */
  private static boolean isCount(List<Numbered> numbered) {
    int[] values = numbered.stream().mapToInt(Numbered::value).sorted().toArray();
    for (int i = 0; i < values.length; i++) {
      if (values[i] != values[0] + i) {
        return false;
      }
    }
    return values[0] <= 1;
  }

  private static TextException refusal(Path file, Line line, String found, String why) {
    return new TextException(
        String.format(
            Locale.ROOT,
            "%s: most lines begin with their number, but line %d has %s ('%s')%s. Number all lines from 0 or from 1, or none; if these numbers are part of the names, give the names themselves: Classes.of(\"3 series\", …).",
            file,
            line.at(),
            found,
            line.text(),
            why));
  }
}
