package camlab.measure;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import camlab.measure.Road.Order;
import java.util.List;
import org.junit.jupiter.api.Test;

class RoadTest {

  private static final List<Double> SHARES = List.of(0.25, 0.5);
  private static final NoisyLinearImputation EXACT = new NoisyLinearImputation(0, 1);

  /** 200, 100 over 50, 50, from the highest down in reading order. */
  private static final Explanation EXPLANATION = Cases.of(new float[][] {{4, 3}, {2, 1}});

  /**
   * Without 200: (2 · 100 + 2 · 50 + 50) / 5 = 70. Without 200 and 100, a and b solve 5a = 2b + 2 ·
   * 50 + 50 and 5b = 2a + 2 · 50 + 50: both are 50.
   */
  @Test
  void mostRelevantFirst() {
    Road road = new Road(Order.MOST_RELEVANT_FIRST, SHARES, EXACT, 1);
    assertArrayEquals(new int[] {70, 100, 50, 50}, Cases.blues(road.pictures(EXPLANATION).get(0)));
    assertArrayEquals(new int[] {50, 50, 50, 50}, Cases.blues(road.pictures(EXPLANATION).get(1)));
    assertArrayEquals(
        new double[] {270 / 400.0, 200 / 400.0}, road.curve(EXPLANATION).confidences(), 1e-12);
    assertArrayEquals(new double[] {0.25, 0.5}, road.curve(EXPLANATION).shares());
    assertEquals((0.675 + 0.5) / 2, road.of(EXPLANATION), 1e-12);
  }

  /**
   * Without the last: (2 · 100 + 2 · 50 + 200) / 5 = 100. Without both below, c and d solve 5c = 2d
   * + 2 · 200 + 100 and 5d = 2c + 2 · 100 + 200: c = 3300/21 = 157, d = 3000/21 = 143.
   */
  @Test
  void leastRelevantFirst() {
    Road road = new Road(Order.LEAST_RELEVANT_FIRST, SHARES, EXACT, 1);
    assertArrayEquals(
        new int[] {200, 100, 50, 100}, Cases.blues(road.pictures(EXPLANATION).get(0)));
    assertArrayEquals(
        new int[] {200, 100, 157, 143}, Cases.blues(road.pictures(EXPLANATION).get(1)));
    assertEquals((450 + 600) / 800.0, road.of(EXPLANATION), 1e-12);
  }

  @Test
  void theDirectionFollowsTheOrder() {
    assertFalse(new Road(Order.MOST_RELEVANT_FIRST).higherIsBetter());
    assertTrue(new Road(Order.LEAST_RELEVANT_FIRST).higherIsBetter());
    assertEquals("ROAD MoRF", new Road(Order.MOST_RELEVANT_FIRST).name());
    assertEquals("ROAD LeRF", new Road(Order.LEAST_RELEVANT_FIRST).name());
  }

  @Test
  void somethingHasToBeLeft() {
    for (List<Double> shares :
        List.of(List.of(0.5), List.of(0.5, 1.0), List.of(0.0, 0.5), List.of(0.5, 0.3))) {
      assertThrows(
          IllegalArgumentException.class,
          () -> new Road(Order.MOST_RELEVANT_FIRST, shares, EXACT, 1));
    }
  }
}
