package camlab.network.export;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import camlab.network.NotApplicableException;
import camlab.network.program.Graph.Input;
import camlab.network.program.Graph.Origin;
import camlab.weights.RawTensors.Raw;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * What the layers of a program that are one linear operator put out for nothing: its bias, and of a
 * batch norm β − γ μ / √(σ² + ε). It is worked out when it is asked for, since few ask.
 *
 * @param what the file, for messages
 * @param biases where the numbers are
 * @param statistics the numbers of {@link #statistics}
 */
record ProgramBiases(String what, List<Bias> biases, Map<String, float[]> statistics) {

  private static final Set<String> FRACTIONS =
      Set.of("FloatStorage", "DoubleStorage", "HalfStorage", "BFloat16Storage");

  /** Copies what it is given. */
  ProgramBiases {
    biases = List.copyOf(biases);
    statistics = Map.copyOf(statistics);
  }

  /**
   * What one layer puts out for nothing.
   *
   * @param layer its name
   * @param dimensions how many its output has
   * @param channels along which of them its channels lie
   * @param offset what is added at the end; empty if nothing is
   * @param norm what a batch norm does before that; empty for any other operator
   */
  record Bias(
      String layer, int dimensions, int channels, Optional<Input> offset, Optional<Norm> norm) {}

  /**
   * A batch norm of zeros.
   *
   * @param factor γ; empty for 1
   * @param mean μ
   * @param variance σ²
   * @param epsilon ε
   */
  record Norm(Optional<Input> factor, Input mean, Input variance, double epsilon) {}

  /**
   * The means and variances that a program keeps, by their names in the file: all numbers with a
   * fraction along one dimension that are no parameters.
   *
   * @param kept the tensors that are no parameters
   * @throws IOException if they cannot be read
   */
  static Map<String, float[]> statistics(Map<String, Raw> kept) throws IOException {
    Map<String, float[]> statistics = new HashMap<>();
    for (Map.Entry<String, Raw> each : kept.entrySet()) {
      Raw raw = each.getValue();
      if (FRACTIONS.contains(raw.type()) && raw.shape().size() == 1 && raw.strides().get(0) == 1) {
        statistics.put(each.getKey(), raw.row());
      }
    }
    return statistics;
  }

  /**
   * Works them out.
   *
   * @param weights the program's parameters by the names they have in the file
   * @param scope what the arrays belong to
   * @return single precision, by the names of the layers; length 1 along all but the channels
   * @throws NotApplicableException if the engine does not hand out the numbers of a layer
   */
  Map<String, NDArray> of(Function<String, Optional<NDArray>> weights, NDManager scope) {
    Map<String, NDArray> found = new LinkedHashMap<>();
    for (Bias bias : biases) {
      Optional<float[]> offset = bias.offset().map(input -> numbers(input, bias, weights));
      float[] values =
          bias.norm().map(norm -> ofNothing(norm, offset, bias, weights)).or(() -> offset).get();
      long[] shape = new long[bias.dimensions()];
      Arrays.fill(shape, 1);
      shape[bias.channels()] = values.length;
      found.put(bias.layer(), scope.create(values, new Shape(shape)));
    }
    return found;
  }

  private float[] ofNothing(
      Norm norm, Optional<float[]> offset, Bias bias, Function<String, Optional<NDArray>> weights) {
    Optional<float[]> factor = norm.factor().map(input -> numbers(input, bias, weights));
    float[] mean = numbers(norm.mean(), bias, weights);
    float[] variance = numbers(norm.variance(), bias, weights);
    float[] values = new float[mean.length];
    for (int i = 0; i < values.length; i++) {
      double scale =
          (factor.isPresent() ? factor.get()[i] : 1) / Math.sqrt(variance[i] + norm.epsilon());
      values[i] = (float) ((offset.isPresent() ? offset.get()[i] : 0) - mean[i] * scale);
    }
    return values;
  }

  private float[] numbers(Input input, Bias bias, Function<String, Optional<NDArray>> weights) {
    Optional<float[]> numbers =
        input.origin() == Origin.PARAMETER
            ? weights.apply(input.source()).map(ProgramBiases::floats)
            : Optional.ofNullable(statistics.get(input.source()));
    return numbers.orElseThrow(
        () ->
            new NotApplicableException(
                "What the layer '%s' of %s adds cannot be told: the numbers of '%s' cannot be read one by one. Gradient saliency asks for the input alone."
                    .formatted(bias.layer(), what, input.source())));
  }

  private static float[] floats(NDArray values) {
    if (values.getDataType() == DataType.FLOAT32) {
      return values.toFloatArray();
    }
    try (NDArray single = values.toType(DataType.FLOAT32, true)) {
      return single.toFloatArray();
    }
  }
}
