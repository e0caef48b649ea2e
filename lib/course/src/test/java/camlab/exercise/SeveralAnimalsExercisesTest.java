package camlab.exercise;

import static camlab.exercise.Checked.assertSays;
import static camlab.exercise.Checked.stub;

import camlab.heatmap.Heatmap;
import camlab.picture.Mask;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The checks of lesson 10. */
class SeveralAnimalsExercisesTest {

  @Test
  void thePositivePart() {
    SeveralAnimalsExercises.positivePart(map -> positive(map).normalized().rows());
    assertSays(
        "with one negative value is not right yet",
        () -> SeveralAnimalsExercises.positivePart(map -> map.normalized().rows()));
    assertSays(
        "too large by one and the same factor",
        () -> SeveralAnimalsExercises.positivePart(map -> positive(map).rows()));
    assertSays(
        "without a negative value is not right yet",
        () ->
            SeveralAnimalsExercises.positivePart(
                map -> {
                  float[][] rows = positive(map).rows();
                  for (float[] row : rows) {
                    for (int j = 0; j < row.length; j++) {
                      row[j] /= map.max();
                    }
                  }
                  return rows;
                }));
  }

  @Test
  void theMapThatWinsEverything() {
    SeveralAnimalsExercises.winsEverything((h, w) -> filled(h, w, 1, 0));
    SeveralAnimalsExercises.winsEverything((h, w) -> filled(h, w, 5, 4));
    assertSays(
        "the same everywhere",
        () -> SeveralAnimalsExercises.winsEverything((h, w) -> filled(h, w, 1, 1)));
    assertSays(
        "keeps too little",
        () -> SeveralAnimalsExercises.winsEverything((h, w) -> filled(h, w, 0, 1)));
    assertSays(
        "no value above 0",
        () -> SeveralAnimalsExercises.winsEverything((h, w) -> filled(h, w, 0, -1)));
    assertSays(
        "miss animals",
        () ->
            SeveralAnimalsExercises.winsEverything(
                (h, w) -> {
                  float[][] rows = filled(h, w, 1, -50);
                  Arrays.fill(rows[h - 1], 0);
                  Arrays.fill(rows[h - 2], 0);
                  return rows;
                }));
    assertSays(
        "another size", () -> SeveralAnimalsExercises.winsEverything((h, w) -> filled(w, h, 1, 0)));
  }

  @Test
  void theRelativeHeat() {
    SeveralAnimalsExercises.relativeHeat((map, animals) -> heats(map, animals, true, true));
    assertSays(
        "neither a sign nor a factor",
        () ->
            SeveralAnimalsExercises.relativeHeat(
                (map, animals) -> heats(map, animals, false, true)));
    assertSays(
        "neither a sign nor a factor",
        () ->
            SeveralAnimalsExercises.relativeHeat(
                (map, animals) -> heats(map, animals, true, false)));
    assertSays(
        "on a map without a positive value",
        () ->
            SeveralAnimalsExercises.relativeHeat(
                (map, animals) -> {
                  double[] found = heats(map, animals, true, true);
                  return map.max() > 0 ? found : new double[] {Double.NaN, Double.NaN};
                }));
  }

  @Test
  void stubsAreOpen() {
    assertSays("still open", () -> SeveralAnimalsExercises.positivePart(map -> open()));
    assertSays("still open", () -> SeveralAnimalsExercises.winsEverything((h, w) -> open()));
    assertSays("still open", () -> SeveralAnimalsExercises.relativeHeat((m, a) -> heatsOpen()));
  }

  private static float[][] open() {
    throw stub();
  }

  private static double[] heatsOpen() {
    throw stub();
  }

  private static Heatmap positive(Heatmap map) {
    float[] values = map.values();
    for (int at = 0; at < values.length; at++) {
      values[at] = Math.max(values[at], 0);
    }
    return Heatmap.of(map.height(), map.width(), values, map.provenance());
  }

  private static float[][] filled(int height, int width, float value, float corner) {
    float[][] rows = new float[height][width];
    for (float[] row : rows) {
      Arrays.fill(row, value);
    }
    rows[0][0] = corner;
    return rows;
  }

  private static double[] heats(
      Heatmap map, List<Mask> animals, boolean rectified, boolean averaged) {
    double[] heats = new double[animals.size()];
    for (int a = 0; a < heats.length; a++) {
      Mask animal = animals.get(a);
      Heatmap large = map.resized(animal.height(), animal.width());
      for (int i = 0; i < large.height(); i++) {
        for (int j = 0; j < large.width(); j++) {
          double value = rectified ? Math.max(large.at(i, j), 0) : large.at(i, j);
          heats[a] += animal.contains(i, j) ? value : 0;
        }
      }
      heats[a] /= averaged ? animal.count() : 1;
    }
    double best = Arrays.stream(heats).max().getAsDouble();
    return Arrays.stream(heats).map(heat -> best > 0 ? heat / best : 0).toArray();
  }
}
