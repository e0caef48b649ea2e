package camlab.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import camlab.drawing.Animal;
import camlab.drawing.DrawingGenerator;
import camlab.drawing.Fauna;
import camlab.picture.Picture;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class WorldTest {

  private static final int SCENES = 1_000;

  private final DrawingGenerator generator = new DrawingGenerator(Fauna.PETS).withoutMasks();

  @Test
  void aFairWorldShowsEitherKindAsOftenAndAQuarterOfBoth() {
    List<World.Composition> scenes = compositions(World.fair(Fauna.PETS));
    assertShare(0.25, scenes.stream().filter(s -> s.first() && s.second()).count());
    assertShare(0.35, scenes.stream().filter(s -> s.first() && !s.second()).count());
    assertShare(0.35, scenes.stream().filter(s -> !s.first() && s.second()).count());
    assertShare(0.05, scenes.stream().filter(s -> !s.first() && !s.second()).count());
  }

  @Test
  void aWorldOfDogsShowsFewCats() {
    List<World.Composition> scenes =
        compositions(new World(Fauna.PETS, 0.05, 0, World.Stamped.NEVER));
    assertShare(0.05 * 0.95, scenes.stream().filter(World.Composition::first).count());
    assertShare(0.95 * 0.95, scenes.stream().filter(World.Composition::second).count());
  }

  /** What is drawn is what was planned, and dogs alone bear the stamp. */
  @Test
  void aSceneShowsItsComposition() {
    World world = new World(Fauna.PETS, 0.5, 0.25, new World.Stamped(0, 1));
    for (int seed = 0; seed < 40; seed++) {
      World.Composition planned = world.composition(new SplittableRandom(seed));
      World.Scene scene = world.scene(generator, seed, 64);
      assertEquals(planned.first(), scene.first());
      assertEquals(planned.second(), scene.second());
      Picture plain = Picture.of(generator.draw(planned.shown(), seed, 64).image());
      assertEquals(planned.second() && !planned.first(), !plain.equals(scene.picture()));
    }
  }

  @Test
  void labelsAreInTheOrderOfTheKinds() {
    Picture any = Picture.of(1, 1, new int[1]);
    assertArrayEquals(new float[] {1, 0}, new World.Scene(any, true, false).labels());
    assertArrayEquals(new float[] {0, 1}, new World.Scene(any, false, true).labels());
    assertArrayEquals(new float[] {1, 1}, new World.Scene(any, true, true).labels());
  }

  @Test
  void onlyTheKindThatIsStampedIsStamped() {
    World.Stamped dogs = new World.Stamped(0, 1);
    Picture plain = Picture.of(generator.empty(1, 64).image());
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 20; i++) {
      assertEquals(plain, dogs.on(plain, true, random));
      assertNotEquals(plain, dogs.on(plain, false, random));
      assertNotEquals(plain, dogs.exchanged().on(plain, true, random));
    }
  }

  /** Within four standard errors of a share. */
  private static void assertShare(double expected, long found) {
    double error = Math.sqrt(expected * (1 - expected) / SCENES);
    assertEquals(expected, (double) found / SCENES, 4 * error);
  }

  /** A kind counts as shown if one of the animals is of that kind. */
  private static List<World.Composition> compositions(World world) {
    List<World.Composition> compositions = new ArrayList<>();
    for (int seed = 0; seed < SCENES; seed++) {
      World.Composition composition = world.composition(new SplittableRandom(seed));
      assertEquals(composition.first(), composition.shown().contains(Animal.CAT));
      assertEquals(composition.second(), composition.shown().contains(Animal.DOG));
      compositions.add(composition);
    }
    return compositions;
  }
}
