package camlab.exercise;

import static camlab.exercise.Checked.assertOpen;
import static camlab.exercise.Checked.message;
import static camlab.exercise.Checked.stub;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import camlab.evaluation.Ranking;
import camlab.heatmap.Heatmap;
import camlab.picture.Mask;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EveryMethodExercisesTest {

  @Test
  void energy() {
    EveryMethodExercises.energy((map, mask) -> energy(map, mask, true));
    String signed = message(() -> EveryMethodExercises.energy((m, a) -> energy(m, a, false)));
    assertTrue(signed.contains("negative value"), signed);
    assertTrue(signed.contains("too small"), signed);
    String unsized = message(() -> EveryMethodExercises.energy((m, a) -> m.max() > 0 ? 0.9 : 0));
    assertTrue(unsized.contains("1×2 over a mask of 1×4"), unsized);
    String divided =
        message(() -> EveryMethodExercises.energy((m, a) -> m.max() > 0 ? 0.9 : Double.NaN));
    assertTrue(divided.contains("empty map"), divided);
    assertTrue(divided.contains("0/0"), divided);
    assertFalse(signed.contains("0.9"), signed);
  }

  private static double energy(Heatmap map, Mask mask, boolean rectified) {
    Heatmap large = map.resized(mask.height(), mask.width());
    double inside = 0;
    double total = 0;
    for (int i = 0; i < mask.height(); i++) {
      for (int j = 0; j < mask.width(); j++) {
        double value = rectified ? Math.max(large.at(i, j), 0) : large.at(i, j);
        double part = value * Math.abs(value);
        inside += mask.contains(i, j) ? part : 0;
        total += part;
      }
    }
    return total == 0 ? 0 : inside / total;
  }

  @Test
  void meansOfTwoGroups() {
    EveryMethodExercises.aloneAndBoth(values -> means(values, "both"));
    String turned =
        message(
            () ->
                EveryMethodExercises.aloneAndBoth(
                    values -> {
                      double[] means = means(values, "both");
                      return new double[] {means[1], means[0]};
                    }));
    assertTrue(turned.contains("four pictures"), turned);
    assertFalse(turned.contains("0.75"), "gives the right value away: " + turned);
    String one = message(() -> EveryMethodExercises.aloneAndBoth(values -> new double[1]));
    assertTrue(one.contains("there should be 2 numbers, but there are 1"), one);
  }

  private static double[] means(Map<String, List<Double>> values, String part) {
    List<Double> alone = new ArrayList<>();
    List<Double> both = new ArrayList<>();
    values.forEach((name, of) -> (name.contains(part) ? both : alone).addAll(of));
    return new double[] {mean(alone), mean(both)};
  }

  private static double mean(List<Double> values) {
    return values.stream().mapToDouble(v -> v).average().orElseThrow();
  }

  @Test
  void whoIsAhead() {
    EveryMethodExercises.aheadInDraws((ranking, than) -> ahead(ranking, than, 0.975));
    String mostly =
        message(() -> EveryMethodExercises.aheadInDraws((r, than) -> ahead(r, than, 0.6)));
    assertTrue(mostly.contains("in most of the draws"), mostly);
    String ties =
        message(() -> EveryMethodExercises.aheadInDraws((r, than) -> ahead(r, than, 0.4)));
    assertTrue(ties.contains("or as good"), ties);
    assertEquals(
        "The list of methods that are ahead of 'middle' in more than 97.5 % of the draws is not right yet: your method returns null."
            + " Hint: return what you have worked out.",
        message(() -> EveryMethodExercises.aheadInDraws((r, than) -> null)));
  }

  private static List<String> ahead(Ranking ranking, String than, double share) {
    return ranking.places().stream()
        .map(Ranking.Place::method)
        .filter(name -> ranking.better(name, than) > share)
        .toList();
  }

  @Test
  void theStubsAreOpenExercises() {
    assertOpen(
        () ->
            EveryMethodExercises.energy(
                (m, a) -> {
                  throw stub();
                }));
    assertOpen(
        () ->
            EveryMethodExercises.aloneAndBoth(
                v -> {
                  throw stub();
                }));
    assertOpen(
        () ->
            EveryMethodExercises.aheadInDraws(
                (r, than) -> {
                  throw stub();
                }));
  }
}
