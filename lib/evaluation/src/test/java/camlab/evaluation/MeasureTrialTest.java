package camlab.evaluation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import camlab.capture.SmallNetworks;
import camlab.evaluation.MeasureTrial.Line;
import camlab.evaluation.MeasureTrial.Planted;
import camlab.evaluation.MeasureTrial.Row;
import camlab.evaluation.MeasureTrial.Scene;
import camlab.evaluation.MeasureTrial.Trust;
import camlab.heatmap.Heatmap;
import camlab.measure.CascadingRandomization;
import camlab.measure.Coherency;
import camlab.measure.Complexity;
import camlab.measure.EnergyInObject;
import camlab.measure.Explanation;
import camlab.measure.MaxSensitivity;
import camlab.measure.Measure;
import camlab.measure.RandomLogit;
import camlab.measure.SmoothMprt;
import camlab.measure.StructuralSimilarity;
import camlab.network.LayeredNetwork;
import camlab.network.NotApplicableException;
import camlab.picture.Mask;
import camlab.picture.Picture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The trial in small, and its maps by hand. */
class MeasureTrialTest {

  private static Mask mask(int width, int height, int... pixels) {
    BitSet bits = new BitSet();
    for (int pixel : pixels) {
      bits.set(pixel);
    }
    return Mask.of(width, height, bits);
  }

  @Test
  void plantedMaps() {
    Mask left = mask(4, 1, 0, 1);
    assertArrayEquals(new float[] {1, 1, 0, 0}, PlantedMaps.of(left).values());
    assertArrayEquals(
        new float[] {0, 0, 1, 1}, PlantedMaps.inverted(PlantedMaps.of(left)).values());
    // The mask is in the left half, so it goes right; that at the right end goes left.
    assertEquals(mask(4, 1, 1, 2), PlantedMaps.shifted(left, 0.25));
    assertEquals(mask(4, 1, 3), PlantedMaps.shifted(left, 0.75));
    assertEquals(mask(4, 1, 1), PlantedMaps.shifted(mask(4, 1, 3), 0.5));
    float[] blurred = PlantedMaps.blurred(mask(9, 1, 4), 1).values();
    // The weight in the middle of e^(−x²/2) over −3 … 3.
    double sum = 1 + 2 * (Math.exp(-0.5) + Math.exp(-2) + Math.exp(-4.5));
    assertEquals(1 / sum, blurred[4], 0.5 / 255);
    assertEquals(Math.exp(-0.5) / sum, blurred[3], 0.5 / 255);
    assertEquals(0, blurred[0]);
    float[] soft = PlantedMaps.soft(mask(9, 1, 4), 1).values();
    assertEquals((1 + blurred[4]) / 2, soft[4], 1e-6);
    assertEquals(blurred[3] / 2, soft[3], 1e-6);
    assertEquals(PlantedMaps.random(3), PlantedMaps.random(3));
    assertTrue(PlantedMaps.random(3).maxDifference(PlantedMaps.random(4)) > 0.1);
  }

  /** Of n of n the lower end is n / (n + 1.96²); of 5 of 10 it is [0.237, 0.763]. */
  @Test
  void intervals() {
    assertArrayEquals(
        new double[] {10 / (10 + 1.959964 * 1.959964), 1}, MeasureTrial.interval(10, 10), 1e-6);
    assertArrayEquals(new double[] {0.2365931, 0.7634069}, MeasureTrial.interval(5, 10), 1e-6);
    assertArrayEquals(new double[] {0, 1}, MeasureTrial.interval(0, 0), 0);
  }

  private static final int SIDE = 96;

  /** A square of a quarter of the picture, in one of its corners. */
  private static Mask square(int row, int column) {
    BitSet bits = new BitSet();
    for (int r = row; r < row + SIDE / 2; r++) {
      bits.set(r * SIDE + column, r * SIDE + column + SIDE / 2);
    }
    return Mask.of(SIDE, SIDE, bits);
  }

  private static Planted fixed(Heatmap cat, Heatmap dog) {
    return Planted.fixed(List.of(cat, dog));
  }

  private static Scene scene(LayeredNetwork network, int seed) {
    Mask cat = square(0, 0);
    Mask dog = square(SIDE / 2, SIDE / 2);
    Picture view = network.preprocessing().view(SmallNetworks.picture(seed));
    Map<String, Planted> wrong = new LinkedHashMap<>();
    wrong.put("other animal", fixed(PlantedMaps.of(dog), PlantedMaps.of(cat)));
    Heatmap both = PlantedMaps.of(Mask.union(List.of(cat, dog)));
    wrong.put("both", fixed(both, both));
    wrong.put(
        "random",
        new Planted(
            List.of(
                each -> PlantedMaps.random(each.hashCode()),
                each -> PlantedMaps.random(each.hashCode()))));
    return new Scene(view, network, 0, cat, fixed(PlantedMaps.of(cat), PlantedMaps.of(dog)), wrong);
  }

