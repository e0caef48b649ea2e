package camlab.cam;

import camlab.picture.Picture;
import java.util.function.Supplier;

/** How a picture is divided into regions that are hidden or seen as a whole. */
public sealed interface Superpixels permits RegionGrid, Slic {

  /**
   * {@return the region of each pixel, row by row: numbers from 0, none of them left out}
   *
   * @param height rows of the picture
   * @param width columns of the picture
   * @param picture the picture itself, for a division that looks at it
   */
  int[] labels(int height, int width, Supplier<Picture> picture);
}
