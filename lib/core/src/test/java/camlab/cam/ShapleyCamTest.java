package camlab.cam;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import ai.djl.ndarray.NDArray;
import camlab.capture.Recording;
import camlab.capture.Target;
import java.util.List;
import org.junit.jupiter.api.Test;

/** On two channels, [1 2; 3 4] and [0 1; 0 2], with y = 10 + mean A₁ − 2 mean A₂ = 11. */
class ShapleyCamTest extends OnTinyNetwork {

  private static final float EXACT = 1e-5f;
  private static final Target SQUARE = Target.score("y²", logits -> logits.get(0).square());

  /**
   * The gradient of y² is 2y ∂y and its change along A is 2 (∂y·A) ∂y, where ∂y·A = y − 10 = 1. ∂y
   * is 1/4 in the first channel and −1/2 in the second.
   */
  @Test
  void theCurvatureIsTheGradientsChangeAlongTheActivations() {
    float[] expected = {0.5f, 0.5f, 0.5f, 0.5f, -1, -1, -1, -1};
    assertArrayEquals(expected, recording.curvature(LAYER, SQUARE).toFloatArray(), EXACT);
    // Another pass before and behind it adds nothing to it, nor it to that.
    float[] gradient = {5.5f, 5.5f, 5.5f, 5.5f, -11, -11, -11, -11};
    assertArrayEquals(gradient, recording.gradient(LAYER, SQUARE).toFloatArray(), EXACT);
    assertArrayEquals(expected, recording.curvature(LAYER, SQUARE).toFloatArray(), EXACT);
  }

  @Test
  void aLogitHasNoCurvature() {
    NDArray curvature = recording.curvature(LAYER, Target.of("first"));
    assertArrayEquals(new float[8], curvature.toFloatArray());
    assertArrayEquals(
        new GradCam().heatmap(recording, LAYER, Target.of("first")).values(),
        new ShapleyCam().heatmap(recording, LAYER, Target.of("first")).values(),
        EXACT);
  }

  /** The weights are 2·11 − 1 = 21 times 1/4 and −1/2: R(5.25 A₁ − 10.5 A₂). */
  @Test
  void halfOfItIsTakenOffTheGradient() {
    float[] map = new ShapleyCam().heatmap(recording, LAYER, SQUARE).values();
    assertArrayEquals(new float[] {5.25f, 0, 15.75f, 0}, map, EXACT);
  }

  /** Each picture's curvature is that of its own score: y = 10 + 2 for the other picture. */
  @Test
  void inABatchEachPictureHasItsOwn() {
    NDArray one = TinyNetwork.input(scope);
    try (Recording both = Recording.of(network, one.concat(one.mul(2)), List.of(LAYER))) {
      float[] found = both.curvature(LAYER, SQUARE).toFloatArray();
      float[] expected = {0.5f, 0.5f, 0.5f, 0.5f, -1, -1, -1, -1, 1, 1, 1, 1, -2, -2, -2, -2};
      assertArrayEquals(expected, found, EXACT);
    }
  }
}
