package camlab.drawing;

/**
 * Proportions of a four-legged animal, in units of which a body is about 60 long.
 *
 * @param halfLength half the distance from rump to shoulder
 * @param height height of the back
 * @param depth depth of the body
 * @param chest how far the chest hangs below the belly
 * @param tuck how far the belly is drawn up before the hind legs
 * @param leg half the width of a leg
 * @param neckReach how far forward the head is carried
 * @param neckRise how far above the back the head is carried
 * @param neck half the width of the neck
 * @param head radius of the head
 * @param paw length of a paw in half leg widths
 * @param fluff length of the fur at the outline
 * @param tail the tail
 */
record Build(
    double halfLength,
    double height,
    double depth,
    double chest,
    double tuck,
    double leg,
    double neckReach,
    double neckRise,
    double neck,
    double head,
    double paw,
    double fluff,
    Tail tail) {

  /** Shapes of tails. */
  enum Tail {
    /** Long, thin and curved. */
    WHIP,
    /** Feathered, carried level. */
    PLUME,
    /** Tapering, carried up. */
    SABRE,
    /** A short stub. */
    STUB,
    /** Rolled over the back. */
    CURL
  }
}
