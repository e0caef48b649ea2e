package camlab.drawing;

import java.awt.Color;

/**
 * Where the light comes from and what colour it has.
 *
 * @param x direction towards the light, to the right
 * @param y direction towards the light, downwards (so negative: light comes from above)
 * @param strength how strongly forms are modelled, about 0.6 to 1.2
 * @param warmth from -1 (cool) to 1 (warm)
 * @param brightness a factor for the whole picture
 */
record Light(double x, double y, double strength, double warmth, double brightness) {

  static Light random(Dice dice) {
    double angle = dice.between(-1.15, 1.15);
    return new Light(
        StrictMath.sin(angle),
        -StrictMath.cos(angle),
        dice.between(0.7, 1.2),
        dice.around(0.1, 0.9),
        dice.between(0.92, 1.18));
  }

  /** The light shortly before night: warm and weak. */
  Light atDusk() {
    return new Light(x, y, strength, 0.4 + 0.6 * Math.abs(warmth), 0.82 * brightness);
  }

  /** The same light as seen by a figure that is drawn mirrored. */
  Light mirrored() {
    return new Light(-x, y, strength, warmth, brightness);
  }

  Color glow() {
    return warmth > 0 ? new Color(255, 246, 222) : new Color(236, 245, 255);
  }

  Color shade() {
    return warmth > 0 ? new Color(52, 30, 48) : new Color(26, 30, 58);
  }
}
