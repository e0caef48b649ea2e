package camlab.drawing;

import camlab.picture.Mask;
import camlab.progress.Interruption;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;

/**
 * Draws pictures of animals from a seed.
 *
 * <p>A generator has no state that changes: several threads may share one. The same seed gives the
 * same composition at every size, and the same background whatever animals are asked for.
 */
public final class DrawingGenerator {
  private static final double FRAME = Stage.UNITS;
  private static final int SMALLEST = 16;

  private final Fauna fauna;
  private final boolean masks;
  private final List<Backdrop> backdrops;

  /** A generator of pets that notes masks and boxes and uses every backdrop of theirs. */
  public DrawingGenerator() {
    this(Fauna.PETS);
  }

  /**
   * A generator that notes masks and boxes and uses every backdrop of these animals.
   *
   * @param fauna the kinds it draws
   */
  public DrawingGenerator(Fauna fauna) {
    this(fauna, true, fauna.backdrops());
  }

  private DrawingGenerator(Fauna fauna, boolean masks, List<Backdrop> backdrops) {
    this.fauna = fauna;
    this.masks = masks;
    this.backdrops = backdrops;
  }

  /**
   * A generator that saves the time masks take; its drawings list no animals.
   *
   * @return a new generator
   */
  public DrawingGenerator withoutMasks() {
    return new DrawingGenerator(fauna, false, backdrops);
  }

  /**
   * A generator that sets its scenes only in these places.
   *
   * @param places one backdrop or more
   * @return a new generator
   */
  public DrawingGenerator at(Backdrop... places) {
    if (places.length == 0) {
      throw new IllegalArgumentException("name at least one backdrop");
    }
    return new DrawingGenerator(fauna, masks, List.of(places));
  }

  /**
   * One animal.
   *
   * @param animal its kind
   * @param seed where all random choices come from
   * @param size width and height in pixels
   * @return the drawing
   */
  public Drawing single(Animal animal, long seed, int size) {
    return draw(List.of(animal), seed, size);
  }

  /**
   * One animal of each kind, side by side.
   *
   * @param seed where all random choices come from
   * @param size width and height in pixels
   * @return the drawing
   */
  public Drawing pair(long seed, int size) {
    return draw(fauna.animals(), seed, size);
  }

  /**
   * Several animals of one kind.
   *
   * @param animal their kind
   * @param count how many, 1 to 4
   * @param seed where all random choices come from
   * @param size width and height in pixels
   * @return the drawing
   */
  public Drawing group(Animal animal, int count, long seed, int size) {
    return draw(Collections.nCopies(count, animal), seed, size);
  }

  /**
   * Both kinds together, at most 4 animals.
   *
   * @param first how many of the first kind: cats or elephants
   * @param second how many of the second kind: dogs or bears
   * @param seed where all random choices come from
   * @param size width and height in pixels
   * @return the drawing
   */
  public Drawing mixed(int first, int second, long seed, int size) {
    List<Animal> animals = new ArrayList<>(Collections.nCopies(first, fauna.animals().get(0)));
    animals.addAll(Collections.nCopies(second, fauna.animals().get(1)));
    return draw(animals, seed, size);
  }

  /**
   * A place with no animal in it.
   *
   * @param seed where all random choices come from
   * @param size width and height in pixels
   * @return the drawing
   */
  public Drawing empty(long seed, int size) {
    return draw(List.of(), seed, size);
  }

