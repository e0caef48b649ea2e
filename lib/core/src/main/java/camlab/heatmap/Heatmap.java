package camlab.heatmap;

import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;

/**
 * A class activation map: an immutable grid of raw values, one per position of the layer it was
 * computed at, with what it was computed from.
 *
 * <p>Layout: row-major, {@code height × width}, row 0 at the top of the picture, column 0 at its
 * left. Values are raw: no method of this class changes the scale of the map it is called on.
 * {@link #normalized()} and {@link #resized(int, int)} return new maps, so that what was computed
 * and what is shown stay apart. Values may be negative (HiResCAM before rectification, a difference
 * of two maps) and are never NaN or infinite.
 */
public final class Heatmap {

  private final int height;
  private final int width;
  private final float[] values;
  private final Provenance provenance;

  private Heatmap(int height, int width, float[] values, Provenance provenance) {
    this.height = height;
    this.width = width;
    this.values = values;
    this.provenance = provenance;
  }

  /**
   * {@return a map of the given values}
   *
   * @param height rows, at least 1
   * @param width columns, at least 1
   * @param values {@code height · width} finite values, row-major; copied
   * @param provenance what the map was computed from
   * @throws IllegalArgumentException if the number of values is not {@code height · width}, or one
   *     of them is NaN or infinite
   */
  public static Heatmap of(int height, int width, float[] values, Provenance provenance) {
    Objects.requireNonNull(provenance, "provenance");
    Grids.requireShape(height, width, values.length);
    Grids.requireFinite(values, width);
    return new Heatmap(height, width, Grids.copy(values, height, width), provenance);
  }

