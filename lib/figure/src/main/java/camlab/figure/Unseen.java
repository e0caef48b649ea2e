package camlab.figure;

import camlab.heatmap.Placed;
import camlab.picture.Picture;

/**
 * How the part of a picture looks that the network did not see: grey and pale, behind a line around
 * what it saw. Both are needed: a grey picture shows no difference in its colours, a white one none
 * in its brightness.
 */
final class Unseen {

  /** For a figure's caption. */
  static final String CAPTION = "pale grey: not seen by the network";

  private static final int LINE = 0x6B7280;
  private static final int PAPER = 0xFFFFFF;
  private static final double PALENESS = 0.6;
  private static final float PIXELS_PER_LINE = 240;

  private Unseen() {}

  /** Whether a picture has a part that the network did not see. */
  static boolean isIn(Picture picture, Placed map) {
    return map.map().width() < picture.width() || map.map().height() < picture.height();
  }

  /** A picture with its unseen part pale; the part that was seen is as it was. */
  static Picture paled(Picture picture, Placed map) {
    return Picture.of(
        picture.width(),
        picture.height(),
        (row, column) ->
            map.covers(row, column) ? picture.rgb(row, column) : rgb(picture, map, row, column));
  }

  /** The colour of an unseen pixel: the line's if it lies next to what was seen. */
  static int rgb(Picture picture, Placed map, int row, int column) {
    int line = thickness(picture);
    boolean beside =
        row >= map.top() - line
            && row < map.top() + map.map().height() + line
            && column >= map.left() - line
            && column < map.left() + map.map().width() + line;
    int grey = (int) Math.round(Rgb.luma(picture.rgb(row, column))) * 0x010101;
    return beside ? LINE : Rgb.mix(grey, PAPER, PALENESS);
  }

  /** In a large picture the line is thicker, since it will be shown smaller. */
  private static int thickness(Picture picture) {
    return Math.max(1, Math.round(Math.max(picture.width(), picture.height()) / PIXELS_PER_LINE));
  }
}
