package camlab.cam;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import camlab.capture.Recording;
import camlab.capture.Target;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * A map of random values, equally likely in [0, 1): what any method that claims to show something
 * must beat.
 *
 * <p>The values follow from the seed and the picture: the same picture has the same map, alone or
 * in a batch, whatever the class, and two pictures have different ones, unless their 32-bit
 * checksums happen to be equal.
 *
 * <p>One forward pass, which tells the layer's height and width.
 */
public final class RandomMap extends LayerMethod {

  private final long seed;

  /** With seed 0. */
  public RandomMap() {
    this(0);
  }

  /**
   * With a seed of one's own.
   *
   * @param seed another seed gives other maps
   */
  public RandomMap(long seed) {
    this.seed = seed;
  }

  @Override
  public String name() {
    return "Random";
  }

  @Override
  public boolean explainsTarget() {
    return false;
  }

  @Override
  protected NDArray maps(NDArray activation, Recording recording, String layer, Target target) {
    int height = (int) activation.getShape().get(2);
    int width = (int) activation.getShape().get(3);
    NDList maps = new NDList(recording.pictures());
    for (int i = 0; i < recording.pictures(); i++) {
      int picture = Arrays.hashCode(recording.input().get(i).toFloatArray());
      SplittableRandom random = new SplittableRandom(seed + ((long) picture << Integer.SIZE));
      float[] values = new float[height * width];
      for (int j = 0; j < values.length; j++) {
        values[j] = random.nextFloat();
      }
      maps.add(activation.getManager().create(values).reshape(height, width));
    }
    return NDArrays.stack(maps);
  }
}
