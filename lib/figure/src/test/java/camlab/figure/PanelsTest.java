package camlab.figure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import camlab.figure.Panels.Tile;
import camlab.heatmap.ChannelMaps;
import camlab.heatmap.Heatmap;
import camlab.heatmap.Provenance;
import camlab.picture.Picture;
import java.awt.Font;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PanelsTest {

  private static final Picture RED = Maps.plain(10, 10, 0xFF0000);
  private static final Picture BLUE = Maps.plain(20, 10, 0x0000FF);

  @Test
  void aTileKeepsNoMoreThanCanBeSeen() {
    assertEquals(
        Tile.of(Maps.plain(1600, 400, 0x123456)), Tile.of(Maps.plain(3200, 800, 0x123456)));
    assertEquals(Maps.plain(1600, 9, 0), Tile.of(Maps.plain(1600, 9, 0)).picture().orElseThrow());
  }

  @Test
  void aMapIsLaidOverItsPictureWithClassAndScore() {
    Heatmap raw = Maps.of(Maps.row(0, 1), Maps.row(2, 4));
    Heatmap map = raw.withProvenance(new Provenance("Grad-CAM", "layer", "cat", -9.666));
    assertEquals(Tile.of(Overlay.of(RED, map), "cat −9.67"), Tile.of(RED, map));
    Range range = new Range(0, 40);
    assertEquals(
        Tile.of(Overlay.DEFAULT.draw(RED, map, range), "cat −9.67"), Tile.of(RED, map, range));
    assertEquals("test", Tile.of(RED, raw).title());
    assertEquals(Tile.of(Overlay.of(RED, map), "ours"), Tile.of(RED, map).titled("ours"));
    assertEquals(
        Panels.ofWidth(100).columns("a", "b").row("r", Tile.of(RED), Tile.of(RED, map)).draw(),
        Panels.ofWidth(100).columns(List.of("a", "b")).row("r", RED, List.of(map)).draw());
  }

  /** Over paper the overlay's colours are as strong as over a picture: nothing at the low end. */
  @Test
  void theBarOfAnOverlayIsAsStrongAsTheOverlay() {
    Panels panels = Panels.ofWidth(300).row(Tile.of(Maps.plain(300, 10, 0)));
    Picture drawn = panels.colorBar(Overlay.DEFAULT, "", "").draw();
    int row = drawn.height() - 16 - Canvas.lineHeight(Canvas.plain(12)) / 2;
    int left = 16 + 8; // margin, and the gap behind an empty text
    // 140 pixels: the centre of pixel i stands for the value (i + 0.5) / 140.
    for (int i : new int[] {0, 35, 70, 139}) {
      double v = (i + 0.5) / 140;
      double share = 0.75 * (1 - (1 - v) * (1 - v));
      int pure = ColorMap.PLASMA.rgb(v);
      int found = drawn.rgb(row, left + i);
      for (int bits : new int[] {0, 8, 16}) {
        double expected = 255 + share * ((pure >> bits & 0xFF) - 255);
        assertEquals(expected, found >> bits & 0xFF, 1, "pixel " + i);
      }
    }
    Picture pure = panels.colorBar(ColorMap.PLASMA, "", "").draw();
    assertEquals(ColorMap.PLASMA.rgb(0.5 / 140), pure.rgb(row, left));
  }

  /** In the order in which they are drawn; of many the beginning. */
  @Test
  void aFigureIsDescribedByTheWordsInIt() {
    Panels panels =
        Panels.ofWidth(100)
            .title("Two maps")
            .columns("a", "b")
            .row("r", Tile.of(RED, "cat 7.31"), Tile.of(RED));
    assertEquals("Two maps; a; b; r; cat 7.31", panels.draw().description());
    for (int i = 0; i < 100; i++) {
      panels.row("row " + i, Tile.of(RED, "dog"));
    }
    String many = panels.draw().description();
    assertTrue(many.startsWith("Two maps; a; b; r; cat 7.31; row 0; dog"), many);
    assertTrue(many.length() <= 402 && many.endsWith(" …"), many);
  }

  @Test
  void picturesStandSideBySide() {
    Picture drawn = Panels.ofWidth(100).row(Tile.of(RED), Tile.of(BLUE)).draw();
    assertEquals(16 + 100 + 12 + 100 + 16, drawn.width());
    assertEquals(16 + 100 + 16, drawn.height());
    assertEquals(0xFF0000, drawn.rgb(16, 16));
    assertEquals(0xFF0000, drawn.rgb(115, 115));
    assertEquals(0xFFFFFF, drawn.rgb(50, 120));
    // Half as high as wide, and in the middle of the row.
    assertEquals(0xFFFFFF, drawn.rgb(40, 128));
    assertEquals(0x0000FF, drawn.rgb(41, 128));
    assertEquals(0x0000FF, drawn.rgb(90, 227));
    assertEquals(0xFFFFFF, drawn.rgb(91, 227));
  }

  @Test
  void aGalleryWithoutAWidthFitsItsColumns() {
    Tile tile = Tile.of(RED);
    assertEquals(Panels.ofWidth(200).row(tile).draw(), Panels.create().row(tile).draw());
    assertEquals(940, Panels.create().row("", Collections.nCopies(10, tile)).draw().width(), 10);
    assertEquals(
        Panels.ofWidth(100).row(tile, tile).row(tile).draw(),
        Panels.ofWidth(100).rows(2, List.of(tile, tile, tile)).draw());
  }

  @Test
  void numbersStandInSquaresOfTheirColours() {
    Heatmap map = Maps.of(Maps.row(0, 1), Maps.row(2, 4));
    Picture drawn = Tile.numbers(map, ColorMap.PLASMA, new Range(0, 4)).picture().orElseThrow();
    assertEquals(68, drawn.width());
    assertEquals(ColorMap.PLASMA.rgb(0.5), drawn.rgb(35, 1));
    Picture cells = ColorMap.PLASMA.paint(map, new Range(0, 4), 34);
    assertNotEquals(cells, drawn);
  }

  @Test
  void aGridIsATileWithoutItsWords() {
    ChannelGrid grid = ChannelGrid.of(ChannelMaps.of("l", 4, 2, 2, new float[16])).zoom(5).gap(2);
    Tile tile = Tile.of(grid.title("not shown"), "four");
    assertEquals(22, tile.picture().orElseThrow().width());
    assertEquals(22, tile.picture().orElseThrow().height());
    assertEquals("four", tile.title());
  }

  @Test
  void wordsMakeRoomAndKeepTheWidth() {
    Picture bare = Panels.ofWidth(100).row(Tile.of(RED), Tile.of(RED)).draw();
    String endless = "words without end ".repeat(20);
    Picture worded =
        Panels.ofWidth(100)
            .title(endless)
            .columns(endless, "short")
            .row(Tile.of(RED, endless), Tile.of(RED, "short"))
            .colorBar(ColorMap.PLASMA, new Range(-1, 0.0123))
            .caption(endless)
            .draw();
    assertEquals(bare.width(), worded.width());
    assertTrue(worded.height() > bare.height() + 100);
    assertMarginsAreWhite(worded);
  }

  @Test
  void labelsStandLeft() {
    Panels gallery =
        Panels.ofWidth(100).row("a-very-long-file-name-of-a-picture", Tile.of(RED), Tile.empty());
    Picture drawn = gallery.draw();
    assertTrue(drawn.width() > 16 + 100 + 12 + 100 + 16 + 50);
    assertMarginsAreWhite(drawn);
    assertEquals(2 * drawn.width(), gallery.resolution(2).draw().width());
  }

  @Test
  void textBreaksWhereItMay() {
    Font font = Canvas.plain(12);
    int width = Canvas.textWidth("black-bear-", font);
    assertEquals(List.of("black-bear-", "night"), Canvas.wrap("black-bear-night", font, width));
    assertEquals(
        List.of("one two", "three"),
        Canvas.wrap("one two three", font, Canvas.textWidth("one two", font)));
    assertEquals(List.of("short"), Canvas.wrap(" short ", font, 500));
    assertEquals(List.of(), Canvas.wrap("", font, 500));
    String cut = Canvas.fit("unbreakable".repeat(9), font, 60);
    assertTrue(cut.endsWith("…"));
    assertTrue(Canvas.textWidth(cut, font) <= 60);
  }

  @Test
  void refusesWhatCannotBeDrawn() {
    assertThrows(IllegalArgumentException.class, () -> Panels.ofWidth(3));
    assertThrows(IllegalStateException.class, () -> Panels.ofWidth(100).draw());
    assertThrows(IllegalArgumentException.class, () -> Panels.ofWidth(100).row("none", List.of()));
    assertThrows(IllegalArgumentException.class, () -> Panels.ofWidth(100).resolution(0));
  }

  private static void assertMarginsAreWhite(Picture drawn) {
    for (int row = 0; row < drawn.height(); row++) {
      for (int column = 0; column < 10; column++) {
        assertEquals(0xFFFFFF, drawn.rgb(row, column));
        assertEquals(0xFFFFFF, drawn.rgb(row, drawn.width() - 1 - column));
      }
    }
    for (int column = 0; column < drawn.width(); column++) {
      assertEquals(0xFFFFFF, drawn.rgb(5, column));
      assertEquals(0xFFFFFF, drawn.rgb(drawn.height() - 5, column));
    }
  }
}
