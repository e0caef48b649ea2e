package camlab.figure;

import java.awt.Font;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleToIntFunction;

/**
 * A line below a figure: a colour bar between the two values it stands for, and a caption.
 *
 * @param colors the bar's colours by value, 0 to 1; none for no bar
 * @param low what stands before the bar
 * @param high what stands behind it
 * @param caption what follows, possibly empty
 */
record Legend(Optional<DoubleToIntFunction> colors, String low, String high, String caption) {

  private static final Font FONT = Canvas.plain(12);
  private static final int BAR_WIDTH = 140;
  private static final int BAR_HEIGHT = 10;
  private static final int GAP = 8;

  boolean isEmpty() {
    return colors.isEmpty() && caption.isEmpty();
  }

  private int barWidth() {
    return colors.isEmpty()
        ? 0
        : Canvas.textWidth(low, FONT) + BAR_WIDTH + Canvas.textWidth(high, FONT) + 2 * GAP;
  }

  /** The caption stands beside the bar where there is room for one line, otherwise below it. */
  private boolean beside(int width) {
    return colors.isPresent() && barWidth() + 3 * GAP + Canvas.textWidth(caption, FONT) <= width;
  }

  int height(int width) {
    int line = Canvas.lineHeight(FONT);
    int bar = colors.isEmpty() ? 0 : line;
    int below = caption.isEmpty() || beside(width) ? 0 : lines(width).size() * line;
    return bar + below + (bar > 0 && below > 0 ? 4 : 0);
  }

  private List<String> lines(int width) {
    return Canvas.wrap(caption, FONT, width);
  }

  void draw(Canvas canvas, int left, int top, int width) {
    int line = Canvas.lineHeight(FONT);
    int x = left;
    int y = top;
    if (colors.isPresent()) {
      canvas.text(low, x, y, FONT, Canvas.MUTED);
      x += Canvas.textWidth(low, FONT) + GAP;
      canvas.gradient(colors.get(), x, y + (line - BAR_HEIGHT) / 2, BAR_WIDTH, BAR_HEIGHT);
      x += BAR_WIDTH + GAP;
      canvas.text(high, x, y, FONT, Canvas.MUTED);
      x += Canvas.textWidth(high, FONT) + 3 * GAP;
      y += line + 4;
    }
    if (beside(width)) {
      canvas.text(caption, x, top, FONT, Canvas.MUTED);
      return;
    }
    canvas.lines(lines(width), left, y, FONT, Canvas.MUTED);
  }
}