  /**
   * Energy sees all three. Complexity sees only that both are more than one, and that a random map
   * lights half. Random logit sees that one map for both classes is no map of a class. A fixed map
   * is coherent, whatever it shows. All stay as they are whatever the weights, and to smooth MPRT
   * are the same. What gives no number is not asked.
   */
  @Test
  void whatEachMeasureSees() {
    MeasureTrial trial = new MeasureTrial();
    List<Measure> measures =
        List.of(
            new EnergyInObject(),
            new Complexity(),
            new RandomLogit(),
            new Coherency(),
            new SmoothMprt(2, 0.1, 1),
            new Refusing());
    try (LayeredNetwork network = SmallNetworks.alexNet()) {
      for (int i = 0; i < 6; i++) {
        trial.add(scene(network, i), measures);
      }
    }
    List<Line> lines = trial.lines();
    assertEquals(18, lines.size());
    String identity = identity();
    assertEquals(
        "small,energy,other animal,6,0,0,0.610,1.000,0,tells,\"%s\",EnergyInObject()"
            .formatted(identity),
        trial.rows("small").get(0));
    assertEquals(
        List.of(
            Trust.TELLS,
            Trust.TELLS,
            Trust.TELLS, // energy
            Trust.BLIND,
            Trust.TELLS,
            Trust.TELLS, // complexity
            Trust.BLIND,
            Trust.TELLS,
            Trust.TELLS, // random logit
            Trust.BLIND,
            Trust.BLIND,
            Trust.TELLS, // coherency
            Trust.BLIND,
            Trust.BLIND,
            Trust.BLIND, // smooth MPRT
            Trust.NOT_ASKED,
            Trust.NOT_ASKED,
            Trust.NOT_ASKED),
        lines.stream().map(Line::trust).toList());
    Line tie = lines.get(3);
    assertEquals("complexity", tie.measure());
    assertEquals("other animal", tie.wrong());
    assertEquals(List.of(0, 0, 6), List.of(tie.right(), tie.wrongly(), tie.equal()));
    assertEquals(6, lines.get(12).equal());
    assertEquals(6, lines.get(15).refused());
    assertEquals(Optional.of("Never."), lines.get(15).reason());
  }

  private record Refusing() implements Measure {
    @Override
    public String name() {
      return "refusing";
    }

    @Override
    public boolean higherIsBetter() {
      return true;
    }

    @Override
    public double of(Explanation explanation) {
      throw new NotApplicableException("Never.");
    }
  }

  private static Scene withWeights(LayeredNetwork network, Planted right, Planted wrong) {
    return new Scene(
        network.preprocessing().view(SmallNetworks.picture(1)),
        network,
        1,
        square(0, 0),
        right,
        Map.of("wrong", wrong));
  }

  /**
   * The mean over the cascade of the similarity of the dog's map and of numbers by lot, which are
   * others of other weights; a map that stays resembles itself by 1.
   */
  @Test
  void otherWeights() {
    Heatmap cat = PlantedMaps.of(square(0, 0));
    Heatmap dog = PlantedMaps.of(square(SIDE / 2, SIDE / 2));
    MeasureTrial trial = new MeasureTrial();
    double sum = 0;
    Set<Long> seeds = new HashSet<>();
    try (LayeredNetwork network = SmallNetworks.alexNet()) {
      CascadingRandomization cascade = CascadingRandomization.ofAllLayers(network, 5);
      List<String> layers = cascade.layers();
      for (int replaced = 1; replaced <= layers.size(); replaced++) {
        try (LayeredNetwork other =
            new CascadingRandomization(layers.subList(0, replaced), 5).allReplaced(network)) {
          long seed = 31L * 7 + other.identity().hashCode();
          seeds.add(seed);
          sum +=
              StructuralSimilarity.of(
                  dog, PlantedMaps.random(seed).resized(SIDE, SIDE).normalized());
        }
      }
      assertEquals(layers.size(), seeds.size());
      trial.add(
          withWeights(network, fixed(cat, dog).byLotOnOtherWeights(7), fixed(cat, dog)),
          List.of(new SmoothMprt(1, 0, 5)));
      Row row = trial.pictureRows().get(0);
      assertEquals(sum / layers.size(), row.ofRight().orElseThrow(), 1e-6);
      assertEquals(1, row.ofWrong().orElseThrow(), 1e-9);
      assertEquals(1, trial.lines().get(0).right());
      assertThrows(
          NullPointerException.class, () -> new Planted(List.of(), null), "a lot or none at all");
    }
  }

