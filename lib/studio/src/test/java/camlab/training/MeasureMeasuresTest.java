package camlab.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import camlab.course.Models;
import camlab.drawing.Stamp;
import camlab.evaluation.MeasureTrial;
import camlab.evaluation.MeasureTrial.Line;
import camlab.evaluation.MeasureTrial.Scene;
import camlab.evaluation.MeasureTrial.Trust;
import camlab.heatmap.Heatmap;
import camlab.measure.ConfidenceDrop;
import camlab.measure.EnergyInObject;
import camlab.measure.Measure;
import camlab.measure.Measures;
import camlab.measure.Scale;
import camlab.network.Network;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.LongFunction;
import java.util.stream.Collectors;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.Test;

class MeasureMeasuresTest {

  private static final int PICTURES = 5;

  /** What was asked before the numbers of each picture were written. */
  private static final List<String> ONLY_TOTALS =
      List.of("pixel flipping", "AOPC", "ROAD MoRF", "ROAD LeRF", "ROAD combined", "infidelity");

  private static Heatmap map(Scene scene, MeasureTrial.Planted planted) {
    return planted.byClass().get(scene.classIndex()).apply(scene.view());
  }

  /**
   * Cat and dog by turns; the right map is the soft mask, and what is wrong is wrong as it is
   * called.
   */
  @Test
  void whatIsPlanted() {
    try (Network network = Models.load("alexnet-drawn-pets")) {
      Scene cat = MeasureMeasures.pair(network, 0);
      Scene dog = MeasureMeasures.pair(network, 1);
      assertEquals(List.of(0, 1), List.of(cat.classIndex(), dog.classIndex()));
      assertEquals(MeasureMeasures.soft(cat.object()), map(cat, cat.right()));
      assertEquals(MeasureMeasures.soft(dog.object()), map(dog, dog.right()));
      assertEquals(
          List.of(
              "shifted",
              "blurred",
              "inverted",
              "random",
              "other animal",
              "both animals",
              "whatever the weights"),
          List.copyOf(cat.wrong().keySet()));
      assertEquals(map(cat, cat.right()), map(cat, cat.wrong().get("whatever the weights")));
      assertTrue(cat.right().lot().isPresent());
      cat.wrong()
          .forEach(
              (name, planted) ->
                  assertEquals(
                      name.equals("whatever the weights")
                          ? OptionalLong.empty()
                          : cat.right().lot(),
                      planted.lot(),
                      name));
      Heatmap other = map(cat, cat.wrong().get("other animal"));
      Heatmap both = map(cat, cat.wrong().get("both animals"));
      Heatmap own = map(cat, cat.right());
      assertEquals(both.sum(), own.sum() + other.sum(), both.sum() / 100);
      assertEquals(own.values().length, own.sum() + map(cat, cat.wrong().get("inverted")).sum(), 1);
      Scene stamped = MeasureMeasures.stampedDog(network, 3);
      Heatmap mark = map(stamped, stamped.right());
      assertTrue(
          Arrays.stream(Stamp.values())
              .anyMatch(stamp -> MeasureMeasures.soft(stamp.mask(224, 224)).equals(mark)));
      assertEquals(
          MeasureMeasures.soft(stamped.object()), map(stamped, stamped.wrong().get("the animal")));
    }
  }

  /**
   * The energy on the animal sees a wrong map where the network looks at animals; where it looks at
   * the stamp, the energy prefers the animal, and the drop does not.
   */
  @Test
  void whatTwoMeasuresSee() {
    List<Measure> measures = List.of(new EnergyInObject(), new ConfidenceDrop(Scale.RELATIVE));
    try (Network honest = Models.load("alexnet-drawn-pets");
        Network stamped = Models.load("alexnet-stamped-pets")) {
      Map<String, Trust> animals = trusts(number -> MeasureMeasures.pair(honest, number), measures);
      Map<String, Trust> stamps =
          trusts(number -> MeasureMeasures.stampedDog(stamped, number), measures);
      assertEquals(Trust.TELLS, animals.get("energy: other animal"));
      assertEquals(Trust.TELLS, animals.get("energy: inverted"));
      assertEquals(Trust.MISLEADS, stamps.get("energy: the animal"));
      assertEquals(Trust.TELLS, stamps.get("drop: the animal"));
    }
  }

  /** The rows are of the networks in {@code models/} and of the measures, as they are now. */
  @Test
  void theShippedRowsAreOfTheShippedNetworks() throws IOException {
    try (Network honest = Models.load("alexnet-drawn-pets");
        Network stamped = Models.load("alexnet-stamped-pets")) {
      Map<String, String> networks =
          Map.of("animal", honest.identity(), "stamp", stamped.identity());
      for (CSVRecord row : ShippedRows.of("measures-measured.csv")) {
        assertEquals(networks.get(row.get("world")), row.get("network identity"));
        Measure measure = Measures.named(row.get("measure")).get(0);
        assertEquals(measure.identity(), row.get("measure identity"));
      }
    }
  }

  /**
   * The totals are counted from what was said of each picture, but for measures that take long, of
   * which only totals were kept.
   */
  @Test
  void theShippedTotalsAreThoseOfTheShippedPictures() throws IOException {
    List<List<String>> counted = new ArrayList<>();
    for (String world : List.of("animal", "stamp")) {
      for (Line line :
          MeasureTrial.lines(
              MeasureTrial.readPictureRows(ShippedRows.file("measures-by-picture.csv"), world))) {
        counted.add(
            List.of(
                world,
                line.measure(),
                line.wrong(),
                String.valueOf(line.right()),
                String.valueOf(line.wrongly()),
                String.valueOf(line.equal()),
                String.format(Locale.ROOT, "%.3f", line.low()),
                String.format(Locale.ROOT, "%.3f", line.high()),
                String.valueOf(line.refused()),
                line.trust().name().toLowerCase(Locale.ROOT).replace('_', ' ')));
      }
    }
    List<List<String>> shipped = new ArrayList<>();
    for (CSVRecord row : ShippedRows.of("measures-measured.csv")) {
      if (!ONLY_TOTALS.contains(row.get("measure"))) {
        shipped.add(row.stream().limit(10).toList());
      }
    }
    assertEquals(shipped, counted);
  }

  private static Map<String, Trust> trusts(LongFunction<Scene> world, List<Measure> measures) {
    MeasureTrial trial = new MeasureTrial();
    long number = 0;
    for (int done = 0; done < PICTURES; done++) {
      number = MeasureMeasures.add(trial, measures, world, number);
    }
    return trial.lines().stream()
        .collect(Collectors.toMap(line -> line.measure() + ": " + line.wrong(), Line::trust));
  }
}
