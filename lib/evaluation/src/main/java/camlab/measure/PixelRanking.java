package camlab.measure;

import camlab.heatmap.Heatmap;
import camlab.picture.Mask;
import java.util.Arrays;
import java.util.BitSet;
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
  private final int[] pixels;

  private PixelRanking(int width, int height, int[] pixels) {
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
    int[] shuffled = shuffled(values.length, new Random(seed));
    int[] keys = new int[shuffled.length];
    for (int i = 0; i < keys.length; i++) {
      // Adding 0 makes −0 a 0: the two are equal, but would be sorted apart.
      keys[i] = ~Order.key(values[shuffled[i]] + 0f);
    }
    int[] pixels = Arrays.stream(Order.ascending(keys)).map(place -> shuffled[place]).toArray();
    return new PixelRanking(map.width(), map.height(), pixels);
  }

  private static int[] shuffled(int count, Random random) {
    int[] numbers = IntStream.range(0, count).toArray();
    for (int left = count; left > 1; left--) {
      int other = random.nextInt(left);
      int last = numbers[left - 1];
      numbers[left - 1] = numbers[other];
      numbers[other] = last;
    }
    return numbers;
  }

  /**
   * The pixels with the highest values.
   *
   * @param share of all pixels, in [0, 1]; the number of pixels is rounded to the nearest
   */
  Mask highest(double share) {
    return mask(0, count(share));
  }

  /**
   * The pixels with the lowest values.
   *
   * @param share of all pixels, in [0, 1]; the number of pixels is rounded to the nearest
   */
  Mask lowest(double share) {
    return mask(pixels.length - count(share), pixels.length);
  }

  private int count(double share) {
    return (int) Math.round(share * pixels.length);
  }

  private Mask mask(int from, int to) {
    BitSet bits = new BitSet(width * height);
    for (int i = from; i < to; i++) {
      bits.set(pixels[i]);
    }
    return Mask.of(width, height, bits);
  }
}
