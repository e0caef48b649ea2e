package camlab.exercise;

import static camlab.notebook.Notebook.passed;

import camlab.network.Network;
import camlab.picture.Picture;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.IntToDoubleFunction;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** The exercises of lesson 01. */
public final class NetworkExercises {

  private NetworkExercises() {}

  /**
   * Exercise 1: the side of a convolution's maps, ⌊(n + 2p − f) / s⌋ + 1, and the number of its
   * parameters, K (C f f) + K.
   *
   * @param answer the reader's method
   * @throws camlab.notebook.CheckFailed if it gives anything else
   */
  public static void convolution(Convolution answer) {
    convolution("features.0", List.of(55, 23_296), () -> answer.of(224, 3, 64, 11, 4, 2));
    convolution(
        "a layer of 2 filters of 3×3 at stride 2 over 4 channels of 8×8, without padding",
        List.of(3, 74),
        () -> answer.of(8, 4, 2, 3, 2, 0));
    convolution(
        "a layer of 5 filters of 1×1 at stride 1 over 10 channels of 6×6, without padding",
        List.of(6, 55),
        () -> answer.of(6, 10, 5, 1, 1, 0));
    passed("size and parameters of three convolutions are right");
  }

  private static void convolution(String layer, List<Integer> expected, Supplier<int[]> answer) {
    Answer.equal(
        "The row of " + layer,
        expected,
        () -> {
          int[] found = answer.get();
          return found == null ? null : Arrays.stream(found).boxed().toList();
        },
        "first the side of its maps, then the number of its parameters; mind the order of rounding"
            + " down and adding 1, the depth of a filter, and the biases");
  }

  /** What the table says of a convolution. */
  @FunctionalInterface
  public interface Convolution {

    /**
     * The side of the maps that it puts out, and the number of its parameters.
     *
     * @param size the side of the maps that it takes
     * @param channels the channels that it takes
     * @param filters the channels that it puts out
     * @param window the side of its window
     * @param stride positions from one window to the next
     * @param padding zeros on every side
     */
    int[] of(int size, int channels, int filters, int window, int stride, int padding);
  }

  /**
   * Exercise 2: softmax, e^(y_c − max y) / Σ_d e^(y_d − max y), for logits of any size.
   *
   * @param answer the reader's method: logits to probabilities
   * @throws camlab.notebook.CheckFailed if it gives anything else
   */
  public static void safeSoftmax(UnaryOperator<double[]> answer) {
    double smaller = 1 / (1 + Math.E);
    Answer.numbers(
        "The softmax of the logits 2 and 3",
        new double[] {smaller, 1 - smaller},
        () -> answer.apply(new double[] {2, 3}));
    passed("usual logits are right");
    Answer.numbers(
        "The softmax of the logits 1000 and 1001",
        new double[] {smaller, 1 - smaller},
        () -> answer.apply(new double[] {1000, 1001}));
    Answer.numbers(
        "The softmax of the logits −1000, −1000 and −3000",
        new double[] {0.5, 0.5, 0},
        () -> answer.apply(new double[] {-1000, -1000, -3000}));
    Answer.numbers(
        "The softmax of the logits 0, 0 and 3000",
        new double[] {0, 0, 1},
        () -> answer.apply(new double[] {0, 0, 3000}));
    Answer.numbers(
        "The softmax of the logits 3000 and 0",
        new double[] {1, 0},
        () -> answer.apply(new double[] {3000, 0}));
    passed("logits that are far from zero are right, too");
  }

  /**
   * Exercise 3: the share of right answers about pictures that were shrunk to a side in pixels.
   *
   * @param network the one that answers
   * @param pictures of which the right class is known
   * @param truth its index for each picture
   * @param answer the reader's method: a side in pixels to the accuracy on these pictures
   * @throws camlab.notebook.CheckFailed if it gives anything else
   */
  public static void accuracyAt(
      Network network, List<Picture> pictures, List<Integer> truth, IntToDoubleFunction answer) {
    for (int side : new int[] {8, 24}) {
      int right = 0;
      for (int i = 0; i < pictures.size(); i++) {
        Picture small = pictures.get(i).resized(side, side);
        right += network.predict(small).get(0).index() == truth.get(i) ? 1 : 0;
      }
      Answer.number(
          String.format(Locale.ROOT, "The accuracy on pictures of %d×%d", side, side),
          (double) right / pictures.size(),
          1e-6,
          () -> answer.applyAsDouble(side));
    }
    passed("the accuracy on shrunken pictures is right");
  }
}
