package camlab.drawing;

import java.awt.Color;
import java.awt.geom.Path2D;

/** Paints the places where wild animals are met. */
final class Wilderness {
  private static final double W = Stage.UNITS;

  private final Brush brush;
  private final Landscape land;
  private final Props props;
  private final Light light;
  private final Dice dice;
  private final double horizon;

  Wilderness(Brush brush, Landscape land, Props props, Light light, Dice dice, double horizon) {
    this.brush = brush;
    this.land = land;
    this.props = props;
    this.light = light;
    this.dice = dice;
    this.horizon = horizon;
  }

  private static Color straw(Dice dice) {
    return Tones.hue(dice.between(0.09, 0.17), dice.between(0.32, 0.55), dice.between(0.6, 0.84));
  }

  private static Color green(Dice dice) {
    return Tones.hue(dice.between(0.19, 0.33), dice.between(0.3, 0.52), dice.between(0.42, 0.66));
  }

  void savanna() {
    land.sky();
    hills(2, dice.between(30, 80), straw(dice), 0.35);
    for (int i = dice.count(1, 4); i > 0; i--) {
      acacia(dice.between(0, W), horizon + dice.between(0, 12), dice.between(0.35, 0.95));
    }
    land.grass(horizon, 190, straw(dice));
    scatter(3, 7);
  }

  void dusk() {
    Color top = Tones.hue(dice.between(0.66, 0.95), dice.between(0.25, 0.45), 0.62);
    Color low = Tones.hue(dice.between(0.04, 0.11), dice.between(0.5, 0.7), 0.98);
    brush.fill(
        Forms.rectangle(-5, -5, W + 10, horizon + 15),
        Tones.linear(0, 0, 0, horizon, top, Tones.mix(top, low, 0.6), low));
    double x = dice.between(80, 920);
    double y = horizon - dice.between(-10, 150);
    brush.fill(
        Forms.ellipse(x, y, 260, 260),
        Tones.radial(x, y, 260, new Color(255, 236, 176, 200), new Color(255, 214, 140, 0)));
    brush.fill(Forms.ellipse(x, y, 52, 52), new Color(0xFFF3CF));
    hills(2, dice.between(30, 90), Tones.mix(low, new Color(0x5A4460), 0.6), 0.2);
    for (int i = dice.count(1, 4); i > 0; i--) {
      double k = dice.between(0.35, 0.9);
      if (dice.chance(0.5)) {
        acacia(dice.between(0, W), horizon + 8, k);
      } else {
        land.tree(dice.between(0, W), horizon + 8, k);
      }
    }
    land.grass(horizon, 210, Tones.darker(straw(dice), 0.18));
    scatter(3, 6);
  }

  void forest() {
    land.sky();
    Color leaf = green(dice);
    brush.fill(
        Forms.rectangle(-5, horizon - 330, W + 10, 345),
        Tones.linear(
            0,
            horizon - 330,
            0,
            horizon,
            Tones.alpha(Tones.darker(leaf, 0.4), 0),
            Tones.darker(leaf, 0.6)));
    for (int row = 0; row < 2; row++) {
      double x = dice.between(-80, 0);
      while (x < W + 60) {
        double k = dice.between(0.8, 1.3) * (row == 0 ? 0.8 : 1);
        double y = horizon + (row == 0 ? 2 : dice.between(6, 24));
        if (dice.chance(0.45)) {
          fir(x, y, k, false);
        } else {
          land.tree(x, y, k);
        }
        x += dice.between(90, 210) * (row == 0 ? 1 : 1.9);
      }
    }
    land.grass(horizon, 130, Tones.darker(green(dice), 0.15));
    for (int i = dice.count(0, 2); i > 0; i--) {
      land.put(
          props.log(), dice.between(0, W), dice.between(horizon + 30, 820), dice.between(0.7, 1.2));
    }
    scatter(2, 6);
  }

  void riverside() {
    land.sky();
    hills(2, dice.between(40, 110), green(dice), 0.3);
    for (int i = dice.count(2, 6); i > 0; i--) {
      land.tree(dice.between(0, W), horizon + 4, dice.between(0.25, 0.6));
    }
    double shore = horizon + dice.between(55, 120);
    Color water =
        Tones.hue(dice.between(0.48, 0.6), dice.between(0.22, 0.45), dice.between(0.6, 0.85));
    land.band(horizon, shore + 30, Tones.lighter(water, 0.35), Tones.darker(water, 0.15));
    Path2D ripples = new Path2D.Double();
    for (int i = 0; i < 46; i++) {
      double x = dice.between(-20, W);
      double y = dice.between(horizon + 4, shore);
      ripples.moveTo(x, y);
      ripples.quadTo(x + 25, y + dice.around(0, 5), x + dice.between(30, 90), y);
    }
    brush.stroke(ripples, new Color(255, 255, 255, 90), 3);
    Color bank = dice.chance(0.5) ? green(dice) : Tones.vary(new Color(0xC2A67A), dice, 0.06);
    land.grass(shore + 14, 150, bank);
    brush.fill(
        Forms.blob(
            -60,
            shore + 60,
            -60,
            shore - 4,
            200,
            shore + dice.around(0, 20),
            500,
            shore + dice.around(4, 18),
            800,
            shore + dice.around(0, 20),
            1060,
            shore,
            1060,
            shore + 60),
        Tones.linear(0, shore - 10, 0, shore + 60, Tones.lighter(bank, 0.3), Tones.alpha(bank, 0)));
    for (int i = dice.count(2, 6); i > 0; i--) {
      land.put(
          props.tallGrass(),
          dice.between(0, W),
          shore + dice.between(6, 30),
          dice.between(0.6, 1.1));
    }
    scatter(1, 5);
  }

