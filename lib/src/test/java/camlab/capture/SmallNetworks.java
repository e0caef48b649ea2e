package camlab.capture;

import camlab.network.AlexNet;
import camlab.network.Classes;
import camlab.network.Network;
import camlab.picture.Picture;
import camlab.picture.Preprocessing;
import camlab.weights.StateDict;
import java.util.Random;

/** A network with seeded random weights, and pictures of noise: enough for the arithmetic. */
public final class SmallNetworks {

  /** Small pictures make the tests quick. */
  private static final Preprocessing SMALL =
      new Preprocessing(96, 96, Preprocessing.IMAGENET.mean(), Preprocessing.IMAGENET.std());

  private SmallNetworks() {}

  /** AlexNet with a small classifier and the classes cat and dog; the caller closes it. */
  public static Network alexNet() {
    Random random = new Random(5);
    StateDict.Builder weights = StateDict.builder();
    AlexNet.small(2)
        .parameterShapes()
        .forEach(
            (name, shape) -> {
              int size = 1;
              for (long dimension : shape) {
                size *= (int) dimension;
              }
              double scale = Math.sqrt(2.0 * shape[0] / size);
              float[] values = new float[size];
              for (int i = 0; i < size && shape.length > 1; i++) {
                values[i] = (float) (random.nextGaussian() * scale);
              }
              weights.put(name, shape, values);
            });
    return Network.of(AlexNet.small(2), weights.build(), Classes.of("cat", "dog"), SMALL);
  }

  /** A picture of noise. */
  public static Picture picture(long seed) {
    Random random = new Random(seed);
    int[] rgb = new int[60 * 50];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = random.nextInt(0x1000000);
    }
    return Picture.of(60, 50, rgb);
  }
}
