package camlab.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import camlab.cam.Fem;
import camlab.evaluation.Ranking.Place;
import camlab.measure.Complexity;
import camlab.measure.EnergyInObject;
import camlab.measure.IntersectionOverUnion;
import camlab.measure.Measure;
import camlab.network.UnknownNameException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RankingTest {

  /** More is better. */
  private static final Measure ENERGY = new EnergyInObject();

  private static final int DRAWS = 20_000;

  /**
   * Two pictures have four equally likely draws. A has 1 and 0, B 0 and 0.5: A's mean is larger in
   * (1, 1), (1, 2) and (2, 1), smaller in (2, 2).
   */
  @Test
  void allDrawsOfTwoPictures() {
    List<Result> results = new ArrayList<>();
    add(results, "one", "cat", "A", 1);
    add(results, "two", "cat", "A", 0);
    add(results, "one", "cat", "B", 0);
    add(results, "two", "cat", "B", 0.5);
    Ranking ranking = Ranking.of(new Results(results), ENERGY, DRAWS, 1);
    assertEquals(2, ranking.pictures());
    assertEquals(0.75, ranking.better("A", "B"), 0.02);
    assertEquals(0.25, ranking.better("B", "A"), 0.02);
    assertEquals(0.5, ranking.better("A", "A"));
    Place first = ranking.places().get(0);
    assertEquals("A", first.method());
    assertEquals(0.5, first.mean(), 1e-12);
    assertEquals(0, first.low());
    assertEquals(1, first.high());
    assertEquals(1.25, first.rank(), 0.02);
    assertEquals(1, first.bestRank());
    assertEquals(2, first.worstRank());
    assertEquals("B", ranking.places().get(1).method());
    assertEquals(1.75, ranking.places().get(1).rank(), 0.02);
  }

  /** Less is better turns the order around. */
  @Test
  void theDirectionCounts() {
    List<Result> results = new ArrayList<>();
    for (String picture : List.of("one", "two", "three")) {
      add(results, picture, "cat", "A", 0.9, new Complexity());
      add(results, picture, "cat", "B", 0.1, new Complexity());
    }
    Ranking ranking = Ranking.of(new Results(results), new Complexity(), 100, 1);
    assertEquals(List.of("B", "A"), ranking.places().stream().map(Place::method).toList());
    assertEquals(1, ranking.better("B", "A"));
    assertEquals(new Place("B", 0.1, 0.1, 0.1, 1, 1, 1), rounded(ranking.places().get(0)));
  }

  /**
   * A is 0.01 better on every picture, and the pictures differ by far more: the same pictures for
   * both, or the difference would drown.
   */
  @Test
  void drawsArePaired() {
    List<Result> results = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      add(results, "picture " + i, "cat", "A", i + 0.01);
      add(results, "picture " + i, "cat", "B", i);
    }
    Ranking ranking = Ranking.of(new Results(results), ENERGY, 1000, 1);
    assertEquals(1, ranking.better("A", "B"));
    Place first = ranking.places().get(0);
    Place second = ranking.places().get(1);
    assertTrue(first.low() < second.high(), "the intervals of the means overlap");
    assertEquals(1, first.worstRank());
    // The mean of 0 … 29 is 14.5 with a standard error of 8.66 / √30 = 1.58.
    assertEquals(14.5 - 1.96 * 1.58, second.low(), 0.3);
    assertEquals(14.5 + 1.96 * 1.58, second.high(), 0.3);
  }

  /** Where every picture has the same difference, all draws have it, too. */
  @Test
  void aDifferenceIsThatOfTheSamePictures() {
    List<Result> results = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      add(results, "picture " + i, "cat", "A", i + 2);
      add(results, "picture " + i, "cat", "B", i);
      add(results, "picture " + i, "cat", "C", 0);
    }
    Ranking ranking = Ranking.of(new Results(results), ENERGY, 1000, 1);
    assertEquals(2, ranking.difference("A", "B").low(), 1e-9);
    assertEquals(2, ranking.difference("A", "B").high(), 1e-9);
    assertEquals(-2, ranking.difference("B", "A").mean(), 1e-9);
    Place b = ranking.places().get(1);
    assertEquals(new Interval(b.mean(), b.low(), b.high()), ranking.difference("B", "C"));
    assertThrows(UnknownNameException.class, () -> ranking.difference("A", "D"));
  }

  @Test
  void equalMethodsShareTheirRank() {
    List<Result> results = new ArrayList<>();
    for (String picture : List.of("one", "two")) {
      add(results, picture, "cat", "A", 1);
      add(results, picture, "cat", "B", 1);
      add(results, picture, "cat", "C", 0);
    }
    Ranking ranking = Ranking.of(new Results(results), ENERGY, 100, 1);
    assertEquals(0.5, ranking.better("A", "B"));
    assertEquals(1.5, ranking.places().get(0).rank());
    assertEquals(1.5, ranking.places().get(1).rank());
    assertEquals(3, ranking.places().get(2).rank());
  }

  /** Classes of one picture are drawn together: with one draw of two pictures, both or none. */
  @Test
  void aPictureIsDrawnAsAWhole() {
    List<Result> results = new ArrayList<>();
    for (String method : List.of("A", "B")) {
      add(results, "one", "cat", method, 1);
      add(results, "one", "dog", method, 3);
      add(results, "two", "cat", method, 8);
    }
    Ranking ranking = Ranking.of(new Results(results), ENERGY, DRAWS, 1);
    // All cases: 12 / 3. Draws: (1, 1) 8 / 4, (1, 2) 12 / 3, (2, 2) 16 / 2.
    Place place = ranking.places().get(0);
    assertEquals(4, place.mean(), 1e-12);
    assertEquals(2, place.low(), 1e-12);
    assertEquals(8, place.high(), 1e-12);
  }

  /** A picture counts only if every method has a number for it. */
  @Test
  void missingNumbersAreMissingForAll() {
    List<Result> results = new ArrayList<>();
    for (String method : List.of("A", "B")) {
      add(results, "one", "cat", method, 1);
      add(results, "two", "cat", method, 2);
    }
    add(results, "three", "cat", "A", 100);
    add(results, "three", "cat", "B", Double.NaN);
    add(results, "four", "cat", "A", Double.NaN);
    Ranking ranking = Ranking.of(new Results(results), ENERGY, 100, 1);
    assertEquals(2, ranking.pictures());
    assertEquals(1.5, ranking.places().get(0).mean(), 1e-12);
  }

  @Test
  void theSeedDecides() {
    List<Result> results = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      add(results, "picture " + i, "cat", "A", i * 37 % 11);
      add(results, "picture " + i, "cat", "B", i * 53 % 11);
    }
    List<Place> places = Ranking.of(new Results(results), ENERGY, 50, 1).places();
    assertEquals(places, Ranking.of(new Results(results), ENERGY, 50, 1).places());
    assertNotEquals(places, Ranking.of(new Results(results), ENERGY, 50, 2).places());
  }

  @Test
  void whatCannotBeRanked() {
    List<Result> results = new ArrayList<>();
    add(results, "one", "cat", "A", 1);
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> Ranking.of(new Results(results), ENERGY, 10, 1))
            .getMessage();
    assertTrue(
        message.endsWith("found 1. The results hold the measures [EnergyInObject()]."), message);
    add(results, "two", "cat", "A", 1);
    assertThrows(
        IllegalArgumentException.class, () -> Ranking.of(new Results(results), ENERGY, 0, 1));
    assertThrows(
        UnknownNameException.class,
        () -> Ranking.of(new Results(results), ENERGY, 10, 1).better("A", "C"));
    Question other =
        new Question(
            named("another"),
            "conv",
            named("one"),
            named("cat"),
            named("A"),
            new Named(ENERGY.name(), ENERGY.identity()));
    results.set(0, Result.of(other, 1));
    assertThrows(
        IllegalArgumentException.class, () -> Ranking.of(new Results(results), ENERGY, 10, 1));
  }

  /** The same name, other settings: two methods, and the ranking says which is which. */
  @Test
  void methodsOfOneNameAreCalledByTheirIdentities() {
    List<Result> results = new ArrayList<>();
    for (String picture : List.of("one", "two")) {
      for (double sigmas : new double[] {1, 2}) {
        Named fem = new Named("FEM", new Fem(sigmas).identity());
        results.add(Result.of(question(picture, "cat", fem, ENERGY), sigmas));
      }
      add(results, picture, "cat", "A", 0);
    }
    Ranking ranking = Ranking.of(new Results(results), ENERGY, 10, 1);
    assertEquals(
        List.of("Fem(sigmas=2.0)", "Fem(sigmas=1.0)", "A"),
        ranking.places().stream().map(Place::method).toList());
    assertEquals(1, ranking.better("Fem(sigmas=2.0)", "Fem(sigmas=1.0)"));
  }

  /** Numbers of another setting of the measure do not count. */
  @Test
  void onlyTheMeasureWithTheseSettingsCounts() {
    List<Result> results = new ArrayList<>();
    for (String picture : List.of("one", "two")) {
      add(results, picture, "cat", "A", 1, new IntersectionOverUnion(0.2));
      add(results, picture, "cat", "A", 100, new IntersectionOverUnion(0.5));
    }
    Ranking ranking = Ranking.of(new Results(results), new IntersectionOverUnion(0.2), 10, 1);
    assertEquals(1, ranking.places().get(0).mean());
  }

  @Test
  void quantiles() {
    double[] sorted = {1, 2, 4, 8, 16};
    assertEquals(1, Ranking.quantile(sorted, 0));
    assertEquals(4, Ranking.quantile(sorted, 0.5));
    assertEquals(10, Ranking.quantile(sorted, 0.8125), 1e-12);
    assertEquals(16, Ranking.quantile(sorted, 1));
  }

  private static Place rounded(Place place) {
    return new Place(
        place.method(),
        Math.round(place.mean() * 1e9) / 1e9,
        Math.round(place.low() * 1e9) / 1e9,
        Math.round(place.high() * 1e9) / 1e9,
        place.rank(),
        place.bestRank(),
        place.worstRank());
  }

  private static void add(
      List<Result> results, String picture, String className, String method, double value) {
    add(results, picture, className, method, value, ENERGY);
  }

  private static void add(
      List<Result> results,
      String picture,
      String className,
      String method,
      double value,
      Measure measure) {
    Question question = question(picture, className, named(method), measure);
    results.add(
        Double.isNaN(value) ? Result.refused(question, "broken") : Result.of(question, value));
  }

  private static Question question(
      String picture, String className, Named method, Measure measure) {
    return new Question(
        named("net"),
        "conv",
        named(picture),
        named(className),
        method,
        new Named(measure.name(), measure.identity()));
  }

  private static Named named(String name) {
    return new Named(name, name);
  }
}
