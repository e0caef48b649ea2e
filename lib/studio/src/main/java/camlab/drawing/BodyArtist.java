package camlab.drawing;

import java.awt.Color;
import java.awt.Shape;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.util.function.Consumer;

/** Draws the body of a four-legged animal that faces right, and says where its head goes. */
final class BodyArtist {
  /** Where the middle of the head goes. */
  record Neck(double x, double y) {}

  private final Figure figure;
  private final Build build;
  private final Coat coat;
  private final Light light;
  private final Dice dice;
  private double fine = 1;

  BodyArtist(Figure figure, Build build, Coat coat, Light light, Dice dice) {
    this.figure = figure;
    this.build = build;
    this.coat = coat;
    this.light = light;
    this.dice = dice;
  }

  Neck draw(Pose pose) {
    return switch (pose) {
      case STAND -> stand();
      case WALK -> heavy(dice.between(-8, 8), false);
      case FACE -> face();
      case GRAZE -> heavy(dice.between(-6, 6), true);
      case SIT_SIDE -> sitSide();
      case SIT_FRONT -> sitFront();
      case LIE -> lie();
      case PORTRAIT -> bust();
    };
  }

  private Neck stand() {
    double l = build.halfLength();
    double h = build.height();
    double d = build.depth();
    double headX = l + build.neckReach();
    double headY = -h - build.neckRise();
    double n = build.neck();
    double stride = dice.between(-5, 5);
    hindLeg(-l + 6, -h + d * 0.6, -l + 4 - stride, true);
    frontLeg(l - 1, -h + d * 0.6, l + 3 - stride, true);
    tail(-l - 2, -h + 4, -1);
    Path2D body =
        Forms.blob(
            -l - 5,
            -h + d * 0.42,
            -l - 1,
            -h + 2,
            -l * 0.3,
            -h + dice.between(0, 2),
            l * 0.5,
            -h - 1,
            headX - n * 1.1,
            headY + n * 0.5,
            headX + n * 0.4,
            headY + n * 0.6,
            (headX + l + 5) / 2 + n * 0.35,
            (headY - h + d * 0.5) / 2 + n * 0.6,
            l + 7,
            -h + d * 0.55,
            l - 1,
            -h + d + build.chest(),
            0,
            -h + d * 0.98,
            -l * 0.62,
            -h + d * 0.9 - build.tuck(),
            -l - 1,
            -h + d * 0.9);
    bulk(body, Coat.Place.BODY, -3, 1.5);
    hindLeg(-l + 3, -h + d * 0.55, -l - 1 + stride, false);
    frontLeg(l - 4, -h + d * 0.6, l - 4 + stride, false);
    return new Neck(headX, headY);
  }

  /** A heavy body on soles, without a waist; the head is low or at the height of the back. */
  private Neck heavy(double stride, boolean low) {
    double l = build.halfLength();
    double h = build.height();
    double d = build.depth();
    double n = build.neck();
    double headX = l + build.neckReach() + (low ? n * 0.5 : 0);
    double headY = low ? -build.head() * 1.15 : -h - build.neckRise();
    double top = -h + d * 0.62;
    sole(-l + 10, top, -l + 10 - stride, true, true);
    sole(l + 2, top, l + 3 + stride, false, true);
    double nape = low ? -h + d * 0.16 : (headY - n * 0.7 - h) / 2;
    Path2D body =
        Forms.blob(
            -l - 4,
            -h + d * 0.85,
            -l - 8,
            -h + d * 0.45,
            -l - 3,
            -h + 4,
            -l * 0.6,
            -h - 1.5,
            -l * 0.05,
            -h + 1.5,
            l * 0.5,
            -h + 0.5,
            l * 0.95,
            nape,
            headX,
            headY - n * 0.75,
            headX + n * 0.3,
            headY + n * 0.3,
            headX - n * (low ? 0.8 : 0.2),
            headY + n * 0.8,
            l + 6,
            -h + d * (low ? 0.85 : 0.68),
            l + 1,
            -h + d * 0.96,
            l * 0.3,
            -h + d + build.chest(),
            -l * 0.5,
            -h + d * 0.96 - build.tuck());
    bulk(body, Coat.Place.BODY, -3, 1.5);
    sole(-l + 4, top, -l + 2 + stride, true, false);
    sole(l - 5, top, l - 5 - stride, false, false);
    return new Neck(headX, headY);
  }

