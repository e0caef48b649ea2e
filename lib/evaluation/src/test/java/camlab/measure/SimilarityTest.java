package camlab.measure;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import camlab.heatmap.Heatmap;
import camlab.heatmap.Provenance;
import com.google.gson.JsonObject;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Rank correlation and structural similarity. */
class SimilarityTest {

  private static final double EXACT = 1e-9;

  @Test
  void ranksShareTies() {
    Heatmap map = Cases.map(new float[][] {{5, 1, 5}, {-2, 5, 1}});
    // −2 is first, the two 1 share 2 and 3, the three 5 share 4, 5 and 6.
    assertArrayEquals(new float[] {5, 2.5f, 5, 1, 5, 2.5f}, RankCorrelation.ranks(map).values());
  }

  @Test
  void ranksOfValuesOfAnySign() {
    Heatmap map = Cases.map(new float[] {0, -1e-30f, 3e38f, -2.5f, -0f, 1e-40f, -3e38f});
    // −3e38, −2.5, −1e-30, the two zeros, 1e-40, 3e38.
    assertArrayEquals(new float[] {4.5f, 3, 7, 2, 4.5f, 6, 1}, RankCorrelation.ranks(map).values());
  }

  @Test
  void ofTheSameOrder() {
    Heatmap map = Cases.map(new float[] {1, 2, 3, 4});
    assertEquals(1, RankCorrelation.of(map, Cases.map(new float[] {0, 1, 10, 1000})), EXACT);
    assertEquals(-1, RankCorrelation.of(map, Cases.map(new float[] {9, 4, 1, 0})), EXACT);
    assertEquals(0, RankCorrelation.of(map, Cases.map(new float[] {7, 7, 7, 7})), EXACT);
  }

  /**
   * Without ties ρ = 1 − 6 Σd² / n(n² − 1): differences 1, −1, 2, −1, −1 give 1 − 48/120. With
   * ties, ranks 1, 2.5, 2.5, 4, 5 and 3, 1.5, 1.5, 4.5, 4.5 have covariance 6 and variances 9.5 and
   * 9.
   */
  @Test
  void workedByHand() {
    Heatmap five = Cases.map(new float[] {1, 2, 3, 4, 5});
    assertEquals(0.6, RankCorrelation.of(five, Cases.map(new float[] {2, 1, 5, 3, 4})), EXACT);
    assertEquals(
        6 / Math.sqrt(9.5 * 9),
        RankCorrelation.of(
            Cases.map(new float[] {1, 2, 2, 3, 5}), Cases.map(new float[] {2, 1, 1, 4, 4})),
        EXACT);
  }

  @Test
  void signsCountOrNot() {
    Heatmap map = Cases.map(new float[] {-3, -1, 2, 4});
    Heatmap mirrored = Cases.map(new float[] {3, 1, -2, -4});
    assertEquals(-1, RankCorrelation.of(map, mirrored), EXACT);
    assertEquals(1, RankCorrelation.ofAbsoluteValues(map, mirrored), EXACT);
  }

  @Test
  void similarityAgainstReferenceFigures() {
    JsonObject reference = Reference.read();
    double[] x = Cases.values(14 * 13, 37, 101);
    double[] y = Cases.values(14 * 13, 53, 211);
    assertEquals(
        reference.get("ssim").getAsDouble(), StructuralSimilarity.of(map(x), map(y)), 1e-6);
    Gaussian window = new Gaussian(5, 1.2);
    double[] smooth = window.blur(x, 14, 13);
    assertEquals(
        reference.get("ssim of blurred").getAsDouble(),
        StructuralSimilarity.of(map(smooth), map(window.blur(y, 14, 13))),
        1e-6);
    double[] square = new double[smooth.length];
    for (int i = 0; i < square.length; i++) {
      square[i] = smooth[i] * smooth[i];
    }
    assertEquals(
        reference.get("ssim with its square").getAsDouble(),
        StructuralSimilarity.of(map(smooth), map(square)),
        1e-6);
  }

  @Test
  void similarityOfTheSame() {
    Heatmap map = map(Cases.values(14 * 13, 37, 101));
    assertEquals(1, StructuralSimilarity.of(map, map), EXACT);
    // Constant maps have means only: (2 · 0.2 · 0.6 + C₁) / (0.04 + 0.36 + C₁).
    float[][] dark = new float[12][11];
    float[][] light = new float[12][11];
    for (int row = 0; row < 12; row++) {
      Arrays.fill(dark[row], 0.2f);
      Arrays.fill(light[row], 0.6f);
    }
    assertEquals(0.2401 / 0.4001, StructuralSimilarity.of(Cases.map(dark), Cases.map(light)), 1e-6);
  }

  @Test
  void whatCannotBeCompared() {
    Heatmap map = map(Cases.values(14 * 13, 37, 101));
    assertThrows(
        IllegalArgumentException.class,
        () -> StructuralSimilarity.of(map, Cases.map(new float[13][14])));
    assertThrows(
        IllegalArgumentException.class,
        () -> StructuralSimilarity.of(Cases.map(new float[11][10]), Cases.map(new float[11][10])));
    float[][] large = new float[14][13];
    large[3][3] = 1.5f;
    assertThrows(
        IllegalArgumentException.class, () -> StructuralSimilarity.of(map, Cases.map(large)));
    assertThrows(
        IllegalArgumentException.class,
        () -> RankCorrelation.of(map, Cases.map(new float[13][14])));
  }

  private static Heatmap map(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
    }
    return Heatmap.of(14, 13, floats, new Provenance("test", "", "", Double.NaN));
  }
}