  /**
   * Two are right, one wrong (where less is better), and one is equal but for rounding, which is
   * 1e-6; the fifth has no number. Of 2 of 4 Wilson's interval is [0.150, 0.850].
   */
  @Test
  void linesAreCountedFromRows() {
    List<Row> rows =
        List.of(
            row(0, 0.1, 0.2),
            row(1, 0.2, 0.2 + 1e-5),
            row(2, 0.5, 0.2),
            row(3, 0.2, 0.2 + 1e-7),
            new Row(
                4,
                "m",
                false,
                "w",
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                Optional.of("a reason, with a comma")));
    Line line = MeasureTrial.lines(rows).get(0);
    assertEquals(
        List.of(2, 1, 1, 1), List.of(line.right(), line.wrongly(), line.equal(), line.refused()));
    assertEquals(Optional.of("a reason, with a comma"), line.reason());
    assertEquals(0.150, line.low(), 5e-4);
    assertEquals(0.850, line.high(), 5e-4);
  }

  private static Row row(int picture, double ofRight, double ofWrong) {
    return new Row(
        picture,
        "m",
        false,
        "w",
        OptionalDouble.of(ofRight),
        OptionalDouble.of(ofWrong),
        Optional.empty());
  }

  /** To the last digit, and those of its world only. */
  @Test
  void rowsAreReadAsTheyWereWritten(@TempDir Path folder) throws IOException {
    MeasureTrial trial = new MeasureTrial();
    try (LayeredNetwork network = SmallNetworks.alexNet()) {
      trial.add(scene(network, 0), List.of(new EnergyInObject(), new Complexity(), new Refusing()));
      trial.add(scene(network, 1), List.of(new EnergyInObject(), new Complexity(), new Refusing()));
    }
    List<String> written = new ArrayList<>();
    written.add(MeasureTrial.pictureHead());
    written.addAll(trial.pictureCsv("small"));
    written.addAll(trial.pictureCsv("other"));
    Path file = Files.write(folder.resolve("rows.csv"), written);
    List<Row> read = MeasureTrial.readPictureRows(file, "small");
    assertEquals(18, read.size());
    assertEquals(1, read.get(17).picture());
    assertEquals(trial.pictureRows(), read);
    assertEquals(trial.lines(), MeasureTrial.lines(read));
    Path totals = Files.writeString(folder.resolve("totals.csv"), MeasureTrial.head() + "\n");
    String message =
        assertThrows(
                IllegalArgumentException.class, () -> MeasureTrial.readPictureRows(totals, "small"))
            .getMessage();
    assertTrue(message.contains("totals.csv") && message.contains("measure-measures"), message);
  }

  private static String identity() {
    try (LayeredNetwork network = SmallNetworks.alexNet()) {
      return network.identity();
    }
  }

  /** A row names one measure, so one with other settings is refused. */
  @Test
  void oneNameOneMeasure() {
    MeasureTrial trial = new MeasureTrial();
    try (LayeredNetwork network = SmallNetworks.alexNet()) {
      Scene scene = scene(network, 0);
      trial.add(scene, List.of(new MaxSensitivity()));
      List<Measure> other = List.of(new MaxSensitivity(2, 0.1, 1));
      String message =
          assertThrows(IllegalArgumentException.class, () -> trial.add(scene, other)).getMessage();
      assertTrue(message.contains("copies=10") && message.contains("copies=2"), message);
    }
  }

  /** With the object where the wrong map lies, the energy misleads. */
  @Test
  void misled() {
    MeasureTrial trial = new MeasureTrial();
    try (LayeredNetwork network = SmallNetworks.alexNet()) {
      for (int i = 0; i < 6; i++) {
        Scene honest = scene(network, i);
        trial.add(
            new Scene(
                honest.view(),
                network,
                0,
                square(SIDE / 2, SIDE / 2),
                honest.right(),
                honest.wrong()),
            List.of(new EnergyInObject()));
      }
    }
    Line line = trial.lines().get(0);
    assertEquals(List.of(0, 6, 0), List.of(line.right(), line.wrongly(), line.equal()));
    assertEquals(Trust.MISLEADS, line.trust());
    assertEquals(0, line.share());
  }
}
