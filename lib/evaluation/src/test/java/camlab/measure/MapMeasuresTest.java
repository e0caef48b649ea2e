package camlab.measure;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import camlab.network.NotApplicableException;
import camlab.picture.Picture;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Measures of the map, the picture and the mask, worked out by hand. */
class MapMeasuresTest {

  private static final double EXACT = 1e-12;

  /** From the highest down: 50, 200, 100, 50. */
  private static final Explanation EXPLANATION = Cases.of(new float[][] {{3, 2}, {9, 1}});

  /** |−3| of 3 + 1 + 2; of the positive ones nothing. */
  @Test
  void relevanceMass() {
    Explanation explanation =
        Cases.of(new float[][] {{-3, 1}, {2, 0}}).withObject(Cases.mask(2, 2, 0));
    assertEquals(0.5, new RelevanceMass().of(explanation), EXACT);
    assertEquals(0, new EnergyInObject().of(explanation));
    Explanation nothing = Cases.of(new float[][] {{0, 0}, {0, 0}}).withObject(Cases.mask(2, 2, 0));
    assertEquals(0, new RelevanceMass().of(nothing));
  }

  /** Of an object of two pixels, one is among the two highest. */
  @Test
  void relevanceRank() {
    Explanation explanation =
        Cases.of(new float[][] {{4, 1}, {3, 2}}).withObject(Cases.mask(2, 2, 0, 1));
    assertEquals(0.5, new RelevanceRank().of(explanation), EXACT);
    assertEquals(1, new RelevanceRank().of(explanation.withObject(Cases.mask(2, 2, 0, 2))));
    assertEquals(0, new RelevanceRank().of(explanation.withObject(Cases.mask(2, 2, 1, 3))));
    assertEquals(
        "Of this object no pixel is left in what the network sees. Take a picture that shows it there, or leave the object out.",
        assertThrows(
                NotApplicableException.class,
                () -> new RelevanceRank().of(explanation.withObject(Cases.mask(2, 2))))
            .getMessage());
    assertEquals(
        0.75, new EnergyInObject().ofEvenMap(explanation.map(), Cases.mask(2, 2, 0, 1, 3)));
  }

  /** 1, 2, 3, 4: (−3 · 1 − 1 · 2 + 1 · 3 + 3 · 4) / (4 · 10). */
  @Test
  void sparseness() {
    Measure sparseness = new Sparseness();
    assertEquals(0.25, sparseness.of(Cases.of(new float[][] {{1, 2}, {3, -4}})), EXACT);
    assertEquals(0.75, sparseness.of(Cases.of(new float[][] {{0, 2}, {0, 0}})), EXACT);
    assertEquals(0, sparseness.of(Cases.of(new float[][] {{5, 5}, {5, 5}})), EXACT);
    assertEquals(0, sparseness.of(Cases.of(new float[][] {{0, 0}, {0, 0}})));
  }

  /** 50 → 205, 200 → 55, 100 → 155, 50 → 205: 400, 555, 410, 465, 620 of 400. */
  @Test
  void pixelFlipping() {
    PixelFlipping flipping = new PixelFlipping(4, 1);
    assertArrayEquals(
        new double[] {1, 1.3875, 1.025, 1.1625, 1.55},
        flipping.curve(EXPLANATION).confidences(),
        EXACT);
    assertEquals((0.5 + 1.3875 + 1.025 + 1.1625 + 0.775) / 4, flipping.of(EXPLANATION), EXACT);
  }

  /** Without 50, then without 200: losses of 0, 50 and 250 of 400. */
  @Test
  void areaOverTheCurve() {
    Aopc aopc = new Aopc(1, 2, Baseline.black(), 1);
    assertEquals((0.125 + 0.625) / 3, aopc.of(EXPLANATION), EXACT);
    // More squares than there are: all four go.
    assertEquals(
        (0.125 + 0.625 + 0.875 + 1) / 5,
        new Aopc(1, 9, Baseline.black(), 1).of(EXPLANATION),
        EXACT);
  }

