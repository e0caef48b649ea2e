package camlab.drawing;

import java.awt.Color;
import java.awt.Shape;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.util.List;
import java.util.function.Consumer;

/**
 * African elephants: legs like columns, a hollow back, ears shaped like their continent, a trunk,
 * and mostly tusks.
 */
final class ElephantArtist implements AnimalArtist {
  private static final double LINE = 0.05;

  /** Grey, dusty red or brown, dark when wet. */
  private static final List<Color> SKINS =
      List.of(
          new Color(0x8B8884),
          new Color(0x77757A),
          new Color(0x9C948A),
          new Color(0x6A6668),
          new Color(0x8A7A6C),
          new Color(0x9A7458),
          new Color(0x7E5C48),
          new Color(0x565258),
          new Color(0x464248),
          new Color(0x3A3638));

  private static final Color IVORY = new Color(0xEFE6CF);
  private static final Color INK = new Color(0x1E171A);

  /**
   * What makes one elephant look unlike another, in units of which the back is about 60 high.
   *
   * @param halfLength half the distance from rump to shoulder
   * @param height height of the back
   * @param depth depth of the body
   * @param leg half the width of a leg
   * @param head radius of the head
   * @param ear size of the ears
   * @param tusk length of the tusks in head radii, 0 for none
   */
  private record Stature(
      double halfLength,
      double height,
      double depth,
      double leg,
      double head,
      double ear,
      double tusk) {

    static Stature random(Dice d) {
      if (d.chance(0.22)) {
        return new Stature( // calf
            d.between(23, 27),
            d.between(50, 55),
            d.between(29, 32),
            d.between(5.6, 6.4),
            d.between(14.5, 16),
            d.between(0.8, 0.92),
            d.chance(0.75) ? 0 : 0.35);
      }
      return new Stature(
          d.between(28, 33),
          d.between(57, 63),
          d.between(33, 37),
          d.between(6, 7.2),
          d.between(14.5, 17),
          d.between(0.92, 1.12),
          d.chance(0.12) ? 0 : d.between(0.5, 1.7));
    }
  }

  /** One elephant being drawn. */
  private record Sitter(
      Figure figure, Stature stature, Color skin, Color dust, Light light, Dice dice) {

    /** A piece of skin; the wrinkles run along (wrinkleX, wrinkleY). */
    void piece(
        Shape shape,
        Color ground,
        double line,
        double wrinkleX,
        double wrinkleY,
        double fine,
        Consumer<Brush> more) {
      Dice own = dice.fork();
      figure.add(
          shape,
          ground,
          b -> {
            Rectangle2D box = Forms.bounds(shape);
            double top = box.getMinY();
            double bottom = box.getMaxY();
            b.fill(
                shape,
                Tones.linear(
                    0,
                    top,
                    0,
                    bottom,
                    Tones.alpha(dust, 0.4),
                    Tones.alpha(dust, 0),
                    Tones.alpha(dust, 0.25)));
            int n =
                (int) Math.min(90, 14 + box.getWidth() * box.getHeight() * 0.035 / (fine * fine));
            b.hairs(
                box,
                wrinkleX,
                wrinkleY,
                n,
                Tones.alpha(Tones.darker(ground, 0.6), 0.24),
                0.42 * fine,
                own);
            b.hairs(
                box,
                wrinkleX,
                wrinkleY,
                n / 2,
                Tones.alpha(Tones.lighter(ground, 0.5), 0.2),
                0.4 * fine,
                own);
            b.model(shape, light, ground, line);
            more.accept(b);
          });
    }
  }

  @Override
  public Pose pose(Dice dice) {
    double choice = dice.unit();
    return choice < 0.28
        ? Pose.STAND
        : choice < 0.58 ? Pose.WALK : choice < 0.85 ? Pose.FACE : Pose.GRAZE;
  }

