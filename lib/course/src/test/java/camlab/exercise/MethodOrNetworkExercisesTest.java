package camlab.exercise;

import static camlab.exercise.Checked.assertSays;
import static camlab.exercise.Checked.stub;

import camlab.heatmap.ChannelMaps;
import camlab.heatmap.Heatmap;
import camlab.measure.EnergyInObject;
import camlab.picture.Mask;
import org.junit.jupiter.api.Test;

/** The checks of lesson 09. */
class MethodOrNetworkExercisesTest {

  @Test
  void femWithAnyThreshold() {
    MethodOrNetworkExercises.fem((a, sigmas) -> fem(a, sigmas, 0, false));
    assertSays(
        "K = 1 is not right yet",
        () -> MethodOrNetworkExercises.fem((a, sigmas) -> fem(a, sigmas, 1, false)));
    assertSays(
        "K = 1 is not right yet",
        () -> MethodOrNetworkExercises.fem((a, sigmas) -> fem(a, sigmas, 0, true)));
    assertSays(
        "K = 1.5 is not right yet",
        () -> MethodOrNetworkExercises.fem((a, sigmas) -> fem(a, 1, 0, false)));
  }

  @Test
  void theInteraction() {
    MethodOrNetworkExercises.interaction((rg, rf, xg, xf) -> interaction(rg, rf, xg, xf, 1));
    assertSays(
        "the signs are not",
        () ->
            MethodOrNetworkExercises.interaction(
                (rg, rf, xg, xf) -> interaction(xg, xf, rg, rf, 1)));
    assertSays(
        "too small by one and the same factor",
        () ->
            MethodOrNetworkExercises.interaction(
                (rg, rf, xg, xf) -> interaction(rg, rf, xg, xf, 0.5)));
  }

  @Test
  void energyForItsArea() {
    MethodOrNetworkExercises.timesEven((map, mask) -> energy(map, mask) / area(mask));
    assertSays(
        "too small", () -> MethodOrNetworkExercises.timesEven((map, mask) -> energy(map, mask)));
    assertSays(
        "too small",
        () -> MethodOrNetworkExercises.timesEven((map, mask) -> energy(map, mask) / mask.count()));
  }

  @Test
  void stubsAreOpen() {
    assertSays("still open", () -> MethodOrNetworkExercises.fem((a, sigmas) -> open()));
    assertSays(
        "still open", () -> MethodOrNetworkExercises.interaction((a, b, c, d) -> numbersOpen()));
    assertSays("still open", () -> MethodOrNetworkExercises.timesEven((m, o) -> numbersOpen()[0]));
  }

  private static float[][] open() {
    throw stub();
  }

  private static double[] numbersOpen() {
    throw stub();
  }

  /** FEM; {@code less} 1 divides the variance by one less than there are positions. */
  private static float[][] fem(ChannelMaps a, double sigmas, int less, boolean strictly) {
    float[][] map = new float[1][a.width()];
    for (int k = 0; k < a.channels(); k++) {
      double squares = 0;
      for (int j = 0; j < a.width(); j++) {
        squares += Math.pow(a.at(k, 0, j) - a.mean(k), 2);
      }
      double from = a.mean(k) + sigmas * Math.sqrt(squares / (a.width() - less));
      for (int j = 0; j < a.width(); j++) {
        float value = a.at(k, 0, j);
        map[0][j] += (float) (value > from || (!strictly && value == from) ? a.mean(k) : 0);
      }
    }
    return map;
  }

  private static double[] interaction(
      double[] rg, double[] rf, double[] xg, double[] xf, double factor) {
    double[] result = new double[rg.length];
    for (int p = 0; p < result.length; p++) {
      result[p] = factor * (xf[p] - xg[p] - (rf[p] - rg[p]));
    }
    return result;
  }

  private static double energy(Heatmap map, Mask mask) {
    return new EnergyInObject().of(map, mask);
  }

  private static double area(Mask mask) {
    return (double) mask.count() / (mask.width() * mask.height());
  }
}
