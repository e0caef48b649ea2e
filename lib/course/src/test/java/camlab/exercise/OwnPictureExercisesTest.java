package camlab.exercise;

import static camlab.exercise.Checked.assertOpen;
import static camlab.exercise.Checked.message;
import static camlab.exercise.Checked.stub;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import camlab.heatmap.Heatmap;
import java.util.List;
import org.junit.jupiter.api.Test;

class OwnPictureExercisesTest {

  @Test
  void theMirroredMap() {
    OwnPictureExercises.mirrored(map -> turned(map, false, true));
    String upsideDown =
        message(() -> OwnPictureExercises.mirrored(map -> turned(map, true, false)));
    assertTrue(upsideDown.contains("neither a sign nor a factor"), upsideDown);
    message(() -> OwnPictureExercises.mirrored(Heatmap::rows));
    String sideways = message(() -> OwnPictureExercises.mirrored(map -> new float[3][2]));
    assertTrue(sideways.contains("exchanged"), sideways);
  }

  @Test
  void answersOnlyWhenSure() {
    OwnPictureExercises.onlyWhenSure((p, right, limit) -> sure(p, right, limit, true, 0));
    String above =
        message(
            () ->
                OwnPictureExercises.onlyWhenSure(
                    (p, right, limit) -> sure(p, right, limit, false, 0)));
    assertTrue(above.startsWith("Coverage and accuracy at 0.95"), above);
    assertFalse(above.contains("0.5"), "gives the right value away: " + above);
    String nothing =
        message(
            () ->
                OwnPictureExercises.onlyWhenSure(
                    (p, right, limit) -> sure(p, right, limit, true, Double.NaN)));
    assertTrue(nothing.startsWith("Coverage and accuracy where nothing is answered"), nothing);
    assertTrue(nothing.contains("0/0"), nothing);
  }

  @Test
  void theStubIsAnOpenExercise() {
    assertOpen(
        () ->
            OwnPictureExercises.mirrored(
                map -> {
                  throw stub();
                }));
  }

  private static float[][] turned(Heatmap map, boolean rows, boolean columns) {
    float[][] turned = new float[map.height()][map.width()];
    for (int i = 0; i < map.height(); i++) {
      for (int j = 0; j < map.width(); j++) {
        turned[i][j] = map.at(rows ? map.height() - 1 - i : i, columns ? map.width() - 1 - j : j);
      }
    }
    return turned;
  }

  private static double[] sure(
      double[] p, List<Boolean> right, double limit, boolean inclusive, double ofNone) {
    double answered = 0;
    double rightly = 0;
    for (int i = 0; i < p.length; i++) {
      if (p[i] > limit || (inclusive && p[i] == limit)) {
        answered++;
        rightly += right.get(i) ? 1 : 0;
      }
    }
    return new double[] {answered / p.length, answered == 0 ? ofNone : rightly / answered};
  }
}
