package camlab.exercise;

import static camlab.notebook.Notebook.passed;

import camlab.heatmap.ChannelMaps;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiFunction;

/** The exercises of lesson 08b. */
public final class FromPythonExercises {

  private FromPythonExercises() {}

  /**
   * Exercise 1: the call whose output is that of the whole block.
   *
   * @param answer the reader's method: the block's output, and the output of each call by its name
   * @throws camlab.notebook.CheckFailed if it gives anything else
   */
  public static void outputOf(BiFunction<ChannelMaps, Map<String, ChannelMaps>, String> answer) {
    ChannelMaps whole = named("block", 0, 2, 1);
    Map<String, ChannelMaps> calls = new LinkedHashMap<>();
    calls.put("relu", named("relu", 0, 2, 3));
    calls.put("relu_1", named("relu_1", 1, 2, 0));
    calls.put("relu_2", named("relu_2", 0, 2, 1));
    Answer.equal(
        "The call that puts out what the block does",
        "relu_2",
        () -> answer.apply(whole, calls),
        "compare all numbers, in their order; two layers never have the same name");
    calls.clear();
    calls.put("first", named("first", 0, 2, 1));
    calls.put("last", named("last", 0, 2, 2));
    Answer.equal(
        "The call that puts out what another block does",
        "first",
        () -> answer.apply(whole, calls),
        "it need not be the last call");
    passed("the right call of three, and of two");
  }

  private static ChannelMaps named(String layer, float... values) {
    return ChannelMaps.of(layer, 1, 1, values.length, values);
  }

  /** Whose share of right answers is asked for. */
  @FunctionalInterface
  public interface ShareRight {

    /**
     * {@return the share of pictures that are named rightly, from 0 to 1}
     *
     * @param shown the class that each picture shows, by its place in the list of names
     * @param answered the output of the network that was largest for it
     * @param order the place in the list of names for each output of the network
     */
    double of(int[] shown, int[] answered, int[] order);
  }

  /**
   * Exercise 2: how many answers are right if a network's outputs have their names in some order.
   *
   * @param answer the reader's method
   * @throws camlab.notebook.CheckFailed if it gives anything else
   */
  public static void shareRight(ShareRight answer) {
    int[] shown = {0, 0, 1, 1, 2, 2, 2, 2};
    int[] answered = {1, 1, 2, 0, 0, 0, 0, 2};
    Answer.number(
        "With each output under its own name, the share right of eight pictures",
        1.0 / 8,
        1e-9,
        () -> answer.of(shown.clone(), answered.clone(), new int[] {0, 1, 2}));
    // Output 0 means the name 2, output 1 the name 0, output 2 the name 1. Six are right then.
    Answer.number(
        "With the outputs named 2, 0 and 1, the share right of the same pictures",
        6.0 / 8,
        1e-9,
        () -> answer.of(shown.clone(), answered.clone(), new int[] {2, 0, 1}));
    passed("the share of right answers under two orders of the names");
  }
}
