package camlab.exercise;

import static camlab.exercise.Checked.assertOpen;
import static camlab.exercise.Checked.message;
import static camlab.exercise.Checked.stub;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import camlab.cam.Blank;
import camlab.cam.KernelShap;
import camlab.cam.Occlusion;
import camlab.cam.RegionGrid;
import camlab.heatmap.Heatmap;
import camlab.network.Classes;
import camlab.network.Classifier;
import camlab.picture.Picture;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class AskingExercisesTest {

  @Test
  void questions() {
    AskingExercises.questions(AskingExercisesTest::asked);
    String floor =
        message(
            () ->
                AskingExercises.questions(
                    (side, window, stride) -> {
                      int places = (side - window) / stride + 1;
                      return places * places + 1;
                    }));
    assertTrue(floor.contains("11×11"), floor);
    assertTrue(floor.contains("too small"), floor);
    assertFalse(floor.contains("17"), "gives the right value away: " + floor);
  }

  /** What is right in the exercise is what the library does. */
  private static int asked(int side, int window, int stride) {
    AtomicInteger count = new AtomicInteger();
    // The score that goes with the map is asked for once more; it is no question of the method.
    Classifier box =
        Classifier.of(
            "counts",
            Classes.values("nothing"),
            pictures -> {
              count.addAndGet(pictures.size());
              return new float[pictures.size()][1];
            });
    new Occlusion(window, stride, Blank.GREY)
        .heatmap(box, Picture.of(side, side, new int[side * side]), "nothing");
    return count.get() - 1;
  }

  @Test
  void contrast() {
    AskingExercises.contrast(AskingExercisesTest::contrastOf);
    String sums =
        message(
            () ->
                AskingExercises.contrast(
                    (seen, scores) -> {
                      double[] sum = new double[seen[0].length];
                      for (int i = 0; i < scores.length; i++) {
                        for (int r = 0; r < sum.length; r++) {
                          sum[r] += seen[i][r] ? scores[i] : -scores[i];
                        }
                      }
                      return sum;
                    }));
    assertTrue(sums.contains("by one and the same factor"), sums);
  }

  private static double[] contrastOf(boolean[][] seen, double[] scores) {
    double[] contrast = new double[seen[0].length];
    for (int r = 0; r < contrast.length; r++) {
      double[] sums = new double[2];
      int[] counts = new int[2];
      for (int i = 0; i < scores.length; i++) {
        int which = seen[i][r] ? 1 : 0;
        sums[which] += scores[i];
        counts[which]++;
      }
      contrast[r] =
          counts[0] == 0 || counts[1] == 0 ? 0 : sums[1] / counts[1] - sums[0] / counts[0];
    }
    return contrast;
  }

  @Test
  void shares() {
    AskingExercises.shares(AskingExercisesTest::kernelShap);
    String alone =
        message(
            () ->
                AskingExercises.shares(s -> new double[] {s[1] - s[0], s[2] - s[0], s[4] - s[0]}));
    assertTrue(alone.contains("is enough"), alone);
  }

  /** The library's values for a box with the given scores, of a picture of three pixels. */
  private static double[] kernelShap(double[] scores) {
    Picture picture = Picture.of(3, 1, new int[] {0xffffff, 0xffffff, 0xffffff});
    Classifier box =
        Classifier.of(
            "table",
            Classes.values("score"),
            pictures ->
                pictures.stream()
                    .map(each -> new float[] {(float) scores[selection(each)]})
                    .toArray(float[][]::new));
    Heatmap map =
        new KernelShap(new RegionGrid(1, 3), Blank.BLACK, 6, 0).heatmap(box, picture, "score");
    return new double[] {map.at(0, 0), map.at(0, 1), map.at(0, 2)};
  }

  private static int selection(Picture picture) {
    int bits = 0;
    for (int r : List.of(0, 1, 2)) {
      bits |= (picture.rgb(0, r) & 0xffffff) == 0 ? 0 : 1 << r;
    }
    return bits;
  }

  @Test
  void theStubsAreOpenExercises() {
    assertOpen(
        () ->
            AskingExercises.questions(
                (side, window, stride) -> {
                  throw stub();
                }));
    assertOpen(
        () ->
            AskingExercises.contrast(
                (seen, scores) -> {
                  throw stub();
                }));
    assertOpen(
        () ->
            AskingExercises.shares(
                scores -> {
                  throw stub();
                }));
  }
}
