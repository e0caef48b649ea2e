package camlab.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;

import camlab.capture.SmallNetworks;
import camlab.heatmap.Heatmap;
import camlab.measure.CascadingRandomization.Step;
import camlab.measure.Kept.Scaling;
import camlab.measure.Road.Order;
import camlab.network.LayeredNetwork;
import camlab.network.Network;
import camlab.picture.Mask;
import camlab.picture.Picture;
import com.google.gson.JsonObject;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

/**
 * The figures of captum, Quantus, grad-cam, torchcam and of the ADCC's authors for the same
 * pictures, maps and network; {@code compare_measures.py} says what they are.
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

  /** Of maps in single precision, and of equations that are solved to 1e-8. */
  private static final double EXACT = 1e-8;

  /** What the other computes in single precision. */
  private static final double SINGLE = 1e-7;

  /** Ours rounds what it fills in to 8 bits. */
  private static final double ROUNDED = 2e-4;

  private static final List<Double> QUARTERS = List.of(0.25, 0.5, 0.75);
  private static final NoisyLinearImputation QUIET = new NoisyLinearImputation(0, 1);

  /** Of the made-up maps, as the network sees pictures, and the layers that it has. */
  private static final int SIDE = 96;

  private static final int LAYERS = 7;

  private static final Confidence SUM =
      views -> views.stream().mapToDouble(OthersTest::probability).toArray();

  private static double weight(int i) {
    return (i * 3 % 13 - 5) / 40.0;
  }

  private static double probability(Picture view) {
    int[] values = Cases.blues(view);
    return probability(i -> values[i] / 255.0);
  }

  private static double probability(IntToDoubleFunction value) {
    double score = 0;
    for (int i = 0; i < CELLS; i++) {
      score += weight(i) * value.applyAsDouble(i);
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

  /**
   * Quantus's order and steps, with the negative given as what pixels become. Its area is one by
   * trapezoids that begins behind the first step, with steps of width 1.
   */
  @Test
  void pixelFlipping() {
    double[] expected = Reference.doubles(OTHERS.get("pixel flipping, negative, 6 a step"));
    PixelFlipping measure = new PixelFlipping(8, 1);
    Curve curve = measure.curve(explanation(DISTINCT));
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], curve.confidences()[i + 1], EXACT, "after step " + (i + 1));
    }
    double first = (figure("probability") + expected[0]) / 2;
    assertEquals((first + figure("area")) / 8, measure.of(explanation(DISTINCT)), EXACT);
  }

  /** Quantus's losses begin behind the first square; with the 0 before them AOPC is their mean. */
  @Test
  void aopc() {
    double[] losses = Reference.doubles(OTHERS.get("losses by squares of 2, black"));
    Aopc measure = new Aopc(2, losses.length, Baseline.black(), 1);
    double[] confidences = measure.curve(explanation(MAP)).confidences();
    assertEquals(losses.length + 1, confidences.length);
    double sum = 0;
    for (int k = 1; k < confidences.length; k++) {
      assertEquals(losses[k - 1], confidences[0] - confidences[k], EXACT, "without " + k);
      sum += losses[k - 1];
    }
    assertEquals(sum / (losses.length + 1), measure.of(explanation(MAP)), EXACT);
  }

  /** What Quantus fills in, and what grad-cam's network makes of what that fills in. */
  @Test
  void filling() {
    double[] filled = filled(0.5);
    double[] expected = Reference.doubles(OTHERS.get("half filled in"));
    for (int i = 0; i < CELLS; i++) {
      assertEquals(expected[i], filled[i], EXACT, "pixel " + i);
    }
    for (double share : QUARTERS) {
      double[] values = filled(share);
      assertEquals(without(share), probability(i -> values[i]), SINGLE);
    }
  }

  private static double without(double share) {
    return figure("ROAD without the highest " + Math.round(100 * share) + " %");
  }

  private static double[] filled(double share) {
    int[] values = Cases.blues(PICTURE);
    double[] shares = new double[CELLS];
    for (int i = 0; i < CELLS; i++) {
      shares[i] = values[i] / 255.0;
    }
    return new LinearFilling(PixelRanking.of(DISTINCT, 1).highest(share)).fill(shares);
  }

  /** Ours rounds what it fills in to 8 bits. */
  @Test
  void road() {
    Road measure = new Road(Order.MOST_RELEVANT_FIRST, QUARTERS, QUIET, 1);
    double[] confidences = measure.curve(explanation(DISTINCT)).confidences();
    double[] right = Reference.doubles(OTHERS.get("right answers against a logit of 0.47"));
    for (int i = 0; i < confidences.length; i++) {
      assertEquals(without(QUARTERS.get(i)), confidences[i], ROUNDED);
      assertEquals(right[i] == 1, confidences[i] > 1 / (1 + Math.exp(-0.47)));
    }
  }

  @Test
  void roadCombined() {
    assertEquals(
        figure("ROAD combined"),
        new RoadCombined(QUARTERS, QUIET, 1).of(explanation(DISTINCT)),
        ROUNDED);
  }

  /**
   * The made-up map of a network with so many random layers, for one copy of the picture; and that
   * of the other class, with one layer more than there are.
   */
  private static Heatmap madeUp(int step, int copy) {
    float[] values = new float[SIDE * SIDE];
    for (int i = 0; i < values.length; i++) {
      int value = (i * (5 + 2 * step) + i / SIDE) % (11 + 4 * step);
      values[i] = (value + copy * (i % 7) + 20 * (i / 500 % 2)) / 64f;
    }
    return Heatmap.of(SIDE, SIDE, values, Cases.map(new float[] {0}).provenance());
  }

  /** Its maps are made up; it is asked once about each network, with one layer more at random. */
  private static final class MadeUp implements Explainer {

    private final Network network;
    private int step = -1;
    private int copy;

    MadeUp(Network network) {
      this.network = network;
    }

    @Override
    public Network network() {
      return network;
    }

    @Override
    public Heatmap of(Picture view) {
      return madeUp(step, copy++);
    }

    @Override
    public int classIndex() {
      return 0;
    }

    @Override
    public Explainer ofClass(int index) {
      assertEquals(1, index);
      return view -> madeUp(LAYERS + 1, 0);
    }

    @Override
    public Explainer on(Network other) {
      step++;
      copy = 0;
      return this;
    }
  }

  private static Explanation madeUp(Network network) {
    return new Explanation(
            network.preprocessing().view(SmallNetworks.picture(1)),
            madeUp(0, 0),
            SUM,
            Optional.empty())
        .by(new MadeUp(network));
  }

  /** Quantus's model parameter randomisation test, with its correlation and with a similarity. */
  @Test
  void randomization() {
    try (LayeredNetwork network = SmallNetworks.alexNet()) {
      MadeUp explainer = new MadeUp(network);
      List<Step> steps =
          CascadingRandomization.ofAllLayers(network, 1)
              .run(network, other -> List.of(explainer.on(other).of(PICTURE)));
      double[] correlations = Reference.doubles(OTHERS.get("rank correlations"));
      double[] similarities = Reference.doubles(OTHERS.get("similarities"));
      assertEquals(correlations.length, 1 + steps.size());
      for (int i = 0; i < steps.size(); i++) {
        assertEquals(correlations[i + 1], steps.get(i).rankCorrelation(), EXACT);
        assertEquals(similarities[i + 1], steps.get(i).similarity(), EXACT);
      }
    }
  }

  /**
   * Quantus's mean counts the trained network's likeness to itself, which is 1; and its last copy
   * of a picture is without noise.
   */
  @Test
  void smoothMprt() {
    double[] similarities = Reference.doubles(OTHERS.get("similarities of means"));
    assertEquals(1, similarities[0], EXACT);
    double sum = Arrays.stream(similarities).sum();
    assertEquals(figure("their mean"), sum / (LAYERS + 1), EXACT);
    try (LayeredNetwork network = SmallNetworks.alexNet()) {
      assertEquals((sum - 1) / LAYERS, new SmoothMprt(3, 0.1, 1).of(madeUp(network)), EXACT);
    }
  }

  @Test
  void efficientMprt() {
    try (LayeredNetwork network = SmallNetworks.alexNet()) {
      assertEquals(
          figure("rise of entropy, 100 bins"),
          new EfficientMprt(100, 1).of(madeUp(network)),
          EXACT);
    }
  }

  /** Quantus, given a similarity of maps with rows. */
  @Test
  void randomLogit() {
    try (LayeredNetwork network = SmallNetworks.alexNet()) {
      assertEquals(figure("random logit"), new RandomLogit(1).of(madeUp(network)), EXACT);
    }
  }

  /** Its own similarity is of the flattened maps, through an even window of 7 values. */
  @Test
  void randomLogitFlattened() {
    Heatmap own = madeUp(0, 0);
    Heatmap other = madeUp(LAYERS + 1, 0);
    float[] x = own.values();
    float[] y = other.values();
    double range = Math.max(own.max(), other.max()) - Math.min(own.min(), other.min());
    double sum = 0;
    int windows = x.length - 6;
    for (int i = 0; i < windows; i++) {
      double meanX = mean(x, x, i, false);
      double meanY = mean(y, y, i, false);
      double varianceX = (mean(x, x, i, true) - meanX * meanX) * 7 / 6;
      double varianceY = (mean(y, y, i, true) - meanY * meanY) * 7 / 6;
      double covariance = (mean(x, y, i, true) - meanX * meanY) * 7 / 6;
      double c1 = Math.pow(0.01 * range, 2);
      double c2 = Math.pow(0.03 * range, 2);
      sum +=
          (2 * meanX * meanY + c1)
              * (2 * covariance + c2)
              / ((meanX * meanX + meanY * meanY + c1) * (varianceX + varianceY + c2));
    }
    assertEquals(figure("random logit, flattened"), sum / windows, EXACT);
  }

  /** The mean of seven values, or of their products. */
  private static double mean(float[] x, float[] y, int from, boolean product) {
    double sum = 0;
    for (int i = from; i < from + 7; i++) {
      sum += product ? (double) x[i] * y[i] : x[i];
    }
    return sum / 7;
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
