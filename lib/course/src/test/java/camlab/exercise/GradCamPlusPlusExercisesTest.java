package camlab.exercise;

import static camlab.exercise.Checked.assertOpen;
import static camlab.exercise.Checked.message;
import static camlab.exercise.Checked.stub;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import camlab.capture.Target;
import camlab.heatmap.ChannelMaps;
import org.junit.jupiter.api.Test;

class GradCamPlusPlusExercisesTest {

  @Test
  void theHeightsOfRegions() {
    GradCamPlusPlusExercises.heights(GradCamPlusPlusExercisesTest::heights);
    String unrectified =
        message(
            () ->
                GradCamPlusPlusExercises.heights(
                    (n, a, g, all) ->
                        g < 0 ? new double[] {n * a * g / all, 0} : heights(n, a, g, all)));
    assertTrue(unrectified.contains("there are values below zero"), unrectified);
    String weights =
        message(
            () ->
                GradCamPlusPlusExercises.heights(
                    (n, a, g, all) -> new double[] {n * g / all, n * g / (2 + n * a * g)}));
    assertTrue(weights.startsWith("The heights of 3 positions of 10 with activation 0.5"), weights);
    assertFalse(weights.contains("0.75"), "gives the right value away: " + weights);
  }

  @Test
  void theMeansOfPositiveGradients() {
    GradCamPlusPlusExercises.positiveMeans(g -> means(g, true, true));
    String summed =
        message(() -> GradCamPlusPlusExercises.positiveMeans(g -> means(g, true, false)));
    assertTrue(summed.contains("too large by one and the same factor"), summed);
    String signed =
        message(() -> GradCamPlusPlusExercises.positiveMeans(g -> means(g, false, true)));
    assertTrue(signed.startsWith("The weights of three channels"), signed);
    message(() -> GradCamPlusPlusExercises.positiveMeans(g -> new double[] {1}));
  }

  @Test
  void theScoreTimesFactor() {
    GradCamPlusPlusExercises.times(
        (target, factor, classes) ->
            Target.score("times", y -> target.score(y, classes).mul(factor)));
    String unscaled =
        message(() -> GradCamPlusPlusExercises.times((target, factor, classes) -> target));
    assertTrue(unscaled.contains("too large"), unscaled);
    assertFalse(unscaled.contains("-20"), "gives the right value away: " + unscaled);
  }

  @Test
  void theStubIsAnOpenExercise() {
    assertOpen(
        () ->
            GradCamPlusPlusExercises.heights(
                (n, a, g, all) -> {
                  throw stub();
                }));
  }

  private static double[] heights(int n, double activation, double gradient, int positions) {
    double s = n * activation * gradient;
    return s < 0 ? new double[] {0, 0} : new double[] {s / positions, s / (2 + s)};
  }

  private static double[] means(ChannelMaps g, boolean rectified, boolean divided) {
    double[] weights = new double[g.channels()];
    for (int k = 0; k < weights.length; k++) {
      for (float value : g.channel(k).values()) {
        weights[k] += rectified ? Math.max(value, 0) : value;
      }
      weights[k] /= divided ? g.height() * g.width() : 1;
    }
    return weights;
  }
}
