package camlab.measure;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import camlab.network.NotApplicableException;
import camlab.picture.Picture;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Drop, increase, gain and removal, worked out by hand. */
class ConfidenceMeasuresTest {

  private static final double EXACT = 1e-12;

  /** Twice as sure of what is darker: for pictures that gain by being masked. */
  private static final Confidence DARKNESS =
      views -> views.stream().mapToDouble(view -> 1 - Cases.light(view) / 800).toArray();

  /** The map scales to 1, 0.5 over 0, 0: what is left is 200 + 50 of 400. */
  @Test
  void drop() {
    Explanation explanation = Cases.of(new float[][] {{10, 6}, {2, 2}});
    assertEquals(1 - 250 / 400.0, new ConfidenceDrop(Scale.RELATIVE).of(explanation), EXACT);
    assertEquals(0.375, new ConfidenceDrop(Scale.ABSOLUTE).of(explanation), EXACT);
    assertEquals(0, new ConfidenceIncrease().of(explanation));
    assertEquals(0, new ConfidenceGain(Scale.RELATIVE).of(explanation));
    assertEquals(0, new ConfidenceGain(Scale.ABSOLUTE).of(explanation));
  }

  /** Y = 1/2 and O = 1 − 250/800 = 11/16: no drop, an increase. */
  @Test
  void increase() {
    Explanation explanation =
        new Explanation(
            Cases.GREYS, Cases.map(new float[][] {{10, 6}, {2, 2}}), DARKNESS, Optional.empty());
    assertEquals(0, new ConfidenceDrop(Scale.RELATIVE).of(explanation));
    assertEquals(0, new ConfidenceDrop(Scale.ABSOLUTE).of(explanation));
    assertEquals(1, new ConfidenceIncrease().of(explanation));
    assertEquals(3 / 16.0, new ConfidenceGain(Scale.ABSOLUTE).of(explanation), EXACT);
    assertEquals(3 / 8.0, new ConfidenceGain(Scale.RELATIVE).of(explanation), EXACT);
  }

  /** Relative to Y = 1/2, and not to 1. */
  @Test
  void theDropIsRelativeToTheConfidence() {
    Confidence half = views -> views.stream().mapToDouble(v -> Cases.light(v) / 800).toArray();
    Explanation explanation =
        new Explanation(
            Cases.GREYS, Cases.map(new float[][] {{10, 6}, {2, 2}}), half, Optional.empty());
    assertEquals(0.375, new ConfidenceDrop(Scale.RELATIVE).of(explanation), EXACT);
    assertEquals(0.1875, new ConfidenceDrop(Scale.ABSOLUTE).of(explanation), EXACT);
  }

  @Test
  void anUnchangedConfidenceIsNoIncrease() {
    Confidence sure = views -> views.stream().mapToDouble(view -> 1).toArray();
    Confidence never = views -> new double[views.size()];
    for (Confidence confidence : new Confidence[] {sure, never}) {
      Explanation explanation =
          new Explanation(
              Cases.GREYS, Cases.map(new float[][] {{1, 0}}), confidence, Optional.empty());
      assertEquals(0, new ConfidenceIncrease().of(explanation));
      assertEquals(0, new ConfidenceDrop(Scale.RELATIVE).of(explanation));
      assertEquals(0, new ConfidenceGain(Scale.RELATIVE).of(explanation));
      assertEquals(0, new ConfidenceAfterRemoval().of(explanation));
    }
  }

  /** A map without differences highlights nothing: the picture goes black. */
  @Test
  void aConstantMapLosesEverything() {
    Explanation explanation = Cases.of(new float[][] {{3, 3}, {3, 3}});
    assertEquals(1, new ConfidenceDrop(Scale.RELATIVE).of(explanation), EXACT);
  }

  /** The highest of four pixels goes: 200 of 400. */
  @Test
  void theHighestQuarterIsRemoved() {
    Explanation explanation = Cases.of(new float[][] {{10, 6}, {2, 2}});
    assertEquals(-0.5, new ConfidenceAfterRemoval().of(explanation), EXACT);
    assertArrayEquals(
        new int[] {0, 100, 50, 50},
        Cases.blues(new ConfidenceAfterRemoval().remaining(explanation)));
  }

  @Test
  void anyShareAndBaseline() {
    Explanation explanation = Cases.of(new float[][] {{10, 6}, {2, 2}});
    ConfidenceAfterRemoval half =
        new ConfidenceAfterRemoval(0.5, Baseline.meanColour(), Scale.ABSOLUTE, 1);
    // 200 and 100 become the mean of 100: 100 of 400 are lost.
    assertEquals(-0.25, half.of(explanation), EXACT);
    ConfidenceAfterRemoval all = new ConfidenceAfterRemoval(1, Baseline.black(), Scale.RELATIVE, 1);
    assertEquals(-1, all.of(explanation), EXACT);
  }

