package camlab.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.pooling.Pool;
import ai.djl.training.GradientCollector;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The maxima are those of the windows, whichever way they are found. */
class MaxPoolTest {

  private static final float[] FOUR_ROWS = {
    1, 2, 3, 4, //
    5, 6, 7, 8, //
    9, 1, 2, 3, //
    4, 5, 6, -7
  };

  @Test
  void theLargestOfEachWindow() {
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray input = manager.create(FOUR_ROWS, new Shape(1, 1, 4, 4));
      assertMaxima(new MaxPool(2, 2, 0, false).of(input), 2, 6, 8, 9, 6);
      assertMaxima(new MaxPool(3, 2, 0, false).of(input), 1, 9);
      assertMaxima(new MaxPool(3, 2, 0, true).of(input), 2, 9, 8, 9, 6);
      assertMaxima(new MaxPool(3, 2, 1, false).of(input), 2, 6, 8, 9, 8);
      assertMaxima(new MaxPool(2, 2, 0, false).of(input.neg()), 2, -1, -3, -1, 7);
    }
  }

  private static void assertMaxima(NDArray found, long side, float... expected) {
    assertEquals(new Shape(1, 1, side, side), found.getShape());
    assertArrayEquals(expected, found.toFloatArray());
  }

  /** Sides that windows fill and that they do not, and windows that hang over. */
  @ParameterizedTest
  @CsvSource({
    "2, 2, 0, false", "2, 2, 0, true", "3, 2, 0, false", "3, 2, 0, true", "3, 2, 1, false",
    "3, 2, 1, true", "3, 1, 1, false", "1, 1, 0, false", "1, 3, 0, true", "2, 3, 1, true"
  })
  void theNumbersAreThoseOfTheEngine(int kernel, int stride, int padding, boolean ceilMode) {
    MaxPool pool = new MaxPool(kernel, stride, padding, ceilMode);
    Random random = new Random(1);
    try (NDManager manager = NDManager.newBaseManager()) {
      for (int height = 4; height < 12; height++) {
        Shape shape = new Shape(2, 3, height, height + 3);
        float[] values = new float[(int) shape.size()];
        for (int i = 0; i < values.length; i++) {
          values[i] = Math.max(-0.5f, (float) random.nextGaussian()); // with some that are equal
        }
        NDArray input = manager.create(values, shape);
        NDArray engines = engines(pool, input);
        NDArray ours = pool.of(input);
        assertEquals(engines.getShape(), ours.getShape());
        assertArrayEquals(engines.toFloatArray(), ours.toFloatArray());
      }
    }
  }

  /** Of equal values the engine's has a gradient at the first, so ours must as well. */
  @Test
  void theGradientIsTheEngines() {
    try (NDManager manager = NDManager.newBaseManager()) {
      MaxPool pool = new MaxPool(2, 2, 0, false);
      NDArray input = manager.create(new float[] {3, 3, 1, 3}, new Shape(1, 1, 2, 2));
      input.setRequiresGradient(true);
      try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
        collector.backward(pool.of(input).sum());
      }
      assertArrayEquals(new float[] {1, 0, 0, 0}, input.getGradient().toFloatArray());
    }
  }

  /** An array that a gradient only passes through is one as well. */
  @Test
  void theGradientThroughARecordedLayerIsTheEngines() {
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray input = manager.create(new float[] {3, 3, 1, 3}, new Shape(1, 1, 2, 2));
      NDArray leaf = input.zerosLike();
      leaf.setRequiresGradient(true);
      try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
        NDArray sum = input.add(leaf);
        collector.backward(new MaxPool(2, 2, 0, false).of(sum).sum());
      }
      assertArrayEquals(new float[] {1, 0, 0, 0}, leaf.getGradient().toFloatArray());
    }
  }

  /** The engine refuses what is smaller than a window; so must we, where nobody walks backward. */
  @Test
  void aMapWithoutRoomForAWindowIsRefused() {
    try (NDManager manager = NDManager.newBaseManager()) {
      MaxPool pool = new MaxPool(3, 2, 0, false);
      for (int side = 1; side < 3; side++) {
        NDArray small = manager.ones(new Shape(1, 1, side, side));
        assertThrows(EngineException.class, () -> pool.of(small));
      }
    }
  }

  private static NDArray engines(MaxPool pool, NDArray input) {
    return Pool.maxPool2d(
        input,
        new Shape(pool.kernel(), pool.kernel()),
        new Shape(pool.stride(), pool.stride()),
        new Shape(pool.padding(), pool.padding()),
        pool.ceilMode());
  }

  /** Nothing of what is computed on the way stays in the scope. */
  @Test
  void nothingStaysBehind() {
    try (NDManager manager = NDManager.newBaseManager();
        NDManager scope = manager.newSubManager()) {
      NDArray input = scope.create(FOUR_ROWS, new Shape(1, 1, 4, 4));
      int before = scope.getManagedArrays().size();
      new MaxPool(3, 2, 1, true).of(input);
      assertEquals(before + 1, scope.getManagedArrays().size());
    }
  }
}
