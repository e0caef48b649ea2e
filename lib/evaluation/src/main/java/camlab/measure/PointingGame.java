package camlab.measure;

import camlab.heatmap.Heatmap;
import camlab.heatmap.Position;
import camlab.identity.Later;
import camlab.picture.Mask;
import java.util.Locale;

/**
 * Does the highest point of a map lie on the object?
 *
 * <p>The map is resized to what the network saw of the picture, its highest point is taken (the
 * first in reading order if there are several), and it counts as a hit if a pixel of the object's
 * mask lies within the tolerance. A map without differences points nowhere and is a miss.
 *
 * <p>Source: J. Zhang et al., "Top-down Neural Attention by Excitation Backprop", ECCV 2016,
 * section 4.1, who allow 15 pixels.
 *
 * @param tolerance the largest distance from the highest point to the mask, in pixels of the
 *     picture; 0 asks for the mask itself
 * @param edge whether a pixel at exactly that distance is near enough
 */
public record PointingGame(int tolerance, @Later("true") boolean edge) implements Measure {

  /**
   * Requires a tolerance of at least 0.
   *
   * @param tolerance the largest distance from the highest point to the mask, in pixels of the
   *     picture
   * @param edge whether a pixel at exactly that distance is near enough
   */
  public PointingGame {
    if (tolerance < 0) {
      throw new IllegalArgumentException("A tolerance is at least 0 pixels, not " + tolerance);
    }
  }

  /**
   * A pixel at exactly the tolerance is near enough.
   *
   * @param tolerance the largest distance from the highest point to the mask, in pixels of the
   *     picture
   */
  public PointingGame(int tolerance) {
    this(tolerance, true);
  }

  /** The paper's tolerance of 15 pixels. */
  public PointingGame() {
    this(15);
  }

  @Override
  public String name() {
    String near = edge ? "within" : "nearer than";
    return String.format(Locale.ROOT, "pointing %s %d px", near, tolerance);
  }

  @Override
  public boolean higherIsBetter() {
    return true;
  }

  /** 1 for a hit, 0 for a miss: its mean over pictures is the share of hits. */
  @Override
  public double of(Explanation explanation) {
    return hits(Judged.of(explanation)) ? 1 : 0;
  }

  /**
   * {@return whether a map points at an object}
   *
   * @param map a map of any size; a map of a part of a picture counts on that part
   * @param object where the object is, in the picture that the map explains or in the network's
   *     view of it
   * @throws IllegalArgumentException if the mask is of a picture of another size
   */
  public boolean hits(Heatmap map, Mask object) {
    return hits(Judged.of(map, object));
  }

  private boolean hits(Judged judged) {
    Heatmap map = judged.map();
    if (!(map.max() > map.min())) {
      return false;
    }
    Position peak = map.peak();
    for (int row = peak.row() - tolerance; row <= peak.row() + tolerance; row++) {
      for (int column = peak.column() - tolerance; column <= peak.column() + tolerance; column++) {
        if (near(peak, row, column) && inside(judged.object(), row, column)) {
          return true;
        }
      }
    }
    return false;
  }

  private boolean near(Position peak, int row, int column) {
    int down = row - peak.row();
    int right = column - peak.column();
    int distance = down * down + right * right;
    return distance < tolerance * tolerance || (edge && distance == tolerance * tolerance);
  }

  private static boolean inside(Mask object, int row, int column) {
    return row >= 0
        && row < object.height()
        && column >= 0
        && column < object.width()
        && object.contains(row, column);
  }
}
