package camlab.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import camlab.capture.SmallNetworks;
import camlab.capture.Target;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** What the logits ln 3, 0 and −ln 4 mean. */
class MeaningTest {

  private static final float[] LOGITS = {(float) Math.log(3), 0, (float) -Math.log(4)};

  private static float[] probabilities(Meaning meaning) {
    try (NDManager scope = NDManager.newBaseManager()) {
      return meaning.probabilities(scope.create(LOGITS)).toFloatArray();
    }
  }

  @Test
  void ofOneOfSeveral() {
    double sum = 3 + 1 + 0.25;
    assertArrayEquals(
        new float[] {(float) (3 / sum), (float) (1 / sum), (float) (0.25 / sum)},
        probabilities(Meaning.ONE_OF_SEVERAL),
        1e-6f);
  }

  @Test
  void ofQuestionsOfTheirOwn() {
    assertArrayEquals(new float[] {0.75f, 0.5f, 0.2f}, probabilities(Meaning.INDEPENDENT), 1e-6f);
  }

  @Test
  void ofOneNumberForTwoClasses() {
    float y = 0.12368f;
    try (NDManager scope = NDManager.newBaseManager()) {
      assertArrayEquals(
          new float[] {0.46912f, 0.53088f},
          Meaning.ONE_OF_TWO.probabilities(scope.create(new float[] {-y, y})).toFloatArray(),
          1e-5f);
    }
  }

  @Test
  void probabilitiesStay() {
    assertArrayEquals(LOGITS, probabilities(Meaning.PROBABILITIES));
  }

  @Test
  void whatIsNotStatedIsNoProbability() {
    for (Meaning meaning : List.of(Meaning.UNSTATED, Meaning.VALUES)) {
      String message =
          assertThrows(NotApplicableException.class, () -> probabilities(meaning)).getMessage();
      assertTrue(message.contains("Classes.oneOf(\"cat\", \"dog\")"), message);
      assertTrue(message.contains("Classes.independent(\"cat\", \"dog\")"), message);
    }
  }

  /** The same network, stated in four ways. */
  @Test
  void aNetworkTellsWhatItsNumbersMean() {
    Classes names = Classes.of("cat", "dog");
    try (NDManager scope = NDManager.newBaseManager()) {
      NDArray logits = scope.create(new float[] {0, (float) Math.log(3)});
      assertEquals(
          List.of("dog 75.0 %", "cat 25.0 %"), said(names.as(Meaning.ONE_OF_SEVERAL), logits));
      assertEquals(
          List.of("dog 75.0 %", "cat 50.0 %"), said(names.as(Meaning.INDEPENDENT), logits));
      assertEquals(List.of("dog, logit 1.10", "cat, logit 0.00"), said(names, logits));
      assertEquals(List.of("dog 1.099", "cat 0.000"), said(names.as(Meaning.VALUES), logits));
    }
  }

  private static List<String> said(Classes classes, NDArray logits) {
    return with(
        classes, network -> network.predictions(logits).stream().map(String::valueOf).toList());
  }

  private static <T> T with(Classes classes, Function<Network, T> asked) {
    try (Network network = SmallNetworks.alexNet(classes)) {
      return asked.apply(network);
    }
  }

  /** All else works: logits, their order, and the explanation of one. */
  @Test
  void onlyTheProbabilityIsRefused() {
    Classes names = Classes.of("cat", "dog");
    try (NDManager scope = NDManager.newBaseManager()) {
      NDArray logits = scope.create(new float[] {0, 2});
      Prediction best = with(names, network -> network.predictions(logits)).get(0);
      assertEquals(2, best.logit());
      assertThrows(NotApplicableException.class, best::probability);
      Target probability = Target.of("dog").probability();
      assertEquals(2, Target.of("dog").score(logits, names).getFloat());
      assertThrows(NotApplicableException.class, () -> probability.score(logits, names));
      assertEquals(
          1 / (1 + Math.exp(-2)),
          probability.score(logits, names.as(Meaning.INDEPENDENT)).getFloat(),
          1e-6);
      assertEquals(new Shape(), probability.value(logits, Classes.oneOf("cat", "dog")).getShape());
    }
  }

  @Test
  void aNetworkDescribesItsOutputs() {
    Function<Network, String> first =
        network ->
            network.describe().stream()
                .filter(fact -> fact.what().equals("outputs"))
                .findFirst()
                .orElseThrow()
                .toString();
    assertEquals(
        "outputs: 2, each class yes or no for itself (sigmoid) (stated)",
        with(Classes.independent("cat", "dog"), first));
    assertEquals(
        "outputs: 2, not stated (not known: to tell probabilities, state " + Meaning.HOW + ")",
        with(Classes.of("cat", "dog"), first));
  }

  @Test
  void aNetworkSaysInWordsWhatIsKnownOfIt() {
    Classes classes = Classes.independent("cat", "dog");
    assertEquals(
        "AlexNet (small classifier) · 3,649,730 parameters · 2 classes: each class yes or no for"
            + " itself (sigmoid)",
        with(classes, Network::toString));
    List<String> lines = with(classes, Network::description).lines().toList();
    assertEquals("AlexNet (small classifier)", lines.get(0));
    assertEquals(
        "  network: layers that can be taken one by one, 3,649,730 parameters (read)",
        lines.get(1));
    assertTrue(
        lines.contains("  outputs: 2, each class yes or no for itself (sigmoid) (stated)"),
        lines.toString());
  }
}
