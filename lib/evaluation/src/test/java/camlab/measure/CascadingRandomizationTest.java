package camlab.measure;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import camlab.cam.GradCam;
import camlab.capture.Recording;
import camlab.capture.SmallNetworks;
import camlab.capture.Target;
import camlab.heatmap.Heatmap;
import camlab.heatmap.Provenance;
import camlab.measure.CascadingRandomization.Step;
import camlab.network.LayeredNetwork;
import camlab.network.UnknownNameException;
import camlab.picture.Picture;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class CascadingRandomizationTest {

  private static final Picture PICTURE = SmallNetworks.picture(1);

  private static LayeredNetwork network;

  @BeforeAll
  static void load() {
    network = SmallNetworks.alexNet();
  }

  @AfterAll
  static void close() {
    network.close();
  }

  @Test
  void allLayersFromTheTop() {
    assertEquals(
        List.of(
            "classifier.4",
            "classifier.1",
            "features.10",
            "features.8",
            "features.6",
            "features.3",
            "features.0"),
        CascadingRandomization.ofAllLayers(network, 1).layers());
  }

  /** The logits after each step are those of a network that has all new weights so far. */
  @Test
  void weightsAreReplacedFromTheTopDown() {
    List<Float> logits = new ArrayList<>();
    CascadingRandomization cascade =
        new CascadingRandomization(List.of("classifier", "features.10"), 5);
    cascade.run(
        network,
        changed -> {
          logits.add(logit(changed));
          return List.of(changed == network ? map(1) : map(2));
        });
    assertEquals(3, logits.size());
    assertEquals(logit(network), logits.get(0));
    assertNotEquals(logits.get(0), logits.get(1));
    assertNotEquals(logits.get(1), logits.get(2));
  }

  /** Nothing changes below the layer that is replaced, nor in the network that was given. */
  @Test
  void onlyTheNamedLayerIsReplaced() {
    float[] before = activations(network, "features.10");
    new CascadingRandomization(List.of("features.10"), 5)
        .run(
            network,
            changed -> {
              if (changed != network) {
                assertArrayEquals(
                    activations(network, "features.9"), activations(changed, "features.9"));
                assertNotEquals(before[7], activations(changed, "features.10")[7]);
              }
              return List.of();
            });
    assertArrayEquals(before, activations(network, "features.10"));
  }

  @Test
  void theNetworkIsNotChanged() {
    float before = logit(network);
    GradCam method = new GradCam();
    List<Step> steps =
        CascadingRandomization.ofAllLayers(network, 1)
            .run(network, changed -> List.of(method.heatmap(changed, PICTURE, "cat")));
    assertEquals(7, steps.size());
    assertEquals(before, logit(network));
    // Noise in a network of noise: replacing the classifier already changes the order of positions.
    assertTrue(steps.get(0).rankCorrelation() < 0.99);
    assertTrue(steps.get(6).rankCorrelation() < 0.99);
  }

  @Test
  void aMapThatDoesNotAskTheNetworkStays() {
    for (Step step :
        new CascadingRandomization(List.of("classifier.4", "classifier.1"), 1)
            .run(network, changed -> List.of(map(1)))) {
      assertEquals(1, step.rankCorrelation(), 1e-9);
      assertEquals(1, step.absoluteRankCorrelation(), 1e-9);
      assertEquals(1, step.similarity(), 1e-9);
    }
  }

  /** −v keeps the absolute values and turns the order around. */
  @Test
  void everyMapIsComparedWithItsOwn() {
    List<Step> steps =
        new CascadingRandomization(List.of("classifier.4"), 1)
            .run(
                network,
                changed -> changed == network ? List.of(map(1), map(1)) : List.of(map(1), map(-1)));
    assertEquals(2, steps.size());
    assertEquals(1, steps.get(0).rankCorrelation(), 1e-9);
    assertEquals(-1, steps.get(1).rankCorrelation(), 1e-9);
    assertEquals(1, steps.get(1).absoluteRankCorrelation(), 1e-9);
    assertTrue(steps.get(1).similarity() < 0.5);
  }

  /** It is worked out later than the rest, and of the same maps. */
  @Test
  void similarityIsOfMapsOfTheViewsSize() {
    Map<LayeredNetwork, Heatmap> made = new LinkedHashMap<>();
    Step step =
        new CascadingRandomization(List.of("classifier.4"), 1)
            .run(
                network,
                changed -> {
                  made.put(changed, map(1 + made.size()).apply(v -> v * v * v));
                  return List.of(made.get(changed));
                })
            .get(0);
    Iterator<Heatmap> maps = made.values().iterator();
    double expected =
        StructuralSimilarity.of(
            maps.next().resized(224, 224).normalized(), maps.next().resized(224, 224).normalized());
    assertEquals(expected, step.similarity());
    assertEquals(expected, step.similarity());
  }

  @Test
  void stepsThatSayTheSameAreEqual() {
    Step step = new Step("classifier.4", map(1), 0.5, 0.25, 0.75);
    assertEquals(step, new Step("classifier.4", map(1), 0.5, 0.25, 0.75));
    assertEquals(step.hashCode(), new Step("classifier.4", map(1), 0.5, 0.25, 0.75).hashCode());
    assertNotEquals(step, new Step("classifier.1", map(1), 0.5, 0.25, 0.75));
    assertNotEquals(step, new Step("classifier.4", map(-1), 0.5, 0.25, 0.75));
    assertNotEquals(step, new Step("classifier.4", map(1), 0.4, 0.25, 0.75));
    assertNotEquals(step, new Step("classifier.4", map(1), 0.5, 0.2, 0.75));
    assertNotEquals(step, new Step("classifier.4", map(1), 0.5, 0.25, 0.7));
    assertTrue(step.toString().startsWith("classifier.4 · "), step.toString());
    assertTrue(step.toString().endsWith(" · rank correlation 0.500, of absolute values 0.250"));
  }

  @Test
  void asManyMapsOfEachNetwork() {
    for (List<Heatmap> others : List.of(List.<Heatmap>of(), List.of(map(1), map(1), map(1)))) {
      String message =
          assertThrows(
                  IllegalArgumentException.class,
                  () ->
                      new CascadingRandomization(List.of("classifier.4"), 1)
                          .run(
                              network,
                              changed -> changed == network ? List.of(map(1), map(1)) : others))
              .getMessage();
      assertEquals(
          "There are 2 maps of one network, and %s of the other. Explain the same pictures."
              .formatted(others.size()),
          message);
    }
  }

  @Test
  void theSeedDecides() {
    assertEquals(randomLogit(1), randomLogit(1));
    assertNotEquals(randomLogit(1), randomLogit(2));
  }

  @Test
  void unknownLayersAreNamedBeforeAnythingRuns() {
    CascadingRandomization cascade =
        new CascadingRandomization(List.of("classifier.4", "features.1"), 1);
    assertThrows(
        UnknownNameException.class,
        () ->
            cascade.run(
                network,
                changed -> {
                  throw new AssertionError("has run");
                }));
    assertThrows(IllegalArgumentException.class, () -> new CascadingRandomization(List.of(), 1));
  }

  /** New weights by name: all zero but a bias, so the logits are that bias. */
  @Test
  void aNetworkWithOtherParameters() {
    Map<String, float[]> values =
        Map.of("classifier.4.weight", new float[2 * 128], "classifier.4.bias", new float[] {3, -4});
    try (LayeredNetwork changed = network.withParameters(values);
        LayeredNetwork again =
            changed.withParameters(Map.of("classifier.4.bias", new float[] {5, 6}))) {
      assertEquals(3, logit(changed));
      assertEquals(5, logit(again));
    }
    assertThrows(
        UnknownNameException.class,
        () -> network.withParameters(Map.of("classifier.4.wait", new float[2])));
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> network.withParameters(Map.of("classifier.4.bias", new float[3])))
            .getMessage();
    assertEquals("Parameter 'classifier.4.bias' has shape (2), found 3 values.", message);
  }

  private static float randomLogit(long seed) {
    List<Float> logits = new ArrayList<>();
    new CascadingRandomization(List.of("classifier.4"), seed)
        .run(
            network,
            changed -> {
              logits.add(logit(changed));
              return List.of();
            });
    return logits.get(1);
  }

  private static float logit(LayeredNetwork network) {
    try (Recording recording = Recording.of(network, PICTURE, "classifier.1")) {
      return (float) recording.score(Target.of("cat"), 0);
    }
  }

  private static float[] activations(LayeredNetwork network, String layer) {
    try (Recording recording = Recording.of(network, PICTURE, layer)) {
      return recording.activations(layer).values();
    }
  }

  /** A map of 12×12 different values, times a factor. */
  private static Heatmap map(float factor) {
    float[] values = new float[144];
    for (int i = 0; i < 144; i++) {
      values[i] = factor * (i * 37 % 144 + 1);
    }
    return Heatmap.of(12, 12, values, new Provenance("times " + factor, "", "", Double.NaN));
  }

  /** All at once is what the last step leaves. */
  @Test
  void allReplaced() {
    CascadingRandomization cascade = CascadingRandomization.ofAllLayers(network, 2);
    List<Step> steps =
        cascade.run(network, other -> List.of(new GradCam().heatmap(other, PICTURE, "cat")));
    try (LayeredNetwork random = cascade.allReplaced(network)) {
      assertEquals(
          steps.get(steps.size() - 1).map(), new GradCam().heatmap(random, PICTURE, "cat"));
    }
  }
}
