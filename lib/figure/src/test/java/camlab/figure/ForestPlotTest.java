package camlab.figure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import camlab.evaluation.Interval;
import camlab.picture.Picture;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ForestPlotTest {

  private static final int ABOVE = 0x0072B2;
  private static final int BELOW = 0xD55E00;
  private static final int MUTED = 0x6B7280;

  private static Interval interval(double mean, double low, double high) {
    return new Interval(mean, low, high);
  }

  /** Left, top, right and bottom of all pixels of a colour. */
  private static int[] box(Picture drawn, int rgb) {
    int[] box = {Integer.MAX_VALUE, Integer.MAX_VALUE, -1, -1};
    for (int row = 0; row < drawn.height(); row++) {
      for (int column = 0; column < drawn.width(); column++) {
        if (drawn.rgb(row, column) == rgb) {
          box[0] = Math.min(box[0], column);
          box[1] = Math.min(box[1], row);
          box[2] = Math.max(box[2], column);
          box[3] = Math.max(box[3], row);
        }
      }
    }
    return box;
  }

  /** Of a scale from −1 to 3 the line stands at a quarter, and the point at 1 in the middle. */
  @Test
  void pointsAndIntervalsLieWhereTheirNumbersAre() {
    Picture drawn =
        ForestPlot.of("", List.of("a", "b"))
            .column("", List.of(interval(1, 0.5, 3), interval(-0.5, -1, -0.25)))
            .draw();
    int[] above = box(drawn, ABOVE);
    int[] below = box(drawn, BELOW);
    double unit = (above[2] - below[0]) / 4.0;
    assertEquals(below[0] + 1.5 * unit, above[0], 3, "from 0.5");
    assertTrue(above[3] < below[1], "the first row stands above the second");
    int zero = below[0] + (int) Math.round(unit);
    boolean line = false;
    for (int column = zero - 2; column <= zero + 2; column++) {
      line |= drawn.rgb(below[1], column) == MUTED;
    }
    assertTrue(line, "the line stands at 0");
  }

  /** Hollow where the interval holds the line's value, or another test says so. */
  @Test
  void whatIsOpenIsHollow() {
    List<Interval> open = List.of(interval(1, -1, 3));
    List<Interval> sure = List.of(interval(1, 0.5, 3));
    assertTrue(white(ForestPlot.of("", List.of("a")).column("", open).draw()));
    assertTrue(!white(ForestPlot.of("", List.of("a")).column("", sure).draw()));
    assertTrue(white(ForestPlot.of("", List.of("a")).column("", sure, List.of(false)).draw()));
    assertTrue(!white(ForestPlot.of("", List.of("a")).column("", open, List.of(true)).draw()));
    assertTrue(!white(ForestPlot.of("", List.of("a")).against(-2).column("", open).draw()));
  }

  /** Whether there is white in the stripe of the only row. */
  private static boolean white(Picture drawn) {
    int[] box = box(drawn, ABOVE);
    int middle = (box[1] + box[3]) / 2;
    for (int column = box[0]; column <= box[2]; column++) {
      if (drawn.rgb(middle, column) == 0xFFFFFF) {
        return true;
      }
    }
    return false;
  }

  /** As wide as a page at most, however many columns and however long the names of the rows. */
  @Test
  void noPlotIsWiderThanAPage() {
    for (int columns = 1; columns <= 11; columns++) {
      ForestPlot plot = ForestPlot.of("", List.of("Counterfactual Grad-CAM"));
      for (int column = 0; column < columns; column++) {
        plot.column("change without", List.of(interval(1, 0.5, 3)));
      }
      int width = plot.draw().width();
      assertTrue(width <= 1000, columns + " columns: " + width);
      assertTrue(columns < 4 || width > 1000 - columns, columns + " columns fill it: " + width);
    }
  }

  @Test
  void eachRowHasOneInterval() {
    ForestPlot plot = ForestPlot.of("", List.of("a", "b"));
    assertThrows(IllegalStateException.class, plot::draw);
    IllegalArgumentException thrown =
        assertThrows(
            IllegalArgumentException.class,
            () -> plot.column("energy", List.of(interval(0, 0, 0))));
    assertTrue(thrown.getMessage().contains("\"energy\""), thrown.getMessage());
    assertThrows(IllegalArgumentException.class, () -> ForestPlot.of("", List.of()));
  }

  /** Whichever is said first, the line or a column. */
  @Test
  void theLineMayBeNamedBehindTheColumns() {
    List<Interval> intervals = List.of(interval(1, 0.5, 1.5));
    assertEquals(
        ForestPlot.of("", List.of("a")).against(1.2).column("", intervals).draw(),
        ForestPlot.of("", List.of("a")).column("", intervals).against(1.2).draw());
  }

  /** Neither has a place on a scale. */
  @Test
  void whatIsNotFiniteIsRefused() {
    ForestPlot plot = ForestPlot.of("", List.of("a"));
    assertThrows(IllegalArgumentException.class, () -> plot.against(Double.NaN));
    for (double end : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
      List<Interval> open = List.of(interval(0, 0, end));
      String told =
          assertThrows(IllegalArgumentException.class, () -> plot.column("energy", open))
              .getMessage();
      assertTrue(told.contains("\"energy\"") && told.contains("'a'"), told);
    }
  }
}
