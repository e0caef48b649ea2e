package camlab.heatmap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import camlab.capture.FullHeap;
import camlab.capture.OwnProcess;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Maps over the pictures of large cameras: right, or refused with a sentence. */
class LargeMapsTest {

  /** As large as its own grid: every value is another. */
  private static Heatmap map(int height, int width) {
    float[] values = new float[height * width];
    for (int i = 0; i < values.length; i++) {
      values[i] = i;
    }
    return Heatmap.of(height, width, values, new Provenance("Grad-CAM", "layer", "cat", 1));
  }

  /** The products of these overflow: to a negative number, to 0, and to 65,536. */
  @Test
  void moreThanAnArrayHoldsIsRefused() {
    Heatmap small = map(2, 2);
    for (Executable task :
        List.<Executable>of(
            () -> small.resized(60_000, 60_000),
            () -> small.resized(65_536, 65_536),
            () -> small.resized(65_537, 65_536),
            () -> small.placed(60_000, 60_000))) {
      String message = assertThrows(IllegalArgumentException.class, task).getMessage();
      assertTrue(message.startsWith("A map has at most 2,147,483,639 values; one of 6"), message);
      assertTrue(message.contains("Picture.readReduced(path)"), message);
    }
  }

  /** The map takes 411 MB, and 700 are enough for it; less memory is a sentence. */
  @Test
  void aHundredMegapixels() throws IOException, InterruptedException {
    assertEquals(
        new OwnProcess.Ended(0, "0.0 1.5 3.0"),
        OwnProcess.run(700, Placing.class, "2", "2", "9000", "12000"));
    String refused = OwnProcess.run(Placing.class, "2", "2", "9000", "12000").output();
    assertEquals(
        "A map of 9,000 rows and 12,000 columns takes 411 MB, for which Java has no room left: it may use 92 MB in all. Lay it over a smaller picture: explain a reduced copy, Picture.readReduced(path), or take what the network saw, preprocessing().view(picture). Or start Java with more memory, such as -Xmx3g.",
        refused);
  }

  /**
   * Beside a map of 27 MB another one of 27, but not all rows of the first, which take 55. Of the
   * 2401 rows, the middle one lies half way between rows 1199 and 1200 of the 2400.
   */
  @Test
  void aLargeGridTakesNoMoreThanItsValues() throws IOException, InterruptedException {
    assertEquals(
        new OwnProcess.Ended(0, "0.0 3599999.0 7199999.0"),
        OwnProcess.run(Placing.class, "2400", "3000", "2401", "3000"));
  }

  /** A map takes 27 MB, and 92 have room for a copy or two of it. */
  @Test
  void copiesForWhichThereIsNoRoomAreRefused() throws IOException, InterruptedException {
    String refused =
        "A map of 2,400 rows and 3,000 columns takes 27 MB, for which Java has no room left: it may use 92 MB in all.";
    String output = OwnProcess.run(Copying.class).output();
    assertEquals(5, output.lines().count(), output);
    assertTrue(output.lines().allMatch(line -> line.startsWith(refused)), output);
  }

  /** Copies of a map, in every way there is. */
  static final class Copying {

    private Copying() {}

    public static void main(String[] none) {
      Heatmap map = map(2400, 3000);
      FullHeap.printRefusals(
          List.<Supplier<?>>of(
              () -> map.apply(value -> 2 * value),
              () -> map.apply(map, Double::sum),
              map::rows,
              map::values,
              map::normalized));
    }
  }

  /** Prints the first, the middle and the last value of a map of some size over a picture. */
  static final class Placing {

    private Placing() {}

    public static void main(String[] sizes) {
      Heatmap map = map(Integer.parseInt(sizes[0]), Integer.parseInt(sizes[1]));
      int height = Integer.parseInt(sizes[2]);
      int width = Integer.parseInt(sizes[3]);
      try {
        Heatmap placed = map.placed(width, height).map();
        float middle = placed.at((height - 1) / 2, (width - 1) / 2);
        System.out.printf(
            Locale.ROOT,
            "%.1f %.1f %.1f%n",
            placed.at(0, 0),
            middle,
            placed.at(height - 1, width - 1));
      } catch (IllegalArgumentException e) {
        System.out.println(e.getMessage());
      }
    }
  }
}
