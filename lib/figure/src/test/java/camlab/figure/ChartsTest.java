package camlab.figure;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import camlab.evaluation.Interval;
import camlab.picture.Picture;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.text.NumberFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategorySeries;
import org.knowm.xchart.HeatMapChart;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.style.AxesChartStyler;

final class ChartsTest {

  /** One cell of a 6×6 map is lit; it has to appear where it is. */
  @ParameterizedTest
  @CsvSource({"0, 0", "0, 5", "5, 0", "5, 5", "1, 4"})
  void theTopRowIsAtTheTop(int row, int column) {
    float[][] rows = new float[6][6];
    rows[row][column] = 1;
    Picture drawn = Charts.picture(Charts.heatmap("", Maps.of(rows)));
    int[] dark = box(drawn, ColorMap.PLASMA.rgb(0));
    int[] lit = box(drawn, ColorMap.PLASMA.rgb(1));
    // The lit cell may be at the edge of the map, so that the map is what is dark or lit.
    int left = Math.min(dark[0], lit[0]);
    int top = Math.min(dark[1], lit[1]);
    double cellWidth = (Math.max(dark[2], lit[2]) - left) / 6.0;
    double cellHeight = (Math.max(dark[3], lit[3]) - top) / 6.0;
    assertEquals(column + 0.5, ((lit[0] + lit[2]) / 2.0 - left) / cellWidth, 0.1);
    assertEquals(row + 0.5, ((lit[1] + lit[3]) / 2.0 - top) / cellHeight, 0.1);
    assertEquals(cellWidth, cellHeight, 0.02 * cellWidth);
  }

  @Test
  void numbersAtTheAxesHaveATrueMinus() {
    AxesChartStyler style =
        Charts.lines("", "x", "y", new double[] {-1, 0}, Map.of("a", new double[] {-0.25, 3000}))
            .getStyler();
    for (String pattern : List.of(style.getXAxisDecimalPattern(), style.getYAxisDecimalPattern())) {
      NumberFormat written = new DecimalFormat(pattern, new DecimalFormatSymbols(Locale.ENGLISH));
      assertEquals("\u22120.25", written.format(-0.25));
      assertEquals("3,000", written.format(3000));
    }
  }

  @ParameterizedTest
  @CsvSource({"2, 2, true", "13, 13, false", "8, 10, true", "5, 30, false"})
  void cellsAreSquare(int height, int width, boolean titled) {
    Picture drawn =
        Charts.picture(
            Charts.heatmap(titled ? "with a title" : "", Maps.constant(height, width, 30_000)));
    int[] box = box(drawn, ColorMap.PLASMA.rgb(0));
    double cellWidth = (box[2] - box[0]) / (double) width;
    double cellHeight = (box[3] - box[1]) / (double) height;
    assertEquals(cellWidth, cellHeight, 0.02 * cellWidth);
  }

  /** Left, top, right and bottom of all pixels of a colour, the legend at the right left out. */
  private static int[] box(Picture drawn, int rgb) {
    int[] box = {Integer.MAX_VALUE, Integer.MAX_VALUE, 0, 0};
    for (int row = 0; row < drawn.height(); row++) {
      for (int column = 0; column < drawn.width() - 75; column++) {
        if (drawn.rgb(row, column) == rgb) {
          box[0] = Math.min(box[0], column);
          box[1] = Math.min(box[1], row);
          box[2] = Math.max(box[2], column + 1);
          box[3] = Math.max(box[3], row + 1);
        }
      }
    }
    return box;
  }

  /** XChart itself lets a legend that is too wide run out of the picture on both sides. */
  @ParameterizedTest
  @ValueSource(ints = {2, 4, 9})
  void noLegendIsCutOff(int count) {
    Map<String, double[]> lines = new LinkedHashMap<>();
    Map<String, List<Double>> bars = new LinkedHashMap<>();
    for (int i = 1; i <= count; i++) {
      lines.put("a series with a long name " + i, new double[] {i, -i});
      bars.put("a series with a long name " + i, List.of(1.0 * i, 2.0 * i));
    }
    Picture one = Charts.picture(Charts.lines("", "x", "y", new double[] {0, 1}, lines));
    Picture other = Charts.picture(Charts.bars("", "y", List.of("left", "right"), bars));
    for (Picture drawn : List.of(one, other)) {
      assertEquals(count > 2, drawn.width() > 640, "beside the chart");
      for (int row = 0; row < drawn.height(); row++) {
        for (int edge : new int[] {0, 5, drawn.width() - 6, drawn.width() - 1}) {
          assertEquals(0xFFFFFF, drawn.rgb(row, edge));
        }
      }
    }
  }

