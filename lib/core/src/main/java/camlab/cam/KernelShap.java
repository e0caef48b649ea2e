package camlab.cam;

import camlab.progress.Progress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.LongStream;

/**
 * KernelSHAP: {@linkplain ShapleyValues Shapley values} of regions as the solution of a regression,
 * so that some selections are enough to estimate them.
 *
 * <p>Of w that add up to y(x) − y(∅) it is the one with the smallest Σ<sub>z</sub> π(z) (y(z) −
 * y(∅) − w · z)², over the selections z of some, but neither none nor all of the M regions; y(∅) is
 * the score where nothing is seen. π(z) = (M − 1) / ((M over |z|) |z| (M − |z|)). Over all
 * selections w are the Shapley values themselves. Where there are more than were asked for,
 * selections are drawn with a chance in proportion to π instead, and all count alike; each is
 * followed by its complement, which makes the estimate steadier. What is drawn follows from the
 * seed alone, so that a picture has the same map alone and in a batch. The values add up in any
 * case.
 *
 * <p>One pass for each selection, and two for the whole picture and the blank.
 *
 * <p>Source: S. M. Lundberg, S.-I. Lee, "A Unified Approach to Interpreting Model Predictions",
 * NIPS 2017, theorem 2; pairs with complements as I. Covert, S.-I. Lee, "Improving KernelSHAP:
 * Practical Shapley Value Estimation via Linear Regression", AISTATS 2021. What is hidden becomes a
 * blank that is stated; averaging over pictures of a background instead is left out.
 */
public final class KernelShap extends RegionMethod {

  private static final int USUAL_SAMPLES = 2048;

  private final int samples;
  private final long seed;

  /** On 7×7 regions hidden under grey, with 2048 selections and seed 0, in batches of 16 passes. */
  public KernelShap() {
    this(RegionGrid.USUAL, Blank.GREY, USUAL_SAMPLES, 0);
  }

  /**
   * On regions of one's own, in batches of 16 passes.
   *
   * @param regions what is hidden as a whole
   * @param blank what is seen in its place
   * @param samples how many selections at most, at least 2; several times as many as regions are
   *     needed to tell these apart
   * @param seed of the selections
   */
  public KernelShap(Superpixels regions, Blank blank, int samples, long seed) {
    this(regions, blank, samples, seed, USUAL_BATCH, Progress.NONE);
  }

  /**
   * With batches of one's own size.
   *
   * @param regions what is hidden as a whole
   * @param blank what is seen in its place
   * @param samples how many selections at most, at least 2
   * @param seed of the selections
   * @param batch passes at once, at least 1
   * @param progress sees every batch
   */
  public KernelShap(
      Superpixels regions, Blank blank, int samples, long seed, int batch, Progress progress) {
    super(regions, blank, batch, progress);
    if (samples < 2) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "KernelSHAP needs at least 2 selections, found %d.", samples));
    }
    this.samples = samples;
    this.seed = seed;
  }

  @Override
  public String name() {
    return "KernelSHAP";
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException if too little was drawn
   */
  @Override
  double[] values(Regions regions) {
    int count = regions.count();
    boolean all = count < Integer.SIZE && (1L << count) - 2 <= samples;
    List<boolean[]> inner = all ? everySelection(count) : drawn(count);
    List<boolean[]> seen = new ArrayList<>(inner.size() + 2);
    seen.add(new boolean[count]);
    seen.add(selection(count, -1));
    seen.addAll(inner);
    double[] scores = regions.scores(seen);
    double rise = scores[1] - scores[0];
    if (count == 1) {
      return new double[] {rise};
    }
    double[] weights =
        inner.stream().mapToDouble(selection -> all ? kernel(selection) : 1).toArray();
    double[] rises = new double[inner.size()];
    Arrays.setAll(rises, i -> scores[2 + i] - scores[0]);
    return LeastSquares.withSum(inner, weights, rises, rise);
  }

  private static List<boolean[]> everySelection(int count) {
    return LongStream.range(1, (1L << count) - 1).mapToObj(bits -> selection(count, bits)).toList();
  }

  private List<boolean[]> drawn(int count) {
    Random random = new Random(seed);
    List<boolean[]> seen = new ArrayList<>(samples);
    while (seen.size() < samples) {
      boolean[] selection = selection(random, count);
      seen.add(selection);
      if (seen.size() < samples) {
        seen.add(complement(selection));
      }
    }
    return seen;
  }

  /** Its size with a chance in proportion to 1/(s (M − s)), which is π times (M over s). */
  private static boolean[] selection(Random random, int count) {
    double total = 0;
    for (int size = 1; size < count; size++) {
      total += 1.0 / (size * (count - size));
    }
    double left = random.nextDouble() * total;
    int size = 1;
    while (size < count - 1 && left >= 1.0 / (size * (count - size))) {
      left -= 1.0 / (size * (count - size));
      size++;
    }
    return selection(random, count, size);
  }

  /** Each of the selections of a size with equal chance: region by region, as many as are left. */
  private static boolean[] selection(Random random, int count, int size) {
    boolean[] seen = new boolean[count];
    int left = size;
    for (int r = 0; r < count; r++) {
      seen[r] = random.nextDouble() * (count - r) < left;
      left -= seen[r] ? 1 : 0;
    }
    return seen;
  }

  private static boolean[] complement(boolean[] selection) {
    boolean[] others = new boolean[selection.length];
    for (int r = 0; r < others.length; r++) {
      others[r] = !selection[r];
    }
    return others;
  }

  private static double kernel(boolean[] selection) {
    int count = selection.length;
    int size = 0;
    for (boolean each : selection) {
      size += each ? 1 : 0;
    }
    return (count - 1) / (Combinations.of(count, size) * size * (count - size));
  }
}
