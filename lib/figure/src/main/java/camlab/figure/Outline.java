package camlab.figure;

import camlab.picture.Mask;
import camlab.picture.Picture;

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
    int[] pixels = new int[picture.width() * picture.height()];
    for (int i = 0; i < pixels.length; i++) {
      int row = i / picture.width();
      int column = i % picture.width();
      boolean in = mask.contains(row, column);
      pixels[i] =
          isEdge(mask, row, column, reach) ? (in ? INSIDE : BESIDE) : picture.rgb(row, column);
    }
    return Picture.of(picture.width(), picture.height(), pixels);
  }

  private static boolean isEdge(Mask mask, int row, int column, int reach) {
    for (int away = 1; away <= reach; away++) {
      if (differs(mask, row, column, away, 0) || differs(mask, row, column, 0, away)) {
        return true;
      }
    }
    return false;
  }

  /** Whether a pixel is inside and one of two others, in opposite directions, outside, or back. */
  private static boolean differs(Mask mask, int row, int column, int down, int right) {
    boolean in = mask.contains(row, column);
    return (row >= down && column >= right && mask.contains(row - down, column - right) != in)
        || (row + down < mask.height()
            && column + right < mask.width()
            && mask.contains(row + down, column + right) != in);
  }
}
