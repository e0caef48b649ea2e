package camlab.figure;

import camlab.evaluation.Interval;
import camlab.picture.Picture;
import java.awt.Color;
import java.awt.Font;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * Means with their intervals as points on lines, one row for each thing compared and one column for
 * each question: a forest plot. In each column a line marks a value to hold them against; a point
 * is full where the interval does not hold this value, and hollow where it does; orange where the
 * mean is smaller, and blue where it is not. Every column has a scale of its own, whose ends stand
 * below it.
 *
 * <pre>{@code
 * ForestPlot.of("Minus the random map", List.of("Grad-CAM", "LayerCAM"))
 *     .column("energy", List.of(gradCam, layerCam))
 *     .draw()
 * }</pre>
 */
public final class ForestPlot {

  /** What was asked; which points are full, if that was said. */
  private record Column(String heading, List<Interval> intervals, Optional<List<Boolean>> full) {

    boolean isFull(int row, double mark) {
      return full.map(said -> said.get(row)).orElseGet(() -> intervals.get(row).excludes(mark));
    }
  }

  private static final Font HEADING = Canvas.bold(11);
  private static final Font LABEL = Canvas.plain(12);
  private static final Font TICK = Canvas.plain(11);
  private static final String LEGEND =
      "Blue: right of the grey line. Orange: left of it. Hollow: may be chance.";
  private static final Color STRIPE = new Color(0xF4F5F7);
  private static final Color ABOVE = Canvas.seriesColors()[0];
  private static final Color BELOW = Canvas.seriesColors()[3];
  private static final int MARGIN = 16;
  private static final int GAP = 12;

  /** So much of the gaps beside a column its heading may take. */
  private static final int OVER = GAP - 2;

  private static final int ROW = 22;
  private static final int POINT = 8;
  private static final int WHOLE = 1000;
  private static final int NARROWEST = 60;
  private static final int WIDEST = 240;

  private final String title;
  private final List<String> rows;
  private final List<Column> columns = new ArrayList<>();
  private double mark;
  private String caption = "";

  private ForestPlot(String title, List<String> rows) {
    this.title = title;
    this.rows = List.copyOf(rows);
  }

  /**
   * {@return a plot without columns}
   *
   * @param title what stands above it
   * @param rows what is compared, from top to bottom
   */
  public static ForestPlot of(String title, List<String> rows) {
    if (rows.isEmpty()) {
      throw new IllegalArgumentException("A forest plot has at least one row, found none.");
    }
    return new ForestPlot(Objects.requireNonNull(title, "title"), rows);
  }

