package camlab.drawing;

import java.awt.Shape;
import java.awt.geom.Path2D;

/** A limb of changing thickness along a smooth spine, sampled at ribs. */
final class Limb {

  /** Ribs from one node of the spine to the next. */
  static final int STEPS = 4;

  private final double[] xs;
  private final double[] ys;
  private final double[] rs;

  private Limb(double[] xs, double[] ys, double[] rs) {
    this.xs = xs;
    this.ys = ys;
    this.rs = rs;
  }

  /** A limb along a spine of x, y, radius triples. */
  static Limb along(double... s) {
    int n = s.length / 3;
    int m = (n - 1) * STEPS + 1;
    double[] xs = new double[m];
    double[] ys = new double[m];
    double[] rs = new double[m];
    for (int i = 0; i < m; i++) {
      int b = Math.min(i / STEPS, n - 2);
      double t = i / (double) STEPS - b;
      xs[i] = spline(s, 0, b, n, t);
      ys[i] = spline(s, 1, b, n, t);
      rs[i] = Math.max(0.01, spline(s, 2, b, n, t));
    }
    return new Limb(xs, ys, rs);
  }

  private static double spline(double[] s, int offset, int b, int n, double t) {
    double p0 = s[3 * Math.max(b - 1, 0) + offset];
    double p1 = s[3 * b + offset];
    double p2 = s[3 * (b + 1) + offset];
    double p3 = s[3 * Math.min(b + 2, n - 1) + offset];
    return p1
        + 0.5 * t * (p2 - p0 + t * (2 * p0 - 5 * p1 + 4 * p2 - p3 + t * (3 * (p1 - p2) + p3 - p0)));
  }

  int ribs() {
    return xs.length;
  }

  private double[] direction(int i) {
    int before = Math.max(i - 1, 0);
    int after = Math.min(i + 1, ribs() - 1);
    double dx = xs[after] - xs[before];
    double dy = ys[after] - ys[before];
    double length = Math.max(1e-9, Math.sqrt(dx * dx + dy * dy));
    return new double[] {dx / length, dy / length};
  }

  /** A little ellipse at the tip, of a share of the thickness there. */
  Shape end(double share) {
    int tip = ribs() - 1;
    return Forms.ellipse(xs[tip], ys[tip], rs[tip] * share, rs[tip] * share);
  }

  /** The outline with rounded ends. */
  Path2D outline() {
    return Forms.blob(outlineFrom(0, 0, true));
  }

  /**
   * Points of the outline as x, y pairs: one side up to the tip, and the other side back.
   *
   * @param left the rib at which the side left of the limb's direction begins
   * @param right the rib at which the side right of it ends
   * @param rounded whether a point is added behind the first rib
   */
  double[] outlineFrom(int left, int right, boolean rounded) {
    int m = ribs();
    double[] outline = new double[2 * (m - left + 1 + m - right + (rounded ? 1 : 0))];
    int at = 0;
    for (int i = left; i < m; i++) {
      double[] d = direction(i);
      outline[at++] = xs[i] + d[1] * rs[i];
      outline[at++] = ys[i] - d[0] * rs[i];
    }
    double[] tip = direction(m - 1);
    outline[at++] = xs[m - 1] + tip[0] * rs[m - 1] * 0.9;
    outline[at++] = ys[m - 1] + tip[1] * rs[m - 1] * 0.9;
    for (int i = m - 1; i >= right; i--) {
      double[] d = direction(i);
      outline[at++] = xs[i] - d[1] * rs[i];
      outline[at++] = ys[i] + d[0] * rs[i];
    }
    if (rounded) {
      double[] root = direction(0);
      outline[at++] = xs[0] - root[0] * rs[0] * 0.9;
      outline[at] = ys[0] - root[1] * rs[0] * 0.9;
    }
    return outline;
  }

  /** A bent line across the limb at a rib; a positive bulge bends it towards the tip. */
  Path2D ring(int i, double from, double to, double bulge) {
    double[] d = direction(i);
    double r = rs[i];
    return Forms.line(
        xs[i] + d[1] * r * from,
        ys[i] - d[0] * r * from,
        xs[i] + d[1] * r * (from + to) / 2 + d[0] * r * bulge,
        ys[i] - d[0] * r * (from + to) / 2 + d[1] * r * bulge,
        xs[i] + d[1] * r * to,
        ys[i] - d[0] * r * to);
  }

  /** A line along the limb, {@code across} from -1 (right) to 1 (left of its direction). */
  Path2D lengthwise(double across) {
    double[] p = new double[2 * ribs()];
    for (int i = 0; i < ribs(); i++) {
      double[] d = direction(i);
      p[2 * i] = xs[i] + d[1] * rs[i] * across;
      p[2 * i + 1] = ys[i] - d[0] * rs[i] * across;
    }
    return Forms.line(p);
  }
}
