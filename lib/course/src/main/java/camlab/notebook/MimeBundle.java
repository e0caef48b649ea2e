package camlab.notebook;

import camlab.figure.ChannelGrid;
import camlab.figure.Charts;
import camlab.figure.ColorMap;
import camlab.figure.Interactive;
import camlab.figure.Panels;
import camlab.figure.Panels.Tile;
import camlab.figure.PictureFile;
import camlab.figure.Range;
import camlab.figure.Tables;
import camlab.heatmap.ChannelMaps;
import camlab.heatmap.Heatmap;
import camlab.picture.Mask;
import camlab.picture.Picture;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.knowm.xchart.internal.chartpart.Chart;
import tech.tablesaw.api.Table;

/**
 * A value as a front end may show it: the data by MIME type, pictures (PNG or JPEG, see {@link
 * PictureFile}) in Base64. The front end picks the richest type it knows; there is always text.
 */
final class MimeBundle {

  static final String PNG = "image/png";
  static final String JPEG = "image/jpeg";
  static final String HTML = "text/html";
  static final String TEXT = "text/plain";

  private static final int ROWS_SHOWN = 40;
  private static final int LARGEST_CHART = 32;
  private static final int LARGE_MAP_WIDTH = 448;

  private MimeBundle() {}

  static Map<String, String> of(Picture picture) {
    PictureFile file = PictureFile.of(picture);
    if (!picture.description().isEmpty()) {
      return file(file, picture.description());
    }
    String text =
        String.format(Locale.ROOT, "picture of %d×%d pixels", picture.width(), picture.height());
    boolean scaled = file.width() < picture.width();
    return file(
        file,
        scaled
            ? String.format(Locale.ROOT, "%s, shown at %d×%d", text, file.width(), file.height())
            : text);
  }

  static Map<String, String> of(Mask mask) {
    return file(mask.toPicture(), mask.toString());
  }

  static Map<String, String> of(Chart<?, ?> chart) {
    return of(Charts.picture(chart));
  }

  static Map<String, String> of(ChannelMaps maps) {
    return file(ChannelGrid.of(maps).title(maps.layer()).draw(), maps.toString());
  }

  static Map<String, String> of(Heatmap map) {
    boolean small = map.width() <= LARGEST_CHART && map.height() <= LARGEST_CHART;
    return file(small ? cells(map) : whole(map), map.toString());
  }

  static Map<String, String> of(Interactive figure) {
    Map<String, String> data = new LinkedHashMap<>();
    data.put(HTML, figure.html());
    data.putAll(file(figure.still(), "interactive figure: " + figure.title()));
    return data;
  }

  static Map<String, String> of(Table table) {
    return of(table, ROWS_SHOWN);
  }

  static Map<String, String> of(Table table, int rows) {
    Map<String, String> data = new LinkedHashMap<>();
    data.put(HTML, Tables.html(table, rows));
    data.put(TEXT, Tables.text(table, rows));
    return data;
  }

  /** The only way of a picture to a cell. */
  private static Map<String, String> file(Picture picture, String text) {
    return file(PictureFile.of(picture), text);
  }

  private static Map<String, String> file(PictureFile file, String text) {
    Map<String, String> data = new LinkedHashMap<>();
    data.put(file.type(), file.base64());
    data.put(TEXT, text);
    return data;
  }

  /** A small map with its numbers. */
  private static Picture cells(Heatmap map) {
    return Charts.picture(Charts.heatmap(map.provenance().toString(), map));
  }

  /** A map that is too large to be read cell by cell, in the colours of the small ones. */
  private static Picture whole(Heatmap map) {
    ColorMap colors = map.min() < 0 ? ColorMap.DIVERGING : ColorMap.PLASMA;
    return Panels.ofWidth(LARGE_MAP_WIDTH)
        .title(map.provenance().toString())
        .row(Tile.of(colors.paint(map, 1)))
        .colorBar(colors, Range.of(map, colors))
        .draw();
  }
}
