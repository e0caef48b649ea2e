package camlab.measure;

import camlab.heatmap.Heatmap;
import camlab.heatmap.Placed;
import camlab.network.NotApplicableException;
import camlab.picture.Mask;

/**
 * A map and where the object is, both on the pixels that the network saw: of what it did not see,
 * no map can say anything.
 *
 * @param map one value for each pixel
 * @param object of the same size
 */
record Judged(Heatmap map, Mask object) {

  /** On the network's view. */
  static Judged of(Explanation explanation) {
    Mask object = explanation.requireObject();
    return new Judged(explanation.map().resized(object.height(), object.width()), object);
  }

  /** On the picture that the mask is of. */
  static Judged of(Heatmap map, Mask object) {
    Placed placed = map.placed(object.width(), object.height());
    Heatmap values = placed.map();
    return new Judged(
        values, object.cropped(placed.left(), placed.top(), values.width(), values.height()));
  }

  /** {@return the share of the pixels that are the object's, above 0} */
  double share() {
    int size = object.count();
    if (size == 0) {
      throw new NotApplicableException(
          "Of this object no pixel is left in what the network sees. Take a picture that shows it there, or leave the object out.");
    }
    return size / ((double) width() * height());
  }

  int height() {
    return map.height();
  }

  int width() {
    return map.width();
  }
}
