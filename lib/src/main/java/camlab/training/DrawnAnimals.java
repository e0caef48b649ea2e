package camlab.training;

import camlab.drawing.Animal;
import camlab.drawing.Drawing;
import camlab.drawing.DrawingGenerator;
import camlab.drawing.Fauna;
import camlab.picture.Picture;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
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

  private final List<Animal> kinds;
  private final int side;
  private final byte[][] pixels;
  private final float[][] labels;

  /**
   * Draws the set, on all cores.
   *
   * @param fauna what they show; its two kinds are in the order of the logits
   * @param size how many pictures
   * @param side their side in pixels
   * @param seed pictures {@code seed} to {@code seed + size − 1} are drawn
   */
  public DrawnAnimals(Fauna fauna, int size, int side, long seed) {
    this.kinds = fauna.animals();
    this.side = side;
    this.pixels = new byte[size][];
    this.labels = new float[size][];
    DrawingGenerator generator = new DrawingGenerator(fauna).withoutMasks();
    IntStream.range(0, size).parallel().forEach(i -> draw(generator, i, seed + i));
  }

  private void draw(DrawingGenerator generator, int index, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double kind = random.nextDouble();
    boolean first = random.nextBoolean();
    Animal animal = kinds.get(first ? 0 : 1);
    Animal other = kinds.get(first ? 1 : 0);
    float[] label = {first ? 1 : 0, first ? 0 : 1};
    List<Animal> shown;
    if (kind < 0.55) {
      shown = List.of(animal);
    } else if (kind < 0.70) {
      shown = Collections.nCopies(2 + random.nextInt(2), animal);
    } else if (kind < 0.90) {
      shown = kinds;
      label = new float[] {1, 1};
    } else if (kind < 0.95) {
      shown = List.of(animal, animal, other);
      label = new float[] {1, 1};
    } else {
      shown = List.of();
      label = new float[] {0, 0};
    }
    Drawing drawing = generator.draw(shown, seed, side);
    pixels[index] = PixelBytes.of(Picture.of(drawing.image()));
    labels[index] = label;
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
