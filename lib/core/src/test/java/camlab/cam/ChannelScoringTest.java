package camlab.cam;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import camlab.capture.Recording;
import camlab.capture.SmallNetworks;
import camlab.capture.Target;
import camlab.network.Network;
import camlab.progress.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Ablation-CAM and Score-CAM on two channels: [1 2; 3 4] and [0 1; 0 2], y = 11 for the first. */
class ChannelScoringTest {

  private static final float EXACT = 1e-6f;
  private static final String LAYER = "relu";

  private Network network;
  private NDManager scope;
  private Recording recording;

  @BeforeEach
  void run() {
    network = TinyNetwork.create();
    scope = network.newScope();
    recording = Recording.of(network, TinyNetwork.input(scope), List.of(LAYER));
  }

  @AfterEach
  void free() {
    recording.close();
    scope.close();
    network.close();
  }

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
            new AblationCam(1, (work, start) -> done -> Thread.currentThread().interrupt()))) {
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
  void aBatchHasAtLeastOnePass() {
    assertThrows(IllegalArgumentException.class, () -> new ScoreCam(0, Progress.NONE));
  }
}
