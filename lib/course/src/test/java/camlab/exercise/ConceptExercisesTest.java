package camlab.exercise;

import static camlab.exercise.Checked.assertOpen;
import static camlab.exercise.Checked.assertSays;
import static camlab.exercise.Checked.stub;

import camlab.heatmap.Heatmap;
import camlab.measure.EnergyInObject;
import camlab.picture.Mask;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;

class ConceptExercisesTest {

  @Test
  void mattering() {
    ConceptExercises.mattering((half, random, level) -> count(half, random, level / half.length));
    assertSays(
        "how many concepts were tried",
        () -> ConceptExercises.mattering((h, r, l) -> count(h, r, l)));
    assertSays(
        "both tests", () -> ConceptExercises.mattering((h, r, l) -> count(h, h, l / h.length)));
    assertSays(
        "divide once",
        () -> ConceptExercises.mattering((h, r, l) -> count(h, r, l / h.length / h.length)));
  }

  private static int count(double[] half, double[] random, double level) {
    int count = 0;
    for (int i = 0; i < half.length; i++) {
      count += Math.max(half[i], random[i]) < level ? 1 : 0;
    }
    return count;
  }

  @Test
  void conceptOn() {
    EnergyInObject energy = new EnergyInObject();
    ConceptExercises.conceptOn((maps, mask) -> largest(maps, map -> energy.of(map, mask)));
    assertSays(
        "not how strong it is",
        () -> ConceptExercises.conceptOn((maps, mask) -> largest(maps, map -> inside(map, mask))));
    assertSays(
        "counted from 0",
        () ->
            ConceptExercises.conceptOn(
                (maps, mask) -> 1 + largest(maps, map -> energy.of(map, mask))));
  }

  static double inside(Heatmap map, Mask mask) {
    double inside = 0;
    for (int i = 0; i < mask.height(); i++) {
      for (int j = 0; j < mask.width(); j++) {
        inside += mask.contains(i, j) ? map.at(i, j) : 0;
      }
    }
    return inside;
  }

  private static int largest(List<Heatmap> maps, ToDoubleFunction<Heatmap> value) {
    int best = 0;
    for (int k = 1; k < maps.size(); k++) {
      best = value.applyAsDouble(maps.get(k)) > value.applyAsDouble(maps.get(best)) ? k : best;
    }
    return best;
  }

  @Test
  void theStubsAreOpenExercises() {
    assertOpen(
        () ->
            ConceptExercises.mattering(
                (half, random, level) -> {
                  throw stub();
                }));
    assertOpen(
        () ->
            ConceptExercises.conceptOn(
                (maps, mask) -> {
                  throw stub();
                }));
  }
}
