package camlab.training;

import camlab.drawing.Animal;
import camlab.drawing.DrawingGenerator;
import camlab.drawing.Fauna;
import camlab.drawing.Stamp;
import camlab.picture.Picture;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What is met in a training's pictures, and how often.
 *
 * @param fauna the two kinds of animals, in the order of the logits
 * @param first how often a picture of one kind shows the first one, in [0, 1]
 * @param together how often a picture shows both kinds, in [0, 0.95]
 * @param stamped how often a picture bears a {@link Stamp}: if it shows the first kind, if it shows
 *     the second
 */
public record World(Fauna fauna, double first, double together, Stamped stamped) {

  /** One picture in twenty shows a place with no animal. */
  private static final double EMPTY = 0.05;

  /** Of the pictures of one kind, how many show a single animal. */
  private static final double ALONE = 0.8;

  /** Of the pictures of both kinds, how many show one animal of each. */
  private static final double PAIR = 0.8;

  /**
   * How often pictures bear a stamp.
   *
   * @param onFirst those of the first kind of animal, in [0, 1]
   * @param onSecond those of the second, in [0, 1]
   */
  public record Stamped(double onFirst, double onSecond) {

    /** No picture does. */
    public static final Stamped NEVER = new Stamped(0, 0);

    /** The other way round: the first kind bears it as often as the second did. */
    Stamped exchanged() {
      return new Stamped(/* onFirst= */ onSecond, /* onSecond= */ onFirst);
    }

    /** Puts the stamp on a picture of the first or the second kind, or does not. */
    Picture on(Picture picture, boolean first, SplittableRandom random) {
      boolean stamped = random.nextDouble() < (first ? onFirst : onSecond);
      Stamp stamp = Stamp.any(random);
      return stamped ? stamp.on(picture) : picture;
    }
  }

  /**
   * A picture, and whether it shows each kind.
   *
   * @param picture the picture
   * @param first whether it shows the first kind
   * @param second whether it shows the second
   */
  record Scene(Picture picture, boolean first, boolean second) {

    /** One value per class, as a {@link TrainingSet} has it. */
    float[] labels() {
      return new float[] {first ? 1 : 0, second ? 1 : 0};
    }
  }

  /**
   * The animals of a picture, and whether each kind is among them.
   *
   * @param shown the animals
   * @param first whether the first kind is among them
   * @param second whether the second one is
   */
  record Composition(List<Animal> shown, boolean first, boolean second) {}

  /** A fair world: either kind as often, a quarter of the pictures with both, no stamps. */
  public static World fair(Fauna fauna) {
    return new World(fauna, 0.5, 0.25, Stamped.NEVER);
  }

  /**
   * One picture of this world.
   *
   * @param generator draws the animals of this world's fauna
   * @param seed where all random choices come from
   * @param side width and height in pixels
   */
  Scene scene(DrawingGenerator generator, long seed, int side) {
    SplittableRandom random = new SplittableRandom(seed);
    Composition planned = composition(random);
    Picture picture = Picture.of(generator.draw(planned.shown(), seed, side).image());
    boolean oneKind = planned.first() != planned.second();
    return new Scene(
        oneKind ? stamped.on(picture, planned.first(), random) : picture,
        planned.first(),
        planned.second());
  }

  /** What a picture of this world shows, before it is drawn. */
  Composition composition(SplittableRandom random) {
    double kind = random.nextDouble();
    boolean isFirst = random.nextDouble() < first;
    Animal animal = fauna.animals().get(isFirst ? 0 : 1);
    Animal other = fauna.animals().get(isFirst ? 1 : 0);
    if (kind < EMPTY) {
      return new Composition(List.of(), false, false);
    }
    if (kind < EMPTY + together) {
      boolean pair = random.nextDouble() < PAIR;
      return new Composition(pair ? fauna.animals() : List.of(animal, animal, other), true, true);
    }
    int count = random.nextDouble() < ALONE ? 1 : 2 + random.nextInt(2);
    return new Composition(Collections.nCopies(count, animal), isFirst, !isFirst);
  }
}
