package camlab.exercise;

import static camlab.exercise.Checked.assertOpen;
import static camlab.exercise.Checked.message;
import static camlab.exercise.Checked.stub;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import camlab.heatmap.Heatmap;
import camlab.measure.CascadingRandomization;
import camlab.measure.CascadingRandomization.Step;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;

class SanityExercisesTest {

  @Test
  void theLineOfAMethod() {
    SanityExercises.line((steps, method) -> line(steps, method, 1, Step::rankCorrelation));
    String unstarted =
        message(
            () ->
                SanityExercises.line(
                    (steps, method) ->
                        steps.stream()
                            .filter(step -> named(step, method))
                            .mapToDouble(Step::rankCorrelation)
                            .toArray()));
    assertTrue(unstarted.contains("there should be 4 numbers, but there are 3"), unstarted);
    String unsigned =
        message(
            () ->
                SanityExercises.line(
                    (steps, method) -> line(steps, method, 1, Step::absoluteRankCorrelation)));
    assertTrue(unsigned.contains("at index 1 it is 0.25"), unsigned);
    String zero =
        message(
            () ->
                SanityExercises.line(
                    (steps, method) -> line(steps, method, 0, Step::rankCorrelation)));
    assertTrue(zero.contains("at index 0"), zero);
    for (String message : List.of(unstarted, unsigned, zero)) {
      assertFalse(message.contains("0.5"), "gives a right value away: " + message);
    }
  }

  private static boolean named(Step step, String method) {
    return step.map().provenance().method().equals(method);
  }

  private static double[] line(
      List<Step> steps, String method, double start, ToDoubleFunction<Step> number) {
    List<Double> line = new ArrayList<>(List.of(start));
    for (Step step : steps) {
      if (named(step, method)) {
        line.add(number.applyAsDouble(step));
      }
    }
    return line.stream().mapToDouble(v -> v).toArray();
  }

  @Test
  void oneLayerAtATime() {
    SanityExercises.oneAtATime(
        (layers, seed) ->
            layers.stream()
                .map(layer -> new CascadingRandomization(List.of(layer), seed))
                .toList());
    String cascade =
        message(
            () ->
                SanityExercises.oneAtATime(
                    (layers, seed) -> List.of(new CascadingRandomization(layers, seed))));
    assertTrue(cascade.contains("count the layers"), cascade);
    String seeds =
        message(
            () ->
                SanityExercises.oneAtATime(
                    (layers, seed) ->
                        layers.stream()
                            .map(layer -> new CascadingRandomization(List.of(layer), 1))
                            .toList()));
    assertTrue(seeds.contains("look at the seed"), seeds);
  }

  @Test
  void fromTheBottom() {
    SanityExercises.upwards(
        (layers, seed) -> {
          List<String> order = new ArrayList<>(layers);
          Collections.reverse(order);
          return new CascadingRandomization(order, seed);
        });
    String down = message(() -> SanityExercises.upwards(CascadingRandomization::new));
    assertTrue(down.contains("the first that becomes random"), down);
    String changed =
        message(
            () ->
                SanityExercises.upwards(
                    (layers, seed) -> {
                      Collections.reverse(layers);
                      return new CascadingRandomization(layers, seed);
                    }));
    assertTrue(changed.contains("turn round a copy"), changed);
  }

  @Test
  void theInnerPart() {
    SanityExercises.inner((map, margin, block) -> inner(map, margin, block, block * block));
    String sums =
        message(() -> SanityExercises.inner((map, margin, block) -> inner(map, margin, block, 1)));
    assertTrue(sums.contains("too large by one and the same factor"), sums);
    String whole =
        message(() -> SanityExercises.inner((map, margin, block) -> inner(map, 0, block, 4)));
    assertTrue(whole.contains("it should have 2 rows of 2 values"), whole);
    assertFalse(sums.contains("1.5"), "gives the right value away: " + sums);
  }

  private static float[][] inner(Heatmap map, int margin, int block, int divisor) {
    int height = (map.height() - 2 * margin) / block;
    int width = (map.width() - 2 * margin) / block;
    float[][] rows = new float[height][width];
    for (int i = 0; i < height * block; i++) {
      for (int j = 0; j < width * block; j++) {
        rows[i / block][j / block] += map.at(margin + i, margin + j) / divisor;
      }
    }
    return rows;
  }

  @Test
  void theStubsAreOpenExercises() {
    assertOpen(
        () ->
            SanityExercises.line(
                (s, m) -> {
                  throw stub();
                }));
    assertOpen(
        () ->
            SanityExercises.oneAtATime(
                (l, s) -> {
                  throw stub();
                }));
    assertOpen(
        () ->
            SanityExercises.upwards(
                (l, s) -> {
                  throw stub();
                }));
    assertOpen(
        () ->
            SanityExercises.inner(
                (m, margin, block) -> {
                  throw stub();
                }));
  }
}
