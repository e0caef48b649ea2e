package camlab.cam;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import camlab.capture.Recording;
import camlab.capture.Target;
import camlab.heatmap.Heatmap;
import camlab.network.Network;
import camlab.network.UnknownNameException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every method there is. */
class CatalogueTest {

  private static final String LAYER = "relu";

  static List<CamMethod> methods() {
    return Catalogue.entries().stream().map(Catalogue.Entry::method).toList();
  }

  /** Each picture with its own class, in one batch, as if it were alone. */
  @ParameterizedTest
  @MethodSource("methods")
  void batchesEqualOneByOne(CamMethod method) {
    try (Network network = TinyNetwork.create();
        NDManager scope = network.newScope()) {
      NDArray one = TinyNetwork.input(scope);
      NDArray other = one.flip(3).mul(0.7);
      List<Target> targets = List.of(Target.of("first"), Target.of("second"));
      try (Recording both = Recording.of(network, one.concat(other), List.of(LAYER));
          Recording first = Recording.of(network, one, List.of(LAYER));
          Recording second = Recording.of(network, other, List.of(LAYER))) {
        List<Heatmap> maps = method.heatmaps(both, LAYER, Target.oneEach(targets));
        assertEquals(2, maps.size());
        same(method.heatmap(first, LAYER, targets.get(0)), maps.get(0));
        same(method.heatmap(second, LAYER, targets.get(1)), maps.get(1));
        Target tooMany = Target.oneEach(List.of(targets.get(0), targets.get(1), targets.get(0)));
        if (method.explainsTarget()) {
          assertThrows(IllegalArgumentException.class, () -> method.heatmaps(both, LAYER, tooMany));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("methods")
  void allClassesOfOnePicture(CamMethod method) {
    try (Network network = TinyNetwork.create();
        NDManager scope = network.newScope();
        Recording recording = Recording.of(network, TinyNetwork.input(scope), List.of(LAYER))) {
      List<Heatmap> maps = method.heatmapsOfAllClasses(recording, LAYER);
      assertEquals(2, maps.size());
      same(method.heatmap(recording, LAYER, Target.of("first")), maps.get(0));
      same(method.heatmap(recording, LAYER, Target.of("second")), maps.get(1));
    }
  }

  /** Says of itself what it is, and of the map what it explains. */
  @ParameterizedTest
  @MethodSource("methods")
  void mapsKnowWhereTheyComeFrom(CamMethod method) {
    try (Network network = TinyNetwork.create();
        NDManager scope = network.newScope();
        Recording recording = Recording.of(network, TinyNetwork.input(scope), List.of(LAYER))) {
      Heatmap map = method.heatmap(recording, LAYER, Target.predicted());
      assertEquals(method.name(), map.provenance().method());
      assertEquals(method.explainsTarget() ? "second" : "", map.provenance().target());
      assertEquals(method.explainsTarget() ? 23.5 : Double.NaN, map.provenance().score(), 1e-5);
    }
  }

  private static void same(Heatmap expected, Heatmap found) {
    assertEquals(expected.provenance().toString(), found.provenance().toString());
    assertArrayEquals(expected.values(), found.values(), 1e-5f);
  }

  @Test
  void methodsAreFoundByName() {
    assertInstanceOf(GradCamPlusPlus.class, Catalogue.method("grad-cam++"));
    String message =
        assertThrows(UnknownNameException.class, () -> Catalogue.method("Grad-CAM+")).getMessage();
    assertTrue(message.contains("'Grad-CAM++'"), message);
    assertEquals(
        List.of("FEM", "CAM"),
        Catalogue.entries("fem", "Cam").stream().map(Catalogue.Entry::name).toList());
    assertEquals(
        Catalogue.entries().size(),
        Catalogue.entries().stream().map(Catalogue.Entry::name).distinct().count());
  }
}
