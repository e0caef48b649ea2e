package camlab.notebook;

import camlab.course.ProgressBars;
import camlab.figure.ChannelGrid;
import camlab.figure.Charts;
import camlab.figure.Interactive;
import camlab.heatmap.ChannelMaps;
import camlab.heatmap.Heatmap;
import camlab.picture.Mask;
import camlab.picture.Picture;
import camlab.progress.Progress;
import java.util.Objects;
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
 * (JJava, IJava); no class of a kernel is needed to load this one. Outside a kernel nothing is
 * shown. A cell may also just end in a value of these kinds: under JJava always, under IJava once
 * something has been shown.
 */
public final class Notebook {

  private static final String MARKING = "NBGRADER_EXECUTION";

  private Notebook() {}

  /**
   * Shows a picture, as PNG or JPEG with no loss that one could see; one wider than {@value
   * camlab.figure.PictureFile#SHOWN_WIDTH} pixels is scaled down to that, as notebooks show no
   * more.
   *
   * @see camlab.figure.PictureFile
   */
  public static void show(Picture picture) {
    Display.send(MimeBundle.of(required(picture)));
  }

  /** Shows a mask: white inside, black outside. */
  public static void show(Mask mask) {
    Display.send(MimeBundle.of(required(mask)));
  }

  /** Shows a chart as a picture. */
  public static void show(Chart<?, ?> chart) {
    Display.send(MimeBundle.of(required(chart)));
  }

  /** Shows a figure to play with as HTML, and its still picture where HTML is not shown. */
  public static void show(Interactive figure) {
    Display.send(MimeBundle.of(required(figure)));
  }

  /**
   * Shows a map: a small one cell by cell, with its numbers (see {@link Charts#heatmap}), one of
   * more than 32×32 values as a picture with a colour bar.
   */
  public static void show(Heatmap map) {
    Display.send(MimeBundle.of(required(map)));
  }

  /** Shows the maps of a layer side by side, on one scale; see {@link ChannelGrid}. */
  public static void show(ChannelMaps maps) {
    Display.send(MimeBundle.of(required(maps)));
  }

  /** Shows a table; of a long one the first rows. */
  public static void show(Table table) {
    Display.send(MimeBundle.of(required(table)));
  }

  /**
   * Shows the first rows of a table.
   *
   * @param table the table
   * @param rows how many rows at most, at least 1
   * @throws IllegalArgumentException if that is less
   */
  public static void show(Table table, int rows) {
    Display.send(MimeBundle.of(required(table), rows));
  }

  private static <T> T required(T value) {
    return Objects.requireNonNull(
        value, "There is nothing to show: null. Look at where the value comes from.");
  }

  /**
   * Tells below a cell how far long work has come, and how long the rest will take.
   *
   * @see camlab.evaluation.Evaluation#run
   */
  public static Progress progress() {
    return ProgressBars.on(System.out);
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
    passed(claim);
  }

  /**
   * Says that something has been checked and found right.
   *
   * @param claim what holds, as a sentence
   */
  public static void passed(String claim) {
    System.out.println("✓ " + claim);
  }

  /**
   * Says that a number is what it should be, or stops the notebook.
   *
   * @param expected the value it should have
   * @param found the value it has
   * @param tolerance how far the two may lie apart
   * @param claim what the number is, as a sentence
   * @throws CheckFailed if it lies further away, or the difference or the tolerance is NaN
   */
  public static void check(double expected, double found, double tolerance, String claim) {
    if (!(Math.abs(expected - found) <= tolerance)) {
      throw new CheckFailed(
          "%s: expected %s (give or take %s), found %s."
              .formatted(claim, expected, tolerance, found));
    }
    passed(claim);
  }

  /**
   * Checks the answer to an exercise, or draws what it gives. While there is none, it says so and
   * lets the notebook go on, so that all of its cells can run; but not where nbgrader marks a
   * submission, which it tells by the environment variable {@value #MARKING}.
   *
   * @param checks what calls the reader's method: checks, which throw if the answer is wrong, or a
   *     figure
   * @throws CheckFailed if the answer is wrong
   * @throws StillOpen if there is none and nbgrader marks it
   */
  public static void attempt(Runnable checks) {
    Objects.requireNonNull(checks, "Expected checks to run, found null.");
    attempt(checks, System.getenv(MARKING) != null);
  }

  static void attempt(Runnable checks, boolean marking) {
    try {
      checks.run();
    } catch (StillOpen e) {
      stillOpen(e, marking);
    } catch (UnsupportedOperationException e) {
      if (!StillOpen.STUB.equals(e.getMessage())) {
        throw e;
      }
      stillOpen(new StillOpen(), marking);
    }
  }

  private static void stillOpen(StillOpen open, boolean marking) {
    if (marking) {
      throw open;
    }
    System.out.println("○ " + open.getMessage());
  }
}