  /**
   * The value that the intervals are held against, 0 if none is named.
   *
   * @param value where the line stands in each column, finite
   * @return this plot
   */
  public ForestPlot against(double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException(
          "The line stands at a finite value, found %s.".formatted(value));
    }
    mark = value;
    return this;
  }

  /**
   * A column, in which a point is full where its interval does not hold the value of the line.
   *
   * @param heading what was asked
   * @param intervals one for each row, finite
   * @return this plot
   */
  public ForestPlot column(String heading, List<Interval> intervals) {
    return column(heading, intervals, Optional.empty());
  }

  /**
   * A column, in which the points are full that another test, stricter than the intervals, has told
   * from the line.
   *
   * @param heading what was asked
   * @param intervals one for each row, finite
   * @param full for each row whether its point is full
   * @return this plot
   */
  public ForestPlot column(String heading, List<Interval> intervals, List<Boolean> full) {
    return column(heading, intervals, Optional.of(List.copyOf(full)));
  }

  private ForestPlot column(
      String heading, List<Interval> intervals, Optional<List<Boolean>> said) {
    Objects.requireNonNull(heading, "heading");
    int full = said.map(List::size).orElse(rows.size());
    if (intervals.size() != rows.size() || full != rows.size()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Column \"%s\" needs one interval and one verdict per row: expected %d, found %d and %d.",
              heading,
              rows.size(),
              intervals.size(),
              full));
    }
    for (int row = 0; row < rows.size(); row++) {
      Interval interval = intervals.get(row);
      if (!Double.isFinite(interval.mean() + interval.low() + interval.high())) {
        throw new IllegalArgumentException(
            "Column \"%s\" shows finite intervals; that of '%s' is %s from %s to %s. Leave that row out, or ask more cases."
                .formatted(
                    heading, rows.get(row), interval.mean(), interval.low(), interval.high()));
      }
    }
    columns.add(new Column(heading, List.copyOf(intervals), said));
    return this;
  }

  /**
   * Words below the plot.
   *
   * @param words the words
   * @return this plot
   */
  public ForestPlot caption(String words) {
    caption = Objects.requireNonNull(words, "words");
    return this;
  }

  /**
   * Draws the plot.
   *
   * @return its picture
   * @throws IllegalStateException if it has no column
   */
  public Picture draw() {
    if (columns.isEmpty()) {
      throw new IllegalStateException("A forest plot needs at least one column: column(…) first.");
    }
    int labels = rows.stream().mapToInt(row -> Canvas.textWidth(row, LABEL)).max().orElse(0) + GAP;
    int all = WHOLE - 2 * MARGIN - labels + GAP;
    int width = Math.max(NARROWEST, Math.min(WIDEST, all / columns.size() - GAP));
    int inner = labels + columns.size() * (width + GAP) - GAP;
    int top = MARGIN + (title.isEmpty() ? 0 : Canvas.lineHeight(Canvas.TITLE) + 8);
    int first = top + headingHeight(width);
    int below = first + rows.size() * ROW + 4;
    List<String> legend = Canvas.wrap(LEGEND, TICK, inner);
    int told = below + Canvas.lineHeight(TICK) + 6;
    int end =
        told
            + legend.size() * Canvas.lineHeight(TICK)
            + (caption.isEmpty() ? 0 : 8 + Canvas.lineHeight(LABEL));
    try (Canvas canvas = new Canvas(inner + 2 * MARGIN, end + MARGIN, 1)) {
      canvas.text(Canvas.fit(title, Canvas.TITLE, inner), MARGIN, MARGIN, Canvas.TITLE, Canvas.INK);
      for (int row = 0; row < rows.size(); row++) {
        int y = first + row * ROW;
        if (row % 2 == 0) {
          canvas.fill(MARGIN, y, inner, ROW, STRIPE);
        }
        int down = (ROW - Canvas.lineHeight(LABEL)) / 2;
        canvas.text(rows.get(row), MARGIN, y + down, LABEL, Canvas.INK);
      }
      for (int c = 0; c < columns.size(); c++) {
        int left = MARGIN + labels + c * (width + GAP);
        List<String> lines = heading(columns.get(c), width);
        int down = first - 4 - lines.size() * Canvas.lineHeight(HEADING);
        canvas.centred(lines, left - OVER / 2, down, width + OVER, HEADING, Canvas.INK);
        draw(canvas, columns.get(c), left, first, width);
      }
      canvas.lines(legend, MARGIN, told, TICK, Canvas.MUTED);
      canvas.text(
          Canvas.fit(caption, LABEL, inner),
          MARGIN,
          end - Canvas.lineHeight(LABEL),
          LABEL,
          Canvas.MUTED);
      return canvas.finish();
    }
  }

  private int headingHeight(int width) {
    return 4
        + columns.stream().mapToInt(column -> heading(column, width).size()).max().orElse(0)
            * Canvas.lineHeight(HEADING);
  }

  private static List<String> heading(Column column, int width) {
    return Canvas.wrap(column.heading, HEADING, width + OVER);
  }

  private void draw(Canvas canvas, Column column, int left, int top, int width) {
    Scale scale = scale(column, left, width);
    int bottom = top + rows.size() * ROW;
    canvas.fill(scale.x(mark), top, 1, bottom - top, Canvas.MUTED);
    for (int row = 0; row < rows.size(); row++) {
      Interval interval = column.intervals.get(row);
      Color color = interval.mean() < mark ? BELOW : ABOVE;
      int y = top + row * ROW + ROW / 2;
      int from = scale.x(interval.low());
      canvas.fill(from, y - 1, Math.max(1, scale.x(interval.high()) - from), 2, color);
      int x = scale.x(interval.mean()) - POINT / 2;
      canvas.fill(x, y - POINT / 2, POINT, POINT, color);
      if (!column.isFull(row, mark)) {
        canvas.fill(x + 2, y - POINT / 2 + 2, POINT - 4, POINT - 4, Color.WHITE);
      }
    }
    String low = Numbers.significant(scale.low, 2);
    String high = Numbers.significant(scale.high, 2);
    int ends = Canvas.textWidth(low, TICK) + Canvas.textWidth(high, TICK) + 4;
    int over = Math.max(0, ends - width + 1) / 2; // into the gaps, where two long ones meet
    canvas.text(low, left - over, bottom + 4, TICK, Canvas.MUTED);
    int right = left + width + over - Canvas.textWidth(high, TICK);
    canvas.text(high, right, bottom + 4, TICK, Canvas.MUTED);
  }

  /** From numbers to places. */
  private record Scale(double low, double high, int left, int width) {

    int x(double value) {
      int free = POINT / 2 + 1;
      return left + free + (int) Math.round((width - 2 * free) * (value - low) / (high - low));
    }
  }

  /** From the smallest to the largest number of a column, the line's included. */
  private Scale scale(Column column, int left, int width) {
    double low = mark;
    double high = mark;
    for (Interval interval : column.intervals) {
      low = Math.min(low, interval.low());
      high = Math.max(high, interval.high());
    }
    return new Scale(low, high > low ? high : low + 1, left, width);
  }
}