  void mountains() {
    land.sky();
    Color rock = Tones.vary(new Color(0x8792A6), dice, 0.06);
    for (int range = 0; range < 2; range++) {
      double x = dice.between(-260, -60);
      while (x < W) {
        double w = dice.between(300, 520) * (1 - 0.25 * range);
        double h = dice.between(170, 330) * (1 - 0.45 * range);
        peak(x, w, h, Tones.darker(rock, 0.12 * range), range == 0);
        x += w * dice.between(0.45, 0.8);
      }
    }
    for (int i = dice.count(3, 9); i > 0; i--) {
      fir(dice.between(0, W), horizon + dice.between(0, 12), dice.between(0.2, 0.5), false);
    }
    land.grass(horizon, 190);
    for (int i = dice.count(1, 5); i > 0; i--) {
      land.put(
          props.flower(),
          dice.between(0, W),
          dice.between(horizon + 15, 980),
          dice.between(0.4, 0.9));
    }
    scatter(1, 4);
  }

  void hill() {
    land.sky();
    Color stone =
        Tones.vary(dice.chance(0.5) ? new Color(0xA08D78) : new Color(0x8E8E92), dice, 0.08);
    hills(2, dice.between(80, 170), stone, 0.25);
    Color ground = Tones.mix(stone, straw(dice), 0.45);
    land.grass(horizon, 60, ground);
    for (int i = dice.count(3, 6); i > 0; i--) {
      land.put(
          props.boulder(),
          dice.between(0, W),
          horizon + dice.between(4, 60),
          dice.between(0.8, 2.4));
    }
    Path2D gravel = new Path2D.Double(Path2D.WIND_NON_ZERO);
    for (int i = 0; i < 70; i++) {
      double y = horizon + (W - horizon) * Math.sqrt(dice.unit());
      double r = 3 + 9 * (y - horizon) / (W - horizon);
      gravel.append(
          Forms.ellipse(dice.between(0, W), y, r * dice.between(0.8, 1.8), r * 0.6), false);
    }
    brush.fill(gravel, Tones.alpha(Tones.darker(stone, 0.35), 0.5));
    if (dice.chance(0.5)) {
      land.tree(dice.between(0, W), horizon + 20, dice.between(0.5, 1));
    }
    scatter(2, 5);
  }

  void snow() {
    Color top =
        Tones.hue(dice.between(0.54, 0.66), dice.between(0.08, 0.35), dice.between(0.75, 0.95));
    land.band(0, horizon + 5, top, Tones.lighter(top, 0.75));
    land.clouds();
    Color white = Tones.vary(new Color(0xE6ECF4), dice, 0.03);
    hills(2, dice.between(40, 120), Tones.darker(white, 0.1), 0.4);
    for (int i = dice.count(3, 8); i > 0; i--) {
      fir(dice.between(0, W), horizon + dice.between(0, 30), dice.between(0.4, 1.1), true);
    }
    land.band(horizon + 10, W, Tones.lighter(white, 0.5), Tones.darker(white, 0.1));
    for (int i = 0; i < 6; i++) {
      double y = dice.between(horizon + 20, 980);
      double r = dice.between(120, 300);
      brush.fill(
          Forms.ellipse(dice.between(0, W), y, r, r * 0.09),
          Tones.alpha(dice.chance(0.5) ? Color.WHITE : new Color(0x9FB2CC), 0.35));
    }
    scatter(0, 4);
  }

  /** Little things far and near that no animal stands behind. */
  private void scatter(int least, int most) {
    for (int i = dice.count(least, most); i > 0; i--) {
      double y = dice.between(horizon + 15, 960);
      double k = dice.between(0.35, 0.8);
      Figure figure =
          switch (dice.count(0, 2)) {
            case 0 -> props.tallGrass();
            case 1 -> props.stone();
            default -> props.tuft();
          };
      land.put(figure, dice.between(0, W), y, k);
    }
  }

