package camlab.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import camlab.network.AlexNet;
import camlab.network.Architecture;
import camlab.network.LayerGraph;
import camlab.weights.StateDict;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NormalisedPlanTest {

  @Test
  void aNormalisationFollowsEveryConvolutionAndFeedsWhatTheConvolutionFed() {
    List<String> names = NormalisedPlan.of(AlexNet.small(2)).layers().get().names();

    assertEquals(
        List.of("features.0", "features.0.norm", "features.1", "features.2", "features.3"),
        names.subList(0, 5));
    assertEquals(5, names.stream().filter(name -> name.endsWith(".norm")).count());
  }

  /** One filter: w' = 3·2/√(4 + ε), b' = (1 − 0.5)·2/√(4 + ε) + 7. */
  @Test
  void foldsTheScaleAndTheShift() {
    StateDict trained =
        StateDict.builder()
            .put("a.weight", new long[] {1, 1, 1, 1}, new float[] {3})
            .put("a.bias", new long[] {1}, new float[] {1})
            .put("a.norm.weight", new long[] {1}, new float[] {2})
            .put("a.norm.bias", new long[] {1}, new float[] {7})
            .put("a.norm.running_mean", new long[] {1}, new float[] {0.5f})
            .put("a.norm.running_var", new long[] {1}, new float[] {4})
            .put("b.weight", new long[] {1, 1}, new float[] {9})
            .build();

    StateDict folded = NormalisedPlan.fold(trained);

    assertEquals(List.of("a.weight", "a.bias", "b.weight"), folded.names());
    assertArrayEquals(new float[] {3}, folded.floats("a.weight"), 1e-5f);
    assertArrayEquals(new float[] {7.5f}, folded.floats("a.bias"), 1e-5f);
    assertArrayEquals(new float[] {9}, folded.floats("b.weight"), 0);
  }

  @Test
  void theFoldedNetworkSaysWhatTheTrainedOneSays() {
    Architecture trained = NormalisedPlan.of(AlexNet.small(3));
    StateDict weights = random(trained);
    try (NDManager scope = NDManager.newBaseManager()) {
      NDArray input = scope.randomNormal(new Shape(2, 3, 96, 96));

      float[] expected = logits(trained, weights, input);
      float[] found = logits(AlexNet.small(3), NormalisedPlan.fold(weights), input);

      float largest = 0;
      for (float logit : expected) {
        largest = Math.max(largest, Math.abs(logit));
      }
      assertTrue(largest > 0.01, "the network says something");
      assertArrayEquals(expected, found, 1e-4f * largest);
    }
  }

  private static float[] logits(Architecture plan, StateDict weights, NDArray input) {
    try (NDManager scope = NDManager.newBaseManager()) {
      LayerGraph graph = plan.allocate(scope);
      graph
          .namedParameters()
          .forEach(
              (name, parameter) -> {
                NDArray array = parameter.getArray();
                array.setRequiresGradient(false);
                // Normalisations start with ones; all other values are zero.
                array.subi(array.duplicate());
                array.addi(scope.create(weights.floats(name), array.getShape()));
              });
      return graph
          .run(new ParameterStore(scope, false), input, false, LayerGraph.Hook.NONE)
          .toFloatArray();
    }
  }

  /** Everything between 0.5 and 1.5, but weights of both signs and small enough. */
  private static StateDict random(Architecture plan) {
    Random random = new Random(3);
    StateDict.Builder weights = StateDict.builder();
    plan.parameterShapes()
        .forEach(
            (name, shape) -> {
              int size = 1;
              for (long dimension : shape) {
                size *= (int) dimension;
              }
              double scale = Math.sqrt(2.0 * shape[0] / size);
              float[] values = new float[size];
              for (int i = 0; i < size; i++) {
                values[i] =
                    (float)
                        (shape.length > 1
                            ? scale * random.nextGaussian()
                            : 0.5 + random.nextDouble());
              }
              weights.put(name, shape, values);
            });
    return weights.build();
  }
}
