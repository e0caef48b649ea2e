package camlab.measure;

import camlab.heatmap.Heatmap;
import camlab.heatmap.Position;
import camlab.identity.Later;
import camlab.picture.Mask;
import java.util.Locale;
import java.util.Objects;

/**
 * Does the highest point of a map lie on the object?
 *
 * <p>The map is resized to what the network saw of the picture, its highest point is taken, and it
 * counts as a hit if a pixel of the object's mask lies within the tolerance. A map without
 * differences points nowhere and is a miss.
 *
 * <p>Some maps have several highest points: one of regions has all pixels of its best region. Which
 * of them is taken is {@link Ties}.
 *
 * <p>Source: J. Zhang et al., "Top-down Neural Attention by Excitation Backprop", ECCV 2016,
 * section 4.1, who allow 15 pixels. They say nothing of ties; TorchRay takes the first, Quantus
 * 0.6.0 calls it a hit if any lies on the object.
 *
 * @param tolerance the largest distance from the highest point to the mask, in pixels of what the
 *     mask is of: the view for {@link #of}, any picture for {@link #hits}; 0 asks for the mask
 *     itself
 * @param edge whether a pixel at exactly that distance is near enough
 * @param ties what is done if several points are the highest
 */
public record PointingGame(int tolerance, @Later("true") boolean edge, @Later("FIRST") Ties ties)
    implements Measure {

  /** What is done if several values of a map are its largest. */
  public enum Ties {
    /** The first in reading order is taken, the upper left corner of a region. */
    FIRST,
    /**
     * The share of them that hit: what a point of them drawn by lot would get in the mean. Where
     * one value of the map is the largest, and only resizing repeats it on pixels beside each other
     * (at the picture's edge), the first of these is taken.
     */
    SHARED
  }

  /**
   * Requires a tolerance of at least 0.
   *
   * @param tolerance the largest distance from the highest point to the mask, in pixels of the
   *     picture
   * @param edge whether a pixel at exactly that distance is near enough
   * @param ties what is done if several points are the highest
   */
  public PointingGame {
    Objects.requireNonNull(ties, "ties");
    if (tolerance < 0) {
      throw new IllegalArgumentException("A tolerance is at least 0 pixels, not " + tolerance);
    }
  }

  /**
   * A pixel at exactly the tolerance is near enough, and several highest points share the hit.
   *
   * @param tolerance the largest distance from the highest point to the mask, in pixels of the
   *     picture
   */
  public PointingGame(int tolerance) {
    this(tolerance, true, Ties.SHARED);
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

  /** 1 for a hit, 0 for a miss, between them for a tie: its mean over pictures is the share. */
  @Override
  public double of(Explanation explanation) {
    return share(explanation.map(), Judged.of(explanation));
  }

  /**
   * {@return whether a map points at an object: at least half of its highest points do}
   *
   * @param map a map of any size; a map of a part of a picture counts on that part
   * @param object where the object is, in the picture that the map explains or in the network's
   *     view of it
   * @throws IllegalArgumentException if the mask is of a picture of another size
   */
  public boolean hits(Heatmap map, Mask object) {
    return share(map, Judged.of(map, object)) >= 0.5;
  }

  private double share(Heatmap given, Judged judged) {
    Heatmap map = judged.map();
    if (!(map.max() > map.min())) {
      return 0;
    }
    if (ties == Ties.FIRST || count(given, given.max()) == 1) {
      return near(map.peak(), judged.object()) ? 1 : 0;
    }
    float max = map.max(); // looks at all pixels
    int hits = 0;
    for (int row = 0; row < map.height(); row++) {
      for (int column = 0; column < map.width(); column++) {
        boolean highest = map.at(row, column) == max;
        hits += highest && near(new Position(row, column), judged.object()) ? 1 : 0;
      }
    }
    return (double) hits / count(map, max);
  }

  private static int count(Heatmap map, float value) {
    int count = 0;
    for (float each : map.values()) {
      count += each == value ? 1 : 0;
    }
    return count;
  }

  private boolean near(Position point, Mask object) {
    int lastRow = (int) Math.min(object.height() - 1, (long) point.row() + tolerance);
    int lastColumn = (int) Math.min(object.width() - 1, (long) point.column() + tolerance);
    for (int row = Math.max(0, point.row() - tolerance); row <= lastRow; row++) {
      for (int column = Math.max(0, point.column() - tolerance); column <= lastColumn; column++) {
        if (near(point, row, column) && object.contains(row, column)) {
          return true;
        }
      }
    }
    return false;
  }

  private boolean near(Position point, int row, int column) {
    long down = (long) row - point.row();
    long right = (long) column - point.column();
    long distance = down * down + right * right;
    long reach = (long) tolerance * tolerance;
    return distance < reach || (edge && distance == reach);
  }
}
