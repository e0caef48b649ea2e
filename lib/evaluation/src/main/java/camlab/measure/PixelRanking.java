package camlab.measure;

import camlab.heatmap.Heatmap;
import camlab.picture.Mask;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * The pixels of a map from the highest to the lowest value.
 *
 * <p>Equal values stand in random order. Many maps are zero over most of the picture: if ties kept
 * their reading order, a share of such a map would always take the top of the picture, and if they
 * were cut by a threshold, it would take all of them or none.
 */
final class PixelRanking {

  private final int width;
  private final int height;
  private final List<Integer> pixels;

  private PixelRanking(int width, int height, List<Integer> pixels) {
    this.width = width;
    this.height = height;
    this.pixels = pixels;
  }

  /**
   * Ranks the pixels of a map.
   *
   * @param map of the view's size
   * @param seed of the order among equal values
   */
  static PixelRanking of(Heatmap map, long seed) {
    float[] values = map.values();
    List<Integer> pixels = new ArrayList<>(IntStream.range(0, values.length).boxed().toList());
    Collections.shuffle(pixels, new Random(seed));
    // Adding 0 makes −0 a 0: the two are equal, but would be sorted apart.
    pixels.sort(Comparator.comparing((Integer i) -> values[i] + 0f).reversed());
    return new PixelRanking(map.width(), map.height(), pixels);
  }

  /**
   * The pixels with the highest values.
   *
   * @param share of all pixels, in [0, 1]; the number of pixels is rounded to the nearest
   */
  Mask highest(double share) {
    return mask(pixels.subList(0, count(share)));
  }

  /**
   * The pixels with the lowest values.
   *
   * @param share of all pixels, in [0, 1]; the number of pixels is rounded to the nearest
   */
  Mask lowest(double share) {
    return mask(pixels.subList(pixels.size() - count(share), pixels.size()));
  }

  private int count(double share) {
    return (int) Math.round(share * pixels.size());
  }

  private Mask mask(List<Integer> chosen) {
    BitSet bits = new BitSet(width * height);
    chosen.forEach(bits::set);
    return Mask.of(width, height, bits);
  }
}
