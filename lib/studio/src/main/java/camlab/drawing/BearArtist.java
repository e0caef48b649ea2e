package camlab.drawing;

import java.awt.Color;
import java.awt.Shape;
import java.util.List;

/**
 * American black bears: a heavy body without a hump, hardly a tail, small round ears and a pale
 * muzzle; not all of them are black.
 */
final class BearArtist implements AnimalArtist {
  private static final double LINE = 0.05;

  private static final List<Color> FURS =
      List.of(
          new Color(0x2A2729),
          new Color(0x242224),
          new Color(0x302C30),
          new Color(0x353033),
          new Color(0x2F2A28),
          new Color(0x453A36),
          new Color(0x5A4234),
          new Color(0x7A5338),
          new Color(0x94683F),
          new Color(0x6F6A6C),
          new Color(0x86807C));

  private static final Color TAN = new Color(0xB98D5E);
  private static final Color PATCH = new Color(0xE4D3B0);

  private static Coat coat(Dice dice) {
    Color fur = Tones.vary(dice.pick(FURS), dice, 0.04);
    Color eyes = Tones.vary(new Color(0x7A4A22), dice, 0.04);
    return new Coat(
        Coat.Pattern.SOLID,
        fur,
        Tones.darker(fur, 0.3),
        fur,
        Tones.darker(fur, 0.15),
        eyes,
        Tones.vary(new Color(0x3A2E30), dice, 0.03));
  }

  private static Build build(Dice d) {
    boolean cub = d.chance(0.2);
    return new Build(
        cub ? d.between(21, 24) : d.between(27, 32),
        cub ? d.between(39, 42) : d.between(45, 50),
        cub ? d.between(22, 25) : d.between(26, 31),
        d.between(0, 3),
        d.between(-2, 1),
        cub ? d.between(5.4, 6) : d.between(6.2, 7.4),
        d.between(9, 13),
        d.between(-7, 5),
        d.between(12.5, 15),
        cub ? d.between(12.5, 14) : d.between(12.5, 14.5),
        1.85,
        d.between(1.2, 2),
        Build.Tail.STUB);
  }

  @Override
  public Pose pose(Dice dice) {
    double choice = dice.unit();
    return choice < 0.42
        ? Pose.WALK
        : choice < 0.6
            ? Pose.FACE
            : choice < 0.72 ? Pose.GRAZE : choice < 0.88 ? Pose.SIT_FRONT : Pose.SIT_SIDE;
  }

  @Override
  public Figure draw(Pose pose, Light light, Dice dice) {
    Figure figure = new Figure();
    Coat coat = coat(dice);
    Build build = build(dice);
    Color muzzle = Tones.mix(coat.base(), Tones.vary(TAN, dice, 0.08), dice.between(0.45, 1));
    BodyArtist.Neck neck = new BodyArtist(figure, build, coat, light, dice).draw(pose);
    double r = build.head();
    boolean front =
        switch (pose) {
          case FACE, SIT_FRONT, PORTRAIT -> true;
          case GRAZE -> false;
          default -> dice.chance(0.35);
        };
    boolean chest = pose == Pose.FACE || pose == Pose.SIT_FRONT || pose == Pose.PORTRAIT;
    if (chest && dice.chance(0.2)) {
      patch(figure, neck, r, dice);
    }
    double tilt =
        pose == Pose.GRAZE
            ? dice.between(0.25, 0.5)
            : front ? dice.around(0, 0.16) : dice.between(-0.1, 0.25);
    figure.within(Forms.place(neck.x(), neck.y(), tilt, r, r));
    Face face = new Face(coat, light);
    if (front) {
      front(figure, face, muzzle, dice);
    } else {
      side(figure, face, muzzle, dice);
    }
    return figure;
  }

