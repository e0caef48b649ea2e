package camlab.drawing;

import java.awt.Color;
import java.awt.Shape;
import java.awt.geom.Path2D;

/**
 * Cats: pointed ears, a round head with a short muzzle, slit pupils, whiskers, a long thin tail.
 */
final class CatArtist implements AnimalArtist {
  private static final double LINE = 0.05;

  @Override
  public Figure draw(Pose pose, Light light, Dice dice) {
    Figure figure = new Figure();
    Coat coat = Coat.random(dice);
    boolean longHair = dice.chance(0.3);
    Build build =
        new Build(
            dice.between(25, 31),
            dice.between(40, 46),
            dice.between(18, 21.5),
            dice.between(-1, 1),
            dice.between(0, 2.5),
            dice.between(3.3, 4.1),
            dice.between(8, 13),
            dice.between(7, 15),
            dice.between(7.5, 9),
            dice.between(13, 15.5),
            1.7,
            longHair ? dice.between(1.2, 2) : dice.between(0.45, 0.8),
            longHair && dice.chance(0.5) ? Build.Tail.PLUME : Build.Tail.WHIP);
    BodyArtist.Neck neck = new BodyArtist(figure, build, coat, light, dice).draw(pose);
    double r = build.head();
    boolean front =
        switch (pose) {
          case SIT_FRONT, PORTRAIT -> true;
          default -> dice.chance(0.5);
        };
    double tilt = dice.around(0, 0.22);
    figure.within(Forms.place(neck.x() + (front ? 0 : 2), neck.y(), tilt, r, r));
    Face face = new Face(coat, light);
    if (front) {
      front(figure, face, pose == Pose.PORTRAIT ? 0.8 : 1, dice);
    } else {
      side(figure, face, dice);
    }
    return figure;
  }

  private static void ear(Figure figure, Face face, Shape outer, Shape inner, Dice dice) {
    Coat coat = face.coat();
    Color ground = coat.ground(Coat.Place.EAR);
    Color skin = Tones.mix(coat.skin(), new Color(0xE0A59C), 0.6);
    Dice own = dice.fork();
    figure.add(
        outer,
        ground,
        b -> {
          b.model(outer, face.light(), ground, LINE);
          double top = Forms.bounds(inner).getMinY();
          double bottom = Forms.bounds(inner).getMaxY();
          b.fill(inner, Tones.linear(0, top, 0, bottom, Tones.darker(skin, 0.35), skin));
          b.hairs(
              Forms.bounds(inner),
              0.02,
              -0.3,
              9,
              Tones.alpha(Tones.lighter(coat.pale(), 0.3), 0.6),
              0.035,
              own);
        });
  }

  private static void front(Figure figure, Face face, double ink, Dice dice) {
    Coat coat = face.coat();
    Light light = face.light();
    double turn = dice.around(0, 0.16);
    double earTip = dice.between(1.3, 1.5);
    double earOut = dice.between(0.68, 0.9);
    for (int s = -1; s <= 1; s += 2) {
      double k = 1 - s * turn * 0.5;
      Path2D outer = new Path2D.Double();
      outer.moveTo(s * 0.97 * k, -0.1);
      outer.quadTo(s * 1.06 * k, -0.75, s * earOut * k, -earTip);
      outer.quadTo(s * 0.45 * k, -1.2, s * 0.16 * k, -0.62);
      outer.closePath();
      Path2D inner = new Path2D.Double();
      inner.moveTo(s * 0.88 * k, -0.3);
      inner.quadTo(s * 0.92 * k, -0.8, s * (earOut - 0.03) * k, -earTip + 0.2);
      inner.quadTo(s * 0.52 * k, -1.05, s * 0.34 * k, -0.6);
      inner.closePath();
      ear(figure, face, outer, inner, dice);
    }
    double cheek = dice.between(0.97, 1.1);
    Shape head =
        Forms.symmetric(
            0,
            -0.82,
            0.42,
            -0.78,
            0.8,
            -0.46,
            cheek * 0.97,
            0.02,
            cheek * 0.93,
            0.36,
            0.62,
            0.68,
            0.3,
            0.84,
            0,
            0.87);
    Shape edge = Forms.tufts(head, 0.1, 0, 0.6, dice.fork());
    Dice own = dice.fork();
    double wide = dice.between(0.2, 0.25);
    double open = dice.between(0.17, 0.235);
    double slit = dice.between(0.04, 0.1);
    double side = dice.sign();
    Color nose = coat.skin();
    Color ground = coat.ground(Coat.Place.BODY);
    figure.add(
        head,
        edge,
        ground,
        b -> {
          Dice d = own.fork();
          face.markFront(b, head, side, d);
          face.hair(b, head, ground, 0.02, 0.14, d);
          b.hairs(
              Forms.bounds(head),
              0.02,
              0.14,
              60,
              Tones.alpha(Tones.lighter(ground, 0.5), 0.22),
              0.03,
              d);
          b.model(head, light, ground, LINE);
          double t = turn;
          Color muzzle = coat.muzzle();
          face.puff(b, Forms.ellipse(t * 1.2, 0.68, 0.19, 0.15), muzzle, t * 1.2, 0.66, 0.19);
          for (int s = -1; s <= 1; s += 2) {
            double x = t * 1.3 + s * 0.19;
            face.puff(b, Forms.ellipse(x, 0.48, 0.25, 0.2), muzzle, x, 0.47, 0.25);
            for (int i = 0; i < 3; i++) {
              b.fill(
                  Forms.ellipse(x + s * (0.02 + 0.07 * (i % 2)), 0.43 + 0.06 * i, 0.016, 0.016),
                  new Color(30, 20, 24, 130));
            }
            face.eye(b, t * 0.7 + s * 0.43, 0.02, wide, open, slit, -0.32);
          }
          double x = t * 1.4;
          b.stroke(
              Forms.line(x - 0.24, 0.54, x - 0.12, 0.61, x, 0.52, x + 0.12, 0.61, x + 0.24, 0.54),
              new Color(40, 22, 26, 210),
              0.045);
          b.stroke(Forms.line(x, 0.38, x, 0.52), new Color(40, 22, 26, 200), 0.04);
          Shape button =
              Forms.blob(
                  x - 0.14, 0.26, x, 0.245, x + 0.14, 0.26, x + 0.06, 0.37, x, 0.41, x - 0.06,
                  0.37);
          face.nose(b, button, nose, x, 0.32, 0.12);
        });
    figure.addLoose(b -> whiskers(b, turn * 1.3, 0.47, 1, ink, own.fork()));
  }

