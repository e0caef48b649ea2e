package camlab.drawing;

/** How an animal holds itself. */
enum Pose {
  STAND,
  SIT_SIDE,
  SIT_FRONT,
  LIE,
  PORTRAIT
}
