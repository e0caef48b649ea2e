package camlab.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which layer is looked at by default, of layers that the test writes down. */
class SurveyTest {

  private static final int SIDE = 32;
  private static final int GRID = 8;
  private static final int PLACES = GRID * GRID;

  private static Survey survey(Chain model) {
    return survey(
        model, new Outputs(Classes.numbered(3), new Shape(1, 3), Fact.Origin.UNKNOWN, ""));
  }

  private static Survey survey(Chain model, Outputs outputs) {
    return Survey.of(
        "Chain",
        model,
        new Shape(1, 3, SIDE, SIDE),
        Stated.NOTHING,
        NDManager::newBaseManager,
        outputs);
  }

  /** Three scores, each of which depends on all three channels. */
  private static NDArray classes(NDArray channels) {
    return channels.add(channels.sum(new int[] {1}, true));
  }

  /**
   * However the layers fall into the parts that are looked at one after another: the outermost
   * container whose output is the last maps is told.
   */
  @ParameterizedTest
  @ValueSource(ints = {1, 8, 9, 10, 11, 12, 13, 33, 34, 35, 36})
  void theOutermostContainerIsToldWhereverItLies(int behind) {
    Chain model =
        new Chain()
            .then("enter", pixels -> Chain.squares(pixels, 4))
            .then("stages.0.conv", maps -> maps.mul(2))
            .then("stages.0", maps -> maps)
            .then("stages", maps -> maps)
            .then("pool", maps -> classes(maps.mean(new int[] {3}).mean(new int[] {2})));
    for (int i = 1; i < behind; i++) {
      model.then("dense" + i, values -> values.mul(2));
    }
    assertEquals("stages", survey(model).targetLayer());
  }

  /** As in attention within windows, where the places of a window are tokens. */
  @Test
  void windowsOfTokensMayHavePositions() {
    Chain model =
        new Chain()
            .then("patches", pixels -> Chain.squares(pixels, 4))
            .then(
                "windows",
                maps ->
                    maps.reshape(1, 3, 2, 4, 2, 4).transpose(0, 2, 4, 3, 5, 1).reshape(4, 16, 3))
            .then(
                "head", windows -> classes(windows.mean(new int[] {1}).mean(new int[] {0}, true)));
    String message =
        assertThrows(NotApplicableException.class, survey(model)::targetLayer).getMessage();
    assertTrue(
        message.contains(
            "'patches' is the last layer whose positions are known, but behind it 'windows' may have some, too (4 × 16 × 3, layout not known)"),
        message);
  }

  /** A map of one class is its score already, as each of a map of several is. */
  @Test
  void theMapOfTheOnlyClassIsNotLookedAt() {
    Chain model =
        new Chain()
            .then("decoder", pixels -> Chain.squares(pixels, 4))
            .then("head", maps -> maps.sum(new int[] {1}, true));
    Outputs outputs =
        new Outputs(
            Classes.independent("cat"), new Shape(1, 1, GRID, GRID), Fact.Origin.STATED, "");
    assertEquals("decoder", survey(model, outputs).targetLayer());
    Chain alone = new Chain().then("grey", pixels -> Chain.squares(pixels.get(":, :1"), 4));
    assertEquals("grey", survey(alone, outputs).targetLayer());
  }

  /**
   * Of a score of one place few gradients are not zero, wherever that place is; so many zeros do
   * not say that a layer has none.
   */
  @Test
  void mapsOfUnknownLayoutBehindTheTargetAreToldOfScoresOfAPlace() {
    Chain model =
        new Chain()
            .then("decoder", pixels -> Chain.squares(pixels, 4))
            .then(
                "turned",
                maps -> maps.concat(maps.get(":, :1"), 1).transpose(0, 3, 2, 1).get(":, :, 1:"))
            .then("head", maps -> classes(maps.transpose(0, 3, 2, 1).get(":, :3")));
    Outputs outputs =
        new Outputs(Classes.numbered(3), new Shape(1, 3, GRID - 1, GRID), Fact.Origin.STATED, "");
    Survey survey = survey(model, outputs);
    assertEquals("decoder", survey.targetLayer());
    String told = survey.facts().get(0).toString();
    assertTrue(
        told.contains("behind it 'turned' may have some, too (1 × 8 × 7 × 4, layout not known)"),
        told);
  }