  @Override
  public Figure draw(Pose pose, Light light, Dice dice) {
    Color skin = Tones.vary(dice.pick(SKINS), dice, 0.05);
    Color earth = dice.pick(List.of(new Color(0xB08A66), new Color(0xA8664A), new Color(0xA59C90)));
    Color dust = Tones.mix(skin, earth, dice.between(0, 0.75));
    Sitter sitter = new Sitter(new Figure(), Stature.random(dice), skin, dust, light, dice);
    switch (pose) {
      case FACE -> face(sitter);
      case PORTRAIT -> portrait(sitter);
      default -> side(sitter, pose);
    }
    return sitter.figure();
  }

  private static void side(Sitter s, Pose pose) {
    Stature m = s.stature();
    Dice dice = s.dice();
    double l = m.halfLength();
    double h = m.height();
    double d = m.depth();
    double w = m.leg();
    boolean low = pose == Pose.GRAZE;
    double stride = pose == Pose.WALK ? dice.sign() * dice.between(4, 9) : dice.between(-2, 2);
    double top = -h + d * 0.62;
    double headX = l + m.head() * 0.72;
    double headY = -h + (low ? 9 : dice.between(0, 6));
    leg(s, -l + w + 3, top, -l + w + 4 - stride, true, true);
    leg(s, l - w + 4, top, l - w + 5 + stride, false, true);
    tail(s, -l - 3, -h + 8);
    double hollow = dice.between(1.5, 4);
    Shape body =
        Forms.blob(
            -l - 4,
            -h + d * 0.62,
            -l - 3,
            -h + 9,
            -l + 7,
            -h - 0.5,
            -l * 0.3,
            -h + hollow,
            l * 0.35,
            -h + hollow * 0.6,
            l * 0.78,
            -h - 3,
            headX - 2,
            headY - m.head() * 0.7,
            headX + 2,
            headY + m.head() * 0.6,
            l + 4,
            -h + d * 0.72,
            l * 0.5,
            -h + d * 0.95,
            -l * 0.2,
            -h + d * 1.04,
            -l * 0.75,
            -h + d * 0.95);
    s.piece(
        body,
        s.skin(),
        0.9,
        2.5,
        2,
        1,
        b -> {
          Color fold = Tones.alpha(Tones.darker(s.skin(), 0.6), 0.3);
          for (int i = 0; i < 4; i++) {
            double x = -l * 0.5 + i * l * 0.3;
            b.stroke(
                Forms.line(x, -h + d * (0.25 + 0.08 * i), x + 3, -h + d * 0.6, x - 1, -h + d * 0.9),
                fold,
                0.5);
          }
          b.fill(
              Forms.ellipse(l + 2, headY + 12, 22, 28),
              Tones.radial(
                  l + 2,
                  headY + 12,
                  26,
                  Tones.alpha(s.light().shade(), 0.4),
                  Tones.alpha(s.light().shade(), 0)));
        });
    leg(s, -l + w - 1, top, -l + w - 2 + stride, true, false);
    leg(s, l - w - 1, top, l - w - 1 - stride, false, false);
    boolean turned = dice.chance(0.35);
    double r = m.head();
    double tilt = turned ? dice.around(0, 0.12) : dice.between(-0.12, 0.1) + (low ? 0.1 : 0);
    s.figure().within(Forms.place(headX, headY, tilt, r, r));
    if (turned) {
      headFromFront(s, low ? Trunk.GROUND : trunk(dice), -headY / r, dice.between(0.2, 0.42));
    } else {
      headFromSide(s, low ? Trunk.GROUND : trunk(dice), -headY / r);
    }
  }

