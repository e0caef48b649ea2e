package camlab.measure;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import camlab.identity.Identity;
import camlab.measure.Kept.Scaling;
import camlab.picture.Picture;
import camlab.picture.Preprocessing;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is kept of a picture, worked out by hand. */
class KeptTest {

  /** Scales to 1, 0.5 over 0, 0. */
  private static final Explanation EXPLANATION = Cases.of(new float[][] {{10, 6}, {2, 2}});

  @Test
  void thePictureTimesTheMap() {
    assertArrayEquals(new int[] {200, 50, 0, 0}, Cases.blues(Kept.PICTURE.of(EXPLANATION)));
  }

  /** Over the mean of 100: 100 + m (x − 100). */
  @Test
  void overAnyBaseline() {
    Kept mean = Kept.over(Baseline.meanColour());
    assertArrayEquals(new int[] {200, 100, 100, 100}, Cases.blues(mean.of(EXPLANATION)));
    // The negative of 100 is 155: 155 + 0.5 (100 − 155) = 127.5, rounded up.
    Kept negative = Kept.over(Baseline.negative());
    assertArrayEquals(new int[] {200, 128, 205, 205}, Cases.blues(negative.of(EXPLANATION)));
  }

  /** Score-CAM's half: the two highest keep their value, however high the others are. */
  @Test
  void onlyTheHighestPixels() {
    Explanation explanation = Cases.of(new float[][] {{10, 6}, {8, 2}});
    assertArrayEquals(new int[] {200, 50, 38, 0}, Cases.blues(Kept.PICTURE.of(explanation)));
    Kept half = Kept.PICTURE.highest(0.5);
    assertArrayEquals(new int[] {200, 0, 38, 0}, Cases.blues(half.of(explanation)));
  }

  /** Resized to six columns, 0 1 0 becomes 0 ¼ ¾ ¾ ¼ 0: scaled after that 0 ⅓ 1 1 ⅓ 0. */
  @Test
  void scaledBeforeOrAfterResizing() {
    Picture view = Cases.grey(6, 1, 120, 120, 120, 120, 120, 120);
    Explanation explanation =
        new Explanation(view, Cases.map(new float[] {0, 5, 0}), Cases.LIGHT, Optional.empty());
    Kept after = Kept.PICTURE;
    assertArrayEquals(new int[] {0, 40, 120, 120, 40, 0}, Cases.blues(after.of(explanation)));
    Kept before = Kept.PICTURE.scaled(Scaling.BEFORE_RESIZING);
    assertArrayEquals(new int[] {0, 30, 90, 90, 30, 0}, Cases.blues(before.of(explanation)));
  }

  /**
   * The network's input times the map, (x/255 − μ)/σ · m, is that of a picture: 8 bits are at most
   * one grey value away from it.
   */
  @Test
  void theTensorTimesTheMap() {
    Preprocessing preprocessing =
        Preprocessing.builder()
            .size(2, 2)
            .mean(0.485, 0.456, 0.406)
            .deviation(0.229, 0.224, 0.225)
            .build();
    Picture view = Picture.of(2, 2, new int[] {0xFF_00_80, 0x10_20_30, 0xC8_64_32, 0x7F_7F_7F});
    float[] map = {1, 0.3f, 0.7f, 0};
    Explanation explanation =
        new Explanation(
            view, Cases.map(new float[][] {{1, 0.3f}, {0.7f, 0}}), Cases.LIGHT, Optional.empty());
    float[] found = preprocessing.normalize(Kept.tensor(preprocessing).of(explanation));
    float[] whole = preprocessing.normalize(view);
    double[] deviations = {0.229, 0.224, 0.225};
    for (int i = 0; i < whole.length; i++) {
      double oneGreyValue = 1 / 255.0 / deviations[i / 4];
      assertEquals(whole[i] * map[i % 4], found[i], oneGreyValue, "value " + i);
    }
    assertTrue(Math.abs(found[3]) < 0.01, "where the map is 0, the input is nearly so");
  }

  @Test
  void numbersOfTheUsualSettingAreFoundAgain() {
    assertEquals("ConfidenceIncrease()", new ConfidenceIncrease(Kept.PICTURE).identity());
    assertEquals("ConfidenceGain(scale=ABSOLUTE)", new ConfidenceGain(Scale.ABSOLUTE).identity());
    assertEquals(
        "ConfidenceDrop(kept=Kept(baseline=MeanColour(), scaling=AFTER_RESIZING, seed=1, share=0.5), scale=RELATIVE)",
        new ConfidenceDrop(Scale.RELATIVE, Kept.over(Baseline.meanColour()).highest(0.5))
            .identity());
  }

  @Test
  void words() {
    assertEquals("picture times the map", new ConfidenceDrop(Scale.RELATIVE).asks());
    assertEquals(
        "picture times the map over mean colour, all but the highest 50 % removed, scaled before it is resized",
        Kept.over(Baseline.meanColour()).highest(0.5).scaled(Scaling.BEFORE_RESIZING).words());
    assertThrows(IllegalArgumentException.class, () -> Kept.PICTURE.highest(0));
  }

  /** Drop over the mean of 100: 200 + 100 + 100 + 100 of 400 is a gain of a quarter. */
  @Test
  void theMeasuresTakeIt() {
    Kept mean = Kept.over(Baseline.meanColour());
    assertEquals(0, new ConfidenceDrop(Scale.RELATIVE, mean).of(EXPLANATION));
    assertEquals(1, new ConfidenceIncrease(mean).of(EXPLANATION));
    assertEquals(0.25, new ConfidenceGain(Scale.ABSOLUTE, mean).of(EXPLANATION), 1e-12);
  }

  /** As numbers were kept before there was a choice. */
  @Test
  void theUsualSettingIsNoPartOfAnIdentity() {
    assertEquals(Kept.USUAL, Identity.of(Kept.PICTURE));
    assertEquals("ConfidenceIncrease()", new ConfidenceIncrease().identity());
    assertEquals("ConfidenceDrop(scale=RELATIVE)", new ConfidenceDrop(Scale.RELATIVE).identity());
    assertTrue(
        new ConfidenceIncrease(Kept.over(Baseline.meanColour())).identity().contains("kept=Kept("));
  }
}
