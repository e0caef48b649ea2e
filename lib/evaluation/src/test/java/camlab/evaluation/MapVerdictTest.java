package camlab.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import camlab.evaluation.MapVerdict.Side;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

/** What follows from numbers that are given. */
class MapVerdictTest {

  /** Numbers against which nothing can be said, but for those that a test changes. */
  private static final class Numbers {
    private boolean denied;
    private Map<String, Double> agreement = Map.of("one", 0.9, "other", 0.7);
    private double covering = 0.8;
    private OptionalDouble randomized = OptionalDouble.of(0.1);
    private OptionalDouble otherClass = OptionalDouble.of(0.2);
    private int scrambled;
    private Map<String, Double> inside = Map.of("one", 3.0, MapEvidence.COVERING, 2.0);
    private Optional<LabelledAnswers> labelled = Optional.of(answers(20, 0.05));

    MapVerdict verdict() {
      return MapVerdict.of(
          new MapEvidence(
              denied,
              agreement,
              covering,
              0.5,
              randomized,
              otherClass,
              scrambled,
              inside,
              labelled));
    }

    Side side() {
      return verdict().side();
    }
  }

  private static LabelledAnswers answers(int right, double error) {
    return new LabelledAnswers(right, 20, 2, OptionalDouble.of(error));
  }

  @Test
  void nothingSpeaksAgainstIt() {
    MapVerdict verdict = new Numbers().verdict();
    assertEquals(new MapVerdict(Side.NOTHING_AGAINST, List.of(), List.of()), verdict);
    assertEquals("Nothing speaks against the map.", verdict.toString());
  }

  /** The mean of 0.9 and 0.4 is 0.65, which is just enough; that of 0.9 and 0.38 is 0.64. */
  @Test
  void theMapsDisagree() {
    Numbers numbers = new Numbers();
    numbers.agreement = Map.of("one", 0.9, "other", 0.4);
    assertEquals(Side.NOTHING_AGAINST, numbers.side());
    numbers.agreement = Map.of("one", 0.9, "other", 0.38);
    assertEquals(Side.METHOD, numbers.side());
    assertEquals(
        "It is the method, or the layer at which it looks: the maps disagree: the mean rank correlation with 2 other methods is 0.64.",
        numbers.verdict().toString());
  }

  @Test
  void theMapDependsOnNothing() {
    Numbers ofClass = new Numbers();
    ofClass.otherClass = OptionalDouble.of(0.9);
    assertEquals(Side.NOTHING_AGAINST, ofClass.side());
    ofClass.otherClass = OptionalDouble.of(0.91);
    assertEquals(Side.METHOD, ofClass.side());
    assertTrue(ofClass.verdict().toString().contains("does not depend on the class"));
    Numbers ofWeights = new Numbers();
    ofWeights.randomized = OptionalDouble.of(0.91);
    assertEquals(Side.METHOD, ofWeights.side());
    assertTrue(ofWeights.verdict().toString().contains("what was learned"));
  }

  @Test
  void theNetworkLooksElsewhere() {
    Numbers numbers = new Numbers();
    numbers.inside = Map.of("one", 0.1, "other", 1.2, MapEvidence.COVERING, 1.0);
    assertEquals(Side.NOTHING_AGAINST, numbers.side());
    numbers.inside = Map.of("one", 0.1, "other", 1.2, MapEvidence.COVERING, 0.3);
    assertEquals(
        "It is the network: the network looks outside the object: covering the object takes 0.30 times what its area would, and of 2 methods' maps 1 have less there than its area, too.",
        numbers.verdict().toString());
    // Without a mask nobody sees it, and the verdict says that it was not asked.
    numbers.inside = Map.of();
    assertEquals(Side.NOTHING_AGAINST, numbers.side());
    assertEquals(1, numbers.verdict().notAsked().size());
    assertTrue(numbers.verdict().toString().contains("Not asked: whether the network looks"));
  }

  /** Wilson's lower end of 14 of 20 is 0.48, of 15 of 20 it is 0.53; guessing gets one half. */
  @Test
  void theNetworkIsWrong() {
    Numbers numbers = new Numbers();
    numbers.labelled = Optional.of(answers(15, 0.25));
    assertEquals(Side.NOTHING_AGAINST, numbers.side());
    numbers.labelled = Optional.of(answers(14, 0.25));
    assertEquals(Side.NETWORK, numbers.side());
    numbers.labelled = Optional.of(answers(15, 0.26));
    assertEquals(Side.NETWORK, numbers.side());
    assertTrue(numbers.verdict().toString().contains("not as sure as it is right"));
  }

  /** One doubt alone decides nothing; two make it the network's. */
  @Test
  void undecided() {
    Numbers scrambled = new Numbers();
    scrambled.scrambled = 4;
    assertEquals(Side.NOTHING_AGAINST, scrambled.side());
    scrambled.scrambled = 5;
    assertEquals(Side.UNDECIDED, scrambled.side());
    Numbers denied = new Numbers();
    denied.denied = true;
    assertEquals(Side.UNDECIDED, denied.side());
    denied.scrambled = 5;
    assertEquals(Side.NETWORK, denied.side());
    Numbers missed = new Numbers();
    missed.covering = 0.5; // as much as the best random map
    assertEquals(Side.UNDECIDED, missed.side());
    missed.scrambled = 5;
    assertEquals(Side.NETWORK, missed.side());
    Numbers disagreeing = new Numbers();
    disagreeing.agreement = Map.of("one", 0.1);
    disagreeing.covering = 0.5;
    assertEquals(Side.METHOD, disagreeing.side());
    disagreeing.denied = true;
    assertEquals(Side.NETWORK, disagreeing.side());
    assertEquals(3, disagreeing.verdict().reasons().size());
  }

  @Test
  void whatCouldNotBeAsked() {
    Numbers numbers = new Numbers();
    numbers.agreement = Map.of();
    numbers.randomized = OptionalDouble.empty();
    numbers.otherClass = OptionalDouble.empty();
    numbers.inside = Map.of();
    numbers.labelled = Optional.empty();
    assertEquals(Side.NOTHING_AGAINST, numbers.side());
    assertEquals(5, numbers.verdict().notAsked().size());
  }

  @Test
  void answersAreCounts() {
    assertThrows(IllegalArgumentException.class, () -> answers(21, 0));
    assertTrue(answers(15, 0).aboveChance());
    assertFalse(answers(14, 0).aboveChance());
  }
}
