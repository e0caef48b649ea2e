package camlab.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import camlab.cam.CamMethod;
import camlab.cam.GradCam;
import camlab.capture.OpenArrays;
import camlab.capture.Recording;
import camlab.capture.SmallNetworks;
import camlab.capture.Target;
import camlab.heatmap.Heatmap;
import camlab.measure.Baseline;
import camlab.measure.CascadingRandomization;
import camlab.measure.Confidence;
import camlab.measure.EfficientMprt;
import camlab.measure.Explainer;
import camlab.measure.Explanation;
import camlab.measure.Infidelity;
import camlab.measure.MaxSensitivity;
import camlab.measure.Measure;
import camlab.measure.RandomLogit;
import camlab.measure.SmoothMprt;
import camlab.network.LayeredNetwork;
import camlab.network.UnknownNameException;
import camlab.picture.Picture;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What makes maps of its own fails in the middle of it: what was thrown comes out, networks with
 * weights by lot are closed again, and as many arrays are open as before.
 */
class MeasureFaultsTest {

  private static final String LAYER = "features.8";

  private static final Picture PICTURE = SmallNetworks.picture(1);

  private static LayeredNetwork network;

  @BeforeAll
  static void load() {
    network = SmallNetworks.alexNet();
    network.predict(PICTURE);
  }

  @AfterAll
  static void close() {
    network.close();
  }

  /** Before its nth map, from 1, something happens. */
  private static final class FailingAt implements CamMethod {

    private final Runnable fault;
    private int left;

    FailingAt(int map, Runnable fault) {
      this.fault = fault;
      left = map;
    }

    @Override
    public String name() {
      return "failing";
    }

    @Override
    public List<Heatmap> heatmaps(Recording recording, String layer, Target target) {
      if (--left == 0) {
        fault.run();
      }
      return new GradCam().heatmaps(recording, layer, target);
    }
  }

  /** Work that asks a method for maps. */
  private interface Work {
    void run(CamMethod method);
  }

  private static Work of(Measure measure) {
    Heatmap map = new GradCam().heatmap(network, PICTURE, LAYER, Target.of("dog"));
    Explanation explanation = Explanation.of(network, PICTURE, "dog", map);
    return method -> measure.of(explanation.by(Explainer.of(network, method, LAYER, "dog")));
  }

  /** Each fails before each of these maps, which leave some work behind them. */
  private static void assertFailsWell(Work work, int... maps) {
    for (int map : maps) {
      for (Throwable thrown : List.of(new Injected(), new OutOfMemoryError("injected"))) {
        long before = OpenArrays.count();
        Throwable found =
            assertThrows(Throwable.class, () -> work.run(new FailingAt(map, () -> rise(thrown))));
        assertSame(thrown, found);
        assertEquals(before, OpenArrays.count(), "arrays, before map " + map);
      }
      long before = OpenArrays.count();
      FailingAt interrupting = new FailingAt(map, () -> Thread.currentThread().interrupt());
      assertThrows(CancellationException.class, () -> work.run(interrupting));
      assertTrue(Thread.interrupted(), "the thread stays interrupted");
      assertEquals(before, OpenArrays.count(), "arrays, interrupted before map " + map);
    }
  }

  private static final class Injected extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private static void rise(Throwable thrown) {
    if (thrown instanceof Error error) {
      throw error;
    }
    throw assertInstanceOf(RuntimeException.class, thrown);
  }

  @Test
  void openNetworksAreSeen() {
    long before = OpenArrays.count();
    try (LayeredNetwork lots =
        CascadingRandomization.ofAllLayers(network, 1).allReplaced(network)) {
      assertTrue(OpenArrays.count() > before, lots.name());
    }
    assertEquals(before, OpenArrays.count());
  }

  @Test
  void measures() {
    assertFailsWell(of(new MaxSensitivity(3, 0.02, 1)), 1, 3);
    assertFailsWell(of(new RandomLogit()), 1);
    // The trained network's map comes first, then one for each of its seven layers with weights.
    assertFailsWell(of(new EfficientMprt()), 1, 2, 8);
    assertFailsWell(of(new SmoothMprt(2, 0.1, 1)), 1, 4);
  }

  @Test
  void randomization() {
    CascadingRandomization cascade =
        new CascadingRandomization(List.of("classifier.4", "classifier.1"), 1);
    assertFailsWell(
        method ->
            cascade.run(
                network, other -> List.of(method.heatmap(other, PICTURE, LAYER, Target.of("dog")))),
        1,
        2,
        3);
    long before = OpenArrays.count();
    assertThrows(
        UnknownNameException.class,
        () ->
            cascade.run(
                network,
                other -> List.of(new GradCam().heatmap(other, PICTURE, LAYER, Target.of("cow")))));
    assertEquals(before, OpenArrays.count());
  }

  /** It asks for no map, but for the confidence of many pictures. */
  @Test
  void infidelity() {
    Heatmap map = new GradCam().heatmap(network, PICTURE, LAYER, Target.of("dog"));
    Confidence asked = Confidence.of(network, "dog");
    Infidelity infidelity = new Infidelity(9, 0.25, Baseline.meanColour(), 1);
    assertFailsWell(
        failing -> {
          Confidence confidence =
              views -> {
                asked.of(views.subList(0, 1));
                failing.heatmap(network, PICTURE, LAYER, Target.of("dog"));
                return asked.of(views);
              };
          infidelity.of(
              new Explanation(
                  network.preprocessing().view(PICTURE), map, confidence, Optional.empty()));
        },
        1);
  }

  /** The map, the one of the other class, and one of each of three networks by lot. */
  @Test
  void examination() {
    assertFailsWell(
        method ->
            new MapExamination(method, List.of(), Optional.of(LAYER), Optional.empty())
                .of(network, PICTURE),
        1,
        2,
        4);
    assertFailsWell(
        method ->
            new MapExamination(new GradCam(), List.of(method), Optional.of(LAYER), Optional.empty())
                .of(network, PICTURE),
        1);
    long before = OpenArrays.count();
    MapExamination usual = new MapExamination();
    Map<String, Runnable> unknown = new LinkedHashMap<>();
    unknown.put("class", () -> usual.of(network, PICTURE, "cow", Optional.empty()));
    unknown.put("layer", () -> usual.at("nowhere").of(network, PICTURE));
    unknown.forEach(
        (what, work) -> {
          String message = assertThrows(UnknownNameException.class, work::run, what).getMessage();
          assertTrue(message.contains("no " + what + " '"), message);
          assertEquals(before, OpenArrays.count(), what);
        });
  }
}
