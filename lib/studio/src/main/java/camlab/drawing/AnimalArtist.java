package camlab.drawing;

/** Draws one kind of animal. */
interface AnimalArtist {
  /** How the animal holds itself when it is not seen as a portrait. */
  default Pose pose(Dice dice) {
    double choice = dice.unit();
    return choice < 0.3
        ? Pose.STAND
        : choice < 0.55 ? Pose.SIT_FRONT : choice < 0.8 ? Pose.SIT_SIDE : Pose.LIE;
  }

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
      case ELEPHANT -> new ElephantArtist();
      case BEAR -> new BearArtist();
    };
  }
}
