package camlab.drawing;

import java.awt.Color;
import java.awt.Shape;
import java.util.List;

/**
 * Dogs: a long snout with a big nose, ears that hang or stand, a deep chest, tails of all kinds.
 */
final class DogArtist implements AnimalArtist {
  private static final double LINE = 0.05;

  /** How the ears are carried. */
  private enum Ears {
    HANGING,
    FOLDED,
    PRICKED
  }

  /** What makes one sort of dog look unlike another. */
  private record Breed(Ears ears, double earLength, double snout, double muzzle, Build build) {}

  private static Breed breed(Dice d) {
    return switch (d.count(0, 4)) {
      case 0 ->
          new Breed( // spaniel: long feathered ears
              Ears.HANGING,
              d.between(1.25, 1.55),
              d.between(1.65, 1.8),
              d.between(0.42, 0.5),
              build(d, 27, 46, 23, 3, 4.6, 1.5, List.of(Build.Tail.PLUME, Build.Tail.STUB)));
      case 1 ->
          new Breed( // shepherd: upright ears, long snout
              Ears.PRICKED,
              d.between(1.45, 1.65),
              d.between(1.85, 2.05),
              d.between(0.37, 0.43),
              build(d, 29, 54, 22.5, 4, 4.5, 1.2, List.of(Build.Tail.PLUME, Build.Tail.SABRE)));
      case 2 ->
          new Breed( // terrier: folded ears, square muzzle
              Ears.FOLDED,
              d.between(0.9, 1.05),
              d.between(1.6, 1.75),
              d.between(0.45, 0.52),
              build(d, 23, 44, 20, 3, 4.1, 1.3, List.of(Build.Tail.STUB, Build.Tail.SABRE)));
      case 3 ->
          new Breed( // hound: smooth, drop ears
              Ears.HANGING,
              d.between(1.0, 1.25),
              d.between(1.8, 2.0),
              d.between(0.4, 0.47),
              build(d, 28, 55, 22.5, 6, 4.5, 0.35, List.of(Build.Tail.SABRE)));
      default ->
          new Breed( // spitz and mixed: folded or upright ears, tail over the back
              d.chance(0.5) ? Ears.PRICKED : Ears.FOLDED,
              d.between(1.25, 1.45),
              d.between(1.6, 1.8),
              d.between(0.4, 0.47),
              build(d, 26, 49, 23, 4, 4.6, 1.7, List.of(Build.Tail.CURL)));
    };
  }

  private static Build build(
      Dice d,
      double length,
      double height,
      double depth,
      double chest,
      double leg,
      double fluff,
      List<Build.Tail> tails) {
    double stretch = d.between(0.92, 1.08);
    return new Build(
        length * stretch,
        height * d.between(0.93, 1.07),
        depth * d.between(0.95, 1.08),
        chest * d.between(0.7, 1.2),
        chest * d.between(0.6, 1.2),
        leg * d.between(0.93, 1.1),
        d.between(8, 14),
        d.between(13, 21),
        d.between(8.5, 10.5),
        d.between(12.6, 14.8),
        1.9,
        fluff,
        d.pick(tails));
  }

  @Override
  public Figure draw(Pose pose, Light light, Dice dice) {
    Figure figure = new Figure();
    Coat coat = Coat.random(dice);
    Breed breed = breed(dice);
    BodyArtist.Neck neck = new BodyArtist(figure, breed.build(), coat, light, dice).draw(pose);
    double r = breed.build().head();
    boolean front =
        switch (pose) {
          case SIT_FRONT, PORTRAIT -> true;
          default -> dice.chance(0.4);
        };
    double tilt = front ? dice.around(0, 0.26) : dice.between(-0.2, 0.2);
    figure.within(Forms.place(neck.x() + (front ? 1 : 0), neck.y(), tilt, r, r));
    Face face = new Face(coat, light);
    if (front) {
      front(figure, face, breed, dice);
    } else {
      side(figure, face, breed, dice);
    }
    return figure;
  }

