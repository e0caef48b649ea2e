package camlab.drawing;

import java.awt.Color;
import java.awt.Shape;
import java.awt.geom.Path2D;
import java.util.ArrayList;
import java.util.List;

/** Paints backgrounds. It never learns which animals come, so it cannot depend on them. */
final class Scenery {
  private static final double W = Stage.UNITS;

  private final Landscape land;
  private final Wilderness wilderness;
  private final Brush brush;
  private final Light light;
  private final Dice dice;
  private final Props props;
  private final double horizon;

  Scenery(Stage stage, Light light, Dice dice, double horizon) {
    this.brush = stage.brush();
    this.light = light;
    this.dice = dice;
    this.props = new Props(light, dice);
    this.horizon = horizon;
    this.land = new Landscape(stage, light, dice, horizon);
    this.wilderness = new Wilderness(brush, land, props, light, dice, horizon);
  }

  /** Paints the place; what lies about in it is returned, to be sorted in among the animals. */
  List<Thing> paint(Backdrop backdrop) {
    switch (backdrop) {
      case ROOM -> room();
      case GARDEN -> garden();
      case MEADOW -> meadow();
      case STREET -> street();
      case STUDIO -> studio();
      case SAVANNA -> wilderness.savanna();
      case FOREST -> wilderness.forest();
      case RIVERSIDE -> wilderness.riverside();
      case MOUNTAINS -> wilderness.mountains();
      case HILL -> wilderness.hill();
      case DUSK -> wilderness.dusk();
      case SNOW -> wilderness.snow();
    }
    List<Thing> things = new ArrayList<>();
    for (int i = dice.count(2, 5); i > 0; i--) {
      double y = dice.between(horizon + 30, 960);
      double k = dice.between(0.8, 1.6) * (0.5 + y / 1400);
      Figure figure = props.any(backdrop.setting());
      things.add(new Thing(figure, dice.between(20, 980), y, k, dice.chance(0.5)));
    }
    return things;
  }

  private void room() {
    Color wall = land.pastel();
    land.band(0, horizon, Tones.darker(wall, 0.12), Tones.lighter(wall, 0.1));
    if (dice.chance(0.55)) {
      Color tone = Tones.alpha(dice.chance(0.5) ? Tones.darker(wall, 0.2) : Color.WHITE, 0.35);
      boolean dots = dice.chance(0.4);
      double step = dice.between(38, 90);
      for (double x = step / 2; x < W; x += step) {
        if (dots) {
          for (double y = 20; y < horizon; y += step) {
            brush.fill(Forms.ellipse(x, y, step * 0.14, step * 0.14), tone);
          }
        } else {
          brush.fill(Forms.rectangle(x, 0, step * 0.4, horizon), tone);
        }
      }
    }
    Color wood = Tones.vary(new Color(dice.chance(0.5) ? 0xA87848 : 0x8A7868), dice, 0.14);
    land.band(horizon, W, Tones.darker(wood, 0.25), Tones.lighter(wood, 0.1));
    if (dice.chance(0.65)) {
      Color joint = Tones.alpha(Tones.darker(wood, 0.55), 0.6);
      for (int i = -9; i <= 9; i++) {
        brush.stroke(Forms.line(500 + i * 60, horizon, 500 + i * 150, W), joint, 2);
      }
      for (double y = horizon + 24; y < W; y += 24 + (y - horizon) * 0.25) {
        brush.stroke(Forms.line(0, y, W, y), Tones.alpha(joint, 0.3), 2);
      }
    }
    Color skirting = Tones.lighter(wall, 0.55);
    brush.fill(Forms.rectangle(0, horizon - 22, W, 24), skirting);
    brush.fill(Forms.rectangle(0, horizon, W, 14), new Color(30, 20, 30, 60));
    double slot = dice.between(-80, 60);
    for (int i = 0; i < 3; i++) {
      furniture(slot + i * 340 + dice.between(0, 60));
    }
    if (dice.chance(0.6)) {
      rug();
    }
  }

