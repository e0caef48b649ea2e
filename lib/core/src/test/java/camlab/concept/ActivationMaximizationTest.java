package camlab.concept;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import camlab.TestFiles;
import camlab.capture.Target;
import camlab.engine.PyTorch;
import camlab.network.GoldenNetworks;
import camlab.network.Network;
import camlab.network.SmallBlocks;
import camlab.picture.Preprocessing;
import camlab.progress.Progress;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ActivationMaximizationTest {

  private static final JsonObject FIGURES = TestFiles.figures("concept/maximized.json");
  private static final int SIDE = 64;
  private static final int STEPS = 64;

  static Stream<Named<JsonObject>> cases() {
    return StreamSupport.stream(FIGURES.getAsJsonArray("cases").spliterator(), false)
        .map(JsonElement::getAsJsonObject)
        .map(
            each ->
                Named.of(
                    each.get("network").getAsString() + " " + each.get("objective").getAsString(),
                    each));
  }

  /** One step: the value, and its gradient by every 97th wave. */
  @ParameterizedTest
  @MethodSource("cases")
  void agreesWithPyTorch(JsonObject figures) {
    int jitter = FIGURES.get("jitter").getAsInt();
    boolean photographic = figures.get("photographic").getAsBoolean();
    Objective objective =
        figures.get("objective").getAsString().equals("class")
            ? Objective.of(Target.of(FIGURES.get("target").getAsInt()))
            : Objective.channel(
                figures.get("layer").getAsString(), FIGURES.get("channel").getAsInt());
    try (Network network = network(figures.get("network").getAsString());
        NDManager scope = network.newScope()) {
      FourierPicture waves = new FourierPicture(scope, SIDE + jitter, SIDE + jitter, photographic);
      NDList found =
          new ActivationMaximization(1, 0.05, jitter, photographic, 0, Progress.NONE)
              .gradient(
                  network, objective, waves.start(scope, FIGURES.get("seed").getAsLong()), 1, 3);
      double value = figures.get("value").getAsDouble();
      assertEquals(value, found.get(0).getFloat(), 1e-4 * Math.abs(value));
      float[] gradient = found.get(1).toFloatArray();
      JsonArray expected = figures.getAsJsonArray("gradient");
      double largest = figures.get("largest").getAsDouble();
      for (int i = 0; i < expected.size(); i++) {
        int at = i * FIGURES.get("step").getAsInt();
        assertEquals(expected.get(i).getAsDouble(), gradient[at], 1e-4 * largest, "wave " + at);
      }
    }
  }

  /**
   * In 64 steps the value rises by more than one and a half times its distance from 0 at the start.
   */
  @ParameterizedTest
  @ValueSource(strings = {"alexnet", "resnet"})
  void theValueRises(String name) {
    String layer = name.equals("alexnet") ? "features.5" : "layer3.0.conv2";
    ActivationMaximization method = few(3);
    try (Network network = network(name)) {
      for (Objective objective :
          new Objective[] {Objective.channel(layer, 5), Objective.of(Target.of(3))}) {
        MaximizedPicture found = method.of(network, objective);
        double rise = found.value() - found.start();
        assertTrue(rise > 1.5 * Math.abs(found.start()), found.toString());
        assertEquals(SIDE, found.picture().width());
        assertEquals(STEPS, found.history().size());
        boolean channel = objective instanceof Objective.OfChannel;
        String label = channel ? "channel 5 of " + layer : network.classes().name(3);
        assertEquals(label, found.objective());
        MaximizedPicture again = method.of(network, objective);
        assertEquals(found.picture(), again.picture());
        assertEquals(found.history(), again.history());
        assertNotEquals(found.picture(), few(4).of(network, objective).picture());
      }
    }
  }

  private static ActivationMaximization few(long seed) {
    return new ActivationMaximization(STEPS, 0.05, 4, true, seed, Progress.NONE);
  }

  /** Q Qᵀ = 1, for odd sizes and even ones. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5, 8})
  void wavesAreOrthonormal(int size) {
    double[] waves = FourierPicture.waves(size);
    for (int i = 0; i < size; i++) {
      for (int j = 0; j < size; j++) {
        double product = 0;
        for (int t = 0; t < size; t++) {
          product += waves[i * size + t] * waves[j * size + t];
        }
        assertEquals(i == j ? 1 : 0, product, 1e-12);
      }
    }
  }

  /** One wave of one row: tanh of 2 cos(2πt/4) √(2/4) / 8 / (1/4), the same in each row. */
  @Test
  void aPictureOfOneWave() {
    try (NDManager scope = PyTorch.newScope()) {
      FourierPicture waves = new FourierPicture(scope, 1, 4, false);
      float[] z = {0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
      float[] found = waves.picture(scope.create(z).reshape(3, 1, 4)).toFloatArray();
      double height = 2 * Math.sqrt(0.5) / 8 * 4;
      double[] expected = {Math.tanh(height), 0, -Math.tanh(height), 0};
      for (int t = 0; t < 12; t++) {
        assertEquals(t < 4 ? expected[t] : 0, found[t], 1e-6);
      }
    }
  }

  @Test
  void whatIsRefused() {
    assertThrows(
        IllegalArgumentException.class,
        () -> new ActivationMaximization(0, 0.05, 4, true, 0, Progress.NONE));
    assertThrows(
        IllegalArgumentException.class,
        () -> new ActivationMaximization(1, Double.POSITIVE_INFINITY, 4, true, 0, Progress.NONE));
    try (Network network = network("alexnet")) {
      assertThrows(
          IndexOutOfBoundsException.class,
          () -> few(0).of(network, Objective.channel("features.5", 12)));
      Thread.currentThread().interrupt();
      assertThrows(
          CancellationException.class,
          () -> few(0).of(network, Objective.channel("features.5", 1)));
      assertTrue(Thread.interrupted());
    }
    assertEquals(
        "ActivationMaximization(jitter=8, photographic=true, rate=0.05, seed=0, steps=256)",
        new ActivationMaximization().identity());
  }

  private static Network network(String name) {
    return GoldenNetworks.network(
        SmallBlocks.named(name),
        new Preprocessing(SIDE, SIDE, Preprocessing.IMAGENET.mean(), Preprocessing.IMAGENET.std()));
  }
}
