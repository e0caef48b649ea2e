package camlab.figure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import camlab.heatmap.ChannelMaps;
import camlab.picture.Picture;
import java.awt.Rectangle;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

final class ChannelGridTest {

  /** Three channels of 1×2: 0 and 2, 0 and 4, constant 1. */
  private static final ChannelMaps THREE =
      ChannelMaps.of("layer", 3, 1, 2, new float[] {0, 2, 0, 4, 1, 1});

  @Test
  void channelsRunRowByRow() {
    ChannelMaps maps = ChannelMaps.of("features.11", 256, 13, 13, new float[256 * 169]);
    ChannelGrid grid = ChannelGrid.of(maps);
    assertEquals(new Rectangle(16, 16, 39, 39), grid.tile(0));
    assertEquals(new Rectangle(16 + 15 * 42, 16, 39, 39), grid.tile(15));
    assertEquals(new Rectangle(16, 16 + 42, 39, 39), grid.tile(16));
    assertEquals(new Rectangle(16 + 15 * 42, 16 + 15 * 42, 39, 39), grid.tile(255));
    Picture drawn = grid.draw();
    assertEquals(16 * 42 - 3 + 2 * 16, drawn.width());
    assertEquals(ColorMap.PLASMA.rgb(0), drawn.rgb(16, 16));
    assertEquals(0xFFFFFF, drawn.rgb(16, 16 + 40));
  }

  @Test
  void aSharedScaleComparesChannels() {
    ChannelGrid grid = ChannelGrid.of(THREE).colors(ColorMap.GRAY).zoom(4);
    Picture drawn = grid.draw();
    assertEquals(0x000000, at(drawn, grid.tile(0), 0));
    assertEquals(0x808080, at(drawn, grid.tile(0), 1));
    assertEquals(0xFFFFFF, at(drawn, grid.tile(1), 1));
    assertEquals(0x404040, at(drawn, grid.tile(2), 0));
  }

  @Test
  void anOwnScaleShowsEveryPattern() {
    ChannelGrid grid =
        ChannelGrid.of(THREE).colors(ColorMap.GRAY).scale(ChannelGrid.Scale.PER_CHANNEL).zoom(4);
    Picture drawn = grid.draw();
    assertEquals(0xFFFFFF, at(drawn, grid.tile(0), 1));
    assertEquals(0xFFFFFF, at(drawn, grid.tile(1), 1));
    assertEquals(0x000000, at(drawn, grid.tile(2), 0)); // constant: zeros
  }

  @Test
  void aRangeFromOutside() {
    ChannelGrid grid = ChannelGrid.of(THREE).colors(ColorMap.GRAY).range(new Range(0, 8)).zoom(4);
    assertEquals(0x808080, at(grid.draw(), grid.tile(1), 1));
  }

  @Test
  void framesTheHighlighted() {
    ChannelGrid grid = ChannelGrid.of(THREE).zoom(4).highlight(1);
    Picture drawn = grid.draw();
    Rectangle tile = grid.tile(1);
    int accent = Canvas.ACCENT.getRGB() & 0xFFFFFF;
    assertEquals(accent, drawn.rgb(tile.y - 1, tile.x - 1));
    assertEquals(accent, drawn.rgb(tile.y + tile.height, tile.x + tile.width));
    assertEquals(0xFFFFFF, drawn.rgb(grid.tile(0).y - 1, grid.tile(0).x));
    assertThrows(IllegalArgumentException.class, () -> ChannelGrid.of(THREE).highlight(3));
  }

  @Test
  void overAPicture() {
    Picture picture = Maps.plain(50, 25, 0x406080);
    ChannelGrid grid = ChannelGrid.of(THREE).over(picture, 64);
    Picture drawn = grid.draw();
    Rectangle tile = grid.tile(1);
    assertEquals(64, tile.width);
    assertEquals(32, tile.height);
    assertEquals(0x406080, drawn.rgb(tile.y, tile.x)); // the map is 0 there
    assertEquals(
        Rgb.mix(0x406080, Overlay.DEFAULT.colors().rgb(1), Overlay.DEFAULT.opacity()),
        drawn.rgb(tile.y, tile.x + 63));
  }

  /** Where a tile shows the bare picture, the bar shows the bare paper; without one it is pure. */
  @Test
  void theBarIsAsStrongAsTheTiles() {
    ChannelGrid grid = ChannelGrid.of(THREE);
    assertEquals(ColorMap.PLASMA.rgb(0.5 / 140), firstOfTheBar(grid.zoom(100)));
    assertEquals(
        Overlay.DEFAULT.blended(0xFFFFFF, 0.5 / 140),
        firstOfTheBar(grid.over(Maps.plain(50, 25, 0x406080), 200)));
    assertEquals(
        new Overlay(ColorMap.DIVERGING, 0.9).blended(0xFFFFFF, 0.5 / 140),
        firstOfTheBar(grid.colors(ColorMap.DIVERGING).opacity(0.9).range(new Range(0, 4))));
  }

  private static int firstOfTheBar(ChannelGrid grid) {
    Rectangle last = grid.tile(2);
    int line = Canvas.lineHeight(Canvas.plain(12));
    int left = 16 + Canvas.textWidth("0", Canvas.plain(12)) + 8;
    return grid.draw().rgb(last.y + last.height + 10 + line / 2, left);
  }

  @Test
  void resolutionTitleAndColumns() {
    ChannelGrid grid = ChannelGrid.of(THREE).zoom(100).columns(1).title("Three").caption("below");
    Picture once = grid.draw();
    Rectangle tile = grid.tile(2);
    grid.resolution(2);
    Picture twice = grid.draw();
    assertEquals(2 * once.width(), twice.width());
    assertEquals(2 * once.height(), twice.height());
    assertEquals(2 * tile.y, grid.tile(2).y);
    assertEquals(once.rgb(tile.y + 5, tile.x + 5), twice.rgb(2 * tile.y + 10, 2 * tile.x + 10));
  }

