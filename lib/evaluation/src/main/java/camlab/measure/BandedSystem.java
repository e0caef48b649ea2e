package camlab.measure;

/**
 * A symmetric positive definite system whose unknowns depend on near ones only, solved by
 * Cholesky's method.
 *
 * <p>A row to which nothing was added stands for an unknown that does not occur: its solution is 0.
 */
final class BandedSystem {

  private final int size;
  private final int band;

  /** Of every row the last {@code band + 1} entries up to the diagonal; after that the factor. */
  private final double[] entries;

  /**
   * All zeros.
   *
   * @param size how many unknowns
   * @param band how far apart two unknowns of one equation lie at most
   */
  BandedSystem(int size, int band) {
    this.size = size;
    this.band = band;
    this.entries = new double[size * (band + 1)];
  }

  /** Adds to an entry of the matrix, and to its mirror image if it is not on the diagonal. */
  void add(int row, int column, double value) {
    entries[start(Math.max(row, column)) + Math.min(row, column)] += value;
  }

  /** Where an entry of column 0 would be, if the row had one. */
  private int start(int row) {
    return row * (band + 1) + band - row;
  }

  private int first(int row) {
    return Math.max(0, row - band);
  }

  /** L with L Lᵀ the matrix; on its diagonal the inverses. Nothing can be added any more. */
  void factorize() {
    for (int row = 0; row < size; row++) {
      int start = start(row);
      for (int column = first(row); column <= row; column++) {
        double value = entries[start + column];
        int other = start(column);
        for (int k = Math.max(first(row), first(column)); k < column; k++) {
          value -= entries[start + k] * entries[other + k];
        }
        if (column < row) {
          entries[start + column] = value * entries[other + column];
        } else {
          entries[start + row] = value > 0 ? 1 / Math.sqrt(value) : 0;
        }
      }
    }
  }

  /**
   * Solves a factorized system.
   *
   * @param values the right-hand side, which becomes the solution
   */
  void solve(double[] values) {
    for (int row = 0; row < size; row++) {
      int start = start(row);
      double value = values[row];
      for (int k = from(row); k < row; k++) {
        value -= entries[start + k] * values[k];
      }
      values[row] = value * entries[start + row];
    }
    for (int row = size - 1; row >= 0; row--) {
      int start = start(row);
      double value = values[row] * entries[start + row];
      values[row] = value;
      for (int k = from(row); k < row; k++) {
        values[k] -= entries[start + k] * value;
      }
    }
  }

  /** The first column of a row that counts: of one that does not occur, none. */
  private int from(int row) {
    return entries[start(row) + row] == 0 ? row : first(row);
  }
}
