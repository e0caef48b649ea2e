package camlab.cam;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import camlab.capture.Target;
import camlab.progress.Progress;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

/** On two channels, [1 2; 3 4] and [0 1; 0 2], with y = 10 + mean A₁ − 2 mean A₂ = 11. */
class SmoothGradCamPlusPlusTest extends OnTinyNetwork {

  private static SmoothGradCamPlusPlus method(int samples, double spread) {
    return new SmoothGradCamPlusPlus(samples, spread, 7, Progress.NONE);
  }

  /** A logit's gradient at this layer is the same for every picture, so noise changes nothing. */
  @Test
  void ofAGradientThatDoesNotDependOnThePictureItIsGradCamPlusPlus() {
    for (Target target : List.of(Target.of("first"), Target.of("second"))) {
      float[] plusPlus = new GradCamPlusPlus().heatmap(recording, LAYER, target).values();
      float[] smooth = method(4, 0.5).heatmap(recording, LAYER, target).values();
      assertArrayEquals(plusPlus, smooth, 1e-5f);
    }
  }

  @Test
  void withoutNoiseItIsGradCamPlusPlus() {
    Target square = Target.score("y²", logits -> logits.get(0).square());
    float[] plusPlus = new GradCamPlusPlus().heatmap(recording, LAYER, square).values();
    float[] smooth = method(2, 0).heatmap(recording, LAYER, square).values();
    assertArrayEquals(plusPlus, smooth, 1e-5f);
  }

  /**
   * The gradient of y² is 2y/4 in the first channel and −4y/4 in the second, with y that of each
   * noisy copy. So the second channel has no weight, and the first has 4 α ⟨y⟩/2 with α = ⟨g²⟩ /
   * (2⟨g²⟩ + 10 ⟨g³⟩).
   */
  @Test
  void averagesThePowersOfTheGradients() {
    double[] pixels = {1, 2, 3, 4, 0, 1, 0, 2};
    int samples = 3;
    Random random = new Random(7);
    double first = 0;
    double second = 0;
    double third = 0;
    for (int s = 0; s < samples; s++) {
      double y = 10;
      for (int i = 0; i < 12; i++) {
        // The pixels' range is 9 − 0, since the third colour is 9 throughout.
        double noise = 0.3 * 9 * random.nextGaussian();
        if (i < 8) {
          y += Math.max(0, pixels[i] + noise) / 4 * (i < 4 ? 1 : -2);
        }
      }
      double gradient = 2 * y / 4;
      first += gradient / samples;
      second += Math.pow(gradient, 2) / samples;
      third += Math.pow(gradient, 3) / samples;
    }
    double weight = 4 * second / (2 * second + 10 * third) * Math.max(0, first);
    Target square = Target.score("y²", logits -> logits.get(0).square());
    float[] expected = new float[4];
    for (int i = 0; i < 4; i++) {
      expected[i] = (float) (weight * pixels[i]);
    }
    float[] found = method(samples, 0.3).heatmap(recording, LAYER, square).values();
    assertArrayEquals(expected, found, 1e-5f);
  }

  @Test
  void interruptingStopsTheWork() {
    CamMethod method =
        new SmoothGradCamPlusPlus(
            3, 0.1, 0, 1, (work, start) -> done -> Thread.currentThread().interrupt());
    String message =
        assertThrows(
                CancellationException.class,
                () -> method.heatmap(recording, LAYER, Target.of("first")))
            .getMessage();
    assertEquals("Interrupted when 1 of 3 passes were done.", message);
    assertTrue(Thread.interrupted());
  }

  @Test
  void needsASampleAndASpread() {
    assertThrows(IllegalArgumentException.class, () -> method(0, 0.1));
    assertThrows(IllegalArgumentException.class, () -> method(1, -0.1));
    assertThrows(IllegalArgumentException.class, () -> method(1, Double.NaN));
  }
}
