package camlab.cam;

import camlab.progress.Progress;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * A method that hides regions of the picture and says of each region what it does to the score. The
 * map has a region's value at each of its pixels.
 */
public abstract class RegionMethod extends AskingMethod {

  private final Superpixels regions;

  RegionMethod(Superpixels regions, Blank blank, int batch, Progress progress) {
    super(blank, batch, progress);
    this.regions = Objects.requireNonNull(regions, "regions");
  }

  /** A picture of which some regions are seen. */
  interface Regions {

    /** {@return how many there are} */
    int count();

    /**
     * {@return the score for each selection}
     *
     * @param seen for each selection, and in it for each region, whether it is seen
     */
    double[] scores(List<boolean[]> seen);
  }

  /**
   * One value for each region.
   *
   * @param regions the picture, and what answers
   */
  abstract double[] values(Regions regions);

  @Override
  final float[] map(Asked asked) {
    int[] labels = regions.labels(asked.height(), asked.width(), asked::picture);
    double[] values = values(new RegionsOfPicture(asked, labels));
    float[] map = new float[labels.length];
    for (int i = 0; i < map.length; i++) {
      map[i] = (float) values[labels[i]];
    }
    return map;
  }

  /** The regions of one picture. */
  private final class RegionsOfPicture implements Regions {

    private final Asked asked;
    private final int[] labels;
    private final int count;

    RegionsOfPicture(Asked asked, int[] labels) {
      this.asked = asked;
      this.labels = labels;
      this.count = 1 + Arrays.stream(labels).max().orElseThrow();
    }

    @Override
    public int count() {
      return count;
    }

    @Override
    public double[] scores(List<boolean[]> seen) {
      double[] scores = new double[seen.size()];
      ask(asked, scores.length, i -> mask(seen.get(i)), (i, mask, score) -> scores[i] = score);
      return scores;
    }

    private float[] mask(boolean[] seen) {
      float[] mask = new float[labels.length];
      for (int i = 0; i < mask.length; i++) {
        mask[i] = seen[labels[i]] ? 1 : 0;
      }
      return mask;
    }
  }

  /** {@return a selection of some regions: those whose bits are set} */
  static boolean[] selection(int regions, long bits) {
    boolean[] seen = new boolean[regions];
    IntStream.range(0, regions).forEach(r -> seen[r] = (bits >> r & 1) == 1);
    return seen;
  }
}
