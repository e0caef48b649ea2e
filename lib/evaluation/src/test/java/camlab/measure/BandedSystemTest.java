package camlab.measure;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;

class BandedSystemTest {

  /** 4·1 + 2·2 = 8, 2·1 + 5·2 + 2·3 = 18, 2·2 + 5·3 = 19. */
  @Test
  void threeEquations() {
    BandedSystem system = new BandedSystem(3, 1);
    system.add(0, 0, 4);
    system.add(1, 0, 2);
    system.add(1, 1, 3);
    system.add(1, 1, 2);
    system.add(1, 2, 2);
    system.add(2, 2, 5);
    system.factorize();
    double[] values = {8, 18, 19};
    system.solve(values);
    assertArrayEquals(new double[] {1, 2, 3}, values, 1e-12);
  }

  /** The second row and column are not there: 2·3 + 1·1 = 7, 1·3 + 2·1 = 5. */
  @Test
  void anUnknownThatDoesNotOccurIsZero() {
    BandedSystem system = new BandedSystem(3, 2);
    system.add(0, 0, 2);
    system.add(0, 2, 1);
    system.add(2, 2, 2);
    system.factorize();
    double[] values = {7, 0, 5};
    system.solve(values);
    assertArrayEquals(new double[] {3, 0, 1}, values, 1e-12);
  }

  /** Multiplied out, the solution gives the right-hand side. */
  @Test
  void aWideBand() {
    int size = 40;
    int band = 7;
    Random random = new Random(3);
    double[][] matrix = new double[size][size];
    BandedSystem system = new BandedSystem(size, band);
    for (int row = 0; row < size; row++) {
      for (int column = Math.max(0, row - band); column <= row; column++) {
        double value = column == row ? 2 * band + 2 : random.nextDouble() - 0.5;
        matrix[row][column] = value;
        matrix[column][row] = value;
        system.add(row, column, value);
      }
    }
    double[] solution = random.doubles(size).toArray();
    double[] values = new double[size];
    for (int row = 0; row < size; row++) {
      for (int column = 0; column < size; column++) {
        values[row] += matrix[row][column] * solution[column];
      }
    }
    system.factorize();
    system.solve(values);
    assertArrayEquals(solution, values, 1e-12);
  }
}
