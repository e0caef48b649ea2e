package camlab.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import camlab.measure.Road.Order;
import camlab.network.UnknownNameException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class MeasureIdentityTest {

  /** Numbers are kept under these lines: a line that changes loses the numbers of its measure. */
  @Test
  void theIdentitiesStayAsTheyAre() {
    assertEquals(
        List.of(
            "ConfidenceDrop(scale=RELATIVE)",
            "ConfidenceIncrease()",
            "ConfidenceGain(scale=RELATIVE)",
            "ConfidenceAfterRemoval(baseline=Colour(name='black', rgb=0), scale=ABSOLUTE, seed=1, share=0.25)",
            "Deletion(baseline=Colour(name='zero', rgb=8156264), seed=1, steps=28)",
            "Insertion(baseline=Blurred(window=Gaussian(sigma=5.0, size=11)), seed=1, steps=28)",
            "PixelFlipping(seed=1, steps=28)",
            "Aopc(baseline=Noise(seed=1), regions=100, seed=1, side=9)",
            "Road(imputation=NoisyLinearImputation(noise=0.01, seed=1), order=MOST_RELEVANT_FIRST, seed=1, shares=[0.1, 0.3, 0.5, 0.7, 0.9])",
            "Road(imputation=NoisyLinearImputation(noise=0.01, seed=1), order=LEAST_RELEVANT_FIRST, seed=1, shares=[0.1, 0.3, 0.5, 0.7, 0.9])",
            "RoadCombined(imputation=NoisyLinearImputation(noise=0.01, seed=1), seed=1, shares=[0.1, 0.3, 0.5, 0.7, 0.9])",
            "Infidelity(baseline=MeanColour(), seed=1, side=0.25, squares=64)",
            "PointingGame(ties=SHARED, tolerance=15)",
            "EnergyInObject()",
            "RelevanceMass()",
            "RelevanceRank(seed=1)",
            "IntersectionOverUnion(threshold=0.2)",
            "Coherency(kept=Kept(baseline=Colour(name='black', rgb=0), scaling=AFTER_RESIZING, seed=1, share=1.0))",
            "Adcc(kept=Kept(baseline=Colour(name='black', rgb=0), scaling=AFTER_RESIZING, seed=1, share=1.0))",
            "MaxSensitivity(copies=10, radius=0.02, seed=1)",
            "RandomLogit(seed=1)",
            "SmoothMprt(copies=10, deviation=0.1, seed=1)",
            "EfficientMprt(bins=100, seed=1)",
            "Complexity()",
            "Sparseness()"),
        Measures.all().stream().map(Measure::identity).toList());
    // The colour that ImageNet's preprocessing turns to zero: 0.485, 0.456 and 0.406 of 255.
    assertEquals(8156264, 124 << 16 | 116 << 8 | 104);
  }

  /** A scale that is null would be the relative one, an order the one from the lowest up. */
  @Test
  void noPartOfAMeasureIsNull() {
    Baseline black = Baseline.black();
    List<Double> shares = List.of(0.2, 0.4);
    for (Executable made :
        List.<Executable>of(
            () -> new Adcc(null),
            () -> new Aopc(1, 1, null, 1),
            () -> new Coherency(null),
            () -> new ConfidenceAfterRemoval(0.5, null, Scale.ABSOLUTE, 1),
            () -> new ConfidenceAfterRemoval(0.5, black, null, 1),
            () -> new ConfidenceDrop(null),
            () -> new ConfidenceDrop(Scale.ABSOLUTE, null),
            () -> new ConfidenceGain(null),
            () -> new ConfidenceGain(Scale.ABSOLUTE, null),
            () -> new ConfidenceIncrease(null),
            () -> new Deletion(1, null, 1),
            () -> new Insertion(1, null, 1),
            () -> new Infidelity(1, 0.5, null, 1),
            () -> new Kept(null, 1, Kept.Scaling.AFTER_RESIZING, 1),
            () -> new Kept(black, 1, null, 1),
            () -> new PointingGame(1, true, null),
            () -> new Road(null),
            () -> new Road(Road.Order.MOST_RELEVANT_FIRST, shares, null, 1),
            () -> new RoadCombined(shares, null, 1))) {
      assertThrows(NullPointerException.class, made);
    }
    assertEquals(
        "Expected the name of a measure, found null.",
        assertThrows(NullPointerException.class, () -> Measures.named("deletion", null))
            .getMessage());
  }

  @Test
  void theHarmonicMeanIsOfShares() {
    for (double wrong : new double[] {-0.1, 1.1, Double.NaN}) {
      assertThrows(IllegalArgumentException.class, () -> Adcc.harmonicMean(wrong, 0.5, 0.5));
      assertThrows(IllegalArgumentException.class, () -> Adcc.harmonicMean(0.5, wrong, 0.5));
      assertThrows(IllegalArgumentException.class, () -> Adcc.harmonicMean(0.5, 0.5, wrong));
    }
  }

  @Test
  void measuresHaveNamesOfTheirOwn() {
    List<String> names = Measures.all().stream().map(Measure::name).toList();
    assertEquals(names.size(), names.stream().distinct().count());
    assertEquals(
        List.of(new Complexity(), new Deletion()), Measures.named("complexity", "deletion"));
    String message =
        assertThrows(UnknownNameException.class, () -> Measures.named("deletoin")).getMessage();
    assertTrue(message.contains("deletion"), message);
    String second =
        assertThrows(IllegalArgumentException.class, () -> Measures.named("data randomisation"))
            .getMessage();
    assertTrue(second.contains("Measures.dependence(shuffled)"), second);
  }

  @Test
  void whatIsNestedCounts() {
    assertNotEquals(
        new Road(Order.MOST_RELEVANT_FIRST).identity(),
        new Road(
                Order.MOST_RELEVANT_FIRST,
                List.of(0.1, 0.3, 0.5, 0.7, 0.9),
                new NoisyLinearImputation(0.01, 2),
                1)
            .identity());
    assertEquals(
        "Deletion(baseline=MeanColour(), seed=1, steps=3)",
        new Deletion(3, Baseline.meanColour(), 1).identity());
  }
}