  private static void face(Sitter s) {
    Stature m = s.stature();
    double h = m.height();
    double wide = m.depth() * 0.66;
    for (int i = -1; i <= 1; i += 2) {
      leg(s, i * wide * 0.55, -h * 0.45, i * wide * 0.5 + s.dice().around(0, 2), true, true);
    }
    Shape body =
        Forms.symmetric(
            0,
            -h - 2,
            wide * 0.62,
            -h + 2,
            wide,
            -h * 0.72,
            wide * 1.08,
            -h * 0.48,
            wide * 0.86,
            -h * 0.3,
            0,
            -h * 0.25);
    s.piece(body, Tones.darker(s.skin(), 0.12), 0.9, 1.2, 2.6, 1, b -> {});
    for (int i = -1; i <= 1; i += 2) {
      leg(s, i * (wide * 0.62), -h * 0.42, i * (wide * 0.62) + s.dice().around(0, 2), false, false);
    }
    double r = m.head();
    double headY = -h + s.dice().between(-2, 5);
    s.figure().within(Forms.place(0, headY, s.dice().around(0, 0.1), r, r));
    headFromFront(s, trunk(s.dice()), -headY / r, s.dice().around(0, 0.25));
  }

  private static void portrait(Sitter s) {
    double r = s.stature().head();
    double headY = -r * 1.75;
    Shape body =
        Forms.symmetric(
            0,
            headY - r * 0.6,
            r * 0.8,
            headY - r * 0.5,
            r * 1.35,
            headY + r * 0.5,
            r * 1.5,
            -r * 0.2,
            r * 1.5,
            r * 0.5,
            0,
            r * 0.55);
    s.piece(body, Tones.darker(s.skin(), 0.12), 0.6, 1.2, 2.6, 0.6, b -> {});
    s.figure().within(Forms.place(0, headY, s.dice().around(0, 0.1), r, r));
    headFromFront(s, trunk(s.dice()), 2.2, s.dice().around(0, 0.3));
  }

  private static void leg(Sitter s, double x, double top, double footX, boolean hind, boolean far) {
    double w = s.stature().leg();
    double ground = far ? -2.5 : 0;
    double mid = (x + footX) / 2;
    double knee = top * 0.5;
    double thigh = hind ? 1.65 : 1.35;
    double bend = hind ? 0.16 : 0.05;
    Shape leg =
        Forms.blob(
            x - w * thigh,
            top,
            mid - w * (1.08 - bend),
            knee,
            footX - w * 0.98,
            ground - 8,
            footX - w * 1.14,
            ground - 1,
            footX,
            ground,
            footX + w * 1.16,
            ground - 1,
            footX + w * 1.0,
            ground - 8,
            mid + w * (1.08 + bend),
            knee,
            x + w * thigh,
            top,
            x,
            top - w * 1.4);
    Color colour = far ? Tones.darker(s.skin(), 0.28) : s.skin();
    s.piece(
        leg,
        colour,
        0.85,
        3,
        0.3,
        1,
        b -> {
          Color fold = Tones.alpha(Tones.darker(s.skin(), 0.65), 0.4);
          for (int i = -1; i <= 1; i++) {
            double y = knee + i * 2.6;
            b.stroke(
                Forms.line(mid - w * 0.8, y - 0.8, mid, y + 0.7, mid + w * 0.9, y - 0.8),
                fold,
                0.5);
          }
          b.stroke(
              Forms.line(footX - w, ground - 7.5, footX, ground - 6.6, footX + w, ground - 7.5),
              fold,
              0.5);
          Color nail = Tones.mix(s.skin(), new Color(0xE4D8C4), far ? 0.35 : 0.65);
          for (int i = 0; i < 3; i++) {
            double nx = footX + w * (0.1 + 0.42 * i);
            b.fill(Forms.ellipse(nx, ground - 1.4, w * 0.19, 1.7), nail);
          }
          if (!far) {
            b.fadeAbove(leg, top - w * 1.2, top + w * 1.6);
          }
        });
  }

  private static void tail(Sitter s, double x, double y) {
    double swing = s.dice().between(-1, 1);
    double endX = x - 5 - 4 * swing;
    Path2D tail =
        Forms.limb(x, y, 2.2, x - 4, y + 9, 1.5, x - 5 - 2 * swing, y + 18, 1.1, endX, y + 27, 0.9);
    s.piece(tail, Tones.darker(s.skin(), 0.15), 0.7, 0.3, 2, 1, b -> {});
    Shape tuft =
        Forms.limb(endX, y + 25, 0.9, endX - swing, y + 30, 1.9, endX - 1.5 * swing, y + 36, 0.4);
    Shape edge = Forms.tufts(tuft, 2.4, 0, 0.8, s.dice().fork());
    Color hair = Tones.darker(s.skin(), 0.7);
    s.figure().add(tuft, edge, hair, b -> {});
  }