  private static void whiskers(Brush b, double x, double y, double both, double ink, Dice d) {
    Color pale = new Color(255, 252, 244, 215);
    Color dark = new Color(50, 40, 44, 90);
    for (int s = both > 0 ? -1 : 1; s <= 1; s += 2) {
      for (int i = 0; i < 3; i++) {
        double lift = -0.2 + 0.17 * i + d.around(0, 0.05);
        double length = d.between(0.95, 1.2);
        Path2D w =
            Forms.line(
                x + s * 0.24,
                y + 0.05 * i - 0.04,
                x + s * 0.7,
                y + lift * 0.6 - 0.02,
                x + s * (0.2 + length),
                y + lift + 0.08);
        b.stroke(w, dark, 0.042 * ink);
        b.stroke(w, pale, 0.028 * ink);
      }
    }
  }

  private static void side(Figure figure, Face face, Dice dice) {
    Coat coat = face.coat();
    Light light = face.light();
    double tip = dice.between(1.3, 1.5);
    Shape far = Forms.polygon(0.05, -0.7, 0.42, -tip + 0.04, 0.62, -0.6);
    Color ground = coat.ground(Coat.Place.BODY);
    Color earGround = coat.ground(Coat.Place.EAR);
    figure.add(
        far,
        Tones.darker(earGround, 0.3),
        b -> b.contour(far, light, Tones.darker(earGround, 0.3), LINE));
    Shape head =
        Forms.blob(
            -0.82, 0.1, -0.75, -0.45, -0.3, -0.83, 0.25, -0.8, 0.66, -0.5, 0.86, -0.1, 1.14, 0.12,
            1.18, 0.32, 1.02, 0.56, 0.7, 0.74, 0.2, 0.86, -0.4, 0.76);
    Shape edge = Forms.tufts(head, 0.12, -0.6, 0.4, dice.fork());
    Dice own = dice.fork();
    double open = dice.between(0.17, 0.22);
    figure.add(
        head,
        edge,
        ground,
        b -> {
          Dice d = own.fork();
          face.markSide(b, head, d);
          face.hair(b, head, ground, -0.13, 0.07, d);
          b.model(head, light, ground, LINE);
          Color muzzle = coat.muzzle();
          face.puff(b, Forms.ellipse(0.93, 0.42, 0.27, 0.21), muzzle, 0.93, 0.42, 0.27);
          face.puff(b, Forms.ellipse(0.8, 0.64, 0.19, 0.12), muzzle, 0.8, 0.62, 0.19);
          b.stroke(
              Forms.line(1.1, 0.38, 1.05, 0.53, 0.86, 0.58, 0.7, 0.53),
              new Color(40, 22, 26, 210),
              0.045);
          Shape button = Forms.blob(1.03, 0.13, 1.16, 0.11, 1.21, 0.22, 1.1, 0.33, 1.04, 0.24);
          face.nose(b, button, coat.skin(), 1.11, 0.21, 0.1);
          face.eye(b, 0.56, -0.06, 0.16, open, 0.055, -0.2);
        });
    Path2D outer = new Path2D.Double();
    outer.moveTo(-0.62, -0.42);
    outer.quadTo(-0.6, -1.0, -0.26, -tip - 0.02);
    outer.quadTo(0.12, -1.05, 0.26, -0.56);
    outer.quadTo(-0.2, -0.36, -0.62, -0.42);
    outer.closePath();
    Path2D inner = new Path2D.Double();
    inner.moveTo(-0.3, -0.52);
    inner.quadTo(-0.38, -1.0, -0.22, -tip + 0.14);
    inner.quadTo(0.06, -0.98, 0.16, -0.58);
    inner.closePath();
    ear(figure, face, outer, inner, dice);
    figure.addLoose(b -> whiskers(b, 0.82, 0.45, -1, 1, own.fork()));
  }
}
