package camlab.cam;

import camlab.heatmap.Heatmap;
import camlab.heatmap.Provenance;
import camlab.progress.Progress;
import java.util.Locale;
import java.util.Random;

/**
 * RISE: the mean score of those randomly hidden pictures in which a pixel is seen.
 *
 * <p>map = 1/(p N) Σ<sub>i=1…N</sub> y(x seen through M<sub>i</sub>) · M<sub>i</sub>. A mask begins
 * as a grid of cells, each 1 with probability p and 0 otherwise; it is resized bilinearly to one
 * cell more than the picture needs in either direction, and a part of the picture's size is cut out
 * by lot. A cell's side is that of the picture over the number of cells, rounded up.
 *
 * <p>The values are those of a score, not of a difference: where a pixel does not matter, the map
 * is the mean score of the masked pictures and not 0. What a constant part of the score adds is the
 * same for all pixels only in the mean, and blurs the map the more the larger it is. So the paper
 * explains a probability, which is small for most masks; {@code Target.of("cat").probability()}
 * does that. The masks follow from the seed and the size alone, so that a picture has the same map
 * alone and in a batch.
 *
 * <p>One pass for each mask.
 *
 * <p>Source: V. Petsiuk, A. Das, K. Saenko, "RISE: Randomized Input Sampling for Explanation of
 * Black-box Models", BMVC 2018, section 3: the sum by Monte Carlo, and the masks. The paper rounds
 * a cell's side down, its authors' program up, without which a mask may be too small. What is
 * hidden becomes 0 in the paper, and here a blank that is stated.
 */
public final class Rise extends AskingMethod {

  private static final int USUAL_MASKS = 4000;
  private static final int USUAL_CELLS = 7;
  private static final double USUAL_KEEP = 0.5;

  private final int masks;
  private final int cells;
  private final double keep;
  private final long seed;

  /** With 4000 masks of 7×7 cells, half of them kept, on grey, in batches of 16 passes. */
  public Rise() {
    this(USUAL_MASKS, USUAL_CELLS, USUAL_KEEP, 0, Blank.GREY);
  }

  /**
   * With masks of one's own, in batches of 16 passes.
   *
   * @param masks N, at least 1
   * @param cells rows and columns of a mask's grid, at least 1
   * @param keep p, the probability that a cell is seen, above 0 and at most 1
   * @param seed of the masks
   * @param blank what is seen of the others
   */
  public Rise(int masks, int cells, double keep, long seed, Blank blank) {
    this(masks, cells, keep, seed, blank, USUAL_BATCH, Progress.NONE);
  }

  /**
   * With batches of one's own size.
   *
   * @param masks N, at least 1
   * @param cells rows and columns of a mask's grid, at least 1
   * @param keep p, the probability that a cell is seen, above 0 and at most 1
   * @param seed of the masks
   * @param blank what is seen of the others
   * @param batch passes at once, at least 1
   * @param progress sees every batch
   */
  public Rise(
      int masks, int cells, double keep, long seed, Blank blank, int batch, Progress progress) {
    super(blank, batch, progress);
    if (masks < 1 || cells < 1 || !(keep > 0 && keep <= 1)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "RISE needs at least 1 mask, of at least 1 cell, kept with a probability above 0 and at most 1; found %d, %d and %s.",
              masks,
              cells,
              keep));
    }
    this.masks = masks;
    this.cells = cells;
    this.keep = keep;
    this.seed = seed;
  }

  @Override
  public String name() {
    return "RISE";
  }

  @Override
  float[] map(Asked asked) {
    Random random = new Random(seed);
    double[] sum = new double[asked.height() * asked.width()];
    ask(
        asked,
        masks,
        i -> mask(random, asked.height(), asked.width()),
        (i, mask, score) -> {
          for (int p = 0; p < sum.length; p++) {
            sum[p] += score * mask[p];
          }
        });
    float[] map = new float[sum.length];
    for (int p = 0; p < map.length; p++) {
      map[p] = (float) (sum[p] / (keep * masks));
    }
    return map;
  }

  /** The picture's part of the grid, one cell larger than the picture and moved by lot. */
  private float[] mask(Random random, int height, int width) {
    float[] grid = new float[cells * cells];
    for (int i = 0; i < grid.length; i++) {
      grid[i] = random.nextDouble() < keep ? 1 : 0;
    }
    int cellHeight = (height + cells - 1) / cells;
    int cellWidth = (width + cells - 1) / cells;
    int top = (int) (random.nextDouble() * cellHeight);
    int left = (int) (random.nextDouble() * cellWidth);
    int whole = (cells + 1) * cellWidth;
    float[] values =
        Heatmap.of(cells, cells, grid, new Provenance(name(), "", "", Double.NaN))
            .resized((cells + 1) * cellHeight, whole)
            .values();
    float[] mask = new float[height * width];
    for (int row = 0; row < height; row++) {
      System.arraycopy(values, (top + row) * whole + left, mask, row * width, width);
    }
    return mask;
  }
}