  /** Some black bears wear a pale mark on the chest. */
  private static void patch(Figure figure, BodyArtist.Neck neck, double r, Dice dice) {
    double y = neck.y() + r * 1.25;
    Shape mark =
        Forms.blob(
            -r * 0.4, y - 1, 0, y + 2.2, r * 0.4, y - 1, r * 0.22, y + 3.4, 0, y + 5, -r * 0.22,
            y + 3.4);
    Shape edge = Forms.tufts(mark, 2.2, 0, 0.8, dice.fork());
    figure.add(mark, edge, PATCH, b -> b.fill(mark, Tones.alpha(new Color(0x8A7050), 0.2)));
  }

  private static void ear(
      Figure figure, Face face, Shape outer, Shape inner, Color skin, Dice dice) {
    Color ground = face.coat().base();
    Shape edge = Forms.tufts(outer, 0.09, 0, -0.4, dice.fork());
    figure.add(
        outer,
        edge,
        ground,
        b -> {
          b.model(outer, face.light(), ground, LINE);
          b.fill(inner, Tones.mix(ground, skin, 0.4));
          b.fill(inner, Tones.alpha(face.light().shade(), 0.3));
        });
  }

  private static void front(Figure figure, Face face, Color muzzle, Dice dice) {
    Coat coat = face.coat();
    Light light = face.light();
    Color ground = coat.base();
    double t = dice.around(0, 0.22);
    double earOut = dice.between(0.68, 0.8);
    for (int s = -1; s <= 1; s += 2) {
      double x = s * earOut - t * 0.12;
      ear(
          figure,
          face,
          Forms.ellipse(x, -0.78, 0.3, 0.31),
          Forms.ellipse(x - s * 0.02, -0.74, 0.17, 0.18),
          muzzle,
          dice);
    }
    double cheek = dice.between(0.96, 1.08);
    Shape head =
        Forms.symmetric(
            0,
            -0.92,
            0.45,
            -0.86,
            0.82,
            -0.5,
            cheek,
            0.05,
            cheek * 0.94,
            0.45,
            0.66,
            0.82,
            0.3,
            0.98,
            0,
            1.0);
    Shape edge = Forms.tufts(head, 0.11, 0, 0.5, dice.fork());
    Dice own = dice.fork();
    double eye = dice.between(0.085, 0.105);
    double wide = dice.between(0.4, 0.47);
    figure.add(
        head,
        edge,
        ground,
        b -> {
          fur(b, head, ground, 0.02, 0.16, own.fork());
          b.model(head, light, ground, LINE);
          double x = t * 1.4;
          Shape snout =
              Forms.blob(
                  x * 0.7 - 0.2,
                  -0.1,
                  x * 0.7 + 0.2,
                  -0.1,
                  x + wide * 0.9,
                  0.3,
                  x + wide,
                  0.6,
                  x + wide * 0.55,
                  0.92,
                  x,
                  1.0,
                  x - wide * 0.55,
                  0.92,
                  x - wide,
                  0.6,
                  x - wide * 0.9,
                  0.3);
          face.puff(b, snout, muzzle, x, 0.45, 0.75);
          face.puff(
              b,
              Forms.ellipse(x, 0.56, wide * 0.8, 0.32),
              Tones.lighter(muzzle, 0.1),
              x,
              0.5,
              0.42);
          for (int s = -1; s <= 1; s += 2) {
            double px = t * 0.8 + s * 0.4;
            b.fill(
                Forms.ellipse(px, -0.3, 0.17, 0.09), Tones.alpha(Tones.lighter(ground, 0.3), 0.4));
            face.roundEye(b, px, -0.14, eye);
          }
          b.stroke(
              Forms.line(x - 0.28, 0.72, x - 0.14, 0.82, x, 0.72, x + 0.14, 0.82, x + 0.28, 0.72),
              new Color(34, 20, 24, 215),
              0.05);
          b.stroke(Forms.line(x, 0.5, x, 0.74), new Color(34, 20, 24, 200), 0.045);
          Shape button =
              Forms.blob(
                  x - 0.24, 0.28, x - 0.1, 0.2, x + 0.1, 0.2, x + 0.24, 0.28, x + 0.16, 0.46, x,
                  0.54, x - 0.16, 0.46);
          nose(b, face, button, x, 0.36, 0.19, 0.1);
        });
  }

