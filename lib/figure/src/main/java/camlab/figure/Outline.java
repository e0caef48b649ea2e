package camlab.figure;

import camlab.picture.Mask;
import camlab.picture.Picture;
import java.util.BitSet;
import java.util.Objects;

/**
 * The edge of a mask, drawn on a picture, so that a reader sees what "on the animal" means.
 *
 * <p>Of the mask, the pixels with a neighbour outside become white; beside it, those with a
 * neighbour inside become black. So the line can be seen on bright and on dark places. Neighbours
 * are the pixels above, below, left and right, of pictures with 320 pixels and more also those a
 * few pixels away, so that the line can be seen in a small copy; beyond the picture there is none.
 */
public final class Outline {

  private static final int INSIDE = 0xFFFFFF;
  private static final int BESIDE = 0x000000;

  /** For so many pixels of the picture's longer side the line is one pixel wide on each side. */
  private static final int SIDE_OF_ONE = 160;

  private Outline() {}

  /**
   * {@return a picture with the outline of a mask} All other pixels stay as they are.
   *
   * @param picture the picture, or an overlay on it
   * @param mask a mask of the picture's size
   * @throws IllegalArgumentException if the mask has another size
   */
  public static Picture of(Picture picture, Mask mask) {
    Picture.required(picture);
    Objects.requireNonNull(mask, "Expected a mask, found null.");
    if (mask.width() != picture.width() || mask.height() != picture.height()) {
      throw new IllegalArgumentException(
          "A mask is as large as its picture: expected "
              + picture.width()
              + "×"
              + picture.height()
              + " pixels, found "
              + mask.width()
              + "×"
              + mask.height()
              + ".");
    }
    int reach = Math.max(1, Math.max(picture.width(), picture.height()) / SIDE_OF_ONE);
    BitSet line = line(mask, reach);
    return Picture.of(
        picture.width(),
        picture.height(),
        (row, column) -> {
          if (!line.get(row * mask.width() + column)) {
            return picture.rgb(row, column);
          }
          return mask.contains(row, column) ? INSIDE : BESIDE;
        });
  }

  /**
   * Which pixels are on the line, counted row by row: wherever two neighbours differ, so many on
   * both sides. (Each pixel would have to look as far otherwise, and most lie nowhere near.)
   */
  private static BitSet line(Mask mask, int reach) {
    int width = mask.width();
    BitSet line = new BitSet(width * mask.height());
    for (int row = 0; row < mask.height(); row++) {
      for (int column = 0; column < width; column++) {
        boolean in = mask.contains(row, column);
        if (column > 0 && mask.contains(row, column - 1) != in) {
          int first = row * width;
          line.set(first + Math.max(0, column - reach), first + Math.min(width, column + reach));
        }
        if (row > 0 && mask.contains(row - 1, column) != in) {
          int end = Math.min(mask.height(), row + reach);
          for (int near = Math.max(0, row - reach); near < end; near++) {
            line.set(near * width + column);
          }
        }
      }
    }
    return line;
  }
}
