package camlab.measure;

import camlab.heatmap.Heatmap;

/**
 * Spearman's rank correlation of two maps: do they put the positions in the same order?
 *
 * <p>Pearson's correlation of the ranks, where equal values share the mean of their ranks. In [−1,
 * 1]; 0 if one of the maps is constant.
 */
public final class RankCorrelation {

  private RankCorrelation() {}

  /**
   * {@return the rank correlation of two maps, values taken with their signs}
   *
   * @param one a map
   * @param other another map of the same size
   * @throws IllegalArgumentException if the sizes differ
   */
  public static double of(Heatmap one, Heatmap other) {
    return ranks(one).correlation(ranks(other));
  }

  /**
   * {@return the rank correlation of the absolute values of two maps} For maps without negative
   * values it is that of {@link #of}.
   *
   * @param one a map
   * @param other another map of the same size
   * @throws IllegalArgumentException if the sizes differ
   */
  public static double ofAbsoluteValues(Heatmap one, Heatmap other) {
    return absoluteRanks(one).correlation(absoluteRanks(other));
  }

  /** The ranks of the absolute values. */
  static Heatmap absoluteRanks(Heatmap map) {
    return ranks(map.apply(Math::abs));
  }

  /** Every value replaced by its rank from 1; equal values share the mean of their ranks. */
  static Heatmap ranks(Heatmap map) {
    float[] values = map.values();
    int[] keys = new int[values.length];
    for (int i = 0; i < values.length; i++) {
      keys[i] = Order.key(values[i]);
    }
    int[] ascending = Order.ascending(keys);
    float[] ranks = new float[values.length];
    int start = 0;
    while (start < values.length) {
      int end = start;
      while (end < values.length && values[ascending[end]] == values[ascending[start]]) {
        end++;
      }
      float shared = (start + 1 + end) / 2f;
      for (int i = start; i < end; i++) {
        ranks[ascending[i]] = shared;
      }
      start = end;
    }
    return Heatmap.of(map.height(), map.width(), ranks, map.provenance());
  }
}
