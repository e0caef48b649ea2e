package camlab.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import camlab.cam.CamMethod;
import camlab.cam.GradCam;
import camlab.cam.LayerMethod;
import camlab.capture.SmallNetworks;
import camlab.capture.Target;
import camlab.evaluation.LabelledAnswers.Labelled;
import camlab.evaluation.MapVerdict.Side;
import camlab.heatmap.Heatmap;
import camlab.heatmap.Provenance;
import camlab.measure.RankCorrelation;
import camlab.network.Classes;
import camlab.network.Fact;
import camlab.network.LayeredNetwork;
import camlab.network.Meaning;
import camlab.network.NotApplicableException;
import camlab.picture.Mask;
import camlab.picture.Picture;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

/** The numbers of a report. */
class MapExaminationTest {

  private static final Provenance BY_HAND = new Provenance("by hand", "", "", Double.NaN);

  /** Cells of 4×4 pixels, each of one value. */
  private static Heatmap ofCells(float[] cells) {
    float[] values = new float[28 * 28];
    for (int i = 0; i < values.length; i++) {
      values[i] = cells[i / 28 / 4 * 7 + i % 28 / 4];
    }
    return Heatmap.of(28, 28, values, BY_HAND);
  }

  @Test
  void cells() {
    float[] cells = new float[49];
    Arrays.setAll(new double[49], i -> cells[i] = i * i % 11);
    assertEquals(
        0, MapExamination.cells(ofCells(cells)).maxDifference(Heatmap.of(7, 7, cells, BY_HAND)));
  }

  /** Covering takes 1 at cells 0 to 11, −5 elsewhere; of that the map is highest at 2 to 11. */
  @Test
  void whatTheMapFinds() {
    float[] falls = new float[49];
    float[] map = new float[49];
    for (int i = 0; i < 49; i++) {
      falls[i] = i < 12 ? 1 : -5;
      map[i] = i >= 2 && i < 12 ? 3 : i / 100f;
    }
    assertEquals(10 / 12.0, MapExamination.found(ofCells(map), ofCells(falls)), 1e-6);
    float[] none = new float[49];
    assertEquals(0, MapExamination.found(ofCells(map), ofCells(none)));
  }

