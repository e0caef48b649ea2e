package camlab.concept;

import camlab.picture.Picture;
import java.util.ArrayList;
import java.util.List;

/**
 * A square or rectangle of what a network sees of a picture.
 *
 * @param view what the network sees
 * @param left its first column
 * @param top its first row
 * @param width its columns
 * @param height its rows
 */
record Crop(Picture view, int left, int top, int width, int height) {

  /**
   * {@return all crops of a view, row by row, of a share of its sides, with a fifth of overlap}
   *
   * @param view what a network sees
   * @param share of each side, above 0 and at most 1
   */
  static List<Crop> of(Picture view, double share) {
    int width = Math.max(1, (int) Math.round(share * view.width()));
    int height = Math.max(1, (int) Math.round(share * view.height()));
    List<Crop> crops = new ArrayList<>();
    for (int top = 0; top + height <= view.height(); top += step(height)) {
      for (int left = 0; left + width <= view.width(); left += step(width)) {
        crops.add(new Crop(view, left, top, width, height));
      }
    }
    return crops;
  }

  private static int step(int side) {
    return Math.max(1, side * 4 / 5);
  }

  /** {@return the crop, as large as the view} */
  Picture picture() {
    return view.cropped(left, top, width, height).resized(view.width(), view.height());
  }
}
