package camlab.drawing;

import java.util.Arrays;
import java.util.List;

/**
 * Two kinds of animals that are met in the same places, so that no place gives a kind away.
 *
 * @see DrawingGenerator#DrawingGenerator(Fauna)
 */
public enum Fauna {
  /** Cats and dogs, at home and out of doors. */
  PETS(Animal.CAT, Animal.DOG, false),
  /** African elephants and black bears in the wild. */
  WILDLIFE(Animal.ELEPHANT, Animal.BEAR, true);

  private final List<Animal> animals;
  private final List<Backdrop> backdrops;

  Fauna(Animal first, Animal second, boolean wild) {
    animals = List.of(first, second);
    backdrops =
        Arrays.stream(Backdrop.values())
            .filter(place -> (place.setting() == Backdrop.Setting.WILD) == wild)
            .toList();
  }

  /**
   * The two kinds, in the order of their classes.
   *
   * @return an unmodifiable list
   */
  public List<Animal> animals() {
    return animals;
  }

  /**
   * The places they are met in.
   *
   * @return an unmodifiable list
   */
  public List<Backdrop> backdrops() {
    return backdrops;
  }
}
