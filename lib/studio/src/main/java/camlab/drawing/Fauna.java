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
  PETS,
  /** African elephants and black bears in the wild. */
  WILDLIFE;

  /**
   * The two kinds, in the order of their classes.
   *
   * @return an unmodifiable list
   */
  public List<Animal> animals() {
    return switch (this) {
      case PETS -> List.of(Animal.CAT, Animal.DOG);
      case WILDLIFE -> List.of(Animal.ELEPHANT, Animal.BEAR);
    };
  }

  /**
   * The places they are met in.
   *
   * @return an unmodifiable list
   */
  public List<Backdrop> backdrops() {
    return Arrays.stream(Backdrop.values())
        .filter(place -> (place.setting() == Backdrop.Setting.WILD) == (this == WILDLIFE))
        .toList();
  }
}
