package camlab.cam;

import camlab.network.NotApplicableException;
import camlab.progress.Progress;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Shapley values of regions, exactly: what a region adds to the score, averaged over all selections
 * of the others it can be added to.
 *
 * <p>value<sub>r</sub> = Σ<sub>S without r</sub> |S|! (M − |S| − 1)! / M! · (y(S and r) − y(S)), M
 * regions, y(S) the score of the picture of which only the regions S are seen; signed. The values
 * add up to y(x) − y(nothing but blank).
 *
 * <p>One pass for each of the 2<sup>M</sup> selections, so for at most {@value #MOST} regions;
 * {@link KernelShap} estimates the same for more.
 *
 * <p>Source: L. S. Shapley, "A Value for n-Person Games", 1953; for regions of a picture as S. M.
 * Lundberg, S.-I. Lee, "A Unified Approach to Interpreting Model Predictions", NIPS 2017, equation
 * 4.
 */
public final class ShapleyValues extends RegionMethod {

  /** More regions would be more passes than anybody waits for. */
  static final int MOST = 12;

  /** On 3×3 regions, hidden under grey, in batches of 16 passes. */
  public ShapleyValues() {
    this(new RegionGrid(3, 3), Blank.GREY);
  }

  /**
   * On regions of one's own, in batches of 16 passes.
   *
   * @param regions what is hidden as a whole, at most {@value #MOST}
   * @param blank what is seen in its place
   */
  public ShapleyValues(Superpixels regions, Blank blank) {
    this(regions, blank, USUAL_BATCH, Progress.NONE);
  }

  /**
   * With batches of one's own size.
   *
   * @param regions what is hidden as a whole, at most {@value #MOST}
   * @param blank what is seen in its place
   * @param batch passes at once, at least 1
   * @param progress sees every batch
   */
  public ShapleyValues(Superpixels regions, Blank blank, int batch, Progress progress) {
    super(regions, blank, batch, progress);
  }

  @Override
  public String name() {
    return "Shapley values";
  }

  @Override
  double[] values(Regions regions) {
    int count = regions.count();
    if (count > MOST) {
      throw new NotApplicableException(
          String.format(
              Locale.ROOT,
              "Exact Shapley values of %d regions take 2 to the power of %d passes; at most %d regions are done. KernelShap estimates them.",
              count,
              count,
              MOST));
    }
    List<boolean[]> selections =
        IntStream.range(0, 1 << count).mapToObj(bits -> selection(count, bits)).toList();
    double[] scores = regions.scores(selections);
    double[] values = new double[count];
    for (int bits = 0; bits < scores.length; bits++) {
      int size = Integer.bitCount(bits);
      for (int r = 0; r < count; r++) {
        if ((bits >> r & 1) == 0) {
          values[r] += share(size, count) * (scores[bits | 1 << r] - scores[bits]);
        }
      }
    }
    return values;
  }

  /** |S|! (M − |S| − 1)! / M! = 1 / (M · (M − 1 over |S|)). */
  private static double share(int size, int count) {
    return 1 / (count * Combinations.of(count - 1, size));
  }
}