  /** A leg that treads with its whole sole. */
  private void sole(double x, double top, double footX, boolean hind, boolean far) {
    double w = build.leg();
    double ground = far ? -2.5 : 0;
    double mid = (x + footX) / 2;
    double thigh = hind ? 1.95 : 1.5;
    double heel = hind ? 1.25 : 0.98;
    double toe = build.paw();
    Shape leg =
        Forms.blob(
            x - w * thigh,
            top,
            mid - w * 1.12,
            top * 0.52,
            footX - w * heel,
            ground - w * 0.95,
            footX - w * heel,
            ground - 0.5,
            footX + w * 0.5,
            ground,
            footX + w * toe,
            ground - 0.6,
            footX + w * (toe - 0.1),
            ground - w * 0.75,
            footX + w * 0.85,
            ground - w * 1.1,
            mid + w * (hind ? 1.35 : 1.12),
            top * 0.52,
            x + w * thigh,
            top,
            x,
            top - w * 1.3);
    leg(leg, top - w, top + w * 1.7, far, footX + w * (toe - 0.5), w);
  }

  private Neck face() {
    double h = build.height();
    double wide = build.depth() * 0.72;
    double w = build.leg();
    for (int i = -1; i <= 1; i += 2) {
      double x = i * wide * 0.72;
      column(x, -h * 0.5, x + dice.around(0, 1.5), w * 1.05, true);
    }
    Path2D body =
        Forms.symmetric(
            0,
            -h - 4,
            wide * 0.6,
            -h - 1,
            wide * 0.98,
            -h * 0.78,
            wide * 1.06,
            -h * 0.5,
            wide * 0.84,
            -h * 0.3,
            0,
            -h * 0.26);
    bulk(body, Coat.Place.CHEST, 0, 3);
    for (int i = -1; i <= 1; i += 2) {
      double x = i * wide * 0.56;
      column(x, -h * 0.52, x + dice.around(0, 1.5), w * 1.15, false);
    }
    return new Neck(0, -h + dice.between(-8, 4));
  }

  /** A leg seen from the front. */
  private void column(double x, double top, double footX, double w, boolean far) {
    double ground = far ? -3 : 0;
    Shape leg =
        Forms.blob(
            x - w * 1.15,
            top,
            footX - w * 0.9,
            top * 0.4,
            footX - w * 1.05,
            ground - w * 0.7,
            footX - w * 1.2,
            ground - 1.5,
            footX,
            ground,
            footX + w * 1.2,
            ground - 1.5,
            footX + w * 1.05,
            ground - w * 0.7,
            footX + w * 0.9,
            top * 0.4,
            x + w * 1.15,
            top,
            x,
            top - 5);
    leg(leg, top - 5, top + 14, far, footX, w * 1.3);
  }

  private Neck sitSide() {
    double s = build.height() / 42;
    double k = build.depth() / 22;
    double headX = 13 + build.neckReach() * 0.45;
    double headY = -60 * s - build.neckRise() * 0.75;
    double n = build.neck();
    tail(-21 * k, -6, -1);
    frontLegAt(17, -36 * s, 20, 0.92, true);
    Path2D body =
        Forms.blob(
            -25 * k,
            -9,
            -24 * k,
            -22 * s,
            -13 * k,
            -43 * s,
            1,
            -58 * s,
            headX - n * 0.95,
            headY + n * 0.5,
            headX + n * 0.7,
            headY + n * 0.7,
            20 + 2 * k,
            -50 * s,
            22 + 2 * k,
            -36 * s,
            17,
            -22 * s,
            8,
            -6,
            -8,
            -1,
            -20 * k,
            -1.5);
    bulk(body, Coat.Place.BODY, -1.5, 3);
    frontLegAt(12, -34 * s, 14, 1, false);
    haunch(-7 * k, -15.5 * s, 16 * k, 15.5 * s, 13);
    return new Neck(headX, headY);
  }

