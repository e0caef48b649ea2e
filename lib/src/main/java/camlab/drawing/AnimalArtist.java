package camlab.drawing;

/** Draws one kind of animal. */
interface AnimalArtist {
  /**
   * An animal standing on y = 0, facing right.
   *
   * @param pose how it holds itself
   * @param light the light as the figure sees it
   * @param dice its own random choices
   */
  Figure draw(Pose pose, Light light, Dice dice);

  /** The artist for a kind of animal. */
  static AnimalArtist of(Animal animal) {
    return switch (animal) {
      case CAT -> new CatArtist();
      case DOG -> new DogArtist();
    };
  }
}
