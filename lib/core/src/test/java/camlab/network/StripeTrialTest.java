package camlab.network;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where positions are, on tokens whose places are known because the test cuts them out itself. */
class StripeTrialTest {

  private static final int GRID = 14;
  private static final Shape INPUT = new Shape(1, 3, 2 * GRID, 2 * GRID);

  /**
   * Patches of 2×2 pixels, row by row, behind tokens that see the whole picture.
   *
   * @param before how many of these there are
   */
  private record Patches(int before) implements LayeredModel {

    private NDArray tokens(NDArray input) {
      NDArray means = input.reshape(1, 3, GRID, 2, GRID, 2).mean(new int[] {5});
      NDArray patches = means.mean(new int[] {3}).reshape(1, 3, GRID * GRID).transpose(0, 2, 1);
      if (before == 0) {
        return patches;
      }
      NDArray whole = patches.mean(new int[] {1}, true).repeat(1, before);
      return whole.concat(patches, 1);
    }

    @Override
    public Trace trace(NDArray input, Set<String> layers) {
      NDArray tokens = tokens(input);
      return new Trace(tokens, Map.of("tokens", Trace.Hooked.of(tokens)));
    }

    @Override
    public List<String> names() {
      return List.of("tokens");
    }

    @Override
    public String resolve(String name) {
      return name;
    }

    @Override
    public String type(String layer) {
      return "Patches";
    }

    @Override
    public long parameterCount() {
      return 0;
    }

    @Override
    public String checksum() {
      return "";
    }

    @Override
    public NDArray run(NDArray input) {
      return tokens(input);
    }

    @Override
    public Trace cut(NDArray input, Set<String> layers) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Set<String> rectifiers(NDArray input) {
      return Set.of();
    }

    @Override
    public Rest rest(NDArray input, String layer) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Map<String, Shape> shapes(NDArray input) {
      return Map.of("tokens", tokens(input).getShape());
    }
  }

  /** One place beside another shows nearly the same: that must not leave the beginning open. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 5})
  void findsTheTokenAtWhichAGridBegins(int before) {
    try (NDManager scope = NDManager.newBaseManager()) {
      Positions.Found found =
          StripeTrial.run(new Patches(before), INPUT, Set.of("tokens"), scope).get("tokens");
      assertEquals(
          Optional.of(Layout.tokens(before, GRID, GRID)), found.layout(), found.evidence());
    }
  }
}
