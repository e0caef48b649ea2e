package camlab.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.SequentialBlock;
import camlab.picture.Picture;
import camlab.picture.Preprocessing;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where positions are in maps whose places are known because the test averages them itself. */
class PositionsTest {

  private static final String LAYER = "layer";

  /**
   * {@return what is found of maps whose places are squares of the picture}
   *
   * @param height rows of the picture
   * @param width columns of the picture
   * @param stride the side of a square
   * @param then what is done to the maps, shape (1, 3, h, w)
   */
  private static Positions.Found found(
      int height, int width, int stride, UnaryOperator<NDArray> then) {
    return found(new Chain(true), height, width, stride, then);
  }

  private static Positions.Found found(
      Chain empty, int height, int width, int stride, UnaryOperator<NDArray> then) {
    Chain model = empty.then(LAYER, pixels -> then.apply(Chain.squares(pixels, stride)));
    try (NDManager scope = NDManager.newBaseManager()) {
      return new Positions(model, new Shape(1, 3, height, width), Map.of(), "").of(LAYER, scope);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "28, 28, 7",
    "32, 32, 8",
    "32, 32, 16",
    "64, 64, 32",
    "96, 96, 32",
    "112, 112, 32",
    "128, 128, 32",
    "160, 160, 32",
    "192, 192, 32",
    "224, 224, 4",
    "224, 224, 16",
    "224, 224, 32",
    "224, 448, 32",
    "448, 224, 32",
    "299, 299, 32",
    "384, 384, 32"
  })
  void rowsBeforeColumns(int height, int width, int stride) {
    Positions.Found maps = found(height, width, stride, means -> means);
    assertEquals(Optional.of(Layout.CHANNELS_FIRST), maps.layout(), maps.evidence());
    Positions.Found last = found(height, width, stride, means -> means.transpose(0, 2, 3, 1));
    assertEquals(Optional.of(Layout.CHANNELS_LAST), last.layout(), last.evidence());
  }

  /** As maps they would be mirrored along the diagonal. */
  @ParameterizedTest
  @CsvSource({
    "28, 28, 7",
    "32, 32, 8",
    "64, 64, 16",
    "96, 96, 32",
    "112, 112, 28",
    "160, 160, 32",
    "192, 192, 32",
    "224, 224, 4",
    "224, 224, 16",
    "224, 224, 32",
    "224, 224, 56",
    "299, 299, 32",
    "384, 384, 32"
  })
  void columnsBeforeRowsHaveNoLayout(int height, int width, int stride) {
    Positions.Found first = found(height, width, stride, means -> means.transpose(0, 1, 3, 2));
    assertEquals(Optional.empty(), first.layout(), first.evidence());
    assertTrue(first.evidence().contains("changed over"), first.evidence());
    Positions.Found last = found(height, width, stride, means -> means.transpose(0, 3, 2, 1));
    assertEquals(Optional.empty(), last.layout(), last.evidence());
  }

  /** Views that go through memory in another order: lengths follow the picture's all the same. */
  @ParameterizedTest
  @ValueSource(ints = {4, 8, 16})
  void whatAViewMovesHasNoLayout(int stride) {
    UnaryOperator<NDArray> changedOver =
        maps -> maps.transpose(0, 1, 3, 2).reshape(maps.getShape());
    UnaryOperator<NDArray> channelsForPlaces =
        maps -> {
          NDArray many = maps.repeat(1, 8);
          return many.transpose(0, 2, 3, 1).reshape(many.getShape());
        };
    UnaryOperator<NDArray> piecesForPictures =
        maps -> {
          long side = maps.getShape().get(2) / 2;
          return maps.reshape(1, 3, 2, side, 2, side)
              .transpose(0, 2, 4, 1, 3, 5)
              .reshape(4, 3, side, side);
        };
    for (UnaryOperator<NDArray> then : List.of(changedOver, channelsForPlaces, piecesForPictures)) {
      Positions.Found moved = found(new Chain(), 224, 224, stride, then);
      assertEquals(Optional.empty(), moved.layout(), moved.evidence());
    }
    Positions.Found kept = found(new Chain(), 224, 224, stride, maps -> maps);
    assertEquals(Optional.of(Layout.CHANNELS_FIRST), kept.layout(), kept.evidence());
  }

