package camlab.heatmap;

import java.util.Arrays;
import java.util.Locale;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;

/** Arithmetic on row-major grids of floats, shared by the value types of this package. */
final class Grids {

  /** What every Java has room for in one array. */
  private static final int LARGEST = Integer.MAX_VALUE - 8;

  /** A map, the picture under it, and the overlay of both. */
  private static final int MAPS_AT_ONCE = 4;

  private static final String SMALLER =
      "Lay it over a smaller picture: explain a reduced copy, Picture.readReduced(path), or take what the network saw, preprocessing().view(picture).";

  private Grids() {}

  static void requireShape(int height, int width, int length) {
    if (height < 1 || width < 1 || (long) height * width != length) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "A map of %d rows and %d columns needs %d values (at least 1 row and 1 column), found %d.",
              height,
              width,
              (long) height * width,
              length));
    }
  }

  static void requireFinite(float[] values, int width) {
    for (int i = 0; i < values.length; i++) {
      if (!Float.isFinite(values[i])) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "A heatmap holds finite values only; row %d, column %d is %s. Look for a division by zero, or for a network with broken weights.",
                i / width,
                i % width,
                values[i]));
      }
    }
  }

  static int index(int row, int column, int height, int width) {
    return Position.requireIndex("row", row, height) * width
        + Position.requireIndex("column", column, width);
  }

  /**
   * An array for a map.
   *
   * @throws IllegalArgumentException if it is too large, for an array or for Java's memory
   */
  static float[] room(int height, int width) {
    long length = (long) height * width;
    if (length > LARGEST) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "A map has at most %,d values; one of %,d rows and %,d columns, %,d values, was asked for. %s",
              LARGEST,
              height,
              width,
              length,
              SMALLER));
    }
    try {
      return new float[(int) length];
    } catch (OutOfMemoryError e) {
      throw noRoom(length, height, width, e); // one array; nothing else has been asked for
    }
  }

  /**
   * The rows of a map, copied.
   *
   * @throws IllegalArgumentException if Java's memory has no room for them
   */
  static float[][] rows(float[] values, int height, int width) {
    try {
      float[][] rows = new float[height][];
      for (int row = 0; row < height; row++) {
        rows[row] = Arrays.copyOfRange(values, row * width, (row + 1) * width);
      }
      return rows;
    } catch (OutOfMemoryError e) {
      throw noRoom(values.length, height, width, e); // the rows made before have been let go
    }
  }

  private static IllegalArgumentException noRoom(
      long length, int height, int width, OutOfMemoryError cause) {
    long most = Runtime.getRuntime().maxMemory();
    return new IllegalArgumentException(
        String.format(
            Locale.ROOT,
            "A map of %,d rows and %,d columns takes %,d MB, for which Java has no room left: it may use %,d MB in all. %s Or start Java with more memory, such as -Xmx%dg.",
            height,
            width,
            (length * Float.BYTES) >> 20,
            most >> 20,
            SMALLER,
            2 + ((most + MAPS_AT_ONCE * length * Float.BYTES) >> 30)),
        cause);
  }

  static float[] copy(float[] values, int height, int width) {
    float[] copy = room(height, width);
    System.arraycopy(values, 0, copy, 0, copy.length);
    return copy;
  }

  static float[] normalize(float[] values, int width) {
    float min = Float.POSITIVE_INFINITY;
    float max = Float.NEGATIVE_INFINITY;
    for (float value : values) {
      // They are asked only where something may change, for they tell −0 from 0, and take longer.
      if (!(value > min)) {
        min = Math.min(min, value);
      }
      if (!(value < max)) {
        max = Math.max(max, value);
      }
    }
    // In double: the difference of two large floats of opposite sign can overflow a float.
    double range = (double) max - min;
    float[] normalized = room(values.length / width, width);
    if (range > 0) {
      for (int i = 0; i < values.length; i++) {
        normalized[i] = (float) (((double) values[i] - min) / range);
      }
    }
    return normalized;
  }

  static float[] resizeBilinear(
      float[] values, int height, int width, int newHeight, int newWidth) {
    if (newHeight < 1 || newWidth < 1) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "A map is resized to at least 1×1, not to %d×%d.", newHeight, newWidth));
    }
    return interpolate(
        values,
        width,
        centres(height, 0, newHeight, 0, newHeight),
        centres(width, 0, newWidth, 0, newWidth));
  }

  /** A grid that lies over a region, as one value for each pixel of the picture that it covers. */
  static float[] place(float[] values, int height, int width, Region region) {
    return interpolate(
        values,
        width,
        centres(height, region.top(), region.height(), region.firstRow(), region.endRow()),
        centres(width, region.left(), region.width(), region.firstColumn(), region.endColumn()));
  }

  private static float[] interpolate(float[] values, int width, double[] rows, double[] columns) {
    int height = values.length / width;
    float[] result = room(rows.length, columns.length);
    // Many new rows lie between the same two old ones, so each of these is stretched once; the next
    // ones lie further down.
    int last = -1;
    double[] upper = {};
    double[] lower = {};
    for (int row = 0; row < rows.length; row++) {
      int top = (int) rows[row];
      int bottom = Math.min(top + 1, height - 1);
      if (top != last) {
        boolean next = last >= 0 && top == last + 1;
        upper = next ? lower : stretch(values, top * width, width, columns);
        lower = bottom == top ? upper : stretch(values, bottom * width, width, columns);
        last = top;
      }
      double dy = rows[row] - top;
      double rest = 1 - dy;
      int start = row * columns.length;
      for (int column = 0; column < columns.length; column++) {
        result[start + column] = (float) (upper[column] * rest + lower[column] * dy);
      }
    }
    return result;
  }

  /** One row with other columns. */
  private static double[] stretch(float[] values, int start, int width, double[] columns) {
    double[] stretched = new double[columns.length];
    for (int column = 0; column < columns.length; column++) {
      int left = (int) columns[column];
      int right = Math.min(left + 1, width - 1);
      double dx = columns[column] - left;
      stretched[column] = values[start + left] * (1 - dx) + values[start + right] * dx;
    }
    return stretched;
  }

  /**
   * Where the centres of pixels lie among the cells of a row that spans {@code start} to {@code
   * start + length}; centres beyond the outermost cells' take theirs.
   */
  private static double[] centres(int cells, double start, double length, int first, int end) {
    double[] centres = new double[end - first];
    for (int i = 0; i < centres.length; i++) {
      double centre = (first + i + 0.5 - start) * cells / length - 0.5;
      centres[i] = Math.min(Math.max(centre, 0), cells - 1);
    }
    return centres;
  }

  /** In [−1, 1], whatever rounding does; 0 if either is constant, whose mean may be rounded. */
  static double correlation(float[] a, float[] b) {
    if (isConstant(a) || isConstant(b)) {
      return 0;
    }
    double meanA = 0;
    double meanB = 0;
    for (int i = 0; i < a.length; i++) {
      meanA += a[i] / (double) a.length;
      meanB += b[i] / (double) b.length;
    }
    double covariance = 0;
    double varianceA = 0;
    double varianceB = 0;
    for (int i = 0; i < a.length; i++) {
      covariance += (a[i] - meanA) * (b[i] - meanB);
      varianceA += (a[i] - meanA) * (a[i] - meanA);
      varianceB += (b[i] - meanB) * (b[i] - meanB);
    }
    double scale = Math.sqrt(varianceA) * Math.sqrt(varianceB);
    return scale == 0 ? 0 : Math.max(-1, Math.min(1, covariance / scale));
  }

  private static boolean isConstant(float[] values) {
    for (float value : values) {
      if (value != values[0]) {
        return false;
      }
    }
    return true;
  }

  /** What a function makes of each value. */
  static float[] apply(float[] values, int width, DoubleUnaryOperator function) {
    float[] result = room(values.length / width, width);
    for (int i = 0; i < result.length; i++) {
      result[i] = (float) function.applyAsDouble(values[i]);
    }
    return result;
  }

  /** What a function makes of two values at a time. */
  static float[] apply(float[] values, float[] others, int width, DoubleBinaryOperator function) {
    float[] result = room(values.length / width, width);
    for (int i = 0; i < result.length; i++) {
      result[i] = (float) function.applyAsDouble(values[i], others[i]);
    }
    return result;
  }
}
