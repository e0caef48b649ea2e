package camlab.exercise;

import static camlab.exercise.Checked.stub;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import camlab.capture.Target;
import camlab.heatmap.ChannelMaps;
import camlab.notebook.CheckFailed;
import java.util.List;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;

class GradCamExercisesTest {

  @Test
  void theRightMapPasses() {
    GradCamExercises.counterfactual((a, g) -> counterfactual(a, g, -1, true));
  }

  @Test
  void mistakesAreNamedButTheAnswerIsNot() {
    String unsigned = counterfactualMessage((a, g) -> counterfactual(a, g, 1, false));
    assertTrue(
        unsigned.endsWith(
            "Hint: neither a sign nor a factor explains the difference; work a small case out by"
                + " hand."),
        unsigned);
    String negative = counterfactualMessage((a, g) -> counterfactual(a, g, -1, false));
    assertTrue(negative.contains("there are values below zero"), negative);
    String large = counterfactualMessage((a, g) -> counterfactual(a, g, -3, true));
    assertTrue(large.contains("too large by one and the same factor"), large);
    String turned = counterfactualMessage((a, g) -> new float[3][1]);
    assertTrue(
        turned.contains("it should have 1 row of 3 values, but has 3 rows of 1 value."), turned);
    assertTrue(turned.contains("exchanged"), turned);
    for (String message : List.of(unsigned, negative, large, turned)) {
      assertFalse(message.contains("4.5"), "gives the right value away: " + message);
    }
  }

  @Test
  void theStubIsAnOpenExercise() {
    String message =
        counterfactualMessage(
            (a, g) -> {
              throw stub();
            });
    assertEquals("This exercise is still open: Write your answer here.", message);
  }

  @Test
  void theOrderOfChannels() {
    GradCamExercises.bySize((a, g) -> List.of(1, 0, 2, 3));
    assertThrows(CheckFailed.class, () -> GradCamExercises.bySize((a, g) -> List.of(0, 2, 3, 1)));
  }

  @Test
  void oneClassRatherThanAnother() {
    GradCamExercises.rather(
        (first, second, classes) ->
            Target.score("difference", y -> first.score(y, classes).sub(second.score(y, classes))));
    CheckFailed wrong =
        assertThrows(
            CheckFailed.class,
            () ->
                GradCamExercises.rather(
                    (first, second, classes) -> Target.score("sign", y -> y.get(1).sub(y.get(2)))));
    assertTrue(wrong.getMessage().contains("the sign is not"), wrong.getMessage());
  }

  private static String counterfactualMessage(
      BiFunction<ChannelMaps, ChannelMaps, float[][]> answer) {
    return assertThrows(CheckFailed.class, () -> GradCamExercises.counterfactual(answer))
        .getMessage();
  }

  private static float[][] counterfactual(
      ChannelMaps a, ChannelMaps g, double factor, boolean rectified) {
    float[][] map = new float[a.height()][a.width()];
    for (int i = 0; i < a.height(); i++) {
      for (int j = 0; j < a.width(); j++) {
        double sum = 0;
        for (int k = 0; k < a.channels(); k++) {
          sum += factor * g.mean(k) * a.at(k, i, j);
        }
        map[i][j] = (float) (rectified ? Math.max(sum, 0) : sum);
      }
    }
    return map;
  }
}
