package camlab.drawing;

import java.awt.Color;
import java.awt.Shape;
import java.awt.geom.Path2D;

/**
 * Features that faces have in common, in coordinates whose unit is the radius of the head.
 *
 * @param coat colours of the animal
 * @param light where light comes from
 */
record Face(Coat coat, Light light) {
  private static final Color INK = new Color(0x1E1519);

  /** Dark hairs on a head, combed along (dx, dy). */
  void hair(Brush b, Shape head, Color ground, double dx, double dy, Dice dice) {
    Color dark = Tones.alpha(Tones.darker(ground, 0.5), 0.2);
    b.hairs(Forms.bounds(head), dx, dy, 60, dark, 0.03, dice);
  }

  /** An open eye with iris, pupil and highlight; a negative tilt raises the outer corner. */
  void eye(Brush b, double x, double y, double rx, double ry, double slit, double tilt) {
    double s = x < 0 ? -1 : 1;
    Shape lid =
        Forms.blob(
            x - s * rx * 1.08,
            y - tilt * ry * 0.5,
            x - s * rx * 0.45,
            y - ry * 0.8,
            x + s * rx * 0.25,
            y - ry + tilt * ry * 0.3,
            x + s * rx * 1.05,
            y + tilt * ry * 0.7,
            x + s * rx * 0.5,
            y + ry * 0.75,
            x - s * rx * 0.4,
            y + ry * 0.85);
    b.stroke(lid, INK, 0.055);
    Color iris = coat.eyes();
    b.fill(
        lid,
        Tones.linear(
            x, y - ry, x, y + ry, Tones.darker(iris, 0.4), iris, Tones.lighter(iris, 0.4)));
    b.fill(Forms.ellipse(x, y, slit, ry * 0.86), INK);
    b.fill(lid, Tones.linear(x, y - ry, x, y, Tones.alpha(INK, 0.45), Tones.alpha(INK, 0)));
    double hx = x + light.x() * rx * 0.35;
    b.fill(Forms.ellipse(hx, y - ry * 0.38, rx * 0.24, ry * 0.24), new Color(255, 255, 255, 235));
    b.fill(
        Forms.ellipse(x - light.x() * rx * 0.3, y + ry * 0.4, rx * 0.13, ry * 0.12),
        new Color(255, 255, 255, 120));
  }

  /** A round dark eye. */
  void roundEye(Brush b, double x, double y, double r) {
    b.fill(
        Forms.ellipse(x, y, r * 1.75, r * 1.6),
        Tones.radial(x, y, r * 1.75, Tones.alpha(INK, 0.4), Tones.alpha(INK, 0)));
    b.fill(Forms.ellipse(x, y, r * 1.15, r * 1.05), INK);
    Color iris = Tones.mix(coat.eyes(), new Color(0x5A3820), 0.55);
    b.fill(
        Forms.ellipse(x, y + r * 0.05, r * 0.88, r * 0.85),
        Tones.linear(x, y - r, x, y + r, Tones.darker(iris, 0.65), iris, Tones.lighter(iris, 0.2)));
    b.fill(Forms.ellipse(x, y, r * 0.52, r * 0.55), INK);
    b.fill(
        Forms.ellipse(x + light.x() * r * 0.4, y - r * 0.4, r * 0.27, r * 0.27),
        new Color(255, 255, 255, 240));
    b.stroke(
        Forms.line(x - r * 1.1, y - r * 0.65, x, y - r * 1.25, x + r * 1.1, y - r * 0.65),
        Tones.alpha(Tones.darker(coat.base(), 0.6), 0.7),
        r * 0.25);
  }

  /** A shaded little form on the face, such as a cheek or a muzzle. */
  void puff(Brush b, Shape shape, Color colour, double x, double y, double r) {
    b.fill(
        shape,
        Tones.radial(
            x + light.x() * r * 0.3,
            y + light.y() * r * 0.35,
            r * 1.25,
            Tones.lighter(colour, 0.25),
            colour,
            Tones.darker(colour, 0.22)));
  }

  /** A glossy nose. */
  void nose(Brush b, Shape shape, Color colour, double x, double y, double r) {
    b.fill(shape, Tones.darker(colour, 0.1));
    b.fill(
        shape,
        Tones.linear(
            x, y - r, x, y + r, Tones.alpha(Color.WHITE, 0.22), Tones.alpha(Color.BLACK, 0.4)));
    b.fill(
        Forms.ellipse(x + light.x() * r * 0.4, y - r * 0.4, r * 0.36, r * 0.16),
        new Color(255, 255, 255, 150));
  }

