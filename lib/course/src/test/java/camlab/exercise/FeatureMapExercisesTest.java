package camlab.exercise;

import static camlab.exercise.Checked.assertOpen;
import static camlab.exercise.Checked.message;
import static camlab.exercise.Checked.stub;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import camlab.heatmap.ChannelMaps;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FeatureMapExercisesTest {

  @Test
  void thePlaceOfTheLargestValue() {
    FeatureMapExercises.place(maps -> place(maps, Float.NEGATIVE_INFINITY));
    String fromZero = message(() -> FeatureMapExercises.place(maps -> place(maps, 0)));
    assertTrue(fromZero.startsWith("The place of the largest of four negative"), fromZero);
    assertTrue(fromZero.contains("mind what you begin with"), fromZero);
    String turned =
        message(
            () ->
                FeatureMapExercises.place(
                    maps -> {
                      int[] at = place(maps, Float.NEGATIVE_INFINITY);
                      return new int[] {at[0], at[2], at[1]};
                    }));
    assertFalse(turned.contains("[1, 0, 1]"), "gives the right value away: " + turned);
  }

  @Test
  void theDeadChannels() {
    FeatureMapExercises.dead(
        pictures ->
            channels(pictures).filter(k -> pictures.stream().allMatch(m -> zero(m, k))).toList());
    String any =
        message(
            () ->
                FeatureMapExercises.dead(
                    pictures ->
                        channels(pictures)
                            .filter(k -> pictures.stream().anyMatch(m -> zero(m, k)))
                            .toList()));
    assertTrue(any.contains("a channel that answers in one of the pictures"), any);
    String highest =
        message(
            () ->
                FeatureMapExercises.dead(
                    pictures ->
                        channels(pictures)
                            .filter(k -> pictures.stream().allMatch(m -> m.max(k) == 0))
                            .toList()));
    assertTrue(highest.contains("below zero"), highest);
  }

  @Test
  void theCosineOfTwoPictures() {
    FeatureMapExercises.cosine((a, b) -> cosine(a, b, true));
    String undefined = message(() -> FeatureMapExercises.cosine((a, b) -> cosine(a, b, false)));
    assertTrue(undefined.contains("0/0"), undefined);
    String product = message(() -> FeatureMapExercises.cosine((a, b) -> a.mean(0) * b.mean(0)));
    assertTrue(product.contains("too large"), product);
    assertFalse(product.contains("0.96"), "gives the right value away: " + product);
  }

  @Test
  void theStubIsAnOpenExercise() {
    assertOpen(
        () ->
            FeatureMapExercises.place(
                maps -> {
                  throw stub();
                }));
  }

  /** Where a value is larger than a start and than all others; {0, 0, 0} if none is. */
  static int[] place(ChannelMaps maps, double start) {
    int[] best = {0, 0, 0};
    double most = start;
    for (int k = 0; k < maps.channels(); k++) {
      for (int i = 0; i < maps.height(); i++) {
        for (int j = 0; j < maps.width(); j++) {
          if (maps.at(k, i, j) > most) {
            most = maps.at(k, i, j);
            best = new int[] {k, i, j};
          }
        }
      }
    }
    return best;
  }

  private static Stream<Integer> channels(List<ChannelMaps> pictures) {
    return IntStream.range(0, pictures.get(0).channels()).boxed();
  }

  private static boolean zero(ChannelMaps maps, int k) {
    return maps.channel(k).max() == 0 && maps.channel(k).min() == 0;
  }

  private static double cosine(ChannelMaps a, ChannelMaps b, boolean zeroForNothing) {
    double ab = 0;
    double aa = 0;
    double bb = 0;
    for (int k = 0; k < a.channels(); k++) {
      ab += a.mean(k) * b.mean(k);
      aa += a.mean(k) * a.mean(k);
      bb += b.mean(k) * b.mean(k);
    }
    return zeroForNothing && aa * bb == 0 ? 0 : ab / Math.sqrt(aa * bb);
  }
}