  /**
   * Any animals of this generator's kinds, at most 4.
   *
   * @param animals the kinds of the animals, in any order
   * @param seed where all random choices come from
   * @param size width and height in pixels
   * @return the drawing
   * @throws IllegalArgumentException for an animal of another kind, more than 4, or a tiny size
   * @throws CancellationException if the thread was interrupted, so that a cell of a notebook that
   *     draws thousands can be stopped
   */
  public Drawing draw(List<Animal> animals, long seed, int size) {
    Interruption.check("Interrupted before drawing " + seed + ".");
    if (size < SMALLEST) {
      throw new IllegalArgumentException("a drawing needs at least " + SMALLEST + " pixels");
    }
    if (animals.size() > 4) {
      throw new IllegalArgumentException("at most 4 animals, not " + animals.size());
    }
    for (Animal animal : animals) {
      if (!fauna.animals().contains(animal)) {
        throw new IllegalArgumentException(
            "this generator draws %s, not %s; make one with the Fauna that has it"
                .formatted(fauna, animal));
      }
    }
    Dice dice = new Dice(seed);
    Dice layoutDice = dice.fork();
    Dice sceneDice = dice.fork();
    Dice clutterDice = dice.fork();
    long grainSeed = dice.seed();
    Light daylight = Light.random(sceneDice);
    Backdrop backdrop = sceneDice.pick(backdrops);
    Light light = backdrop.light(daylight);
    double horizon = sceneDice.between(330, 620);
    List<Placement> cast = Layout.arrange(animals, horizon, light, layoutDice);
    try (Stage stage = new Stage(size, masks)) {
      List<Thing> things = new Scenery(stage, light, sceneDice, horizon).paint(backdrop);
      things.addAll(clutter(light, backdrop, clutterDice));
      things.removeIf(thing -> cast.stream().anyMatch(thing::hides));
      things.sort(Comparator.comparingDouble(Thing::y));
      int next = 0;
      for (int i = 0; i < cast.size(); i++) {
        Placement p = cast.get(i);
        for (; next < things.size() && things.get(next).y() <= p.y(); next++) {
          things.get(next).paint(stage, light);
        }
        if (!p.portrait()) {
          Rectangle2D box = p.box();
          Landscape.shadow(stage.brush(), light, box.getCenterX(), p.y(), box.getWidth() * 0.5);
        }
        stage.paint(p.figure(), p.transform(), i + 1);
      }
      for (; next < things.size(); next++) {
        things.get(next).paint(stage, light);
      }
      BufferedImage image =
          stage.finish(light, clutterDice.between(0, 0.35), clutterDice.between(3, 9), grainSeed);
      List<DrawnAnimal> drawn = masks ? truth(cast, stage.owners(), size) : List.of();
      return new Drawing(image, drawn, describe(animals, backdrop), seed);
    }
  }

  /** Things in front, which may hide feet. */
  private static List<Thing> clutter(Light light, Backdrop backdrop, Dice dice) {
    List<Thing> things = new ArrayList<>();
    Props props = new Props(light, dice);
    boolean wild = backdrop.setting() == Backdrop.Setting.WILD;
    for (int i = dice.count(0, wild ? 5 : 2); i > 0; i--) {
      Figure figure = props.any(backdrop.setting());
      double x = dice.between(0, FRAME);
      double y = dice.between(wild ? 760 : 960, 1080);
      things.add(new Thing(figure, x, y, dice.between(1, 2), dice.chance(0.5)));
    }
    return things;
  }

  private static List<DrawnAnimal> truth(List<Placement> cast, int[] owners, int size) {
    List<DrawnAnimal> drawn = new ArrayList<>();
    for (int i = 0; i < cast.size(); i++) {
      BitSet pixels = new BitSet(owners.length);
      for (int at = 0; at < owners.length; at++) {
        if (owners[at] == i + 1) {
          pixels.set(at);
        }
      }
      Mask mask = Mask.of(size, size, pixels);
      drawn.add(new DrawnAnimal(cast.get(i).animal(), mask.box(), mask));
    }
    return drawn;
  }

  private static String describe(List<Animal> animals, Backdrop backdrop) {
    TreeMap<Animal, Integer> counts = new TreeMap<>(Comparator.naturalOrder());
    for (Animal animal : animals) {
      counts.merge(Objects.requireNonNull(animal, "animal"), 1, Integer::sum);
    }
    StringBuilder text = new StringBuilder();
    counts.forEach(
        (animal, count) ->
            text.append(text.isEmpty() ? "" : "+")
                .append(count == 1 ? "" : count + " ")
                .append(animal.label())
                .append(count == 1 ? "" : "s"));
    return (text.isEmpty() ? "nothing" : text) + " in " + backdrop.place();
  }
}
