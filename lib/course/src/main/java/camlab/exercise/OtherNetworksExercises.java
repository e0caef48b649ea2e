package camlab.exercise;

import static camlab.notebook.Notebook.passed;

import camlab.heatmap.ChannelMaps;
import java.util.Locale;
import java.util.function.ToDoubleBiFunction;

/** The exercises of lesson 07. */
public final class OtherNetworksExercises {

  private OtherNetworksExercises() {}

  /**
   * Exercise 1: a stack of n convolutions of s×s, from K channels to K, in steps of 1 and without
   * biases, has n·K²·s² weights and sees n(s − 1) + 1 positions along a side; Simonyan and
   * Zisserman 2015, section 2.3.
   *
   * @param answer the reader's method
   * @throws camlab.notebook.CheckFailed if it gives anything else
   */
  public static void stack(Stack answer) {
    stack(answer, 1, 5, 2, 50, 9);
    stack(answer, 2, 3, 3, 108, 7);
    passed("two small stacks are right");
  }

  private static void stack(
      Stack answer, int channels, int side, int layers, int weights, int seen) {
    String of =
        String.format(Locale.ROOT, " for n = %d, s = %d and K = %d", layers, side, channels);
    long[] found = Answer.value("The stack" + of, () -> answer.of(channels, side, layers));
    if (found.length != 2) {
      throw Answer.wrong(
          "The stack" + of,
          "there should be 2 numbers, but there are " + found.length,
          "first the weights, then what is seen along a side");
    }
    Answer.number("The number of weights" + of, weights, 0, () -> found[0]);
    Answer.number("The side of what a position sees" + of, seen, 0, () -> found[1]);
  }

  /**
   * Exercise 2: a separable convolution of s×s has s² weights for each of its inputs and one for
   * each pair of an input and an output; Chollet 2017, section 3.
   *
   * @param answer the reader's method
   * @throws camlab.notebook.CheckFailed if it gives anything else
   */
  public static void separable(Separable answer) {
    Answer.number(
        "The number of weights for 2 channels in, 5 channels out and 3×3",
        28,
        0,
        () -> answer.of(2, 5, 3));
    Answer.number(
        "The number of weights for 4 channels in, 1 channel out and 5×5",
        104,
        0,
        () -> answer.of(4, 1, 5));
    passed("two separable convolutions are right");
  }

  /**
   * Exercise 3: CAM with the bias in it, Σ_k w_ck A_k + b_c, so that its mean is the class score;
   * Zhou et al. 2016, equations 1 and 2.
   *
   * @param answer the reader's method
   * @throws camlab.notebook.CheckFailed if it gives anything else
   */
  public static void wholeScore(WholeScore answer) {
    ChannelMaps activations = MadeUp.maps(3, 1, 3, 1, 2, 0, 0, 1, 4, 2, 0, 1);
    float[] weights = {9, 8, 1, 2, -1, 3};
    float[] bias = {5, 0.5f};
    Answer.map(
        "The map of the second of two classes, for three channels",
        new float[][] {{8.5f, 3.5f, -0.5f}},
        () -> answer.of(activations, weights, bias, 1));
    Answer.map(
        "The map of the first of two classes, for three channels",
        new float[][] {{16, 31, 38}},
        () -> answer.of(activations, weights, bias, 0));
    passed("the maps of two classes are right");
  }

  /**
   * Exercise 4: what a layer adds to a score, to first order, Σ_kij g_kij A_kij.
   *
   * @param answer the reader's method: activations K×h×w and gradients K×h×w to one number
   * @throws camlab.notebook.CheckFailed if it gives anything else
   */
  public static void contribution(ToDoubleBiFunction<ChannelMaps, ChannelMaps> answer) {
    ChannelMaps activations = MadeUp.maps(2, 1, 2, 1, 2.5, 0, -3);
    ChannelMaps gradients = MadeUp.maps(2, 1, 2, 3, -1, 5, 1);
    Answer.number(
        "What two channels of 1×2 add",
        -2.5,
        1e-6,
        () -> answer.applyAsDouble(activations, gradients));
    passed("what two channels add is right");
  }

  /** Counts what a stack of convolutions needs and sees. */
  @FunctionalInterface
  public interface Stack {

    /**
     * The number of weights, and the side of what a position sees.
     *
     * @param channels channels in, and channels out
     * @param side of the window
     * @param layers how many convolutions
     */
    long[] of(int channels, int side, int layers);
  }

  /** Counts what a separable convolution needs. */
  @FunctionalInterface
  public interface Separable {

    /**
     * The number of weights.
     *
     * @param in channels in
     * @param out channels out
     * @param side of the window
     */
    long of(int in, int out, int side);
  }

  /** A map whose mean is the class score. */
  @FunctionalInterface
  public interface WholeScore {

    /**
     * The map.
     *
     * @param activations K×h×w
     * @param weights of the linear layer, classes×K, row by row
     * @param bias one for each class
     * @param index of the class
     */
    float[][] of(ChannelMaps activations, float[] weights, float[] bias, int index);
  }
}
