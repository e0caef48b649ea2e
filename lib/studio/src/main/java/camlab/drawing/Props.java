package camlab.drawing;

import java.awt.Color;
import java.awt.Shape;
import java.awt.geom.Path2D;
import java.util.List;

/** Things that lie about. They are drawn for every kind of animal, and without any, alike. */
final class Props {
  private static final List<Color> TOYS =
      List.of(
          new Color(0xC9473F),
          new Color(0x3F78B5),
          new Color(0xE2B33C),
          new Color(0x4F9A63),
          new Color(0x8A5AA0),
          new Color(0xE08A4A),
          new Color(0x5FB3B3));

  private final Light light;
  private final Dice dice;

  Props(Light light, Dice dice) {
    this.light = light;
    this.dice = dice;
  }

  Color colour() {
    return Tones.vary(dice.pick(TOYS), dice, 0.08);
  }

  /** Something about 100 units high, on y = 0. */
  Figure any(Backdrop.Setting setting) {
    return switch (setting) {
      case INDOORS -> domestic(true);
      case OUTDOORS -> domestic(false);
      case WILD -> wild();
    };
  }

  private Figure domestic(boolean indoors) {
    return switch (dice.count(0, 8)) {
      case 0 -> ball();
      case 1 -> box();
      case 2 -> indoors ? pottedPlant() : tuft();
      case 3 -> bowl();
      case 4 -> bone();
      case 5 -> fish();
      case 6 -> indoors ? cushion() : stone();
      case 7 -> indoors ? yarn() : tuft();
      default -> indoors ? pottedPlant() : flower();
    };
  }

  private Figure wild() {
    return switch (dice.count(0, 9)) {
      case 0 -> stone();
      case 1 -> log();
      case 2 -> mound();
      case 3, 4 -> bush();
      case 5 -> bird();
      case 6 -> tuft();
      case 7 -> boulder();
      default -> tallGrass();
    };
  }

  private void round(Figure figure, Shape shape, Color colour) {
    figure.add(shape, colour, b -> b.model(shape, light, colour, 1.6));
  }

  Figure ball() {
    Figure figure = new Figure();
    Color colour = colour();
    Color other = Tones.lighter(colour(), 0.5);
    Shape ball = Forms.ellipse(0, -38, 38, 38);
    double a = dice.between(-0.8, 0.8);
    figure.add(
        ball,
        colour,
        b -> {
          b.stroke(Forms.line(-42, -38 + 30 * a, 0, -38 + 12 * a, 42, -38 - 30 * a), other, 13);
          b.model(ball, light, colour, 1.6);
          b.fill(
              Forms.ellipse(light.x() * 15, -38 + light.y() * 18, 7, 5),
              new Color(255, 255, 255, 140));
        });
    return figure;
  }

  private Figure yarn() {
    Figure figure = new Figure();
    Color colour = colour();
    Shape ball = Forms.ellipse(0, -36, 36, 36);
    double a = dice.between(0, 3);
    figure.add(
        ball,
        colour,
        b -> {
          for (int i = -3; i <= 3; i++) {
            double dx = 36 * StrictMath.cos(a);
            double dy = 36 * StrictMath.sin(a);
            b.stroke(
                Forms.line(
                    -dx - dy * i * 0.3,
                    -36 - dy + dx * i * 0.3,
                    -dy * i * 0.42,
                    -36 + dx * i * 0.42,
                    dx - dy * i * 0.3,
                    -36 + dy + dx * i * 0.3),
                Tones.alpha(Tones.darker(colour, 0.4), 0.7),
                2);
          }
          b.model(ball, light, colour, 1.6);
        });
    return figure;
  }

  private Figure box() {
    Figure figure = new Figure();
    Color colour = Tones.vary(new Color(0xB98F5F), dice, 0.1);
    double w = dice.between(50, 85);
    double h = dice.between(55, 95);
    Shape front = Forms.polygon(-w, -h, w * 0.6, -h, w * 0.6, 0, -w, 0);
    Shape side = Forms.polygon(w * 0.6, -h, w, -h - 14, w, -16, w * 0.6, 0);
    Shape top = Forms.polygon(-w, -h, -w * 0.6, -h - 14, w, -h - 14, w * 0.6, -h);
    round(figure, front, colour);
    round(figure, side, Tones.darker(colour, 0.25));
    round(figure, top, Tones.lighter(colour, 0.25));
    return figure;
  }