  /** What the trunk does. */
  private enum Trunk {
    HANGING,
    SWUNG,
    CURLED,
    RAISED,
    REACHING,
    GROUND
  }

  private static Trunk trunk(Dice dice) {
    double choice = dice.unit();
    return choice < 0.34
        ? Trunk.HANGING
        : choice < 0.52
            ? Trunk.SWUNG
            : choice < 0.7 ? Trunk.CURLED : choice < 0.85 ? Trunk.RAISED : Trunk.REACHING;
  }

  /** The spine of the trunk of a head seen from the side; the ground is at {@code down}. */
  private static Limb trunkFromSide(Trunk trunk, double down, Dice d) {
    double a = d.around(0, 0.12);
    double k = d.between(0.92, 1.08);
    return switch (trunk) {
      case HANGING ->
          Limb.along(
              0.6,
              0.2,
              0.46,
              0.84,
              0.95,
              0.37,
              0.94 + a,
              down * 0.45,
              0.3,
              0.9 + a,
              down * 0.64,
              0.24,
              0.98 + a,
              down * 0.8,
              0.19,
              1.22 + 2 * a,
              down * 0.89,
              0.16,
              1.42 + 2 * a,
              down * 0.85,
              0.14);
      case SWUNG ->
          Limb.along(
              0.6,
              0.2,
              0.46,
              0.86,
              0.95,
              0.37,
              0.95,
              down * 0.45,
              0.3,
              0.75 + a,
              down * 0.65,
              0.24,
              0.4 + 2 * a,
              down * 0.8,
              0.19,
              0.02 + 2 * a,
              down * 0.86,
              0.16,
              -0.2 + 2 * a,
              down * 0.82,
              0.14);
      case CURLED ->
          Limb.along(
              0.6, 0.2, 0.46, 0.9, 0.9, 0.37, 1.16 * k, 1.65, 0.3, 1.05 * k, 2.3, 0.25, 0.6, 2.38,
              0.21, 0.38 + a, 1.9, 0.17, 0.5 + a, 1.45, 0.14);
      case RAISED ->
          Limb.along(
              0.6,
              0.2,
              0.46,
              1.08,
              0.66,
              0.37,
              1.62 * k,
              0.5,
              0.3,
              1.92 * k,
              -0.1,
              0.25,
              1.9 * k + a,
              -0.85,
              0.2,
              2.1 * k + a,
              -1.4,
              0.17,
              2.42 * k + a,
              -1.5,
              0.15);
      case REACHING ->
          Limb.along(
              0.6,
              0.2,
              0.46,
              0.95,
              0.9,
              0.37,
              1.4 * k,
              1.35 + a,
              0.3,
              1.95 * k,
              1.4 + a,
              0.24,
              2.45 * k,
              1.1 + 2 * a,
              0.2,
              2.85 * k,
              1.0 + 2 * a,
              0.16,
              3.05 * k,
              1.15 + 2 * a,
              0.14);
      case GROUND ->
          Limb.along(
              0.6,
              0.2,
              0.46,
              0.84,
              0.95,
              0.37,
              0.95,
              down * 0.45,
              0.3,
              0.98 + a,
              down * 0.68,
              0.24,
              1.1 + a,
              down * 0.88,
              0.19,
              1.4 + a,
              down - 0.2,
              0.16,
              1.75 + a,
              down - 0.18,
              0.14);
    };
  }

