package camlab.drawing;

import java.awt.AlphaComposite;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Paint;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;

/** What the painters draw with: fills, strokes, fur and the modelling of round forms. */
record Brush(Graphics2D graphics) {

  static Brush of(Graphics2D graphics, boolean smooth) {
    graphics.setRenderingHint(
        RenderingHints.KEY_ANTIALIASING,
        smooth ? RenderingHints.VALUE_ANTIALIAS_ON : RenderingHints.VALUE_ANTIALIAS_OFF);
    graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    graphics.setRenderingHint(RenderingHints.KEY_RENDERING, RenderingHints.VALUE_RENDER_QUALITY);
    graphics.setRenderingHint(RenderingHints.KEY_DITHERING, RenderingHints.VALUE_DITHER_DISABLE);
    graphics.setRenderingHint(
        RenderingHints.KEY_COLOR_RENDERING, RenderingHints.VALUE_COLOR_RENDER_DEFAULT);
    graphics.setRenderingHint(
        RenderingHints.KEY_ALPHA_INTERPOLATION, RenderingHints.VALUE_ALPHA_INTERPOLATION_DEFAULT);
    return new Brush(graphics);
  }

  void fill(Shape shape, Paint paint) {
    graphics.setPaint(paint);
    graphics.fill(shape);
  }

  void stroke(Shape shape, Paint paint, double width) {
    double pixel = 1 / Math.sqrt(Math.abs(graphics.getTransform().getDeterminant()));
    fill(new Pen(width, pixel).along(shape), paint);
  }

  /** Wipes out what is drawn so far, softly, between two heights: the top of a leg melts away. */
  void fadeAbove(Shape shape, double clearY, double solidY) {
    graphics.setComposite(AlphaComposite.DstOut);
    fill(shape, Tones.linear(0, clearY, 0, solidY, Color.BLACK, new Color(0, 0, 0, 0)));
    graphics.setComposite(AlphaComposite.SrcAtop);
  }

  /** Models a round form: shadow side, lit side, a thin rim of light and a soft contour. */
  void model(Shape shape, Light light, Color base, double line) {
    Rectangle2D r = Forms.bounds(shape);
    double rx = r.getWidth() / 2;
    double ry = r.getHeight() / 2;
    double x = r.getCenterX();
    double y = r.getCenterY();
    Color dark = light.shade();
    Color glow = light.glow();
    double k = light.strength();
    double lx = light.x() * rx;
    double ly = light.y() * ry;
    // On its own layer only the form takes colour: the box also reaches the tufts at its edge.
    Rectangle2D all =
        new Rectangle2D.Double(x - rx * 1.3, y - ry * 1.3, r.getWidth() * 1.3, r.getHeight() * 1.3);
    Shape area = graphics.getComposite() == AlphaComposite.SrcAtop ? all : shape;
    fill(
        area,
        Tones.linear(
            x + lx,
            y + ly,
            x - lx,
            y - ly,
            Tones.alpha(dark, 0),
            Tones.alpha(dark, 0.1 * k),
            Tones.alpha(dark, 0.46 * k)));
    fill(
        area,
        Tones.radial(
            x + lx * 0.55,
            y + ly * 0.55,
            Math.max(rx, ry) * 0.95,
            Tones.alpha(glow, 0.3 * k),
            Tones.alpha(glow, 0.1 * k),
            Tones.alpha(glow, 0)));
    contour(shape, light, base, line);
  }

  /** The soft contour alone. */
  void contour(Shape shape, Light light, Color base, double line) {
    Rectangle2D r = Forms.bounds(shape);
    double x = r.getCenterX();
    double y = r.getCenterY();
    double lx = light.x() * r.getWidth() / 2;
    double ly = light.y() * r.getHeight() / 2;
    Color deep = Tones.darker(base, 0.62);
    stroke(
        shape,
        Tones.linear(
            x + lx,
            y + ly,
            x - lx,
            y - ly,
            Tones.alpha(light.glow(), 0.3),
            Tones.alpha(deep, 0.25),
            Tones.alpha(deep, 0.75)),
        line);
  }

  /** Short soft hairs inside a box, combed along (dx, dy). */
  void hairs(Rectangle2D box, double dx, double dy, int count, Color colour, double width, Dice d) {
    Path2D path = new Path2D.Double();
    for (int i = 0; i < count; i++) {
      double x = d.between(box.getMinX(), box.getMaxX());
      double y = d.between(box.getMinY(), box.getMaxY());
      double k = d.between(0.5, 1.2);
      double turn = d.around(0, 0.5);
      path.moveTo(x, y);
      path.quadTo(
          x + dx * k * 0.5, y + dy * k * 0.5, x + (dx - dy * turn) * k, y + (dy + dx * turn) * k);
    }
    stroke(path, colour, width);
  }
}
