package camlab.cam;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import camlab.heatmap.Heatmap;
import camlab.network.Classes;
import camlab.network.Classifier;
import camlab.network.NotApplicableException;
import camlab.picture.Picture;
import camlab.progress.Progress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;

/** Methods that hide regions, on games whose solutions are known. */
class RegionsTest {

  private static final float EXACT = 1e-5f;

  /** A score of which pixels of a white row are seen. */
  private static Classifier game(ToDoubleFunction<boolean[]> value) {
    return Classifier.of(
        "game",
        Classes.values("value"),
        pictures ->
            pictures.stream()
                .map(picture -> new float[] {(float) value.applyAsDouble(seen(picture))})
                .toArray(float[][]::new));
  }

  private static boolean[] seen(Picture picture) {
    boolean[] seen = new boolean[picture.width()];
    for (int i = 0; i < seen.length; i++) {
      seen[i] = picture.rgb(0, i) != 0;
    }
    return seen;
  }

  private static float[] solved(AskingMethod method, int players, Classifier game) {
    return method.heatmap(game, AskingTest.white(players, 1), "value").values();
  }

  private static List<AskingMethod> methods(RegionGrid grid) {
    return List.of(
        new RegionAblation(grid, Blank.BLACK),
        new ShapleyValues(grid, Blank.BLACK),
        new KernelShap(grid, Blank.BLACK, 1000, 0),
        new KernelShap(grid, Blank.BLACK, 9, 0),
        new Lime(grid, Blank.BLACK, 40, 0.25, 0, 0, 16, Progress.NONE));
  }

  /** Rows 0 to 2 and 3 to 4, columns 0 to 1 and 2, of 5×3: each region is worth its weights. */
  @Test
  void ofALinearFunctionAllSayWhatItsRegionsAdd() {
    float[] weights = {
      1, 2, -4,
      3, 4, 8,
      5, 6, 16,
      7, 8, 32,
      9, 10, 64
    };
    float[] expected = {
      21, 21, 20,
      21, 21, 20,
      21, 21, 20,
      34, 34, 96,
      34, 34, 96
    };
    for (AskingMethod method : methods(new RegionGrid(2, 2))) {
      Heatmap map = method.heatmap(AskingTest.linear(weights), AskingTest.white(3, 5), "sum");
      assertArrayEquals(expected, map.values(), 1e-4f, method.name());
      assertEquals(method.name() + " · sum (181.00)", map.provenance().toString());
    }
  }

  @Test
  void aGridHasNoMoreRegionsThanPixels() {
    RegionGrid grid = new RegionGrid(9, 2);
    assertArrayEquals(
        new int[] {0, 0, 1, 2, 2, 3}, grid.labels(2, 3, () -> AskingTest.white(3, 2)));
    assertArrayEquals(
        new float[] {1, 2},
        solved(
            new RegionAblation(new RegionGrid(7, 7), Blank.BLACK),
            2,
            game(seen -> (seen[0] ? 1 : 0) + (seen[1] ? 2 : 0))),
        EXACT);
  }

  /** As windows that do not overlap. */
  @Test
  void ablationIsOcclusionWithoutOverlap() {
    Classifier game = game(seen -> seen[0] && seen[3] ? 5 : seen[2] ? 2 : 1);
    assertArrayEquals(
        solved(new Occlusion(2, 2, Blank.BLACK), 4, game),
        solved(new RegionAblation(new RegionGrid(1, 2), Blank.BLACK), 4, game));
  }

  /** Either is enough, so neither is missed; the value of both is shared all the same. */
  @Test
  void ofTwoOfWhichEitherIsEnoughAblationMissesBoth() {
    Classifier either = game(seen -> seen[0] || seen[1] ? 3 : 1);
    RegionGrid grid = new RegionGrid(1, 3);
    assertArrayEquals(
        new float[] {0, 0, 0}, solved(new RegionAblation(grid, Blank.BLACK), 3, either), EXACT);
    assertArrayEquals(
        new float[] {1, 1, 0}, solved(new ShapleyValues(grid, Blank.BLACK), 3, either), EXACT);
    assertArrayEquals(
        new float[] {1, 1, 0}, solved(new KernelShap(grid, Blank.BLACK, 6, 0), 3, either), EXACT);
  }

