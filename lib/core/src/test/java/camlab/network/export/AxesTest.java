package camlab.network.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.types.Shape;
import camlab.TestFiles;
import camlab.network.Classes;
import camlab.network.HookPoint;
import camlab.network.LayeredModel;
import camlab.network.Layout;
import camlab.network.Network;
import camlab.network.Stated;
import camlab.network.program.Graph;
import camlab.network.torchscript.TorchScript;
import camlab.picture.Picture;
import camlab.picture.Preprocessing;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Where the graph says that places are, against where PyTorch's gradients lie: {@code
 * src/test/python/export/layouts.py}.
 */
class AxesTest {

  /** Attention's own answers: what each place gets comes from all, so gradients do not tell. */
  private static final Set<String> ATTENTION = Set.of("proj", "attention");

  private static final int HEIGHT = 24;
  private static final int WIDTH = 32;
  private static final Shape PICTURE = new Shape(1, 3, HEIGHT, WIDTH);

  private static Map<String, String> said(String file) throws IOException {
    try (ExportedArchive archive = ExportedArchive.open(ExportFiles.path("layouts/" + file))) {
      JsonObject root = archive.graph();
      Graph graph = GraphReader.read(file, root);
      ProgramText text =
          new ProgramText(
              file,
              graph,
              archive.weights(),
              archive.constants(),
              GraphReader.returned(file, root, graph.outputs()),
              false);
      Map<String, String> said = new TreeMap<>();
      text.shown().layouts().forEach((layer, layout) -> said.put(layer, word(layout)));
      said.keySet().removeAll(ATTENTION);
      return said;
    }
  }

  private static <T> T ofTraced(String file, Function<LayeredModel, T> asked) {
    Path path = TestFiles.path("export/layouts/" + file + ".pt");
    Preprocessing size = Preprocessing.builder().size(HEIGHT, WIDTH).build();
    try (Network network = TorchScript.load(path, Classes.numbered(4), size)) {
      return asked.apply(network.model());
    }
  }

  /** A map moved around its border has none, so none is advised, and nothing is tried for it. */
  @Test
  void whatTheTextShowsToHaveNoLayoutIsNotToBeStated() {
    Path path = TestFiles.path("export/layouts/windows.pt");
    Preprocessing size = Preprocessing.builder().size(HEIGHT, WIDTH).build();
    try (Network network = TorchScript.load(path, Classes.numbered(4), size)) {
      String message =
          assertThrows(IllegalArgumentException.class, () -> network.requirePositions("moved"))
              .getMessage();
      assertTrue(
          message.endsWith(
              "). So no layout that could be stated is right. Look at a layer before it, or save the network without the step that moves its places."),
          message);
    }
  }

  private static Map<String, String> saidTraced(String file) {
    Map<String, String> said = new TreeMap<>();
    ofTraced(file, model -> model.layouts(PICTURE))
        .forEach((layer, layout) -> said.put(layer, word(layout)));
    said.keySet().removeAll(ATTENTION);
    return said;
  }

  private static String word(Layout layout) {
    if (layout instanceof Layout.Tokens tokens) {
      return word("tokens", tokens);
    }
    if (layout instanceof Layout.TokensFirst tokens) {
      return word("tokens first", tokens.tokens());
    }
    return layout.equals(Layout.CHANNELS_FIRST) ? "first" : "last";
  }

  private static String word(String name, Layout.Tokens grid) {
    return String.format(
        Locale.ROOT, "%s %d %d %d", name, grid.before(), grid.height(), grid.width());
  }

  private static Map<String, String> found(String network) {
    return found("layouts", network);
  }

  private static Map<String, String> found(String file, String network) {
    return TestFiles.figures("export/" + file + ".json")
        .getAsJsonObject(network)
        .entrySet()
        .stream()
        .filter(entry -> !entry.getValue().getAsString().equals("none"))
        .collect(
            Collectors.toMap(
                Map.Entry::getKey,
                entry -> entry.getValue().getAsString(),
                (one, other) -> one,
                TreeMap::new));
  }

