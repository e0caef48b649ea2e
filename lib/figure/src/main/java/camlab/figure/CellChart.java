package camlab.figure;

import camlab.heatmap.Heatmap;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.knowm.xchart.HeatMapChart;
import org.knowm.xchart.style.HeatMapStyler;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.Styler.ChartTheme;
import org.knowm.xchart.style.Styler.LegendPosition;

/**
 * XChart's heatmap chart put right for maps: row 0 at the top, real values instead of integers, no
 * seams between cells, and values in the cells that are light on dark colours and dark on light
 * ones.
 */
final class CellChart extends HeatMapChart {

  private static final int MOST_NUMBERED = 16;
  private static final int LEGEND = 110;
  private static final int AROUND = 90;
  private static final int SMALLEST_PLOT = 160;

  private final Heatmap map;
  private final ColorMap colors;
  private final Range range;
  private final CellNumbers cells;

  private CellChart(int width, int height, Heatmap map, ColorMap colors, Range range) {
    super(width, height, ChartTheme.XChart);
    this.map = map;
    this.colors = colors;
    this.range = range;
    cells = CellNumbers.of(map);
  }

  static CellChart of(String title, Heatmap map, ColorMap colors, Range range) {
    int cell =
        Math.max(numbered(map) ? 38 : 20, SMALLEST_PLOT / Math.max(map.width(), map.height()));
    int columns = map.width() * cell;
    int rows = map.height() * cell;
    CellChart guess = new CellChart(columns + LEGEND + AROUND, rows + AROUND, map, colors, range);
    guess.prepare(title);
    // What title, axes and legend take is known once they have been laid out: then cells are
    // square.
    Rectangle2D plotted = guess.plotted();
    CellChart chart =
        new CellChart(
            guess.getWidth() + (int) Math.round(columns - plotted.getWidth()),
            guess.getHeight() + (int) Math.round(rows - plotted.getHeight()),
            map,
            colors,
            range);
    chart.prepare(title);
    return chart;
  }

  static CellChart named(
      String title,
      List<String> rows,
      List<String> columns,
      Heatmap map,
      ColorMap colors,
      Range range) {
    int left = longest(rows);
    int below = longest(columns);
    int width = left + map.width() * 44 + LEGEND + AROUND / 2;
    int height = below + map.height() * 34 + AROUND / 2;
    CellChart chart = new CellChart(width, height, map, colors, range);
    chart.setTitle(title);
    chart.style(!title.isEmpty());
    chart.getStyler().setXAxisLabelRotation(90);
    chart.fill(rows, columns);
    return chart;
  }

  private static int longest(List<String> names) {
    Font font = Canvas.plain(12);
    return names.stream().mapToInt(name -> Canvas.textWidth(name, font)).max().orElse(0);
  }

  private void prepare(String title) {
    setTitle(title);
    setXAxisTitle(numbered(map) ? "column" + cells.unit() : "column");
    setYAxisTitle("row");
    style(!title.isEmpty());
    fill();
  }

  private Rectangle2D plotted() {
    BufferedImage nothing = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = nothing.createGraphics();
    try {
      super.paint(graphics, getWidth(), getHeight());
      return plot.getBounds();
    } finally {
      graphics.dispose();
    }
  }

  private static boolean numbered(Heatmap map) {
    return map.width() <= MOST_NUMBERED && map.height() <= MOST_NUMBERED;
  }

  private void style(boolean titled) {
    HeatMapStyler style = getStyler();
    ChartStyle.common(style);
    style.setChartTitleVisible(titled);
    style.setPlotContentSize(1);
    style.setPlotMargin(0);
    style.setPlotGridLinesVisible(false);
    style.setXAxisTickMarkSpacingHint(10); // every row and column has its number
    style.setYAxisTickMarkSpacingHint(10);
    style.setAxisTicksLineVisible(false);
    style.setAxisTicksMarksVisible(false);
    style.setShowValue(false); // drawn below, in a colour that suits each cell
    style.setDrawBorder(true); // in the cell's own colour: it covers the seams
    style.setLegendPosition(LegendPosition.OutsideE);
    style.setLegendLayout(Styler.LegendLayout.Vertical);
    style.setGradientColorColumnWeight(14);
    style.setGradientColorColumnHeight(Math.max(80, getHeight() - 2 * AROUND));
    style.setMin(brief(range.low()));
    style.setMax(brief(range.high()));
    style.setHeatMapDecimalValueFormatter(Numbers::brief);
    Color[] stops = new Color[64];
    for (int i = 0; i < stops.length; i++) {
      stops[i] = new Color(colors.rgb(i / (stops.length - 1.0)));
    }
    style.setRangeColors(stops);
  }

  /** XChart prints the ends of its legend in full: three digits are enough. */
  private static double brief(double value) {
    return new BigDecimal(value).round(new MathContext(3)).doubleValue();
  }

  private void fill() {
    // Labels are text: XChart 4.0.3 fails to format numbers on this chart's vertical axis.
    fill(
        IntStream.range(0, map.height()).mapToObj(String::valueOf).toList(),
        IntStream.range(0, map.width()).mapToObj(String::valueOf).toList());
  }

  private void fill(List<String> rowNames, List<String> columns) {
    // XChart counts rows from the bottom: the labels run backwards.
    List<String> rows = new ArrayList<>();
    List<Number[]> values = new ArrayList<>();
    for (int row = map.height() - 1; row >= 0; row--) {
      rows.add(rowNames.get(row));
      for (int column = 0; column < map.width(); column++) {
        values.add(new Number[] {column, map.height() - 1 - row, map.at(row, column)});
      }
    }
    addSeries("value", columns, rows, values);
  }

  @Override
  public void paint(Graphics2D graphics, int width, int height) {
    super.paint(graphics, width, height);
    if (!numbered(map)) {
      return;
    }
    graphics.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    cells.draw(graphics, map, colors, range, plot.getBounds());
  }
}
