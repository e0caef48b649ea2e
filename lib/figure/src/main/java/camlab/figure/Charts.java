package camlab.figure;

import camlab.evaluation.Interval;
import camlab.heatmap.Heatmap;
import camlab.heatmap.Provenance;
import camlab.picture.Picture;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.DoubleStream;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.HeatMapChart;
import org.knowm.xchart.Histogram;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.internal.chartpart.Chart;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * XChart charts in one style. Each method returns the chart, so that a lesson can go on from there;
 * {@link #picture(Chart)} draws it. Where the names of the series do not fit in one line below a
 * chart, they stand beside it, and the chart is wider by them.
 */
public final class Charts {

  private static final int WIDTH = 640;
  private static final int HEIGHT = 360;

  /** A zero before the point, small numbers in full (0.0002, not .0002 and not 0), a true minus. */
  private static final String TICKS = "#,##0.######;\u2212#,##0.######";

  /** How much a band covers of what lies behind it, of 255. */
  private static final int BAND = 45;

  /** So near an end is close to it, as a share of what an axis spans. */
  private static final double CLOSE_TO_END = 0.1;

  private static final Color NOTHING = new Color(0, 0, 0, 0);
  private static final String COUNT = "count";

  private Charts() {}

  /**
   * {@return a small map to be read cell by cell, in plasma, as overlays are (signed maps: blue to
   * red), on its own range}
   *
   * @param title what stands above it
   * @param map at most 32×32 values; up to 16×16 the values stand in the cells
   * @throws IllegalArgumentException if the map is larger
   */
  public static HeatMapChart heatmap(String title, Heatmap map) {
    ColorMap colors = map.min() < 0 ? ColorMap.DIVERGING : ColorMap.PLASMA;
    return heatmap(title, map, colors, Range.of(map, colors));
  }

  /**
   * {@return a small map to be read cell by cell, all of them squares} Row 0 is at the top, as in
   * the picture.
   *
   * @param title what stands above it
   * @param map at most 32×32 values; up to 16×16 the values stand in the cells
   * @param colors the colours
   * @param range the values of the first and the last colour
   * @throws IllegalArgumentException if the map is larger
   */
  public static HeatMapChart heatmap(String title, Heatmap map, ColorMap colors, Range range) {
    if (map.width() > 32 || map.height() > 32) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "A chart shows maps of up to 32×32 cells, this one has %d×%d. Use ColorMap.paint or"
                  + " Overlay, or resize it first.",
              map.height(),
              map.width()));
    }
    return CellChart.of(title, map, colors, range);
  }

  /**
   * {@return a table of numbers to be read cell by cell, coloured by value, with names at its rows
   * and columns, such as correlations of each with each}
   *
   * @param title what stands above it
   * @param rows the names of the rows, from top to bottom; up to 16 of these and of the columns the
   *     numbers stand in the cells
   * @param columns the names of the columns, from left to right
   * @param values one row of finite numbers for each name
   * @param colors the colours
   * @param range the values of the first and the last colour
   * @throws IllegalArgumentException if names and numbers do not fit together, or a number is not
   *     finite
   */
  public static HeatMapChart matrix(
      String title,
      List<String> rows,
      List<String> columns,
      double[][] values,
      ColorMap colors,
      Range range) {
    requireSameSize(title, values.length, rows.size(), "name of a row");
    float[][] cells = new float[rows.size()][columns.size()];
    for (int row = 0; row < rows.size(); row++) {
      requireSameSize(rows.get(row), values[row].length, columns.size(), "name of a column");
      for (int column = 0; column < columns.size(); column++) {
        cells[row][column] = (float) values[row][column];
      }
    }
    Heatmap map = Heatmap.of(cells, new Provenance(title, "", "", Double.NaN));
    return CellChart.named(title, rows, columns, map, colors, range);
  }

  /**
   * {@return bars in groups: for every series one bar per label}
   *
   * @param title what stands above it
   * @param valueAxis what the bars measure
   * @param labels the groups, from left to right, at least one
   * @param series name and values, one per label, in the map's order, or by name if it has none, as
   *     {@code Map.of}
   * @throws IllegalArgumentException if there is no series or no label, values do not fit the
   *     labels, or one is infinite
   */
  public static CategoryChart bars(
      String title,
      String valueAxis,
      List<String> labels,
      Map<String, ? extends List<? extends Number>> series) {
    requireSome(series.size(), "series");
    requireSome(labels.size(), "label");
    series.forEach(
        (name, values) ->
            requireDrawable(name, values.stream().mapToDouble(Number::doubleValue).toArray()));
    int legend = ChartStyle.widthBeside(series.keySet(), WIDTH);
    CategoryChart chart =
        new CategoryChartBuilder()
            .width(WIDTH + legend)
            .height(HEIGHT)
            .title(title)
            .yAxisTitle(valueAxis)
            .build();
    ChartStyle.apply(chart, series.keySet(), legend > 0);
    chart.getStyler().setAvailableSpaceFill(labels.size() * series.size() < 4 ? 0.4 : 0.7);
    chart.getStyler().setPlotGridVerticalLinesVisible(false);
    // The default leaves out every second label from eight groups on.
    chart.getStyler().setXAxisTickMarkSpacingHint(40);
    chart.getStyler().setYAxisDecimalPattern(TICKS);
    DoubleSummaryStatistics all =
        series.values().stream()
            .flatMap(List::stream)
            .mapToDouble(Number::doubleValue)
            .summaryStatistics();
    upToOne(chart, all);
    if (all.getMin() >= 0) {
      chart.getStyler().setYAxisMin(0.0); // bars stand on the axis
    }
    ordered(series)
        .forEach(
            (name, values) -> {
              requireSameSize(name, values.size(), labels.size(), "label");
              chart.addSeries(name, labels, values);
            });
    return chart;
  }

  /**
   * {@return bars of one series, one per label}
   *
   * @param title what stands above it
   * @param valueAxis what the values are
   * @param labels the groups, from left to right
   * @param values the values
   */
  public static CategoryChart bars(
      String title, String valueAxis, List<String> labels, List<? extends Number> values) {
    String name = valueAxis.isEmpty() ? "values" : valueAxis;
    return bars(title, valueAxis, labels, Map.of(name, values));
  }

  /**
   * {@return lines over a common horizontal axis}
   *
   * @param title what stands above it
   * @param xAxis what runs to the right
   * @param yAxis what runs upwards
   * @param x positions on the horizontal axis, ascending, at least one
   * @param series name and values, one per position, in the map's order, or by name if it has none,
   *     as {@code Map.of}; NaN leaves a gap
   * @throws IllegalArgumentException if there is no series or no position, values do not fit the
   *     positions, or one of either is infinite
   */
  public static XYChart lines(
      String title, String xAxis, String yAxis, double[] x, Map<String, double[]> series) {
    DoubleSummaryStatistics drawn =
        series.values().stream().flatMapToDouble(Arrays::stream).summaryStatistics();
    return lines(title, xAxis, yAxis, x, series, drawn);
  }

  private static XYChart lines(
      String title,
      String xAxis,
      String yAxis,
      double[] x,
      Map<String, double[]> series,
      DoubleSummaryStatistics drawn) {
    requireSome(series.size(), "series");
    requireSome(x.length, "position");
    requireDrawable(xAxis, x);
    series.forEach(Charts::requireDrawable);
    int legend = ChartStyle.widthBeside(series.keySet(), WIDTH);
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH + legend)
            .height(HEIGHT)
            .title(title)
            .xAxisTitle(xAxis)
            .yAxisTitle(yAxis)
            .build();
    ChartStyle.apply(chart, series.keySet(), legend > 0);
    chart.getStyler().setMarkerSize(x.length > 30 ? 0 : 5);
    roundTicks(chart, x[0], x[x.length - 1]);
    upToOne(chart, drawn);
    chart.getStyler().setXAxisDecimalPattern(TICKS).setYAxisDecimalPattern(TICKS);
    ordered(series)
        .forEach(
            (name, values) -> {
              requireSameSize(name, values.length, x.length, "position");
              chart.addSeries(name, x, values);
            });
    return chart;
  }

  /**
   * From points at equal distances XChart takes labels that touch; an edge a little outside of them
   * makes it choose round numbers with room around them.
   */
  private static void roundTicks(XYChart chart, double low, double high) {
    double edge = edge(low, high);
    if (edge > 0) {
      chart.getStyler().setXAxisMin(low - edge).setXAxisMax(high + edge);
    }
  }

  /** How far an axis goes beyond its values, so that a label at their end has room. */
  private static double edge(double low, double high) {
    return (high - low) * 0.002;
  }

  /**
   * An axis of shares or probabilities goes on to 0 and to 1 where its values come close to them
   * and not beyond: else neither has a label, and the reader sees no end.
   */
  private static void upToOne(
      Chart<? extends AxesChartStyler, ?> chart, DoubleSummaryStatistics y) {
    double close = (y.getMax() - y.getMin()) * CLOSE_TO_END;
    double edge = edge(y.getMin(), y.getMax());
    if (y.getMin() >= 0 && y.getMin() <= close && y.getMax() <= 1) {
      chart.getStyler().setYAxisMin(-edge);
    }
    if (y.getMax() <= 1 && y.getMax() >= 1 - close && y.getMin() >= -1) {
      chart.getStyler().setYAxisMax(1 + edge);
    }
  }

  /**
   * {@return lines of means over a common horizontal axis, each in the band of its intervals}
   *
   * @param title what stands above it
   * @param xAxis what runs to the right
   * @param yAxis what runs upwards
   * @param x positions on the horizontal axis, ascending, at least one
   * @param series name and means with their intervals, one per position, in the map's order, or by
   *     name if it has none, as {@code Map.of}
   * @throws IllegalArgumentException as for lines
   */
  public static XYChart bands(
      String title,
      String xAxis,
      String yAxis,
      double[] x,
      Map<String, ? extends List<Interval>> series) {
    Map<String, double[]> means = new LinkedHashMap<>();
    ordered(series)
        .forEach(
            (name, band) -> means.put(name, band.stream().mapToDouble(Interval::mean).toArray()));
    DoubleSummaryStatistics drawn =
        series.values().stream()
            .flatMap(List::stream)
            .flatMapToDouble(interval -> DoubleStream.of(interval.low(), interval.high()))
            .summaryStatistics();
    series.forEach(
        (name, band) ->
            requireDrawable(
                name,
                band.stream()
                    .flatMapToDouble(each -> DoubleStream.of(each.low(), each.high()))
                    .toArray()));
    XYChart chart = lines(title, xAxis, yAxis, x, means, drawn);
    Color[] colors = Canvas.seriesColors();
    int at = 0;
    for (Map.Entry<String, double[]> line : means.entrySet()) {
      Color color = colors[at++ % colors.length];
      chart.getSeries(line.getKey()).setLineColor(color);
      chart.getSeries(line.getKey()).setMarkerColor(color);
      XYSeries band = band(chart, line.getKey(), x, series.get(line.getKey()));
      band.setFillColor(new Color(color.getRed(), color.getGreen(), color.getBlue(), BAND));
      band.setLineColor(NOTHING);
    }
    return chart;
  }

  /** A polygon along the upper ends and back along the lower ones. */
  private static XYSeries band(XYChart chart, String name, double[] x, List<Interval> band) {
    int n = x.length;
    double[] aroundX = new double[2 * n];
    double[] aroundY = new double[2 * n];
    for (int i = 0; i < n; i++) {
      aroundX[i] = x[i];
      aroundY[i] = band.get(i).high();
      aroundX[2 * n - 1 - i] = x[i];
      aroundY[2 * n - 1 - i] = band.get(i).low();
    }
    XYSeries polygon = chart.addSeries(name + ", 95 % interval", aroundX, aroundY);
    polygon.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.PolygonArea);
    polygon.setMarker(SeriesMarkers.NONE);
    polygon.setShowInLegend(false);
    return polygon;
  }

  /**
   * {@return how often values fall into bins of equal width}
   *
   * @param title what stands above it
   * @param valueAxis what the values are
   * @param values at least one finite value
   * @param bins number of bins, at least 1
   */
  public static XYChart histogram(String title, String valueAxis, double[] values, int bins) {
    return histogram(title, valueAxis, values, bins, List.of());
  }

  /**
   * {@return how often values fall into bins of equal width, with an upright line at one value}
   *
   * @param title what stands above it
   * @param valueAxis what the values are
   * @param values at least one finite value
   * @param bins number of bins, at least 1
   * @param mark what the line is, for the legend
   * @param at where it stands, finite
   */
  public static XYChart histogram(
      String title, String valueAxis, double[] values, int bins, String mark, double at) {
    if (!Double.isFinite(at)) {
      throw new IllegalArgumentException(
          "The line '%s' stands at a finite value, found %s.".formatted(mark, at));
    }
    XYChart chart = histogram(title, valueAxis, values, bins, List.of(mark));
    double highest = Arrays.stream(chart.getSeries(COUNT).getYData()).max().getAsDouble();
    XYSeries line = chart.addSeries(mark, new double[] {at, at}, new double[] {0, highest});
    line.setMarker(SeriesMarkers.NONE);
    double[] x = chart.getSeries(COUNT).getXData();
    roundTicks(chart, Math.min(x[0], at), Math.max(x[x.length - 1], at));
    return chart;
  }

  private static XYChart histogram(
      String title, String valueAxis, double[] values, int bins, List<String> marks) {
    requireSome(values.length, "value");
    requireSome(bins, "bin");
    if (!Arrays.stream(values).allMatch(Double::isFinite)) {
      throw new IllegalArgumentException("A histogram counts finite values only.");
    }
    double low = Arrays.stream(values).min().getAsDouble();
    double high = Arrays.stream(values).max().getAsDouble();
    List<Double> numbers = Arrays.stream(values).boxed().toList();
    if (!Double.isFinite(high - low)) {
      throw new IllegalArgumentException(
          "From %s to %s is too far for bins of equal width.".formatted(low, high));
    }
    // All values the same: one bin wide enough to be seen.
    Histogram counts =
        high > low
            ? new Histogram(numbers, bins, low, high)
            : new Histogram(numbers, 1, low - 0.5, low + 0.5);
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(title)
            .xAxisTitle(valueAxis)
            .yAxisTitle(COUNT)
            .build();
    List<String> names = new ArrayList<>(List.of(COUNT));
    names.addAll(marks);
    ChartStyle.apply(chart, names, false);
    chart.getStyler().setXAxisDecimalPattern(TICKS).setYAxisDecimalPattern("#,###");
    chart.getStyler().setYAxisMin(0.0); // bars stand on the axis
    roundTicks(chart, counts.getMin(), counts.getMax());
    addBars(chart, counts);
    return chart;
  }

  /** A polygon that comes back to zero between two bars, so that its white edge parts them. */
  private static void addBars(XYChart chart, Histogram counts) {
    int bins = counts.getNumBins();
    double width = (counts.getMax() - counts.getMin()) / bins;
    double[] x = new double[4 * bins];
    double[] y = new double[4 * bins];
    for (int corner = 0; corner < 4 * bins; corner++) {
      int bin = corner / 4;
      x[corner] = counts.getMin() + width * (corner % 4 < 2 ? bin : bin + 1);
      boolean up = corner % 4 == 1 || corner % 4 == 2;
      y[corner] = up ? counts.getyAxisData().get(bin) : 0;
    }
    XYSeries bars = chart.addSeries(COUNT, x, y);
    bars.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.PolygonArea);
    bars.setFillColor(Canvas.seriesColors()[0]);
    bars.setLineColor(Color.WHITE);
    bars.setMarker(SeriesMarkers.NONE);
  }

  /**
   * {@return a chart as a picture of its own size, described by its title, axes and series}
   *
   * @param chart the chart
   */
  public static Picture picture(Chart<?, ?> chart) {
    return picture(chart, 1);
  }

  /**
   * {@return a chart as a picture, described by its title, axes and series}
   *
   * @param chart the chart
   * @param resolution pixels per unit of length, at least 1: 2 draws all of it twice as large
   * @throws IllegalStateException if the system has no font; says what to install
   */
  public static Picture picture(Chart<?, ?> chart, int resolution) {
    Fonts.require();
    int width = chart.getWidth();
    int height = chart.getHeight();
    Canvas.requireRoom(width, height, resolution);
    BufferedImage image =
        new BufferedImage(width * resolution, height * resolution, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    try {
      graphics.scale(resolution, resolution);
      chart.paint(graphics, width, height);
    } finally {
      graphics.dispose();
    }
    return Picture.of(image).described(Words.of(chart));
  }

  /** What {@code Map.of} gives has another order each time Java starts. */
  private static <T> Map<String, T> ordered(Map<String, T> series) {
    boolean inOrder = series instanceof LinkedHashMap || series instanceof SortedMap;
    return inOrder ? series : new TreeMap<>(series);
  }

  private static void requireSome(int count, String what) {
    if (count < 1) {
      throw new IllegalArgumentException("At least one " + what + " is needed, found none.");
    }
  }

  /** XChart leaves out what is NaN, and ends at what is infinite when it draws. */
  private static void requireDrawable(String name, double[] values) {
    for (double value : values) {
      if (Double.isInfinite(value)) {
        throw new IllegalArgumentException(
            "\"%s\" holds %s, which has no place on an axis.".formatted(name, value));
      }
    }
  }

  private static void requireSameSize(String name, int found, int expected, String what) {
    if (found != expected) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Series \"%s\" needs one value per %s: expected %d, found %d.",
              name,
              what,
              expected,
              found));
    }
  }
}
