package camlab.training;

import camlab.drawing.DrawingGenerator;
import java.util.stream.IntStream;

/**
 * Drawn animals of two kinds to train on: alone, in groups of one kind, both together, and places
 * with no animal at all, so that the network has to find each animal itself.
 */
public final class DrawnAnimals implements TrainingSet {

  /** Seeds from here on are drawn for training and for nothing else. */
  public static final long TRAINING_SEEDS = 1_000_000_000L;

  /** Seeds from here on are drawn for validation and for nothing else. */
  public static final long VALIDATION_SEEDS = 2_000_000_000L;

  private final int side;
  private final byte[][] pixels;
  private final float[][] labels;

  /**
   * Draws the set, on all cores.
   *
   * @param world what they show; its two kinds are in the order of the logits
   * @param size how many pictures
   * @param side their side in pixels
   * @param seed pictures {@code seed} to {@code seed + size − 1} are drawn
   */
  public DrawnAnimals(World world, int size, int side, long seed) {
    this.side = side;
    this.pixels = new byte[size][];
    this.labels = new float[size][];
    DrawingGenerator generator = new DrawingGenerator(world.fauna()).withoutMasks();
    IntStream.range(0, size)
        .parallel()
        .forEach(
            i -> {
              World.Scene scene = world.scene(generator, seed + i, side);
              pixels[i] = PixelBytes.of(scene.picture());
              labels[i] = scene.labels();
            });
  }

  @Override
  public int size() {
    return pixels.length;
  }

  @Override
  public int side(int index) {
    return side;
  }

  @Override
  public byte[] pixels(int index) {
    return pixels[index];
  }

  @Override
  public float[] labels(int index) {
    return labels[index];
  }
}