  /**
   * One left glove and two right ones; a pair is worth 1. Of the 6 orders in which they can come,
   * the left one completes a pair in 4, each right one in 1.
   */
  @Test
  void theGameOfGloves() {
    Classifier gloves = game(seen -> seen[0] && (seen[1] || seen[2]) ? 1 : 0);
    RegionGrid grid = new RegionGrid(1, 3);
    float[] expected = {2 / 3f, 1 / 6f, 1 / 6f};
    assertArrayEquals(expected, solved(new ShapleyValues(grid, Blank.BLACK), 3, gloves), EXACT);
    assertArrayEquals(expected, solved(new KernelShap(grid, Blank.BLACK, 6, 0), 3, gloves), EXACT);
  }

  /** Any game of ten: the regression over all selections is the sum over all selections. */
  @Test
  void theRegressionOverAllSelectionsGivesTheShapleyValues() {
    Classifier any = anyGame();
    RegionGrid ten = new RegionGrid(1, 10);
    float[] expected = solved(new ShapleyValues(ten, Blank.BLACK), 10, any);
    assertArrayEquals(expected, solved(new KernelShap(ten, Blank.BLACK, 1022, 0), 10, any), 1e-4f);
    double sum = 0;
    for (float value : expected) {
      sum += value;
    }
    boolean[] all = new boolean[10];
    Arrays.fill(all, true);
    assertEquals(worth(all) - worth(new boolean[10]), sum, 1e-4);
  }

  /**
   * Of fewer selections it is an estimate that adds up, and that four times as many come closer to:
   * over twenty seeds, to about half the error.
   */
  @Test
  void moreSelectionsComeCloser() {
    Classifier any = anyGame();
    RegionGrid ten = new RegionGrid(1, 10);
    float[] exact = solved(new ShapleyValues(ten, Blank.BLACK), 10, any);
    double[] error = new double[2];
    for (int seed = 0; seed < 20; seed++) {
      for (int i = 0; i < 2; i++) {
        int samples = i == 0 ? 60 : 240;
        float[] found = solved(new KernelShap(ten, Blank.BLACK, samples, seed), 10, any);
        double sum = 0;
        for (int r = 0; r < 10; r++) {
          error[i] += Math.pow(found[r] - exact[r], 2) / 200;
          sum += found[r] - exact[r];
        }
        assertEquals(0, sum, 1e-4);
      }
    }
    assertEquals(0.5, Math.sqrt(error[1] / error[0]), 0.15);
  }

  private static Classifier anyGame() {
    return game(RegionsTest::worth);
  }

  /** Players and all their pairs, and the square of how many there are. */
  private static double worth(boolean... seen) {
    Random random = new Random(7);
    double value = 0;
    int count = 0;
    for (int i = 0; i < seen.length; i++) {
      count += seen[i] ? 1 : 0;
      for (int j = 0; j <= i; j++) {
        double pair = random.nextGaussian();
        value += seen[i] && seen[j] ? pair : 0;
      }
    }
    return value + 0.1 * count * count;
  }

  /**
   * Of one region, seen k times with weight 1 and hidden m times with e = exp(−1/(2σ²)): the
   * variance is k m e/(k + m e), and the penalty draws the slope of 3 towards 0.
   */
  @Test
  void limeOfOneRegion() {
    List<Boolean> asked = new ArrayList<>();
    Classifier one =
        game(
            seen -> {
              asked.add(seen[0]);
              return seen[0] ? 5 : 2;
            });
    double width = 0.5;
    double penalty = 0.7;
    Lime method =
        new Lime(new RegionGrid(1, 1), Blank.BLACK, 30, width, penalty, 2, 16, Progress.NONE);
    float[] found = solved(method, 1, one);
    List<Boolean> drawn = asked.subList(1, asked.size());
    assertEquals(30, drawn.size());
    assertTrue(drawn.get(0));
    double k = drawn.stream().filter(seen -> seen).count();
    double weighted = (30 - k) * Math.exp(-1 / (2 * width * width));
    double variance = k * weighted / (k + weighted);
    assertEquals(15, k, 8);
    assertEquals(3 * variance / (variance + penalty), found[0], EXACT);
  }

