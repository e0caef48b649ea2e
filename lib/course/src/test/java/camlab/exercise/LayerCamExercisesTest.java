package camlab.exercise;

import static camlab.exercise.Checked.assertOpen;
import static camlab.exercise.Checked.message;
import static camlab.exercise.Checked.stub;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import camlab.capture.Recording;
import camlab.capture.SmallNetworks;
import camlab.capture.Target;
import camlab.heatmap.ChannelMaps;
import camlab.heatmap.Heatmap;
import camlab.network.Network;
import java.util.List;
import org.junit.jupiter.api.Test;

class LayerCamExercisesTest {

  private static final String LAYER = "features.11";

  @Test
  void theMapWithoutTheInnerRelu() {
    LayerCamExercises.withoutInnerRelu((a, g) -> weighted(a, g, false, true));
    String inner =
        message(() -> LayerCamExercises.withoutInnerRelu((a, g) -> weighted(a, g, true, true)));
    assertTrue(inner.contains("neither a sign nor a factor"), inner);
    String negative =
        message(() -> LayerCamExercises.withoutInnerRelu((a, g) -> weighted(a, g, false, false)));
    assertTrue(negative.contains("there are values below zero"), negative);
    for (String text : List.of(inner, negative)) {
      assertFalse(text.contains("5.5"), "gives the right value away: " + text);
    }
  }

  @Test
  void theFusionWithoutTheHyperbolicTangent() {
    LayerCamExercises.fusedUnlifted(maps -> fused(maps, true, false));
    String raw = message(() -> LayerCamExercises.fusedUnlifted(maps -> fused(maps, false, false)));
    assertTrue(raw.startsWith("The fusion of two maps is not right yet"), raw);
    String divided =
        message(() -> LayerCamExercises.fusedUnlifted(maps -> fused(maps, true, true)));
    assertTrue(divided.startsWith("The fusion of two maps and one of zeros"), divided);
    assertTrue(divided.contains("0/0"), divided);
  }

  @Test
  void theDropOfTheScore() {
    try (Network network = SmallNetworks.alexNet();
        Recording recording = Recording.of(network, SmallNetworks.picture(3), LAYER)) {
      Target target = Target.of("cat");
      double score = recording.score(target, 0);
      List<Integer> channels = List.of(most(recording.activations(LAYER)));
      LayerCamExercises.dropWithout(
          recording, LAYER, target, channels, k -> score - without(recording, k));
      String turned =
          message(
              () ->
                  LayerCamExercises.dropWithout(
                      recording, LAYER, target, channels, k -> without(recording, k) - score));
      assertTrue(turned.contains("the sign is not"), turned);
      message(
          () ->
              LayerCamExercises.dropWithout(
                  recording, LAYER, target, channels, k -> without(recording, k)));
    }
  }

  @Test
  void theStubIsAnOpenExercise() {
    assertOpen(
        () ->
            LayerCamExercises.withoutInnerRelu(
                (a, g) -> {
                  throw stub();
                }));
  }

  /** The score of the cat, by the rest of the network behind the layer. */
  private static double without(Recording recording, int channel) {
    NDArray kept = recording.activation(LAYER).duplicate();
    kept.set(new NDIndex(":," + channel), 0);
    return recording.network().model().rest(recording.input(), LAYER).run(kept).get(0).getFloat(0);
  }

  private static int most(ChannelMaps maps) {
    int most = 0;
    for (int k = 1; k < maps.channels(); k++) {
      most = maps.sum(k) > maps.sum(most) ? k : most;
    }
    return most;
  }

  private static float[][] weighted(ChannelMaps a, ChannelMaps g, boolean inner, boolean outer) {
    float[][] map = new float[a.height()][a.width()];
    for (int i = 0; i < a.height(); i++) {
      for (int j = 0; j < a.width(); j++) {
        for (int k = 0; k < a.channels(); k++) {
          map[i][j] += (inner ? Math.max(g.at(k, i, j), 0) : g.at(k, i, j)) * a.at(k, i, j);
        }
        map[i][j] = outer ? Math.max(map[i][j], 0) : map[i][j];
      }
    }
    return map;
  }

  private static float[][] fused(List<Heatmap> maps, boolean scaled, boolean zerosToo) {
    float[][] map = new float[maps.get(0).height()][maps.get(0).width()];
    for (Heatmap each : maps) {
      for (int i = 0; i < map.length; i++) {
        for (int j = 0; j < map[i].length; j++) {
          float top = each.max() > 0 || zerosToo ? each.max() : 1;
          map[i][j] = Math.max(map[i][j], each.at(i, j) / (scaled ? top : 1));
        }
      }
    }
    return map;
  }
}