  /** Several pictures for one: a map of the first of them is none of the picture. */
  @Test
  void whatPutsOutSeveralPicturesForOneHasNoLayout() {
    Positions.Found two = found(96, 96, 8, maps -> maps.concat(maps.mul(-1), 0));
    assertEquals(Optional.empty(), two.layout(), two.evidence());
  }

  /** It shows no part of a picture either. */
  @Test
  void whatNoPictureChangesHasNoLayout() {
    Positions.Found none = found(new Chain(), 96, 96, 8, maps -> maps.mul(0).add(1));
    assertEquals(Optional.empty(), none.layout(), none.evidence());
    assertFalse(none.evidence().contains("part"), none.evidence());
  }

  /** What is done to maps of 14×14 places, and a layout in which nothing of it is seen. */
  @SuppressWarnings("ImmutableEnumChecker") // layouts are records, and the functions keep nothing
  private enum Moved {
    TURNED(Layout.CHANNELS_FIRST, maps -> maps.transpose(0, 1, 3, 2)),
    MIRRORED(Layout.CHANNELS_FIRST, maps -> maps.flip(2)),
    WITH_ITS_MIRROR(Layout.CHANNELS_FIRST, maps -> maps.concat(maps.flip(2), 2)),
    WINDOWS_IN_THE_ROWS(Layout.CHANNELS_FIRST, maps -> windows(maps).reshape(1, 3, 28, 7)),
    WINDOWS_IN_PLACES(Layout.CHANNELS_FIRST, maps -> windows(maps).reshape(1, 3, 14, 14)),
    WINDOWS_FOR_PICTURES(
        Layout.CHANNELS_FIRST,
        maps -> windows(maps).transpose(0, 2, 3, 1, 4, 5).reshape(4, 3, 7, 7)),
    CHANNELS_FOR_ROWS(Layout.CHANNELS_LAST, maps -> maps),
    BESIDE_ITSELF(
        Layout.CHANNELS_FIRST, maps -> maps.get(":, :, 3:").concat(maps.get(":, :, :3").mul(0), 2)),
    TOKENS_COLUMN_BY_COLUMN(
        Layout.tokens(0, 14, 14), maps -> tokens(maps.transpose(0, 1, 3, 2), 0)),
    TOKENS_BEHIND_ANOTHER(Layout.tokens(0, 14, 14), maps -> tokens(maps, 1)),
    TOKENS_OF_ANOTHER_GRID(Layout.tokens(0, 7, 28), maps -> tokens(maps, 0)),
    TOKENS_FROM_THE_END(Layout.tokens(0, 14, 14), maps -> tokens(maps.flip(2, 3), 0));

    private final Layout layout;
    private final UnaryOperator<NDArray> then;

    Moved(Layout layout, UnaryOperator<NDArray> then) {
      this.layout = layout;
      this.then = then;
    }

    /** Four windows of 7×7: shape (1, 3, 2, 2, 7, 7). */
    private static NDArray windows(NDArray maps) {
      return maps.reshape(1, 3, 2, 7, 2, 7).transpose(0, 1, 2, 4, 3, 5);
    }

    /** Row by row, behind so many that see all places. */
    private static NDArray tokens(NDArray maps, int before) {
      NDArray tokens = maps.reshape(1, 3, -1).transpose(0, 2, 1);
      NDArray mean = tokens.mean(new int[] {1}, true);
      return before == 0 ? tokens : mean.repeat(1, before).concat(tokens, 1);
    }
  }

  private static String told(Layout stated, UnaryOperator<NDArray> then) {
    Chain model = new Chain().then(LAYER, pixels -> then.apply(Chain.squares(pixels, 2)));
    Positions positions =
        new Positions(model, new Shape(1, 3, 28, 28), Map.of(LAYER, stated), "by the reader");
    try (NDManager scope = NDManager.newBaseManager()) {
      Positions.Found found = positions.withDoubts(LAYER, positions.of(LAYER, scope), scope);
      assertEquals(Optional.of(stated), found.layout());
      assertEquals(Fact.Origin.STATED, found.origin());
      return found.evidence();
    }
  }

  /** It counts, but it is said what speaks against it. */
  @ParameterizedTest
  @EnumSource(Moved.class)
  void whatIsStatedAgainstTheEvidenceIsToldSo(Moved moved) {
    String told = told(moved.layout, moved.then);
    assertTrue(told.contains("The evidence speaks against it"), told);
  }

