package camlab.figure;

import camlab.picture.Mask;
import camlab.picture.Picture;

/**
 * The edge of a mask, drawn on a picture, so that a reader sees what "on the animal" means.
 *
 * <p>Of the mask, the pixels with a neighbour outside become white; beside it, those with a
 * neighbour inside become black. So the line can be seen on bright and on dark places. Neighbours
 * are the pixels above, below, left and right; beyond the picture there is none.
 */
public final class Outline {

  private static final int INSIDE = 0xFFFFFF;
  private static final int BESIDE = 0x000000;

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
    int[] pixels = new int[picture.width() * picture.height()];
    for (int i = 0; i < pixels.length; i++) {
      int row = i / picture.width();
      int column = i % picture.width();
      boolean in = mask.contains(row, column);
      pixels[i] = isEdge(mask, row, column) ? (in ? INSIDE : BESIDE) : picture.rgb(row, column);
    }
    return Picture.of(picture.width(), picture.height(), pixels);
  }

  private static boolean isEdge(Mask mask, int row, int column) {
    boolean in = mask.contains(row, column);
    return (row > 0 && mask.contains(row - 1, column) != in)
        || (row + 1 < mask.height() && mask.contains(row + 1, column) != in)
        || (column > 0 && mask.contains(row, column - 1) != in)
        || (column + 1 < mask.width() && mask.contains(row, column + 1) != in);
  }
}
