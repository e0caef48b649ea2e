package camlab.concept;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import camlab.TestFiles;
import camlab.capture.Target;
import camlab.heatmap.Heatmap;
import camlab.network.GoldenNetworks;
import camlab.network.Network;
import camlab.network.NotApplicableException;
import camlab.network.SmallBlocks;
import camlab.picture.Picture;
import camlab.picture.Preprocessing;
import camlab.progress.Progress;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CraftTest {

  private static final JsonObject FIGURES = TestFiles.figures("concept/craft.json");

  static Stream<Named<JsonObject>> cases() {
    return StreamSupport.stream(FIGURES.getAsJsonArray("cases").spliterator(), false)
        .map(JsonElement::getAsJsonObject)
        .map(each -> Named.of(each.get("network").getAsString(), each));
  }

  /** Factors by scikit-learn, maps by SciPy's non-negative least squares, scores by PyTorch. */
  @ParameterizedTest
  @MethodSource("cases")
  void agreesWithPyTorchAndSciPy(JsonObject figures) {
    JsonArray vectors = figures.getAsJsonArray("vectors");
    List<Picture> pictures = TcavTest.madeUp("craft", FIGURES.get("pictures").getAsInt(), 0.3);
    double share = FIGURES.get("share").getAsDouble();
    try (Network network = network(figures.get("network").getAsString())) {
      CraftResult found =
          new Craft(
                  vectors.size(),
                  share,
                  FIGURES.get("rows").getAsInt(),
                  FIGURES.get("seed").getAsLong(),
                  4,
                  Progress.NONE)
              .of(
                  network,
                  figures.get("layer").getAsString(),
                  Target.of(figures.get("target").getAsInt()),
                  pictures);
      List<Crop> crops =
          pictures.stream().flatMap(picture -> Crop.of(picture, share).stream()).toList();
      List<Heatmap> maps = found.maps(network, pictures.get(0));
      for (int k = 0; k < vectors.size(); k++) {
        CraftConcept concept = found.concepts().get(k);
        close(vectors.get(k), concept.vector());
        close(figures.getAsJsonArray("importances").get(k), concept.importances());
        List<Float> map = new ArrayList<>();
        for (float value : maps.get(k).values()) {
          map.add(value);
        }
        close(figures.getAsJsonArray("maps").get(k), map);
        int best = figures.getAsJsonArray("crops").get(k).getAsInt();
        assertEquals(crops.get(best).picture(), concept.crops().get(0));
      }
    }
  }

  /** To 1e-3 of the largest value: the minimum is flat. */
  private static void close(JsonElement expected, List<? extends Number> found) {
    JsonArray values = expected.getAsJsonArray();
    assertEquals(values.size(), found.size());
    double largest = 0;
    for (JsonElement each : values) {
      largest = Math.max(largest, Math.abs(each.getAsDouble()));
    }
    for (int i = 0; i < found.size(); i++) {
      assertEquals(values.get(i).getAsDouble(), found.get(i).doubleValue(), 1e-3 * largest);
    }
  }

  /** 64 pixels, crops of 18 with a step of 14: at 0, 14, 28 and 42. */
  @Test
  void cropsOverlap() {
    List<Crop> crops = Crop.of(TcavTest.madeUp("one", 1, 0).get(0), 64.0 / 224);
    assertEquals(16, crops.size());
    assertEquals(14, crops.get(1).left());
    assertEquals(42, crops.get(15).top());
    assertEquals(18, crops.get(15).width());
    assertEquals(64, crops.get(15).picture().width());
  }

  @Test
  void whatIsRefused() {
    List<Picture> pictures = TcavTest.madeUp("one", 1, 0);
    try (Network network = network("alexnet")) {
      String message =
          assertThrows(
                  NotApplicableException.class,
                  () -> new Craft().of(network, "features.5", Target.of(1), pictures))
              .getMessage();
      assertTrue(message.startsWith("CRAFT takes activations apart"), message);
      assertThrows(
          IllegalArgumentException.class, () -> new Craft().of(network, Target.of(1), List.of()));
      Thread.currentThread().interrupt();
      assertThrows(
          CancellationException.class, () -> new Craft().of(network, Target.of(1), pictures));
      assertTrue(Thread.interrupted());
    }
    assertThrows(IllegalArgumentException.class, () -> new Craft(0));
    List<Float> vector = List.of(1f, 2f);
    CraftResult elsewhere =
        new CraftResult(
            "features.6", "cat", List.of(new CraftConcept(0, vector, List.of(1.0), List.of())));
    try (Network network = network("alexnet")) {
      String message =
          assertThrows(
                  IllegalArgumentException.class, () -> elsewhere.maps(network, pictures.get(0)))
              .getMessage();
      assertTrue(
          message.startsWith(
              "These concepts are of a layer with 2 channels, and 'features.6' of "
                  + network.name()),
          message);
    }
    assertEquals(
        "Craft(batch=16, concepts=4, rows=32, seed=0, share=0.2857142857142857)",
        new Craft(4).identity());
  }

  private static Network network(String name) {
    return GoldenNetworks.network(
        SmallBlocks.named(name),
        new Preprocessing(64, 64, Preprocessing.IMAGENET.mean(), Preprocessing.IMAGENET.std()));
  }
}
