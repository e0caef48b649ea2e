package camlab.concept;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import camlab.TestFiles;
import camlab.engine.PyTorch;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

class NonNegativeFactorizationTest {

  /** scikit-learn's, round by round, from the same start. */
  @Test
  void agreesWithScikitLearn() {
    JsonObject figures = TestFiles.figures("concept/factorization.json");
    int rank = figures.get("rank").getAsInt();
    double[] values = doubles(figures.getAsJsonArray("values"));
    Shape shape = new Shape(figures.get("rows").getAsInt(), figures.get("columns").getAsInt());
    try (NDManager scope = PyTorch.newScope()) {
      NDArray matrix = scope.create(values, shape);
      for (JsonElement element : figures.getAsJsonArray("after")) {
        JsonObject after = element.getAsJsonObject();
        int rounds = after.get("rounds").getAsInt();
        NonNegativeFactorization found =
            NonNegativeFactorization.of(
                matrix,
                rank,
                rounds,
                NonNegativeFactorization.TOLERANCE,
                figures.get("seed").getAsLong());
        double[] left = doubles(after.getAsJsonArray("left"));
        for (int i = 0; i < left.length; i++) {
          assertEquals(left[i], found.left(i / rank, i % rank), 1e-5, "after " + rounds);
        }
        double[] right = doubles(after.getAsJsonArray("right"));
        for (int i = 0; i < right.length; i++) {
          assertEquals(right[i], found.right(i / rank, i % rank), 1e-5, "after " + rounds);
        }
      }
    }
  }

  /** Two columns that share no row and no column: the factors are these, but for their scale. */
  @Test
  void takesApartWhatIsTwoBlocks() {
    double[] values = {2, 4, 0, 1, 2, 0, 0, 0, 3};
    try (NDManager scope = PyTorch.newScope()) {
      NonNegativeFactorization found =
          NonNegativeFactorization.of(scope.create(values, new Shape(3, 3)), 2, 500, 0, 1).scaled();
      double[][] maps = {{1, 0}, {0.5, 0}, {0, 1}};
      double[][] vectors = {{2, 0}, {4, 0}, {0, 3}};
      for (int i = 0; i < 3; i++) {
        for (int k = 0; k < 2; k++) {
          assertEquals(maps[i][k], found.left(i, k), 1e-6);
          assertEquals(vectors[i][k], found.right(i, k), 1e-6);
        }
      }
      assertEquals(9, found.sum(0), 1e-5);
      assertEquals(3, found.sum(1), 1e-5);
    }
  }

  /** With H known: 3 = 1·1 + 2·1, and for the second row the best first part would be −1. */
  @Test
  void findsTheLeftFactorOfAKnownRightOne() {
    try (NDManager scope = PyTorch.newScope()) {
      NDArray values = scope.create(new double[] {1, 3, -1, 1}, new Shape(2, 2));
      double[] right = {1, 0, 1, 1};
      double[] left = NonNegativeFactorization.left(values, right, 2);
      assertEquals(1, left[0], 1e-6);
      assertEquals(2, left[1], 1e-6);
      assertEquals(0, left[2], 1e-6);
      assertEquals(1, left[3], 1e-6);
    }
  }

  @Test
  void anotherSeedStartsElsewhere() {
    try (NDManager scope = PyTorch.newScope()) {
      NDArray values = scope.create(new double[] {1, 2, 3, 4, 5, 7}, new Shape(2, 3));
      double one = NonNegativeFactorization.of(values, 2, 1, 0, 1).left(0, 0);
      assertEquals(one, NonNegativeFactorization.of(values, 2, 1, 0, 1).left(0, 0));
      assertTrue(Math.abs(one - NonNegativeFactorization.of(values, 2, 1, 0, 2).left(0, 0)) > 1e-3);
    }
  }

  @Test
  void canBeStopped() {
    try (NDManager scope = PyTorch.newScope()) {
      NDArray values = scope.ones(new Shape(2, 2));
      Thread.currentThread().interrupt();
      assertThrows(
          CancellationException.class, () -> NonNegativeFactorization.of(values, 1, 5, 0, 1));
      assertTrue(Thread.interrupted());
    }
  }

  private static double[] doubles(JsonArray values) {
    double[] all = new double[values.size()];
    for (int i = 0; i < all.length; i++) {
      all[i] = values.get(i).getAsDouble();
    }
    return all;
  }
}
