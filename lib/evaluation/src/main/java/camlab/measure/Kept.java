package camlab.measure;

import camlab.heatmap.Heatmap;
import camlab.identity.Identified;
import camlab.picture.Mask;
import camlab.picture.Picture;
import camlab.picture.Preprocessing;
import java.util.Objects;

/**
 * How a picture is reduced to what a map highlights. Published numbers differ most of all in this.
 *
 * <p>With m the map in [0, 1] at the view's size, x a pixel's value and b that of the baseline, the
 * pixel becomes b + m (x − b), rounded to 8 bits: the picture where m is 1, the baseline where it
 * is 0. Over black that is the picture times the map. Over the colour that preprocessing turns to
 * zero it is what others call multiplying the tensor, up to the rounding: at most one of 255 grey
 * values.
 *
 * @param baseline what is left where the map is 0
 * @param share of the pixels, in (0, 1]: only those with the highest values count, the others
 *     become the baseline whatever the map says of them
 * @param scaling when the map is scaled to [0, 1]
 * @param seed of the order among equal values, where the share is below 1
 */
public record Kept(Baseline baseline, double share, Scaling scaling, long seed)
    implements Identified {

  /** The picture times the map: black where the map is 0. */
  public static final Kept PICTURE = new Kept(Baseline.black(), 1, Scaling.AFTER_RESIZING, 1);

  /** {@link #PICTURE} as it stands in an identity. */
  static final String USUAL =
      "Kept(baseline=Colour(name='black', rgb=0), scaling=AFTER_RESIZING, seed=1, share=1.0)";

  /** When a map is scaled to [0, 1]: resized bilinearly it does not reach its ends any more. */
  public enum Scaling {
    /**
     * Resized to the view, then scaled: some pixel is 0, and some is 1; all are 0 if all are equal.
     */
    AFTER_RESIZING,
    /** Scaled at its own resolution, then resized. */
    BEFORE_RESIZING
  }

  /**
   * Requires a share.
   *
   * @param baseline what is left where the map is 0
   * @param share of the pixels, in (0, 1]
   * @param scaling when the map is scaled to [0, 1]
   * @param seed of the order among equal values
   */
  public Kept {
    Objects.requireNonNull(baseline, "baseline");
    Objects.requireNonNull(scaling, "scaling");
    if (!(share > 0 && share <= 1)) {
      throw new IllegalArgumentException("A share lies in (0, 1], found " + share + ".");
    }
  }

  /**
   * {@return all of the map, over the baseline}
   *
   * @param baseline what is left where the map is 0
   */
  public static Kept over(Baseline baseline) {
    return new Kept(baseline, 1, Scaling.AFTER_RESIZING, 1);
  }

  /**
   * {@return what multiplying the network's input by the map does: where the map is 0, the input
   * is}
   *
   * @param preprocessing the network's
   */
  public static Kept tensor(Preprocessing preprocessing) {
    return over(Baseline.zero(preprocessing));
  }

  /**
   * {@return this, with another moment of scaling}
   *
   * @param other when the map is scaled
   */
  public Kept scaled(Scaling other) {
    return new Kept(baseline, share, other, seed);
  }

  /**
   * {@return this, of the highest pixels only}
   *
   * @param highest the share of the pixels, in (0, 1]
   */
  public Kept highest(double highest) {
    return new Kept(baseline, highest, scaling, seed);
  }

  /**
   * {@return what is left of the picture}
   *
   * @param explanation a map, and what it explains
   */
  public Picture of(Explanation explanation) {
    Picture view = explanation.view();
    Heatmap map = scaled(explanation);
    Picture kept = Perturbation.blended(view, map, baseline.of(view));
    if (share == 1) {
      return kept;
    }
    Mask lowest = PixelRanking.of(map, seed).lowest(1 - share);
    return Perturbation.replaced(kept, lowest, baseline.of(view));
  }

  private Heatmap scaled(Explanation explanation) {
    if (scaling == Scaling.AFTER_RESIZING) {
      return explanation.scaledMap();
    }
    Picture view = explanation.view();
    return explanation.map().normalized().resized(view.height(), view.width());
  }

  /** {@return what is left, in words} */
  public String words() {
    String over = baseline.name().equals("black") ? "times the map" : "times the map over ";
    String what = baseline.name().equals("black") ? "" : baseline.name();
    String half = share == 1 ? "" : ", all but the highest " + Percent.of(share) + " removed";
    String when = scaling == Scaling.AFTER_RESIZING ? "" : ", scaled before it is resized";
    return "picture " + over + what + half + when;
  }
}
