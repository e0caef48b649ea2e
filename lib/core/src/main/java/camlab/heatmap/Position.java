package camlab.heatmap;

/**
 * A position in a grid.
 *
 * @param row 0 at the top
 * @param column 0 at the left
 */
public record Position(int row, int column) {}