  /** The same cells, none lost; two rows and columns are left over and stay where they are. */
  @Test
  void scrambled() {
    int side = 16;
    int[] rgb = new int[side * side];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = i;
    }
    Picture view = Picture.of(side, side, rgb);
    Picture other = MapExamination.scrambled(view, 1);
    assertNotEquals(view, other);
    assertNotEquals(other, MapExamination.scrambled(view, 2));
    BitSet seen = new BitSet();
    for (int row = 0; row < side; row++) {
      for (int column = 0; column < side; column++) {
        int value = other.rgb(row, column) & 0xFFFFFF;
        seen.set(value);
        if (row >= 14 || column >= 14) {
          assertEquals(row * side + column, value);
        }
      }
    }
    assertEquals(side * side, seen.cardinality());
    // A cell moves as a whole.
    assertEquals((other.rgb(0, 0) & 0xFFFFFF) + side + 1, other.rgb(1, 1) & 0xFFFFFF);
  }

  private static Mask upperHalf() {
    BitSet bits = new BitSet();
    bits.set(0, 60 * 25);
    return Mask.of(60, 50, bits);
  }

  /** Of a real network: numbers that can be had in another way are those. */
  @Test
  void report() {
    Picture picture = SmallNetworks.picture(3);
    try (LayeredNetwork network = SmallNetworks.alexNet(Classes.independent("cat", "dog"))) {
      String layer = "features.8";
      CamMethod noClass =
          CamMethod.of("no class", (A, g) -> LayerMethod.sumOverChannels(A)); // the same for each
      MapExamination examination =
          new MapExamination(noClass, List.of(new GradCam()), Optional.of(layer), Optional.empty());
      MapReport report = examination.of(network, picture, "dog", Optional.of(upperHalf()));
      MapEvidence evidence = report.evidence();
      assertEquals("dog", report.className());
      assertEquals(Meaning.INDEPENDENT, report.meaning());
      double probability =
          network.predict(picture).stream()
              .filter(said -> said.name().equals("dog"))
              .findFirst()
              .orElseThrow()
              .probability();
      assertEquals(OptionalDouble.of(probability), report.confidence());
      assertEquals(probability < 0.5, evidence.denied());
      assertEquals(Fact.Origin.STATED, report.hookPoint().origin());
      assertEquals(1, evidence.otherClass().orElseThrow(), 1e-9);
      Heatmap gradCam = new GradCam().heatmap(network, picture, layer, Target.of("dog"));
      assertEquals(
          Map.of(
              "Grad-CAM",
              RankCorrelation.of(
                  MapExamination.cells(report.map()), MapExamination.cells(gradCam))),
          evidence.agreement());
      assertEquals(
          List.of("no class", "Grad-CAM", MapEvidence.COVERING),
          List.copyOf(evidence.inside().keySet()));
      assertTrue(report.verdict().side() == Side.METHOD || report.verdict().side() == Side.NETWORK);
      assertTrue(report.toString().contains("does not depend on the class"));
    }
  }

  @Test
  void anObjectThatTheNetworkDoesNotSee() {
    Picture picture = SmallNetworks.picture(3);
    try (LayeredNetwork network = SmallNetworks.alexNet(Classes.independent("cat", "dog"))) {
      MapExamination examination =
          new MapExamination(new GradCam(), List.of(), Optional.of("features.8"), Optional.empty());
      Mask nothing = Mask.of(60, 50, new BitSet());
      assertEquals(
          "Of this object no pixel is left in what the network sees. Take a picture that shows it there, or leave the object out.",
          assertThrows(
                  NotApplicableException.class,
                  () -> examination.of(network, picture, "dog", Optional.of(nothing)))
              .getMessage());
    }
  }

  /** By default: the plan's layer, the predicted class, four other methods. */
  @Test
  void inOneCall() {
    Picture picture = SmallNetworks.picture(4);
    try (LayeredNetwork network = SmallNetworks.alexNet()) {
      MapReport report = new MapExamination().of(network, picture);
      assertEquals(network.predict(picture).get(0).name(), report.className());
      assertEquals(network.targetLayer(), report.hookPoint().value());
      assertEquals(4, report.evidence().agreement().size());
      assertEquals(2, report.verdict().notAsked().size());
      assertEquals(report, new MapExamination().of(network, picture));
      assertEquals(
          network.name()
              + " ["
              + network.identity()
              + "] | "
              + network.targetLayer()
              + " | picture ["
              + picture.checksum()
              + "] | "
              + report.className()
              + " as predicted | GradCam() | map examination beside HiResCam(), LayerCam(), XGradCam(),"
              + " GradCamPlusPlus() {49 cells covered one by one ("
              + "RegionAblation(batch=16, blank=Colour(rgb=8421504), regions=RegionGrid(columns=7, rows=7))"
              + "), and in an order by lot 19 times; 20 maps by lot; weights by lot 3 times} | one picture, n = 1",
          report.protocol().toString());
      assertTrue(report.toString().endsWith("  protocol: " + report.protocol()), report.toString());
    }
  }

  @Test
  void answers() {
    try (LayeredNetwork network = SmallNetworks.alexNet()) {
      List<Picture> pictures = List.of(SmallNetworks.picture(1), SmallNetworks.picture(2));
      List<String> said =
          pictures.stream().map(each -> network.predict(each).get(0).name()).toList();
      LabelledAnswers answers =
          LabelledAnswers.of(
              network,
              List.of(
                  new Labelled(() -> pictures.get(0), said.get(0)),
                  new Labelled(() -> pictures.get(1), said.get(1).equals("cat") ? "dog" : "cat")));
      assertEquals(1, answers.right());
      assertEquals(2, answers.total());
    }
  }
}
