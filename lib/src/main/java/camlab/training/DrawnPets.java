package camlab.training;

import camlab.drawing.Animal;
import camlab.drawing.Drawing;
import camlab.drawing.DrawingGenerator;
import java.awt.image.BufferedImage;
import java.util.Collections;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Drawn cats and dogs to train on: alone, in groups of one kind, both together, and places with no
 * animal at all, so that the network has to find each animal itself.
 */
public final class DrawnPets implements TrainingSet {

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
   * @param size how many pictures
   * @param side their side in pixels
   * @param seed pictures {@code seed} to {@code seed + size − 1} are drawn
   */
  public DrawnPets(int size, int side, long seed) {
    this.side = side;
    this.pixels = new byte[size][];
    this.labels = new float[size][];
    DrawingGenerator generator = new DrawingGenerator().withoutMasks();
    IntStream.range(0, size).parallel().forEach(i -> draw(generator, i, seed + i));
  }

  private void draw(DrawingGenerator generator, int index, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double kind = random.nextDouble();
    boolean cat = random.nextBoolean();
    Animal animal = cat ? Animal.CAT : Animal.DOG;
    Drawing drawing;
    float[] label = {cat ? 1 : 0, cat ? 0 : 1};
    if (kind < 0.55) {
      drawing = generator.single(animal, seed, side);
    } else if (kind < 0.70) {
      drawing = generator.group(animal, 2 + random.nextInt(2), seed, side);
    } else if (kind < 0.90) {
      drawing = generator.pair(seed, side);
      label = new float[] {1, 1};
    } else if (kind < 0.95) {
      drawing = cat ? generator.mixed(2, 1, seed, side) : generator.mixed(1, 2, seed, side);
      label = new float[] {1, 1};
    } else {
      drawing = generator.draw(Collections.emptyList(), seed, side);
      label = new float[] {0, 0};
    }
    pixels[index] = bytes(drawing.image());
    labels[index] = label;
  }

  private static byte[] bytes(BufferedImage image) {
    int[] rgb = image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
    byte[] bytes = new byte[3 * rgb.length];
    for (int i = 0; i < rgb.length; i++) {
      bytes[3 * i] = (byte) (rgb[i] >> 16);
      bytes[3 * i + 1] = (byte) (rgb[i] >> 8);
      bytes[3 * i + 2] = (byte) rgb[i];
    }
    return bytes;
  }

  @Override
  public int size() {
    return pixels.length;
  }

  @Override
  public int side() {
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
