package camlab.cam;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import camlab.capture.Recording;
import camlab.capture.SmallNetworks;
import camlab.capture.Target;
import camlab.network.Network;
import camlab.progress.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

/**
 * Ablation-CAM, Score-CAM and their relatives on two channels: [1 2; 3 4] and [0 1; 0 2], y = 11
 * for the first.
 */
class ChannelScoringTest extends OnTinyNetwork {

  private static final float EXACT = 1e-6f;

  /** Without the first channel y = 11 − 2.5, without the second 11 + 2·0.75. */
  @Test
  void ablationWeighsByTheFallOfTheScore() {
    float[] map = new AblationCam().heatmap(recording, LAYER, Target.of("first")).values();
    assertArrayEquals(new float[] {2.5f / 11, 3.5f / 11, 7.5f / 11, 7f / 11}, map, EXACT);
  }

  /** A rise from −11 to −8.5 is a rise, though both are negative. */
  @Test
  void ablationOfANegativeScore() {
    Target negative = Target.score("−first", logits -> logits.get(0).neg());
    float[] map = new AblationCam().heatmap(recording, LAYER, negative).values();
    assertArrayEquals(new float[4], map);
  }

  /** Where the score is zero the differences themselves are the weights. */
  @Test
  void ablationOfAZeroScore() {
    Target zero = Target.score("first − 11", logits -> logits.get(0).sub(11));
    float[] map = new AblationCam().heatmap(recording, LAYER, zero).values();
    assertArrayEquals(new float[] {2.5f, 3.5f, 7.5f, 7f}, map, 1e-5f);
  }

  /**
   * Seen through the first channel, [0 ⅓; ⅔ 1], the picture scores 10 + 5/3 − 2·7/12 = 10.5;
   * through the second, [0 ½; 0 1], 10 + 1.25 − 2·0.625 = 10.
   */
  @Test
  void scoreCamWeighsByTheScoreOfWhatIsSeen() {
    float[] map = new ScoreCam().heatmap(recording, LAYER, Target.of("first")).values();
    double first = Math.exp(0.5) / (1 + Math.exp(0.5));
    double second = 1 - first;
    float[] expected = {
      (float) first,
      (float) (2 * first + second),
      (float) (3 * first),
      (float) (4 * first + 2 * second)
    };
    assertArrayEquals(expected, map, EXACT);
  }

  /** The blank picture's channels are constant: nothing is seen, and nothing is divided by zero. */
  @Test
  void scoreCamOfConstantChannels() {
    NDArray blank = TinyNetwork.input(scope).zerosLike();
    try (Recording nothing = Recording.of(network, blank, List.of(LAYER))) {
      float[] map = new ScoreCam().heatmap(nothing, LAYER, Target.of("first")).values();
      assertArrayEquals(new float[4], map);
    }
  }

  /**
   * The masks [0 ⅓; ⅔ 1] and [0 ½; 0 1] with noise of their own for each sample, drawn channel by
   * channel; y = 10 + mean R(x₁ ⊙ H) − 2 mean R(x₂ ⊙ H).
   */
  @Test
  void ssCamWeighsByTheMeanScoreThroughNoisyMasks() {
    double[][] masks = {{0, 1 / 3.0, 2 / 3.0, 1}, {0, 0.5, 0, 1}};
    double[][] colours = {{1, 2, 3, 4}, {0, 1, 0, 2}};
    int samples = 3;
    Random random = new Random(9);
    double[] scores = new double[2];
    for (int k = 0; k < 2; k++) {
      for (int s = 0; s < samples; s++) {
        double y = 10;
        for (int i = 0; i < 4; i++) {
          double seen = masks[k][i] + 0.5 * random.nextGaussian();
          y += Math.max(0, seen * colours[0][i]) / 4 - Math.max(0, seen * colours[1][i]) / 2;
        }
        scores[k] += y / samples;
      }
    }
    double first = 1 / (1 + Math.exp(scores[1] - scores[0]));
    float[] expected = new float[4];
    for (int i = 0; i < 4; i++) {
      expected[i] = (float) (first * colours[0][i] + (1 - first) * colours[1][i]);
    }
    Target target = Target.of("first");
    for (int batch : new int[] {1, 2, 4, 16}) {
      SsCam method = new SsCam(samples, 0.5, 9, batch, Progress.NONE);
      assertArrayEquals(expected, method.heatmap(recording, LAYER, target).values(), 1e-5f);
    }
    assertArrayEquals(
        new ScoreCam().heatmap(recording, LAYER, target).values(),
        new SsCam(2, 0, 9, 3, Progress.NONE).heatmap(recording, LAYER, target).values(),
        EXACT);
  }

  /**
   * Three steps let through 0, 1/3 and 0 + 1/3 + 2/3 of each mask. The score rises evenly from 10
   * to 10.5 through the first, and stays 10 through the second.
   */
  @Test
  void isCamWeighsByTheMeanScoreOfTheSteps() {
    double rise = 0.5 * (0 + 1 / 3.0 + 1) / 3;
    float first = (float) (1 / (1 + Math.exp(-rise)));
    float[] expected = {first, 1 + first, 3 * first, 2 + 2 * first};
    for (int batch : new int[] {1, 2, 4, 16}) {
      IsCam method = new IsCam(3, batch, Progress.NONE);
      float[] map = method.heatmap(recording, LAYER, Target.of("first")).values();
      assertArrayEquals(expected, map, EXACT);
    }
  }

