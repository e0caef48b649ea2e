package camlab.network.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import camlab.TestFiles;
import camlab.network.Classes;
import camlab.network.HookPoint;
import camlab.network.Layout;
import camlab.network.Network;
import camlab.network.Stated;
import camlab.picture.Picture;
import camlab.picture.Preprocessing;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
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
      text.layouts().forEach((layer, layout) -> said.put(layer, word(layout)));
      said.keySet().removeAll(ATTENTION);
      return said;
    }
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
    return TestFiles.figures("export/layouts.json").getAsJsonObject(network).entrySet().stream()
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

  private static Dimension rows(long length) {
    return Dimension.whole(Dimension.Kind.ROW, length);
  }

  @Test
  void whatIsLostStaysLost() {
    Dimension rows = rows(8);
    Dimension lost = rows.lost();
    assertTrue(lost.isLost());
    assertFalse(lost.hasPlaces());
    assertEquals(lost, rows.with(lost));
    assertEquals(lost, lost.with(rows));
    assertEquals(lost, lost.with(Dimension.other(8)));
    assertEquals(lost, rows.with(Dimension.whole(Dimension.Kind.COLUMN, 8)));
    assertTrue(lost.resized(4).isLost());
    assertTrue(lost.part(0, 1, 4).isLost());
    assertTrue(rows.part(0, 1, 4).isLost());
    Dimension seen = Dimension.viewed(List.of(lost), List.of(2L, 4L)).get(0);
    assertTrue(seen.isLost());
    assertTrue(Dimension.viewed(List.of(rows), List.of(3L, 3L)).get(0).isLost());
  }

  @Test
  void channelsAreNeverLost() {
    Dimension channels = Dimension.other(8);
    assertEquals(channels, channels.lost());
    assertEquals(rows(8), rows(8).with(channels));
    assertEquals(rows(8), rows(8).with(rows(8).lost().resized(1)));
  }

  @Test
  void whereAPaddingCutsPlacesAreLost() {
    assertTrue(rows(8).padded(-2, 0, 6).isLost());
    assertTrue(rows(8).padded(-1, 3, 10).isLost());
    assertTrue(rows(-1).padded(0, 64, -1).isLost());
  }

  @Test
  void whatWasAddedIsTakenAwayAgain() {
    assertEquals(rows(8), rows(8).padded(4, 4, 16).part(4, 1, 8));
    assertEquals(rows(8), rows(8).padded(1, 0, 9).padded(2, 3, 14).part(3, 1, 8));
    assertTrue(rows(8).padded(4, 4, 16).part(0, 1, 8).isLost());
    assertTrue(rows(8).padded(0, 4, 12).rolled(2).part(0, 1, 8).isLost());
  }

  @Test
  void behindAWideBorderPlacesAreLost() {
    assertTrue(rows(8).padded(0, 1, 9).resized(5).isAll(Dimension.Kind.ROW));
    assertTrue(rows(8).padded(0, 2, 10).resized(5).isLost());
    assertTrue(rows(16).padded(0, 8, 24).resized(12).isLost());
  }

  /** On maps of 7 × 7, what keeps their size is added at both ends, and used up by the windows. */
  @Test
  void aWindowUsesUpABorder() {
    assertTrue(rows(7).padded(2, 2, 11).windowed(2, 2, 4).isAll(Dimension.Kind.ROW));
    assertTrue(rows(7).padded(0, 4, 11).windowed(2, 2, 4).isLost());
    assertTrue(rows(7).padded(2, 2, 11).windowed(0, 1, 11).isLost());
  }

  /** Half a place is an even kernel's; a place is a causal convolution's, and adds up. */
  @Test
  void whatMovesByAPlaceAtEachLayerIsLost() {
    assertTrue(rows(56).padded(0, 1, 57).windowed(0.5, 1, 56).isAll(Dimension.Kind.ROW));
    assertTrue(rows(56).padded(0, 1, 57).windowed(1, 2, 28).isAll(Dimension.Kind.ROW));
    assertTrue(rows(56).padded(2, 0, 58).windowed(1, 1, 56).isLost());
    assertTrue(rows(56).padded(0, 2, 58).windowed(1, 1, 56).isLost());
    assertTrue(rows(56).padded(6, 6, 68).windowed(1, 1, 66).isLost());
  }
}
