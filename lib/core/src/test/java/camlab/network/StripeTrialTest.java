package camlab.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.pooling.Pool;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where positions are, on tokens whose places are known because the test cuts them out itself. */
class StripeTrialTest {

  private static final String LAYER = "layer";
  private static final int GRID = 14;
  private static final Shape INPUT = new Shape(1, 3, 2 * GRID, 2 * GRID);

  private static final int PLACES = GRID * GRID;

  /**
   * Patches of 2×2 pixels, row by row, behind tokens that see the whole picture.
   *
   * @param before how many of these there are
   * @param then what is done to all of them, shape (1, T, 3)
   */
  private static Chain patches(int before, UnaryOperator<NDArray> then) {
    return new Chain()
        .then(
            LAYER,
            input -> {
              NDArray patches = Chain.squares(input, 2).reshape(1, 3, PLACES).transpose(0, 2, 1);
              NDArray whole = patches.mean(new int[] {1}, true);
              return then.apply(before == 0 ? patches : whole.repeat(1, before).concat(patches, 1));
            });
  }

  /** One place beside another shows nearly the same: that must not leave the beginning open. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 5})
  void findsTheTokenAtWhichAGridBegins(int before) {
    try (NDManager scope = NDManager.newBaseManager()) {
      Positions.Found found = found(patches(before, tokens -> tokens), scope);
      assertEquals(
          Optional.of(Layout.tokens(before, GRID, GRID)), found.layout(), found.evidence());
    }
  }

  /**
   * More than half of the places lie elsewhere: the others correlate, but they do not make a grid.
   */
  @Test
  void placesThatAreScrambledAreNotTakenForAGrid() {
    try (NDManager scope = NDManager.newBaseManager()) {
      NDArray places = scope.create(scrambled());
      Positions.Found found =
          found(patches(0, tokens -> tokens.get(new NDIndex(":, {}", places))), scope);
      assertTrue(correlation(found) > 0.3 && correlation(found) < 0.5, found.evidence());
      assertEquals(Optional.empty(), found.layout(), found.evidence());
    }
  }

  /** The first ten runs say that it may be a grid, the next eight that it is none. */
  @Test
  void whatWasInterruptedIsTriedAgain() {
    try (NDManager scope = NDManager.newBaseManager()) {
      NDArray places = scope.create(scrambled());
      AtomicInteger runs = new AtomicInteger();
      Chain interrupted =
          patches(
              0,
              tokens -> {
                if (runs.incrementAndGet() == 12) {
                  throw new CancellationException("by the test");
                }
                return tokens.get(new NDIndex(":, {}", places));
              });
      StripeTrial trial = new StripeTrial(interrupted, INPUT, Set.of(LAYER));
      assertThrows(CancellationException.class, () -> trial.of(LAYER, scope));
      assertEquals(Optional.empty(), trial.of(LAYER, scope).layout());
    }
  }

  private static long[] scrambled() {
    long[] from = LongStream.range(0, PLACES).toArray();
    Random random = new Random(7);
    for (int i = 0; i < PLACES * 4 / 10; i++) {
      int one = random.nextInt(PLACES);
      int two = random.nextInt(PLACES);
      long place = from[one];
      from[one] = from[two];
      from[two] = place;
    }
    return from;
  }

  /** As attention over all of a picture does, each place answers to what is elsewhere, too. */
  @Test
  void noiseFromElsewhereDoesNotHideAGrid() {
    try (NDManager scope = NDManager.newBaseManager()) {
      NDArray places = scope.arange(1f, PLACES + 1f).reshape(1, PLACES, 1);
      Positions.Found found =
          found(
              patches(0, tokens -> tokens.add(tokens.sum().mul(1e4).mul(places).sin().mul(0.7))),
              scope);
      assertTrue(correlation(found) > 0.3 && correlation(found) < 0.5, found.evidence());
      assertEquals(Optional.of(Layout.tokens(0, GRID, GRID)), found.layout(), found.evidence());
    }
  }

  /**
   * 24 rows or columns put back in reverse order by so many, of places that see this many of their
   * neighbours along each side, as behind convolutions: fine stripes are faint then, and wide ones
   * fit.
   */
  @ParameterizedTest
  @CsvSource({
    "4, 2, 0",
    "4, 2, 1",
    "4, 2, 2",
    "4, 3, 1",
    "4, 3, 2",
    "6, 2, 0",
    "6, 2, 1",
    "6, 2, 2",
    "6, 3, 2",
    "8, 2, 1",
    "12, 2, 1",
    "24, 2, 1"
  })
  void whatIsReversedByPartsIsInAnotherOrder(int part, int axis, int neighbours) {
    Positions.Found found = reversed(part, axis, neighbours);
    assertEquals(Optional.empty(), found.layout(), found.evidence());
  }

  /** A picture as it is, and one whose rows are at most one place of 24 from theirs. */
  @ParameterizedTest
  @CsvSource({"1, 0", "1, 1", "1, 2", "1, 4", "2, 0"})
  void whatIsHardlyReversedIsAPicture(int part, int neighbours) {
    Positions.Found found = reversed(part, 2, neighbours);
    assertEquals(Optional.of(Layout.CHANNELS_FIRST), found.layout(), found.evidence());
  }

  private static Positions.Found reversed(int part, int axis, int neighbours) {
    long[] order =
        LongStream.range(0, 24).map(i -> i / part * part + part - 1 - i % part).toArray();
    long side = 2L * neighbours + 1;
    Chain model =
        new Chain()
            .then(
                LAYER,
                input -> {
                  NDArray maps =
                      Pool.avgPool2d(
                          Chain.squares(input, 2),
                          new Shape(side, side),
                          new Shape(1, 1),
                          new Shape(neighbours, neighbours),
                          false,
                          false);
                  NDArray from = maps.getManager().create(order);
                  return maps.get(new NDIndex(axis == 2 ? ":, :, {}" : ":, :, :, {}", from));
                });
    try (NDManager scope = NDManager.newBaseManager()) {
      return new StripeTrial(model, new Shape(1, 3, 48, 48), Set.of(LAYER)).of(LAYER, scope);
    }
  }

  private static Positions.Found found(Chain patches, NDManager scope) {
    return new StripeTrial(patches, INPUT, Set.of(LAYER)).of(LAYER, scope);
  }

  private static double correlation(Positions.Found found) {
    Matcher first = Pattern.compile("correlates by (\\d\\.\\d+)").matcher(found.evidence());
    assertTrue(first.find(), found.evidence());
    return Double.parseDouble(first.group(1));
  }
}