  private Figure bowl() {
    Figure figure = new Figure();
    Color colour = colour();
    Shape body = Forms.blob(-52, -36, 52, -36, 44, -4, 0, 0, -44, -4);
    Shape rim = Forms.ellipse(0, -36, 53, 11);
    round(figure, body, colour);
    Color food = Tones.vary(new Color(0x6B4226), dice, 0.1);
    figure.add(
        rim,
        Tones.lighter(colour, 0.3),
        b -> {
          b.fill(Forms.ellipse(0, -34, 45, 8), food);
          b.contour(rim, light, colour, 1.5);
        });
    return figure;
  }

  private Figure bone() {
    Figure figure = new Figure();
    Color colour = Tones.vary(new Color(0xEADFC6), dice, 0.05);
    Path2D bone =
        Forms.blob(
            -30, -20, 30, -20, 42, -34, 56, -28, 54, -17, 58, -5, 44, 0, 30, -9, -30, -9, -44, 0,
            -58, -5, -54, -17, -56, -28, -42, -34);
    round(figure, bone, colour);
    return figure;
  }

  private Figure fish() {
    Figure figure = new Figure();
    Color colour = colour();
    Shape tail = Forms.polygon(-30, -20, -62, -42, -54, -20, -62, 2);
    Shape body = Forms.blob(-40, -20, -10, -40, 28, -36, 52, -18, 28, -3, -10, 0);
    round(figure, tail, Tones.darker(colour, 0.2));
    figure.add(
        body,
        colour,
        b -> {
          for (int i = 0; i < 3; i++) {
            b.stroke(
                Forms.line(-20 + 18 * i, -40, -12 + 18 * i, -20, -20 + 18 * i, 0),
                Tones.alpha(Color.WHITE, 0.35),
                3);
          }
          b.model(body, light, colour, 1.6);
          b.fill(Forms.ellipse(36, -24, 4.5, 4.5), Color.WHITE);
          b.fill(Forms.ellipse(37, -24, 2.2, 2.2), Color.BLACK);
        });
    return figure;
  }

  Figure cushion() {
    Figure figure = new Figure();
    Color colour = colour();
    Shape shape = Forms.blob(-66, -62, 0, -54, 66, -62, 58, -30, 66, 0, 0, -4, -66, 0, -58, -30);
    Color line = Tones.lighter(colour, 0.4);
    boolean dots = dice.chance(0.5);
    figure.add(
        shape,
        colour,
        b -> {
          for (int i = -3; i <= 3; i++) {
            if (dots) {
              for (int j = 0; j < 4; j++) {
                b.fill(Forms.ellipse(i * 18 + 8 * (j % 2), -55 + j * 16, 4, 4), line);
              }
            } else {
              b.stroke(Forms.line(i * 18, -70, i * 18, 6), line, 4);
            }
          }
          b.model(shape, light, colour, 1.6);
        });
    return figure;
  }

  Figure stone() {
    Figure figure = new Figure();
    Color colour = Tones.vary(new Color(0x8C8880), dice, 0.1);
    Shape stone =
        Forms.blob(
            -58, -6, -52, -34, -22, -52 - dice.between(0, 12), 18, -48, 50, -30, 58, -6, 0, 2);
    round(figure, stone, colour);
    return figure;
  }

  Figure tuft() {
    Figure figure = new Figure();
    Color colour =
        Tones.hue(dice.between(0.22, 0.36), dice.between(0.4, 0.6), dice.between(0.4, 0.65));
    Path2D all = new Path2D.Double(Path2D.WIND_NON_ZERO);
    for (int i = 0; i < 15; i++) {
      double x = dice.around(0, 36);
      double tip = x * 1.3 + dice.around(0, 26);
      double h = dice.between(45, 115);
      all.append(blade(x, tip, h, 4.5), false);
    }
    figure.add(
        all,
        colour,
        b ->
            b.fill(
                all,
                Tones.linear(
                    0, -110, 0, 0, Tones.lighter(colour, 0.3), Tones.darker(colour, 0.5))));
    return figure;
  }

  /** A wide stand of grass, dry or green, in which feet disappear. */
  Figure tallGrass() {
    Figure figure = new Figure();
    Color colour =
        Tones.hue(dice.between(0.1, 0.27), dice.between(0.3, 0.55), dice.between(0.5, 0.8));
    double half = dice.between(60, 130);
    for (int row = 0; row < 2; row++) {
      Path2D all = new Path2D.Double(Path2D.WIND_NON_ZERO);
      for (int i = (int) (half / 3.2); i > 0; i--) {
        double x = dice.around(0, half);
        all.append(blade(x, x + dice.around(0, 30), dice.between(30, 85 - 20 * row), 3.2), false);
      }
      Color own = row == 0 ? Tones.darker(colour, 0.2) : colour;
      figure.add(
          all,
          own,
          b ->
              b.fill(
                  all,
                  Tones.linear(0, -85, 0, 0, Tones.lighter(own, 0.3), Tones.darker(own, 0.35))));
    }
    return figure;
  }