  private Neck sitFront() {
    double s = build.height() / 42;
    double k = build.depth() / 22;
    double headY = -62 * s - build.neckRise() * 0.7;
    double n = build.neck();
    double w = build.leg();
    double side = dice.sign();
    tail(side * 15 * k, -6, side);
    for (int i = -1; i <= 1; i += 2) {
      Shape thigh = Forms.ellipse(i * 15.5 * k, -12.5 * s, 10.5 * k, 12.5 * s);
      bulk(thigh, Coat.Place.LEG, i, 3);
      Shape foot = Forms.ellipse(i * 17 * k, -3.4, w * 1.75, 3.8);
      double toeX = i * 17 * k;
      piece(foot, pawColour(), b -> toes(b, toeX, -1.5, w * 0.7));
    }
    Path2D body =
        Forms.symmetric(
            0,
            headY + 2,
            n * 1.05,
            headY + n * 0.6,
            12.5 * k,
            -50 * s,
            15 * k,
            -34 * s,
            13.5 * k,
            -16 * s,
            8 * k,
            -6,
            0,
            -4);
    bulk(body, Coat.Place.CHEST, 0, 3);
    for (int i = -1; i <= 1; i += 2) {
      double x = i * (w + 2.2 * k);
      double top = -34 * s;
      Shape leg =
          Forms.blob(
              x + i * w * 1.25,
              top,
              x + i * w * 1.05,
              -16 * s,
              x + i * w * 1.0,
              -6,
              x + i * w * 1.5,
              -3,
              x + i * w * 1.1,
              -0.2,
              x - i * w * 0.5,
              0,
              x - i * w * 0.95,
              -2.5,
              x - i * w * 0.8,
              -8,
              x - i * w * 0.85,
              -20 * s,
              x,
              top - 4);
      leg(leg, top - 5, top + 14, false, x, w);
    }
    return new Neck(0, headY - build.head() * 0.12);
  }

  private Neck lie() {
    double l = build.halfLength() * 1.18;
    double d = build.depth() * 1.22;
    double n = build.neck();
    double w = build.leg();
    double headX = l + build.neckReach() * 0.6;
    double headY = -d - build.neckRise() * 0.55 - 3;
    tail(-l - 2, -6, -1);
    Shape far = Forms.limb(l - 6, -7, w * 1.3, l + 8, -5, w, l + 19, -4.6, w, l + 24, -4.4, w);
    leg(far, -99, -98, true, l + 20, w);
    Path2D body =
        Forms.blob(
            -l - 4,
            -3,
            -l - 4,
            -d * 0.55,
            -l * 0.72,
            -d * 0.98,
            -l * 0.1,
            -d * 0.93,
            l * 0.5,
            -d * 1.02,
            headX - n,
            headY + n * 0.5,
            headX + n * 0.5,
            headY + n * 0.8,
            l + 7,
            -d * 0.62,
            l + 7,
            -8,
            l - 4,
            -1,
            -l * 0.2,
            -0.5,
            -l * 0.8,
            -0.5);
    bulk(body, Coat.Place.BODY, -3, 2);
    haunch(-l * 0.58, -d * 0.36, d * 0.52, d * 0.37, -l * 0.1);
    Shape near =
        Forms.limb(
            l - 8, -d * 0.34, w * 1.8, l - 7, -6.5, w * 1.35, l + 3, -4, w * 1.05, l + 13, -3.8, w,
            l + 18, -3.6, w * 1.15);
    leg(near, -d * 0.34 - w * 1.8, -d * 0.2, false, l + 18, w);
    return new Neck(headX, headY);
  }

  private Neck bust() {
    fine = 0.5; // seen from near, hairs are thin
    double r = build.head();
    double n = build.neck() * 1.15;
    double headY = -r * 2.1;
    Path2D body =
        Forms.symmetric(
            0,
            headY,
            n * 0.95,
            headY + r * 0.35,
            n * 1.15,
            headY + r * 0.95,
            r * 1.12,
            -r * 0.72,
            r * 1.45,
            -r * 0.1,
            r * 1.5,
            r * 0.5,
            0,
            r * 0.55);
    bulk(body, Coat.Place.CHEST, 0, 3);
    return new Neck(0, headY);
  }

  private void frontLeg(double x, double y, double footX, boolean far) {
    frontLegAt(x, y, footX, 1, far);
  }