  private static void nose(
      Brush b, Face face, Shape button, double x, double y, double r, double nostril) {
    face.nose(b, button, Tones.darker(face.coat().skin(), 0.6), x, y, r);
    for (int s = -1; s <= 1; s += 2) {
      b.fill(Forms.ellipse(x + s * nostril, y + 0.07, 0.045, 0.035), new Color(0, 0, 0, 170));
    }
  }

  private static void fur(Brush b, Shape shape, Color ground, double dx, double dy, Dice d) {
    b.hairs(Forms.bounds(shape), dx, dy, 60, Tones.alpha(Tones.darker(ground, 0.5), 0.3), 0.035, d);
    b.hairs(
        Forms.bounds(shape), dx, dy, 60, Tones.alpha(Tones.lighter(ground, 0.4), 0.22), 0.03, d);
  }

  private static void side(Figure figure, Face face, Color muzzle, Dice dice) {
    Coat coat = face.coat();
    Light light = face.light();
    Color ground = coat.base();
    double n = dice.between(1.5, 1.72);
    Shape far = Forms.ellipse(0.2, -0.86, 0.22, 0.25);
    Color dim = Tones.darker(ground, 0.3);
    figure.add(far, dim, b -> b.contour(far, light, dim, LINE));
    Shape head =
        Forms.blob(
            -0.92, 0.2, -0.86, -0.42, -0.42, -0.86, 0.16, -0.84, 0.6, -0.56, 0.92, -0.18, n - 0.22,
            -0.06, n - 0.02, 0.02, n, 0.3, n - 0.12, 0.56, n - 0.4, 0.68, 0.7, 0.78, 0.25, 0.92,
            -0.45, 0.9);
    Shape edge = Forms.tufts(head, 0.09, -0.7, 0.3, dice.fork());
    Dice own = dice.fork();
    double eye = dice.between(0.085, 0.105);
    figure.add(
        head,
        edge,
        ground,
        b -> {
          fur(b, head, ground, -0.15, 0.05, own.fork());
          b.model(head, light, ground, LINE);
          b.fill(
              head,
              Tones.linear(0.72, 0, 1.05, 0.05, Tones.alpha(muzzle, 0), Tones.alpha(muzzle, 0.95)));
          b.fill(
              head,
              Tones.linear(
                  1.2,
                  -0.1,
                  1.15,
                  0.75,
                  Tones.alpha(light.glow(), 0.2),
                  Tones.alpha(light.shade(), 0),
                  Tones.alpha(light.shade(), 0.35)));
          b.contour(head, light, ground, LINE);
          b.stroke(
              Forms.line(n - 0.05, 0.34, n - 0.22, 0.48, n * 0.7, 0.52, 0.82, 0.62),
              new Color(34, 20, 24, 220),
              0.055);
          b.fill(
              Forms.ellipse(0.5, -0.36, 0.16, 0.09), Tones.alpha(Tones.lighter(ground, 0.3), 0.4));
          face.roundEye(b, 0.55, -0.22, eye);
        });
    Shape button =
        Forms.blob(
            n - 0.24, -0.08, n - 0.06, -0.12, n + 0.07, 0, n + 0.05, 0.2, n - 0.08, 0.26, n - 0.18,
            0.1);
    Color nose = Tones.darker(coat.skin(), 0.6);
    figure.add(
        button,
        nose,
        b -> {
          face.nose(b, button, nose, n - 0.06, 0.04, 0.15);
          b.fill(Forms.ellipse(n - 0.01, 0.12, 0.05, 0.035), new Color(0, 0, 0, 170));
        });
    ear(
        figure,
        face,
        Forms.ellipse(-0.36, -0.82, 0.3, 0.33),
        Forms.ellipse(-0.32, -0.78, 0.17, 0.2),
        muzzle,
        dice);
  }
}
