package camlab.exercise;

import static camlab.notebook.Notebook.passed;

import camlab.heatmap.ChannelMaps;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleBiFunction;

/** The exercises of lesson 02. */
public final class FeatureMapExercises {

  private FeatureMapExercises() {}

  /**
   * Exercise 1: channel, row and column of the largest activation.
   *
   * @param answer the reader's method: activations K×h×w to three numbers
   * @throws camlab.notebook.CheckFailed if it gives anything else, also where no value is positive
   */
  public static void place(Function<ChannelMaps, int[]> answer) {
    place(
        "The place of the largest of the values 0 to 5 in 2 channels of 1×3",
        List.of(1, 0, 1),
        MadeUp.maps(2, 1, 3, 0, 4, 1, 2, 5, 3),
        answer);
    place(
        "The place of the largest value in 2 channels of 3×2",
        List.of(0, 2, 1),
        MadeUp.maps(2, 3, 2, 1, 0, 0, 2, 3, 9, 4, 5, 6, 7, 8, 8.5),
        answer);
    passed("the place of the largest value is right");
    place(
        "The place of the largest of four negative values",
        List.of(0, 0, 1),
        MadeUp.maps(2, 1, 2, -3, -1, -2, -4),
        answer);
    passed("it is right as well where all values are negative");
  }

  private static void place(
      String what, List<Integer> expected, ChannelMaps maps, Function<ChannelMaps, int[]> answer) {
    Answer.equal(
        what,
        expected,
        () -> {
          int[] found = answer.apply(maps);
          return found == null ? null : Arrays.stream(found).boxed().toList();
        },
        "three numbers in the order channel, row, column, each from 0; compare with the best value"
            + " so far, and mind what you begin with");
  }

  /**
   * Exercise 2: the channels that are 0 at every position of every picture.
   *
   * @param answer the reader's method: the activations of several pictures, each K×h×w, to channel
   *     numbers in rising order
   * @throws camlab.notebook.CheckFailed if it gives anything else
   */
  public static void dead(Function<List<ChannelMaps>, List<Integer>> answer) {
    ChannelMaps first = MadeUp.maps(4, 1, 2, 0, 0, 0, 1, 0, 0, 0, 0);
    ChannelMaps second = MadeUp.maps(4, 1, 2, 0, 0, 0, 0, 2, 0, 0, 0);
    Answer.equal(
        "The list of the dead ones among four channels in two pictures",
        List.of(0, 3),
        () -> answer.apply(List.of(first, second)),
        "a channel that answers in one of the pictures is not dead");
    passed("the dead ones among four channels are right");
    ChannelMaps negative = MadeUp.maps(3, 1, 2, 0, -1, 0, 0, -2, 2);
    Answer.equal(
        "The list of the dead ones among three channels with negative values",
        List.of(1),
        () -> answer.apply(List.of(negative)),
        "before a ReLU a channel can be below zero, and that is not the same as zero");
    passed("negative values do not count as zero");
  }

  /**
   * Exercise 3: the cosine of the channel means of two pictures, Σ_k a_k b_k / (√Σ_k a_k² √Σ_k
   * b_k²) with a_k and b_k the means over the positions; 0 where one picture has zeros only.
   *
   * @param answer the reader's method: the activations of two pictures, each K×h×w, to a number
   * @throws camlab.notebook.CheckFailed if it gives anything else
   */
  public static void cosine(ToDoubleBiFunction<ChannelMaps, ChannelMaps> answer) {
    ChannelMaps a = MadeUp.maps(2, 1, 2, 6, 0, 5, 3);
    ChannelMaps b = MadeUp.maps(2, 1, 2, 4, 12, 0, 12);
    ChannelMaps across = MadeUp.maps(2, 1, 2, -4, -4, 6, 0);
    Answer.number(
        "The cosine of the means 3, 4 and 8, 6", 0.96, 1e-6, () -> answer.applyAsDouble(a, b));
    Answer.number(
        "The cosine of the means 3, 4 and −4, 3", 0, 1e-6, () -> answer.applyAsDouble(a, across));
    ChannelMaps opposite = MadeUp.maps(2, 1, 2, -3, -3, -8, 0);
    Answer.number(
        "The cosine of the means 3, 4 and −3, −4",
        -1,
        1e-6,
        () -> answer.applyAsDouble(a, opposite));
    passed("the cosine of two pictures is right");
    ChannelMaps silent = MadeUp.maps(2, 1, 2, 0, 0, 0, 0);
    Answer.number(
        "The cosine with a picture in which all channels are zero",
        0,
        0,
        () -> answer.applyAsDouble(a, silent));
    Answer.number(
        "The cosine of a picture in which all channels are zero",
        0,
        0,
        () -> answer.applyAsDouble(silent, a));
    passed("a picture of zeros is like no other");
  }
}
