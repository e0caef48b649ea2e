package camlab.concept;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import camlab.TestFiles;
import camlab.capture.Recording;
import camlab.heatmap.Heatmap;
import camlab.network.GoldenNetworks;
import camlab.network.Network;
import camlab.network.NotApplicableException;
import camlab.network.Prediction;
import camlab.network.SmallBlocks;
import camlab.picture.Picture;
import camlab.picture.Preprocessing;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DeepFeatureFactorizationTest {

  private static final int SIZE = 96;

  static Stream<Named<JsonObject>> cases() {
    JsonArray cases = TestFiles.figures("concept/factors.json").getAsJsonArray("cases");
    return StreamSupport.stream(cases.spliterator(), false)
        .map(JsonElement::getAsJsonObject)
        .map(each -> Named.of(each.get("network").getAsString(), each));
  }

  /** The activations and the classes by PyTorch, the factors by scikit-learn. */
  @ParameterizedTest
  @MethodSource("cases")
  void agreesWithPyTorchAndScikitLearn(JsonObject figures) {
    JsonArray vectors = figures.getAsJsonArray("vectors");
    try (Network network = network(figures.get("network").getAsString());
        NDManager scope = network.newScope()) {
      NDArray one = scope.create(GoldenNetworks.input(SIZE), new Shape(1, 3, SIZE, SIZE));
      String layer = figures.get("layer").getAsString();
      try (Recording recording = Recording.of(network, one.concat(one.flip(3)), List.of(layer))) {
        List<Concept> found =
            new DeepFeatureFactorization(vectors.size(), 200, figures.get("seed").getAsLong())
                .of(recording, layer);
        assertEquals(vectors.size(), found.size());
        for (int k = 0; k < found.size(); k++) {
          Concept concept = found.get(k);
          assertEquals(k, concept.number());
          close(vectors.get(k).getAsJsonArray(), floats(concept.vector()));
          double share = figures.getAsJsonArray("shares").get(k).getAsDouble();
          assertEquals(share, concept.share(), 1e-4);
          JsonArray maps = figures.getAsJsonArray("maps").get(k).getAsJsonArray();
          assertEquals(maps.size(), concept.maps().size());
          for (int i = 0; i < maps.size(); i++) {
            close(maps.get(i).getAsJsonArray(), concept.maps().get(i).values());
          }
          JsonArray logits = figures.getAsJsonArray("logits").get(k).getAsJsonArray();
          float[] ofClasses = new float[logits.size()];
          for (Prediction prediction : concept.predictions()) {
            ofClasses[prediction.index()] = (float) prediction.logit();
          }
          close(logits, ofClasses);
        }
      }
    }
  }

  @Test
  void mapsLieOverTheirPictures() {
    try (Network network = network("alexnet")) {
      int[] pixels = IntStream.range(0, 120 * 100).map(i -> (i * 7919) & 0xFFFFFF).toArray();
      Picture picture = Picture.of(120, 100, pixels);
      List<Concept> found =
          new DeepFeatureFactorization(2).of(network, List.of(picture, picture.flipped()));
      Heatmap map = found.get(0).maps().get(1);
      assertEquals("features.6", map.provenance().layer());
      assertEquals("concept 0", map.provenance().method());
      assertEquals(network.preprocessing().region(picture), map.region().orElseThrow());
      double largest = found.get(0).maps().stream().mapToDouble(Heatmap::max).max().orElseThrow();
      assertEquals(1, largest, 1e-6);
      assertEquals(1, found.stream().mapToDouble(Concept::share).sum(), 1e-9);
    }
  }

  @Test
  void negativeActivationsAreRefused() {
    try (Network network = network("alexnet");
        NDManager scope = network.newScope()) {
      NDArray input = scope.create(GoldenNetworks.input(SIZE), new Shape(1, 3, SIZE, SIZE));
      try (Recording recording = Recording.of(network, input, List.of("features.5"))) {
        String message =
            assertThrows(
                    NotApplicableException.class,
                    () -> new DeepFeatureFactorization().of(recording, "features.5"))
                .getMessage();
        assertTrue(message.contains("ends in a ReLU"), message);
      }
    }
  }

  @Test
  void settings() {
    assertEquals(
        "DeepFeatureFactorization(concepts=4, rounds=200, seed=0)",
        new DeepFeatureFactorization(4).identity());
    assertThrows(IllegalArgumentException.class, () -> new DeepFeatureFactorization(0));
  }

  private static Network network(String name) {
    return GoldenNetworks.network(
        SmallBlocks.named(name),
        new Preprocessing(SIZE, SIZE, Preprocessing.IMAGENET.mean(), Preprocessing.IMAGENET.std()));
  }

  private static float[] floats(List<Float> values) {
    float[] all = new float[values.size()];
    for (int i = 0; i < all.length; i++) {
      all[i] = values.get(i);
    }
    return all;
  }

  /** To 1e-4 of the largest value. */
  private static void close(JsonArray expected, float[] found) {
    assertEquals(expected.size(), found.length);
    double largest = 0;
    for (JsonElement each : expected) {
      largest = Math.max(largest, Math.abs(each.getAsDouble()));
    }
    for (int i = 0; i < found.length; i++) {
      assertEquals(expected.get(i).getAsDouble(), found[i], 1e-4 * largest, "value " + i);
    }
  }
}