  /** A band of the right colour lies between the ends, and none outside of them. */
  @Test
  void bandsLieBetweenTheirEnds() {
    List<Interval> band = List.of(new Interval(1, 0, 2), new Interval(1, 0, 2));
    List<Interval> thin = List.of(new Interval(4, 4, 4), new Interval(4, 4, 4));
    Map<String, List<Interval>> series = new LinkedHashMap<>();
    series.put("wide", band);
    series.put("thin", thin);
    XYChart chart = Charts.bands("", "x", "y", new double[] {0, 1}, series);
    assertArrayEquals(new double[] {1, 1}, chart.getSeries("wide").getYData(), "the line of means");
    Picture drawn = Charts.picture(chart);
    int middle = drawn.width() / 2;
    int tinted = 0;
    for (int row = 0; row < drawn.height(); row++) {
      int rgb = drawn.rgb(row, middle);
      tinted += (rgb & 0xFF) > 230 && (rgb >> 16 & 0xFF) < 220 ? 1 : 0;
    }
    assertTrue(tinted > drawn.height() / 5 && tinted < drawn.height() / 2, tinted + " rows");
    assertEquals(
        2, chart.getSeriesCollection().stream().filter(each -> each.isShowInLegend()).count());
  }

  @Test
  void aMatrixHasNamesAndItsFirstRowAtTheTop() {
    double[][] values = {{1, 0.5}, {-1, 0}};
    HeatMapChart chart =
        Charts.matrix(
            "agreement",
            List.of("one", "two"),
            List.of("left", "right"),
            values,
            ColorMap.DIVERGING,
            new Range(-1, 1));
    assertEquals(List.of("two", "one"), chart.getHeatMapSeries().getYData());
    assertEquals(List.of("left", "right"), chart.getHeatMapSeries().getXData());
    Picture drawn = Charts.picture(chart);
    int[] highest = box(drawn, ColorMap.DIVERGING.rgb(1));
    int[] lowest = box(drawn, ColorMap.DIVERGING.rgb(0));
    assertTrue(highest[1] < lowest[1], "row \"one\" stands above row \"two\"");
    assertThrows(
        IllegalArgumentException.class,
        () ->
            Charts.matrix(
                "", List.of("one"), List.of("a"), values, ColorMap.DIVERGING, new Range(-1, 1)));
  }

  @Test
  void ticksAreWrittenInFull() {
    var bars = Charts.bars("", "y", List.of("one"), List.of(0.06)).getStyler();
    var lines =
        Charts.lines("", "x", "y", new double[] {0, 1}, Map.of("a", new double[] {0, 4e-4}))
            .getStyler();
    for (String pattern :
        List.of(
            bars.getYAxisDecimalPattern(),
            lines.getXAxisDecimalPattern(),
            lines.getYAxisDecimalPattern())) {
      DecimalFormat format = new DecimalFormat(pattern, new DecimalFormatSymbols(Locale.ROOT));
      assertEquals("0.06", format.format(0.06));
      assertEquals("0.0002", format.format(0.0002));
      assertEquals("1,500", format.format(1500));
      assertEquals("0.3", format.format(0.1 + 0.2));
    }
  }

  @Test
  void noSeamsBetweenCells() {
    Picture drawn = Charts.picture(Charts.heatmap("", Maps.constant(17, 13, 3)));
    int color = ColorMap.PLASMA.rgb(0);
    int[] box = box(drawn, color);
    for (int row = box[1]; row < box[3]; row++) {
      for (int column = box[0]; column < box[2]; column++) {
        assertEquals(Rgb.luma(color), Rgb.luma(drawn.rgb(row, column)), 2);
      }
    }
  }

  @Test
  void showsRealValues() {
    HeatMapChart chart = Charts.heatmap("", Maps.of(Maps.row(0.25f, 0), Maps.row(0, 0.0625f)));
    var cells = chart.getHeatMapSeries().getHeatData();
    double sum = cells.stream().mapToDouble(ChartsTest::value).sum();
    assertEquals(0.3125, sum);
    Charts.picture(chart);
    assertEquals(0.25, chart.getHeatMapSeries().getMax());
  }

  private static double value(Number[] cell) {
    return cell[2].doubleValue();
  }

  @Test
  void drawsOddMaps() {
    Charts.picture(Charts.heatmap("dot", Maps.constant(1, 1, 0)));
    Charts.picture(Charts.heatmap("signed", Maps.of(Maps.row(-1e-9f, 1e-9f))));
    Charts.picture(Charts.heatmap("wide", Maps.constant(1, 32, 1e7f)));
    var large =
        assertThrows(
            IllegalArgumentException.class,
            () -> Charts.heatmap("large", Maps.constant(224, 224, 0)));
    assertTrue(large.getMessage().contains("Overlay"));
  }

