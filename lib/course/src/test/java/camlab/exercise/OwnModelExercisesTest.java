package camlab.exercise;

import static camlab.exercise.Checked.assertSays;
import static camlab.exercise.Checked.stub;

import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.ParallelBlock;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** The checks of lesson 08. */
class OwnModelExercisesTest {

  @Test
  void whatANameStandsFor() {
    OwnModelExercises.standsFor((layers, name) -> last(layers, name, "."));
    assertSays(
        "The layer for '1'",
        () -> OwnModelExercises.standsFor((layers, name) -> last(layers, name, "")));
    assertSays("The layer for '2'", () -> OwnModelExercises.standsFor((layers, name) -> name));
  }

  @Test
  void theResidualBlock() {
    OwnModelExercises.residual(f -> joined(f, out -> new NDList(out.get(0).add(out.get(1)))));
    assertSays(
        "3 numbers, but there are 6",
        () ->
            OwnModelExercises.residual(f -> joined(f, out -> new NDList(NDArrays.concat(out, 1)))));
    assertSays(
        "too small by one and the same factor",
        () -> OwnModelExercises.residual(f -> joined(f, out -> new NDList(out.get(0)))));
    assertSays("returns null", () -> OwnModelExercises.residual(f -> null));
  }

  @Test
  void stubsAreOpen() {
    assertSays(
        "still open", () -> OwnModelExercises.standsFor((layers, name) -> open().toString()));
    assertSays("still open", () -> OwnModelExercises.residual(f -> open()));
  }

  private static Block open() {
    throw stub();
  }

  private static String last(List<String> layers, String name, String dot) {
    return layers.stream()
        .filter(layer -> layer.equals(name) || layer.startsWith(name + dot))
        .reduce((before, after) -> after)
        .get();
  }

  private static Block joined(Block computed, Function<NDList, NDList> join) {
    return new ParallelBlock(
        outputs ->
            join.apply(
                new NDList(outputs.get(0).singletonOrThrow(), outputs.get(1).singletonOrThrow())),
        List.of(computed, Blocks.identityBlock()));
  }
}
