package camlab.cam;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import camlab.TestFiles;
import camlab.capture.SmallNetworks;
import camlab.network.Classifier;
import camlab.network.Network;
import camlab.picture.Picture;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SlicTest {

  /** Of the pictures of {@code make_slic.py}, and S. */
  private static final int HEIGHT = 48;

  private static final int WIDTH = 64;
  private static final int SIDE = 16;

  /** As tables of colours have them. */
  @Test
  void coloursAsTheyDifferToTheEye() {
    assertArrayEquals(new double[] {0, 0, 0}, Lab.of(0), 1e-9);
    assertArrayEquals(new double[] {100, 0, 0}, Lab.of(0xffffff), 1e-9);
    assertArrayEquals(new double[] {53.24, 80.09, 67.20}, Lab.of(0xff0000), 0.01);
    assertArrayEquals(new double[] {87.73, -86.18, 83.18}, Lab.of(0x00ff00), 0.01);
    assertArrayEquals(new double[] {32.30, 79.19, -107.86}, Lab.of(0x0000ff), 0.01);
    assertEquals(53.585, Lab.of(0x808080)[0], 0.001);
  }

  private static Picture fourFields() {
    int[] colours = {0xd02020, 0x20a040, 0x3030c0, 0xe0e040};
    int[] pixels = IntStream.range(0, 400).map(i -> colours[field(i)]).toArray();
    return Picture.of(20, 20, pixels);
  }

  /** The fields meet at row 8 and column 13 of 20×20, not where the grid's cells do. */
  private static int field(int pixel) {
    return (pixel / 20 < 8 ? 0 : 2) + (pixel % 20 < 13 ? 0 : 1);
  }

  @Test
  void regionsFollowThePicture() {
    int[] found = new Slic(4, 10).labels(20, 20, SlicTest::fourFields);
    assertArrayEquals(IntStream.range(0, 400).map(SlicTest::field).toArray(), found);
  }

  /** So that colour counts for nothing beside place: cells of a grid, to a pixel at the borders. */
  @Test
  void compactRegionsAreAGrid() {
    int[] found = new Slic(4, 1e6).labels(20, 20, SlicTest::fourFields);
    int[] grid = new RegionGrid(2, 2).labels(20, 20, SlicTest::fourFields);
    long other = IntStream.range(0, 400).filter(i -> found[i] != grid[i]).count();
    assertTrue(other <= 40, other + " pixels");
    assertEquals(4, Arrays.stream(found).distinct().count());
  }

  /** The picture of {@code make_slic.py}. */
  private static Picture disc(int texture) {
    int[] pixels = new int[HEIGHT * WIDTH];
    for (int i = 0; i < pixels.length; i++) {
      int y = i / WIDTH;
      int x = i % WIDTH;
      boolean inside = (y - 20) * (y - 20) + (x - 30) * (x - 30) < 300;
      boolean even = Math.abs(y % 16 - 8) <= 2 && Math.abs(x % 16 - 8) <= 2;
      int rough = even ? 0 : (7 * x + 5 * y) % 11 * texture;
      boolean below = 2 * y > x + 20;
      int red = (inside ? 200 : 30) + rough;
      int green = (inside ? 60 : 120) + (below ? 50 : 0) + rough;
      int blue = (inside ? 40 : 90) + (below ? 70 : 0) + rough;
      pixels[i] = red << 16 | green << 8 | blue;
    }
    pixels[0] = 0;
    pixels[pixels.length - 1] = 0xffffff;
    return Picture.of(WIDTH, HEIGHT, pixels);
  }

  static Stream<JsonObject> others() {
    return TestFiles.figures("maps/slic.json").getAsJsonArray("cases").asList().stream()
        .map(JsonElement::getAsJsonObject);
  }

  /**
   * The colour that scikit-image's centres start with is black, so that the first round goes by
   * place alone; and it goes on to look for a pixel's centre within 2S where the paper has S. With
   * these two turned round the same few lines find ours; no part is small enough here to join
   * another.
   */
  @ParameterizedTest
  @MethodSource("others")
  void regionsOfScikitImage(JsonObject other) {
    Picture picture = disc(other.get("texture").getAsInt());
    double compactness = other.get("compactness").getAsDouble();
    int[] theirs = other.get("labels").getAsString().chars().map(c -> c - 'a').toArray();
    assertArrayEquals(theirs, clusters(picture, compactness, true, 2 * SIDE));
    assertArrayEquals(
        inOrder(clusters(picture, compactness, false, SIDE)),
        new Slic(12, compactness).labels(HEIGHT, WIDTH, () -> picture));
  }

  /** Ten rounds from the middles of twelve cells, which are the smoothest places. */
  private static int[] clusters(Picture picture, double compactness, boolean black, int reach) {
    double[][] pixels = new double[HEIGHT * WIDTH][];
    for (int i = 0; i < pixels.length; i++) {
      double[] lab = Lab.of(picture.rgb(i / WIDTH, i % WIDTH));
      int row = i / WIDTH;
      pixels[i] = new double[] {lab[0], lab[1], lab[2], row, i % WIDTH};
    }
    double[][] centres = new double[12][];
    for (int k = 0; k < centres.length; k++) {
      int line = k / 4;
      int row = SIDE / 2 + line * SIDE;
      int column = SIDE / 2 + k % 4 * SIDE;
      centres[k] =
          black ? new double[] {0, 0, 0, row, column} : pixels[row * WIDTH + column].clone();
    }
    int[] labels = new int[pixels.length];
    for (int round = 0; round < 10; round++) {
      for (int i = 0; i < pixels.length; i++) {
        double least = Double.POSITIVE_INFINITY;
        for (int k = 0; k < centres.length; k++) {
          double distance = distance(pixels[i], centres[k], compactness, reach);
          if (distance < least) {
            least = distance;
            labels[i] = k;
          }
        }
      }
      for (int k = 0; k < centres.length; k++) {
        int own = k;
        int[] members = IntStream.range(0, labels.length).filter(i -> labels[i] == own).toArray();
        for (int j = 0; j < 5 && members.length > 0; j++) {
          int part = j;
          centres[k][j] =
              Arrays.stream(members).mapToDouble(i -> pixels[i][part]).sum() / members.length;
        }
      }
    }
    return labels;
  }

  private static double distance(double[] pixel, double[] centre, double compactness, int reach) {
    double down = pixel[3] - centre[3];
    double along = pixel[4] - centre[4];
    if (Math.abs(down) > reach || Math.abs(along) > reach) {
      return Double.POSITIVE_INFINITY;
    }
    double colour = IntStream.range(0, 3).mapToDouble(j -> Math.pow(pixel[j] - centre[j], 2)).sum();
    return colour + Math.pow(compactness / SIDE, 2) * (down * down + along * along);
  }

  /** Numbers in the order in which they first appear. */
  private static int[] inOrder(int[] labels) {
    int[] order = Arrays.stream(labels).distinct().toArray();
    return Arrays.stream(labels)
        .map(
            label ->
                IntStream.range(0, order.length)
                    .filter(k -> order[k] == label)
                    .findFirst()
                    .orElseThrow())
        .toArray();
  }

  /** Of noise around a grey, where clusters fall to pieces. */
  @Test
  void eachRegionIsConnected() {
    int[] pixels = new Random(2).ints(2400).map(i -> 0x606060 + (i & 0x3F3F3F)).toArray();
    Picture noise = Picture.of(60, 40, pixels);
    int[] labels = new Slic(24, 20).labels(40, 60, () -> noise);
    int count = 1 + Arrays.stream(labels).max().orElseThrow();
    assertEquals(count, Arrays.stream(labels).distinct().count(), "none left out");
    assertEquals(24, count, 12);
    int[] parts = IntStream.range(0, labels.length).toArray();
    boolean changed = true;
    while (changed) {
      changed = false;
      for (int i = 0; i < labels.length; i++) {
        for (int next : new int[] {i % 60 < 59 ? i + 1 : i, i < 2340 ? i + 60 : i}) {
          if (labels[i] == labels[next] && parts[i] != parts[next]) {
            parts[i] = Math.min(parts[i], parts[next]);
            parts[next] = parts[i];
            changed = true;
          }
        }
      }
    }
    Set<Integer> distinct = new HashSet<>();
    Arrays.stream(parts).forEach(distinct::add);
    assertEquals(count, distinct.size());
    int[] sizes = new int[count];
    Arrays.stream(labels).forEach(label -> sizes[label]++);
    assertTrue(Arrays.stream(sizes).skip(1).min().orElseThrow() >= 100 / 4);
  }

  /** The red of a field's pixels is what hiding it takes away. */
  @Test
  void aMethodOnRegionsThatFollowThePicture() {
    float[] ones = new float[400];
    Arrays.fill(ones, 1);
    float[] map =
        new RegionAblation(new Slic(4, 10), Blank.BLACK)
            .heatmap(AskingTest.linear(ones), fourFields(), "sum")
            .values();
    assertEquals(8 * 13 * 0xd0 / 255.0, map[0], 1e-3);
    assertEquals(8 * 7 * 0x20 / 255.0, map[19], 1e-3);
    assertEquals(12 * 7 * 0xe0 / 255.0, map[399], 1e-3);
  }

  /** What a network sees is found again from its input. */
  @Test
  void aNetworksRegionsAreThoseOfThePicture() {
    Picture noise = Picture.of(96, 96, new Random(3).ints(96 * 96, 0, 1 << 24).toArray());
    RegionAblation method = new RegionAblation(new Slic(9, 20), Blank.GREY);
    try (Network network = SmallNetworks.alexNet()) {
      Classifier function = Classifier.of("function", network.classes(), network::scores);
      assertEquals(
          0,
          method
              .heatmap(network, noise, "cat")
              .maxDifference(method.heatmap(function, noise, "cat")),
          1e-4);
    }
  }

  @Test
  void refusesWhatMakesNoSense() {
    assertThrows(IllegalArgumentException.class, () -> new Slic(0, 10));
    assertThrows(IllegalArgumentException.class, () -> new Slic(1, 0));
    assertThrows(IllegalArgumentException.class, () -> new Slic(1, Double.POSITIVE_INFINITY));
    assertEquals(
        "Regions of 3×4 pixels (width × height) were asked for, of a picture of 4×3.",
        assertThrows(
                IllegalArgumentException.class,
                () -> new Slic().labels(4, 3, () -> Picture.of(4, 3, new int[12])))
            .getMessage());
    assertEquals(
        "RegionAblation(batch=16, blank=Colour(rgb=0), regions=Slic(compactness=10.0, regions=50))",
        new RegionAblation(new Slic(), Blank.BLACK).identity());
  }
}