  private void hills(int count, double height, Color colour, double haze) {
    for (int i = 0; i < count; i++) {
      double y = horizon - height * (1 - 0.55 * i);
      Color own = Tones.lighter(Tones.vary(colour, dice, 0.03), haze * (1 - 0.5 * i));
      brush.fill(
          Forms.blob(
              -200,
              1100,
              -200,
              y,
              80,
              y + dice.around(0, height * 0.5),
              380,
              y + dice.around(0, height * 0.6),
              660,
              y + dice.around(0, height * 0.6),
              1200,
              y,
              1200,
              1100),
          Tones.linear(0, y - height * 0.5, 0, horizon + 30, Tones.lighter(own, 0.2), own));
    }
  }

  private void peak(double x, double w, double h, Color rock, boolean snow) {
    double y = horizon + 6;
    double tip = x + w * dice.between(0.4, 0.6);
    brush.fill(
        Forms.polygon(
            x, y, x + w * 0.22, y - h * 0.48, tip, y - h, x + w * 0.74, y - h * 0.55, x + w, y),
        Tones.linear(0, y - h, 0, y, rock, Tones.lighter(rock, 0.45)));
    double side = light.x() > 0 ? x : x + w;
    brush.fill(
        Forms.polygon(
            tip, y - h, tip + (x + w * 0.5 - tip) * 0.5, y - h * 0.4, x + w * 0.5, y, side, y),
        Tones.linear(
            0, y - h, 0, y, Tones.alpha(light.shade(), 0.35), Tones.alpha(light.shade(), 0)));
    if (snow) {
      double s = dice.between(0.26, 0.42);
      double left = tip - (tip - x) * s * 0.75;
      double right = tip + (x + w - tip) * s * 0.8;
      brush.fill(
          Forms.polygon(
              tip,
              y - h,
              right,
              y - h * (1 - s),
              tip + (right - tip) * 0.45,
              y - h * (1 - s * 0.8),
              tip,
              y - h * (1 - s * 1.15),
              tip - (tip - left) * 0.5,
              y - h * (1 - s * 0.78),
              left,
              y - h * (1 - s)),
          new Color(255, 255, 255, 225));
    }
  }

  /** A tree with a flat crown. */
  private void acacia(double x, double y, double k) {
    Color bark = Tones.vary(new Color(0x5E4A3A), dice, 0.06);
    double lean = dice.around(0, 40) * k;
    Path2D trunk =
        Forms.limb(x, y, 15 * k, x + lean * 0.4, y - 120 * k, 11 * k, x + lean, y - 250 * k, 9 * k);
    land.block(trunk, bark);
    for (int s = -1; s <= 1; s += 2) {
      land.block(
          Forms.limb(
              x + lean * 0.5,
              y - 150 * k,
              8 * k,
              x + lean + s * 60 * k,
              y - 230 * k,
              6 * k,
              x + lean + s * 120 * k,
              y - 272 * k,
              4 * k),
          bark);
    }
    Color leaf =
        Tones.hue(dice.between(0.17, 0.3), dice.between(0.3, 0.5), dice.between(0.35, 0.55));
    land.foliage(x + lean - 90 * k, y - 280 * k, 120 * k, 0.32, leaf);
    land.foliage(x + lean + 95 * k, y - 285 * k, 120 * k, 0.32, leaf);
    land.foliage(x + lean, y - 310 * k, 140 * k, 0.32, leaf);
  }

  private void fir(double x, double y, double k, boolean snow) {
    land.block(
        Forms.rectangle(x - 9 * k, y - 50 * k, 18 * k, 50 * k),
        Tones.vary(new Color(0x5A4434), dice, 0.06));
    Color needle =
        Tones.hue(dice.between(0.32, 0.45), dice.between(0.25, 0.45), dice.between(0.25, 0.42));
    for (int i = 0; i < 4; i++) {
      double w = (105 - 20 * i) * k;
      double bottom = y - (34 + 70 * i) * k;
      double top = bottom - (128 - 8 * i) * k;
      Path2D tier =
          Forms.polygon(
              x,
              top,
              x + w * 0.5,
              bottom - 34 * k,
              x + w,
              bottom,
              x + w * 0.35,
              bottom - 8 * k,
              x,
              bottom + 5 * k,
              x - w * 0.35,
              bottom - 8 * k,
              x - w,
              bottom,
              x - w * 0.5,
              bottom - 34 * k);
      Color own = Tones.vary(needle, dice, 0.02);
      brush.fill(
          tier,
          Tones.linear(
              x + light.x() * w,
              top,
              x - light.x() * w,
              bottom,
              Tones.lighter(own, 0.2),
              Tones.darker(own, 0.35)));
      if (snow) {
        brush.fill(
            Forms.polygon(
                x,
                top,
                x + w * 0.45,
                bottom - 38 * k,
                x + w * 0.8,
                bottom - 8 * k,
                x + w * 0.3,
                bottom - 36 * k,
                x,
                bottom - 26 * k,
                x - w * 0.3,
                bottom - 40 * k,
                x - w * 0.8,
                bottom - 8 * k,
                x - w * 0.45,
                bottom - 38 * k),
            new Color(250, 252, 255, 215));
      }
    }
  }
}
