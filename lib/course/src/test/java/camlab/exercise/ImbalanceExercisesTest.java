package camlab.exercise;

import static camlab.exercise.Checked.assertOpen;
import static camlab.exercise.Checked.message;
import static camlab.exercise.Checked.stub;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ImbalanceExercisesTest {

  @Test
  void theCheapestThreshold() {
    ImbalanceExercises.cheapest((c, d, t, price) -> cheapest(c, d, t, price, c.length, d.length));
    String cheapCats =
        message(
            () ->
                ImbalanceExercises.cheapest(
                    (c, d, t, price) -> cheapest(c, d, t, 1 / price, c.length, d.length)));
    assertTrue(cheapCats.contains("costs 8"), cheapCats);
    assertTrue(cheapCats.contains("too large"), cheapCats);
    String counted =
        message(
            () -> ImbalanceExercises.cheapest((c, d, t, price) -> cheapest(c, d, t, price, 1, 1)));
    assertTrue(counted.contains("half and half"), counted);
    assertFalse(cheapCats.contains("-2.5"), "gives the right value away: " + cheapCats);
  }

  private static double cheapest(
      double[] cats, double[] dogs, double[] thresholds, double price, int allCats, int allDogs) {
    double best = Double.NaN;
    double least = Double.POSITIVE_INFINITY;
    for (double threshold : thresholds) {
      double missed = Arrays.stream(cats).filter(d -> d <= threshold).count();
      double called = Arrays.stream(dogs).filter(d -> d > threshold).count();
      double cost = price * missed / allCats + called / allDogs;
      if (cost < least) {
        least = cost;
        best = threshold;
      }
    }
    return best;
  }

  @Test
  void precision() {
    ImbalanceExercises.precision((cats, dogs, share) -> precision(cats, dogs, share));
    String recall =
        message(() -> ImbalanceExercises.precision((cats, dogs, share) -> positive(cats)));
    assertTrue(recall.contains("half and half"), recall);
    String fixed =
        message(
            () -> ImbalanceExercises.precision((cats, dogs, share) -> precision(cats, dogs, 0.5)));
    assertTrue(fixed.contains("20 % cats"), fixed);
    String divided =
        message(
            () ->
                ImbalanceExercises.precision(
                    (cats, dogs, share) ->
                        share
                            * positive(cats)
                            / (share * positive(cats) + (1 - share) * positive(dogs))));
    assertTrue(divided.contains("nothing is called a cat"), divided);
    assertTrue(divided.contains("0/0"), divided);
    assertFalse(fixed.contains("0.48"), "gives the right value away: " + fixed);
  }

  private static double precision(double[] cats, double[] dogs, double share) {
    double right = share * positive(cats);
    double called = right + (1 - share) * positive(dogs);
    return called == 0 ? 0 : right / called;
  }

  private static double positive(double[] differences) {
    return Arrays.stream(differences).filter(d -> d > 0).count() / (double) differences.length;
  }

  @Test
  void theStubsAreOpenExercises() {
    assertOpen(
        () ->
            ImbalanceExercises.cheapest(
                (c, d, t, p) -> {
                  throw stub();
                }));
    assertOpen(
        () ->
            ImbalanceExercises.precision(
                (c, d, s) -> {
                  throw stub();
                }));
  }
}