  @Test
  void theRelativeChangeIsAShareOfTheConfidence() {
    Explanation explanation =
        new Explanation(
            Cases.GREYS, Cases.map(new float[][] {{10, 6}, {2, 2}}), DARKNESS, Optional.empty());
    // Y = 1/2, O = 1 − 200/800 = 3/4.
    assertEquals(0.25, new ConfidenceAfterRemoval().of(explanation), EXACT);
    assertEquals(
        0.5,
        new ConfidenceAfterRemoval(0.25, Baseline.black(), Scale.RELATIVE, 1).of(explanation),
        EXACT);
  }

  /** A probability of single precision may be 0, and every gain is infinitely many times that. */
  @Test
  void ofNothingNoShareIsTold() {
    Confidence dark =
        views -> views.stream().mapToDouble(v -> v.equals(Cases.GREYS) ? 0 : 1).toArray();
    Explanation explanation =
        new Explanation(
            Cases.GREYS, Cases.map(new float[][] {{10, 6}, {2, 2}}), dark, Optional.empty());
    assertEquals(1, new ConfidenceAfterRemoval().of(explanation), EXACT);
    String message =
        assertThrows(
                NotApplicableException.class,
                () ->
                    new ConfidenceAfterRemoval(0.25, Baseline.black(), Scale.RELATIVE, 1)
                        .of(explanation))
            .getMessage();
    assertEquals(
        "The network gives the class a probability of 0 for the picture: no change can be told as a share of that.",
        message);
  }

  /** A confidence may be of somebody's own making. */
  @Test
  void oneProbabilityForEachPicture() {
    for (double[] wrong : new double[][] {{}, {0.5}, {0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5}}) {
      Explanation explanation =
          new Explanation(
              Cases.GREYS,
              Cases.map(new float[][] {{10, 6}, {2, 2}}),
              views -> wrong,
              Optional.empty());
      for (Measure measure :
          List.of(
              new ConfidenceDrop(Scale.RELATIVE),
              new ConfidenceAfterRemoval(),
              new Deletion(),
              new Aopc(1, 4, Baseline.black(), 1),
              new RoadCombined(List.of(0.25, 0.5), new NoisyLinearImputation(), 1),
              new Infidelity())) {
        String message =
            assertThrows(IllegalArgumentException.class, () -> measure.of(explanation))
                .getMessage();
        assertTrue(
            message.startsWith("A confidence gives one probability for each picture: expected "),
            message);
      }
    }
  }

  @Test
  void sharesAreShares() {
    for (double share : new double[] {0, 1.01, -1, Double.NaN}) {
      String message =
          assertThrows(
                  IllegalArgumentException.class,
                  () -> new ConfidenceAfterRemoval(share, Baseline.black(), Scale.ABSOLUTE, 1))
              .getMessage();
      assertEquals("A share lies in (0, 1], found " + share + ".", message);
    }
  }

  @Test
  void namesTellTheSettings() {
    assertEquals("change without top 25 %", new ConfidenceAfterRemoval().name());
    assertEquals(
        "relative change without top 12.5 %",
        new ConfidenceAfterRemoval(0.125, Baseline.black(), Scale.RELATIVE, 1).name());
    assertEquals("drop", new ConfidenceDrop(Scale.RELATIVE).name());
    assertEquals("absolute drop", new ConfidenceDrop(Scale.ABSOLUTE).name());
  }

  /** 0.5 · 201 = 100.5 is rounded up; the colours do not mix. */
  @Test
  void aPictureTimesAMap() {
    Picture view = Picture.of(2, 1, new int[] {0xC9_64_01, 0xFF_FF_FF});
    Picture product = Perturbation.multiplied(view, Cases.map(new float[] {0.5f, 1}));
    assertEquals(Picture.of(2, 1, new int[] {0x65_32_01, 0xFF_FF_FF}), product);
  }

  @Test
  void aPictureIsMultipliedByShares() {
    assertThrows(
        IllegalArgumentException.class,
        () -> Perturbation.multiplied(Cases.GREYS, Cases.map(new float[][] {{2, 0}, {0, 0}})));
    assertThrows(
        IllegalArgumentException.class,
        () -> Perturbation.multiplied(Cases.GREYS, Cases.map(new float[] {1, 0})));
  }

  @Test
  void replacedPixelsComeFromTheSubstitute() {
    Picture replaced =
        Perturbation.replaced(Cases.GREYS, Cases.mask(2, 2, 1, 2), Cases.grey(2, 2, 1, 2, 3, 4));
    assertArrayEquals(new int[] {200, 2, 3, 50}, Cases.blues(replaced));
    assertThrows(
        IllegalArgumentException.class,
        () -> Perturbation.replaced(Cases.GREYS, Cases.mask(1, 2), Cases.GREYS));
  }

  @Test
  void theMaskOfTheViewIsAskedFor() {
    Explanation explanation = Cases.of(new float[][] {{1, 0}});
    assertThrows(IllegalArgumentException.class, () -> explanation.withObject(Cases.mask(3, 2, 1)));
    String message =
        assertThrows(NotApplicableException.class, () -> new EnergyInObject().of(explanation))
            .getMessage();
    assertEquals("This measure needs a mask of the object.", message);
  }
}