  @Test
  void numbersInCellsAreShortAndAlike() {
    CellNumbers small = CellNumbers.of(Maps.constant(13, 13, 0.0114f));
    assertEquals("11.4", small.text(0.0114));
    assertEquals("−0.4", small.text(-0.00038));
    assertEquals("0", small.text(0));
    assertEquals(" (numbers in units of 10⁻³)", small.unit());
    CellNumbers toy = CellNumbers.of(Maps.of(Maps.row(1, 15 / 80f)));
    assertEquals("0.188", toy.text(15 / 80.0));
    assertEquals("", toy.unit());
    assertEquals("0.192", CellNumbers.of(Maps.constant(13, 13, 0.1917f)).text(0.1917));
    assertEquals("15", CellNumbers.of(Maps.of(Maps.row(15, 4))).text(15));
    assertEquals("2.000", CellNumbers.of(Maps.of(Maps.row(2e6f, 1234567f))).text(2e6));
    assertEquals("0", CellNumbers.of(Maps.constant(2, 2, 0)).text(0));
  }

  @Test
  void barsTakeOneValuePerLabel() {
    Map<String, List<Integer>> series = new LinkedHashMap<>();
    series.put("cat", List.of(1, 2));
    series.put("dog", List.of(3, 4));
    CategoryChart chart = Charts.bars("title", "count", List.of("a", "b"), series);
    assertEquals(
        List.of("cat", "dog"),
        chart.getSeriesCollection().stream().map(CategorySeries::getName).toList());
    assertTrue(chart.getStyler().isLegendVisible());
    assertEquals(1280, Charts.picture(chart, 2).width());
    var wrong =
        assertThrows(
            IllegalArgumentException.class,
            () -> Charts.bars("title", "count", List.of("a", "b", "c"), series));
    assertTrue(wrong.getMessage().contains("expected 3, found 2"));
    assertThrows(
        IllegalArgumentException.class,
        () -> Charts.bars("title", "count", List.of(), Map.<String, List<Integer>>of()));
  }

  @Test
  void barsAreDrawnInThePalette() {
    Picture drawn = Charts.picture(Charts.bars("", "count", List.of("a"), List.of(7)));
    int[] bar = box(drawn, 0x0072B2);
    assertTrue(bar[3] - bar[1] > 150, "the bar stands from zero to its value");
  }

  @Test
  void linesTakeOneValuePerPosition() {
    double[] x = {0, 0.5, 1};
    var chart = Charts.lines("t", "x", "y", x, Map.of("one", new double[] {1, 0.5, 0}));
    assertEquals(640, Charts.picture(chart).width());
    assertThrows(
        IllegalArgumentException.class,
        () -> Charts.lines("t", "x", "y", x, Map.of("one", new double[] {1})));
    assertThrows(IllegalArgumentException.class, () -> Charts.lines("t", "x", "y", x, Map.of()));
  }

  @Test
  void aHistogramCountsEveryValueOnce() {
    XYChart chart = Charts.histogram("t", "v", new double[] {0, 0, 1, 2, 4}, 4);
    assertArrayEquals(
        new double[] {0, 2, 2, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1, 0},
        chart.getSeries("count").getYData());
    assertArrayEquals(
        new double[] {0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4},
        chart.getSeries("count").getXData());
    assertFalse(chart.getStyler().isLegendVisible());
    Charts.picture(Charts.histogram("t", "constant", new double[] {3, 3}, 10));
    assertThrows(
        IllegalArgumentException.class, () -> Charts.histogram("t", "v", new double[0], 4));
    assertThrows(
        IllegalArgumentException.class,
        () -> Charts.histogram("t", "v", new double[] {Double.NaN}, 4));
  }

  @Test
  void aHistogramsLineHasAName() {
    XYChart chart = Charts.histogram("t", "v", new double[] {0, 0, 1, 2, 4}, 4, "limit", 1.5);
    assertArrayEquals(new double[] {1.5, 1.5}, chart.getSeries("limit").getXData());
    assertArrayEquals(new double[] {0, 2}, chart.getSeries("limit").getYData());
    assertTrue(chart.getStyler().isLegendVisible());
  }

  /** With the edges of the bins as ticks, labels such as 0.075062 touched each other. */
  @Test
  void aHistogramsAxisReachesALittleFurtherThanItsBars() {
    double[] values = {0, 0, 1, 2, 4};
    XYChart chart = Charts.histogram("t", "v", values, 4);
    assertEquals(-0.008, chart.getStyler().getXAxisMin(), 1e-12);
    assertEquals(4.008, chart.getStyler().getXAxisMax(), 1e-12);
    XYChart marked = Charts.histogram("t", "v", values, 4, "limit", 6);
    assertTrue(marked.getStyler().getXAxisMin() < 0);
    assertTrue(marked.getStyler().getXAxisMax() > 6, "the line is seen");
  }

