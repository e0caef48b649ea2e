package camlab.drawing;

import java.awt.Color;
import java.awt.LinearGradientPaint;
import java.awt.MultipleGradientPaint.CycleMethod;
import java.awt.Paint;
import java.awt.RadialGradientPaint;
import java.awt.geom.Point2D;

/** Colour arithmetic and gradients. */
final class Tones {
  private Tones() {}

  static Color rgb(int code) {
    return new Color(code);
  }

  static Color mix(Color a, Color b, double share) {
    double s = Math.max(0, Math.min(1, share));
    return new Color(
        blend(a.getRed(), b.getRed(), s),
        blend(a.getGreen(), b.getGreen(), s),
        blend(a.getBlue(), b.getBlue(), s));
  }

  private static int blend(int a, int b, double share) {
    return (int) (a + (b - a) * share + 0.5);
  }

  static Color alpha(Color c, double opacity) {
    int a = (int) (255 * Math.max(0, Math.min(1, opacity)) + 0.5);
    return new Color(c.getRed(), c.getGreen(), c.getBlue(), a);
  }

  static Color darker(Color c, double share) {
    return mix(c, new Color(24, 16, 22), share);
  }

  static Color lighter(Color c, double share) {
    return mix(c, new Color(255, 251, 243), share);
  }

  /** A small random departure, so that no colour is ever used twice exactly. */
  static Color vary(Color c, Dice dice, double amount) {
    double light = dice.around(0, amount);
    return new Color(
        clamp(c.getRed() + 255 * (light + dice.around(0, amount * 0.35))),
        clamp(c.getGreen() + 255 * (light + dice.around(0, amount * 0.35))),
        clamp(c.getBlue() + 255 * (light + dice.around(0, amount * 0.35))));
  }

  /** A colour from hue (in turns), saturation and value, without the platform's own arithmetic. */
  static Color hue(double turns, double saturation, double value) {
    double h = (turns - StrictMath.floor(turns)) * 6;
    double[] channels = new double[3];
    for (int i = 0; i < 3; i++) {
      double k = (h + (i == 0 ? 5 : i == 1 ? 3 : 1)) % 6;
      channels[i] = value - value * saturation * Math.max(0, Math.min(1, Math.min(k, 4 - k)));
    }
    return new Color(clamp(255 * channels[0]), clamp(255 * channels[1]), clamp(255 * channels[2]));
  }

  private static int clamp(double value) {
    return (int) Math.max(0, Math.min(255, value + 0.5));
  }

  static Paint linear(double x0, double y0, double x1, double y1, Color... stops) {
    if (StrictMath.abs(x0 - x1) + StrictMath.abs(y0 - y1) < 1e-6) {
      return stops[0];
    }
    return new LinearGradientPaint(
        new Point2D.Double(x0, y0), new Point2D.Double(x1, y1), even(stops.length), stops);
  }

  static Paint radial(double x, double y, double radius, Color... stops) {
    return new RadialGradientPaint(
        new Point2D.Double(x, y),
        (float) Math.max(radius, 1e-3),
        even(stops.length),
        stops,
        CycleMethod.NO_CYCLE);
  }

  private static float[] even(int count) {
    float[] fractions = new float[count];
    for (int i = 0; i < count; i++) {
      fractions[i] = i / (float) (count - 1);
    }
    return fractions;
  }
}
