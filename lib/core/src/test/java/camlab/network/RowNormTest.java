package camlab.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.norm.LayerNorm;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** DJL's layer norm read as a norm of rows: ε, which it does not show, is found by trial. */
class RowNormTest {

  /** On values so small that ε is what counts, or the variance, or both. */
  @ParameterizedTest
  @ValueSource(floats = {1e-3f, 1e-5f, 1e-6f, 1e-12f, 0})
  void computesWhatDjlsLayerNormDoes(float epsilon) {
    try (NDManager scope = NDManager.newBaseManager()) {
      Shape shape = new Shape(2, 5, 3, 7);
      LayerNorm block = LayerNorm.builder().axis(2, 3).optEpsilon(epsilon).build();
      block.initialize(scope, DataType.FLOAT32, shape);
      Random random = new Random(1);
      NDArray factor = Trial.noise(scope, new Shape(3, 7), random);
      NDArray offset = Trial.noise(scope, new Shape(3, 7), random);
      factor.copyTo(block.getDirectParameters().get("gamma").getArray());
      offset.copyTo(block.getDirectParameters().get("beta").getArray());
      LayerGraph graph = LayerGraph.builder().add("norm", "LayerNorm", block, "input").build();
      RowNorm norm = RowNorm.of(graph, graph.last(), scope).orElseThrow();
      for (float scale : new float[] {1, 1e-3f, 1e-5f}) {
        NDArray x = Trial.noise(scope, shape, random).mul(scale);
        NDArray expected = graph.run(graph.last(), new NDList(x));
        NDArray found =
            graph.run(new Layer("norm", "norm", norm, graph.last().inputs()), new NDList(x));
        float largest = expected.abs().max().getFloat();
        assertArrayEquals(
            expected.div(largest).toFloatArray(), found.div(largest).toFloatArray(), 2e-6f);
      }
    }
  }
}
