package camlab.exercise;

import static camlab.exercise.Checked.assertSays;
import static camlab.exercise.Checked.stub;

import camlab.heatmap.ChannelMaps;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** The checks of lesson 11. */
class PixelExercisesTest {

  @Test
  void theStrongestColour() {
    PixelExercises.strongestColour(g -> wins(g, true));
    assertSays(
        "The number of pixels for each colour",
        () -> PixelExercises.strongestColour(g -> wins(g, false)));
    assertSays("4", () -> PixelExercises.strongestColour(g -> new int[4]));
    assertSays("returns null", () -> PixelExercises.strongestColour(g -> null));
  }

  @Test
  void integratedGradients() {
    PixelExercises.integrated((x, start, m, g) -> integrated(x, start, m, g, 0.5f, true));
    assertSays(
        "from 1, 5 to 3, 1",
        () -> PixelExercises.integrated((x, start, m, g) -> integrated(x, start, m, g, 0, true)));
    assertSays(
        "from 1, 5 to 3, 1",
        () ->
            PixelExercises.integrated((x, start, m, g) -> integrated(x, start, m, g, 0.5f, false)));
    assertSays(
        "too large by one and the same factor",
        () ->
            PixelExercises.integrated(
                (x, start, m, g) -> {
                  float[] found = integrated(x, start, m, g, 0.5f, true);
                  for (int at = 0; at < found.length; at++) {
                    found[at] *= m;
                  }
                  return found;
                }));
  }

  @Test
  void stubsAreOpen() {
    assertSays("still open", () -> PixelExercises.strongestColour(g -> countsOpen()));
    assertSays("still open", () -> PixelExercises.integrated((x, s, m, g) -> open()));
  }

  private static int[] countsOpen() {
    throw stub();
  }

  private static float[] open() {
    throw stub();
  }

  private static int[] wins(ChannelMaps g, boolean magnitude) {
    int[] wins = new int[3];
    for (int at = 0; at < g.height() * g.width(); at++) {
      int best = 0;
      for (int c = 0; c < 3; c++) {
        double value = g.at(c, at / g.width(), at % g.width());
        double most = g.at(best, at / g.width(), at % g.width());
        boolean larger = magnitude ? Math.abs(value) > Math.abs(most) : value > most;
        best = larger ? c : best;
      }
      wins[best]++;
    }
    return wins;
  }

  /** Where in each step the gradient is taken, and whether the way is from the start or from 0. */
  private static float[] integrated(
      float[] x,
      float[] start,
      int steps,
      UnaryOperator<float[]> gradient,
      float within,
      boolean fromStart) {
    float[] result = new float[x.length];
    for (int s = 0; s < steps; s++) {
      float[] between = new float[x.length];
      for (int at = 0; at < x.length; at++) {
        between[at] = start[at] + (s + within) / steps * (x[at] - start[at]);
      }
      float[] slope = gradient.apply(between);
      for (int at = 0; at < x.length; at++) {
        result[at] += (fromStart ? x[at] - start[at] : x[at]) * slope[at] / steps;
      }
    }
    return result;
  }
}
