package camlab.concept;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;

class SobolIndicesTest {

  private static final int ROWS = 20_000;

  private static double[] total(int inputs, ToDoubleFunction<double[]> function) {
    return SobolIndices.total(
        inputs, ROWS, 3, rows -> rows.stream().mapToDouble(function).toArray());
  }

  /** Variances 4/12 and 1/12. */
  @Test
  void ofASum() {
    assertArrayEquals(new double[] {0.8, 0.2, 0}, total(3, x -> 2 * x[0] + x[1]), 0.02);
  }

  /** Var(xy) = 1/9 − 1/16 = 7/144, and E(Var(xy | y)) = E(y²)/12 = 1/36. */
  @Test
  void ofAProduct() {
    assertArrayEquals(new double[] {4 / 7.0, 4 / 7.0}, total(2, x -> x[0] * x[1]), 0.02);
  }

  /**
   * Ishigami's function on [−π, π]³, sin u + 7 sin² v + 0.1 w⁴ sin u, whose indices are known: with
   * the parts of the variance 0.1 π⁴/5 + 0.01 π⁸/50 + 1/2, 49/8 and 0.01 π⁸ (1/18 − 1/50).
   */
  @Test
  void ofIshigamisFunction() {
    double first = 0.1 * Math.pow(Math.PI, 4) / 5 + 0.01 * Math.pow(Math.PI, 8) / 50 + 0.5;
    double second = 49 / 8.0;
    double both = 0.01 * Math.pow(Math.PI, 8) * (1 / 18.0 - 1 / 50.0);
    double all = first + second + both;
    double[] expected = {(first + both) / all, second / all, both / all};
    assertArrayEquals(new double[] {0.5576, 0.4424, 0.2437}, expected, 1e-4);
    double[] found =
        total(
            3,
            x -> {
              double u = Math.PI * (2 * x[0] - 1);
              double v = Math.PI * (2 * x[1] - 1);
              double w = Math.PI * (2 * x[2] - 1);
              return Math.sin(u)
                  + 7 * Math.sin(v) * Math.sin(v)
                  + 0.1 * Math.pow(w, 4) * Math.sin(u);
            });
    assertArrayEquals(expected, found, 0.02);
  }

  /** f(A) = 1, 3, 5 with variance 4; changes 1, 2, 3 and 0, 0, 2: 14/24 and 4/24. */
  @Test
  void byHand() {
    double[] values = {1, 3, 5, 2, 5, 2, 1, 3, 7};
    assertArrayEquals(new double[] {14 / 24.0, 4 / 24.0}, SobolIndices.jansen(values, 2, 3), 1e-12);
  }

  @Test
  void whatDoesNotVaryHasNone() {
    assertArrayEquals(new double[] {0, 0}, total(2, x -> 1));
  }

  /** One value of each column of A in each of N parts; C differs in one column. */
  @Test
  void drawsAreHypercubes() {
    SobolIndices.total(
        2,
        10,
        1,
        rows -> {
          assertEquals(30, rows.size());
          for (int column = 0; column < 2; column++) {
            for (int part = 0; part < 10; part++) {
              int in = 0;
              for (double[] row : List.copyOf(rows).subList(0, 10)) {
                in += (int) (10 * row[column]) == part ? 1 : 0;
              }
              assertEquals(1, in);
            }
          }
          for (int j = 0; j < 10; j++) {
            assertEquals(rows.get(j)[1], rows.get(10 + j)[1]);
            assertEquals(rows.get(j)[0], rows.get(20 + j)[0]);
          }
          return new double[30];
        });
  }
}