  /** The markings of a head seen from the front; side is 1 or -1. */
  void markFront(Brush b, Shape head, double side, Dice dice) {
    Color mark = coat.mark();
    switch (coat.pattern()) {
      case TABBY -> {
        Path2D m = new Path2D.Double(Path2D.WIND_NON_ZERO);
        for (int i = -2; i <= 2; i++) {
          m.append(Forms.stripe(i * 0.16, -1, i * 0.12, -0.35 - 0.1 * (i & 1), 0, 0.07), false);
        }
        for (int s = -1; s <= 1; s += 2) {
          m.append(Forms.stripe(s * 1.1, 0.05, s * 0.55, 0.18, s * 0.1, 0.06), false);
          m.append(Forms.stripe(s * 1.05, 0.36, s * 0.55, 0.38, s * 0.1, 0.06), false);
        }
        b.fill(m, Tones.alpha(mark, 0.75));
      }
      case BICOLOUR, TUXEDO ->
          b.fill(
              Forms.symmetric(
                  0, -0.75, 0.1, -0.5, 0.16, -0.1, 0.5, 0.28, 0.75, 0.6, 0.5, 1.1, 0, 1.2),
              coat.pale());
      case PATCHES -> {
        b.fill(Forms.patch(side * 0.55, -0.4, 0.52, 0.55, 0.2, dice), coat.second());
        b.fill(Forms.patch(-side * 0.75, -0.7, 0.4, 0.42, 0.2, dice), mark);
      }
      case SPOTS -> {
        Path2D spots = new Path2D.Double(Path2D.WIND_NON_ZERO);
        for (int i = 0; i < 9; i++) {
          spots.append(
              Forms.patch(dice.between(-0.8, 0.8), dice.between(-0.9, 0), 0.07, 0.06, 0.3, dice),
              false);
        }
        b.fill(spots, Tones.alpha(mark, 0.8));
      }
      case POINTS ->
          b.fill(
              head,
              Tones.radial(
                  0,
                  0.35,
                  0.95,
                  Tones.alpha(mark, 0.95),
                  Tones.alpha(mark, 0.7),
                  Tones.alpha(mark, 0)));
      case SADDLE ->
          b.fill(
              head, Tones.linear(0, -0.9, 0, -0.1, Tones.alpha(mark, 0.85), Tones.alpha(mark, 0)));
      default -> {}
    }
  }

  /** The markings of a head seen from the side, muzzle at the right. */
  void markSide(Brush b, Shape head, Dice dice) {
    Color mark = coat.mark();
    switch (coat.pattern()) {
      case TABBY -> {
        Path2D m = new Path2D.Double(Path2D.WIND_NON_ZERO);
        for (int i = 0; i < 3; i++) {
          m.append(Forms.stripe(-0.3 + i * 0.3, -1, -0.1 + i * 0.2, -0.4, 0.1, 0.07), false);
          m.append(Forms.stripe(-0.75, 0.05 + i * 0.25, 0.05, 0.2 + i * 0.2, 0.15, 0.06), false);
        }
        b.fill(m, Tones.alpha(mark, 0.75));
      }
      case BICOLOUR, TUXEDO ->
          b.fill(
              Forms.blob(
                  0.35, -0.9, 0.75, -0.3, 0.45, 0.2, -0.1, 0.5, -0.3, 1.2, 1, 1.3, 2.2, 0.8, 2.2,
                  -0.3, 0.9, -0.9),
              coat.pale());
      case PATCHES -> {
        b.fill(Forms.patch(0.1, -0.5, 0.55, 0.5, 0.2, dice), coat.second());
        b.fill(Forms.patch(-0.8, 0.2, 0.4, 0.5, 0.2, dice), mark);
      }
      case SPOTS -> {
        Path2D spots = new Path2D.Double(Path2D.WIND_NON_ZERO);
        for (int i = 0; i < 9; i++) {
          spots.append(
              Forms.patch(dice.between(-0.8, 0.9), dice.between(-0.9, 0.5), 0.07, 0.06, 0.3, dice),
              false);
        }
        b.fill(spots, Tones.alpha(mark, 0.8));
      }
      case POINTS ->
          b.fill(
              head,
              Tones.radial(
                  1.2,
                  0.3,
                  1.4,
                  Tones.alpha(mark, 0.95),
                  Tones.alpha(mark, 0.7),
                  Tones.alpha(mark, 0)));
      case SADDLE ->
          b.fill(head, Tones.linear(0, -0.9, 0, 0, Tones.alpha(mark, 0.85), Tones.alpha(mark, 0)));
      default -> {}
    }
  }
}
