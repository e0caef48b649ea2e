package camlab.exercise;

import static camlab.notebook.Notebook.passed;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import camlab.capture.Recording;
import camlab.capture.Target;
import camlab.heatmap.ChannelMaps;
import camlab.heatmap.Heatmap;
import camlab.network.Network;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.IntToDoubleFunction;

/** The exercises of lesson 04. */
public final class LayerCamExercises {

  private LayerCamExercises() {}

  /**
   * Exercise 1: the map without the inner ReLU, R(Σ_k g_kij A_kij), which is HiResCAM: Draelos and
   * Carin 2020, equation 4.
   *
   * @param answer the reader's method: activations K×h×w and gradients K×h×w to a map, h×w
   * @throws camlab.notebook.CheckFailed if it gives anything else
   */
  public static void withoutInnerRelu(BiFunction<ChannelMaps, ChannelMaps, float[][]> answer) {
    ChannelMaps activations = MadeUp.maps(2, 1, 4, 1, 2, 1, 4, 3, 1, 2, 0.75);
    ChannelMaps gradients = MadeUp.maps(2, 1, 4, 2, -1, -1, 1, -1, 3, -1, 2);
    float[][] expected = {{0, 1, 0, 5.5f}};
    Answer.map("The map of two channels", expected, () -> answer.apply(activations, gradients));
    passed("the map of two channels of 1×4 is right");
  }

  /**
   * Exercise 2: the elementwise maximum of M / max M over several maps of one size.
   *
   * @param answer the reader's method: maps, all h×w and not negative, to their fusion, h×w
   * @throws camlab.notebook.CheckFailed if it gives anything else, also for a map of zeros among
   *     them
   */
  public static void fusedUnlifted(Function<List<Heatmap>, float[][]> answer) {
    Heatmap first = MadeUp.map(2, 2, 1, 0, 3, 4);
    Heatmap second = MadeUp.map(2, 2, 5, 10, 1, 2);
    Heatmap nothing = MadeUp.map(2, 2, 0, 0, 0, 0);
    float[][] expected = {{0.5f, 1}, {0.75f, 1}};
    Answer.map("The fusion of two maps", expected, () -> answer.apply(List.of(first, second)));
    passed("the fusion of two maps of 2×2 is right");
    Answer.map(
        "The fusion of two maps and one of zeros",
        expected,
        () -> answer.apply(List.of(first, nothing, second)));
    passed("a map of zeros changes nothing");
  }

  /**
   * Exercise 3: how far the score drops when one channel of a layer is set to zero, y − y_k, as
   * Ablation-CAM measures it (Ramaswamy et al. 2020).
   *
   * @param recording of one picture, with the layer
   * @param channels those to try
   * @param answer the reader's method: the number of a channel to the drop
   * @throws camlab.notebook.CheckFailed if it gives anything else
   */
  public static void dropWithout(
      Recording recording,
      String layer,
      Target target,
      List<Integer> channels,
      IntToDoubleFunction answer) {
    double score = recording.score(target, 0);
    for (int channel : channels) {
      Answer.number(
          "The drop without channel " + channel,
          score - scoreWithout(recording, layer, target, channel),
          1e-4 * (1 + Math.abs(score)),
          () -> answer.applyAsDouble(channel));
    }
    passed("the score drops as it should without the channels " + channels);
  }

  private static double scoreWithout(
      Recording recording, String layer, Target target, int channel) {
    ChannelMaps activations = recording.activations(layer);
    int positions = activations.height() * activations.width();
    float[] kept = activations.values();
    Arrays.fill(kept, channel * positions, (channel + 1) * positions, 0);
    Network network = recording.network();
    try (NDManager scope = network.newScope()) {
      NDArray input = recording.input().duplicate();
      input.attach(scope);
      Shape shape = new Shape(1, activations.channels(), activations.height(), activations.width());
      NDArray logits = network.model().rest(input, layer).run(scope.create(kept, shape));
      return target.score(logits.get(0), network.classes()).getFloat();
    }
  }
}
