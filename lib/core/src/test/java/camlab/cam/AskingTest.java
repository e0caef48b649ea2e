package camlab.cam;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import camlab.capture.Recording;
import camlab.capture.SmallNetworks;
import camlab.capture.Target;
import camlab.heatmap.Heatmap;
import camlab.network.Classes;
import camlab.network.Classifier;
import camlab.network.Network;
import camlab.network.NotApplicableException;
import camlab.picture.Picture;
import camlab.progress.Progress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

/** Methods that only ask, on functions whose answers can be worked out. */
class AskingTest {

  private static final float EXACT = 1e-5f;

  /** Red of each pixel, from 0 to 1, times its weight; 10 more. */
  static Classifier linear(float... weights) {
    return Classifier.of(
        "linear",
        Classes.values("sum", "negative"),
        pictures ->
            pictures.stream()
                .map(picture -> linear(picture, weights))
                .map(sum -> new float[] {sum, -sum})
                .toArray(float[][]::new));
  }

  private static float linear(Picture picture, float... weights) {
    double sum = 10;
    for (int i = 0; i < weights.length; i++) {
      int rgb = picture.rgb(i / picture.width(), i % picture.width());
      sum += weights[i] * (rgb >> 16) / 255.0;
    }
    return (float) sum;
  }

  /** White all over. */
  static Picture white(int width, int height) {
    int[] pixels = new int[width * height];
    Arrays.fill(pixels, 0xffffff);
    return Picture.of(width, height, pixels);
  }

  /** Only the pixel at row 1, column 2 of 4×4 counts, with 3 from white to black. */
  private static Classifier onePixel() {
    float[] weights = new float[16];
    weights[6] = 3;
    return linear(weights);
  }

  /**
   * Windows begin at 0, 1 and 2. Of those that cover row 0, 1, 2, 3 a share of 1, 1, ½, 0 covers
   * row 1; of those that cover column 0, 1, 2, 3 a share of 0, ½, 1, 1 covers column 2.
   */
  @Test
  void occlusionOfALinearFunction() {
    Occlusion method = new Occlusion(2, 1, Blank.BLACK);
    Heatmap map = method.heatmap(onePixel(), white(4, 4), "sum");
    float[] expected = {
      0, 1.5f, 3, 3,
      0, 1.5f, 3, 3,
      0, 0.75f, 1.5f, 1.5f,
      0, 0, 0, 0
    };
    assertArrayEquals(expected, map.values(), EXACT);
    assertEquals("Occlusion · sum (13.00)", map.provenance().toString());
    Heatmap less = method.heatmap(onePixel(), white(4, 4), "negative");
    assertArrayEquals(new float[] {0, -1.5f, -3, -3}, less.rows()[1], EXACT);
  }

  /** Windows of 2 begin at 0, 2 and 4 of 5 columns: the last one hangs over the edge. */
  @Test
  void theLastWindowHangsOverTheEdge() {
    Classifier weights = linear(1, 2, 4, 8, 16);
    float[] map = new Occlusion(2, 2, Blank.BLACK).heatmap(weights, white(5, 1), "sum").values();
    assertArrayEquals(new float[] {3, 3, 12, 12, 16}, map, EXACT);
    float[] all = new Occlusion(9, 3, Blank.BLACK).heatmap(weights, white(5, 1), "sum").values();
    assertArrayEquals(new float[] {31, 31, 31, 31, 31}, all, EXACT);
  }

  /** A seventh of the picture's shorter side; a stated window stays, and may cover all of it. */
  @Test
  void theUsualWindowFollowsThePicture() {
    for (int[] usual :
        new int[][] {{224, 224, 32, 16}, {32, 32, 5, 2}, {40, 32, 5, 2}, {3, 3, 1, 1}}) {
      float[] weights = new float[usual[0] * usual[1]];
      for (int i = 0; i < weights.length; i++) {
        weights[i] = i % 7;
      }
      Picture picture = white(usual[0], usual[1]);
      Heatmap map = new Occlusion().heatmap(linear(weights), picture, "sum");
      assertEquals(
          new Occlusion(usual[2], usual[3], Blank.GREY).heatmap(linear(weights), picture, "sum"),
          map);
      assertTrue(map.max() - map.min() > 1e-3, map.toString());
    }
    float[] all =
        new Occlusion(32, 16, Blank.GREY).heatmap(linear(1, 2), white(2, 1), "sum").values();
    assertEquals(all[0], all[1]);
    assertNotEquals(new Occlusion().identity(), new Occlusion(32, 16, Blank.GREY).identity());
    assertEquals(
        "Occlusion(batch=16, blank=Colour(rgb=8421504), stride=16, window=32)",
        new Occlusion(32, 16, Blank.GREY).identity());
  }

