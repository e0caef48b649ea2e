package camlab.exercise;

import static camlab.exercise.Checked.assertSays;
import static camlab.exercise.Checked.stub;

import camlab.heatmap.ChannelMaps;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The checks of lesson 08b. */
class FromPythonExercisesTest {

  @Test
  void theCallThatIsTheOutput() {
    FromPythonExercises.outputOf(FromPythonExercisesTest::sameValues);
    assertSays(
        "returns relu.",
        () -> FromPythonExercises.outputOf((whole, calls) -> calls.keySet().iterator().next()));
    assertSays(
        "it need not be the last call",
        () ->
            FromPythonExercises.outputOf(
                (whole, calls) -> List.copyOf(calls.keySet()).get(lastOf(calls))));
    assertSays(
        "returns null",
        () ->
            FromPythonExercises.outputOf(
                (whole, calls) ->
                    calls.keySet().stream()
                        .filter(name -> calls.get(name).equals(whole))
                        .findFirst()
                        .orElse(null)));
  }

  @Test
  void theShareOfRightAnswers() {
    FromPythonExercises.shareRight(FromPythonExercisesTest::share);
    assertSays(
        "With the outputs named 2, 0 and 1",
        () ->
            FromPythonExercises.shareRight(
                (shown, answered, order) -> share(shown, answered, new int[] {0, 1, 2})));
    assertSays(
        "With each output under its own name",
        () ->
            FromPythonExercises.shareRight(
                (shown, answered, order) -> 8 * share(shown, answered, order)));
  }

  @Test
  void stubsAreOpen() {
    assertSays(
        "still open",
        () ->
            FromPythonExercises.outputOf(
                (whole, calls) -> {
                  throw stub();
                }));
    assertSays(
        "still open",
        () ->
            FromPythonExercises.shareRight(
                (shown, answered, order) -> {
                  throw stub();
                }));
  }

  private static double share(int[] shown, int[] answered, int[] order) {
    return IntStream.range(0, shown.length)
        .mapToDouble(i -> order[answered[i]] == shown[i] ? 1 : 0)
        .average()
        .getAsDouble();
  }

  private static int lastOf(Map<String, ChannelMaps> calls) {
    return calls.size() - 1;
  }

  private static String sameValues(ChannelMaps whole, Map<String, ChannelMaps> calls) {
    return calls.keySet().stream()
        .filter(name -> Arrays.equals(calls.get(name).values(), whole.values()))
        .findFirst()
        .get();
  }
}
