package camlab.measure;

/**
 * Puts positions in the order of their keys. A radix sort: maps have some 50,000 positions, for
 * which comparing takes ten times as long.
 */
final class Order {

  private static final int BITS = 11;
  private static final int BUCKETS = 1 << BITS;
  private static final int MASK = BUCKETS - 1;

  private Order() {}

  /**
   * {@return all positions, that of the smallest key first; those of equal keys as they stood}
   *
   * @param keys one for each position
   */
  static int[] ascending(int[] keys) {
    int[] low = new int[BUCKETS];
    int[] middle = new int[BUCKETS];
    int[] high = new int[BUCKETS];
    for (int key : keys) {
      low[key & MASK]++;
      middle[key >>> BITS & MASK]++;
      high[high(key)]++;
    }
    starts(low);
    starts(middle);
    starts(high);
    int[] one = new int[keys.length];
    for (int position = 0; position < keys.length; position++) {
      one[low[keys[position] & MASK]++] = position;
    }
    int[] other = new int[keys.length];
    for (int position : one) {
      other[middle[keys[position] >>> BITS & MASK]++] = position;
    }
    for (int position : other) {
      one[high[high(keys[position])]++] = position;
    }
    return one;
  }

  /** The uppermost bits; turning the sign over puts negative keys first. */
  private static int high(int key) {
    return (key ^ Integer.MIN_VALUE) >>> (2 * BITS);
  }

  /** Turns how many there are in each bucket into where the first of them goes. */
  private static void starts(int[] buckets) {
    int start = 0;
    for (int i = 0; i < buckets.length; i++) {
      int count = buckets[i];
      buckets[i] = start;
      start += count;
    }
  }

  /** {@return a key for a value, in the order of the values, −0 before 0} */
  static int key(float value) {
    int bits = Float.floatToIntBits(value);
    return bits >= 0 ? bits : bits ^ Integer.MAX_VALUE;
  }
}
