package camlab.notebook;

import camlab.figure.Interactive;
import camlab.heatmap.ChannelMaps;
import camlab.heatmap.Heatmap;
import camlab.picture.Mask;
import camlab.picture.Picture;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.knowm.xchart.internal.chartpart.Chart;
import tech.tablesaw.api.Table;

/**
 * A kind of value that a cell may end in, and what a kernel shows of it: what {@link Notebook}'s
 * {@code show} does. Pictures, masks, heatmaps, a layer's maps, charts and Java's own images are
 * PNG or JPEG (see {@link camlab.figure.PictureFile}), tables and figures to play with HTML.
 *
 * @param <T> the kind
 * @param type its class
 * @param kinds the MIME types, the richest first
 * @param bundle its data by their MIME types
 */
record CellValue<T>(Class<T> type, List<String> kinds, Function<T, Map<String, String>> bundle) {

  private static final List<String> PICTURE =
      List.of(MimeBundle.PNG, MimeBundle.JPEG, MimeBundle.TEXT);
  private static final List<String> HTML = List.of(MimeBundle.HTML, MimeBundle.TEXT);

  /** All that there are; the last is any value, in the kernel's own way. */
  static final List<CellValue<?>> ALL =
      List.of(
          new CellValue<>(BufferedImage.class, PICTURE, image -> MimeBundle.of(Picture.of(image))),
          new CellValue<>(Picture.class, PICTURE, MimeBundle::of),
          new CellValue<>(Mask.class, PICTURE, MimeBundle::of),
          new CellValue<>(Heatmap.class, PICTURE, MimeBundle::of),
          new CellValue<>(ChannelMaps.class, PICTURE, MimeBundle::of),
          new CellValue<>(Chart.class, PICTURE, chart -> MimeBundle.of((Chart<?, ?>) chart)),
          new CellValue<>(Table.class, HTML, MimeBundle::of),
          new CellValue<>(Interactive.class, HTML, MimeBundle::of),
          new CellValue<>(
              Object.class,
              List.of(MimeBundle.TEXT),
              value -> Map.of(MimeBundle.TEXT, String.valueOf(value))));

  /**
   * Hands on what is shown of a value, by MIME type. Nothing that goes wrong meanwhile can end the
   * thread in which a kernel answers.
   *
   * @throws NotShown in place of an {@link Error}
   */
  void show(T value, BiConsumer<String, String> shown) {
    NotShown.guarded(() -> bundle.apply(value)).forEach(shown);
  }
}