  private static Limb trunkFromFront(Trunk trunk, double down, double turn, Dice d) {
    double x = turn * 0.5;
    double side = d.sign();
    double a = side * d.between(0.1, 0.5);
    return switch (trunk) {
      case HANGING, GROUND ->
          Limb.along(
              x,
              0.1,
              0.5,
              x,
              0.85,
              0.42,
              x + a * 0.3,
              down * 0.42,
              0.33,
              x + a * 0.5,
              down * 0.62,
              0.26,
              x + a * 0.3,
              down * 0.8,
              0.2,
              x + a * 0.6,
              down * 0.92,
              0.17);
      case SWUNG, REACHING ->
          Limb.along(
              x,
              0.1,
              0.5,
              x,
              0.85,
              0.42,
              x + side * 0.05,
              down * 0.4,
              0.34,
              x + side * 0.4,
              down * 0.58,
              0.27,
              x + side * 0.9,
              down * 0.7,
              0.21,
              x + side * 1.3,
              down * 0.66,
              0.17,
              x + side * 1.42,
              down * 0.55,
              0.15);
      case CURLED ->
          Limb.along(
              x,
              0.1,
              0.5,
              x,
              0.85,
              0.42,
              x + side * 0.08,
              1.5,
              0.34,
              x + side * 0.32,
              2.05,
              0.28,
              x + side * 0.68,
              2.05,
              0.22,
              x + side * 0.72,
              1.6,
              0.18,
              x + side * 0.45,
              1.4,
              0.15);
      case RAISED ->
          Limb.along(
              x,
              0.1,
              0.5,
              x,
              0.8,
              0.42,
              x + side * 0.35,
              1.35,
              0.34,
              x + side * 0.95,
              1.25,
              0.28,
              x + side * 1.2,
              0.6,
              0.22,
              x + side * 1.12,
              -0.15,
              0.18,
              x + side * 1.35,
              -0.6,
              0.15);
    };
  }

  /** Rings across the trunk, its shadow side and its tip. */
  private static void trunkDetails(Brush b, Sitter s, Limb trunk) {
    Color fold = Tones.alpha(Tones.darker(s.skin(), 0.62), 0.5);
    Color shade = s.light().shade();
    b.stroke(trunk.lengthwise(-0.75), Tones.alpha(shade, 0.2), 0.2);
    b.stroke(trunk.lengthwise(-0.9), Tones.alpha(shade, 0.22), 0.1);
    b.stroke(trunk.lengthwise(0.35), Tones.alpha(s.light().glow(), 0.14), 0.14);
    for (int i = Limb.STEPS; i < trunk.ribs() - 1; i++) {
      b.stroke(trunk.ring(i, -0.8, 0.9, 0.12), fold, 0.04);
    }
    b.fill(trunk.end(0.5), Tones.alpha(INK, 0.7));
  }

  private static double[] join(double[] a, double[] b) {
    double[] both = new double[a.length + b.length];
    System.arraycopy(a, 0, both, 0, a.length);
    System.arraycopy(b, 0, both, a.length, b.length);
    return both;
  }