  @Test
  void refusesWhatCannotBeDrawn() {
    ChannelGrid grid = ChannelGrid.of(THREE);
    assertThrows(IllegalArgumentException.class, () -> grid.zoom(0));
    assertThrows(IllegalArgumentException.class, () -> grid.columns(0));
    assertThrows(IllegalArgumentException.class, () -> grid.gap(-1));
    assertThrows(IllegalArgumentException.class, () -> grid.resolution(0));
    assertThrows(IllegalArgumentException.class, () -> grid.over(Maps.plain(1, 1, 0), 0));
    assertThrows(IllegalArgumentException.class, () -> grid.opacity(2));
    assertThrows(IndexOutOfBoundsException.class, () -> grid.tile(3));
  }

  /** The colour in the middle of a value's square, in a tile of two columns. */
  /** 0, 4 over the middle of a picture of 40×20, at half its size: columns 5 to 14 of 20. */
  @Test
  void overTheOriginalTilesLieWhereTheyBelong() {
    Picture original = Maps.plain(40, 20, 0x643C14);
    ChannelMaps maps =
        ChannelMaps.of(
            "layer", 1, 1, 2, new float[] {0, 4}, Maps.ofTheMiddle(Maps.row(0, 4)).region());
    ChannelGrid grid = ChannelGrid.of(maps).over(original, 20).colors(ColorMap.GRAY).opacity(1);
    Rectangle tile = grid.tile(0);
    assertEquals(new Rectangle(16, 16, 20, 10), tile);
    Picture drawn = grid.draw();
    int grey = (int) Math.round(67 + 0.6 * (255 - 67)) * 0x010101;
    assertEquals(grey, drawn.rgb(tile.y, tile.x + 3));
    assertEquals(0x643C14, drawn.rgb(tile.y, tile.x + 5));
    assertEquals(0xFFFFFF, drawn.rgb(tile.y + 9, tile.x + 14));
    assertEquals(grey, drawn.rgb(tile.y, tile.x + 16));
  }

  private static int at(Picture drawn, Rectangle tile, int column) {
    return drawn.rgb(tile.y + tile.height / 2, tile.x + tile.width / 4 * (1 + 2 * column));
  }

  /** A grid without a scale had one for each channel, one of no range the maps' own. */
  @Test
  void noPartIsNull() {
    ChannelGrid grid = ChannelGrid.of(ChannelMaps.of("layer", 1, 2, 2, new float[4]));
    for (Executable each :
        List.<Executable>of(
            () -> ChannelGrid.of(null),
            () -> grid.scale(null),
            () -> grid.range(null),
            () -> grid.colors(null),
            () -> grid.title(null),
            () -> grid.caption(null),
            () -> grid.over(null, 8),
            () -> new Overlay(null, 0.5),
            () -> Overlay.of(null, Maps.constant(2, 2, 1)),
            () -> Overlay.of(Maps.plain(2, 2, 0), null),
            () -> Overlay.DEFAULT.draw(Maps.plain(2, 2, 0), Maps.constant(2, 2, 1), null),
            () -> ColorMap.GRAY.paint(null, 1),
            () -> Outline.of(Maps.plain(2, 2, 0), null),
            () -> PictureFile.of(null),
            () -> OpacitySlider.of(null, Maps.plain(2, 2, 0), Maps.constant(2, 2, 1)),
            () -> new FrameSlider("", "", List.of(), null),
            () -> new ColorBar((ColorMap) null, "", ""),
            () -> new ColorBar(ColorMap.GRAY, null, ""),
            () -> Panels.create().title(null),
            () -> Panels.create().caption(null),
            () -> Panels.create().row((String) null, Panels.Tile.empty()),
            () -> Diagram.titled(null),
            () -> Diagram.titled("").box(0, 0, null, ""),
            () -> Diagram.titled("").box(0, 0, "a", null),
            () -> Diagram.titled("").box(0, 0, "a", "").forward("a", "a", null),
            () -> ForestPlot.of(null, List.of("a")),
            () -> ForestPlot.of("", List.of("a")).caption(null),
            () -> ForestPlot.of("", List.of("a")).column(null, List.of()))) {
      String told = assertThrows(NullPointerException.class, each).getMessage();
      assertFalse(told.contains("Cannot invoke"), told);
    }
  }

  /** Lengths that do not fit a picture were cut to small ones, or to less than nothing. */
  @Test
  void whatIsTooLargeIsRefused() {
    ChannelMaps maps = ChannelMaps.of("layer", 1, 2, 2, new float[4]);
    for (Executable each :
        List.<Executable>of(
            () -> ChannelGrid.of(maps).zoom(Integer.MAX_VALUE).draw(),
            () -> ChannelGrid.of(maps).columns(Integer.MAX_VALUE).draw(),
            () -> ChannelGrid.of(maps).gap(Integer.MAX_VALUE).draw(),
            () -> ChannelGrid.of(maps).resolution(10_000).draw(),
            () -> Panels.ofWidth(Integer.MAX_VALUE).row(Panels.Tile.empty()).draw(),
            () -> Panels.create().resolution(1_000).row(Panels.Tile.empty()).draw(),
            () -> Diagram.titled("").box(-1, 0, "a", ""),
            () -> Diagram.titled("").box(1_000_000, 1_000_000, "a", "").draw(),
            () -> new Canvas(0, 1, 1).close(),
            () -> new Canvas(70_000, 70_000, 1).close())) {
      IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, each);
      assertTrue(
          refused.getStackTrace()[0].getClassName().startsWith("camlab."), refused.toString());
    }
  }
}