  private void frontLegAt(double x, double y, double footX, double thick, boolean far) {
    double w = build.leg() * thick;
    double knee = y * 0.48;
    double mid = (x + footX) / 2 - 0.5;
    double ground = far ? -2.5 : 0;
    double toe = build.paw();
    Shape leg =
        Forms.blob(
            x - w * 1.7,
            y,
            mid - w * 1.08,
            knee,
            footX - w * 0.85,
            ground - w * 2.2,
            footX - w * 0.95,
            ground - 0.4,
            footX + w * 0.4,
            ground,
            footX + w * toe,
            ground - 0.4,
            footX + w * toe,
            ground - w * 1.0,
            footX + w * 0.85,
            ground - w * 2.1,
            mid + w * 1.05,
            knee,
            x + w * 1.5,
            y,
            x,
            y - w * 1.5);
    leg(leg, y - w * 0.9, y + w * 2.6, far, footX + w * 0.9, w);
  }

  private void hindLeg(double x, double y, double footX, boolean far) {
    double w = build.leg();
    double ground = far ? -2.5 : 0;
    double hock = y * 0.4;
    double toe = build.paw();
    Shape leg =
        Forms.blob(
            x - w * 2.4,
            y + 1,
            x - w * 2.0,
            y * 0.72,
            footX - w * 1.75,
            hock,
            footX - w * 1.0,
            ground - w * 1.9,
            footX - w * 0.9,
            ground - 0.4,
            footX + w * 0.4,
            ground,
            footX + w * toe,
            ground - 0.4,
            footX + w * toe,
            ground - w * 1.0,
            footX + w * 0.75,
            ground - w * 2.0,
            footX + w * 0.25,
            hock,
            x + w * 1.9,
            y * 0.68,
            x + w * 2.6,
            y - 1,
            x,
            y - w * 2.2);
    leg(leg, y - w * 1.4, y + w * 3.2, far, footX + w * 0.9, w);
  }

  private void leg(Shape leg, double clear, double solid, boolean far, double toeX, double w) {
    Color ground = coat.ground(Coat.Place.LEG);
    Dice own = dice.fork();
    figure.add(
        leg,
        ground,
        b -> {
          coat.mark(b, Coat.Place.LEG, leg, own);
          b.model(leg, light, ground, 0.8);
          toes(b, toeX, Forms.bounds(leg).getMaxY() - 1.6, w * 0.6);
          if (far) {
            b.fill(leg, Tones.alpha(light.shade(), 0.34));
          } else {
            b.fadeAbove(leg, clear, solid);
          }
        });
  }

  private void haunch(double x, double y, double rx, double ry, double footX) {
    double w = build.leg();
    Shape foot = Forms.limb(x, -3.6, 3.4, footX - 4, -3.4, w * 0.9, footX + 1, -3.2, w * 1.0);
    piece(foot, pawColour(), b -> toes(b, footX + w * 0.9, -1.8, w * 0.6));
    Shape thigh =
        Forms.blob(
            x - rx * 1.0,
            y + ry * 0.3,
            x - rx * 0.75,
            y - ry * 0.65,
            x,
            y - ry,
            x + rx * 0.8,
            y - ry * 0.5,
            x + rx,
            y + ry * 0.35,
            x + rx * 0.55,
            y + ry * 0.95,
            x - rx * 0.6,
            y + ry * 0.98);
    Color ground = coat.ground(Coat.Place.BODY);
    Dice own = dice.fork();
    figure.add(
        thigh,
        ground,
        b -> {
          coat.mark(b, Coat.Place.LEG, thigh, own);
          b.model(thigh, light, ground, 1.1);
          hairs(b, thigh, -1, 3, own);
          b.fadeAbove(thigh, y - ry * 0.9, y + ry * 0.6);
        });
  }

  private Color pawColour() {
    return switch (coat.pattern()) {
      case BICOLOUR, TUXEDO, PATCHES -> coat.pale();
      case POINTS -> coat.mark();
      default -> coat.base();
    };
  }

  private static void toes(Brush b, double x, double y, double w) {
    Color line = new Color(30, 20, 24, 110);
    b.stroke(Forms.line(x - w * 0.5, y - w * 0.7, x - w * 0.35, y + 1), line, 0.55);
    b.stroke(Forms.line(x + w * 0.35, y - w * 0.7, x + w * 0.5, y + 1), line, 0.55);
  }

