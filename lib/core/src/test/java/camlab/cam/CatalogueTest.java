package camlab.cam;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import camlab.capture.Recording;
import camlab.capture.Target;
import camlab.heatmap.Heatmap;
import camlab.network.Network;
import camlab.network.UnknownNameException;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every method there is. */
class CatalogueTest {

  static List<Catalogue.Entry> entries() {
    return Catalogue.entries();
  }

  /** A network that has what the method needs, a layer of it, a class, and the one it answers. */
  private record Subject(Network network, int side, String layer, String first, String second)
      implements AutoCloseable {

    static Subject of(Catalogue.Entry entry) {
      return entry.needsAttention()
          ? new Subject(
              AttentionTest.network("class-token", true), 24, "blocks.1", "class 0", "class 2")
          : new Subject(TinyNetwork.create(), 0, "relu", "first", "second");
    }

    NDArray input(NDManager scope) {
      return side == 0 ? TinyNetwork.input(scope) : AttentionTest.input(scope);
    }

    Recording recording(NDArray input) {
      return Recording.of(network, input, List.of(layer));
    }

    @Override
    public void close() {
      network.close();
    }
  }

  /** Each picture with its own class, in one batch, as if it were alone. */
  @ParameterizedTest
  @MethodSource("entries")
  void batchesEqualOneByOne(Catalogue.Entry entry) {
    CamMethod method = entry.method();
    try (Subject subject = Subject.of(entry);
        NDManager scope = subject.network().newScope()) {
      String layer = subject.layer();
      NDArray one = subject.input(scope);
      NDArray other = one.flip(3).mul(0.7);
      List<Target> targets = List.of(Target.of(subject.first()), Target.of(subject.second()));
      try (Recording both = subject.recording(one.concat(other));
          Recording first = subject.recording(one);
          Recording second = subject.recording(other)) {
        List<Heatmap> maps = method.heatmaps(both, layer, Target.oneEach(targets));
        assertEquals(2, maps.size());
        same(method.heatmap(first, layer, targets.get(0)), maps.get(0));
        same(method.heatmap(second, layer, targets.get(1)), maps.get(1));
        Target tooMany = Target.oneEach(List.of(targets.get(0), targets.get(1), targets.get(0)));
        if (method.explainsTarget()) {
          assertThrows(IllegalArgumentException.class, () -> method.heatmaps(both, layer, tooMany));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("entries")
  void allClassesOfOnePicture(Catalogue.Entry entry) {
    CamMethod method = entry.method();
    try (Subject subject = Subject.of(entry);
        NDManager scope = subject.network().newScope();
        Recording recording = subject.recording(subject.input(scope))) {
      List<String> classes = subject.network().classes().names();
      List<Heatmap> maps = method.heatmapsOfAllClasses(recording, subject.layer());
      assertEquals(classes.size(), maps.size());
      for (int i = 0; i < maps.size(); i++) {
        same(method.heatmap(recording, subject.layer(), Target.of(classes.get(i))), maps.get(i));
      }
    }
  }

  /** Says of itself what it is, and of the map what it explains. */
  @ParameterizedTest
  @MethodSource("entries")
  void mapsKnowWhereTheyComeFrom(Catalogue.Entry entry) {
    CamMethod method = entry.method();
    try (Subject subject = Subject.of(entry);
        NDManager scope = subject.network().newScope();
        Recording recording = subject.recording(subject.input(scope))) {
      Heatmap map = method.heatmap(recording, subject.layer(), Target.predicted());
      double score = entry.needsAttention() ? 1.339881 : 23.5;
      assertEquals(method.name(), map.provenance().method());
      assertEquals(method.explainsTarget() ? subject.second() : "", map.provenance().target());
      assertEquals(method.explainsTarget() ? score : Double.NaN, map.provenance().score(), 1e-5);
    }
  }

  /** Of a recording, so that it is the method that stops; the thread stays interrupted. */
  @ParameterizedTest
  @MethodSource("entries")
  void anInterruptedThreadMakesNoMap(Catalogue.Entry entry) {
    try (Subject subject = Subject.of(entry);
        NDManager scope = subject.network().newScope();
        Recording recording = subject.recording(subject.input(scope))) {
      Target target = Target.of(subject.first());
      Thread.currentThread().interrupt();
      try {
        assertThrows(
            CancellationException.class,
            () -> entry.method().heatmap(recording, subject.layer(), target));
      } finally {
        assertTrue(Thread.interrupted());
      }
    }
  }

  /** Thirty squarings of a large matrix take minutes, and come behind the method's own check. */
  @Test
  void anInterruptedThreadSquaresNoMatrix() {
    try (NDManager scope = NDManager.newBaseManager()) {
      NDArray matrix = scope.eye(3);
      Thread.currentThread().interrupt();
      try {
        String message =
            assertThrows(
                    CancellationException.class, () -> PrincipalComponent.firstEigenvector(matrix))
                .getMessage();
        assertEquals("Interrupted when a matrix was squared 0 times.", message);
      } finally {
        assertTrue(Thread.interrupted());
      }
    }
  }

  /** As the sums of other formulas, and as their Javadoc says: shape (…, K, h, w). */
  @Test
  void componentsOfAnyNumberOfDimensions() {
    try (NDManager scope = NDManager.newBaseManager()) {
      NDArray maps = scope.arange(24).mul(0.7f).sin().reshape(2, 3, 2, 2);
      for (ActivationCam method : List.of(new EigenCam(), new KpcaCam())) {
        NDArray expected = method.map(maps);
        NDArray found = method.map(maps.reshape(1, 2, 3, 2, 2));
        assertEquals(new Shape(1, 2, 2, 2), found.getShape());
        assertArrayEquals(expected.toFloatArray(), found.toFloatArray(), method.name());
      }
    }
  }

  @Test
  void aMethodHasAName() {
    for (Executable asked :
        List.<Executable>of(() -> Catalogue.method(null), () -> Catalogue.entries("FEM", null))) {
      assertEquals(
          "Expected the name of a method, found null: Catalogue.entries() lists them.",
          assertThrows(NullPointerException.class, asked).getMessage());
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
    String needs =
        assertThrows(
                IllegalArgumentException.class,
                () -> Catalogue.entries("FEM", "expected Gradients"))
            .getMessage();
    assertEquals(
        "'Expected gradients' has no usual setting. It needs pictures to compare with, such as some of the training set: new ExpectedGradients(pictures).",
        needs);
  }
}
