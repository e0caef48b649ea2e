package camlab.notebook;

import camlab.figure.Interactive;
import camlab.heatmap.ChannelMaps;
import camlab.heatmap.Heatmap;
import camlab.picture.Mask;
import camlab.picture.Picture;
import java.awt.image.BufferedImage;
import java.util.Map;
import java.util.function.Function;
import javax.imageio.ImageIO;
import org.dflib.jjava.jupyter.Extension;
import org.dflib.jjava.jupyter.kernel.BaseKernel;
import org.dflib.jjava.jupyter.kernel.display.Renderer;
import org.dflib.jjava.jupyter.kernel.display.mime.MIMEType;
import org.knowm.xchart.internal.chartpart.Chart;
import tech.tablesaw.api.Table;

/**
 * Lets JJava show a cell's last value as {@link Notebook}'s {@code show} does: pictures, masks,
 * heatmaps, a layer's maps, charts and Java's own images as PNG or JPEG (see {@link
 * camlab.figure.PictureFile}), tables and figures to play with as HTML. The kernel finds this class
 * when the jar is on its class path. It is the only one that refers to a kernel; nothing else
 * refers to it, so that the jar needs no kernel elsewhere.
 */
public final class JJavaExtension implements Extension {

  private static final String[] PICTURE = {MimeBundle.PNG, MimeBundle.JPEG, MimeBundle.TEXT};
  private static final String[] HTML = {MimeBundle.HTML, MimeBundle.TEXT};

  /** Called by the kernel when it starts. */
  @Override
  public void install(BaseKernel kernel) {
    ImageIO.setUseCache(false); // in files on disk, of what fits the memory
    register(kernel.getRenderer());
  }

  static void register(Renderer renderer) {
    register(renderer, BufferedImage.class, PICTURE, image -> MimeBundle.of(Picture.of(image)));
    register(renderer, Picture.class, PICTURE, MimeBundle::of);
    register(renderer, Mask.class, PICTURE, MimeBundle::of);
    register(renderer, Heatmap.class, PICTURE, MimeBundle::of);
    register(renderer, ChannelMaps.class, PICTURE, MimeBundle::of);
    register(renderer, Chart.class, PICTURE, chart -> MimeBundle.of((Chart<?, ?>) chart));
    register(renderer, Table.class, HTML, MimeBundle::of);
    register(renderer, Interactive.class, HTML, MimeBundle::of);
    // All other values: as the kernel shows them, but for errors in their toString.
    String[] text = {MimeBundle.TEXT};
    register(renderer, Object.class, text, value -> Map.of(MimeBundle.TEXT, String.valueOf(value)));
  }

  /** A kind of value of which nothing that goes wrong while it is shown can end the kernel. */
  static <T> void register(
      Renderer renderer, Class<T> type, String[] kinds, Function<T, Map<String, String>> bundle) {
    renderer
        .createRegistration(type)
        .preferring(kinds)
        .register(
            (value, context) ->
                NotShown.guarded(() -> bundle.apply(value))
                    .forEach(
                        (mime, data) ->
                            context.renderIfRequested(MIMEType.parse(mime), () -> data)));
  }
}