  Figure bush() {
    Figure figure = new Figure();
    Color green =
        Tones.hue(dice.between(0.14, 0.36), dice.between(0.25, 0.5), dice.between(0.32, 0.6));
    for (int i = 0; i < 5; i++) {
      double x = -48 + 24 * i + dice.around(0, 12);
      double r = dice.between(26, 40) * (i == 0 || i == 4 ? 0.75 : 1);
      Path2D mass = Forms.patch(x, -r * dice.between(0.8, 1.5), r, r, 0.25, dice);
      Color own = Tones.vary(green, dice, 0.07);
      Dice leaves = dice.fork();
      figure.add(
          mass,
          Forms.tufts(mass, 9, 0, -0.3, dice.fork()),
          own,
          b -> {
            b.model(mass, light, own, 1);
            b.hairs(
                Forms.bounds(mass),
                6,
                -8,
                22,
                Tones.alpha(Tones.lighter(own, 0.4), 0.5),
                3,
                leaves);
          });
    }
    return figure;
  }

  /** A fallen trunk with a cut end. */
  Figure log() {
    Figure figure = new Figure();
    Color bark = Tones.vary(new Color(0x6E543E), dice, 0.1);
    double half = dice.between(70, 120);
    double r = dice.between(20, 30);
    Path2D trunk =
        Forms.blob(-half, -2 * r, half, -2.1 * r, half + 8, -r, half, 0, -half, 0, -half - 8, -r);
    Dice own = dice.fork();
    figure.add(
        trunk,
        bark,
        b -> {
          b.hairs(
              Forms.bounds(trunk), 34, 0, 34, Tones.alpha(Tones.darker(bark, 0.5), 0.6), 2.2, own);
          b.model(trunk, light, bark, 2);
          b.fill(
              trunk,
              Tones.linear(
                  0, -2 * r, 0, 0, Tones.alpha(light.shade(), 0), Tones.alpha(light.shade(), 0.5)));
        });
    Color wood = Tones.vary(new Color(0xC79F6C), dice, 0.06);
    Shape end = Forms.ellipse(half, -r, r * 0.5, r * 0.98);
    figure.add(
        end,
        wood,
        b -> {
          for (int i = 1; i < 4; i++) {
            b.stroke(
                Forms.ellipse(half, -r, r * 0.12 * i, r * 0.24 * i), Tones.darker(wood, 0.3), 1.6);
          }
          b.contour(end, light, bark, 3);
        });
    return figure;
  }

  /** A termite mound: a steep little hill of red or grey earth. */
  Figure mound() {
    Figure figure = new Figure();
    Color earth = Tones.vary(new Color(dice.chance(0.6) ? 0x9A6543 : 0x8C7A66), dice, 0.08);
    double h = dice.between(90, 150);
    double lean = dice.around(0, 18);
    Path2D mound =
        Forms.blob(
            -54,
            -2,
            -40,
            -h * 0.35,
            -24 + lean,
            -h * 0.7,
            -8 + lean,
            -h,
            10 + lean,
            -h * 0.9,
            20,
            -h * 0.55,
            44,
            -h * 0.3,
            56,
            -2,
            0,
            3);
    Dice own = dice.fork();
    figure.add(
        mound,
        earth,
        b -> {
          b.hairs(
              Forms.bounds(mound),
              -4,
              22,
              40,
              Tones.alpha(Tones.darker(earth, 0.5), 0.4),
              2.5,
              own);
          b.model(mound, light, earth, 2);
        });
    return figure;
  }

  /** A large rock with a split. */
  Figure boulder() {
    Figure figure = new Figure();
    Color colour = Tones.vary(new Color(dice.chance(0.5) ? 0x8C857A : 0x6F6C70), dice, 0.1);
    double h = dice.between(70, 115);
    double a = dice.between(-20, 20);
    Path2D rock =
        Forms.blob(
            -78, -4, -70, -h * 0.55, -34 + a, -h, 14 + a, -h * 0.94, 52, -h * 0.7, 76, -h * 0.35,
            80, -3, 0, 3);
    figure.add(
        rock,
        colour,
        b -> {
          b.fill(
              Forms.blob(-30 + a, -h, 14 + a, -h, 30, -h * 0.5, 20, 4, 90, 4, 90, -h),
              Tones.alpha(Tones.darker(colour, 0.5), 0.3));
          b.stroke(
              Forms.line(-6 + a, -h * 0.9, 4, -h * 0.6, -8, -h * 0.4, 2, -h * 0.1),
              Tones.alpha(Tones.darker(colour, 0.7), 0.6),
              2.5);
          b.model(rock, light, colour, 2);
        });
    return figure;
  }

