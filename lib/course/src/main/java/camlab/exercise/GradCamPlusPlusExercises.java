package camlab.exercise;

import static camlab.notebook.Notebook.passed;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import camlab.capture.Target;
import camlab.heatmap.ChannelMaps;
import camlab.network.Classes;
import java.util.List;
import java.util.function.Function;

/** The exercises of lesson 05. */
public final class GradCamPlusPlusExercises {

  private GradCamPlusPlusExercises() {}

  /**
   * Exercise 1: how high a region of n positions stands in the map, with activation a and gradient
   * g throughout: R(n a g / hw) for Grad-CAM, R(s / (2 + s)) with s = n a g for Grad-CAM++
   * (Chattopadhyay et al. 2018, equations 5 and 19, for a constant region); 0 where g is not
   * positive.
   *
   * @param answer the reader's method
   * @throws camlab.notebook.CheckFailed if it gives anything else
   */
  public static void heights(Heights answer) {
    Answer.numbers(
        "The heights of region b (4 positions of 80, activation 1, gradient 1)",
        new double[] {0.05, 4 / 6.0},
        () -> answer.of(4, 1, 1, 80));
    passed("a region with activation and gradient 1 is right");
    Answer.numbers(
        "The heights of 3 positions of 10 with activation 0.5 and gradient 4",
        new double[] {0.6, 0.75},
        () -> answer.of(3, 0.5, 4, 10));
    passed("a region with other activations and gradients is right");
    Answer.numbers(
        "The heights of 4 positions of 10 with activation 1 and gradient −1",
        new double[] {0, 0},
        () -> answer.of(4, 1, -1, 10));
    Answer.numbers(
        "The heights of 4 positions of 10 with activation 1 and gradient 0",
        new double[] {0, 0},
        () -> answer.of(4, 1, 0, 10));
    passed("a region that speaks against the class is right");
  }

  /** The heights of a region in two maps. */
  @FunctionalInterface
  public interface Heights {

    /**
     * The height in Grad-CAM's map, then that in Grad-CAM++'s.
     *
     * @param n the positions of the region
     * @param activation at each of them, above 0
     * @param gradient at each of them
     * @param positions h·w, all positions of the layer
     */
    double[] of(int n, double activation, double gradient, int positions);
  }

  /**
   * Exercise 2: the mean over all positions of the positive part of the gradient, Σ_ij R(g_kij) /
   * hw, which Lerma and Lucas 2022 compare Grad-CAM++ with.
   *
   * @param answer the reader's method: gradients K×h×w to K weights
   * @throws camlab.notebook.CheckFailed if it gives anything else
   */
  public static void positiveMeans(Function<ChannelMaps, double[]> answer) {
    ChannelMaps gradients = MadeUp.maps(3, 2, 2, 5, -4, 0, 0, 1, 2, 3, 6, -1, -2, -3, -4);
    double[] expected = {1.25, 3, 0};
    Answer.numbers("The weights of three channels", expected, () -> answer.apply(gradients));
    passed("the weights of three channels of 2×2 are right");
  }

  /**
   * Exercise 3: the score of a target, times a factor.
   *
   * @param answer the reader's method
   * @throws camlab.notebook.CheckFailed if its score is anything else
   */
  public static void times(Times answer) {
    Classes classes = new Classes(List.of("cat", "dog", "fox"));
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray logits = manager.create(new float[] {1, 5, -2});
      Answer.score(
          "The score of fox times 10 for the logits 1, 5 and −2",
          -20,
          logits,
          classes,
          () -> answer.of(Target.of("fox"), 10, classes));
      Answer.score(
          "The score of dog times 0.5 for the logits 1, 5 and −2",
          2.5,
          logits,
          classes,
          () -> answer.of(Target.of(1), 0.5, classes));
    }
    passed("the score times a factor is right");
  }

  /** A target made of another. */
  @FunctionalInterface
  public interface Times {

    /**
     * The score of the target, times the factor.
     *
     * @param classes the names of the logits
     */
    Target of(Target target, double factor, Classes classes);
  }
}
