package camlab.measure;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Comparator;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OrderTest {

  @Test
  void smallestFirstAndEqualOnesAsTheyStood() {
    int[] keys = {7, -1, 7, Integer.MAX_VALUE, Integer.MIN_VALUE, -1, 0};
    assertArrayEquals(new int[] {4, 1, 5, 6, 0, 2, 3}, Order.ascending(keys));
    assertArrayEquals(new int[0], Order.ascending(new int[0]));
  }

  @Test
  void keysGoAsTheirValues() {
    float[] values = {
      Float.NEGATIVE_INFINITY, -3, -1e-40f, -0f, 0, 1e-40f, 0.5f, 3, Float.POSITIVE_INFINITY
    };
    int[] keys = new int[values.length];
    for (int i = 0; i < values.length; i++) {
      keys[i] = Order.key(values[values.length - 1 - i]);
    }
    assertArrayEquals(new int[] {8, 7, 6, 5, 4, 3, 2, 1, 0}, Order.ascending(keys));
  }

  /** As sorting by comparison, which is stable, too. */
  @Test
  void manyKeys() {
    Random random = new Random(4);
    int[] keys = IntStream.range(0, 20_000).map(i -> random.nextInt() >> i % 28).toArray();
    int[] sorted =
        IntStream.range(0, keys.length)
            .boxed()
            .sorted(Comparator.comparingInt(i -> keys[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    assertArrayEquals(sorted, Order.ascending(keys));
  }
}