  /** From white to 0x33 is a fall of four fifths. */
  @Test
  void theBlankIsWhatIsSeenInstead() {
    Occlusion method = new Occlusion(1, 1, Blank.colour(0x330000));
    float[] map = method.heatmap(linear(5, -10), white(2, 1), "sum").values();
    assertArrayEquals(new float[] {4, -8}, map, EXACT);
    assertEquals(
        "Occlusion(batch=16, blank=Colour(rgb=3342336), stride=1, window=1)", method.identity());
  }

  /** One cell is all of the picture, seen or not: y(x) each time it is seen, over ½ N. */
  @Test
  void riseOfOneCell() {
    int[] asked = new int[2];
    Classifier counting =
        Classifier.of(
            "counting",
            Classes.values("sum"),
            pictures -> {
              pictures.forEach(picture -> asked[picture.rgb(1, 1) & 1]++);
              return pictures.stream()
                  .map(picture -> new float[] {linear(picture, 1, 2)})
                  .toArray(float[][]::new);
            });
    float[] map =
        new Rise(60, 1, 0.5, 3, Blank.BLACK).heatmap(counting, white(2, 3), "sum").values();
    asked[1]--; // the picture itself, for the title
    assertEquals(60, asked[0] + asked[1]);
    assertEquals(30, asked[1], 12);
    for (float value : map) {
      assertEquals(13 * asked[1] / (0.5 * 60), value, EXACT);
    }
  }

  /**
   * Of a score that is 0 for black and that one pixel raises to 3, the mean where another, far
   * away, is seen is 3p; where that pixel itself is seen it is 3 E[M²]/p, since the mask at a place
   * varies.
   */
  @Test
  void riseOfALinearFunctionInTheMean() {
    int side = 14;
    float[] weights = new float[side * side];
    weights[10 * side + 3] = 3;
    Classifier function =
        Classifier.of(
            "pixel",
            Classes.values("sum"),
            pictures ->
                pictures.stream()
                    .map(picture -> new float[] {linear(picture, weights) - 10})
                    .toArray(float[][]::new));
    double keep = 0.3;
    int masks = 4000;
    Heatmap map =
        new Rise(masks, 7, keep, 1, Blank.BLACK).heatmap(function, white(side, side), "sum");
    // A mask's deviation is below ½, so that of a product's mean is below 3 · ¼ / p / √N.
    double deviation = 3 * 0.25 / keep / Math.sqrt(masks);
    int far = 0;
    for (int row = 0; row < side; row++) {
      for (int column = 0; column < side; column++) {
        if (Math.abs(row - 10) > 4 || Math.abs(column - 3) > 4) {
          assertEquals(3 * keep, map.at(row, column), 5 * deviation);
          far++;
        }
      }
    }
    assertTrue(far > 90);
    assertTrue(map.at(10, 3) > 3 * keep + 10 * deviation, map.toString());
    assertTrue(map.at(10, 3) < 3, map.toString());
    assertEquals(10, map.peak().row(), 1);
    assertEquals(3, map.peak().column(), 1);
  }

  /** Where everything is seen, the map is the score itself. */
  @Test
  void riseThatHidesNothing() {
    Rise method = new Rise(5, 3, 1, 0, Blank.BLACK);
    float[] map = method.heatmap(linear(1, 2), white(2, 1), "sum").values();
    assertArrayEquals(new float[] {13, 13}, map, EXACT);
  }

  @Test
  void riseFollowsFromItsSeed() {
    Classifier function = linear(1, 2, 3, 4);
    Heatmap one = new Rise(9, 2, 0.5, 1, Blank.BLACK).heatmap(function, white(2, 2), "sum");
    assertEquals(one, new Rise(9, 2, 0.5, 1, Blank.BLACK).heatmap(function, white(2, 2), "sum"));
    Heatmap other = new Rise(9, 2, 0.5, 2, Blank.BLACK).heatmap(function, white(2, 2), "sum");
    assertTrue(one.maxDifference(other) > 0.1);
  }

