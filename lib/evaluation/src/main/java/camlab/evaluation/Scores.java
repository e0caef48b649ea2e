package camlab.evaluation;

import camlab.measure.Measure;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The numbers of one measure, for the pictures and classes on which every method has one.
 *
 * @param methods the methods that have any number, in the order of the results
 * @param byPicture for each picture, one row of numbers for each of its classes, in the order of
 *     the methods
 * @param questions those that count
 */
record Scores(List<String> methods, List<List<List<Double>>> byPicture, List<Question> questions) {

  private static final double ROUNDING = 1e-6;

  /** A picture and a class, by their identities. */
  private record Case(String picture, String className) {

    static Case of(Question question) {
      return new Case(question.picture().identity(), question.className().identity());
    }
  }

  /** Where two methods have the same name, they are called by their identities. */
  static Scores of(Results results, Measure measure) {
    Map<String, String> methods = new LinkedHashMap<>();
    Map<Case, Map<String, Double>> values = new LinkedHashMap<>();
    Map<Case, List<Question>> asked = new LinkedHashMap<>();
    for (Result result : results.rows()) {
      Question question = result.question();
      if (question.measure().identity().equals(measure.identity()) && result.value().isPresent()) {
        methods.putIfAbsent(question.method().identity(), question.method().name());
        values
            .computeIfAbsent(Case.of(question), key -> new LinkedHashMap<>())
            .put(question.method().identity(), result.value().getAsDouble());
        asked.computeIfAbsent(Case.of(question), key -> new ArrayList<>()).add(question);
      }
    }
    Map<String, List<List<Double>>> byPicture = new LinkedHashMap<>();
    List<Question> questions = new ArrayList<>();
    values.forEach(
        (key, byMethod) -> {
          if (byMethod.size() == methods.size()) {
            byPicture
                .computeIfAbsent(key.picture(), name -> new ArrayList<>())
                .add(methods.keySet().stream().map(byMethod::get).toList());
            questions.addAll(asked.get(key));
          }
        });
    if (byPicture.size() < 2) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "A ranking needs at least two pictures on which every method has a number for %s, found %d. The results hold the measures %s.",
              measure.identity(),
              byPicture.size(),
              measures(results)));
    }
    return new Scores(names(methods), List.copyOf(byPicture.values()), List.copyOf(questions));
  }

  private static List<String> measures(Results results) {
    return results.rows().stream()
        .map(result -> result.question().measure().identity())
        .distinct()
        .toList();
  }

  private static List<String> names(Map<String, String> byIdentity) {
    return byIdentity.entrySet().stream()
        .map(
            method ->
                Collections.frequency(byIdentity.values(), method.getValue()) > 1
                    ? method.getKey()
                    : method.getValue())
        .toList();
  }

  /**
   * How much larger one method's numbers are than another's, of each picture the sum over its
   * classes. A difference of less than a millionth of the numbers is rounding, and 0.
   */
  double[] differences(int method, int than) {
    double[] differences = new double[byPicture.size()];
    for (int picture = 0; picture < differences.length; picture++) {
      for (List<Double> row : byPicture.get(picture)) {
        double one = row.get(method);
        double other = row.get(than);
        double rounding = ROUNDING * Math.max(Math.abs(one), Math.abs(other));
        differences[picture] += Math.abs(one - other) <= rounding ? 0 : one - other;
      }
    }
    return differences;
  }

  /** Pictures, each as often as it has classes. */
  int cases() {
    return byPicture.stream().mapToInt(List::size).sum();
  }

  int pictures() {
    return byPicture.size();
  }

  /**
   * The means of all methods over some pictures and their classes.
   *
   * @param drawn indices of pictures; one may occur several times
   */
  double[] means(int[] drawn) {
    double[] means = new double[methods.size()];
    int cases = 0;
    for (int picture : drawn) {
      for (List<Double> row : byPicture.get(picture)) {
        for (int method = 0; method < means.length; method++) {
          means[method] += row.get(method);
        }
        cases++;
      }
    }
    for (int method = 0; method < means.length; method++) {
      means[method] /= cases;
    }
    return means;
  }
}
