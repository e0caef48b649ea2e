package camlab.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