  /** Of the score of one place few gradients are not zero, and that is not none. */
  @Test
  void fewGradientsAreNotToldAsNone() {
    assertTrue(point(0.9999).toString().contains("zero gradients over 99 %"));
    assertTrue(point(1).toString().contains("zero gradients 100 %"));
    assertTrue(point(0.99).toString().contains("zero gradients 99 %"));
    assertTrue(point(0.995).toString().contains("zero gradients over 99 %"));
  }

  private static HookPoint point(double zeroGradients) {
    return new HookPoint(
        "head",
        "Conv2d",
        List.of(1L, 3L, 64L, 64L),
        Optional.of(Layout.CHANNELS_FIRST),
        zeroGradients,
        1,
        false,
        false,
        Optional.empty());
  }

  private static Chain withLinear(String linear) {
    return new Chain() {
      @Override
      public String type(String layer) {
        return layer.equals(linear) ? "Linear" : super.type(layer);
      }
    };
  }

  /**
   * As of the keys that a decoder makes of what an encoder saw: what would be left out if its
   * places were known does not stand in the way where they are not.
   */
  @Test
  void aLinearLayerOfUnknownLayoutIsLeftOutToo() {
    Chain model = withLinear("keys");
    model
        .then("patches", pixels -> Chain.squares(pixels, 4))
        .then(
            "keys",
            maps -> maps.reshape(1, 3, 4, 2, 8).transpose(0, 3, 2, 4, 1).reshape(1, PLACES, 3))
        .then("head", tokens -> classes(tokens.mean(new int[] {1})));
    Survey survey = survey(model);
    assertEquals("patches", survey.targetLayer());
    String told = survey.facts().get(0).toString();
    assertTrue(
        told.contains(
            "; linear layers of tokens behind it, the last of them 'keys', were left out"),
        told);
  }

  /** Of an attention they are the keys and values; here it is the last layer with positions. */
  @Test
  void aLinearLayerThatIsLeftOutIsTold() {
    Chain model = withLinear("mix");
    model
        .then("patches", pixels -> Chain.squares(pixels, 4))
        .then("mix", maps -> maps.reshape(1, 3, PLACES).transpose(0, 2, 1).mul(2))
        .then("head", tokens -> classes(tokens.mean(new int[] {1})));
    Survey survey = survey(model);
    assertEquals("patches", survey.targetLayer());
    String told = survey.facts().get(0).toString();
    assertTrue(
        told.contains("; linear layers of tokens behind it, the last of them 'mix', were left out"),
        told);
  }

  /** Behind the last exchange between tokens only the first is read, the class token. */
  @Test
  void layersOfWhichOneTokenIsReadAreNotTried() {
    Chain model =
        new Chain()
            .then(
                "blocks.0",
                pixels -> {
                  NDArray tokens =
                      Chain.squares(pixels, 4).reshape(1, 3, PLACES).transpose(0, 2, 1);
                  return tokens.mean(new int[] {1}, true).concat(tokens, 1);
                })
            .then(
                "blocks.1",
                tokens -> tokens.mean(new int[] {1}, true).concat(tokens.get(":, 1:"), 1));
    for (int i = 2; i < 40; i++) {
      model.then("blocks." + i, tokens -> tokens.mul(2));
    }
    model.then("norm", tokens -> tokens.mul(2)).then("head", tokens -> classes(tokens.get(":, 0")));
    Survey survey = survey(model);
    assertEquals("blocks.0", survey.targetLayer());
    // Two parts are looked at, and for the second two pictures, two corners and six mixtures run.
    assertEquals(2 + 10, model.runs);
    assertEquals(Layout.tokens(1, GRID, GRID), survey.positions("blocks.0").layout().orElseThrow());
  }
}