  private static void ear(Figure figure, Face face, Shape ear, double fluff, Dice dice) {
    Color ground = face.coat().ground(Coat.Place.EAR);
    Color tint = Tones.darker(ground, 0.16);
    Dice own = dice.fork();
    Shape edge = fluff < 0.8 ? null : Forms.tufts(ear, 0.14, 0, 1, own.fork());
    figure.add(
        ear,
        edge,
        tint,
        b -> {
          b.hairs(
              Forms.bounds(ear),
              0.02,
              0.25,
              26,
              Tones.alpha(Tones.darker(ground, 0.55), 0.3),
              0.035,
              own.fork());
          b.model(ear, face.light(), tint, LINE);
        });
  }

  private static void pricked(Figure figure, Face face, Shape outer, Shape inner) {
    Color ground = face.coat().ground(Coat.Place.EAR);
    Color skin = Tones.mix(face.coat().skin(), new Color(0xC99389), 0.4);
    figure.add(
        outer,
        ground,
        b -> {
          b.model(outer, face.light(), ground, LINE);
          double top = Forms.bounds(inner).getMinY();
          double bottom = Forms.bounds(inner).getMaxY();
          b.fill(inner, Tones.linear(0, top, 0, bottom, Tones.darker(skin, 0.4), skin));
        });
  }