  /** [1 2; 3 4] has a variance of 1.25, [0 1; 0 2] one of 0.6875. */
  @Test
  void fasterScoreCamTriesTheChannelsThatVaryMost() {
    Target target = Target.of("first");
    float[] one =
        new FasterScoreCam(1, 16, Progress.NONE).heatmap(recording, LAYER, target).values();
    assertArrayEquals(new float[] {1, 2, 3, 4}, one, EXACT);
    float[] all = new ScoreCam().heatmap(recording, LAYER, target).values();
    for (int channels : new int[] {2, 10}) {
      assertArrayEquals(
          all,
          new FasterScoreCam(channels, 16, Progress.NONE)
              .heatmap(recording, LAYER, target)
              .values(),
          EXACT);
    }
  }

  /** 256 passes become 10. */
  @Test
  void fasterScoreCamTakesAsManyPassesAsItHasChannels() {
    try (Network alexNet = SmallNetworks.alexNet();
        Recording one = Recording.of(alexNet, SmallNetworks.picture(3), "features.11")) {
      List<String> seen = new ArrayList<>();
      Progress progress = (work, start) -> done -> seen.add(done + "/" + work.total());
      assertEquals(256, one.activation("features.11").getShape().get(1));
      new FasterScoreCam(10, 16, progress).heatmap(one, "features.11", Target.of("cat"));
      assertEquals(List.of("10/10"), seen);
    }
  }

  /**
   * The first class: 10 + (A₁ − 2A₂)/4 at each position by itself, less the least; the second: 20 +
   * (A₁/2 + 3A₂)/4.
   */
  @Test
  void reciproCamShowsTheScoreOfEachPositionAlone() {
    ReciproCam method = new ReciproCam(3, Progress.NONE);
    assertArrayEquals(
        new float[] {0.25f, 0, 0.75f, 0},
        method.heatmap(recording, LAYER, Target.of("first")).values(),
        1e-5f);
    assertArrayEquals(
        new float[] {0, 0.875f, 0.25f, 1.875f},
        method.heatmap(recording, LAYER, Target.of("second")).values(),
        1e-5f);
  }

  @Test
  void theSizeOfABatchChangesNothing() {
    try (Network alexNet = SmallNetworks.alexNet();
        Recording one = Recording.of(alexNet, SmallNetworks.picture(3), "features.4")) {
      Target cat = Target.of("cat");
      List<String> seen = new ArrayList<>();
      Progress progress = (work, start) -> done -> seen.add(done + "/" + work.total());
      float[] usual = new AblationCam().heatmap(one, "features.4", cat).values();
      float[] hundred = new AblationCam(100, progress).heatmap(one, "features.4", cat).values();
      assertArrayEquals(usual, hundred, 1e-5f);
      assertEquals(List.of("100/192", "192/192"), seen);
    }
  }

  /** Stopped behind the batch in which the interruption came; the thread stays interrupted. */
  @Test
  void interruptingStopsTheWork() {
    for (CamMethod method :
        List.of(
            new ScoreCam(1, (work, start) -> done -> Thread.currentThread().interrupt()),
            new AblationCam(1, (work, start) -> done -> Thread.currentThread().interrupt()),
            new FasterScoreCam(2, 1, (work, start) -> done -> Thread.currentThread().interrupt()),
            new SsCam(1, 1, 0, 1, (work, start) -> done -> Thread.currentThread().interrupt()),
            new IsCam(1, 1, (work, start) -> done -> Thread.currentThread().interrupt()))) {
      String message =
          assertThrows(
                  CancellationException.class,
                  () -> method.heatmap(recording, LAYER, Target.of("first")))
              .getMessage();
      assertEquals("Interrupted when 1 of 2 passes were done.", message);
      assertTrue(Thread.interrupted());
    }
  }

  @Test
  void interruptingStopsTheWorkBetweenPositions() {
    CamMethod method =
        new ReciproCam(3, (work, start) -> done -> Thread.currentThread().interrupt());
    String message =
        assertThrows(
                CancellationException.class,
                () -> method.heatmap(recording, LAYER, Target.of("first")))
            .getMessage();
    assertEquals("Interrupted when 3 of 4 passes were done.", message);
    assertTrue(Thread.interrupted());
  }

  @Test
  void aBatchHasAtLeastOnePass() {
    assertThrows(IllegalArgumentException.class, () -> new ScoreCam(0, Progress.NONE));
    assertThrows(IllegalArgumentException.class, () -> new ReciproCam(0, Progress.NONE));
  }

  @Test
  void settingsThatMakeNoSenseAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> new FasterScoreCam(0, 1, Progress.NONE));
    assertThrows(IllegalArgumentException.class, () -> new IsCam(0, 1, Progress.NONE));
    assertThrows(IllegalArgumentException.class, () -> new SsCam(0, 1, 0, 1, Progress.NONE));
    assertThrows(IllegalArgumentException.class, () -> new SsCam(1, -1, 0, 1, Progress.NONE));
    assertThrows(
        IllegalArgumentException.class,
        () -> new SsCam(1, Double.POSITIVE_INFINITY, 0, 1, Progress.NONE));
  }
}
