package camlab.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.SequentialBlock;
import camlab.TestFiles;
import camlab.cam.AblationCam;
import camlab.cam.GradCam;
import camlab.capture.Recording;
import camlab.capture.Target;
import camlab.heatmap.Heatmap;
import camlab.network.torchscript.TorchScript;
import camlab.picture.Preprocessing;
import com.google.gson.Gson;
import com.google.gson.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tokens on a grid that is not square, behind a class token or filled by attention; the batch comes
 * first or the tokens do. The maps are PyTorch's in double precision (make_tokens.py).
 */
class TokensTest {

  private static final int HEIGHT = 24;
  private static final int WIDTH = 40;

  private static final Preprocessing PLAIN = Preprocessing.builder().size(HEIGHT, WIDTH).build();

  private static final JsonObject FIGURES = TestFiles.figures("tokens/figures.json");

  private static Network open(String name, Stated stated) {
    return TorchScript.load(
        TestFiles.path("tokens/" + name + ".pt"), Classes.numbered(3), PLAIN, stated);
  }

  private static NDArray picture(NDManager scope) {
    return scope.create(uniform("picture", 3 * HEIGHT * WIDTH), new Shape(1, 3, HEIGHT, WIDTH));
  }

  private static float[] uniform(String what, int count) {
    double[] uniform = GoldenNetworks.uniform(what, count, "tokens");
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) uniform[i];
    }
    return values;
  }

  private static float[] figures(String name, String what) {
    return new Gson().fromJson(FIGURES.getAsJsonObject(name).get(what), float[].class);
  }

  private static void assertMap(String name, Network network) {
    assertMap(name, network, 4e-6f);
  }

  /**
   * The map is that of the figures.
   *
   * @param rounding how far single precision may be off, as a share of the map's largest value
   */
  private static void assertMap(String name, Network network, float rounding) {
    try (NDManager scope = network.newScope();
        Recording recording = Recording.of(network, picture(scope), List.of("last"))) {
      assertArrayEquals(figures(name, "logits"), recording.logits().toFloatArray(), 1e-5f);
      Heatmap map = new GradCam().heatmap(recording, "last", Target.of(0));
      assertEquals(3, map.height());
      assertEquals(5, map.width());
      assertTrue(map.max() > 0);
      assertArrayEquals(figures(name, "grad_cam"), map.values(), rounding * map.max());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"pictures-first", "tokens-first"})
  void aGridThatIsNotSquare(String name) {
    Layout layout =
        name.equals("tokens-first") ? Layout.tokensFirst(1, 3, 5) : Layout.tokens(1, 3, 5);
    try (Network network = open(name, Stated.NOTHING.layout("last", layout))) {
      assertMap(name, network);
    }
    try (Network network = open(name, Stated.NOTHING)) {
      assertEquals(Optional.of(layout), network.layout("last"));
      assertMap(name, network);
    }
  }

  /** Nothing of a token comes from its own place, but what was asked for does. */
  @Test
  void tokensThatAttentionFillsAreWhereTheQueryWas() {
    try (Network network = open("asking", Stated.NOTHING)) {
      assertEquals(Optional.of(Layout.tokens(0, 3, 5)), network.layout("last"));
      assertEquals("last", network.targetLayer());
      // The products of its attention reach 79, each rounded to 5e-6, and so are its shares.
      // Processors round differently; one was off by 9.3e-6.
      assertMap("asking", network, 3e-5f);
      // The program shows it; of one that is not followed, a trial with keys and values held does.
      try (NDManager scope = NDManager.newBaseManager()) {
        StripeTrial trial =
            new StripeTrial(network.model(), new Shape(1, 3, 24, 40), Set.of("last"));
        Positions.Found tried = trial.of("last", scope);
        assertEquals(Optional.of(Layout.tokens(0, 3, 5)), tried.layout());
        assertTrue(tried.evidence().contains("keys and values of attention held"), "" + tried);
      }
    }
  }

  /**
   * Each token has something of all places; which layout could be stated follows from their number.
   */
  @ParameterizedTest
  @CsvSource({"0, tokens", "1, tokens", "1, tokensFirst"})
  void theMessageOnUnknownPlacesGivesAGridOfThePicturesForm(int before, String layout) {
    int count = before + 3 * 5;
    try (NDManager scope = NDManager.newBaseManager()) {
      NDArray mixing = scope.create(uniform("mixing", count * 15), new Shape(count, 15));
      SequentialBlock block =
          new SequentialBlock()
              .add(
                  LambdaBlock.singleton(
                      x -> {
                        NDArray cells = x.reshape(-1, 3, 3, 8, 5, 8).mean(new int[] {5});
                        NDArray tokens = cells.mean(new int[] {3}).reshape(-1, 3, 15);
                        NDArray mixed = mixing.matMul(tokens.transpose(0, 2, 1));
                        return layout.equals("tokens") ? mixed : mixed.transpose(1, 0, 2);
                      }))
              .addSingleton(x -> x.mean(new int[] {layout.equals("tokens") ? 1 : 0}));
      try (Network network = Network.of("mixed", block, Classes.numbered(3), PLAIN)) {
        String message =
            assertThrows(IllegalArgumentException.class, () -> network.requirePositions("0"))
                .getMessage();
        String example =
            "Stated.NOTHING.layout(\"0\", Layout.%s(%s, 3, 5)), say, if %s of its %s tokens have no position and the others are 3 rows of 5"
                .formatted(layout, before, before, count);
        assertTrue(message.contains(example), message);
      }
    }
  }

  /** Lengths that follow the picture's do not tell of a mirror; what its places answer to does. */
  @ParameterizedTest
  @ValueSource(strings = {"mirrored", "multiplied"})
  void mirroredMapsAreNotTakenForPictures(String name) {
    try (Network network = open(name, Stated.NOTHING)) {
      assertEquals(Optional.of(Layout.CHANNELS_FIRST), network.layout("before"));
      assertEquals(Optional.empty(), network.layout("behind"));
    }
  }

  /** Lengths may follow the picture's, and what is seen correlates with all of it. */
  @ParameterizedTest
  @CsvSource({
    "middle, 'the first 3 of 24 rows, the first 5 of 40 columns, the last 3 of 24 rows, the last 5 of 40 columns'",
    "middle.scripted, 'the first 3 of 24 rows, the first 5 of 40 columns, the last 3 of 24 rows, the last 5 of 40 columns'",
    "beginning, 'the last 8 of 24 rows, the last 14 of 40 columns'"
  })
  void mapsOfAPartAreNotLaidOverAll(String name, String unseen) {
    try (Network network = open(name, Stated.NOTHING)) {
      assertEquals(Optional.empty(), network.layout("maps"));
      NotApplicableException refused =
          assertThrows(NotApplicableException.class, network::targetLayer);
      assertTrue(refused.getMessage().contains("whatever " + unseen), refused.getMessage());
    }
    try (Network network =
        open(name, Stated.NOTHING.layout("maps", Layout.CHANNELS_FIRST).targetLayer("maps"))) {
      assertEquals(Optional.of(Layout.CHANNELS_FIRST), network.layout("maps"));
      Fact told = network.layoutFact("maps");
      assertTrue(network.describe().contains(told));
      assertTrue(told.evidence().contains("whatever " + unseen), told.evidence());
    }
  }

  /** Rows that a stride leaves over are less than a place; a cut is more. */
  @ParameterizedTest
  @CsvSource({"1, 22, false", "5, 20, true", "5, 24, true", "2, 20, false", "1, 23, true"})
  void whatAStrideLeavesOverIsNoCut(int stride, int kept, boolean known) {
    SequentialBlock block =
        new SequentialBlock()
            .add(
                LambdaBlock.singleton(
                    x -> {
                      int places = kept / stride;
                      NDArray part = x.get(":, :, :{}", places * stride);
                      return part.reshape(-1, 3, places, stride, 40).mean(new int[] {3});
                    }))
            .addSingleton(x -> x.mean(new int[] {3}).mean(new int[] {2}));
    try (Network network = Network.of("rows", block, Classes.numbered(3), PLAIN)) {
      assertEquals(known, network.layout("0").isPresent(), network.layoutFact("0")::toString);
    }
  }

  /**
   * Three layers of five columns, of which each pads 40 columns: by 4 before them, which moves the
   * picture by 2 each time; by 2 and 6, which makes 52 of them; by 5 and 5, which makes 58.
   */
  @ParameterizedTest
  @CsvSource({"causal, 6, 46, 40", "behind, 0, 40, 52", "around, 9, 49, 58"})
  void mapsBesideThePictureAreNotLaidOverIt(String name, double from, double to, double columns) {
    try (Network network = open(name, Stated.NOTHING)) {
      String told = network.layoutFact("third").toString();
      assertEquals(Optional.empty(), network.layout("third"), told);
      Matcher where = Pattern.compile("from about (\\S+) % to about (\\S+) %").matcher(told);
      assertTrue(where.find(), told);
      assertEquals(100 * from / columns, Double.parseDouble(where.group(1)), 4);
      assertEquals(100 * to / columns, Double.parseDouble(where.group(2)), 4);
    }
  }

  @Test
  void whatConvolutionsPadThemselvesMovesNothing() {
    try (Network network = open("even", Stated.NOTHING)) {
      assertEquals(Optional.of(Layout.CHANNELS_FIRST), network.layout("third"));
    }
  }

  /**
   * A traced convolution whose padding is "same" or "valid" is another operator than with numbers.
   */
  @ParameterizedTest
  @ValueSource(strings = {"same", "valid"})
  void paddingsByNameAreFollowed(String layer) {
    try (Network network = open("named", Stated.NOTHING)) {
      Fact told = network.layoutFact(layer);
      assertEquals(Optional.of(Layout.CHANNELS_FIRST), network.layout(layer), told.toString());
      assertEquals(Fact.Origin.READ, told.origin(), told.toString());
    }
  }

  /** Of four columns "same" adds one before the map and two behind it. */
  @Test
  void whatNamedPaddingsMoveAddsUp() {
    try (Network network = open("drifting", Stated.NOTHING)) {
      assertEquals(Optional.of(Layout.CHANNELS_FIRST), network.layout("layers.0"));
      Fact told = network.layoutFact("layers.9");
      assertEquals(Optional.empty(), network.layout("layers.9"), told.toString());
    }
  }

  /** A network that stretches maps to another form hides which of two numbers are the places. */
  @ParameterizedTest
  @CsvSource({
    "12, 3, 5, 'Layout.CHANNELS_FIRST), if it has 12 channels of 3×5 places, or Layout.CHANNELS_LAST), if it has 5 channels of 12×3 places.'",
    "3, 5, 12, 'Layout.CHANNELS_LAST), if it has 12 channels of 3×5 places, or Layout.CHANNELS_FIRST), if it has 3 channels of 5×12 places.'"
  })
  void theLikelierLayoutIsNamedFirst(int one, int two, int three, String advice) {
    int count = one * two * three;
    try (NDManager scope = NDManager.newBaseManager()) {
      NDArray mixing = scope.create(uniform("mixing", 45 * count), new Shape(45, count));
      SequentialBlock block =
          new SequentialBlock()
              .add(
                  LambdaBlock.singleton(
                      x ->
                          x.reshape(-1, 3, 3, 8, 5, 8)
                              .mean(new int[] {5})
                              .mean(new int[] {3})
                              .reshape(-1, 45)
                              .matMul(mixing)
                              .reshape(-1, one, two, three)))
              .addSingleton(x -> x.reshape(-1, count).get(":, :3"));
      try (Network network = Network.of("mixed", block, Classes.numbered(3), PLAIN)) {
        String message =
            assertThrows(IllegalArgumentException.class, () -> network.requirePositions("0"))
                .getMessage();
        assertTrue(message.endsWith("Stated.NOTHING.layout(\"0\", " + advice), message);
      }
    }
  }

  /** Taking channels away runs the rest with tokens put back where they were. */
  @Test
  void bothOrdersGiveTheSameWithoutGradients() {
    float[][] found = new float[2][];
    for (int i = 0; i < found.length; i++) {
      try (Network network = open(i == 0 ? "pictures-first" : "tokens-first", Stated.NOTHING);
          NDManager scope = network.newScope();
          Recording recording = Recording.of(network, picture(scope), List.of("last"))) {
        Target minus = Target.score("minus", logits -> logits.get(0).neg());
        found[i] = new AblationCam().heatmap(recording, "last", minus).values();
      }
    }
    float largest = 0;
    for (float value : found[0]) {
      largest = Math.max(largest, value);
    }
    assertTrue(largest > 0);
    assertArrayEquals(found[0], found[1], 1e-5f * largest);
  }
}
