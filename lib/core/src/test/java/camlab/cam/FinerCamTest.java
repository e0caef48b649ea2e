package camlab.cam;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import camlab.capture.Target;
import org.junit.jupiter.api.Test;

/** On two channels, [1 2; 3 4] and [0 1; 0 2], weighed by 1 and −2 for the one class, ½ and 3. */
class FinerCamTest extends OnTinyNetwork {

  private static final float EXACT = 1e-6f;

  /** Three other classes are asked for, and there is one: (1 − 0.3)/4 and (−2 − 1.8)/4. */
  @Test
  void takesOffTheOtherClass() {
    assertArrayEquals(
        new float[] {0.175f, 0, 0.525f, 0},
        new FinerCam().heatmap(recording, LAYER, Target.of("first")).values(),
        EXACT);
    // (½ − 0.6)/4 and (3 + 1.2)/4
    assertArrayEquals(
        new float[] {0, 1.05f - 0.05f, 0, 2.1f - 0.1f},
        new FinerCam().heatmap(recording, LAYER, Target.predicted()).values(),
        EXACT);
  }

  @Test
  void withoutStrengthItIsGradCam() {
    assertArrayEquals(
        new GradCam().heatmap(recording, LAYER, Target.of("second")).values(),
        new FinerCam(0, 1).heatmap(recording, LAYER, Target.of("second")).values(),
        EXACT);
  }

  @Test
  void onlyALogitIsComparedWithOthers() {
    String message =
        assertThrows(
                UnsupportedOperationException.class,
                () ->
                    new FinerCam()
                        .heatmap(recording, LAYER, Target.score("sum", logits -> logits.sum())))
            .getMessage();
    assertTrue(message.contains("'sum' is no class's logit"), message);
    assertThrows(IllegalArgumentException.class, () -> new FinerCam(-1, 1));
    assertThrows(IllegalArgumentException.class, () -> new FinerCam(Double.NaN, 1));
    assertThrows(IllegalArgumentException.class, () -> new FinerCam(1, 0));
  }
}
