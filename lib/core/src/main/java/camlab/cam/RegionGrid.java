package camlab.cam;

import camlab.picture.Picture;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * Regions of a picture that are hidden or seen as a whole: the rectangles of a grid, as equal as
 * whole pixels allow.
 *
 * @param rows how many rows of regions, at least 1; of a picture with fewer, as many as it has
 * @param columns how many columns of regions, at least 1; of a picture with fewer, as many as it
 *     has
 */
public record RegionGrid(int rows, int columns) implements Superpixels {

  /** Seven rows of seven: at 224×224 pixels each has 32×32. */
  public static final RegionGrid USUAL = new RegionGrid(7, 7);

  /**
   * Checks both.
   *
   * @param rows how many rows of regions, at least 1
   * @param columns how many columns of regions, at least 1
   */
  public RegionGrid {
    if (rows < 1 || columns < 1) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "A grid has at least 1×1 regions, found %d×%d.", rows, columns));
    }
  }

  /**
   * {@inheritDoc}
   *
   * @param picture is not looked at
   */
  @Override
  public int[] labels(int height, int width, Supplier<Picture> picture) {
    int down = Math.min(rows, height);
    int right = Math.min(columns, width);
    int[] labels = new int[height * width];
    for (int i = 0; i < labels.length; i++) {
      int row = (int) ((long) (i / width) * down / height);
      int column = (int) ((long) (i % width) * right / width);
      labels[i] = row * right + column;
    }
    return labels;
  }
}