  /** Nor does noise from elsewhere speak against a layout. */
  @Test
  void nothingSpeaksAgainstWhatIsRight() {
    UnaryOperator<NDArray> noisy =
        maps -> {
          NDArray places = maps.getManager().arange(1f, 197f).reshape(1, 1, 14, 14);
          return maps.add(maps.sum().mul(1e4).mul(places).sin().mul(2));
        };
    assertEquals("by the reader", told(Layout.tokens(2, 14, 14), maps -> Moved.tokens(maps, 2)));
    for (UnaryOperator<NDArray> then : List.<UnaryOperator<NDArray>>of(maps -> maps, noisy)) {
      String first = told(Layout.CHANNELS_FIRST, then);
      assertEquals("by the reader: 3 channels of 14×14 places", first);
      assertEquals(
          first, told(Layout.CHANNELS_LAST, maps -> then.apply(maps).transpose(0, 2, 3, 1)));
    }
  }

  /** A message must not advise what has just been contradicted; hook points and facts tell it. */
  @ParameterizedTest
  @EnumSource(
      value = Moved.class,
      names = {"TURNED", "WITH_ITS_MIRROR", "WINDOWS_IN_THE_ROWS", "TOKENS_COLUMN_BY_COLUMN"})
  void whatIsContradictedIsNotAdvised(Moved moved) {
    SequentialBlock block =
        new SequentialBlock()
            .addSingleton(pixels -> moved.then.apply(Chain.squares(pixels, 2)), "moved")
            .addSingleton(maps -> maps.reshape(1, -1).get(":, :3"), "end");
    Preprocessing plain = Preprocessing.builder().size(28, 28).build();
    Classes classes = Classes.numbered(3);
    try (Network network = Network.of("moved", block, classes, plain)) {
      String message =
          assertThrows(IllegalArgumentException.class, () -> network.requirePositions("0"))
              .getMessage();
      assertFalse(message.contains("Stated.NOTHING"), message);
      assertTrue(message.contains("The evidence speaks against what could be stated"), message);
    }
    Stated stated = Stated.NOTHING.layout("0", moved.layout).targetLayer("0");
    try (Network network = Network.of("moved", block, classes, plain, stated)) {
      String point = network.hookPoints(Picture.of(28, 28, new int[784])).get(0).toString();
      assertTrue(point.contains("the evidence speaks against its layout: "), point);
      assertTrue(network.description().contains("The evidence speaks against it"));
      assertEquals(moved.layout, network.requirePositions("0"));
    }
  }

  /** Of tokens their number says nothing, and many pictures would have to run. */
  @Test
  void whatNobodyAsksIsNotTried() {
    Shape input = new Shape(1, 3, 32, 32);
    Chain model =
        new Chain()
            .then(LAYER, pixels -> Chain.squares(pixels, 4).reshape(1, 3, 64).transpose(0, 2, 1));
    Positions positions = new Positions(model, input, Map.of(), "");
    try (NDManager scope = NDManager.newBaseManager()) {
      positions.look(List.of(LAYER), scope, Map.of());
      assertTrue(positions.isOpen(LAYER));
      assertEquals(1, model.runs);
      assertEquals(Optional.of(Layout.tokens(0, 8, 8)), positions.of(LAYER, scope).layout());
      assertFalse(positions.isOpen(LAYER));
      // Two pictures, two corners of the first changed, and six mixtures.
      assertEquals(11, model.runs);
    }
  }

  /** The picture of the network's own size has run by then. */
  @Test
  void whatWasInterruptedIsLookedAtAgain() {
    AtomicInteger runs = new AtomicInteger();
    Chain interrupted =
        new Chain()
            .then(
                LAYER,
                pixels -> {
                  if (runs.incrementAndGet() == 2) {
                    throw new CancellationException("by the test");
                  }
                  return Chain.squares(pixels, 4);
                });
    Positions positions = new Positions(interrupted, new Shape(1, 3, 32, 32), Map.of(), "");
    try (NDManager scope = NDManager.newBaseManager()) {
      assertThrows(CancellationException.class, () -> positions.of(LAYER, scope));
      assertEquals(Optional.of(Layout.CHANNELS_FIRST), positions.of(LAYER, scope).layout());
    }
  }
}