  private static void front(Figure figure, Face face, Breed breed, Dice dice) {
    Coat coat = face.coat();
    Light light = face.light();
    double turn = dice.around(0, 0.2);
    double length = breed.earLength();
    if (breed.ears() == Ears.PRICKED) {
      for (int s = -1; s <= 1; s += 2) {
        double k = 1 - s * turn * 0.5;
        Shape outer =
            Forms.blob(
                s * 0.8 * k,
                -0.3,
                s * 0.98 * k,
                -0.85,
                s * 0.82 * k,
                -length,
                s * 0.74 * k,
                -length - 0.03,
                s * 0.42 * k,
                -1.15,
                s * 0.22 * k,
                -0.68);
        Shape inner =
            Forms.blob(
                s * 0.72 * k,
                -0.5,
                s * 0.86 * k,
                -0.88,
                s * 0.77 * k,
                -length + 0.16,
                s * 0.52 * k,
                -1.08,
                s * 0.4 * k,
                -0.7);
        pricked(figure, face, outer, inner);
      }
    }
    double m = breed.muzzle();
    Shape head =
        Forms.symmetric(
            0, -0.86, 0.42, -0.82, 0.74, -0.5, 0.84, -0.05, 0.72, 0.35, m * 1.18, 0.62, m * 1.12,
            0.98, m * 0.6, 1.22, 0, 1.26);
    double fluff = breed.build().fluff();
    Shape edge = fluff < 0.8 ? null : Forms.tufts(head, 0.1, 0, 0.6, dice.fork());
    Dice own = dice.fork();
    boolean tongue = dice.chance(0.5);
    double side = dice.sign();
    double eye = dice.between(0.125, 0.16);
    Color ground = coat.ground(Coat.Place.BODY);
    Color nose = Tones.darker(coat.skin(), 0.65);
    figure.add(
        head,
        edge,
        ground,
        b -> {
          Dice d = own.fork();
          face.markFront(b, head, side, d);
          face.hair(b, head, ground, 0.02, 0.15, d);
          b.model(head, light, ground, LINE);
          double t = turn;
          Color muzzle = coat.muzzle();
          Shape bridge =
              Forms.blob(
                  t * 0.8 - 0.2,
                  -0.25,
                  t * 0.8 + 0.2,
                  -0.25,
                  t * 1.5 + m * 0.9,
                  0.5,
                  t * 1.5 + m * 0.75,
                  0.95,
                  t * 1.5,
                  1.08,
                  t * 1.5 - m * 0.75,
                  0.95,
                  t * 1.5 - m * 0.9,
                  0.5);
          face.puff(b, bridge, muzzle, t * 1.4, 0.45, 0.75);
          double x = t * 1.7;
          if (tongue) {
            Color pink = new Color(0xE2747C);
            b.fill(
                Forms.blob(
                    x - m * 0.5,
                    0.85,
                    x + m * 0.5,
                    0.85,
                    x + m * 0.4,
                    1.12,
                    x,
                    1.2,
                    x - m * 0.4,
                    1.12),
                new Color(0x4A2028));
            Shape t1 =
                Forms.blob(
                    x - m * 0.38,
                    0.9,
                    x + m * 0.38,
                    0.9,
                    x + m * 0.36,
                    1.2,
                    x,
                    1.36,
                    x - m * 0.36,
                    1.2);
            b.fill(t1, Tones.linear(x, 0.9, x, 1.3, Tones.darker(pink, 0.3), pink));
            b.stroke(Forms.line(x, 0.95, x, 1.2), Tones.darker(pink, 0.35), 0.035);
          }
          for (int s = -1; s <= 1; s += 2) {
            double px = x + s * m * 0.46;
            Shape lip = Forms.ellipse(px, 0.72, m * 0.6, 0.25);
            face.puff(b, lip, muzzle, px, 0.7, 0.34);
            for (int i = 0; i < 3; i++) {
              b.fill(
                  Forms.ellipse(px + s * 0.05 * (i % 2), 0.66 + 0.07 * i, 0.017, 0.017),
                  new Color(30, 20, 24, 130));
            }
            face.roundEye(b, t * 0.8 + s * 0.39, -0.16, eye);
          }
          b.stroke(
              Forms.line(
                  x - m * 0.95,
                  0.76,
                  x - m * 0.5,
                  0.96,
                  x,
                  0.82,
                  x + m * 0.5,
                  0.96,
                  x + m * 0.95,
                  0.76),
              new Color(34, 20, 24, 215),
              0.05);
          b.stroke(Forms.line(x, 0.55, x, 0.82), new Color(34, 20, 24, 200), 0.045);
          Shape button =
              Forms.blob(
                  x - 0.24, 0.34, x - 0.12, 0.25, x + 0.12, 0.25, x + 0.24, 0.34, x + 0.15, 0.51, x,
                  0.57, x - 0.15, 0.51);
          face.nose(b, button, nose, x, 0.4, 0.19);
          b.fill(Forms.ellipse(x - 0.1, 0.45, 0.045, 0.03), new Color(0, 0, 0, 160));
          b.fill(Forms.ellipse(x + 0.1, 0.45, 0.045, 0.03), new Color(0, 0, 0, 160));
        });
    if (breed.ears() != Ears.PRICKED) {
      for (int s = -1; s <= 1; s += 2) {
        double k = 1 - s * turn * 0.4;
        Shape ear =
            breed.ears() == Ears.HANGING
                ? Forms.blob(
                    s * 0.5 * k,
                    -0.8,
                    s * 0.85 * k,
                    -0.72,
                    s * 1.14 * k,
                    -0.2,
                    s * 1.24 * k,
                    length * 0.5,
                    s * 1.05 * k,
                    length * 0.82,
                    s * 0.82 * k,
                    length * 0.62,
                    s * 0.76 * k,
                    0.05,
                    s * 0.66 * k,
                    -0.42)
                : Forms.blob(
                    s * 0.28 * k,
                    -0.82,
                    s * 0.5 * k,
                    -length - 0.12,
                    s * 0.84 * k,
                    -length - 0.1,
                    s * 1.12 * k,
                    -0.62,
                    s * 1.06 * k,
                    -0.22,
                    s * 0.92 * k,
                    -0.2,
                    s * 0.66 * k,
                    -0.55);
        ear(figure, face, ear, fluff, dice);
      }
    }
  }

