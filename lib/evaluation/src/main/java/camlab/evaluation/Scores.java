package camlab.evaluation;

import camlab.measure.Measure;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tech.tablesaw.api.Row;
import tech.tablesaw.api.Table;

/**
 * The numbers of one measure, for the pictures and classes on which every method has one.
 *
 * @param methods the methods that have any number, in the order of the table
 * @param byPicture for each picture, one row of numbers for each of its classes, in the order of
 *     the methods
 */
record Scores(List<String> methods, List<List<List<Double>>> byPicture) {

  /** A picture and a class. */
  private record Case(String picture, String className) {}

  static Scores of(Table results, Measure measure) {
    Set<String> found = new LinkedHashSet<>();
    Map<Case, Map<String, Double>> values = new LinkedHashMap<>();
    for (Row row : results) {
      if (row.getString("measure").equals(measure.name()) && !row.isMissing("value")) {
        found.add(row.getString("method"));
        values
            .computeIfAbsent(
                new Case(row.getString("picture"), row.getString("class")),
                key -> new LinkedHashMap<>())
            .put(row.getString("method"), row.getDouble("value"));
      }
    }
    List<String> methods = List.copyOf(found);
    Map<String, List<List<Double>>> byPicture = new LinkedHashMap<>();
    values.forEach(
        (key, byMethod) -> {
          if (byMethod.size() == methods.size()) {
            byPicture
                .computeIfAbsent(key.picture(), name -> new ArrayList<>())
                .add(methods.stream().map(byMethod::get).toList());
          }
        });
    if (byPicture.size() < 2) {
      throw new IllegalArgumentException(
          "A ranking needs at least two pictures on which every method has a number for '%s', found %d. The results hold the measures %s."
              .formatted(
                  measure.name(),
                  byPicture.size(),
                  results.stringColumn("measure").unique().asList()));
    }
    return new Scores(methods, List.copyOf(byPicture.values()));
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
