package camlab.drawing;

import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.PathIterator;
import java.awt.geom.Rectangle2D;

/** Outlines. Angles go through {@link StrictMath}, because {@link Math} may differ by platform. */
final class Forms {
  private Forms() {}

  /**
   * The box around an outline and the control points of its curves. Java's own {@code getBounds2D}
   * counted the control points up to JDK 18 and leaves them out since: the same seed would not draw
   * the same pixels everywhere.
   */
  static Rectangle2D bounds(Shape shape) {
    if (!(shape instanceof Path2D path)) {
      return shape.getBounds2D();
    }
    Rectangle2D box = null;
    double[] points = new double[6];
    for (PathIterator i = path.getPathIterator(null); !i.isDone(); i.next()) {
      int count =
          switch (i.currentSegment(points)) {
            case PathIterator.SEG_CLOSE -> 0;
            case PathIterator.SEG_QUADTO -> 2;
            case PathIterator.SEG_CUBICTO -> 3;
            default -> 1;
          };
      for (int p = 0; p < count; p++) {
        if (box == null) {
          box = new Rectangle2D.Double(points[0], points[1], 0, 0);
        } else {
          box.add(points[2 * p], points[2 * p + 1]);
        }
      }
    }
    return box == null ? new Rectangle2D.Double() : box;
  }

  /** A smooth closed curve through the points x0, y0, x1, y1, … */
  static Path2D blob(double... p) {
    int n = p.length / 2;
    Path2D path = new Path2D.Double(Path2D.WIND_NON_ZERO, n + 2);
    path.moveTo(p[0], p[1]);
    for (int i = 0; i < n; i++) {
      curve(path, p, (i + n - 1) % n, i, (i + 1) % n, (i + 2) % n);
    }
    path.closePath();
    return path;
  }

  /** A smooth open curve through the points. */
  static Path2D line(double... p) {
    int n = p.length / 2;
    Path2D path = new Path2D.Double();
    path.moveTo(p[0], p[1]);
    for (int i = 0; i + 1 < n; i++) {
      curve(path, p, Math.max(i - 1, 0), i, i + 1, Math.min(i + 2, n - 1));
    }
    return path;
  }

  private static void curve(Path2D path, double[] p, int a, int b, int c, int d) {
    double k = 1 / 6.0;
    path.curveTo(
        p[2 * b] + (p[2 * c] - p[2 * a]) * k,
        p[2 * b + 1] + (p[2 * c + 1] - p[2 * a + 1]) * k,
        p[2 * c] - (p[2 * d] - p[2 * b]) * k,
        p[2 * c + 1] - (p[2 * d + 1] - p[2 * b + 1]) * k,
        p[2 * c],
        p[2 * c + 1]);
  }

  /** A curve symmetric about x = 0, given its right half from top to bottom. */
  static Path2D symmetric(double... right) {
    int n = right.length / 2;
    int skipFirst = right[0] == 0 ? 1 : 0;
    int skipLast = right[2 * n - 2] == 0 ? 1 : 0;
    double[] all = new double[2 * (2 * n - skipFirst - skipLast)];
    System.arraycopy(right, 0, all, 0, right.length);
    int at = right.length;
    for (int i = n - 1 - skipLast; i >= skipFirst; i--) {
      all[at++] = -right[2 * i];
      all[at++] = right[2 * i + 1];
    }
    return blob(all);
  }

  static Path2D polygon(double... p) {
    Path2D path = new Path2D.Double();
    path.moveTo(p[0], p[1]);
    for (int i = 2; i < p.length; i += 2) {
      path.lineTo(p[i], p[i + 1]);
    }
    path.closePath();
    return path;
  }

  static Shape ellipse(double x, double y, double rx, double ry) {
    return new Ellipse2D.Double(x - rx, y - ry, 2 * rx, 2 * ry);
  }

  static Shape rectangle(double x, double y, double w, double h) {
    return new Rectangle2D.Double(x, y, w, h);
  }

  static Path2D rounded(double x, double y, double w, double h, double r) {
    double k = r * 0.45;
    Path2D path = new Path2D.Double();
    path.moveTo(x + r, y);
    path.lineTo(x + w - r, y);
    path.curveTo(x + w - k, y, x + w, y + k, x + w, y + r);
    path.lineTo(x + w, y + h - r);
    path.curveTo(x + w, y + h - k, x + w - k, y + h, x + w - r, y + h);
    path.lineTo(x + r, y + h);
    path.curveTo(x + k, y + h, x, y + h - k, x, y + h - r);
    path.lineTo(x, y + r);
    path.curveTo(x, y + k, x + k, y, x + r, y);
    path.closePath();
    return path;
  }