  /**
   * Three columns in squares of two: the left square has the mean (8 + 0 + 0 + 0) / 4, the rest at
   * the right edge (3 + 3) / 2, so the rest goes first.
   */
  @Test
  void squaresAreOrderedByTheirMeans() {
    Picture view = Cases.grey(3, 2, 10, 20, 30, 40, 50, 60);
    Explanation explanation =
        new Explanation(
            view, Cases.map(new float[][] {{8, 0, 3}, {0, 0, 3}}), Cases.LIGHT, Optional.empty());
    List<Picture> pictures = new Aopc(2, 5, Baseline.black(), 1).pictures(explanation);
    assertEquals(3, pictures.size());
    assertArrayEquals(new int[] {10, 20, 0, 40, 50, 0}, Cases.blues(pictures.get(1)));
    assertArrayEquals(new int[] {0, 0, 0, 0, 0, 0}, Cases.blues(pictures.get(2)));
  }

  /** (LeRF − MoRF) / 2 of the figures in {@link RoadTest}. */
  @Test
  void roadCombined() {
    Explanation explanation = Cases.of(new float[][] {{4, 3}, {2, 1}});
    RoadCombined combined =
        new RoadCombined(List.of(0.25, 0.5), new NoisyLinearImputation(0, 1), 1);
    assertEquals((1.3125 - 0.5875) / 2, combined.of(explanation), EXACT);
  }

  /** What is removed is the light, and the map is the light: nothing is left unexplained. */
  @Test
  void infidelityOfATrueMap() {
    Infidelity single = new Infidelity(20, 0.5, Baseline.black(), 1);
    assertEquals(0, single.of(Cases.of(new float[][] {{20, 10}, {5, 5}})), 1e-12);
  }

  /**
   * Of single pixels v with a map m: s = m, d = v / 400; β = Σ s d / Σ s². The squares are those
   * that the measure tells.
   */
  @Test
  void infidelityOfAnyMap() {
    Infidelity single = new Infidelity(20, 0.5, Baseline.black(), 3);
    float[][] rows = {{1, 2}, {0, 3}};
    Explanation explanation = Cases.of(rows);
    double[] s = new double[20];
    double[] d = new double[20];
    double both = 0;
    double square = 0;
    for (int i = 0; i < 20; i++) {
      java.awt.Rectangle box = single.masks(Cases.GREYS).get(i).box();
      assertEquals(1, box.width * box.height);
      s[i] = rows[box.y][box.x];
      d[i] = new double[][] {{0.5, 0.25}, {0.125, 0.125}}[box.y][box.x];
      both += s[i] * d[i];
      square += s[i] * s[i];
    }
    double expected = 0;
    double nothing = 0;
    for (int i = 0; i < 20; i++) {
      expected += Math.pow(both / square * s[i] - d[i], 2) / 20;
      nothing += d[i] * d[i] / 20;
    }
    assertEquals(expected, single.of(explanation), EXACT);
    // Upside down it foretells nothing: no scale above 0 helps.
    assertEquals(nothing, single.of(Cases.of(new float[][] {{-1, -2}, {0, -3}})), EXACT);
    assertEquals(nothing, single.of(Cases.of(new float[][] {{0, 0}, {0, 0}})), EXACT);
  }

  @Test
  void settingsAreChecked() {
    assertThrows(IllegalArgumentException.class, () -> new Aopc(0, 1, Baseline.black(), 1));
    assertThrows(IllegalArgumentException.class, () -> new Aopc(1, 0, Baseline.black(), 1));
    assertThrows(IllegalArgumentException.class, () -> new Infidelity(0, 1, Baseline.black(), 1));
    assertThrows(IllegalArgumentException.class, () -> new Infidelity(1, 2, Baseline.black(), 1));
    assertThrows(IllegalArgumentException.class, () -> new PixelFlipping(0, 1));
    assertThrows(
        IllegalArgumentException.class,
        () -> new RoadCombined(List.of(1.5, 0.2), new NoisyLinearImputation(), 1));
  }
}
