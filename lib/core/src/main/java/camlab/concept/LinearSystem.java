package camlab.concept;

/** Systems of as many linear equations as unknowns. */
final class LinearSystem {

  private LinearSystem() {}

  /**
   * {@return x of A x = b} By Gauss's elimination with the largest pivot of each column.
   *
   * @param matrix A, square; is changed
   * @param right b; is changed
   * @throws ArithmeticException if the equations depend on each other
   */
  static double[] solve(double[][] matrix, double[] right) {
    int size = right.length;
    for (int column = 0; column < size; column++) {
      int pivot = column;
      for (int row = column + 1; row < size; row++) {
        if (Math.abs(matrix[row][column]) > Math.abs(matrix[pivot][column])) {
          pivot = row;
        }
      }
      if (matrix[pivot][column] == 0) {
        throw new ArithmeticException("The equations depend on each other.");
      }
      swap(matrix, right, column, pivot);
      for (int row = column + 1; row < size; row++) {
        double factor = matrix[row][column] / matrix[column][column];
        for (int i = column; i < size; i++) {
          matrix[row][i] -= factor * matrix[column][i];
        }
        right[row] -= factor * right[column];
      }
    }
    for (int row = size - 1; row >= 0; row--) {
      for (int i = row + 1; i < size; i++) {
        right[row] -= matrix[row][i] * right[i];
      }
      right[row] /= matrix[row][row];
    }
    return right;
  }

  private static void swap(double[][] matrix, double[] right, int one, int other) {
    double[] row = matrix[one];
    matrix[one] = matrix[other];
    matrix[other] = row;
    double value = right[one];
    right[one] = right[other];
    right[other] = value;
  }
}
