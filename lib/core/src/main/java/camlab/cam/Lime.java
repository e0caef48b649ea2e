package camlab.cam;

import camlab.progress.Progress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * LIME: a linear function of what is seen that comes closest to the score near the whole picture; a
 * region's value is its coefficient.
 *
 * <p>Of w and b with the smallest Σ<sub>i=1…N</sub> π(z<sub>i</sub>) (y(z<sub>i</sub>) − w ·
 * z<sub>i</sub> − b)² + λ |w|², w is shown. z<sub>i</sub> has a 1 for each region that is seen: the
 * first selection sees all, in the others each region is seen or hidden with equal chance. π(z) =
 * exp(−D²/(2σ²)), D = 1 − √(|z|/M) the distance by cosine from the whole picture, M regions. What
 * is drawn follows from the seed alone, so that a picture has the same map alone and in a batch.
 *
 * <p>One pass for each selection.
 *
 * <p>Source: M. T. Ribeiro, S. Singh, C. Guestrin, "'Why Should I Trust You?' Explaining the
 * Predictions of Any Classifier", KDD 2016, equations 1 and 2. The paper chooses a few regions by
 * Lasso, with π = exp(−D²/σ²); kernel, distance, chances, N = 1000, σ = 0.25 and λ = 1 are those of
 * the authors' program for pictures where all regions are kept. Its regions follow the picture, as
 * {@link Slic} does, and hidden ones become their mean colour; here they are a grid unless stated,
 * and the blank is stated.
 */
public final class Lime extends RegionMethod {

  private static final int USUAL_SAMPLES = 1000;
  private static final double USUAL_WIDTH = 0.25;
  private static final double USUAL_PENALTY = 1;

  private final int samples;
  private final double width;
  private final double penalty;
  private final long seed;

  /**
   * On 7×7 regions hidden under grey, with 1000 selections, σ = 0.25, λ = 1 and seed 0, in batches
   * of 16 passes.
   */
  public Lime() {
    this(RegionGrid.USUAL, Blank.GREY, USUAL_SAMPLES, 0);
  }

  /**
   * On regions of one's own with σ = 0.25 and λ = 1, in batches of 16 passes.
   *
   * @param regions what is hidden as a whole
   * @param blank what is seen in its place
   * @param samples N, at least 1
   * @param seed of the selections
   */
  public Lime(Superpixels regions, Blank blank, int samples, long seed) {
    this(regions, blank, samples, USUAL_WIDTH, USUAL_PENALTY, seed, USUAL_BATCH, Progress.NONE);
  }

  /**
   * With everything of one's own.
   *
   * @param regions what is hidden as a whole
   * @param blank what is seen in its place
   * @param samples N, at least 1
   * @param width σ, above 0; the larger, the more selections far from the whole picture count
   * @param penalty λ, at least 0, finite; with 0 there have to be more selections than regions
   * @param seed of the selections
   * @param batch passes at once, at least 1
   * @param progress sees every batch
   */
  public Lime(
      Superpixels regions,
      Blank blank,
      int samples,
      double width,
      double penalty,
      long seed,
      int batch,
      Progress progress) {
    super(regions, blank, batch, progress);
    if (samples < 1 || !(width > 0) || !(penalty >= 0 && Double.isFinite(penalty))) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "LIME needs at least 1 selection, a width above 0 and a finite penalty of at least 0; found %d, %s and %s.",
              samples,
              width,
              penalty));
    }
    this.samples = samples;
    this.width = width;
    this.penalty = penalty;
    this.seed = seed;
  }

  @Override
  public String name() {
    return "LIME";
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException if there is no penalty and too little was drawn
   */
  @Override
  double[] values(Regions regions) {
    List<boolean[]> seen = selections(regions.count());
    double[] weights = seen.stream().mapToDouble(this::weight).toArray();
    double[] solution = LeastSquares.ridge(seen, weights, regions.scores(seen), penalty);
    return Arrays.copyOf(solution, regions.count());
  }

  private List<boolean[]> selections(int count) {
    Random random = new Random(seed);
    List<boolean[]> seen = new ArrayList<>(samples);
    for (int i = 0; i < samples; i++) {
      boolean[] selection = new boolean[count];
      for (int r = 0; r < count; r++) {
        selection[r] = i == 0 || random.nextDouble() < 0.5;
      }
      seen.add(selection);
    }
    return seen;
  }

  private double weight(boolean[] selection) {
    int seen = 0;
    for (boolean each : selection) {
      seen += each ? 1 : 0;
    }
    double distance = 1 - Math.sqrt((double) seen / selection.length);
    return Math.exp(-distance * distance / (2 * width * width));
  }
}
