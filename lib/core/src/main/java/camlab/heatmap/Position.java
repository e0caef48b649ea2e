package camlab.heatmap;

/**
 * A position in a grid.
 *
 * @param row 0 at the top
 * @param column 0 at the left
 */
public record Position(int row, int column) {

  /**
   * {@return an index that was checked} Where there are several indices, which one is wrong is what
   * a reader has to know, and {@code Objects.checkIndex} does not say it.
   *
   * @param what what is counted, such as {@code row}
   * @param index which one, from 0
   * @param count how many there are
   * @throws IndexOutOfBoundsException with the range, if there is no such one
   */
  public static int requireIndex(String what, int index, int count) {
    if (index < 0 || index >= count) {
      throw outside(what, index, count);
    }
    return index;
  }

  /** By itself: what is asked for every pixel is then short enough to be compiled into a loop. */
  private static IndexOutOfBoundsException outside(String what, int index, int count) {
    return new IndexOutOfBoundsException(
        "There is no %s %s: they are counted from 0 to %s.".formatted(what, index, count - 1));
  }
}