  private static void side(Figure figure, Face face, Breed breed, Dice dice) {
    Coat coat = face.coat();
    Light light = face.light();
    double length = breed.earLength();
    double n = breed.snout();
    double m = breed.muzzle();
    double fluff = breed.build().fluff();
    Color ground = coat.ground(Coat.Place.BODY);
    if (breed.ears() == Ears.PRICKED) {
      Shape far = Forms.blob(0.0, -0.6, 0.06, -1.1, 0.32, -length + 0.02, 0.42, -1.0, 0.46, -0.55);
      Color dim = Tones.darker(coat.ground(Coat.Place.EAR), 0.3);
      figure.add(far, dim, b -> b.contour(far, light, dim, LINE));
    }
    boolean tongue = dice.chance(0.45);
    if (tongue) {
      Color pink = new Color(0xE2747C);
      Shape t =
          Forms.limb(
              n * 0.6, 0.5, 0.13, n * 0.8, 0.66, 0.14, n * 0.86, 0.9, 0.15, n * 0.84, 1.06, 0.11);
      figure.add(t, pink, b -> b.model(t, light, pink, LINE));
    }
    Shape head =
        Forms.blob(
            -0.82, 0.15, -0.76, -0.4, -0.35, -0.8, 0.2, -0.82, 0.62, -0.52, 0.88, -0.22, n * 0.75,
            -0.12, n - 0.1, -0.1, n, 0.12, n - 0.1, m * 0.95, n * 0.72, m * 1.18, 0.85, m * 1.45,
            0.35, 0.8, -0.3, 0.86);
    Shape edge = fluff < 0.8 ? null : Forms.tufts(head, 0.1, -0.6, 0.4, dice.fork());
    Dice own = dice.fork();
    double eye = dice.between(0.12, 0.15);
    figure.add(
        head,
        edge,
        ground,
        b -> {
          Dice d = own.fork();
          face.markSide(b, head, d);
          face.hair(b, head, ground, -0.15, 0.05, d);
          b.model(head, light, ground, LINE);
          Color muzzle = coat.muzzle();
          b.fill(
              head,
              Tones.linear(0.75, 0, 1.15, 0.05, Tones.alpha(muzzle, 0), Tones.alpha(muzzle, 0.9)));
          b.fill(
              head,
              Tones.linear(
                  1.2,
                  -0.2,
                  1.15,
                  m * 1.3,
                  Tones.alpha(light.glow(), 0.22),
                  Tones.alpha(light.shade(), 0),
                  Tones.alpha(light.shade(), 0.38)));
          b.contour(head, light, ground, LINE);
          b.stroke(
              Forms.line(n - 0.06, 0.24, n - 0.2, m * 0.72, n * 0.72, m * 0.78, 0.85, m * 0.98),
              new Color(34, 20, 24, 220),
              0.055);
          for (int i = 0; i < 4; i++) {
            b.fill(
                Forms.ellipse(n * 0.7 + 0.09 * i, 0.16 + 0.07 * (i % 2), 0.018, 0.018),
                new Color(30, 20, 24, 120));
          }
          face.roundEye(b, 0.52, -0.26, eye);
        });
    Color nose = Tones.darker(coat.skin(), 0.65);
    Shape button =
        Forms.blob(
            n - 0.22, -0.16, n - 0.02, -0.2, n + 0.09, -0.06, n + 0.04, 0.14, n - 0.1, 0.18,
            n - 0.2, 0.02);
    figure.add(
        button,
        nose,
        b -> {
          face.nose(b, button, nose, n - 0.06, -0.03, 0.16);
          b.fill(Forms.ellipse(n + 0.0, 0.04, 0.05, 0.035), new Color(0, 0, 0, 170));
        });
    switch (breed.ears()) {
      case PRICKED -> {
        Shape outer =
            Forms.blob(
                -0.58, -0.4, -0.55, -1.0, -0.26, -length, -0.18, -length, 0.08, -1.05, 0.2, -0.58,
                -0.2, -0.36);
        Shape inner =
            Forms.blob(-0.28, -0.55, -0.33, -1.0, -0.2, -length + 0.18, 0.02, -1.0, 0.1, -0.62);
        pricked(figure, face, outer, inner);
      }
      case FOLDED ->
          ear(
              figure,
              face,
              Forms.blob(
                  -0.55,
                  -0.5,
                  -0.4,
                  -1.0,
                  0.0,
                  -length - 0.05,
                  0.34,
                  -0.72,
                  0.38,
                  -0.24,
                  0.2,
                  -0.2,
                  -0.1,
                  -0.45),
              fluff,
              dice);
      case HANGING ->
          ear(
              figure,
              face,
              Forms.blob(
                  -0.5,
                  -0.6,
                  -0.1,
                  -0.68,
                  0.14,
                  -0.3,
                  0.18,
                  length * 0.45,
                  -0.02,
                  length * 0.82,
                  -0.36,
                  length * 0.85,
                  -0.58,
                  length * 0.5,
                  -0.66,
                  0),
              fluff,
              dice);
    }
  }
}
