package camlab.exercise;

import static camlab.exercise.Checked.assertOpen;
import static camlab.exercise.Checked.message;
import static camlab.exercise.Checked.stub;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import camlab.heatmap.ChannelMaps;
import camlab.heatmap.Heatmap;
import camlab.measure.PointingGame;
import camlab.picture.Mask;
import camlab.picture.Picture;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShortcutExercisesTest {

  @Test
  void theAlarm() {
    ShortcutExercises.alarm((maps, masks) -> alarm(maps, masks, 15));
    String hits = message(() -> ShortcutExercises.alarm((m, a) -> 1 - alarm(m, a, 15)));
    assertTrue(hits.contains("one map that peaks on the animal"), hits);
    String strict = message(() -> ShortcutExercises.alarm((m, a) -> alarm(m, a, 0)));
    assertTrue(strict.contains("10 pixels beside"), strict);
    assertTrue(strict.contains("too large"), strict);
    String counted = message(() -> ShortcutExercises.alarm((m, a) -> m.size() * alarm(m, a, 15)));
    assertTrue(counted.contains("two that peak far away"), counted);
    assertFalse(counted.contains("0.66"), "gives the right value away: " + counted);
  }

  private static double alarm(List<Heatmap> maps, List<Mask> masks, int tolerance) {
    double off = 0;
    for (int at = 0; at < maps.size(); at++) {
      off += new PointingGame(tolerance).hits(maps.get(at), masks.get(at)) ? 0 : 1;
    }
    return off / maps.size();
  }

  @Test
  void coveredColumns() {
    ShortcutExercises.covered((stamped, plain, columns) -> covered(stamped, plain, columns));
    String beside =
        message(() -> ShortcutExercises.covered((s, p, columns) -> covered(s, p, columns + 1)));
    assertTrue(beside.contains("with 0 columns nothing changes"), beside);
    String right = message(() -> ShortcutExercises.covered((s, p, columns) -> columns > 0 ? p : s));
    assertTrue(right.contains("two columns covered"), right);
  }

  private static Picture covered(Picture stamped, Picture plain, int columns) {
    int width = stamped.width();
    int[] rgb = new int[width * stamped.height()];
    for (int at = 0; at < rgb.length; at++) {
      rgb[at] = (at % width < columns ? plain : stamped).rgb(at / width, at % width);
    }
    return Picture.of(width, stamped.height(), rgb);
  }

  @Test
  void contribution() {
    ShortcutExercises.contribution((a, g, channels) -> contribution(a, g, channels));
    String means =
        message(
            () ->
                ShortcutExercises.contribution(
                    (a, g, channels) ->
                        channels.stream().mapToDouble(k -> g.mean(k) * a.sum(k)).sum()));
    assertTrue(means.contains("too large"), means);
    String all =
        message(
            () ->
                ShortcutExercises.contribution(
                    (a, g, channels) -> contribution(a, g, List.of(0, 1, 2))));
    assertTrue(all.contains("channels 0 and 2"), all);
    assertFalse(all.contains(" 3.5"), "gives the right value away: " + all);
  }

  private static double contribution(ChannelMaps a, ChannelMaps g, List<Integer> channels) {
    double sum = 0;
    for (int k : channels) {
      for (int i = 0; i < a.height(); i++) {
        for (int j = 0; j < a.width(); j++) {
          sum += g.at(k, i, j) * a.at(k, i, j);
        }
      }
    }
    return sum;
  }

  @Test
  void theStubsAreOpenExercises() {
    assertOpen(
        () ->
            ShortcutExercises.alarm(
                (m, a) -> {
                  throw stub();
                }));
    assertOpen(
        () ->
            ShortcutExercises.covered(
                (s, p, c) -> {
                  throw stub();
                }));
    assertOpen(
        () ->
            ShortcutExercises.contribution(
                (a, g, k) -> {
                  throw stub();
                }));
  }
}