  private void furniture(double x) {
    switch (dice.count(0, 6)) {
      case 0 -> window(x, horizon - dice.between(360, 430), 250, 300);
      case 1 -> picture(x + 20, horizon - dice.between(330, 420));
      case 2 -> sofa(x);
      case 3 -> shelf(x);
      case 4 -> land.put(props.pottedPlant(), x + 120, horizon + 16, dice.between(1.6, 2.6));
      case 5 -> {
        picture(x - 10, horizon - 420);
        land.put(props.cushion(), x + 90, horizon + 25, 1.2);
      }
      default -> lamp(x + 100);
    }
  }

  private void window(double x, double y, double w, double h) {
    Color frame = Tones.lighter(land.pastel(), 0.6);
    brush.fill(Forms.rectangle(x - 12, y - 12, w + 24, h + 24), frame);
    Color sky = Tones.hue(dice.between(0.53, 0.62), 0.35, 0.95);
    brush.fill(
        Forms.rectangle(x, y, w, h), Tones.linear(0, y, 0, y + h, sky, Tones.lighter(sky, 0.6)));
    Color leaf = Tones.hue(0.3, 0.4, 0.6);
    brush.fill(
        Forms.blob(
            x,
            y + h,
            x,
            y + h * 0.75,
            x + w * 0.3,
            y + h * 0.6,
            x + w * 0.7,
            y + h * 0.75,
            x + w,
            y + h * 0.7,
            x + w,
            y + h),
        leaf);
    brush.fill(Forms.rectangle(x + w / 2 - 5, y, 10, h), frame);
    brush.fill(Forms.rectangle(x, y + h * 0.45, w, 10), frame);
    brush.stroke(Forms.rectangle(x - 12, y - 12, w + 24, h + 24), new Color(60, 45, 50, 90), 3);
    if (dice.chance(0.6)) {
      Color cloth = props.colour();
      for (int s = 0; s < 2; s++) {
        double cx = s == 0 ? x - 40 : x + w - 30;
        land.block(Forms.rounded(cx, y - 30, 72, h + 80, 10), Tones.lighter(cloth, 0.25));
      }
    }
  }

  private void picture(double x, double y) {
    double w = dice.between(120, 200);
    double h = dice.between(110, 190);
    land.block(Forms.rectangle(x, y, w, h), Tones.vary(new Color(0x7A5230), dice, 0.15));
    brush.fill(
        Forms.rectangle(x + 12, y + 12, w - 24, h - 24),
        Tones.linear(0, y, 0, y + h, land.pastel(), land.pastel()));
    for (int i = 0; i < 3; i++) {
      double r = dice.between(8, w * 0.16);
      brush.fill(
          Forms.ellipse(x + dice.between(34, w - 34), y + dice.between(34, h - 34), r, r * 0.8),
          props.colour());
    }
  }

  private void sofa(double x) {
    Color cloth = dice.chance(0.5) ? land.pastel() : Tones.mix(props.colour(), Color.GRAY, 0.3);
    double y = horizon + 30;
    land.block(Forms.rounded(x, y - 250, 400, 220, 50), cloth);
    land.block(Forms.rounded(x - 10, y - 120, 420, 110, 30), Tones.lighter(cloth, 0.1));
    land.block(Forms.rounded(x - 50, y - 180, 80, 185, 34), Tones.darker(cloth, 0.08));
    land.block(Forms.rounded(x + 370, y - 180, 80, 185, 34), Tones.darker(cloth, 0.08));
    land.put(props.cushion(), x + dice.between(80, 320), y - 110, 1.1);
  }

  private void shelf(double x) {
    Color wood = Tones.vary(new Color(0x8A6038), dice, 0.12);
    double y = horizon + 12;
    double h = dice.between(260, 420);
    land.block(Forms.rectangle(x, y - h, 220, h), wood);
    for (double shelf = y - h + 14; shelf < y - 80; shelf += 100) {
      brush.fill(Forms.rectangle(x + 12, shelf, 196, 86), Tones.darker(wood, 0.5));
      double at = x + 16;
      while (at < x + 180) {
        double bw = dice.between(12, 26);
        double bh = dice.between(48, 80);
        brush.fill(
            Forms.rectangle(at, shelf + 86 - bh, bw, bh),
            Tones.mix(props.colour(), land.pastel(), 0.3));
        at += bw + dice.between(0, 12);
      }
    }
  }

