package camlab.drawing;

import java.awt.Shape;
import java.awt.geom.FlatteningPathIterator;
import java.awt.geom.Path2D;
import java.awt.geom.PathIterator;

/**
 * Turns a line into the area a round pen covers along it. Java's own stroker rounds its curves
 * differently from one release to the next, and the same seed must draw the same pixels everywhere;
 * areas come out alike.
 *
 * @param width of the pen
 * @param pixel size of one pixel of the picture, in the same unit: how finely to work
 */
record Pen(double width, double pixel) {

  private static final double FLATNESS = 0.05;
  private static final int DEEPEST_SPLIT = 10;
  private static final int COARSEST_CAP = 3;
  private static final int FINEST_CAP = 10;

  /** The area covered: a rounded bar for each straight piece, all wound the same way. */
  Path2D along(Shape line) {
    double[] cap = cap();
    Path2D area = new Path2D.Double(Path2D.WIND_NON_ZERO);
    double[] point = new double[6];
    double x = 0;
    double y = 0;
    double startX = 0;
    double startY = 0;
    PathIterator pieces =
        new FlatteningPathIterator(line.getPathIterator(null), FLATNESS * pixel, DEEPEST_SPLIT);
    for (; !pieces.isDone(); pieces.next()) {
      switch (pieces.currentSegment(point)) {
        case PathIterator.SEG_MOVETO -> {
          startX = point[0];
          startY = point[1];
        }
        case PathIterator.SEG_LINETO -> bar(area, cap, x, y, point[0], point[1]);
        default -> {
          bar(area, cap, x, y, startX, startY);
          point[0] = startX;
          point[1] = startY;
        }
      }
      x = point[0];
      y = point[1];
    }
    return area;
  }

  /** Half a circle of unit vectors, from (0, 1) over (1, 0) to (0, −1). */
  private double[] cap() {
    int steps = (int) Math.max(COARSEST_CAP, Math.min(FINEST_CAP, 3 * Math.sqrt(width / pixel)));
    double[] cap = new double[2 * (steps + 1)];
    for (int i = 0; i <= steps; i++) {
      double angle = StrictMath.PI * (0.5 - (double) i / steps);
      cap[2 * i] = StrictMath.cos(angle);
      cap[2 * i + 1] = StrictMath.sin(angle);
    }
    return cap;
  }

  private void bar(Path2D area, double[] cap, double x0, double y0, double x1, double y1) {
    double length = Math.sqrt((x1 - x0) * (x1 - x0) + (y1 - y0) * (y1 - y0));
    double ux = length > 0 ? (x1 - x0) / length * width / 2 : width / 2;
    double uy = length > 0 ? (y1 - y0) / length * width / 2 : 0;
    for (int i = 0; i < cap.length; i += 2) {
      double x = x1 + cap[i] * ux - cap[i + 1] * uy;
      double y = y1 + cap[i] * uy + cap[i + 1] * ux;
      if (i == 0) {
        area.moveTo(x, y);
      } else {
        area.lineTo(x, y);
      }
    }
    for (int i = 0; i < cap.length; i += 2) {
      area.lineTo(x0 - cap[i] * ux + cap[i + 1] * uy, y0 - cap[i] * uy - cap[i + 1] * ux);
    }
    area.closePath();
  }
}