  /** The input, not the picture, in which a function's 8 bits would be rounded. */
  @Test
  void aNetworkIsAskedAboutItsInput() {
    try (Network network = TinyNetwork.create();
        NDManager scope = network.newScope();
        Recording recording = Recording.of(network, TinyNetwork.input(scope), List.of("relu"))) {
      // [1 2; 3 4] and [0 1; 0 2], a quarter of the one less half of the other, plus 10.
      float[] map =
          new Occlusion(1, 1, Blank.zero()).heatmap(recording, "relu", Target.of("first")).values();
      assertArrayEquals(new float[] {0.25f, 0, 0.75f, 0}, map, EXACT);
    }
  }

  /** A network, the same network as a classifier, and a function that asks it. */
  @Test
  void whateverAnswersTheMapIsTheSame() {
    Random random = new Random(4);
    Picture picture = Picture.of(96, 96, random.ints(96 * 96, 0, 1 << 24).toArray());
    try (Network network = SmallNetworks.alexNet()) {
      Classifier function = Classifier.of("function", network.classes(), network::scores);
      for (AskingMethod method : methods()) {
        Heatmap expected = method.heatmap(network, picture, "cat");
        assertEquals(expected, method.heatmap((Classifier) network, picture, "cat"));
        Heatmap found = method.heatmap(function, picture, "cat");
        assertTrue(expected.max() > expected.min());
        // A mask between 0 and 1 makes colours of a picture that are rounded to 8 bits.
        double rounding = method instanceof Rise ? 0.01 : 1e-4;
        assertEquals(
            0, found.maxDifference(expected), rounding * (expected.max() - expected.min()));
        assertEquals(
            expected.provenance().score(), found.provenance().score(), 1e-5, method.name());
        Target likely = Target.of("cat").probability();
        assertEquals(
            network.predict(picture).stream()
                .filter(prediction -> prediction.name().equals("cat"))
                .findFirst()
                .orElseThrow()
                .probability(),
            method.heatmap(function, picture, likely).provenance().score(),
            1e-5);
      }
    }
  }

  private static List<AskingMethod> methods() {
    RegionGrid nine = new RegionGrid(3, 3);
    return List.of(
        new Occlusion(32, 32, Blank.GREY),
        new Rise(40, 7, 0.5, 0, Blank.GREY),
        new RegionAblation(nine, Blank.GREY),
        new KernelShap(nine, Blank.GREY, 40, 0),
        new Lime(nine, Blank.GREY, 40, 0),
        new ShapleyValues(new RegionGrid(2, 2), Blank.GREY));
  }