  private void lamp(double x) {
    brush.fill(Forms.rectangle(x - 5, horizon - 330, 10, 345), new Color(0x4A3B36));
    brush.fill(Forms.ellipse(x, horizon + 16, 50, 12), new Color(0x4A3B36));
    Color shade = Tones.lighter(props.colour(), 0.5);
    brush.fill(
        Forms.ellipse(x, horizon - 370, 230, 230),
        Tones.radial(
            x, horizon - 370, 230, new Color(255, 236, 180, 110), new Color(255, 236, 180, 0)));
    land.block(
        Forms.polygon(
            x - 50,
            horizon - 430,
            x + 50,
            horizon - 430,
            x + 85,
            horizon - 310,
            x - 85,
            horizon - 310),
        shade);
  }

  private void rug() {
    Color colour = props.colour();
    double x = dice.between(250, 750);
    double y = dice.between(horizon + 120, 900);
    double rx = dice.between(260, 420);
    double ry = rx * 0.28;
    Color muted = Tones.mix(colour, new Color(0xC8B8A0), 0.45);
    brush.fill(Forms.ellipse(x, y, rx, ry), Tones.darker(muted, 0.2));
    brush.fill(Forms.ellipse(x, y - 4, rx * 0.97, ry * 0.95), muted);
    brush.stroke(Forms.ellipse(x, y - 4, rx * 0.84, ry * 0.8), Tones.lighter(muted, 0.5), 10);
    brush.stroke(Forms.ellipse(x, y - 4, rx * 0.55, ry * 0.5), Tones.lighter(muted, 0.3), 7);
  }

  private void fence() {
    Color wood =
        dice.chance(0.5) ? new Color(0xEFE9DF) : Tones.vary(new Color(0x9A7448), dice, 0.1);
    double top = horizon - dice.between(120, 190);
    double w = dice.between(34, 56);
    for (int i = 0; i < 2; i++) {
      land.block(Forms.rectangle(-10, top + 50 + i * 70, W + 20, 18), Tones.darker(wood, 0.15));
    }
    for (double x = dice.between(-40, 0); x < W; x += w * 1.45) {
      Shape board =
          Forms.polygon(
              x, horizon + 12, x, top + 20, x + w / 2, top, x + w, top + 20, x + w, horizon + 12);
      brush.fill(board, Tones.vary(wood, dice, 0.03));
      brush.contour(board, light, wood, 2.5);
    }
  }

  private void garden() {
    land.sky();
    for (int i = dice.count(1, 3); i > 0; i--) {
      land.tree(dice.between(0, W), horizon + 10, dice.between(0.7, 1.2));
    }
    if (dice.chance(0.6)) {
      fence();
    }
    for (int i = dice.count(1, 4); i > 0; i--) {
      land.foliage(dice.between(0, W), horizon - dice.between(0, 40), dice.between(70, 130));
    }
    land.grass(horizon, 130);
    for (int i = dice.count(2, 5); i > 0; i--) {
      double y = dice.between(horizon + 15, 960);
      land.put(
          dice.chance(0.6) ? props.flower() : props.stone(),
          dice.between(0, W),
          y,
          dice.between(0.5, 1));
    }
  }

  private void meadow() {
    land.sky();
    for (int i = 0; i < 3; i++) {
      double y = horizon - 110 + i * 45;
      Color hill = Tones.hue(dice.between(0.2, 0.5), 0.22 + 0.08 * i, 0.78 - 0.06 * i);
      brush.fill(
          Forms.blob(
              -200,
              1100,
              -200,
              y,
              100,
              y - dice.between(-30, 60),
              400,
              y - dice.between(-30, 60),
              700,
              y - dice.between(-30, 60),
              1200,
              y,
              1200,
              1100),
          Tones.linear(0, y - 60, 0, y + 120, Tones.lighter(hill, 0.2), hill));
    }
    for (int i = dice.count(0, 3); i > 0; i--) {
      land.tree(dice.between(0, W), horizon + 5, dice.between(0.3, 0.7));
    }
    land.grass(horizon, 200);
    for (int i = dice.count(2, 7); i > 0; i--) {
      double y = dice.between(horizon + 15, 980);
      land.put(
          dice.chance(0.6) ? props.flower() : props.tuft(),
          dice.between(0, W),
          y,
          dice.between(0.4, 0.9));
    }
  }