  /** A limb of changing thickness along a smooth spine of x, y, radius triples. */
  static Path2D limb(double... s) {
    return Limb.along(s).outline();
  }

  /** An irregular round patch. */
  static Path2D patch(double x, double y, double rx, double ry, double roughness, Dice dice) {
    int n = 11;
    double[] p = new double[2 * n];
    for (int i = 0; i < n; i++) {
      double angle = 2 * StrictMath.PI * i / n;
      double r = 1 + dice.around(0, roughness);
      p[2 * i] = x + rx * r * StrictMath.cos(angle);
      p[2 * i + 1] = y + ry * r * StrictMath.sin(angle);
    }
    return blob(p);
  }

  /** A stripe that tapers at both ends. */
  static Path2D stripe(double x0, double y0, double x1, double y1, double bend, double width) {
    double mx = (x0 + x1) / 2 - (y1 - y0) * bend;
    double my = (y0 + y1) / 2 + (x1 - x0) * bend;
    double dx = x1 - x0;
    double dy = y1 - y0;
    double length = Math.max(1e-9, Math.sqrt(dx * dx + dy * dy));
    double nx = -dy / length * width;
    double ny = dx / length * width;
    Path2D path = new Path2D.Double();
    path.moveTo(x0, y0);
    path.quadTo(mx + nx, my + ny, x1, y1);
    path.quadTo(mx - nx, my - ny, x0, y0);
    path.closePath();
    return path;
  }

  /** Little tufts along an outline, leaning towards (leanX, leanY). */
  static Path2D tufts(Shape outline, double length, double leanX, double leanY, Dice dice) {
    Path2D path = new Path2D.Double();
    double[] c = new double[6];
    double x = 0;
    double y = 0;
    double startX = 0;
    double startY = 0;
    double travelled = 0;
    double area = signedArea(outline);
    for (PathIterator i = outline.getPathIterator(null, length * 0.3); !i.isDone(); i.next()) {
      int kind = i.currentSegment(c);
      if (kind == PathIterator.SEG_MOVETO) {
        startX = c[0];
        startY = c[1];
      } else {
        double toX = kind == PathIterator.SEG_CLOSE ? startX : c[0];
        double toY = kind == PathIterator.SEG_CLOSE ? startY : c[1];
        double dx = toX - x;
        double dy = toY - y;
        double span = Math.sqrt(dx * dx + dy * dy);
        for (double at = length * 0.45 - travelled; at < span; at += length * 0.45) {
          double px = x + dx * at / span;
          double py = y + dy * at / span;
          double nx = dy / span * (area > 0 ? 1 : -1);
          double ny = -dx / span * (area > 0 ? 1 : -1);
          double tip = length * dice.between(0.1, 0.75);
          double tx = px + (nx * 0.55 + leanX) * tip;
          double ty = py + (ny * 0.55 + leanY) * tip;
          double w = length * 0.42;
          path.moveTo(px - dx / span * w - nx * w, py - dy / span * w - ny * w);
          path.lineTo(tx, ty);
          path.lineTo(px + dx / span * w - nx * w, py + dy / span * w - ny * w);
          path.closePath();
          travelled = -at;
        }
        travelled += span;
      }
      if (kind != PathIterator.SEG_CLOSE) {
        x = c[0];
        y = c[1];
      }
    }
    return path;
  }

  private static double signedArea(Shape outline) {
    double[] c = new double[6];
    double x = 0;
    double y = 0;
    double sum = 0;
    for (PathIterator i = outline.getPathIterator(null, 2); !i.isDone(); i.next()) {
      int kind = i.currentSegment(c);
      if (kind == PathIterator.SEG_LINETO) {
        sum += x * c[1] - c[0] * y;
      }
      if (kind != PathIterator.SEG_CLOSE) {
        x = c[0];
        y = c[1];
      }
    }
    return sum;
  }

  /** Moves, turns (radians) and scales; mirrored when {@code scaleX} is negative. */
  static AffineTransform place(double x, double y, double angle, double scaleX, double scaleY) {
    double cos = StrictMath.cos(angle);
    double sin = StrictMath.sin(angle);
    return new AffineTransform(cos * scaleX, sin * scaleX, -sin * scaleY, cos * scaleY, x, y);
  }
}