  /** From 0.02 to 0.998 neither 0 nor 1 had a label. */
  @Test
  void anAxisOfSharesGoesOnToItsEnds() {
    double[] x = {0, 1};
    AxesChartStyler both =
        Charts.lines("", "x", "y", x, Map.of("a", new double[] {0.02, 0.998})).getStyler();
    assertEquals(-0.002 * 0.978, both.getYAxisMin(), 1e-12);
    assertEquals(1 + 0.002 * 0.978, both.getYAxisMax(), 1e-12);
    AxesChartStyler bars = Charts.bars("", "y", List.of("a", "b"), List.of(-0.3, 0.99)).getStyler();
    assertNull(bars.getYAxisMin());
    assertEquals(1 + 0.002 * 1.29, bars.getYAxisMax(), 1e-12);
    for (double[] own : List.of(new double[] {0.5, 0.6}, new double[] {0.02, 1.4})) {
      AxesChartStyler far = Charts.lines("", "x", "y", x, Map.of("a", own)).getStyler();
      assertNull(far.getYAxisMax(), "far from 1, or beyond");
    }
    List<Interval> wide = List.of(new Interval(0.01, -0.2, 0.2), new Interval(0.99, 0.9, 1.1));
    AxesChartStyler bands = Charts.bands("", "x", "y", x, Map.of("a", wide)).getStyler();
    assertNull(bands.getYAxisMin(), "a band goes below 0");
    assertNull(bands.getYAxisMax(), "a band goes above 1");
  }

  /** The order of {@code Map.of} changes whenever Java starts, that of the colours must not. */
  @Test
  void seriesOfAMapWithoutAnOrderAreInTheOrderOfTheirNames() {
    List<Integer> one = List.of(1);
    Map<String, List<Integer>> unordered = Map.of("c", one, "a", one, "d", one, "b", one);
    assertEquals(List.of("a", "b", "c", "d"), seriesOf(unordered));
    assertEquals(List.of("b", "a"), seriesOf(two("b", "a")));
  }

  private static List<String> seriesOf(Map<String, List<Integer>> series) {
    return Charts.bars("", "y", List.of("x"), series).getSeriesCollection().stream()
        .map(CategorySeries::getName)
        .toList();
  }

  private static Map<String, List<Integer>> two(String first, String second) {
    Map<String, List<Integer>> series = new LinkedHashMap<>();
    series.put(first, List.of(1));
    series.put(second, List.of(1));
    return series;
  }

  /** XChart would say it when the chart is drawn, or draw nothing there. */
  @Test
  void whatCannotBeDrawnIsRefusedAtOnce() {
    double inf = Double.POSITIVE_INFINITY;
    double[] two = {0, 1};
    for (Executable each :
        List.<Executable>of(
            () -> Charts.lines("", "", "", new double[0], Map.of("a", new double[0])),
            () -> Charts.bands("", "", "", new double[0], Map.of("a", List.<Interval>of())),
            () -> Charts.lines("", "", "", new double[] {0, inf}, Map.of("a", two)),
            () -> Charts.lines("", "", "", two, Map.of("a", new double[] {0, inf})),
            () -> Charts.bands("", "", "", two, bands(new Interval(0, 0, inf))),
            () -> Charts.bars("", "", List.of(), List.of()),
            () -> Charts.bars("", "", List.of("a", "b"), List.of(0, inf)),
            () -> Charts.histogram("", "", two, 2, "mark", inf),
            () -> Charts.histogram("", "", two, 2, "mark", Double.NaN),
            () -> Charts.histogram("", "", new double[] {-1e308, 1e308}, 2),
            () -> Charts.picture(Charts.histogram("", "", two, 2), 0))) {
      IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, each);
      assertTrue(
          refused.getStackTrace()[0].getClassName().startsWith("camlab."), refused.toString());
    }
  }

  private static Map<String, List<Interval>> bands(Interval interval) {
    return Map.of("a", List.of(interval, interval));
  }

  @Test
  void barsNeedNoNameOfTheirAxis() {
    assertEquals(640, Charts.picture(Charts.bars("", "", List.of("a"), List.of(1))).width());
  }

  /** What is not known is a gap. */
  @Test
  void aLineMayHaveAGap() {
    double[] gap = {0, Double.NaN, 1};
    assertEquals(
        640,
        Charts.picture(Charts.lines("", "", "", new double[] {0, 1, 2}, Map.of("a", gap))).width());
  }
}
