package camlab.notebook;

import camlab.evaluation.Progress;
import camlab.figure.Charts;
import camlab.figure.Tables;
import camlab.heatmap.Heatmap;
import camlab.picture.Picture;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.knowm.xchart.HeatMapChart;
import org.knowm.xchart.internal.chartpart.Chart;
import tech.tablesaw.api.Table;

/**
 * Shows figures, tables and progress below a cell, and checks what a cell claims. For a static
 * import:
 *
 * <pre>{@code
 * import static camlab.notebook.Notebook.*;
 *
 * show(Overlay.of(picture, map));
 * check(map.min() >= 0, "Grad-CAM has no negative values");
 * }</pre>
 *
 * <p>Works under any Java kernel that offers the display calls of the Jupyter JVM base kernel
 * (JJava, IJava); no class of a kernel is needed to compile or to load this one. Outside a kernel
 * nothing is shown.
 */
public final class Notebook {

  private static final int ROWS_SHOWN = 40;

  private Notebook() {}

  /** Shows a picture as PNG. */
  public static void show(Picture picture) {
    Map<String, String> data = new LinkedHashMap<>();
    data.put("image/png", Base64.getEncoder().encodeToString(picture.png()));
    data.put("text/plain", "picture of %d×%d pixels".formatted(picture.width(), picture.height()));
    Display.send(data);
  }

  /** Shows a chart as PNG. */
  public static void show(Chart<?, ?> chart) {
    show(Charts.picture(chart));
  }

  /** Shows a small map cell by cell, with its numbers; see {@link Charts#heatmap}. */
  public static void show(Heatmap map) {
    HeatMapChart chart = Charts.heatmap(map.provenance().toString(), map);
    show(chart);
  }

  /** Shows a table; of a long one the first rows. */
  public static void show(Table table) {
    show(table, ROWS_SHOWN);
  }

  /**
   * Shows the first rows of a table.
   *
   * @param table the table
   * @param rows how many rows at most
   */
  public static void show(Table table, int rows) {
    Map<String, String> data = new LinkedHashMap<>();
    data.put("text/html", Tables.html(table, rows));
    data.put("text/plain", table.first(Math.min(rows, table.rowCount())).print());
    Display.send(data);
  }

  /**
   * Tells below a cell how far a long evaluation has come, and how long the rest will take.
   *
   * @see camlab.evaluation.Evaluation#run
   */
  public static Progress progress() {
    return Progress.bar(System.out);
  }

  /**
   * Says that a claim holds, or stops the notebook.
   *
   * @param holds whether it does
   * @param claim the claim, as a sentence
   * @throws CheckFailed if it does not
   */
  public static void check(boolean holds, String claim) {
    if (!holds) {
      throw new CheckFailed("This should hold, but does not: " + claim);
    }
    System.out.println("✓ " + claim);
  }

  /**
   * Says that a number is what it should be, or stops the notebook.
   *
   * @param expected the value it should have
   * @param found the value it has
   * @param tolerance how far the two may lie apart
   * @param claim what the number is, as a sentence
   * @throws CheckFailed if it lies further away or is NaN
   */
  public static void check(double expected, double found, double tolerance, String claim) {
    if (!(Math.abs(expected - found) <= tolerance)) {
      throw new CheckFailed(
          "%s: expected %s (give or take %s), found %s."
              .formatted(claim, expected, tolerance, found));
    }
    System.out.println("✓ " + claim);
  }
}
