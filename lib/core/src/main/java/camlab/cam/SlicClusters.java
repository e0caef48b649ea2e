package camlab.cam;

import camlab.picture.Picture;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/** The clusters of {@link Slic} in one picture. */
final class SlicClusters {

  private static final int ROUNDS = 10;
  private static final int L = 0;
  private static final int ROW = 3;
  private static final int COLUMN = 4;

  private final int height;
  private final int width;

  /** The side of a cell of the grid that the centres start on. */
  private final double side;

  /** (m/S)². */
  private final double weight;

  /** Of each pixel L, a, b, row and column. */
  private final double[][] pixels;

  SlicClusters(Picture picture, Slic slic) {
    height = picture.height();
    width = picture.width();
    side = Math.sqrt((double) height * width / slic.regions());
    weight = slic.compactness() / side * (slic.compactness() / side);
    pixels = new double[height * width][];
    for (int i = 0; i < pixels.length; i++) {
      int row = i / width;
      int column = i % width;
      double[] lab = Lab.of(picture.rgb(row, column));
      pixels[i] = new double[] {lab[0], lab[1], lab[2], row, column};
    }
  }

  int[] labels() {
    double[][] centres = centres();
    int[] labels = new int[pixels.length];
    for (int round = 0; round < ROUNDS; round++) {
      assign(centres, labels);
      move(centres, labels);
    }
    return connected(labels);
  }

  private double[][] centres() {
    int rows = (int) Math.max(1, Math.min(height, Math.round(height / side)));
    int columns = (int) Math.max(1, Math.min(width, Math.round(width / side)));
    double[][] centres = new double[rows * columns][];
    for (int i = 0; i < centres.length; i++) {
      int down = i / columns;
      int over = i % columns;
      int row = (int) ((down + 0.5) * height / rows);
      int column = (int) ((over + 0.5) * width / columns);
      centres[i] = pixels[smoothest(row, column)].clone();
    }
    return centres;
  }

  /** The pixel with the smallest gradient of the 3×3 around one; that one if none is smaller. */
  private int smoothest(int row, int column) {
    int best = row * width + column;
    for (int r = Math.max(0, row - 1); r <= Math.min(height - 1, row + 1); r++) {
      for (int c = Math.max(0, column - 1); c <= Math.min(width - 1, column + 1); c++) {
        if (gradient(r, c) < gradient(best / width, best % width)) {
          best = r * width + c;
        }
      }
    }
    return best;
  }

  private double gradient(int row, int column) {
    double[] above = at(row - 1, column);
    double[] below = at(row + 1, column);
    double[] left = at(row, column - 1);
    double[] right = at(row, column + 1);
    return colour(above, below) + colour(left, right);
  }

  /** The pixel there, or the nearest one at the edge. */
  private double[] at(int row, int column) {
    int r = Math.min(height - 1, Math.max(0, row));
    int c = Math.min(width - 1, Math.max(0, column));
    return pixels[r * width + c];
  }

  private void assign(double[][] centres, int[] labels) {
    double[] nearest = new double[labels.length];
    Arrays.fill(nearest, Double.POSITIVE_INFINITY);
    for (int k = 0; k < centres.length; k++) {
      int firstRow = (int) Math.max(0, Math.ceil(centres[k][ROW] - side));
      int lastRow = (int) Math.min(height - 1, Math.floor(centres[k][ROW] + side));
      int firstColumn = (int) Math.max(0, Math.ceil(centres[k][COLUMN] - side));
      int lastColumn = (int) Math.min(width - 1, Math.floor(centres[k][COLUMN] + side));
      for (int row = firstRow; row <= lastRow; row++) {
        for (int i = row * width + firstColumn; i <= row * width + lastColumn; i++) {
          double distance = distance(pixels[i], centres[k]);
          if (distance < nearest[i]) {
            nearest[i] = distance;
            labels[i] = k;
          }
        }
      }
    }
  }

  private double distance(double[] one, double[] other) {
    double down = one[ROW] - other[ROW];
    double over = one[COLUMN] - other[COLUMN];
    return colour(one, other) + weight * (down * down + over * over);
  }

  private static double colour(double[] one, double[] other) {
    double sum = 0;
    for (int i = L; i < ROW; i++) {
      sum += (one[i] - other[i]) * (one[i] - other[i]);
    }
    return sum;
  }

  /** A centre without pixels stays where it is. */
  private void move(double[][] centres, int[] labels) {
    double[][] sums = new double[centres.length][COLUMN + 1];
    int[] counts = new int[centres.length];
    for (int i = 0; i < labels.length; i++) {
      counts[labels[i]]++;
      for (int j = 0; j <= COLUMN; j++) {
        sums[labels[i]][j] += pixels[i][j];
      }
    }
    for (int k = 0; k < centres.length; k++) {
      for (int j = 0; j <= COLUMN && counts[k] > 0; j++) {
        centres[k][j] = sums[k][j] / counts[k];
      }
    }
  }

  /** New numbers, one for each connected part that is large enough, in the order they begin. */
  private int[] connected(int[] labels) {
    int[] regions = new int[labels.length];
    Arrays.fill(regions, -1);
    int next = 0;
    for (int i = 0; i < labels.length; i++) {
      if (regions[i] < 0) {
        List<Integer> part = part(labels, regions, i, next);
        int before = neighbour(regions, i);
        if (part.size() < side * side / 4 && before >= 0) {
          part.forEach(pixel -> regions[pixel] = before);
        } else {
          next++;
        }
      }
    }
    return regions;
  }

  /** Numbers the pixels that are connected with one and have its label. */
  private List<Integer> part(int[] labels, int[] regions, int start, int number) {
    List<Integer> part = new ArrayList<>();
    Deque<Integer> open = new ArrayDeque<>(List.of(start));
    regions[start] = number;
    while (!open.isEmpty()) {
      int pixel = open.pop();
      part.add(pixel);
      for (int each : neighbours(pixel)) {
        if (regions[each] < 0 && labels[each] == labels[pixel]) {
          regions[each] = number;
          open.push(each);
        }
      }
    }
    return part;
  }

  /**
   * The region to the left of a part's first pixel, or above it; −1 at the picture's first pixel.
   * Whatever comes before in the order of the rows has its number.
   */
  private int neighbour(int[] regions, int first) {
    if (first % width > 0) {
      return regions[first - 1];
    }
    return first >= width ? regions[first - width] : -1;
  }

  private int[] neighbours(int pixel) {
    int row = pixel / width;
    int column = pixel % width;
    int[] found = new int[4];
    int count = 0;
    if (row > 0) {
      found[count++] = pixel - width;
    }
    if (row < height - 1) {
      found[count++] = pixel + width;
    }
    if (column > 0) {
      found[count++] = pixel - 1;
    }
    if (column < width - 1) {
      found[count++] = pixel + 1;
    }
    return Arrays.copyOf(found, count);
  }
}
