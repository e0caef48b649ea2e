package camlab.course;

import camlab.network.Architecture;
import camlab.weights.StateDict;
import java.util.Random;

/** Weights that were never trained, of the size that keeps signals alive. */
final class RandomWeights {

  private RandomWeights() {}

  static StateDict of(Architecture architecture) {
    Random random = new Random(7);
    StateDict.Builder weights = StateDict.builder();
    architecture
        .parameterShapes()
        .forEach((name, shape) -> weights.put(name, shape, values(random, shape)));
    return weights.build();
  }

  /** As He et al. (2015): the variance is 2 over the number of inputs; biases are small. */
  private static float[] values(Random random, long[] shape) {
    int size = 1;
    for (long dimension : shape) {
      size *= (int) dimension;
    }
    double deviation = shape.length == 1 ? 0.1 : Math.sqrt(2.0 * shape[0] / size);
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) (deviation * random.nextGaussian());
    }
    return values;
  }
}
