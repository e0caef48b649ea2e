package camlab.heatmap;

/**
 * A map where it belongs on a picture: one value for each pixel of the part that the network saw.
 * Of the pixels around it the map says nothing.
 *
 * @param map the values of that part, one per pixel
 * @param left the picture's column that the map's column 0 is
 * @param top the picture's row that the map's row 0 is
 */
public record Placed(Heatmap map, int left, int top) {

  /**
   * {@return whether the network saw a pixel}
   *
   * @param row of the picture, 0 at the top
   * @param column of the picture, 0 at the left
   */
  public boolean covers(int row, int column) {
    return row >= top && row < top + map.height() && column >= left && column < left + map.width();
  }

  /**
   * {@return the map's value at a pixel of the picture}
   *
   * @param row of the picture
   * @param column of the picture
   * @throws IndexOutOfBoundsException if the network did not see it
   */
  public float at(int row, int column) {
    return map.at(row - top, column - left);
  }
}