  private static void headFromSide(Sitter s, Trunk pose, double down) {
    Dice dice = s.dice();
    Limb trunk = trunkFromSide(pose, down, dice);
    double dome = dice.between(0.96, 1.1);
    double tusk = s.stature().tusk();
    if (tusk > 0) {
      tusk(
          s,
          Limb.along(
              0.75,
              0.75,
              0.13,
              0.95 + tusk * 0.25,
              0.95 + tusk * 0.2,
              0.11,
              0.85 + tusk * 0.75,
              0.85 + tusk * 0.12,
              0.05),
          true);
    }
    Shape jaw =
        Forms.blob(-0.3, 0.6, 0.3, 0.7, 0.62, 1.12, 0.58, 1.36, 0.4, 1.32, 0.1, 1.12, -0.3, 1.0);
    Color inside = Tones.darker(s.skin(), 0.2);
    s.piece(jaw, inside, LINE, 0.1, 0.1, 0.07, b -> {});
    double[] skull = {
      0.2,
      0.95,
      -0.35,
      1.0,
      -0.85,
      0.6,
      -1.0,
      -0.1,
      -0.75,
      -0.8 * dome,
      -0.2,
      -1.04 * dome,
      0.36,
      -0.86 * dome,
      0.74,
      -0.42,
      0.96,
      0.02
    };
    Shape head = Forms.blob(join(skull, trunk.outlineFrom(2, 5, false)));
    s.piece(
        head,
        s.skin(),
        LINE,
        0.12,
        0.1,
        0.07,
        b -> {
          trunkDetails(b, s, trunk);
          b.fill(
              Forms.ellipse(0.15, -0.35, 0.34, 0.3),
              Tones.radial(
                  0.15,
                  -0.35,
                  0.34,
                  Tones.alpha(s.light().shade(), 0.28),
                  Tones.alpha(s.light().shade(), 0)));
          b.stroke(Forms.line(0.1, 0.82, 0.4, 0.98, 0.62, 0.8), Tones.alpha(INK, 0.6), 0.05);
          eye(b, s, 0.42, -0.05);
        });
    if (tusk > 0) {
      tusk(
          s,
          Limb.along(
              0.5,
              0.72,
              0.15,
              0.62 + tusk * 0.3,
              0.98 + tusk * 0.28,
              0.13,
              0.6 + tusk * 0.85,
              0.98 + tusk * 0.2,
              0.05),
          false);
    }
    double k = s.stature().ear();
    double fan = dice.between(0.82, 1.12);
    Shape ear =
        Forms.blob(
            -0.02,
            -0.62 * k,
            -0.42 * fan,
            -1.02 * k,
            -1.05 * fan,
            -1.08 * k,
            -1.55 * fan,
            -0.72 * k,
            -1.68 * fan,
            -0.1 * k,
            -1.4 * fan,
            0.5 * k,
            -1.02 * fan,
            1.0 * k,
            -0.7 * fan,
            1.5 * k,
            -0.45 * fan,
            1.42 * k,
            -0.32 * fan,
            0.85 * k,
            -0.1,
            0.35 * k,
            0.04,
            -0.15 * k);
    ear(s, ear, -1, Tones.lighter(s.skin(), 0.06), -0.1, -fan, k);
  }

  /** An ear with its veins, which start at {@code root} and reach so far across and down. */
  private static void ear(
      Sitter s, Shape ear, double side, Color ground, double root, double across, double down) {
    s.piece(
        ear,
        ground,
        LINE * 1.3,
        0.14 * side,
        0.1,
        0.07,
        b -> {
          Color vein = Tones.alpha(Tones.darker(ground, 0.55), 0.28);
          for (int i = 0; i < 5; i++) {
            double t = -0.6 + 0.42 * i;
            b.stroke(
                Forms.line(
                    root,
                    -0.2,
                    root + across * 0.6,
                    -0.2 + t * 0.55 * down,
                    root + across * 1.15,
                    -0.2 + t * down),
                vein,
                0.035);
          }
        });
  }

  private static void eye(Brush b, Sitter s, double x, double y) {
    Color fold = Tones.alpha(Tones.darker(s.skin(), 0.7), 0.7);
    b.fill(
        Forms.ellipse(x, y, 0.24, 0.22),
        Tones.radial(x, y, 0.24, Tones.alpha(INK, 0.45), Tones.alpha(INK, 0)));
    b.stroke(Forms.line(x - 0.2, y - 0.08, x, y - 0.19, x + 0.19, y - 0.06), fold, 0.045);
    b.stroke(Forms.line(x - 0.17, y + 0.12, x, y + 0.18, x + 0.17, y + 0.1), fold, 0.04);
    Shape lid = Forms.blob(x - 0.14, y, x, y - 0.11, x + 0.14, y + 0.01, x, y + 0.1);
    b.fill(lid, INK);
    b.fill(Forms.ellipse(x, y, 0.085, 0.085), new Color(0x6B4526));
    b.fill(Forms.ellipse(x, y, 0.05, 0.055), INK);
    b.fill(
        Forms.ellipse(x + s.light().x() * 0.04, y - 0.04, 0.032, 0.03),
        new Color(255, 255, 255, 230));
  }