  @ParameterizedTest
  @ValueSource(strings = {"windows", "tokens", "moved", "lost"})
  void theGraphSaysWhatTheGradientsShow(String network) throws IOException {
    assertEquals(found(network), said(network));
  }

  @ParameterizedTest
  @ValueSource(strings = {"windows", "tokens", "moved", "lost"})
  void withAnyNumberOfPictures(String network) throws IOException {
    assertEquals(found(network), said(network + "-batch"));
  }

  /** The same networks as torch.jit.trace writes them down: without the lengths of anything. */
  @ParameterizedTest
  @ValueSource(strings = {"windows", "tokens", "moved", "lost"})
  void ofTracedPrograms(String network) {
    assertEquals(found(network), saidTraced(network));
  }

  /** A scripted one decides and repeats: by lengths, and by what its modules were made with. */
  @ParameterizedTest
  @ValueSource(strings = {"decided", "decided-ran"})
  void ofScriptedPrograms(String program) {
    assertEquals(found("decided", "decided"), saidTraced(program));
  }

  /** PyTorch's attention decides by the types of tensors, which are not known here. */
  @Test
  void ofScriptedAttentionOfPyTorch() throws IOException {
    assertEquals(found("decided", "attended"), saidTraced("attended"));
  }

  /** Windows, what attention makes of them, and a map that is moved around its border. */
  @Test
  void ofWindowsItIsKnownThatTheyAreNoMap() {
    Set<String> without = ofTraced("windows", model -> model.withoutLayout(PICTURE));
    assertEquals(Set.of("moved", "inside", "qkv", "proj"), without);
  }

  @ParameterizedTest
  @ValueSource(strings = {"windows", "tokens", "moved", "lost"})
  void whatHasALayoutIsNotSaidToHaveNone(String network) {
    Set<String> without = new HashSet<>(ofTraced(network, model -> model.withoutLayout(PICTURE)));
    without.retainAll(found(network).keySet());
    assertEquals(Set.of(), without);
  }

  /**
   * Rows and columns of any number are rows and columns; how many tokens there are is not known.
   */
  @Test
  void ofAnySize() throws IOException {
    assertEquals(Map.of("conv", "first", "relu", "first", "last", "last"), said("any-size"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"windows", "tokens", "moved", "lost"})
  void theNetworkTellsSo(String name) {
    Preprocessing size = Preprocessing.builder().size(HEIGHT, WIDTH).build();
    Picture black = Picture.of(WIDTH, HEIGHT, new int[WIDTH * HEIGHT]);
    try (Network network =
        ExportedProgram.load(
            ExportFiles.path("layouts/" + name), Classes.numbered(4), size, Stated.NOTHING)) {
      Map<String, String> told = new TreeMap<>();
      for (HookPoint point : network.hookPoints(black)) {
        if (point.hasPositions() && found(name).containsKey(point.layer())) {
          told.put(point.layer(), word(point.layout().orElseThrow()));
        }
      }
      assertEquals(found(name), told);
    }
  }

  /** Lengths that follow the picture's are no sign that nothing was mirrored. */
  @Test
  void whatWasMovedIsNotTakenForAPicture() {
    Preprocessing size = Preprocessing.builder().size(HEIGHT, WIDTH).build();
    Picture black = Picture.of(WIDTH, HEIGHT, new int[WIDTH * HEIGHT]);
    try (Network network =
        ExportedProgram.load(
            ExportFiles.path("layouts/moved"), Classes.numbered(4), size, Stated.NOTHING)) {
      for (HookPoint point : network.hookPoints(black)) {
        if (Set.of("mirrored", "exchanged").contains(point.layer())) {
          assertFalse(point.hasPositions(), point.toString());
        }
      }
    }
  }

  /** There what was written, or moved around, is put together by selections and copies. */
  @ParameterizedTest
  @ValueSource(strings = {"windows", "lost"})
  void ofBasicOperatorsOnly(String network) throws IOException {
    assertEquals(found(network), said(network + "-core"));
  }
}
