package camlab.exercise;

import static camlab.notebook.Notebook.passed;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import camlab.capture.Target;
import camlab.heatmap.ChannelMaps;
import camlab.network.Classes;
import java.util.List;
import java.util.function.BiFunction;

/** The exercises of lesson 03. */
public final class GradCamExercises {

  private GradCamExercises() {}

  /**
   * Exercise 1: the map of what speaks against a class, R(Σ_k mean(−g_k) A_k), Selvaraju et al.
   * 2017.
   *
   * @param answer the reader's method: activations K×h×w and gradients K×h×w to a map, h×w
   * @throws camlab.notebook.CheckFailed if it gives anything else
   */
  public static void counterfactual(BiFunction<ChannelMaps, ChannelMaps, float[][]> answer) {
    ChannelMaps activations = MadeUp.maps(2, 1, 3, 1, 2, 0, 0, 1, 4.5);
    ChannelMaps gradients = MadeUp.maps(2, 1, 3, 3, 3, 0, -1, -2, 0);
    float[][] expected = {{0, 0, 4.5f}};
    Answer.map("The map of two channels", expected, () -> answer.apply(activations, gradients));
    passed("the map of two channels of 1×3 is right");
  }

  /**
   * Exercise 2: the channels by the size of what they add to B, |w_k Σ_ij A_kij|, the largest
   * first.
   *
   * @param answer the reader's method: activations K×h×w and gradients K×h×w to channel numbers
   * @throws camlab.notebook.CheckFailed if it gives anything else
   */
  public static void bySize(BiFunction<ChannelMaps, ChannelMaps, List<Integer>> answer) {
    ChannelMaps activations = MadeUp.maps(4, 1, 2, 1, 1, 3, 0, 0.1, 0.1, 5, 5);
    ChannelMaps gradients = MadeUp.maps(4, 1, 2, 2, 2, 0, -6, 4, 4, 5, -4.9);
    Answer.equal(
        "The order of four channels",
        List.of(1, 0, 2, 3),
        () -> answer.apply(activations, gradients),
        "work out what each channel adds by hand; a large loss counts as much as a large gain");
    passed("the order of four channels is right");
  }

  /**
   * Exercise 3: the score of one class less that of another.
   *
   * @param answer the reader's method
   * @throws camlab.notebook.CheckFailed if its score is anything else
   */
  public static void rather(Difference answer) {
    Classes classes = new Classes(List.of("cat", "dog", "fox"));
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray logits = manager.create(new float[] {1, 5, -2});
      Answer.score(
          "The score of fox rather than dog for the logits 1, 5 and −2",
          -7,
          logits,
          classes,
          () -> answer.of(Target.of("fox"), Target.of(1), classes));
      Answer.score(
          "The score of cat rather than fox for the logits 1, 5 and −2",
          3,
          logits,
          classes,
          () -> answer.of(Target.of(0), Target.of("fox"), classes));
    }
    passed("the score of one class rather than another is right");
  }

  /** A target made of two. */
  @FunctionalInterface
  public interface Difference {

    /**
     * The score of the first less that of the second.
     *
     * @param classes the names of the logits
     */
    Target of(Target first, Target second, Classes classes);
  }
}
