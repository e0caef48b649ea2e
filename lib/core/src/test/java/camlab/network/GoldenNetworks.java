package camlab.network;

import camlab.picture.Preprocessing;
import camlab.weights.StateDict;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/**
 * Full-size networks whose weights and input come from a formula, so that PyTorch's figures for
 * them can be compared without a weights file. The formula is written down in {@code
 * camlab/golden/README.md} of the test resources.
 */
public final class GoldenNetworks {

  private static final String SALT = "open-";
  private static final double TWO_TO_THE_MINUS_32 = 0x1p-32;

  private GoldenNetworks() {}

  /** A network of the given plan, filled by the formula. */
  public static LayeredNetwork network(Architecture architecture) {
    return network(architecture, Preprocessing.IMAGENET);
  }

  /** A network of the given plan, filled by the formula with a salt of its own. */
  public static LayeredNetwork network(Architecture architecture, String salt) {
    return network(architecture, Preprocessing.IMAGENET, salt);
  }

  /** A network of the given plan, filled by the formula, for pictures of another kind. */
  public static LayeredNetwork network(Architecture architecture, Preprocessing preprocessing) {
    return network(architecture, preprocessing, SALT);
  }

  /** A network of the given plan for pictures of another kind, with a salt of its own. */
  public static LayeredNetwork network(
      Architecture architecture, Preprocessing preprocessing, String salt) {
    StateDict.Builder weights = StateDict.builder();
    architecture
        .parameterShapes()
        .forEach((name, shape) -> weights.put(name, shape, values(name, shape, salt)));
    Classes classes = Classes.numbered(architecture.classes());
    return Network.of(architecture, weights.build(), classes, preprocessing);
  }

  /** The input, shape (1, 3, size, size), row-major. */
  public static float[] input(int size) {
    return input(size, SALT);
  }

  /** The input with a salt of its own. */
  public static float[] input(int size, String salt) {
    float[] values = new float[3 * size * size];
    double[] noise = uniform("image", values.length, salt);
    int i = 0;
    for (int c = 0; c < 3; c++) {
      for (int y = 0; y < size; y++) {
        for (int x = 0; x < size; x++, i++) {
          double wave = 2 * Math.PI * ((double) x / size * (c + 1) + (double) y / size * 2);
          values[i] = (float) (Math.sin(wave) + 0.5 * (noise[i] - 0.5));
        }
      }
    }
    return values;
  }

  private static float[] values(String name, long[] shape, String salt) {
    int size = 1;
    for (long dimension : shape) {
      size *= (int) dimension;
    }
    int seed = seed(name, salt);
    double bound = Math.sqrt(6 / ((double) size / shape[0]));
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      double u = uniform(seed, i);
      double value;
      if (shape.length >= 2) {
        value = (2 * u - 1) * bound;
      } else if (name.endsWith("running_var")) {
        value = 0.5 + u;
      } else if (name.endsWith("running_mean")) {
        value = 0.2 * (u - 0.5);
      } else if (name.endsWith("bias")) {
        value = 0.1 * (u - 0.5);
      } else {
        value = 0.5 + 0.5 * u;
      }
      values[i] = (float) value;
    }
    return values;
  }

  /** Numbers from 0 to 1, in a sequence that name and salt choose. */
  public static double[] uniform(String name, int size, String salt) {
    int seed = seed(name, salt);
    double[] u = new double[size];
    for (int i = 0; i < size; i++) {
      u[i] = uniform(seed, i);
    }
    return u;
  }

  private static int seed(String name, String salt) {
    CRC32 crc = new CRC32();
    crc.update((salt + name).getBytes(StandardCharsets.UTF_8));
    return (int) crc.getValue();
  }

  /** Java's int arithmetic wraps around as unsigned 32-bit arithmetic does. */
  private static double uniform(int seed, int i) {
    int x = i + seed * 7919;
    x *= (int) 2654435761L;
    x ^= x >>> 16;
    x *= (int) 2246822519L;
    x ^= x >>> 13;
    return Integer.toUnsignedLong(x) * TWO_TO_THE_MINUS_32;
  }
}
