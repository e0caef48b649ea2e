package camlab.concept;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import camlab.engine.PyTorch;
import java.util.Random;

/**
 * A picture as a sum of waves of all frequencies, so that a step of the same length moves large
 * shapes as easily as single pixels.
 *
 * <p>With z of shape (3, H, W), one number for each wave and colour, the picture is tanh(D (Qᵀ(z ⊙
 * s)Q) / 8), in [−1, 1]: the rows of Q are the cosines and sines of each frequency f, of length 1;
 * s = 1 / max(f, 1 / max(H, W)) with f the frequency in both directions together, in waves per
 * pixel; D mixes the three colours as they go together in photographs, or leaves them alone.
 *
 * <p>Source: C. Olah, A. Mordvintsev, L. Schubert, "Feature Visualization", Distill 2017, with the
 * factors and the statistics of colours of the authors' program Lucid. (Its transform is complex;
 * of real numbers these are the same waves.)
 */
final class FourierPicture {

  /** How colours go together in photographs of ImageNet, as Lucid measured them. */
  private static final double[][] COLOURS = {
    {0.26, 0.09, 0.02}, {0.27, 0.00, -0.05}, {0.27, -0.09, 0.03}
  };

  private static final double START_DEVIATION = 0.01;

  /** A quarter as in Lucid, and half of that since tanh(x / 2) = 2 σ(x) − 1. */
  private static final double FACTOR = 1.0 / 8;

  private final int height;
  private final int width;
  private final NDArray rows;
  private final NDArray columns;
  private final NDArray scale;
  private final NDArray colours;

  /**
   * For pictures of a size.
   *
   * @param scope what the waves belong to
   * @param height H
   * @param width W
   * @param photographic whether colours are mixed as in photographs
   */
  FourierPicture(NDManager scope, int height, int width, boolean photographic) {
    this.height = height;
    this.width = width;
    rows = lasting(scope, waves(height), height, height);
    columns = lasting(scope, waves(width), width, width);
    scale = lasting(scope, scale(), height, width);
    double[] alone = {1, 0, 0, 0, 1, 0, 0, 0, 1};
    colours = lasting(scope, photographic ? mixture() : alone, 3, 3);
  }

  private static NDArray lasting(NDManager scope, double[] values, int rows, int columns) {
    NDArray array =
        PyTorch.lasting(scope.create(values, new Shape(rows, columns)), DataType.FLOAT32);
    array.attach(scope);
    return array;
  }

  /** {@return a start: normal draws with deviation 0.01} */
  NDArray start(NDManager scope, long seed) {
    Random random = new Random(seed);
    float[] values = new float[3 * height * width];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (START_DEVIATION * random.nextGaussian());
    }
    return scope.create(values, new Shape(3, height, width));
  }

  /**
   * {@return the picture, shape (3, H, W), in [−1, 1]: red, green, blue}
   *
   * @param z shape (3, H, W)
   */
  NDArray picture(NDArray z) {
    // What is worked out joins the scope of the array on the left, and has to be that of z.
    NDArray turned = z.mul(scale).matMul(columns).transpose(0, 2, 1).matMul(rows);
    return turned
        .transpose(2, 1, 0)
        .matMul(colours)
        .tanh()
        .transpose(2, 0, 1)
        .reshape(3, height, width);
  }

  /** {@return row by row the waves of one direction, n × n: constant, cosine, sine, cosine, …} */
  static double[] waves(int size) {
    double[] waves = new double[size * size];
    for (int i = 0; i < size; i++) {
      int frequency = frequency(i);
      boolean alone = frequency == 0 || 2 * frequency == size;
      double length = Math.sqrt((alone ? 1.0 : 2.0) / size);
      for (int t = 0; t < size; t++) {
        double angle = 2 * Math.PI * frequency * t / size;
        waves[i * size + t] = length * (i % 2 == 1 || i == 0 ? Math.cos(angle) : Math.sin(angle));
      }
    }
    return waves;
  }

  /** How often a wave goes up and down in the picture: 0, 1, 1, 2, 2, … */
  private static int frequency(int wave) {
    return (wave + 1) / 2;
  }

  private double[] scale() {
    double[] values = new double[height * width];
    for (int i = 0; i < values.length; i++) {
      double vertical = (double) frequency(i / width) / height;
      double horizontal = (double) frequency(i % width) / width;
      double frequency = Math.hypot(vertical, horizontal);
      values[i] = FACTOR / Math.max(frequency, 1.0 / Math.max(height, width));
    }
    return values;
  }

  /** Dᵀ: row by row the colours of each of the three mixtures, the longest of length 1. */
  private static double[] mixture() {
    double longest = 0;
    for (int j = 0; j < 3; j++) {
      double square = 0;
      for (double[] row : COLOURS) {
        square += row[j] * row[j];
      }
      longest = Math.max(longest, Math.sqrt(square));
    }
    double[] mixture = new double[9];
    for (int i = 0; i < mixture.length; i++) {
      mixture[i] = COLOURS[i % 3][i / 3] / longest;
    }
    return mixture;
  }
}