  private void street() {
    land.sky();
    double x = dice.between(-120, 0);
    while (x < W) {
      double w = dice.between(200, 330);
      house(x, w, dice.between(300, 520));
      x += w + dice.between(0, 30);
    }
    Color stone = Tones.vary(new Color(0x9C968E), dice, 0.1);
    land.band(horizon, W, Tones.lighter(stone, 0.1), Tones.darker(stone, 0.25));
    Color joint = Tones.alpha(Tones.darker(stone, 0.5), 0.45);
    boolean cobbles = dice.chance(0.6);
    for (double y = horizon + 16; y < W; y += 16 + (y - horizon) * 0.18) {
      brush.stroke(Forms.line(0, y, W, y), joint, 2);
      if (cobbles) {
        double step = 40 + (y - horizon) * 0.25;
        Path2D path = new Path2D.Double();
        for (double at = dice.between(0, step); at < W; at += step) {
          path.moveTo(at, y);
          path.lineTo(at + (at - 500) * 0.03, y + 16 + (y - horizon) * 0.18);
        }
        brush.stroke(path, joint, 2);
      }
    }
    brush.fill(Forms.rectangle(0, horizon, W, 16), Tones.darker(stone, 0.4));
    if (dice.chance(0.5)) {
      land.tree(dice.between(0, W), horizon + 40, dice.between(0.8, 1.2));
    }
    if (dice.chance(0.5)) {
      lamp(dice.between(60, 940));
    }
  }

  private void house(double x, double w, double h) {
    Color wall = land.pastel();
    land.block(Forms.rectangle(x, horizon - h, w, h + 2), wall);
    Color roof = Tones.vary(new Color(0x9A4F3C), dice, 0.12);
    land.block(
        Forms.polygon(x - 16, horizon - h, x + w / 2, horizon - h - 120, x + w + 16, horizon - h),
        roof);
    Color glass = Tones.vary(new Color(0x6F8796), dice, 0.1);
    for (double y = horizon - h + 40; y < horizon - 170; y += 130) {
      for (double wx = x + 30; wx < x + w - 60; wx += 95) {
        brush.fill(Forms.rectangle(wx - 6, y - 6, 62, 92), Tones.lighter(wall, 0.6));
        brush.fill(
            Forms.rectangle(wx, y, 50, 80),
            Tones.linear(wx, y, wx + 50, y + 80, Tones.lighter(glass, 0.4), glass));
      }
    }
    land.block(
        Forms.rounded(x + dice.between(20, w - 110), horizon - 150, 80, 152, 14),
        Tones.darker(props.colour(), 0.15));
  }

  private void studio() {
    Color a = land.pastel();
    Color b = land.pastel();
    brush.fill(
        Forms.rectangle(-5, -5, W + 10, W + 10),
        Tones.linear(dice.between(0, W), 0, dice.between(0, W), W, a, b));
    int kind = dice.count(0, 2);
    for (int i = 0; i < 22; i++) {
      double x = dice.between(0, W);
      double y = dice.between(0, W);
      double r = dice.between(30, 170);
      Color c =
          Tones.alpha(dice.chance(0.4) ? props.colour() : land.pastel(), dice.between(0.2, 0.7));
      if (kind == 0) {
        brush.fill(Forms.patch(x, y, r, r * dice.between(0.5, 1), 0.3, dice), c);
      } else if (kind == 1) {
        brush.fill(
            Forms.polygon(
                x,
                y,
                x + dice.around(0, 2 * r),
                y + dice.around(0, 2 * r),
                x + dice.around(0, 2 * r),
                y + dice.around(0, 2 * r)),
            c);
      } else {
        brush.stroke(
            Forms.line(x - r, y, x, y + dice.around(0, r), x + r, y + dice.around(0, r)),
            c,
            dice.between(6, 40));
      }
    }
    land.band(horizon, W, Tones.alpha(new Color(255, 250, 240), 0.05), new Color(30, 22, 40, 70));
  }
}
