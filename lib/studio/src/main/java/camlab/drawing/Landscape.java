package camlab.drawing;

import java.awt.Color;
import java.awt.Shape;
import java.awt.geom.Path2D;

/** What places are put together from: sky, grass, trees, and things with their shadows. */
final class Landscape {
  static final double W = Stage.UNITS;

  private final Stage stage;
  private final Brush brush;
  private final Light light;
  private final Dice dice;
  private final double horizon;

  Landscape(Stage stage, Light light, Dice dice, double horizon) {
    this.stage = stage;
    this.brush = stage.brush();
    this.light = light;
    this.dice = dice;
    this.horizon = horizon;
  }

  void put(Figure figure, double x, double y, double scale) {
    shadow(brush, light, x, y, figure.bounds().getWidth() * scale * 0.55);
    stage.paint(figure, Forms.place(x, y, 0, scale * dice.sign(), scale), 0);
  }

  /** A soft shadow on the ground, leaning away from the light. */
  static void shadow(Brush brush, Light light, double x, double y, double reach) {
    double cx = x - light.x() * reach * 0.25;
    double ry = reach * 0.2;
    brush.graphics().translate(cx, y);
    brush.graphics().scale(1, ry / reach);
    Color dark = light.shade();
    brush.fill(
        Forms.ellipse(0, 0, reach * 1.15, reach * 1.15),
        Tones.radial(
            0,
            0,
            reach * 1.15,
            Tones.alpha(dark, 0.62),
            Tones.alpha(dark, 0.34),
            Tones.alpha(dark, 0)));
    brush.graphics().scale(1, reach / ry);
    brush.graphics().translate(-cx, -y);
  }

  Color pastel() {
    return Tones.hue(dice.unit(), dice.between(0.08, 0.38), dice.between(0.55, 0.93));
  }

  void band(double top, double bottom, Color a, Color b) {
    brush.fill(
        Forms.rectangle(-5, top, W + 10, bottom - top), Tones.linear(0, top, 0, bottom, a, b));
  }

  void block(Shape shape, Color colour) {
    brush.fill(shape, colour);
    brush.model(shape, light, colour, 2.5);
  }

  void sky() {
    Color top =
        Tones.hue(dice.between(0.52, 0.64), dice.between(0.2, 0.5), dice.between(0.72, 0.95));
    if (dice.chance(0.2)) {
      top = Tones.hue(dice.between(0.02, 0.1), 0.35, 0.93);
    }
    band(0, horizon + 5, top, Tones.lighter(top, 0.7));
    clouds();
  }

  void clouds() {
    for (int i = dice.count(0, 4); i > 0; i--) {
      double x = dice.between(0, W);
      double y = dice.between(40, Math.max(60, horizon * 0.6));
      double k = dice.between(0.5, 1.3);
      Path2D cloud = new Path2D.Double(Path2D.WIND_NON_ZERO);
      for (int j = -2; j <= 2; j++) {
        double r = k * (62 - 15 * Math.abs(j)) * dice.between(0.8, 1.2);
        cloud.append(Forms.ellipse(x + j * 52 * k, y - r * 0.35, r, r * 0.75), false);
      }
      brush.fill(
          cloud,
          Tones.linear(
              0,
              y - 60 * k,
              0,
              y + 40 * k,
              new Color(255, 255, 255, 230),
              new Color(255, 255, 255, 60)));
    }
  }

  void grass(double top, int blades) {
    grass(
        top,
        blades,
        Tones.hue(dice.between(0.17, 0.36), dice.between(0.3, 0.58), dice.between(0.42, 0.7)));
  }

  /** A plain overgrown with blades of a colour. */
  void grass(double top, int blades, Color green) {
    band(top, W, Tones.lighter(green, 0.15), Tones.darker(green, 0.2));
    for (int shade = 0; shade < 3; shade++) {
      Path2D all = new Path2D.Double(Path2D.WIND_NON_ZERO);
      for (int i = 0; i < blades; i++) {
        double y = top + (W + 20 - top) * Math.sqrt(dice.unit());
        double h = 12 + 42 * (y - top) / (W - top);
        double x = dice.between(0, W);
        double lean = dice.around(0, 14);
        all.moveTo(x - 2.5, y);
        all.lineTo(x + lean, y - h);
        all.lineTo(x + 2.5, y);
        all.closePath();
      }
      Color tone = shade == 0 ? Tones.darker(green, 0.3) : Tones.lighter(green, 0.22 * shade);
      brush.fill(all, Tones.alpha(tone, 0.6));
    }
  }

  void tree(double x, double y, double k) {
    Color bark = Tones.vary(new Color(0x6E4F38), dice, 0.08);
    block(
        Forms.polygon(
            x - 20 * k, y, x - 13 * k, y - 260 * k, x + 13 * k, y - 260 * k, x + 22 * k, y),
        bark);
    foliage(x, y - 330 * k, 150 * k);
  }

  void foliage(double x, double y, double r) {
    Color green =
        Tones.hue(dice.between(0.2, 0.4), dice.between(0.3, 0.55), dice.between(0.35, 0.62));
    if (dice.chance(0.15)) {
      green = Tones.hue(dice.between(0.03, 0.12), 0.55, 0.75);
    }
    foliage(x, y, r, 1, green);
  }

  /** Leaves in a rounded mass; flat crowns have a height below 1. */
  void foliage(double x, double y, double r, double height, Color green) {
    for (int i = 0; i < 6; i++) {
      double a = i * 1.05 + dice.unit();
      double px = x + r * 0.5 * StrictMath.cos(a);
      double py = y + r * 0.4 * height * StrictMath.sin(a);
      Color own = Tones.vary(green, dice, 0.06);
      brush.fill(
          Forms.patch(px, py, r * 0.62, r * 0.55 * height, 0.2, dice),
          Tones.radial(
              px + light.x() * r * 0.3,
              py + light.y() * r * 0.3,
              r * 0.9,
              Tones.lighter(own, 0.25),
              own,
              Tones.darker(own, 0.4)));
    }
    for (int shade = 0; shade < 2; shade++) {
      Path2D leaves = new Path2D.Double(Path2D.WIND_NON_ZERO);
      for (int i = 0; i < 34; i++) {
        double a = dice.between(0, 6.3);
        double d = r * Math.sqrt(dice.unit());
        double px = x + d * StrictMath.cos(a);
        double py = y + d * 0.85 * height * StrictMath.sin(a);
        leaves.append(
            Forms.stripe(px, py, px + dice.around(0, 22), py + dice.around(0, 22), 0.1, 7), false);
      }
      Color tone = shade == 0 ? Tones.darker(green, 0.35) : Tones.lighter(green, 0.35);
      brush.fill(leaves, Tones.alpha(tone, 0.6));
    }
  }
}
