package camlab.exercise;

import static camlab.notebook.Notebook.passed;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.LambdaBlock;
import ai.djl.training.ParameterStore;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;

/** The exercises of lesson 08. */
public final class OwnModelExercises {

  private static final String WHAT =
      "What the block puts out for 1, −2 and 3, when F multiplies by ten,";

  private OwnModelExercises() {}

  /**
   * Exercise 1: the layer that a name stands for, which for a container is the last layer in it.
   *
   * @param answer the reader's method: the layers in the order in which they run, and a name
   * @throws camlab.notebook.CheckFailed if it gives anything else
   */
  public static void standsFor(BiFunction<List<String>, String, String> answer) {
    List<String> layers =
        List.of("0", "1.0", "1.1.0", "1.1.1", "1.join", "2.0", "2.1.0", "10.9", "10.10");
    Map<String, String> expected = new LinkedHashMap<>();
    expected.put("0", "0");
    expected.put("2", "2.1.0");
    expected.put("1", "1.join");
    expected.put("1.1", "1.1.1");
    expected.put("10", "10.10");
    expected.forEach(
        (name, layer) ->
            Answer.equal(
                "The layer for '%s' among %s".formatted(name, layers),
                layer,
                // A copy: names that are compared with == are not found then.
                () -> answer.apply(layers, String.copyValueOf(name.toCharArray())),
                "what lies in a container has the container's name and then a dot; the last is the one that"
                    + " runs last; and two names are compared with equals"));
    passed("five names stand for the right layers");
  }

  /**
   * Exercise 2: a residual block, x + F(x); He et al. 2016, equation 1.
   *
   * @param answer the reader's method: F to the block that adds its input to what F puts out
   * @throws camlab.notebook.CheckFailed if it puts out anything else
   */
  public static void residual(UnaryOperator<Block> answer) {
    Answer.numbers(
        WHAT,
        new double[] {11, -22, 33},
        () -> run(answer.apply(LambdaBlock.singleton(x -> x.mul(10)))));
    passed("the block adds its input to what F puts out");
  }

  private static double[] run(Block block) {
    if (block == null) {
      return null;
    }
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray x = manager.create(new float[] {1, -2, 3}, new Shape(1, 3, 1, 1));
      block.initialize(manager, DataType.FLOAT32, x.getShape());
      NDList out = block.forward(new ParameterStore(manager, false), new NDList(x), false);
      if (out.size() != 1) {
        throw Answer.wrong(
            WHAT,
            "it puts out " + out.size() + " arrays",
            "the branches are added to one another: a list of one array is left");
      }
      return Answer.doubles(out.get(0));
    }
  }
}
