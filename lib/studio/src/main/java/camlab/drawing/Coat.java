package camlab.drawing;

import java.awt.Color;
import java.awt.Shape;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.util.List;

/**
 * Colours and markings of an animal's fur. Every kind of animal that shares a palette draws from
 * the same ones with the same chances, so that colour says nothing about the kind.
 *
 * @param pattern how the colours are arranged
 * @param base the main colour
 * @param mark the colour of stripes, patches or points
 * @param second a further colour for patches
 * @param pale the colour of pale parts such as belly and muzzle
 * @param eyes the colour of the iris
 * @param skin the colour of the nose and the inside of the ears
 */
record Coat(
    Pattern pattern, Color base, Color mark, Color second, Color pale, Color eyes, Color skin) {

  /** Arrangements of colours. */
  enum Pattern {
    SOLID,
    TABBY,
    BICOLOUR,
    PATCHES,
    SPOTS,
    POINTS,
    TUXEDO,
    SADDLE
  }

  /** Which part of the animal is being marked. */
  enum Place {
    BODY,
    CHEST,
    LEG,
    TAIL,
    EAR
  }

  private static final List<Color> COLOURS =
      List.of(
          new Color(0x2E2A2D),
          new Color(0x4B4648),
          new Color(0x77777B),
          new Color(0x8D97A3),
          new Color(0x5F4332),
          new Color(0x7F5A3C),
          new Color(0xA9713F),
          new Color(0xD08A44),
          new Color(0xE0A55E),
          new Color(0xDDBB85),
          new Color(0xEBD7B5),
          new Color(0xF1EBE0),
          new Color(0xB9AFA3),
          new Color(0x9A5B35));

  private static final Color WHITE = new Color(0xF6F1E8);

  static Coat random(Dice dice) {
    Pattern pattern = dice.pick(List.of(Pattern.values()));
    Color base = Tones.vary(dice.pick(COLOURS), dice, 0.05);
    Color other = Tones.vary(dice.pick(COLOURS), dice, 0.05);
    boolean dark = brightness(base) < 110;
    Color mark = dark ? Tones.lighter(base, 0.22) : Tones.darker(base, 0.55);
    Color pale = Tones.mix(Tones.lighter(base, 0.5), WHITE, dark ? 0.2 : 0.5);
    switch (pattern) {
      case TABBY -> base = dark ? Tones.lighter(base, 0.2) : base;
      case BICOLOUR -> pale = WHITE;
      case TUXEDO -> {
        base = dark ? base : Tones.darker(base, 0.35);
        pale = WHITE;
      }
      case PATCHES -> {
        mark = dark ? base : Tones.darker(other, 0.15);
        Color second = Tones.vary(new Color(0xC98545), dice, 0.06);
        return new Coat(pattern, WHITE, mark, second, WHITE, eyes(dice), skin(dice));
      }
      case POINTS -> {
        base = dark ? Tones.lighter(base, 0.65) : Tones.lighter(base, 0.25);
        mark = Tones.darker(base, 0.72);
        pale = Tones.lighter(base, 0.3);
      }
      case SADDLE -> mark = dark ? Tones.lighter(base, 0.3) : Tones.darker(base, 0.7);
      default -> {}
    }
    return new Coat(pattern, base, mark, other, pale, eyes(dice), skin(dice));
  }

  private static int brightness(Color c) {
    return (c.getRed() * 3 + c.getGreen() * 6 + c.getBlue()) / 10;
  }

  private static Color eyes(Dice dice) {
    return Tones.vary(
        dice.pick(
            List.of(
                new Color(0xB98A2E),
                new Color(0x8B5A22),
                new Color(0x6E4A26),
                new Color(0x93A045),
                new Color(0x6FA0B8),
                new Color(0xC9762B))),
        dice,
        0.04);
  }

  private static Color skin(Dice dice) {
    return Tones.vary(
        dice.pick(List.of(new Color(0xD99A94), new Color(0x6B4A48), new Color(0x3A2E32))),
        dice,
        0.03);
  }

  /** The colour that fills a part before any marking. */
  Color ground(Place place) {
    return switch (pattern) {
      case POINTS -> place == Place.TAIL || place == Place.EAR ? mark : base;
      case PATCHES -> place == Place.TAIL ? mark : place == Place.EAR ? second : base;
      case SADDLE -> place == Place.TAIL ? Tones.mix(base, mark, 0.6) : base;
      default -> base;
    };
  }

  /** The colour of the muzzle. */
  Color muzzle() {
    return switch (pattern) {
      case POINTS -> mark;
      case SOLID -> Tones.lighter(base, 0.12);
      case SADDLE -> Tones.mix(base, mark, 0.55);
      case SPOTS -> Tones.lighter(base, 0.25);
      default -> pale;
    };
  }

  /** Paints the markings of one part. */
  void mark(Brush brush, Place place, Shape shape, Dice dice) {
    Rectangle2D r = Forms.bounds(shape);
    double x = r.getX();
    double y = r.getY();
    double w = r.getWidth();
    double h = r.getHeight();
    boolean bulk = place == Place.BODY || place == Place.CHEST;
    if (bulk && pattern != Pattern.TUXEDO && pattern != Pattern.PATCHES) {
      brush.fill(
          shape,
          Tones.linear(x, y + h * 0.45, x, y + h, Tones.alpha(pale, 0), Tones.alpha(pale, 0.55)));
    }
    switch (pattern) {
      case TABBY -> stripes(brush, place, r, dice);
      case BICOLOUR -> {
        if (bulk) {
          brush.fill(wave(x, y + h * 0.62, w, h, h * 0.07, dice), pale);
        } else if (place == Place.LEG) {
          brush.fill(wave(x, y + h * 0.5, w, h, h * 0.03, dice), pale);
        }
      }
      case PATCHES -> {
        if (bulk) {
          for (int i = dice.count(3, 5); i > 0; i--) {
            brush.fill(
                Forms.patch(
                    x + w * dice.unit(),
                    y + h * dice.between(0, 0.7),
                    w * dice.between(0.1, 0.2),
                    h * dice.between(0.12, 0.28),
                    0.35,
                    dice),
                i % 2 == 0 ? second : mark);
          }
        }
      }
      case SPOTS -> {
        if (place != Place.EAR) {
          Path2D spots = new Path2D.Double(Path2D.WIND_NON_ZERO);
          double k = Math.sqrt(w * h) * (bulk ? 0.035 : 0.07);
          for (int i = bulk ? 30 : 7; i > 0; i--) {
            double s = k * dice.between(0.6, 1.5);
            spots.append(
                Forms.patch(x + w * dice.unit(), y + h * dice.unit(), s, s * 0.85, 0.3, dice),
                false);
          }
          brush.fill(spots, Tones.alpha(mark, 0.85));
        }
      }
      case POINTS -> {
        if (place == Place.LEG) {
          brush.fill(
              shape,
              Tones.linear(
                  x, y + h * 0.3, x, y + h * 0.85, Tones.alpha(mark, 0), Tones.alpha(mark, 0.9)));
        }
      }
      case TUXEDO -> {
        if (place == Place.LEG) {
          brush.fill(wave(x, y + h * 0.74, w, h, h * 0.03, dice), pale);
        } else if (place == Place.CHEST) {
          brush.fill(Forms.patch(x + w / 2, y + h * 0.45, w * 0.2, h * 0.36, 0.2, dice), pale);
        } else if (place == Place.BODY) {
          brush.fill(Forms.patch(x + w * 0.92, y + h * 0.7, w * 0.16, h * 0.34, 0.2, dice), pale);
        }
      }
      case SADDLE -> {
        if (bulk) {
          brush.fill(
              shape,
              Tones.linear(
                  x,
                  y + h * 0.12,
                  x,
                  y + h * 0.72,
                  Tones.alpha(mark, 0.95),
                  Tones.alpha(mark, 0.8),
                  Tones.alpha(mark, 0)));
        }
      }
      default -> {}
    }
  }

  private void stripes(Brush brush, Place place, Rectangle2D r, Dice dice) {
    Path2D all = new Path2D.Double(Path2D.WIND_NON_ZERO);
    double w = r.getWidth();
    double h = r.getHeight();
    if (place == Place.BODY || place == Place.CHEST) {
      int n = dice.count(7, 10);
      for (int i = 0; i < n; i++) {
        double x = r.getX() + w * (i + dice.between(0.2, 0.8)) / n;
        double y = r.getY() - h * 0.05;
        double length = h * dice.between(0.45, 0.8);
        all.append(
            Forms.stripe(x, y, x - w * 0.04, y + length, dice.around(0.1, 0.15), w * 0.028), false);
      }
    } else if (place == Place.LEG || place == Place.TAIL) {
      int n = place == Place.LEG ? 4 : 7;
      boolean tall = h > w;
      for (int i = 0; i < n; i++) {
        double t = (i + dice.between(0.3, 0.7)) / n;
        if (tall) {
          double y = r.getY() + h * t;
          all.append(Forms.stripe(r.getX(), y, r.getX() + w, y - h * 0.03, 0.1, h * 0.035), false);
        } else {
          double x = r.getX() + w * t;
          all.append(Forms.stripe(x, r.getY(), x + w * 0.03, r.getMaxY(), 0.1, w * 0.035), false);
        }
      }
    }
    brush.fill(all, Tones.alpha(mark, 0.72));
  }

  /** Everything below a wavy line. */
  private static Path2D wave(double x, double y, double w, double h, double swing, Dice dice) {
    Path2D path = new Path2D.Double();
    path.moveTo(x - w, y + 2 * h);
    path.lineTo(x - w, y);
    double phase = dice.between(0, 6);
    for (int i = 0; i <= 12; i++) {
      path.lineTo(
          x - 0.05 * w + 1.1 * w * i / 12,
          y + swing * (StrictMath.sin(phase + i * 1.1) + dice.around(0, 0.5)));
    }
    path.lineTo(x + 2 * w, y + 2 * h);
    path.closePath();
    return path;
  }
}
