package camlab.figure;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.util.Collection;
import java.util.Locale;
import org.knowm.xchart.internal.chartpart.Chart;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** What all charts look like: white, quiet axes, the same fonts and greys as the other figures. */
final class ChartStyle {

  private static final int PADDING = 14;
  private static final Font LEGEND = Canvas.plain(12);

  /** What XChart puts around a name: a line or a box, and the room between. */
  private static final int LEGEND_MARK = 44;

  private ChartStyle() {}

  /**
   * How much wider a chart has to be for its legend: 0 if the names fit below it in one line, else
   * the width of a legend beside it.
   */
  static int widthBeside(Collection<String> names, int chartWidth) {
    int line = 0;
    int widest = 0;
    for (String name : names) {
      int entry = Canvas.textWidth(name, LEGEND) + LEGEND_MARK;
      line += entry;
      widest = Math.max(widest, entry);
    }
    return line > chartWidth - 2 * PADDING ? widest : 0;
  }

  /**
   * Dresses a chart that is as wide as its legend asks for.
   *
   * @param names of the series
   * @param beside whether the legend stands beside the chart and not below it
   */
  static void apply(
      Chart<? extends AxesChartStyler, ?> chart, Collection<String> names, boolean beside) {
    AxesChartStyler style = chart.getStyler();
    common(style);
    style.setChartTitleVisible(!chart.getTitle().isEmpty());
    style.setLegendVisible(names.size() > 1);
    style.setLegendPosition(beside ? LegendPosition.OutsideE : LegendPosition.OutsideS);
    style.setLegendLayout(beside ? Styler.LegendLayout.Vertical : Styler.LegendLayout.Horizontal);
    style.setPlotGridLinesColor(Canvas.LINE);
    style.setPlotGridLinesStroke(new BasicStroke(1f));
    style.setSeriesColors(Canvas.seriesColors());
    style.setSeriesMarkers(new Marker[] {SeriesMarkers.CIRCLE});
    style.setSeriesLines(new BasicStroke[] {new BasicStroke(2f)});
  }

  static void common(AxesChartStyler style) {
    Fonts.require();
    style.setLocale(Locale.ENGLISH);
    style.setChartBackgroundColor(Color.WHITE);
    style.setPlotBackgroundColor(Color.WHITE);
    style.setPlotBorderVisible(false);
    style.setChartPadding(PADDING);
    style.setChartFontColor(Canvas.INK);
    style.setChartTitleBoxVisible(false);
    style.setChartTitleFont(Canvas.TITLE);
    style.setChartTitlePadding(8);
    style.setAxisTitleFont(Canvas.plain(12));
    style.setAxisTickLabelsFont(Canvas.plain(12));
    style.setAxisTickLabelsColor(Canvas.MUTED);
    style.setAxisTickMarksColor(Canvas.LINE);
    style.setLegendFont(LEGEND);
    style.setLegendBorderColor(Color.WHITE);
    style.setLegendBackgroundColor(Color.WHITE);
    style.setAntiAlias(true);
    style.setTextAntiAlias(true);
  }
}