  private void piece(Shape shape, Color ground, Consumer<Brush> more) {
    figure.add(
        shape,
        ground,
        b -> {
          b.model(shape, light, ground, 0.8);
          more.accept(b);
        });
  }

  private void bulk(Shape shape, Coat.Place place, double combX, double combY) {
    Color ground = coat.ground(place);
    Dice own = dice.fork();
    Shape edge =
        build.fluff() < 0.4
            ? null
            : Forms.tufts(shape, 0.8 + build.fluff() * 0.9, combX / 4, combY / 4, own.fork());
    figure.add(
        shape,
        edge,
        ground,
        b -> {
          coat.mark(b, place, shape, own.fork());
          hairs(b, shape, combX, combY, own.fork());
          b.model(shape, light, ground, edge == null ? 0.9 : 0.45);
        });
  }

  private void hairs(Brush b, Shape shape, double combX, double combY, Dice own) {
    Rectangle2D box = Forms.bounds(shape);
    int n = (int) Math.min(130, 18 + box.getWidth() * box.getHeight() * 0.05);
    double k = 0.8 + build.fluff() * 0.35;
    double dx = combX * k;
    double dy = combY * k;
    Color dark = Tones.alpha(Tones.darker(coat.base(), 0.5), 0.16);
    Color pale = Tones.alpha(Tones.lighter(coat.base(), 0.5), 0.2);
    b.hairs(box, dx, dy, (int) (n / fine), dark, 0.5 * fine, own);
    b.hairs(box, dx, dy, (int) (n / fine), pale, 0.45 * fine, own);
  }

  private void tail(double x, double y, double side) {
    double up = dice.between(0.3, 1);
    double w = build.leg();
    double k = build.height() / 42;
    Shape shape =
        switch (build.tail()) {
          case WHIP ->
              y > -12
                  ? Forms.limb(
                      x,
                      y + 1,
                      w * 0.8,
                      x + side * 12,
                      -4.5,
                      w * 0.75,
                      x + side * 24,
                      -5,
                      w * 0.72,
                      x + side * 31,
                      -5 - 12 * up,
                      w * 0.68,
                      x + side * 28,
                      -9 - 20 * up,
                      w * 0.55)
                  : Forms.limb(
                      x + 2,
                      y,
                      w * 0.85,
                      x + side * 12,
                      y - 1 - 5 * up,
                      w * 0.75,
                      x + side * 20,
                      y - 16 * up,
                      w * 0.72,
                      x + side * 19,
                      y - 32 * up,
                      w * 0.68,
                      x + side * 26,
                      y - 44 * up,
                      w * 0.55);
          case PLUME ->
              Forms.limb(
                  x,
                  y,
                  w * 0.9,
                  x + side * 10,
                  y - 4 * up,
                  w * 1.5,
                  x + side * 20,
                  y - 11 * up,
                  w * 1.7,
                  x + side * 30,
                  y - 22 * up,
                  w * 0.5);
          case SABRE ->
              Forms.limb(
                  x,
                  y,
                  w * 1.15,
                  x + side * 9,
                  y - 5 * up,
                  w * 0.95,
                  x + side * 17,
                  y - 15 * up,
                  w * 0.75,
                  x + side * 19,
                  y - 28 * up,
                  w * 0.35);
          case STUB ->
              Forms.limb(x, y, w * 1.1, x + side * 4, y - 5, w, x + side * 6, y - 9, w * 0.7);
          case CURL ->
              Forms.limb(
                  x,
                  y,
                  w * 1.2,
                  x + side * 8,
                  y - 9 * k,
                  w * 1.5,
                  x + side * 1,
                  y - 19 * k,
                  w * 1.6,
                  x - side * 9,
                  y - 15 * k,
                  w * 1.3,
                  x - side * 7,
                  y - 7 * k,
                  w * 0.6);
        };
    Color ground = coat.ground(Coat.Place.TAIL);
    Dice own = dice.fork();
    double fluff = build.tail() == Build.Tail.PLUME ? 2.2 : build.fluff();
    Shape edge = fluff < 0.4 ? null : Forms.tufts(shape, 0.9 + fluff, side * 0.6, 0.6, own.fork());
    figure.add(
        shape,
        edge,
        ground,
        b -> {
          coat.mark(b, Coat.Place.TAIL, shape, own.fork());
          b.model(shape, light, ground, 0.8);
        });
  }
}
