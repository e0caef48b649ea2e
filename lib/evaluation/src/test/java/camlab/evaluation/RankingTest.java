package camlab.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import camlab.evaluation.Ranking.Place;
import camlab.measure.Complexity;
import camlab.measure.EnergyInObject;
import camlab.measure.Measure;
import camlab.network.UnknownNameException;
import java.util.List;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

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
    Table results = results();
    add(results, "one", "cat", "A", 1);
    add(results, "two", "cat", "A", 0);
    add(results, "one", "cat", "B", 0);
    add(results, "two", "cat", "B", 0.5);
    Ranking ranking = Ranking.of(results, ENERGY, DRAWS, 1);
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
    Table results = results();
    for (String picture : List.of("one", "two", "three")) {
      add(results, picture, "cat", "A", 0.9, new Complexity());
      add(results, picture, "cat", "B", 0.1, new Complexity());
    }
    Ranking ranking = Ranking.of(results, new Complexity(), 100, 1);
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
    Table results = results();
    for (int i = 0; i < 30; i++) {
      add(results, "picture " + i, "cat", "A", i + 0.01);
      add(results, "picture " + i, "cat", "B", i);
    }
    Ranking ranking = Ranking.of(results, ENERGY, 1000, 1);
    assertEquals(1, ranking.better("A", "B"));
    Place first = ranking.places().get(0);
    Place second = ranking.places().get(1);
    assertTrue(first.low() < second.high(), "the intervals of the means overlap");
    assertEquals(1, first.worstRank());
    // The mean of 0 … 29 is 14.5 with a standard error of 8.66 / √30 = 1.58.
    assertEquals(14.5 - 1.96 * 1.58, second.low(), 0.3);
    assertEquals(14.5 + 1.96 * 1.58, second.high(), 0.3);
  }

  @Test
  void equalMethodsShareTheirRank() {
    Table results = results();
    for (String picture : List.of("one", "two")) {
      add(results, picture, "cat", "A", 1);
      add(results, picture, "cat", "B", 1);
      add(results, picture, "cat", "C", 0);
    }
    Ranking ranking = Ranking.of(results, ENERGY, 100, 1);
    assertEquals(0.5, ranking.better("A", "B"));
    assertEquals(1.5, ranking.places().get(0).rank());
    assertEquals(1.5, ranking.places().get(1).rank());
    assertEquals(3, ranking.places().get(2).rank());
  }

  /** Classes of one picture are drawn together: with one draw of two pictures, both or none. */
  @Test
  void aPictureIsDrawnAsAWhole() {
    Table results = results();
    for (String method : List.of("A", "B")) {
      add(results, "one", "cat", method, 1);
      add(results, "one", "dog", method, 3);
      add(results, "two", "cat", method, 8);
    }
    Ranking ranking = Ranking.of(results, ENERGY, DRAWS, 1);
    // All cases: 12 / 3. Draws: (1, 1) 8 / 4, (1, 2) 12 / 3, (2, 2) 16 / 2.
    Place place = ranking.places().get(0);
    assertEquals(4, place.mean(), 1e-12);
    assertEquals(2, place.low(), 1e-12);
    assertEquals(8, place.high(), 1e-12);
  }

  /** A picture counts only if every method has a number for it. */
  @Test
  void missingNumbersAreMissingForAll() {
    Table results = results();
    for (String method : List.of("A", "B")) {
      add(results, "one", "cat", method, 1);
      add(results, "two", "cat", method, 2);
    }
    add(results, "three", "cat", "A", 100);
    add(results, "three", "cat", "B", Double.NaN);
    add(results, "four", "cat", "", Double.NaN);
    Ranking ranking = Ranking.of(results, ENERGY, 100, 1);
    assertEquals(2, ranking.pictures());
    assertEquals(1.5, ranking.places().get(0).mean(), 1e-12);
  }

  @Test
  void theSeedDecides() {
    Table results = results();
    for (int i = 0; i < 10; i++) {
      add(results, "picture " + i, "cat", "A", i * 37 % 11);
      add(results, "picture " + i, "cat", "B", i * 53 % 11);
    }
    List<Place> places = Ranking.of(results, ENERGY, 50, 1).places();
    assertEquals(places, Ranking.of(results, ENERGY, 50, 1).places());
    assertNotEquals(places, Ranking.of(results, ENERGY, 50, 2).places());
  }

  @Test
  void asATable() {
    Table results = results();
    for (String picture : List.of("one", "two")) {
      add(results, picture, "cat", "A", 1);
      add(results, picture, "cat", "B", 2);
    }
    Table table = Ranking.of(results, ENERGY, 10, 1).table();
    assertEquals("energy", table.name());
    assertEquals("B", table.getString(0, "method"));
    assertEquals(2, table.doubleColumn("mean").getDouble(0));
    assertEquals(2, table.doubleColumn("worst rank").getDouble(1));
  }

  @Test
  void whatCannotBeRanked() {
    Table results = results();
    add(results, "one", "cat", "A", 1);
    String message =
        assertThrows(IllegalArgumentException.class, () -> Ranking.of(results, ENERGY, 10, 1))
            .getMessage();
    assertTrue(message.endsWith("found 1. The results hold the measures [energy]."), message);
    add(results, "two", "cat", "A", 1);
    assertThrows(IllegalArgumentException.class, () -> Ranking.of(results, ENERGY, 0, 1));
    assertThrows(
        UnknownNameException.class, () -> Ranking.of(results, ENERGY, 10, 1).better("A", "C"));
    results.stringColumn("network").set(0, "another");
    assertThrows(IllegalArgumentException.class, () -> Ranking.of(results, ENERGY, 10, 1));
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

  private static Table results() {
    return Table.create(
        StringColumn.create("network"),
        StringColumn.create("layer"),
        StringColumn.create("picture"),
        StringColumn.create("class"),
        StringColumn.create("method"),
        StringColumn.create("measure"),
        DoubleColumn.create("value"),
        StringColumn.create("reason"));
  }

  private static void add(
      Table results, String picture, String className, String method, double value) {
    add(results, picture, className, method, value, ENERGY);
  }

  private static void add(
      Table results,
      String picture,
      String className,
      String method,
      double value,
      Measure measure) {
    results.stringColumn("network").append("net");
    results.stringColumn("layer").append("conv");
    results.stringColumn("picture").append(picture);
    results.stringColumn("class").append(className);
    results.stringColumn("method").append(method);
    results.stringColumn("measure").append(method.isEmpty() ? "" : measure.name());
    results.doubleColumn("value").append(value);
    results.stringColumn("reason").append(Double.isNaN(value) ? "broken" : "");
  }
}