  /**
   * {@return a map of the given rows, for maps worked out by hand}
   *
   * @param rows the rows, top to bottom, all of the same length; copied
   * @param provenance what the map was computed from
   * @throws IllegalArgumentException if the rows differ in length or a value is not finite
   */
  public static Heatmap of(float[][] rows, Provenance provenance) {
    int width = rows.length == 0 ? 0 : rows[0].length;
    float[] values = Grids.room(rows.length, width);
    for (int row = 0; row < rows.length; row++) {
      if (rows[row].length != width) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "Every row of a heatmap has the same length: row 0 has %d values, row %d has %d.",
                width,
                row,
                rows[row].length));
      }
      System.arraycopy(rows[row], 0, values, row * width, width);
    }
    return of(rows.length, width, values, provenance);
  }

  /** {@return the number of rows} */
  public int height() {
    return height;
  }

  /** {@return the number of columns} */
  public int width() {
    return width;
  }

  /** {@return what this map was computed from} */
  public Provenance provenance() {
    return provenance;
  }

  /** {@return the part of the picture that this map explains; empty for a map made by hand} */
  public Optional<Region> region() {
    return provenance.region();
  }

  /**
   * {@return the value at a position}
   *
   * @param row 0 at the top
   * @param column 0 at the left
   * @throws IndexOutOfBoundsException if the position lies outside the map
   */
  public float at(int row, int column) {
    return values[Grids.index(row, column, height, width)];
  }

  /** {@return all values, row-major, {@code height · width} of them; a copy} */
  public float[] values() {
    return Grids.copy(values, height, width);
  }

  /** {@return all values as rows, top to bottom; a copy} */
  public float[][] rows() {
    return Grids.rows(values, height, width);
  }

  /** {@return the smallest value} */
  public float min() {
    float min = values[0];
    for (float value : values) {
      if (!(value > min)) {
        min = Math.min(min, value); // tells −0 from 0
      }
    }
    return min;
  }

  /** {@return the largest value} */
  public float max() {
    return values[indexOfMax()];
  }

  /** {@return the sum of all values} */
  public double sum() {
    double sum = 0;
    for (float value : values) {
      sum += value;
    }
    return sum;
  }

  /**
   * {@return the position of the largest value; the first one in reading order if there are
   * several}
   */
  public Position peak() {
    int index = indexOfMax();
    return new Position(index / width, index % width);
  }

  private int indexOfMax() {
    int best = 0;
    float largest = values[0];
    for (int i = 1; i < values.length; i++) {
      if (values[i] > largest) {
        best = i;
        largest = values[i];
      }
    }
    return best;
  }

  /**
   * {@return this map scaled to [0, 1] by its own smallest and largest value: {@code (v − min) /
   * (max − min)}} A constant map has nothing to show and becomes all zeros, never NaN.
   */
  public Heatmap normalized() {
    return new Heatmap(height, width, Grids.normalize(values, width), provenance);
  }

  /**
   * {@return this map resized bilinearly with half-pixel centres, as PyTorch's {@code interpolate}
   * does with {@code align_corners=False} and no antialiasing}
   *
   * @param newHeight rows of the result, at least 1
   * @param newWidth columns of the result, at least 1
   * @throws IllegalArgumentException if one is less, or the result too large for Java's memory
   */
  public Heatmap resized(int newHeight, int newWidth) {
    if (newHeight == height && newWidth == width) {
      return this;
    }
    return new Heatmap(
        newHeight,
        newWidth,
        Grids.resizeBilinear(values, height, width, newHeight, newWidth),
        provenance);
  }

  /**
   * This map where it belongs on a picture: on the {@linkplain #region() part} that the network saw
   * of the original, on the whole of the network's own view. A map made by hand knows no part, and
   * is laid over the whole of any picture.
   *
   * <p>A picture whose size is both the original's and the view's counts as the original.
   *
   * @param width columns of the picture
   * @param height rows of the picture
   * @return the values at the pixels whose centres lie in that part, {@linkplain #resized bilinear}
   * @throws IllegalArgumentException if the picture has neither the original's size nor the view's,
   *     or is too large for Java's memory
   */
  public Placed placed(int width, int height) {
    Region.Size size = new Region.Size(width, height);
    return placed(region().map(seen -> seen.in(size)).orElse(Region.whole(width, height)));
  }

  /**
   * This map laid over a region of a picture.
   *
   * @param region where this map's outer edges lie
   * @return the values at the pixels whose centres lie in the region, {@linkplain #resized
   *     bilinear}
   */
  public Placed placed(Region region) {
    if (region.isSamePartAs(Region.whole(width, height))) {
      return new Placed(this, 0, 0);
    }
    Heatmap map =
        new Heatmap(
            region.endRow() - region.firstRow(),
            region.endColumn() - region.firstColumn(),
            Grids.place(values, height, width, region),
            provenance);
    return new Placed(map, region.firstColumn(), region.firstRow());
  }

  /**
   * {@return what a function makes of each value, such as {@code v -> Math.max(v, 0)}}
   *
   * @param function from the value at a position to the new value there, which is rounded to single
   *     precision
   * @throws IllegalArgumentException if a new value is NaN or infinite
   */
  public Heatmap apply(DoubleUnaryOperator function) {
    return of(height, width, Grids.apply(values, width, function), provenance);
  }

  /**
   * {@return what a function makes of the values of two maps, position by position, such as {@code
   * (a, b) -> a - b}; with this map's provenance}
   *
   * @param other a map of the same size
   * @param function from the values of both at a position to the new value there, which is rounded
   *     to single precision
   * @throws IllegalArgumentException if the sizes differ, or a new value is NaN or infinite
   */
  public Heatmap apply(Heatmap other, DoubleBinaryOperator function) {
    requireSameSize(other);
    return of(height, width, Grids.apply(values, other.values, width, function), provenance);
  }

  /**
   * {@return this map with another provenance, for a map that was derived from it}
   *
   * @param other what the new map was computed from
   */
  public Heatmap withProvenance(Provenance other) {
    return new Heatmap(height, width, values, Objects.requireNonNull(other, "provenance"));
  }

  /**
   * {@return the Pearson correlation of this map with another of the same size, in [−1, 1]; 0 if
   * one of the two is constant}
   *
   * @param other a map of the same size
   * @throws IllegalArgumentException if the sizes differ
   */
  public double correlation(Heatmap other) {
    requireSameSize(other);
    return Grids.correlation(values, other.values);
  }

  /**
   * {@return the largest difference between this map and another, position by position}
   *
   * @param other a map of the same size
   * @throws IllegalArgumentException if the sizes differ
   */
  public double maxDifference(Heatmap other) {
    requireSameSize(other);
    double largest = 0;
    for (int i = 0; i < values.length; i++) {
      largest = Math.max(largest, Math.abs((double) values[i] - other.values[i]));
    }
    return largest;
  }

  private void requireSameSize(Heatmap other) {
    if (height != other.height || width != other.width) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Only maps of one size can be compared: this one is %d×%d, the other %d×%d. Call"
                  + " resized first.",
              height,
              width,
              other.height,
              other.width));
    }
  }

  /** Two maps are equal if their sizes, values and provenance are. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Heatmap map
        && height == map.height
        && width == map.width
        && Arrays.equals(values, map.values)
        && provenance.equals(map.provenance);
  }

  @Override
  public int hashCode() {
    return Objects.hash(height, width, Arrays.hashCode(values), provenance);
  }

  /** One line: where the map comes from, its size and its range. */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT, "%s · %d×%d · %.3g to %.3g", provenance, height, width, min(), max());
  }
}