  /** Of a tall picture, so that rows and columns cannot be mixed up. */
  @Test
  void theSizeOfABatchChangesNothing() {
    float[] weights = new float[6 * 3];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = i;
    }
    List<String> seen = new ArrayList<>();
    Progress progress = (work, start) -> done -> seen.add(done + "/" + work.total());
    Heatmap one = new Occlusion(2, 1, Blank.BLACK).heatmap(linear(weights), white(3, 6), "sum");
    Heatmap seven =
        new Occlusion(2, 1, Blank.BLACK, 7, progress).heatmap(linear(weights), white(3, 6), "sum");
    assertEquals(6, one.height());
    assertEquals(one, seven);
    assertEquals(List.of("7/11", "11/11"), seen);
  }

  /** The largest number is that of the unmasked picture, whatever is largest for a mask. */
  @Test
  void thePredictedClassStaysTheSame() {
    Classifier turned =
        Classifier.of(
            "turned",
            Classes.values("red", "not red"),
            pictures ->
                pictures.stream()
                    .map(picture -> (picture.rgb(0, 0) >> 16) / 255f)
                    .map(red -> new float[] {red, 1 - red})
                    .toArray(float[][]::new));
    Heatmap map = new Occlusion(1, 1, Blank.BLACK).heatmap(turned, white(1, 1), Target.predicted());
    assertArrayEquals(new float[] {1}, map.values(), EXACT);
    assertEquals("red", map.provenance().target());
  }

  @Test
  void interruptingStopsTheWork() {
    Progress interrupting = (work, start) -> done -> Thread.currentThread().interrupt();
    Occlusion method = new Occlusion(1, 1, Blank.BLACK, 2, interrupting);
    String message =
        assertThrows(
                CancellationException.class, () -> method.heatmap(onePixel(), white(4, 4), "sum"))
            .getMessage();
    assertEquals("Interrupted when 2 of 17 passes were done.", message);
    assertTrue(Thread.interrupted());
  }

  @Test
  void refusesWhatMakesNoSense() {
    assertThrows(IllegalArgumentException.class, () -> new Occlusion(0, 1, Blank.GREY));
    assertThrows(IllegalArgumentException.class, () -> new Occlusion(2, 0, Blank.GREY));
    assertThrows(IllegalArgumentException.class, () -> new Occlusion(2, 3, Blank.GREY));
    assertThrows(
        IllegalArgumentException.class, () -> new Occlusion(1, 1, Blank.GREY, 0, Progress.NONE));
    assertThrows(IllegalArgumentException.class, () -> new Rise(0, 7, 0.5, 0, Blank.GREY));
    assertThrows(IllegalArgumentException.class, () -> new Rise(1, 0, 0.5, 0, Blank.GREY));
    assertThrows(IllegalArgumentException.class, () -> new Rise(1, 7, 0, 0, Blank.GREY));
    assertThrows(IllegalArgumentException.class, () -> new Rise(1, 7, 1.1, 0, Blank.GREY));
  }

  @Test
  void whatZeroIsOnlyANetworkTells() {
    Occlusion method = new Occlusion(1, 1, Blank.zero());
    String message =
        assertThrows(
                NotApplicableException.class, () -> method.heatmap(onePixel(), white(4, 4), "sum"))
            .getMessage();
    assertTrue(message.contains("Blank.GREY"), message);
  }

  @Test
  void aFunctionIsHeldToOneNumberForEachClass() {
    Classes two = Classes.values("a", "b");
    for (float[][] wrong :
        List.of(
            new float[][] {},
            new float[][] {{1}},
            new float[][] {{1, 2}, {3, 4}},
            new float[][] {{1, Float.NaN}})) {
      Classifier function = Classifier.of("mine", two, pictures -> wrong);
      String message =
          assertThrows(IllegalArgumentException.class, () -> function.scores(List.of(white(1, 1))))
              .getMessage();
      assertTrue(message.startsWith("'mine' was asked about 1 pictures and has 2 classes"));
    }
  }

  /** One that somebody has written is held to the same as a function. */
  @Test
  void aClassifierIsHeldToOneNumberForEachClass() {
    for (float[][] wrong :
        Arrays.asList(
            new float[][] {},
            new float[][] {null},
            new float[][] {{1}},
            new float[][] {{1, 2, 3}},
            new float[][] {{1, 2}, {3, 4}},
            new float[][] {{1, Float.NaN}},
            null)) {
      Classifier own =
          new Classifier() {
            @Override
            public String name() {
              return "mine";
            }

            @Override
            public Classes classes() {
              return Classes.values("a", "b");
            }

            @Override
            public float[][] scores(List<Picture> pictures) {
              return wrong;
            }
          };
      String message =
          assertThrows(
                  IllegalArgumentException.class,
                  () -> new Occlusion().heatmap(own, white(4, 4), "a"))
              .getMessage();
      assertTrue(
          message.startsWith(
              "'mine' was asked about 1 pictures and has 2 classes: expected so many rows, each of so many finite numbers, found "),
          message);
    }
    assertEquals(
        "Expected what answers for a picture, found null: a network, a predictor, or Classifier.of(…).",
        assertThrows(
                NullPointerException.class,
                () -> new Occlusion().heatmap((Classifier) null, white(4, 4), "a"))
            .getMessage());
  }

  @Test
  void aFunctionPredicts() {
    Classifier function =
        Classifier.of("mine", Classes.oneOf("a", "b"), pictures -> new float[][] {{0, 2}});
    assertEquals("b", function.predict(white(1, 1)).get(0).name());
    assertEquals(1 / (1 + Math.exp(-2)), function.predict(white(1, 1)).get(0).probability(), 1e-6);
  }

  @Test
  void aColourIsPreprocessedAsAnyOther() {
    try (Network network = TinyNetwork.create()) {
      float[] grey = Blank.GREY.channels(network);
      assertEquals((128 / 255.0 - 0.485) / 0.229, grey[0], EXACT);
      assertEquals((128 / 255.0 - 0.406) / 0.225, grey[2], EXACT);
      assertArrayEquals(new float[3], Blank.zero().channels(network));
    }
  }
}
