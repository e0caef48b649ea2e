package camlab.figure;

import java.awt.BasicStroke;
import java.awt.Color;
import java.util.Locale;
import org.knowm.xchart.internal.chartpart.Chart;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** What all charts look like: white, quiet axes, the same fonts and greys as the other figures. */
final class ChartStyle {

  private ChartStyle() {}

  /**
   * The palette of Okabe and Ito (2008), which colour-blind readers can tell apart; its yellow
   * comes last because lines of it are hard to see on white.
   */
  private static Color[] seriesColors() {
    return new Color[] {
      new Color(0x0072B2), new Color(0xE69F00), new Color(0x009E73), new Color(0xD55E00),
      new Color(0x56B4E9), new Color(0xCC79A7), new Color(0x000000), new Color(0xF0E442)
    };
  }

  static void apply(Chart<? extends AxesChartStyler, ?> chart, int series) {
    AxesChartStyler style = chart.getStyler();
    common(style);
    style.setChartTitleVisible(!chart.getTitle().isEmpty());
    style.setLegendVisible(series > 1);
    style.setLegendPosition(LegendPosition.OutsideS);
    style.setLegendLayout(Styler.LegendLayout.Horizontal);
    style.setPlotGridLinesColor(Canvas.LINE);
    style.setPlotGridLinesStroke(new BasicStroke(1f));
    style.setSeriesColors(seriesColors());
    style.setSeriesMarkers(new Marker[] {SeriesMarkers.CIRCLE});
    style.setSeriesLines(new BasicStroke[] {new BasicStroke(2f)});
  }

  static void common(AxesChartStyler style) {
    style.setLocale(Locale.ENGLISH);
    style.setChartBackgroundColor(Color.WHITE);
    style.setPlotBackgroundColor(Color.WHITE);
    style.setPlotBorderVisible(false);
    style.setChartPadding(14);
    style.setChartFontColor(Canvas.INK);
    style.setChartTitleBoxVisible(false);
    style.setChartTitleFont(Canvas.TITLE);
    style.setChartTitlePadding(8);
    style.setAxisTitleFont(Canvas.plain(12));
    style.setAxisTickLabelsFont(Canvas.plain(12));
    style.setAxisTickLabelsColor(Canvas.MUTED);
    style.setAxisTickMarksColor(Canvas.LINE);
    style.setLegendFont(Canvas.plain(12));
    style.setLegendBorderColor(Color.WHITE);
    style.setLegendBackgroundColor(Color.WHITE);
    style.setAntiAlias(true);
    style.setTextAntiAlias(true);
  }
}