  private static void tusk(Sitter s, Limb tusk, boolean far) {
    Color ivory = far ? Tones.darker(IVORY, 0.25) : IVORY;
    Shape shape = tusk.outline();
    s.figure()
        .add(
            shape,
            ivory,
            b -> {
              b.stroke(tusk.lengthwise(-0.6), new Color(120, 90, 60, 90), 0.07);
              b.model(shape, s.light(), ivory, LINE);
            });
  }

  private static void headFromFront(Sitter s, Trunk pose, double down, double turn) {
    Dice dice = s.dice();
    Limb trunk = trunkFromFront(pose, down, turn, dice);
    double k = s.stature().ear();
    double fan = dice.between(0.8, 1.1);
    for (int i = -1; i <= 1; i += 2) {
      double wide = i * fan * (1 - i * turn * 1.1);
      Shape ear =
          Forms.blob(
              i * 0.5,
              -0.72,
              i * 0.62 + wide * 0.3,
              -1.02 * k,
              i * 0.62 + wide * 0.9,
              -1.06 * k,
              i * 0.62 + wide * 1.4,
              -0.7 * k,
              i * 0.62 + wide * 1.5,
              -0.1 * k,
              i * 0.62 + wide * 1.2,
              0.5 * k,
              i * 0.62 + wide * 0.78,
              1.05 * k,
              i * 0.62 + wide * 0.42,
              1.42 * k,
              i * 0.62 + wide * 0.2,
              1.2 * k,
              i * 0.62,
              0.6);
      Color inner = Tones.mix(s.skin(), new Color(0xA88478), 0.16);
      ear(s, ear, i, inner, i * 0.62, wide, k);
    }
    double tusk = s.stature().tusk();
    double[] skull = {
      -0.42, 0.8, -0.68, 0.42, -0.84, -0.1, -0.8, -0.58, -0.46, -0.96, 0, -1.06, 0.46, -0.96, 0.8,
      -0.58, 0.84, -0.1, 0.68, 0.42, 0.44, 0.74
    };
    for (int i = 0; i < skull.length; i += 2) {
      skull[i] += turn * 0.22;
    }
    Shape head = Forms.blob(join(skull, trunk.outlineFrom(5, 5, false)));
    s.piece(
        head,
        s.skin(),
        LINE,
        0.14,
        0.04,
        0.07,
        b -> {
          double t = turn * 0.55;
          for (int i = -1; i <= 1; i += 2) {
            b.fill(
                Forms.ellipse(t + i * 0.42, -0.42, 0.28, 0.3),
                Tones.radial(
                    t + i * 0.42,
                    -0.42,
                    0.3,
                    Tones.alpha(s.light().shade(), 0.26),
                    Tones.alpha(s.light().shade(), 0)));
          }
          trunkDetails(b, s, trunk);
          Color fold = Tones.alpha(Tones.darker(s.skin(), 0.62), 0.4);
          for (int i = 0; i < 4; i++) {
            double y = 0.05 + 0.2 * i;
            double half = 0.42 - 0.02 * i;
            b.stroke(Forms.line(t - half, y, t, y + 0.1, t + half, y), fold, 0.04);
          }
          for (int i = -1; i <= 1; i += 2) {
            eye(b, s, t + i * 0.56, -0.02);
          }
        });
    if (tusk > 0) {
      for (int i = -1; i <= 1; i += 2) {
        double x = turn * 0.4 + i * 0.46;
        tusk(
            s,
            Limb.along(
                x,
                0.62,
                0.14,
                x + i * 0.16 + turn * tusk * 0.4,
                0.72 + tusk * 0.5,
                0.105,
                x + i * (0.12 + tusk * 0.1) + turn * tusk,
                0.72 + tusk * 0.95,
                0.05),
            false);
      }
    }
  }
}
