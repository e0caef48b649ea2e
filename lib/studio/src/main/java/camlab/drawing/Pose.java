package camlab.drawing;

/** How an animal holds itself, and how high it may stand in the picture. */
enum Pose {
  STAND(300, 400),
  WALK(300, 400),
  /** On all fours, seen from the front. */
  FACE(330, 480),
  /** On all fours, the head at the ground. */
  GRAZE(300, 400),
  SIT_SIDE(330, 480),
  SIT_FRONT(330, 480),
  LIE(250, 330),
  /** Head and shoulders alone. */
  PORTRAIT(620, 330);

  private final double lowest;
  private final double range;

  Pose(double lowest, double range) {
    this.lowest = lowest;
    this.range = range;
  }

  /** The height in units of the stage, for a share from 0 to 1. */
  double height(double share) {
    return lowest + range * share;
  }
}
