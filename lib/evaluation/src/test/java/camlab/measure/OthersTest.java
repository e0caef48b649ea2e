package camlab.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;

import camlab.heatmap.Heatmap;
import camlab.measure.Kept.Scaling;
import camlab.picture.Mask;
import camlab.picture.Picture;
import com.google.gson.JsonObject;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

/**
 * The figures of captum, Quantus, torchcam and of the ADCC's authors for the same pictures, maps
 * and network; {@code compare_measures.py} says what they are.
 */
class OthersTest {

  private static final int HEIGHT = 6;
  private static final int WIDTH = 8;
  private static final int CELLS = HEIGHT * WIDTH;

  private static final JsonObject OTHERS = Reference.read("others.json");
  private static final Picture PICTURE = picture(i -> 20 * (i * 7 % 11));
  private static final Heatmap MAP = map(i -> i * 5 % 21 / 20.0);
  private static final Heatmap SIGNED = map(i -> i * 11 % 17 - 6);
  private static final Heatmap DISTINCT = map(i -> (i * 13 % CELLS + 1) / (double) CELLS);

  private static final Confidence SUM =
      views -> views.stream().mapToDouble(OthersTest::probability).toArray();

  private static double weight(int i) {
    return (i * 3 % 13 - 5) / 40.0;
  }

  private static double probability(Picture view) {
    int[] values = Cases.blues(view);
    double score = 0;
    for (int i = 0; i < CELLS; i++) {
      score += weight(i) * values[i] / 255;
    }
    return 1 / (1 + Math.exp(-score));
  }

  /** The network's own map: weight times value. */
  private static Heatmap explain(Picture view) {
    int[] values = Cases.blues(view);
    return map(i -> weight(i) * values[i] / 255);
  }

  private static Picture picture(IntToDoubleFunction value) {
    int[] values = new int[CELLS];
    for (int i = 0; i < CELLS; i++) {
      values[i] = (int) value.applyAsDouble(i);
    }
    return Cases.grey(WIDTH, HEIGHT, values);
  }

  private static Heatmap map(IntToDoubleFunction value) {
    float[] values = new float[CELLS];
    for (int i = 0; i < CELLS; i++) {
      values[i] = (float) value.applyAsDouble(i);
    }
    return Heatmap.of(HEIGHT, WIDTH, values, Cases.map(new float[] {0}).provenance());
  }

  private static Explanation explanation(Heatmap map) {
    BitSet object = new BitSet();
    for (int i = WIDTH; i < CELLS; i++) {
      object.set(i, i % WIDTH < 3);
    }
    return new Explanation(
        PICTURE, map, SUM, Optional.of(Mask.of(WIDTH, HEIGHT, object)), Optional.empty());
  }

  private static double figure(String name) {
    return OTHERS.get(name).getAsDouble();
  }

  @Test
  void theNetworkIsTheSame() {
    assertEquals(figure("probability"), probability(PICTURE), 1e-12);
  }

  /** It adds 10⁻⁷ to every value. */
  @Test
  void sparseness() {
    assertEquals(figure("sparseness"), new Sparseness().of(explanation(SIGNED)), 1e-6);
  }

  @Test
  void relevance() {
    assertEquals(figure("relevance mass"), new RelevanceMass().of(explanation(SIGNED)), 1e-12);
    assertEquals(figure("relevance rank"), new RelevanceRank().of(explanation(DISTINCT)), 1e-12);
  }

  /** Quantus calls it pixel flipping and replaces by black; its curve has no point before that. */
  @Test
  void deletion() {
    double[] expected = Reference.doubles(OTHERS.get("pixel flipping, black, 6 a step"));
    Curve curve = new Deletion(8, Baseline.black(), 1).curve(explanation(DISTINCT));
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], curve.confidences()[i + 1], 1e-6, "after step " + (i + 1));
    }
  }

  @Test
  void entropy() {
    assertEquals(figure("entropy, 7 bins"), EfficientMprt.entropy(SIGNED, 7), 1e-9);
  }

  /** With its squares and its optimal scale, which is above 0 here. */
  @Test
  void infidelity() {
    double whole = probability(PICTURE);
    List<Double> sums = new ArrayList<>();
    List<Double> losses = new ArrayList<>();
    for (int row = 0; row < HEIGHT - 1; row += 2) {
      for (int column = 0; column < WIDTH - 1; column++) {
        int first = row * WIDTH + column;
        Mask square = Cases.mask(WIDTH, HEIGHT, first, first + 1, first + WIDTH, first + WIDTH + 1);
        sums.add(Infidelity.sum(MAP, square));
        Picture without = Perturbation.replaced(PICTURE, square, Baseline.black().of(PICTURE));
        losses.add(whole - probability(without));
      }
    }
    assertEquals(figure("infidelity"), Infidelity.meanSquare(array(sums), array(losses)), 1e-9);
  }

  private static double[] array(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }

  @Test
  void sensitivity() {
    Queue<Double> factors = new ArrayDeque<>(List.of(1.1, 0.8, 1.05));
    Explainer explainer =
        view -> {
          double factor = factors.remove();
          return map(i -> factor * (i * 11 % 17 - 6));
        };
    assertEquals(
        figure("sensitivity"),
        new MaxSensitivity(3, 0.02, 1).of(explanation(SIGNED).by(explainer)),
        1e-6);
  }

  /** It scales a map of 3×4 before it resizes it; 8 bits cost the fourth digit. */
  @Test
  void dropAndIncrease() {
    float[][] rows = new float[3][4];
    for (int i = 0; i < 12; i++) {
      rows[i / 4][i % 4] = (float) ((i / 4 * WIDTH + i % 4) * 5 % 21 / 20.0);
    }
    Explanation coarse = new Explanation(PICTURE, Cases.map(rows), SUM, Optional.empty());
    double[] expected = Reference.doubles(OTHERS.get("drop and increase of a coarse map"));
    Kept kept = Kept.PICTURE.scaled(Scaling.BEFORE_RESIZING);
    assertEquals(expected[0], new ConfidenceDrop(Scale.RELATIVE, kept).of(coarse), 5e-4);
    assertEquals(expected[1], new ConfidenceIncrease(kept).of(coarse));
  }

  @Test
  void coherencyAndAdcc() {
    Explanation explanation = explanation(MAP).by(OthersTest::explain);
    assertEquals(figure("coherency"), new Coherency().of(explanation), 1e-6);
    assertEquals(figure("ADCC"), new Adcc().of(explanation), 1e-6);
  }
}
