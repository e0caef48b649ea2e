package camlab.fuzz;

import camlab.evaluation.ResultFileFuzz;
import java.util.List;

/** The readers of the evaluation. */
class EvaluationFuzzTest extends FuzzTests {

  static List<Target> targets() {
    return List.of(
        new Target(
            ResultFileFuzz.class, ResultFileFuzz::seeds, ResultFileFuzz::fuzzerTestOneInput));
  }
}