  /** A bird on the ground, a heron or a crow. */
  Figure bird() {
    Figure figure = new Figure();
    Color colour =
        Tones.vary(
            dice.pick(List.of(new Color(0xF0EDE6), new Color(0x4A4850), new Color(0x93A0AC))),
            dice,
            0.05);
    Color leg = new Color(0x8A6A38);
    double h = dice.between(26, 44);
    for (int i = 0; i < 2; i++) {
      Path2D shank = Forms.limb(-4 + 9 * i, -h, 2, -4 + 9 * i, 0, 1.6);
      figure.add(shank, leg, b -> {});
    }
    Path2D neck = Forms.limb(12, -h - 14, 8, 25, -h - 30, 5, 22, -h - 46, 4, 28, -h - 54, 5.5);
    Path2D beak = Forms.polygon(31, -h - 58, 54, -h - 51, 31, -h - 51);
    Path2D body =
        Forms.blob(-44, -h + 4, -20, -h - 18, 12, -h - 24, 24, -h - 12, 8, -h + 4, -16, -h + 6);
    round(figure, neck, colour);
    round(figure, beak, new Color(0xC98B3A));
    figure.add(
        body,
        colour,
        b -> {
          b.fill(
              Forms.blob(-46, -h + 6, -16, -h - 16, 8, -h - 16, 0, -h - 2),
              Tones.alpha(Tones.darker(colour, 0.4), 0.5));
          b.model(body, light, colour, 1.4);
        });
    return figure;
  }

  static Path2D blade(double x, double tip, double h, double w) {
    Path2D path = new Path2D.Double();
    path.moveTo(x - w, 0);
    path.quadTo(x - w * 0.5, -h * 0.6, tip, -h);
    path.quadTo(x + w * 1.2, -h * 0.5, x + w, 0);
    path.closePath();
    return path;
  }

  Figure flower() {
    Figure figure = new Figure();
    Color petals = Tones.lighter(colour(), 0.15);
    Color green = Tones.hue(dice.between(0.24, 0.36), 0.5, 0.5);
    for (int i = dice.count(2, 4); i > 0; i--) {
      double x = dice.around(0, 45);
      double h = dice.between(60, 110);
      Shape stem = blade(x * 0.5, x, h, 2.5);
      figure.add(stem, green, b -> {});
      Path2D leaves = new Path2D.Double(Path2D.WIND_NON_ZERO);
      leaves.append(Forms.stripe(x * 0.6, -8, x * 0.6 + 26, -34, 0.2, 9), false);
      figure.add(leaves, green, b -> b.model(leaves, light, green, 1));
      Path2D head = new Path2D.Double(Path2D.WIND_NON_ZERO);
      for (int k = 0; k < 6; k++) {
        double a = k * StrictMath.PI / 3 + 0.3;
        head.append(
            Forms.ellipse(x + 11 * StrictMath.cos(a), -h + 11 * StrictMath.sin(a), 9, 9), false);
      }
      figure.add(
          head,
          petals,
          b -> {
            b.model(head, light, petals, 0.8);
            b.fill(Forms.ellipse(x, -h, 7, 7), new Color(0xE8B93E));
          });
    }
    return figure;
  }

  Figure pottedPlant() {
    Figure figure = new Figure();
    Color green =
        Tones.hue(dice.between(0.24, 0.42), dice.between(0.35, 0.6), dice.between(0.4, 0.62));
    for (int i = 0; i < 9; i++) {
      double a = -1.25 + 2.5 * (i + dice.unit()) / 9;
      double len = dice.between(60, 120);
      double tx = len * StrictMath.sin(a);
      double ty = -42 - len * StrictMath.cos(a);
      Shape leaf = Forms.stripe(0, -42, tx, ty, dice.around(0, 0.3), 15);
      Color own = Tones.vary(green, dice, 0.07);
      figure.add(
          leaf,
          own,
          b -> {
            b.model(leaf, light, own, 1);
            b.stroke(Forms.line(0, -42, tx, ty), Tones.alpha(Tones.lighter(own, 0.4), 0.4), 1.2);
          });
    }
    Color clay = Tones.mix(new Color(0xB4653F), colour(), 0.4);
    Shape pot = Forms.polygon(-32, -50, 32, -50, 24, 0, -24, 0);
    Shape rim = Forms.rounded(-37, -58, 74, 16, 4);
    round(figure, pot, clay);
    round(figure, rim, Tones.lighter(clay, 0.1));
    return figure;
  }
}
