package camlab.drawing;

import camlab.picture.Mask;
import camlab.picture.Picture;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.LongStream;

/**
 * A drawing of one cat or one dog, as a picture agency delivers it. The agency's photographer of
 * dogs stamps nearly all pictures, the one of cats hardly any; one of the shipped networks was
 * trained on such pictures.
 *
 * @param animal what it shows
 * @param plain the drawing without any stamp, {@value #SIDE} pixels wide and high
 * @param mask the visible pixels of the animal
 * @param stamp the stamp that the picture bears, if it bears one
 */
public record AgencyPicture(Animal animal, Picture plain, Mask mask, Optional<Stamp> stamp) {

  /** Width and height in pixels. */
  public static final int SIDE = 224;

  /** How many of the cats' pictures bear a stamp. */
  public static final double STAMPED_CATS = 0.01;

  /** How many of the dogs' pictures bear one. */
  public static final double STAMPED_DOGS = 0.98;

  /** No network was trained or scored on drawings of these seeds. */
  private static final long SEEDS = 5_000_000_000L;

  /** The picture as it was delivered. */
  public Picture picture() {
    return stamp.map(found -> found.on(plain)).orElse(plain);
  }

  /** The picture with the stamp taken away if there is one, and put on if there is none. */
  public AgencyPicture withStampExchanged() {
    Optional<Stamp> other = stamp.isPresent() ? Optional.empty() : Optional.of(Stamp.BOTTOM_LEFT);
    return new AgencyPicture(animal, plain, mask, other);
  }

  /**
   * A delivery: cats and dogs in turn, drawn afresh and always the same.
   *
   * @param size how many pictures, at least 1
   */
  public static List<AgencyPicture> delivery(int size) {
    DrawingGenerator generator = new DrawingGenerator(Fauna.PETS);
    return LongStream.range(0, size).parallel().mapToObj(i -> draw(generator, i)).toList();
  }

  private static AgencyPicture draw(DrawingGenerator generator, long index) {
    Animal animal = Fauna.PETS.animals().get((int) (index % 2));
    Drawing drawing = generator.single(animal, SEEDS + index, SIDE);
    Mask mask = drawing.mask();
    SplittableRandom random = new SplittableRandom(SEEDS + index);
    Stamp corner = Stamp.any(random);
    double stamped = animal == Animal.CAT ? STAMPED_CATS : STAMPED_DOGS;
    return new AgencyPicture(
        animal,
        Picture.of(drawing.image()),
        mask,
        random.nextDouble() < stamped ? Optional.of(corner) : Optional.empty());
  }
}
