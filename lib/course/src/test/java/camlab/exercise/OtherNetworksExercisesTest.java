package camlab.exercise;

import static camlab.exercise.Checked.assertSays;
import static camlab.exercise.Checked.stub;

import camlab.heatmap.ChannelMaps;
import org.junit.jupiter.api.Test;

/** The checks of lesson 07. */
class OtherNetworksExercisesTest {

  @Test
  void theStackOfConvolutions() {
    OtherNetworksExercises.stack(
        (channels, side, layers) ->
            new long[] {
              (long) layers * channels * channels * side * side, (long) layers * (side - 1) + 1
            });
    assertSays(
        "weights for n = 3, s = 3 and K = 2 is not right yet: your method returns 54.0."
            + " Hint: that is too small",
        () -> OtherNetworksExercises.stack((c, s, n) -> new long[] {(long) n * c * s * s, 9}));
    assertSays(
        "that is too large",
        () ->
            OtherNetworksExercises.stack(
                (c, s, n) -> new long[] {(long) n * c * c * s * s, (long) n * s}));
    assertSays(
        "2 numbers, but there are 1", () -> OtherNetworksExercises.stack((c, s, n) -> new long[1]));
  }

  @Test
  void theSeparableConvolution() {
    OtherNetworksExercises.separable((in, out, side) -> (long) in * side * side + (long) in * out);
    assertSays(
        "that is too large",
        () -> OtherNetworksExercises.separable((in, out, side) -> (long) in * out * side * side));
    assertSays(
        "that is too large",
        () ->
            OtherNetworksExercises.separable(
                (in, out, side) -> (long) out * side * side + (long) in * out));
  }

  @Test
  void theMapWhoseMeanIsTheScore() {
    OtherNetworksExercises.wholeScore((a, w, b, c) -> map(a, w, b[c], c, false));
    assertSays(
        "The map of the second of two classes",
        () -> OtherNetworksExercises.wholeScore((a, w, b, c) -> map(a, w, 0, c, false)));
    assertSays(
        "at row 0, column 2 it is 0.0",
        () -> OtherNetworksExercises.wholeScore((a, w, b, c) -> map(a, w, b[c], c, true)));
    assertSays(
        "The map of the second of two classes",
        () -> OtherNetworksExercises.wholeScore((a, w, b, c) -> map(a, w, b[c], 0, false)));
  }

  @Test
  void whatALayerAdds() {
    OtherNetworksExercises.contribution((a, g) -> products(a, g));
    assertSays(
        "the sign is not", () -> OtherNetworksExercises.contribution((a, g) -> -products(a, g)));
    assertSays(
        "too small",
        () ->
            OtherNetworksExercises.contribution(
                (a, g) -> g.mean(0) * a.sum(0) + g.mean(1) * a.sum(1)));
  }

  @Test
  void stubsAreOpen() {
    assertSays("still open", () -> OtherNetworksExercises.stack((c, s, n) -> open()));
    assertSays("still open", () -> OtherNetworksExercises.separable((in, out, s) -> open()[0]));
    assertSays("still open", () -> OtherNetworksExercises.wholeScore((a, w, b, c) -> mapOpen()));
    assertSays("still open", () -> OtherNetworksExercises.contribution((a, g) -> open()[0]));
  }

  private static long[] open() {
    throw stub();
  }

  private static float[][] mapOpen() {
    throw stub();
  }

  private static float[][] map(
      ChannelMaps a, float[] weights, float bias, int index, boolean rectified) {
    float[][] map = new float[a.height()][a.width()];
    for (int i = 0; i < a.height(); i++) {
      for (int j = 0; j < a.width(); j++) {
        map[i][j] = bias;
        for (int k = 0; k < a.channels(); k++) {
          map[i][j] += weights[index * a.channels() + k] * a.at(k, i, j);
        }
        map[i][j] = rectified ? Math.max(map[i][j], 0) : map[i][j];
      }
    }
    return map;
  }

  private static double products(ChannelMaps a, ChannelMaps g) {
    double sum = 0;
    for (int at = 0; at < a.values().length; at++) {
      sum += a.values()[at] * g.values()[at];
    }
    return sum;
  }
}