  /**
   * Near the whole picture three of four regions are seen, and there a pair counts nearly whole.
   */
  @Test
  void limeLooksNearTheWholePicture() {
    Classifier pair = game(seen -> seen[0] && seen[1] ? 1 : 0);
    RegionGrid four = new RegionGrid(1, 4);
    float[] near =
        solved(new Lime(four, Blank.BLACK, 4000, 0.05, 0, 1, 16, Progress.NONE), 4, pair);
    float[] far = solved(new Lime(four, Blank.BLACK, 4000, 100, 0, 1, 16, Progress.NONE), 4, pair);
    // Equal weights for all sixteen selections: the slope is the mean of what the other allows.
    assertArrayEquals(new float[] {0.5f, 0.5f, 0, 0}, far, 0.05f);
    assertTrue(near[0] > 0.8 && near[1] > 0.8, Arrays.toString(near));
  }

  @Test
  void everythingFollowsFromTheSeed() {
    RegionGrid ten = new RegionGrid(1, 10);
    float[] lime = solved(new Lime(ten, Blank.BLACK, 50, 1), 10, anyGame());
    assertArrayEquals(lime, solved(new Lime(ten, Blank.BLACK, 50, 1), 10, anyGame()));
    assertTrue(!Arrays.equals(lime, solved(new Lime(ten, Blank.BLACK, 50, 2), 10, anyGame())));
    float[] shap = solved(new KernelShap(ten, Blank.BLACK, 50, 1), 10, anyGame());
    assertArrayEquals(shap, solved(new KernelShap(ten, Blank.BLACK, 50, 1), 10, anyGame()));
    assertTrue(
        !Arrays.equals(shap, solved(new KernelShap(ten, Blank.BLACK, 50, 2), 10, anyGame())));
  }

  @Test
  void tooFewSelectionsAreSaid() {
    RegionGrid ten = new RegionGrid(1, 10);
    for (AskingMethod method :
        List.of(
            new KernelShap(ten, Blank.BLACK, 4, 0),
            new Lime(ten, Blank.BLACK, 4, 0.25, 0, 0, 16, Progress.NONE))) {
      String message =
          assertThrows(IllegalArgumentException.class, () -> solved(method, 10, anyGame()))
              .getMessage();
      assertTrue(message.contains("Draw more of them"), message);
    }
  }

  @Test
  void refusesWhatMakesNoSense() {
    RegionGrid grid = RegionGrid.USUAL;
    assertThrows(IllegalArgumentException.class, () -> new RegionGrid(0, 1));
    assertThrows(IllegalArgumentException.class, () -> new RegionGrid(1, 0));
    assertThrows(IllegalArgumentException.class, () -> new KernelShap(grid, Blank.GREY, 1, 0));
    assertThrows(IllegalArgumentException.class, () -> new Lime(grid, Blank.GREY, 0, 0));
    assertThrows(
        IllegalArgumentException.class,
        () -> new Lime(grid, Blank.GREY, 9, 0, 1, 0, 16, Progress.NONE));
    assertThrows(
        IllegalArgumentException.class,
        () -> new Lime(grid, Blank.GREY, 9, 1, -1, 0, 16, Progress.NONE));
    assertThrows(
        IllegalArgumentException.class,
        () -> new Lime(grid, Blank.GREY, 9, 1, Double.POSITIVE_INFINITY, 0, 16, Progress.NONE));
    String message =
        assertThrows(
                NotApplicableException.class,
                () -> solved(new ShapleyValues(new RegionGrid(1, 13), Blank.BLACK), 13, anyGame()))
            .getMessage();
    assertTrue(message.contains("KernelShap estimates them"), message);
  }
}
