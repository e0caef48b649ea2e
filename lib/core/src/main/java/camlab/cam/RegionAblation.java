package camlab.cam;

import camlab.progress.Progress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Ablation of regions: how far the score falls when one region is hidden and all others are seen.
 *
 * <p>value<sub>r</sub> = y(x) − y(x without r), signed. Of a score that adds up what its regions
 * contribute these are the contributions; of others they need not add up to anything: where either
 * of two regions is enough, both have 0.
 *
 * <p>One pass for each region, and one for the picture itself.
 *
 * <p>It is {@link Occlusion} with windows that do not overlap, on regions of any shape.
 *
 * <p>Source: N. Kokhlikyan et al., "Captum: A unified and generic model interpretability library
 * for PyTorch", 2020, as feature ablation.
 */
public final class RegionAblation extends RegionMethod {

  /** On 7×7 regions, hidden under grey, in batches of 16 passes. */
  public RegionAblation() {
    this(RegionGrid.USUAL, Blank.GREY);
  }

  /**
   * On regions of one's own, in batches of 16 passes.
   *
   * @param regions what is hidden as a whole
   * @param blank what is seen in its place
   */
  public RegionAblation(Superpixels regions, Blank blank) {
    this(regions, blank, USUAL_BATCH, Progress.NONE);
  }

  /**
   * With batches of one's own size.
   *
   * @param regions what is hidden as a whole
   * @param blank what is seen in its place
   * @param batch passes at once, at least 1
   * @param progress sees every batch
   */
  public RegionAblation(Superpixels regions, Blank blank, int batch, Progress progress) {
    super(regions, blank, batch, progress);
  }

  @Override
  public String name() {
    return "Region ablation";
  }

  @Override
  double[] values(Regions regions) {
    List<boolean[]> seen = new ArrayList<>();
    for (int hidden = -1; hidden < regions.count(); hidden++) {
      boolean[] others = new boolean[regions.count()];
      Arrays.fill(others, true);
      if (hidden >= 0) {
        others[hidden] = false;
      }
      seen.add(others);
    }
    double[] scores = regions.scores(seen);
    double[] values = new double[regions.count()];
    Arrays.setAll(values, r -> scores[0] - scores[1 + r]);
    return values;
  }
}
